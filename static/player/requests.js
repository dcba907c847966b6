// The player's requests to the server: one at a time; of each kind only the latest is kept.

/**
 * A request with the fields of its kind; it gets its id when it is sent.
 * @typedef {{ kind: string, [field: string]: unknown }} Request
 * @typedef {Request & { id: number }} SentRequest
 */

const ORDER = ["open", "drop", "reset", "try", "change", "edit", "apply", "seek", "play", "shown"];
const PATIENCE = 8000; // ms without an answer after which a request is sent again
const QUIET = 1000; // ms after which the player no longer waits for the answer to "shown"
const LATENCY = 200; // ms, before the first answer

export class Requests {
  /** @param {(request: SentRequest) => void} send */
  constructor(send) {
    this.send = send;
    this.id = Date.now(); // larger than the ids of any earlier player of this page
    this.first = this.id;
    /** Not sent yet. @type {Request[]} */
    this.waiting = [];
    /** Sent and not answered. @type {SentRequest | null} */
    this.out = null;
    this.sent = 0; // when `out` was sent, in ms
    this.tries = 0;
    this.latency = LATENCY;
  }

  clear() {
    this.waiting = [];
    this.out = null;
    this.tries = 0;
  }

  /**
   * Return whether a request of one of these kinds is on its way or waits.
   * @param {string[]} kinds
   */
  has(...kinds) {
    return [this.out, ...this.waiting].some((one) => one && kinds.includes(one.kind));
  }

  /** Whether the next request would be sent at once. */
  get free() {
    return !this.waiting.length && (!this.out || this.out.kind === "shown");
  }

  /**
   * Add a request; it takes the place of a waiting one of its kind, except that each edit counts.
   * @param {string} kind
   * @param {Record<string, unknown>} fields
   */
  add(kind, fields = {}) {
    const others = this.waiting.filter((one) => one.kind !== kind || kind === "edit");
    this.waiting = [...others, { kind, ...fields }];
    this.pump();
  }

  /**
   * Drop the requests of these kinds that have not been sent yet.
   * @param {string[]} kinds
   */
  cancel(...kinds) {
    this.waiting = this.waiting.filter((one) => !kinds.includes(one.kind));
  }

  /**
   * Return the request that an answer belongs to; null for an answer to an older one.
   * @param {number} id
   */
  answered(id) {
    if (!this.out || this.out.id !== id) return null;
    const request = this.out;
    this.latency += 0.3 * (performance.now() - this.sent - this.latency);
    this.out = null;
    this.tries = 0;
    this.pump();
    return request;
  }

  /** Send the most urgent request if none is on its way; repeat one that was lost. */
  pump() {
    const age = performance.now() - this.sent;
    if (this.out && age > PATIENCE * 2 ** Math.min(this.tries, 3)) {
      this.tries += 1;
      this.#send({ ...this.out });
    }
    const quiet = this.out?.kind === "shown" && performance.now() - this.sent > QUIET;
    if (quiet) this.out = null;
    if (this.out && this.out.kind !== "shown") return;
    this.waiting.sort((a, b) => ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind));
    const next = this.waiting.shift();
    if (next) this.#send(next);
  }

  /** The expected time until the answer is there, in ms. */
  get expectedWait() {
    return this.out ? Math.max(0, this.sent + this.latency - performance.now()) : this.latency;
  }

  /** @param {Request} request */
  #send(request) {
    this.out = { ...request, id: ++this.id };
    this.sent = performance.now();
    this.send(this.out);
  }
}
