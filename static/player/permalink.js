// The address bar holds the run on screen: its choices, its epoch, and a number to check it by.

const PAUSE = 500; // ms between two changes while playing

/**
 * The run as a query, the epoch, the loss at it and the example that is looked at.
 * @typedef {{
 *   query: string | undefined, epoch: number, loss: number, example: number | null,
 * }} Shown
 */

/**
 * Return the query of an address for what is shown.
 * @param {Shown & { query: string }} shown
 */
export function searchOf({ query, epoch, loss, example }) {
  const parts = query ? [query] : [];
  if (epoch > 0) parts.push(`epoch=${epoch}`);
  if (epoch > 0 && Number.isFinite(loss)) parts.push(`check=${Number(loss.toPrecision(8))}`);
  if (example !== null) parts.push(`example=${example}`);
  return parts.length ? `?${parts.join("&")}` : "";
}

/**
 * Return the example in an address, or null.
 * @param {string} search the query of the address
 */
export function exampleOf(search) {
  const value = new URLSearchParams(search).get("example") ?? "";
  return /^\d+$/.test(value) ? Number(value) : null;
}

/**
 * Put a query into the address bar.
 * @param {string} search
 */
export function replaceSearch(search) {
  if (search === location.search) return;
  try {
    history.replaceState(history.state, "", location.pathname + search + location.hash);
  } catch {
    // A browser that allows no more changes for now, or a page without an address.
  }
}

export class Permalink {
  /** When the address last changed, in ms. */
  #changed = 0;

  /**
   * Write what is shown into the address bar; at most twice a second in `haste`.
   * @param {Shown} shown
   * @param {boolean} haste
   */
  write({ query, ...shown }, haste) {
    const now = performance.now();
    if (query === undefined || (haste && now - this.#changed < PAUSE)) return;
    this.#changed = now;
    replaceSearch(searchOf({ query, ...shown }));
  }
}
