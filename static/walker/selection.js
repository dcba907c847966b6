// What is chosen: an example, a unit of each layer, a layer of the whole network's parameters. It
// stays while the equations change, so that one can follow one unit and one example all the way.

export class Selection {
  constructor(places) {
    this.units = places.sizes.map(() => 0);
    this.example = 0;
    this.place = 0;
    this.layer = 1;
  }

  /** The chosen index along an axis of `count` places. */
  at({ type, layer }, count) {
    const own = { example: this.example, unit: this.units[layer], place: this.place }[type] ?? 0;
    return Math.min(own, count - 1);
  }

  /** Chooses an index along an axis. */
  take({ type, layer }, index) {
    if (type === "example") this.example = index;
    else if (type === "unit") this.units[layer] = index;
    else if (type === "place") this.place = index;
  }
}
