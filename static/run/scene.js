// One epoch as the views need it: parameters, deltas, and the maps computed from them here.

import { roundUp } from "../shared/format.js";
import { forward, layout, plan, slope } from "./forward_pass.js";
import { ColourRange } from "./range.js";

/**
 * @import {
 *   ColourRanges, ColourScale, Frame, GridValues, MapView, NumberArray, RunSetup, SceneArrays
 * } from "../shared/types.js"
 */
/** @import { Plan } from "./forward_pass.js" */

/**
 * The largest absolute value of a frame's weights, deltas and units' deltas.
 * @typedef {{ weights: number, deltas: number, unitDeltas: number }} Largest
 *
 * The grid of the maps at one resolution: `input` is (rows, columns), `reach` the largest absolute
 * value of each row, `cost` the time of a forward pass in ms.
 * @typedef {{
 *   side: number, columns: number, input: Float32Array, reach: number[], cost: number,
 *   zeros: Float32Array, plan: Plan,
 * }} Level
 *
 * The examples whose activations and deltas are shown; `input` is (inputs, count).
 * @typedef {{ count: number, input: Float32Array, labels: string[], plan: Plan }} Probe
 */

export const BUDGET = 5; // ms that the maps of one frame may take while playing
const COST = { product: 1.5e-6, unit: 1e-5 }; // ms, measured on a slow core
const FLAT = 0.05; // |f'| below which hardly any of delta passes

/**
 * Return new colour ranges of weights, deltas and units' deltas; scenes side by side share them.
 * @returns {ColourRanges}
 */
export const colourRanges = () => ({
  weights: new ColourRange(),
  deltas: new ColourRange(),
  unitDeltas: new ColourRange(),
});

/** @type {(keyof ColourRanges)[]} */
const RANGES = ["weights", "deltas", "unitDeltas"];

/**
 * @param {Scene[]} scenes
 * @param {keyof ColourRanges} name
 */
const largestOf = (scenes, name) => Math.max(...scenes.map(({ most }) => most[name]));

/**
 * Widen ranges to what scenes show now.
 * @param {ColourRanges} ranges
 * @param {Scene[]} scenes
 */
export function widenRanges(ranges, scenes) {
  for (const name of RANGES) ranges[name].follow(largestOf(scenes, name));
}

/**
 * Fit ranges to scenes that stay a while; return whether one of them changed.
 * @param {ColourRanges} ranges
 * @param {Scene[]} scenes
 */
export function settleRanges(ranges, scenes) {
  const changes = RANGES.map((name) => ranges[name].settle(largestOf(scenes, name)));
  return changes.includes(true);
}

/**
 * Hold ranges as they are, or let them follow the scenes again.
 * @param {ColourRanges} ranges
 * @param {boolean} on
 */
export function holdRanges(ranges, on) {
  for (const name of RANGES) ranges[name].held = on;
}

export class Scene {
  // The frame on show; `arrange` and `take` fill these in.
  /** @type {Frame | null} */
  frame = null;
  epoch = 0;
  /** @type {Float32Array} */
  theta = new Float32Array();
  delta = new Float32Array();
  /** @type {Largest} */
  most = { weights: 0, deltas: 0, unitDeltas: 0 };
  /** The largest activation seen, by layer, where activations have no bounds. @type {number[]} */
  reach = [];
  // What has to be computed again before it is shown.
  mapsStale = true;
  probeStale = true;

  /**
   * @param {RunSetup} setup
   * @param {SceneArrays} arrays
   * @param {ColourRanges} ranges
   */
  constructor(setup, arrays, ranges = colourRanges()) {
    this.ranges = ranges;
    this.setup = setup;
    this.sizes = setup.network.sizes;
    this.activations = setup.network.activations;
    this.layers = layout(this.sizes);
    this.levels = this.#levels(arrays);
    this.level = this.levels[0];
    this.probe = this.#probe(arrays);
  }

  /**
   * Take over a later setup, with another pair of inputs or other figures.
   * @param {RunSetup} setup
   * @param {SceneArrays} arrays
   */
  arrange(setup, arrays) {
    this.setup = setup;
    this.sizes = setup.network.sizes;
    this.activations = setup.network.activations;
    this.layers = layout(this.sizes);
    this.levels = this.#levels(arrays);
    this.probe = this.#probe(arrays);
    this.mapsStale = true;
    this.probeStale = true;
  }

  /**
   * @param {SceneArrays} arrays
   * @returns {Level[]}
   */
  #levels({ grid, basis }) {
    if (!grid) throw new Error("a setup came without the grid of its maps");
    const input = basis ? spanned(grid.values, basis) : grid.values;
    return levelsOf(this.setup.view, input, this.sizes, this.activations);
  }

  /**
   * @param {SceneArrays} arrays
   * @returns {Probe}
   */
  #probe({ probe }) {
    if (!probe) throw new Error("a setup came without its probe");
    const count = probe.shape[1];
    return {
      count,
      input: probe.values,
      labels: this.setup.probe.labels,
      plan: plan(this.sizes, this.activations, count),
    };
  }

  /** The indices of the output units. */
  get outputs() {
    return Array.from({ length: this.sizes[this.sizes.length - 1] }, (_, k) => k);
  }

  /** The bytes of a frame's numbers in a message. */
  get frameBytes() {
    const { at, outputs, inputs } = this.layers[this.layers.length - 1];
    return 4 * (at + outputs * (inputs + 1)) + 2 * this.deltaAt(this.layers.length + 1);
  }

  /**
   * Show a frame; while `playing` the maps may be coarser than at rest.
   * @param {Frame} frame
   * @param {boolean} playing
   */
  load(frame, playing) {
    this.take(frame, playing);
    widenRanges(this.ranges, [this]);
  }

  /**
   * Show a frame without a change of the colour ranges.
   * @param {Frame} frame
   * @param {boolean} playing
   * @param {number} budget ms that the maps may take while playing
   */
  take(frame, playing, budget = BUDGET) {
    this.frame = frame;
    this.epoch = frame.epoch;
    this.theta = frame.theta;
    this.delta = this.#dequantized(frame);
    this.level =
      this.levels.find((level) => !playing || level.cost <= budget) ??
      this.levels[this.levels.length - 1];
    this.most = {
      weights: largest(frame.theta),
      deltas: largest(frame.scale),
      unitDeltas: this.#largestUnitDelta(),
    };
    this.mapsStale = true;
    this.probeStale = true;
  }

  /** @param {boolean} on whether the colour ranges stay as they are */
  hold(on) {
    holdRanges(this.ranges, on);
  }

  /** Fit the colour ranges to a frame that stays a while; return whether one of them changed. */
  settle() {
    return settleRanges(this.ranges, [this]);
  }

  // The largest root mean square of a unit's deltas.
  #largestUnitDelta() {
    let top = 0;
    for (let at = 0; at < this.delta.length; at += this.probe.count) {
      top = Math.max(top, rms(this.delta.subarray(at, at + this.probe.count)));
    }
    return top;
  }

  /**
   * Return the values of a unit on the grid; those of an input for layer 0.
   * @param {number} layer
   * @param {number} unit
   * @returns {GridValues}
   */
  map(layer, unit) {
    const { plan: buffers, input, side, columns } = this.level;
    if (this.mapsStale) {
      forward(buffers, this.theta, input, this.setup.view.rows);
      this.mapsStale = false;
      buffers.a.forEach((a, l) => {
        if (a) this.#widen(l, a);
      });
    }
    const values = buffers.a[layer];
    if (values) return { values, from: unit * columns, side };
    const row = this.setup.view.rows.indexOf(unit);
    return row < 0
      ? { values: this.level.zeros, from: 0, side }
      : { values: input, from: row * columns, side };
  }

  /**
   * Return a of a layer for the probe examples, (n_l, examples), row after row.
   * @param {number} layer
   */
  activation(layer) {
    if (this.probeStale) forward(this.probe.plan, this.theta, this.probe.input);
    this.probeStale = false;
    return this.probe.plan.a[layer] ?? this.probe.input;
  }

  /**
   * Return the colour scale of a unit's map.
   * @param {number} layer
   * @param {number} unit
   * @returns {ColourScale}
   */
  range(layer, unit) {
    if (layer === 0)
      return { centre: 0, half: this.level.reach[this.setup.view.rows.indexOf(unit)] ?? 1 };
    const { kind, center, half } = this.setup.map;
    if (layer === this.layers.length && kind !== "classes") return { centre: center, half };
    const name = this.activations[layer - 1];
    if (name === "sigmoid" || name === "softmax") return { centre: 0.5, half: 0.5 };
    return { centre: 0, half: name === "tanh" ? 1 : (this.reach[layer] ?? 1) };
  }

  /**
   * Return a weight, or the bias in the last column.
   * @param {number} layer
   * @param {number} row
   * @param {number} column
   */
  weight(layer, row, column) {
    const { at, inputs } = this.layers[layer - 1];
    return this.theta[at + row * (inputs + 1) + column];
  }

  /**
   * Return a unit's activation for an example, or the mean over all of the probe.
   * @param {number} layer
   * @param {number} unit
   * @param {number | null} example null for all
   */
  activationOf(layer, unit, example) {
    return this.#of(this.activation(layer), unit, example, mean);
  }

  /**
   * Return a unit's delta for an example; for all, the root mean square with the sign of the mean.
   * @param {number} layer
   * @param {number} unit
   * @param {number | null} example null for all
   */
  deltaOf(layer, unit, example) {
    const rows = this.delta.subarray(this.deltaAt(layer));
    return this.#of(rows, unit, example, (values) => Math.sign(mean(values)) * rms(values));
  }

  /**
   * Return n·delta of an example: without the 1/n of the probe, as if it were the only example.
   * @param {number} layer
   * @param {number} unit
   * @param {number | null} example null for all
   */
  undividedDelta(layer, unit, example) {
    return this.probe.count * this.deltaOf(layer, unit, example);
  }

  /**
   * Return whether a unit's mean |f'| is near 0; at the output only where f' has not cancelled.
   * @param {number} layer
   * @param {number} unit
   * @param {number | null} example null for all
   */
  isSaturated(layer, unit, example) {
    if (layer === this.layers.length && !this.setup.network.output_gate) return false;
    const name = this.activations[layer - 1];
    const start = unit * this.probe.count;
    const [from, to] =
      example === null ? [start, start + this.probe.count] : [start + example, start + example + 1];
    const a = this.activation(layer);
    const z = this.probe.plan.z[layer];
    let sum = 0;
    for (let i = from; i < to; i++) sum += Math.abs(slope(name, a[i], z?.[i]));
    return sum / (to - from) < FLAT;
  }

  /**
   * Return whether dropout left out a unit of a hidden layer in the last batch.
   * @param {number} layer
   * @param {number} unit
   */
  isDropped(layer, unit) {
    const muted = this.frame?.muted;
    if (!muted || layer < 1 || layer >= this.layers.length) return false;
    const before = this.sizes.slice(1, layer).reduce((sum, n) => sum + n, 0);
    return muted[before + unit] === 1;
  }

  /**
   * Return where delta of a layer begins in this.delta.
   * @param {number} layer
   */
  deltaAt(layer) {
    return this.sizes.slice(1, layer).reduce((sum, n) => sum + n, 0) * this.probe.count;
  }

  /**
   * Return the largest |delta| of a layer.
   * @param {number} layer
   */
  largestDelta(layer) {
    return largest(this.delta.subarray(this.deltaAt(layer), this.deltaAt(layer + 1)));
  }

  /**
   * Return a unit's value for an example, or what `all` makes of its values for all.
   * @param {Float32Array} rows
   * @param {number} unit
   * @param {number | null} example
   * @param {(values: Float32Array) => number} all
   */
  #of(rows, unit, example, all) {
    const start = unit * this.probe.count;
    if (example !== null) return rows[start + example];
    return all(rows.subarray(start, start + this.probe.count));
  }

  /**
   * Return the deltas of a frame, which are sent as 16-bit shares of each layer's largest.
   * @param {Frame} frame
   */
  #dequantized({ delta, scale }) {
    const values = new Float32Array(delta.length);
    this.layers.forEach((_, l) => {
      const end = this.deltaAt(l + 2);
      const factor = scale[l] / 32767;
      for (let i = this.deltaAt(l + 1); i < end; i++) values[i] = delta[i] * factor;
    });
    return values;
  }

  /**
   * Widen the range of a layer whose activations have no bounds; it never shrinks.
   * @param {number} layer
   * @param {Float32Array} values
   */
  #widen(layer, values) {
    let top = 0;
    for (let i = 0; i < values.length; i += 7) top = Math.max(top, Math.abs(values[i]));
    this.reach[layer] = Math.max(this.reach[layer] ?? 0, roundUp(top));
  }
}

/** @param {Float32Array} values */
function largest(values) {
  let top = 0;
  for (let i = 0; i < values.length; i++) top = Math.max(top, Math.abs(values[i]));
  return top;
}

const mean = (/** @type {Float32Array} */ values) =>
  values.reduce((sum, value) => sum + value, 0) / values.length;
const rms = (/** @type {Float32Array} */ values) =>
  Math.sqrt(values.reduce((sum, v) => sum + v * v, 0) / values.length);

/**
 * Return the inputs (inputs, m) at places (2, m) of a plane.
 * @param {Float32Array} places
 * @param {NumberArray<Float32Array>} basis (inputs, 3): x, y and where both are 0
 */
function spanned(places, { values: basis, shape: [inputs] }) {
  const m = places.length / 2;
  const grid = new Float32Array(inputs * m);
  for (let j = 0; j < inputs; j++) {
    const [x, y, zero] = basis.subarray(3 * j, 3 * j + 3);
    for (let i = 0; i < m; i++) grid[j * m + i] = x * places[i] + y * places[m + i] + zero;
  }
  return grid;
}

/**
 * Return the grid of the maps at full resolution and, for large networks, at a half, a quarter and an
 * eighth.
 * @param {MapView} view
 * @param {Float32Array} grid
 * @param {number[]} sizes
 * @param {string[]} activations
 */
function levelsOf(view, grid, sizes, activations) {
  const steps = view.kind === "map" ? [1, 2, 4, 8] : [1];
  return steps.map((step) => thinned(view, grid, step, sizes, activations));
}

/**
 * Return the grid with every step-th point to a side.
 * @param {MapView} view
 * @param {Float32Array} grid
 * @param {number} step
 * @param {number[]} sizes
 * @param {string[]} activations
 * @returns {Level}
 */
function thinned(view, grid, step, sizes, activations) {
  const full = view.kind === "map" ? view.side : view.points;
  const side = Math.ceil(full / step);
  const columns = view.kind === "map" ? side * side : side;
  const input = step === 1 ? grid : new Float32Array(view.rows.length * columns);
  if (step > 1) {
    // Both ends of the grid stay in, so that every level covers the same ground.
    const stop = (/** @type {number} */ i) => Math.round((i * (full - 1)) / Math.max(1, side - 1));
    for (let i = 0; i < input.length; i++) {
      const [block, cell] = [Math.floor(i / columns), i % columns];
      const source = stop(Math.floor(cell / side)) * full + stop(cell % side);
      input[i] = grid[block * full * full + source];
    }
  }
  const reach = view.rows.map(
    (_, r) => largest(input.subarray(r * columns, (r + 1) * columns)) || 1,
  );
  const units = sizes.slice(1).reduce((sum, n) => sum + n, 0);
  const products = sizes
    .slice(1)
    .reduce((sum, n, l) => sum + n * (l ? sizes[l] : view.rows.length), 0);
  const cost = columns * (products * COST.product + units * COST.unit);
  const zeros = new Float32Array(columns);
  return { side, columns, input, reach, cost, zeros, plan: plan(sizes, activations, columns) };
}
