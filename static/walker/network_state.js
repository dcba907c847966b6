// The network at a moment of the walk: the numbers of its units, and what is highlighted.

import { symbol } from "../shared/format.js";
import { tr } from "../shared/language.js";
import { isTransposed } from "../trace/labels.js";

/** @import { Labels } from "../trace/labels.js" */
/** @import { Trace } from "../trace/trace.js" */
/**
 * @import {
 *   Entry, Leaf, Line, NetworkState, Parameter, Read, UnitState
 * } from "../trace/types.js"
 */
/** @import { Selection } from "./selection.js" */

/** @type {Record<string, string>} */
const FLOW = {
  forward: tr("→ forward"),
  loss: tr("→ forward"),
  backward: tr("← backward"),
};
const UNITS = new Set(["z", "a", "out", "mask", "slope", "delta", "back"]);
const EVERYWHERE = new Set(["theta", "grad", "memory"]);

export class Moments {
  /**
   * @param {Trace} trace
   * @param {Labels} labels
   */
  constructor(trace, labels) {
    this.trace = trace;
    this.labels = labels;
    /** Kind and layer -> the array. @type {Map<string, Read>} */
    this.known = new Map();
    for (const { reads, leaves } of trace.calls) {
      for (const entry of [...reads, ...leaves]) {
        if (entry.view < 0 || isTransposed(entry)) continue;
        const key = `${entry.kind}${entry.layer}`;
        if (!this.known.has(key)) this.known.set(key, entry);
      }
    }
  }

  /**
   * Return whether dropout has dropped a unit for an example.
   * @param {number} layer
   * @param {number} unit
   * @param {number} example
   */
  isDropped(layer, unit, example) {
    const mask = this.known.get(`mask${layer}`);
    if (!mask || unit >= this.trace.views[mask.view].rows) return false;
    return this.trace.value(this.trace.address(mask.view, unit, example), 0) === 0;
  }

  /**
   * Return what the diagram shows of a line.
   * @param {Line} line
   * @param {Selection} selection
   * @param {{ entering: Set<number>, address: number }} marked addresses to point out
   * @returns {NetworkState}
   */
  at(line, selection, { entering, address }) {
    const { trace, labels } = this;
    const backward = !(line.phase === "forward" || line.phase === "loss");
    const { example } = selection;
    const weights = labels.sizes.map((_, layer) => this.known.get(`Wb${layer}`));
    const result = trace.calls[line.end - 1].leaves[0];
    const own = this.#parameter(result, address);
    /** @type {(layer: number, unit: number, below: number) => number} */
    const addressOf = (layer, unit, below) => {
      const entry = weights[layer];
      if (!entry) throw new Error(`no line reads the weights of layer ${layer}`);
      return trace.address(entry.view, unit, below);
    };
    return {
      flow: FLOW[line.phase] ?? tr("update"),
      of: tr("example {name}", { name: labels.about.examples[example] }),
      units: (layer, unit) => ({
        ...this.#unit(layer, unit, example, line.end, backward),
        muted: this.isDropped(layer, unit, example),
      }),
      weight: (layer, unit, below) => trace.value(addressOf(layer, unit, below), line.end),
      marked: (layer, unit, below) =>
        entering.has(addressOf(layer, unit, below)) ||
        (own !== null && own.layer === layer && own.unit === unit && own.below === below),
      chosen: (layer) => selection.units[layer],
      ...this.#lit(line),
    };
  }

  /**
   * Return the parameter that an address in a line's result belongs to.
   * @param {Leaf} result
   * @param {number} address
   * @returns {Parameter | null}
   */
  #parameter(result, address) {
    if (!this.labels.holdsParameters(result)) return null;
    const { rows, columns } = this.trace.views[result.view];
    const place = address - this.trace.address(result.view, 0, 0);
    if (columns === 1 && rows > 1) return this.labels.parameter(result, place, 0);
    return this.labels.parameter(result, Math.floor(place / columns), place % columns);
  }

  /**
   * @param {number} layer
   * @param {number} unit
   * @param {number} example
   * @param {number} time
   * @param {boolean} backward
   * @returns {UnitState}
   */
  #unit(layer, unit, example, time, backward) {
    const { trace, known } = this;
    const names =
      backward && layer
        ? [`delta${layer}`]
        : layer
          ? [`out${layer}`, `a${layer}`, `z${layer}`]
          : ["x0"];
    for (const name of names) {
      const entry = known.get(name);
      if (!entry) continue;
      const address = trace.address(entry.view, unit, example);
      const write = trace.write(address, time);
      if (write < 0 && layer) continue;
      const leaf = write < 0 ? entry : trace.made(write).leaf;
      const letter = (leaf.symbol ?? entry.symbol)?.letter ?? "";
      const value = trace.value(address, time);
      return backward && layer ? this.#undivided(value, letter) : { value, symbol: letter };
    }
    return { symbol: symbol(backward ? "δ" : "a", layer) };
  }

  /**
   * Return an error term of one example, without the 1/n of its batch.
   * @param {number} value
   * @param {string} letter
   */
  #undivided(value, letter) {
    const n = this.labels.about.examples.length;
    return n === 1 ? { value, symbol: letter } : { value: n * value, symbol: `n·${letter}` };
  }

  /**
   * Return what a line reads and writes: u: units of a layer, b: its bias neuron, e: its weights.
   * @param {Line} line
   */
  #lit(line) {
    /** @type {Set<string>[]} */
    const [reads, writes] = [new Set(), new Set()];
    for (let call = line.first; call < line.end; call++) {
      const { reads: read, leaves } = this.trace.calls[call];
      for (const entry of read) this.#add(reads, entry);
      for (const leaf of leaves) this.#add(writes, leaf);
    }
    return { reads, writes };
  }

  /**
   * @param {Set<string>} set
   * @param {Entry} entry
   */
  #add(set, { view, kind, layer }) {
    const { top } = this.labels;
    if (view < 0) return;
    if (kind === "x") set.add("u0").add("b0");
    else if (kind === "y") set.add(`u${top}`);
    else if (UNITS.has(kind)) set.add(`u${layer}`);
    else if (EVERYWHERE.has(kind)) for (let l = 1; l <= top; l++) set.add(`e${l}`);
    else if (["W", "Wb", "dWb"].includes(kind)) set.add(`e${layer}`);
    if (kind === "out") set.add(`b${layer}`);
  }
}
