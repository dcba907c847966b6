// The address bar holds the run on screen: its choices, its epoch, and a number to check it by.

const PAUSE = 500; // ms between two changes while playing

export class Address {
  constructor() {
    this.changed = 0;
  }

  /** The example that the address asks for, or null. */
  static example() {
    const value = new URLSearchParams(location.search).get("example");
    return /^\d+$/.test(value ?? "") ? Number(value) : null;
  }

  /** Writes `query` (the run), epoch, loss at it and example; at most twice a second in `haste`. */
  write({ query, epoch, loss, example }, haste) {
    const now = performance.now();
    if (query === undefined || (haste && now - this.changed < PAUSE)) return;
    this.changed = now;
    const parts = query ? [query] : [];
    if (epoch > 0) parts.push(`epoch=${epoch}`);
    if (epoch > 0 && Number.isFinite(loss)) parts.push(`check=${Number(loss.toPrecision(8))}`);
    if (example !== null) parts.push(`example=${example}`);
    const search = parts.length ? `?${parts.join("&")}` : "";
    if (search === location.search) return;
    try {
      history.replaceState(history.state, "", location.pathname + search + location.hash);
    } catch {
      // A browser that allows no more changes for now, or a page without an address of its own.
    }
  }
}
