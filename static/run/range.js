// How large a number must be for full colour: a range that widens at once and narrows late.
//
// Deltas shrink by powers of ten while a network learns, and shoot up now and then. A range that
// never narrowed would leave the picture blank; one that followed each frame would flicker.

import { roundUp } from "../shared/format.js";

const PATIENCE = 60; // frames that need far less colour before the range gives way
const FAR = 5; // times less

export class ColourRange {
  half = 1;
  known = false;
  held = false; // whether it stays as it is
  calm = 0; // frames in a row that need far less colour
  most = 0; // the widest range that these need

  /**
   * Return the half width of the scale for a frame.
   * @param {number} size the largest absolute value in the frame
   */
  follow(size) {
    if (!(size > 0) || (this.held && this.known)) return this.half; // 0: all are zero
    const wanted = roundUp(size);
    if (!this.known || wanted > this.half) this.half = wanted;
    this.known = true;
    if (wanted * FAR > this.half) this.#rest();
    else this.#wait(wanted);
    return this.half;
  }

  /**
   * Fit to one frame that stays; return whether that changed the scale.
   * @param {number} size the largest absolute value in the frame
   */
  settle(size) {
    const before = this.half;
    if (size > 0 && !this.held) this.half = roundUp(size);
    this.#rest();
    return this.half !== before;
  }

  /** @param {number} wanted half width that the frame needs */
  #wait(wanted) {
    this.calm += 1;
    this.most = Math.max(this.most, wanted);
    if (this.calm < PATIENCE) return;
    this.half = this.most;
    this.#rest();
  }

  #rest() {
    this.calm = 0;
    this.most = 0;
  }
}
