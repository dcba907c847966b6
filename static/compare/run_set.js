// Several runs on one clock: their frames, histories and scenes behind the methods that one run's have.

import { RunBuffer } from "../run/run_buffer.js";
import {
  BUDGET,
  colourRanges,
  holdRanges,
  Scene,
  settleRanges,
  widenRanges,
} from "../run/scene.js";

/**
 * @import {
 *   ComparisonSetup, FrameArrays, FrameSet, Losses, RunState, SceneArrays
 * } from "../shared/types.js"
 */
/** @import { Frames as RunFrames } from "../run/frames.js" */

/**
 * One run's frames, whether it has ended, and how far it was trained.
 * @typedef {{ frames: RunFrames, ended: boolean, trained: number }} Lane
 */

const BYTES = 64 * 2 ** 20; // of frames kept, over all runs

/**
 * Return the arrays of one message, {"2.theta": ...}, run by run: [{theta: ...}, ...].
 * @template T
 * @param {Record<string, T>} arrays
 * @param {number} count
 */
export function split(arrays, count) {
  const parts = Array.from({ length: count }, () => /** @type {Record<string, T>} */ ({}));
  for (const [name, array] of Object.entries(arrays)) {
    const [run, own] = name.split(/\.(.*)/);
    const part = parts[Number(run)];
    if (part) part[own] = array;
  }
  return parts;
}

/**
 * The frames of all runs. A run that has ended stays at its last epoch, so its last frame stands for
 * every later one; a frame is there when each run has one.
 */
class Frames {
  /** @param {RunBuffer[]} buffers */
  constructor(buffers) {
    /** @type {Lane[]} */
    this.lanes = buffers.map(({ frames }) => ({ frames, ended: false, trained: 0 }));
  }

  /**
   * @param {Lane} lane
   * @param {number} epoch
   */
  #of({ frames, ended, trained }, epoch) {
    return frames.get(ended ? Math.min(epoch, trained) : epoch);
  }

  /**
   * @param {number} epoch
   * @returns {FrameSet | undefined}
   */
  get(epoch) {
    const parts = this.lanes.flatMap((lane) => this.#of(lane, epoch) ?? []);
    return parts.length === this.lanes.length ? { epoch, parts } : undefined;
  }

  // The run that decides which epoch comes next: one that goes on, else the one that went farthest.
  get #lead() {
    const far = (/** @type {Lane} */ lane) => (lane.ended ? lane.trained : Infinity);
    return this.lanes.reduce((first, lane) => (far(lane) > far(first) ? lane : first));
  }

  /**
   * @param {number} epoch
   * @param {number} stride
   */
  next(epoch, stride) {
    const found = this.#lead.frames.next(epoch, stride);
    return found && this.get(found.epoch);
  }

  /**
   * @param {number} epoch
   * @param {number} stride
   * @param {number} count
   */
  frontier(epoch, stride, count) {
    const reach = this.lanes.map(({ frames, ended, trained }) => {
      const far = frames.frontier(epoch, stride, count);
      return ended && far >= trained ? Infinity : far;
    });
    const least = Math.min(...reach);
    return Number.isFinite(least) ? least : Math.max(epoch, this.#lead.trained);
  }
}

/** The histories of all runs; a series is named by its run: "2.train". */
class Histories {
  /** @param {RunBuffer[]} buffers */
  constructor(buffers) {
    this.buffers = buffers;
  }

  get series() {
    const named = this.buffers.flatMap(({ history }, k) =>
      Object.entries(history.series).map(([name, series]) => [`${k}.${name}`, series]),
    );
    return Object.fromEntries(named);
  }

  /**
   * Return each run's losses at a frame of all.
   * @param {FrameSet} frame
   * @returns {Losses[]}
   */
  losses({ parts }) {
    return this.buffers.map((buffer, k) => buffer.losses(parts[k]));
  }

  /**
   * @param {string} name
   * @param {number} epoch
   */
  at(name, epoch) {
    const [run, own] = name.split(/\.(.*)/);
    return this.buffers[Number(run)].history.at(own, epoch);
  }
}

export class RunBuffers {
  /** @param {ComparisonSetup["runs"]} runs */
  constructor(runs) {
    this.buffers = runs.map(({ series }) => new RunBuffer(series, BYTES / runs.length));
    this.frames = new Frames(this.buffers);
    this.history = new Histories(this.buffers);
  }

  /**
   * Take in how far each run is.
   * @param {RunState[]} runs
   */
  setStates(runs) {
    runs.forEach(({ trained, state }, k) => {
      Object.assign(this.frames.lanes[k], { trained, ended: state !== "ok" });
    });
  }

  /**
   * @param {FrameArrays} arrays
   * @param {number} shown the epoch on the screen
   * @param {boolean} [restart] whether the histories begin again
   */
  store(arrays, shown, restart) {
    const parts = split({ ...arrays }, this.buffers.length);
    this.buffers.forEach((buffer, k) => {
      buffer.store(/** @type {FrameArrays} */ (parts[k]), shown, restart);
    });
  }

  /** The last epoch of each run whose record is here; -1 for none. */
  get known() {
    return this.buffers.map(({ known }) => known);
  }

  /** @param {number} epoch */
  forgetAfter(epoch) {
    for (const buffer of this.buffers) buffer.forgetAfter(epoch);
  }

  /**
   * Return no losses to check a link: each run has different ones, and the cards show them.
   * @returns {Losses}
   */
  losses() {
    return { exact: false };
  }
}

export class Scenes {
  /** @type {FrameSet | null} */
  frame = null;
  epoch = 0;
  playing = false;

  /**
   * @param {ComparisonSetup} setup
   * @param {SceneArrays} arrays
   */
  constructor(setup, arrays) {
    this.ranges = colourRanges(); // shared: a colour means the same in every card
    const parts = split({ ...arrays }, setup.runs.length);
    this.all = setup.runs.map((own, k) => new Scene(own, parts[k], this.ranges));
  }

  /**
   * @param {ComparisonSetup} setup
   * @param {SceneArrays} arrays
   */
  arrange({ runs }, arrays) {
    const parts = split({ ...arrays }, runs.length);
    this.all.forEach((scene, k) => {
      scene.arrange(runs[k], parts[k]);
    });
  }

  get frameBytes() {
    return this.all.reduce((sum, scene) => sum + scene.frameBytes, 0);
  }

  /**
   * @param {FrameSet} frame
   * @param {boolean} playing
   */
  load(frame, playing) {
    this.all.forEach((scene, k) => {
      const same = scene.frame === frame.parts[k] && this.playing === playing;
      if (!same) scene.take(frame.parts[k], playing, BUDGET / this.all.length);
    });
    widenRanges(this.ranges, this.all);
    Object.assign(this, { frame, playing, epoch: frame.epoch });
  }

  /** @param {boolean} on whether the colour ranges stay as they are */
  hold(on) {
    holdRanges(this.ranges, on);
  }

  settle() {
    return settleRanges(this.ranges, this.all);
  }
}
