// Several runs on one clock: their films, histories and scenes under the names that one run's have.

import { Reel } from "../player/run_buffer.js";
import { BUDGET, colourRanges, follow, Scene, settle } from "../player/scene.js";

const BYTES = 64 * 2 ** 20; // of frames kept, over all runs

/** The arrays of one message, {"2.theta": ...}, run by run: [{theta: ...}, ...]. */
export function split(arrays, count) {
  const parts = Array.from({ length: count }, () => ({}));
  for (const [name, array] of Object.entries(arrays)) {
    const [run, own] = name.split(/\.(.*)/);
    if (parts[run]) parts[run][own] = array;
  }
  return parts;
}

/**
 * The frames of all runs. A run that has ended stays at its last epoch, so its last frame stands for
 * every later one; a frame is there when each run has one.
 */
class Frames {
  constructor(reels) {
    this.lanes = reels.map(({ frames }) => ({ frames, ended: false, trained: 0 }));
  }

  #of({ frames, ended, trained }, epoch) {
    return frames.get(ended ? Math.min(epoch, trained) : epoch);
  }

  get(epoch) {
    const parts = this.lanes.map((lane) => this.#of(lane, epoch));
    return parts.every(Boolean) ? { epoch, parts } : undefined;
  }

  // The run that decides which epoch comes next: one that goes on, else the one that went farthest.
  get #lead() {
    const far = (lane) => (lane.ended ? lane.trained : Infinity);
    return this.lanes.reduce((first, lane) => (far(lane) > far(first) ? lane : first));
  }

  next(epoch, stride) {
    const found = this.#lead.frames.next(epoch, stride);
    return found && this.get(found.epoch);
  }

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
  constructor(reels) {
    this.reels = reels;
  }

  get series() {
    const named = this.reels.flatMap(({ history }, k) =>
      Object.entries(history.series).map(([name, series]) => [`${k}.${name}`, series]),
    );
    return Object.fromEntries(named);
  }

  /** Each run's losses at a frame of all. */
  losses({ parts }) {
    return this.reels.map((reel, k) => reel.losses(parts[k]));
  }

  at(name, epoch) {
    const [run, own] = name.split(/\.(.*)/);
    return this.reels[run].history.at(own, epoch);
  }
}

export class Reels {
  constructor(runs) {
    this.reels = runs.map(({ series }) => new Reel(series, BYTES / runs.length));
    this.frames = new Frames(this.reels);
    this.history = new Histories(this.reels);
  }

  /** Takes in how far each run is: [{trained, ended}]. */
  heed(runs) {
    runs.forEach(({ trained, state }, k) => {
      Object.assign(this.frames.lanes[k], { trained, ended: state !== "ok" });
    });
  }

  store(arrays, shown, anew) {
    const parts = split(arrays, this.reels.length);
    this.reels.forEach((reel, k) => reel.store(parts[k], shown, anew));
  }

  forgetAfter(epoch) {
    this.reels.forEach((reel) => reel.forgetAfter(epoch));
  }

  /** No losses that a link could be checked by: each run has its own, and the cards show them. */
  losses() {
    return { exact: false };
  }
}

export class Scenes {
  constructor(setup, arrays) {
    this.ranges = colourRanges(); // shared: a colour means the same in every card
    const parts = split(arrays, setup.runs.length);
    this.all = setup.runs.map((own, k) => new Scene(own, parts[k], this.ranges));
  }

  arrange({ runs }, arrays) {
    const parts = split(arrays, runs.length);
    this.all.forEach((scene, k) => scene.arrange(runs[k], parts[k]));
  }

  get frameBytes() {
    return this.all.reduce((sum, scene) => sum + scene.frameBytes, 0);
  }

  load(frame, playing) {
    this.all.forEach((scene, k) => {
      const same = scene.frame === frame.parts[k] && this.playing === playing;
      if (!same) scene.take(frame.parts[k], playing, BUDGET / this.all.length);
    });
    follow(this.ranges, this.all);
    Object.assign(this, { frame, playing, epoch: frame.epoch });
  }

  settle() {
    return settle(this.ranges, this.all);
  }
}
