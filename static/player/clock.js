// The clock of the player: that of the screen decides when the film goes on by a frame.

import { tr } from "../shared/language.js";
import { buffered, nextRequest, Pace } from "./prefetch.js";

/** @import { Player } from "./player.js" */

const SLOW = 1000; // ms between steps for people who asked their system for little motion
const PATIENCE = 700; // ms of waiting before the bar says so
const LEAD = 8; // frames from the screen to the epoch from which a changed choice holds
const FOLLOW = 30; // frames after that epoch that come with the answer, until others are here
const REPEAT = 500; // ms between two looks at a request that has no answer, while nothing plays

export class Clock {
  /** Epochs per frame. */
  stride = 1;
  pace = new Pace();
  /** The last epoch that can be shown until the server has changed what comes after it. */
  bound = Infinity;
  /** The epoch where playing began. */
  start = 0;
  /** Times of the last tick and of the last frame, in ms. @type {number | undefined} */
  #before = undefined;
  #moved = 0;
  /** Whether the bar says that epochs are missing. */
  #late = false;
  /** The next tick: of the screen, or of a timer. */
  #frame = 0;
  /** @type {number | undefined} */
  #timer = undefined;

  /** @param {Player} player */
  constructor(player) {
    this.player = player;
  }

  /** What prefetching has to know. */
  get buffer() {
    const { stride } = this;
    const { limit, display } = this.player;
    const { epoch, runBuffer, scene } = display;
    if (!runBuffer || !scene) throw new Error("there is no run yet");
    const bytes = scene.frameBytes;
    return { frames: runBuffer.frames, epoch, stride, limit, bytes, pace: this.pace.most };
  }

  /** Start the film at the epoch on the screen. */
  begin() {
    this.start = this.player.display.epoch;
    this.pace = new Pace(this.pace.most);
    this.#before = undefined;
    this.#moved = this.player.still.matches ? 0 : performance.now();
  }

  /** Note that a frame was shown. */
  frameShown() {
    this.#moved = performance.now();
  }

  /** Let the film go on, now that the server has made a change. */
  release() {
    this.bound = Infinity;
  }

  /**
   * Return from which epoch a changed choice holds, and the frames to send with the answer. The
   * film goes on up to that epoch, shortly ahead of the screen.
   */
  ahead() {
    const { stride, player } = this;
    const { epoch } = player.display;
    if (player.playback.state !== "playing") return { at: epoch };
    const { limit } = player;
    this.bound = Math.min(buffered(this.buffer).from, epoch + LEAD * stride, limit);
    const count = Math.min(FOLLOW, Math.floor((limit - this.bound) / stride));
    return { at: this.bound, stride, count };
  }

  /** Tick while the film plays, or while a request has no answer. */
  wake() {
    const { player } = this;
    if (player.removed) return;
    if (player.playback.state === "playing") {
      this.#frame ||= requestAnimationFrame((now) => this.#tick(now));
    } else if (player.requests.out) {
      this.#timer ||= setTimeout(() => this.#tick(performance.now()), REPEAT);
    }
  }

  stop() {
    clearTimeout(this.#timer);
    cancelAnimationFrame(this.#frame);
  }

  /** @param {number} now */
  #tick(now) {
    const { playback, requests, transport } = this.player;
    clearTimeout(this.#timer);
    this.#frame = 0;
    this.#timer = undefined;
    if (playback.state === "playing") this.#advance(now);
    if (playback.state === "playing") this.#pull();
    requests.pump();
    if (requests.tries > 1)
      transport.showStatus(
        tr("The server does not answer. The epochs so far are kept. The app tries again."),
      );
    this.wake();
  }

  /**
   * Show the next frame if it is there and due.
   * @param {number} now
   */
  #advance(now) {
    const { player } = this;
    const { display, requests, still, transport } = player;
    const passed = Math.min(now - (this.#before ?? now), 50);
    this.#before = now;
    if (requests.has("edit", "try", "reset")) return;
    const room = Math.min(player.limit, this.bound) - display.epoch;
    if (room <= 0 && display.epoch < player.limit) return;
    const frames = display.runBuffer?.frames;
    const next = frames?.next(display.epoch, Math.min(this.#framesOn(passed), room));
    if (next && next.epoch <= player.limit) {
      if (this.#late) transport.showStatus(still.matches ? display.words : "");
      this.#late = false;
      if (this.#due(now, passed)) display.show(next.epoch);
      if (display.epoch === player.limit) player.playback.end();
    } else if (player.exhausted) player.playback.fall();
    else if (now - this.#moved > PATIENCE && !this.#late) {
      this.#late = true;
      display.locate(false); // should the server be gone, the page loads itself again at this epoch
      transport.showStatus(tr("Waiting for the next epochs …"));
    }
  }

  /**
   * Return how many epochs to go on by: the stride, or two where the browser missed a picture.
   * @param {number} passed ms since the last tick
   */
  #framesOn(passed) {
    if (this.player.still.matches) return this.stride;
    return this.stride * this.pace.stride(buffered(this.buffer).ahead, passed, this.stride === 1);
  }

  /**
   * @param {number} now
   * @param {number} passed ms since the last tick
   */
  #due(now, passed) {
    if (this.player.still.matches) return now - this.#moved >= SLOW;
    return this.pace.due(buffered(this.buffer).ahead, this.player.requests.expectedWait, passed);
  }

  /** Ask for the next frames when few are left, unless the run ends with them. */
  #pull() {
    const { inbox, requests } = this.player;
    if (!requests.free) return;
    const next = nextRequest(this.buffer);
    if (!next) return;
    const { state, trained } = inbox.server;
    if (state !== "diverged" || next.from < trained) requests.add("play", { ...next });
  }
}
