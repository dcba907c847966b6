// What is on the screen: one epoch of the run, in all views.

import { publishEpoch } from "../shared/epoch.js";
import { differenceWords, restingWords } from "./status.js";

/**
 * @import {
 *   Losses, PlayerSetup, RunBufferLike, SceneArrays, SceneLike
 * } from "../shared/types.js"
 */
/** @import { Player } from "./player.js" */

const REST = 300; // ms without a change after which an epoch counts as looked at
const STEPS = 12; // epochs fetched for one step, so that the next steps need no server

/** The epoch that a player of this page showed last. @type {{ run: string | null, serial?: number, epoch: number }} */
const last = { run: null, epoch: 0 };

export class Display {
  epoch = 0;
  /** The last epoch that was shown. */
  reached = 0;
  /** The epoch that the user waits for. @type {number | null} */
  target = null;
  /** @type {RunBufferLike | null} */
  runBuffer = null;
  /** @type {SceneLike | null} */
  scene = null;
  /** @type {Losses | null} */
  losses = null;
  /** Whether a frame was drawn. */
  drawn = false;
  /** The number of frames that were drawn. */
  #count = 0;
  /** Whether a link's loss has not been compared yet. */
  #unchecked = false;
  #painting = 0;
  /** @type {number | undefined} */
  #resting = undefined;

  /** @param {Player} player */
  constructor(player) {
    this.player = player;
  }

  /** The scene, once it has a frame. */
  get loaded() {
    return this.scene?.frame ? this.scene : null;
  }

  /** What is said of the epoch on the screen. */
  get words() {
    const { hint, inbox, playback, still, welcome } = this.player;
    const { epoch, reached } = this;
    const { locked, state } = playback;
    const { message } = inbox.server;
    return restingWords({
      ...{ locked, state, message, epoch, reached, welcome, hint },
      still: still.matches,
    });
  }

  /**
   * Open a run.
   * @param {string} run
   * @param {PlayerSetup} setup
   * @param {SceneArrays} arrays
   * @param {number} trained the epochs trained so far
   */
  open(run, setup, arrays, trained) {
    // Streamlit may mount an element once more with an old message, while a page changes.
    const again = run === last.run && setup.serial === last.serial;
    const target = again ? last.epoch : (setup.goto ?? 0);
    last.run = run;
    last.epoch = target;
    last.serial = setup.serial ?? last.serial;
    this.reached = setup.reached ?? trained;
    this.target = target;
    this.epoch = Math.min(target, this.reached);
    this.#unchecked = true;
    this.runBuffer = this.player.newBuffer(setup);
    this.scene = this.player.newScene(setup, arrays);
    this.scene.hold(this.player.options.hold);
  }

  /**
   * Go on with the run after a change of its setup.
   * @param {PlayerSetup} setup
   * @param {SceneArrays} arrays
   */
  rearrange(setup, arrays) {
    this.scene?.arrange(setup, arrays);
    last.serial = setup.serial ?? last.serial;
  }

  /** @param {number} epoch */
  forgetAfter(epoch) {
    this.runBuffer?.forgetAfter(epoch);
    if (this.reached > epoch) this.player.stage.redrawLines();
    this.reached = Math.min(this.reached, epoch);
  }

  /**
   * Return whether the frame of an epoch is in the browser.
   * @param {number} epoch
   */
  has(epoch) {
    return Boolean(this.runBuffer?.frames.get(epoch));
  }

  /** @param {number} epoch */
  show(epoch) {
    const frame = this.runBuffer?.frames.get(epoch);
    if (!this.runBuffer || !this.scene || !frame) return;
    const { clock, findings, inbox, playback, transport } = this.player;
    const { run } = inbox;
    const moved = epoch !== this.epoch || !this.drawn;
    this.epoch = epoch;
    this.drawn = true;
    clock.frameShown();
    if (epoch === this.target) this.target = null;
    if (this.target === null && run === last.run) last.epoch = epoch;
    this.reached = Math.max(this.reached, epoch);
    this.scene.load(frame, playback.state === "playing");
    this.draw();
    if (moved) this.#count += 1;
    if (this.#count === 1) this.player.uncover();
    Object.assign(this.player.root.dataset, { run, epoch, frames: this.#count });
    this.losses = this.runBuffer.losses(frame);
    transport.show(epoch, this.player.span, this.losses);
    findings.show(epoch);
    publishEpoch({ run, epoch, resting: false, ended: false });
    if (this.#unchecked && this.target === null) this.#check();
    if (playback.state === "playing") this.locate(true);
    else this.arrive();
  }

  draw() {
    const { scene, runBuffer, reached } = this;
    const { options, stage } = this.player;
    if (scene && runBuffer) stage.draw(scene, { ...options, reached }, runBuffer.history);
  }

  /** Draw once more with the next picture of the screen. */
  repaint() {
    if (!this.loaded || this.player.removed) return;
    this.#painting ||= requestAnimationFrame(() => {
      this.#painting = 0;
      if (!this.player.removed) this.draw();
    });
  }

  /** Leave the film at its epoch, in full resolution. */
  settle() {
    const { scene } = this;
    if (!scene?.frame) return;
    scene.load(scene.frame, false);
    this.repaint();
    this.arrive();
  }

  /** Show an epoch that stays: with its words, and in full once it has stayed a while. */
  arrive() {
    const { exhausted, playback, sender, span, transport } = this.player;
    if (exhausted && playback.state !== "diverged") return playback.fall();
    transport.showStatus(this.words, playback.state === "paused");
    transport.rest(this.epoch, span);
    clearTimeout(this.#resting);
    this.#resting = setTimeout(() => this.#rest(), REST);
    sender.sendEpoch();
  }

  /**
   * Write the epoch to the address.
   * @param {boolean} haste
   */
  locate(haste) {
    const { address, inbox, options } = this.player;
    const { epoch, losses } = this;
    const loss = losses?.exact ? Number(losses.train) : NaN;
    address.write({ run: inbox.run, query: inbox.query, epoch, loss, options }, haste);
  }

  /** The state as the root's attributes have it, for tests and styles. */
  publishState() {
    Object.assign(this.player.root.dataset, {
      state: this.player.playback.state,
      epoch: String(this.epoch),
      frames: String(this.#count),
    });
  }

  stop() {
    clearTimeout(this.#resting);
  }

  #rest() {
    const { inbox, playback, requests, stage } = this.player;
    if (playback.state === "playing" || !this.losses || this.target !== null) return;
    if (this.scene?.settle()) this.draw();
    stage.rest(this.player.summary(this.losses));
    this.locate(false);
    if (!requests.has("seek", "reset", "edit", "apply", "try")) requests.add("shown");
    this.#prepare();
    const ended = playback.state === "finished" || playback.state === "diverged";
    publishEpoch({ run: inbox.run, epoch: this.epoch, resting: true, ended });
  }

  /** Fetch the epochs after this one, so that Train and Step show the next one at once. */
  #prepare() {
    const { clock, inbox, limit, playback } = this.player;
    const next = this.epoch + clock.stride;
    if (playback.locked || inbox.server.state !== "ok" || next > limit || this.has(next)) return;
    this.fetch(clock.stride);
  }

  /**
   * Ask for the frames after the epoch on the screen.
   * @param {number} stride epochs per frame
   */
  fetch(stride) {
    this.player.requests.add("play", { from: this.epoch, stride, count: STEPS });
  }

  /** Compare with the loss that a link carries. */
  #check() {
    this.#unchecked = false;
    const promised = this.player.inbox.setup?.check;
    const found = Number(this.losses?.train);
    if (!promised || !Number.isFinite(found) || !this.losses?.exact) return;
    const words = differenceWords(this.epoch, found, promised);
    if (words) this.player.transport.warn(words);
  }
}
