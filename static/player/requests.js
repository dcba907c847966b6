// What the player wants from the server: one ask on its way at a time, the latest of a kind wins.

const ORDER = ["open", "drop", "reset", "try", "edit", "apply", "seek", "play", "shown"];
const PATIENCE = 8000; // ms without an answer after which an ask is sent again
const QUIET = 1000; // ms after which nobody waits for the answer to "shown" any more

export class Asks {
  /** `send(ask)` carries an ask {id, kind, ...} away. */
  constructor(send) {
    this.send = send;
    this.id = Date.now(); // larger than the ids of any earlier player of this page
    this.first = this.id;
    this.clear();
  }

  clear() {
    this.waiting = []; // not sent yet
    this.out = null; // sent, not answered
    this.tries = 0;
    this.latency = this.latency ?? 200;
  }

  /** Whether an ask is on its way, or waits, of one of these kinds. */
  has(...kinds) {
    return [this.out, ...this.waiting].some((ask) => ask && kinds.includes(ask.kind));
  }

  /** Whether the next ask would go out at once. */
  get free() {
    return !this.waiting.length && (!this.out || this.out.kind === "shown");
  }

  ask(kind, fields = {}) {
    const same = (ask) => ask.kind === kind && kind !== "edit";
    this.waiting = [...this.waiting.filter((ask) => !same(ask)), { kind, ...fields }];
    this.pump();
  }

  /** Takes back what has not been sent yet. */
  withdraw(...kinds) {
    this.waiting = this.waiting.filter((ask) => !kinds.includes(ask.kind));
  }

  /** The ask that an answer belongs to; null for an answer to an older one. */
  answered(id) {
    if (!this.out || this.out.id !== id) return null;
    const ask = this.out;
    this.latency += 0.3 * (performance.now() - this.sent - this.latency);
    this.out = null;
    this.tries = 0;
    this.pump();
    return ask;
  }

  /** Sends the most urgent ask if none is on its way; repeats one that got lost. */
  pump() {
    const late =
      this.out && performance.now() - this.sent > PATIENCE * 2 ** Math.min(this.tries, 3);
    if (late) {
      this.tries += 1;
      this.#go({ ...this.out });
    }
    const quiet = this.out?.kind === "shown" && performance.now() - this.sent > QUIET;
    if (quiet) this.out = null;
    const urgent = this.waiting.length && (!this.out || this.out.kind === "shown");
    if (!urgent) return;
    this.waiting.sort((a, b) => ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind));
    this.#go(this.waiting.shift());
  }

  /** ms until the answer may be there, judged by the earlier ones. */
  get due() {
    return this.out ? Math.max(0, this.sent + this.latency - performance.now()) : this.latency;
  }

  #go(ask) {
    this.out = { ...ask, id: ++this.id };
    this.sent = performance.now();
    this.send(this.out);
  }
}
