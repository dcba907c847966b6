// The frames in the browser: every epoch received and not yet dropped, in order.

const OVERHEAD = 500; // bytes that a frame costs besides its numbers

/** @import { Frame } from "../shared/types.js" */

/** @param {Frame} frame */
const weigh = (frame) =>
  OVERHEAD + frame.theta.byteLength + frame.delta.byteLength + (frame.muted?.byteLength ?? 0);

export class Frames {
  /** @param {number} limit bytes beyond which the frames farthest from the screen's are dropped */
  constructor(limit = 64 * 2 ** 20) {
    this.limit = limit;
    /** @type {Map<number, Frame>} */
    this.byEpoch = new Map();
    /** In ascending order. @type {number[]} */
    this.epochs = [];
    this.bytes = 0;
  }

  clear() {
    this.byEpoch.clear();
    this.epochs = [];
    this.bytes = 0;
  }

  /** @param {number} epoch */
  get(epoch) {
    return this.byEpoch.get(epoch);
  }

  /**
   * Keep a frame; one of the same epoch is replaced.
   * @param {Frame} frame
   * @param {number} shown the epoch on the screen
   */
  add(frame, shown) {
    const known = this.byEpoch.get(frame.epoch);
    if (known) this.bytes -= weigh(known);
    else this.epochs.splice(this.#after(frame.epoch), 0, frame.epoch);
    this.byEpoch.set(frame.epoch, frame);
    this.bytes += weigh(frame);
    if (this.bytes > this.limit) this.#evict(shown);
  }

  /**
   * Drop the frames of later epochs.
   * @param {number} epoch
   */
  forgetAfter(epoch) {
    for (const gone of this.epochs.splice(this.#after(epoch))) this.#drop(gone);
  }

  /**
   * Return the frame to show next: the farthest within `stride` epochs, else the nearest one later.
   * @param {number} epoch
   * @param {number} stride
   */
  next(epoch, stride) {
    const first = this.#after(epoch);
    const last = Math.max(first, this.#after(epoch + stride) - 1);
    return last < this.epochs.length ? this.byEpoch.get(this.epochs[last]) : undefined;
  }

  /**
   * Return the last epoch that can be reached from `epoch` without a gap wider than `stride`, no
   * farther than `count` frames ahead.
   * @param {number} epoch
   * @param {number} stride
   * @param {number} count
   */
  frontier(epoch, stride, count) {
    let reach = epoch;
    for (let i = this.#after(epoch); i < this.epochs.length; i++) {
      if (this.epochs[i] - reach > stride || reach - epoch >= count * stride) break;
      reach = this.epochs[i];
    }
    return reach;
  }

  /**
   * Return the index of the first epoch later than the given one.
   * @param {number} epoch
   */
  #after(epoch) {
    let low = 0;
    let high = this.epochs.length;
    if (high && this.epochs[high - 1] <= epoch) return high;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.epochs[middle] <= epoch) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** @param {number} epoch */
  #drop(epoch) {
    const frame = this.byEpoch.get(epoch);
    if (frame) this.bytes -= weigh(frame);
    this.byEpoch.delete(epoch);
  }

  /**
   * Drop an eighth of the frames at a time from the far end, so that it happens rarely.
   * @param {number} shown the epoch on the screen
   */
  #evict(shown) {
    while (this.bytes > this.limit && this.epochs.length > 8) {
      const count = this.epochs.length >> 3;
      const newest = this.epochs[this.epochs.length - 1];
      const oldIsFarther = shown - this.epochs[0] > newest - shown;
      const gone = oldIsFarther ? this.epochs.splice(0, count) : this.epochs.splice(-count);
      gone.forEach((epoch) => this.#drop(epoch));
    }
  }
}
