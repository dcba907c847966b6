// The changes that the controls on the diagram ask for, one on its way at a time.

import { isLocked, spelled } from "../shared/architecture.js";

/** @import { Architecture, Change } from "../shared/types.js" */

export class Changes {
  /** What the server has. @type {Architecture | null} */
  known = null;
  /** The same with every change that was asked for. @type {Architecture | null} */
  wanted = null;
  /** Changes made since the last request was sent. @type {Change} */
  later = {};
  busy = false;

  /**
   * @param {(words: Record<string, string>) => void} send what is asked, spelled as in a link
   * @param {(wanted: Architecture) => void} show
   */
  constructor(send, show) {
    this.send = send;
    this.show = show;
  }

  /**
   * Take over what a new run has; ask for what was changed meanwhile.
   * @param {Architecture | undefined} known
   * @param {boolean} fresh whether it is another run
   */
  arrange(known, fresh) {
    if (!known || (this.busy && !fresh)) return;
    this.known = known;
    this.wanted = { ...known, ...this.later };
    this.busy = false;
    this.show(this.wanted);
    if (Object.keys(this.later).length) this.#send();
  }

  /** @param {Change} change */
  make(change) {
    if (!this.wanted || isLocked(this.wanted, change)) return;
    this.wanted = { ...this.wanted, ...change };
    this.later = { ...this.later, ...change };
    this.show(this.wanted);
    if (!this.busy) this.#send();
  }

  /** Go back to what the server has: it has refused the last change. */
  settle() {
    this.later = {};
    this.arrange(this.known ?? undefined, true);
  }

  #send() {
    const { later } = this;
    this.later = {};
    this.busy = true;
    this.send(spelled(later));
  }
}
