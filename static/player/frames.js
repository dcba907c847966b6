// The frames that wait in the browser: every epoch received and not yet forgotten, in order.

const OVERHEAD = 500; // bytes that a frame costs besides its numbers

const weigh = (frame) =>
  OVERHEAD + frame.theta.byteLength + frame.delta.byteLength + (frame.muted?.byteLength ?? 0);

export class Frames {
  /** `limit`: bytes after which the frames farthest from the one on screen are let go. */
  constructor(limit = 64 * 2 ** 20) {
    this.limit = limit;
    this.clear();
  }

  clear() {
    this.byEpoch = new Map();
    this.epochs = []; // ascending
    this.bytes = 0;
  }

  get(epoch) {
    return this.byEpoch.get(epoch);
  }

  /** Keeps a frame {epoch, theta, delta, scale, muted, record}; one of the same epoch is replaced. */
  add(frame, shown) {
    const known = this.byEpoch.get(frame.epoch);
    if (known) this.bytes -= weigh(known);
    else this.epochs.splice(this.#after(frame.epoch), 0, frame.epoch);
    this.byEpoch.set(frame.epoch, frame);
    this.bytes += weigh(frame);
    if (this.bytes > this.limit) this.#evict(shown);
  }

  forgetAfter(epoch) {
    for (const gone of this.epochs.splice(this.#after(epoch))) this.#drop(gone);
  }

  /** The frame to show next: the farthest within `stride` epochs, else the nearest one later. */
  next(epoch, stride) {
    const first = this.#after(epoch);
    const last = Math.max(first, this.#after(epoch + stride) - 1);
    return last < this.epochs.length ? this.byEpoch.get(this.epochs[last]) : undefined;
  }

  /** The last epoch that can be reached from `epoch` without a gap wider than `stride`; looks no
   * farther than `count` frames ahead. */
  frontier(epoch, stride, count) {
    let reach = epoch;
    for (let i = this.#after(epoch); i < this.epochs.length; i++) {
      if (this.epochs[i] - reach > stride || reach - epoch >= count * stride) break;
      reach = this.epochs[i];
    }
    return reach;
  }

  // Index of the first epoch later than the given one.
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

  #drop(epoch) {
    this.bytes -= weigh(this.byEpoch.get(epoch));
    this.byEpoch.delete(epoch);
  }

  // An eighth at a time from the far end, so that it is rare.
  #evict(shown) {
    while (this.bytes > this.limit && this.epochs.length > 8) {
      const count = this.epochs.length >> 3;
      const oldIsFarther = shown - this.epochs[0] > this.epochs.at(-1) - shown;
      const gone = oldIsFarther ? this.epochs.splice(0, count) : this.epochs.splice(-count);
      gone.forEach((epoch) => this.#drop(epoch));
    }
  }
}
