// The run as far as it is in the browser: its frames, its history, and the losses at an epoch.

import { row } from "../shared/payload.js";
import { Frames } from "./frames.js";
import { History } from "./history.js";

/** @import { Frame, FrameArrays, Losses } from "../shared/types.js" */

export class RunBuffer {
  /**
   * @param {string[]} names the columns of the history
   * @param {number} [bytes] of frames that are kept
   */
  constructor(names, bytes) {
    this.names = names;
    this.frames = new Frames(bytes);
    this.history = new History(names);
  }

  /** The last epoch whose record is here; -1 for none. */
  get known() {
    return this.history.last;
  }

  /**
   * Store the arrays of a message.
   * @param {FrameArrays} arrays
   * @param {number} shown the epoch on the screen
   * @param {boolean} [restart] whether the history begins again
   */
  store(arrays, shown, restart = false) {
    const { epochs, series, series_epochs: points, records } = arrays;
    if (restart) this.history.clear();
    /** @type {Map<number, Float32Array>} */
    const rows = new Map();
    if (series && points) {
      this.history.append(points.values, series.values);
      points.values.forEach((epoch, i) => rows.set(epoch, row(series, i)));
    }
    if (epochs && records) this.#fillGap(epochs.values, records);
    epochs?.values.forEach((epoch, i) => {
      const record = records ? row(records, i) : rows.get(epoch);
      this.frames.add({ epoch, record, ...frameOf(arrays, i) }, shown);
    });
  }

  /**
   * Add the records of frames that are not in the history: an answer that was lost leaves a gap.
   * @param {Int32Array} epochs
   * @param {NonNullable<FrameArrays["records"]>} records
   */
  #fillGap(epochs, records) {
    epochs.forEach((epoch, i) => {
      if (epoch > this.history.last) this.history.append([epoch], row(records, i));
    });
  }

  /** @param {number} epoch */
  forgetAfter(epoch) {
    this.frames.forgetAfter(epoch);
    this.history.forgetAfter(epoch);
  }

  /**
   * Return the series at a frame: from its record, else (`exact` false) from the nearest point
   * before.
   * @param {Pick<Frame, "epoch" | "record">} frame
   * @returns {Losses}
   */
  losses({ epoch, record }) {
    const of = (/** @type {string} */ name, /** @type {number} */ i) =>
      record ? record[i] : this.history.at(name, epoch)?.value;
    const losses = Object.fromEntries(this.names.map((name, i) => [name, of(name, i)]));
    return { ...losses, exact: !!record || this.history.at("train", epoch)?.epoch === epoch };
  }
}

/**
 * Return the frame in row i of the arrays.
 * @param {FrameArrays} arrays
 * @param {number} i
 */
function frameOf({ theta, delta, delta_scale: scale, muted }, i) {
  if (!theta || !delta || !scale) throw new Error("a message has epochs without frames");
  return {
    theta: row(theta, i),
    delta: row(delta, i),
    scale: row(scale, i),
    muted: muted ? row(muted, i) : null,
  };
}
