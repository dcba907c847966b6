// What is chosen: an example, a unit of each layer, a layer of the whole network's parameters. It
// stays while the equations change, so that one can follow one unit and one example all the way.

/** @import { Labels } from "../trace/labels.js" */
/** @import { TableAxis } from "../trace/types.js" */

export class Selection {
  /** @param {Labels} labels */
  constructor(labels) {
    this.units = labels.sizes.map(() => 0);
    this.example = 0;
    this.place = 0;
    this.layer = 1;
  }

  /**
   * Return the chosen index along an axis of `count` places.
   * @param {TableAxis} axis
   * @param {number} count
   */
  at({ type, layer }, count) {
    const { example, place } = this;
    const own = { example, unit: this.units[layer] ?? 0, place, one: 0 }[type];
    return Math.min(own, count - 1);
  }

  /**
   * Choose an index along an axis.
   * @param {TableAxis} axis
   * @param {number} index
   */
  take({ type, layer }, index) {
    if (type === "example") this.example = index;
    else if (type === "unit") this.units[layer] = index;
    else if (type === "place") this.place = index;
  }
}
