// The network at a moment of the walk: what its units say or are blamed for, and what is lit.

import { plain, withoutOnes } from "../trace/tex_to_text.js";

const FLOW = { forward: "→ forward", loss: "→ forward", backward: "← backward" };
const UNITS = new Set(["z", "a", "out", "mask", "slope", "delta", "back"]);
const EVERYWHERE = new Set(["theta", "grad", "memory"]);

export class Moments {
  constructor(tape, places) {
    Object.assign(this, { tape, places });
    this.known = new Map();
    for (const { reads, leaves } of tape.calls) {
      for (const entry of [...reads, ...leaves]) {
        if (entry.view < 0 || entry.symbol?.includes("\\top")) continue;
        const key = `${entry.kind}${entry.layer}`;
        if (!this.known.has(key)) this.known.set(key, entry);
      }
    }
  }

  /** Whether dropout has muted a unit for an example. */
  muted(layer, unit, example) {
    const mask = this.known.get(`mask${layer}`);
    if (!mask || unit >= this.tape.views[mask.view].rows) return false;
    return this.tape.value(this.tape.address(mask.view, unit, example), 0) === 0;
  }

  /** What the diagram shows of a line; `marked` are the addresses to point out. */
  at(line, selection, { entering, address }) {
    const { tape, places } = this;
    const backward = !(line.phase === "forward" || line.phase === "loss");
    const { example } = selection;
    const weights = places.sizes.map((_, layer) => this.known.get(`Wb${layer}`));
    const result = tape.calls[line.end - 1].leaves[0];
    const own = this.#parameter(result, address);
    return {
      flow: FLOW[line.phase] ?? "update",
      of: `example ${places.about.examples[example]}`,
      units: (layer, unit) => ({
        ...this.#unit(layer, unit, example, line.end, backward),
        muted: this.muted(layer, unit, example),
      }),
      weight: (layer, unit, below) =>
        tape.value(tape.address(weights[layer].view, unit, below), line.end),
      marked: (layer, unit, below) =>
        entering.has(tape.address(weights[layer].view, unit, below)) ||
        (own !== null && own.layer === layer && own.unit === unit && own.below === below),
      chosen: (layer) => selection.units[layer],
      ...this.#lit(line),
    };
  }

  // Which parameter an address in what a line left belongs to.
  #parameter(result, address) {
    if (!this.places.holdsParameters(result)) return null;
    const { rows, columns } = this.tape.views[result.view];
    const place = address - this.tape.address(result.view, 0, 0);
    if (columns === 1 && rows > 1) return this.places.parameter(result, place, 0);
    return this.places.parameter(result, Math.floor(place / columns), place % columns);
  }

  #unit(layer, unit, example, time, backward) {
    const { tape, known } = this;
    const names =
      backward && layer
        ? [`delta${layer}`]
        : layer
          ? [`out${layer}`, `a${layer}`, `z${layer}`]
          : ["x0"];
    for (const name of names) {
      const entry = known.get(name);
      if (!entry) continue;
      const address = tape.address(entry.view, unit, example);
      const write = tape.write(address, time);
      if (write < 0 && layer) continue;
      const leaf = write < 0 ? entry : tape.made(write).leaf;
      const letter = plain(withoutOnes(leaf.symbol || entry.symbol));
      const value = tape.value(address, time);
      return backward && layer ? this.#alone(value, letter) : { value, symbol: letter };
    }
    return { symbol: plain(`${backward ? "\\delta" : "a"}^{(${layer})}`) };
  }

  // An error term of one example, without the 1/n of its batch.
  #alone(value, letter) {
    const n = this.places.about.examples.length;
    return n === 1 ? { value, symbol: letter } : { value: n * value, symbol: `n·${letter}` };
  }

  // What a line reads and writes: u: units of a layer, b: its bias neuron, e: the weights into it.
  #lit(line) {
    const [reads, writes] = [new Set(), new Set()];
    for (let call = line.first; call < line.end; call++) {
      const { reads: read, leaves } = this.tape.calls[call];
      for (const entry of read) this.#add(reads, entry);
      for (const leaf of leaves) this.#add(writes, leaf);
    }
    return { reads, writes };
  }

  #add(set, { view, kind, layer }) {
    const { top } = this.places;
    if (view < 0) return;
    if (kind === "x") set.add("u0").add("b0");
    else if (kind === "y") set.add(`u${top}`);
    else if (UNITS.has(kind)) set.add(`u${layer}`);
    else if (EVERYWHERE.has(kind)) for (let l = 1; l <= top; l++) set.add(`e${l}`);
    else if (["W", "Wb", "dWb"].includes(kind)) set.add(`e${layer}`);
    if (kind === "out") set.add(`b${layer}`);
  }
}
