// The curves over all epochs: a bounded number of points per series, with every extreme kept.

/** @import { Sample } from "../shared/types.js" */

const CAPACITY = 2000;
const FRESH = 200; // the newest points are never thinned: they are still being drawn

export class Series {
  constructor() {
    this.epochs = new Float64Array(CAPACITY);
    this.values = new Float32Array(CAPACITY);
    this.length = 0;
  }

  /**
   * Add a point; one of the last epoch is replaced.
   * @param {number} epoch
   * @param {number} value
   */
  push(epoch, value) {
    if (this.length && epoch === this.epochs[this.length - 1]) this.length--;
    if (this.length === CAPACITY) this.#thin();
    this.epochs[this.length] = epoch;
    this.values[this.length++] = value;
  }

  /**
   * Return the index of the first point later than `epoch`.
   * @param {number} epoch
   */
  after(epoch) {
    let low = 0;
    let high = this.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.epochs[middle] <= epoch) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  // Of every four old points the lowest and the highest stay, in their order; so does the first.
  #thin() {
    const old = this.length - FRESH;
    let kept = 1;
    for (let i = 1; i < old; i += 4) {
      const end = Math.min(i + 4, old);
      let low = i;
      let high = i;
      for (let k = i; k < end; k++) {
        if (this.values[k] < this.values[low]) low = k;
        if (this.values[k] > this.values[high]) high = k;
      }
      for (const k of low === high ? [low] : [Math.min(low, high), Math.max(low, high)]) {
        this.epochs[kept] = this.epochs[k];
        this.values[kept++] = this.values[k];
      }
    }
    this.epochs.copyWithin(kept, old, this.length);
    this.values.copyWithin(kept, old, this.length);
    this.length = kept + FRESH;
  }
}

/** @param {string[]} names */
const emptySeries = (names) => Object.fromEntries(names.map((name) => [name, new Series()]));

export class History {
  /** @param {string[]} names of the series */
  constructor(names) {
    this.names = names;
    this.series = emptySeries(names);
    /** The last epoch that was added. */
    this.last = -1;
  }

  clear() {
    this.series = emptySeries(this.names);
    this.last = -1;
  }

  /**
   * Add rows of values, one column per name; rows of earlier epochs are skipped.
   * @param {ArrayLike<number> & Iterable<number>} epochs
   * @param {Float32Array} rows (epochs, names), row after row
   */
  append(epochs, rows) {
    const width = this.names.length;
    [...epochs].forEach((epoch, i) => {
      if (epoch < this.last) return;
      this.last = epoch;
      this.names.forEach((name, k) => {
        const value = rows[i * width + k];
        if (!Number.isNaN(value)) this.series[name].push(epoch, value);
      });
    });
  }

  /**
   * Drop the points of later epochs.
   * @param {number} epoch
   */
  forgetAfter(epoch) {
    this.last = Math.min(this.last, epoch);
    for (const series of Object.values(this.series)) series.length = series.after(epoch);
  }

  /**
   * Return the last point at or before an epoch, null where there is none.
   * @param {string} name
   * @param {number} epoch
   * @returns {Sample | null}
   */
  at(name, epoch) {
    const series = this.series[name];
    const i = series ? series.after(epoch) - 1 : -1;
    return i < 0 ? null : { epoch: series.epochs[i], value: series.values[i] };
  }
}
