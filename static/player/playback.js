// Playing the film: what the transport bar's buttons do, and how a run ends.

import { divergedWords } from "./status.js";

/** @import { PlayerState } from "../shared/types.js" */
/** @import { Player } from "./player.js" */

export class Playback {
  /** @type {PlayerState} */
  state = "paused";
  /** Why the run may not be played yet; empty: it may. */
  locked = "";

  /** @param {Player} player */
  constructor(player) {
    this.player = player;
  }

  /** @param {PlayerState} state */
  set(state) {
    const { clock, display, requests, transport } = this.player;
    this.state = state;
    display.publishState();
    transport.set(state, Boolean(this.locked) || requests.has("reset"));
    clock.wake();
  }

  train() {
    const { clock, display, still, transport } = this.player;
    if (!display.loaded || this.locked || this.state === "playing") return;
    if (this.player.exhausted) return this.fall();
    display.target = null;
    clock.begin();
    if (display.epoch >= this.player.limit) return this.end(); // patience ended it; a mere stop is passed
    transport.showStatus(still.matches ? display.words : "");
    transport.warn("");
    this.set("playing");
  }

  pause() {
    this.#stop("paused");
  }

  step() {
    const { display } = this.player;
    const next = this.player.after(display.target ?? display.epoch);
    if (!display.loaded || this.player.exhausted) return;
    this.#halt();
    display.target = next;
    if (display.has(next)) return display.show(next);
    display.fetch(1);
  }

  /** @param {number} epoch */
  scrub(epoch) {
    this.#halt();
    this.#goTo(this.player.nearest(epoch));
  }

  reset() {
    const { requests, transport } = this.player;
    this.#halt();
    requests.add("reset");
    transport.warn("");
    transport.set(this.state, true);
  }

  /** @param {number} stride epochs per frame */
  speed(stride) {
    const { clock, requests } = this.player;
    clock.stride = stride;
    requests.cancel("play");
  }

  /**
   * Lock the run, and say why; or let it be played.
   * @param {string} reason empty: it may be played
   */
  lock(reason) {
    const { display, transport } = this.player;
    if (reason === this.locked) return;
    this.locked = reason;
    if (reason) this.#halt();
    this.set(this.state);
    if (!reason && display.drawn) display.arrive();
    else transport.showStatus(display.words);
  }

  /** End the run. Where early stopping ended it, the epoch with the best weights comes back. */
  end() {
    this.#stop("finished");
    const { state, best } = this.player.inbox.server;
    if (state === "finished" && best !== null && this.player.display.epoch !== best) {
      this.#goTo(best);
    }
  }

  /** End a run whose loss overflowed: the last good epoch stays. */
  fall() {
    const { display, inbox, transport } = this.player;
    const { message, trained } = inbox.server;
    if (display.epoch !== trained && display.has(trained)) {
      this.state = "diverged";
      display.show(trained);
    }
    this.#stop("diverged");
    transport.showStatus("");
    transport.warn(message || divergedWords(display.epoch));
  }

  /**
   * Come to rest where it is.
   * @param {PlayerState} state
   */
  #stop(state) {
    const { display, requests } = this.player;
    requests.cancel("play", "seek");
    display.target = null;
    this.set(state);
    display.settle();
  }

  /** End playing, or the state after it, before the user goes somewhere else. */
  #halt() {
    this.player.requests.cancel("play", "seek");
    if (this.state !== "paused") this.set("paused");
  }

  /**
   * Show an epoch, as soon as it is here.
   * @param {number} epoch
   */
  #goTo(epoch) {
    const { display, requests } = this.player;
    display.target = epoch;
    if (display.has(epoch)) display.show(epoch);
    else requests.add("seek", { epoch });
  }
}
