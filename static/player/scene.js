// One epoch as the views need it: parameters, deltas, and the maps computed from them here.

import { forward, layout, plan, slope } from "./forward_pass.js";
import { Range } from "./range.js";
import { roundUp } from "../shared/format.js";

export const BUDGET = 5; // ms that the maps of one frame may take while playing
const COST = { product: 1.5e-6, unit: 1e-5 }; // ms, measured on a slow core
const CLOSED = 0.05; // |f'| below which hardly any of delta passes

/** The colour ranges of weights, deltas and blame; scenes side by side share them. */
export const colourRanges = () => ({
  weights: new Range(),
  deltas: new Range(),
  blame: new Range(),
});

const across = (scenes, name) => Math.max(...scenes.map(({ most }) => most[name]));

/** Widens ranges to what scenes show now. */
export function follow(ranges, scenes) {
  for (const [name, range] of Object.entries(ranges)) range.follow(across(scenes, name));
}

/** Fits ranges to scenes that stay a while; true if one of them changed. */
export function settle(ranges, scenes) {
  const changes = Object.entries(ranges).map(([name, range]) => range.settle(across(scenes, name)));
  return changes.includes(true);
}

export class Scene {
  constructor(setup, arrays, ranges = colourRanges()) {
    this.ranges = ranges;
    this.reach = []; // per layer, of activations without bounds
    this.arrange(setup, arrays);
  }

  /** Takes over a setup: the run's own, or a later one with another pair of inputs or figures. */
  arrange(setup, arrays) {
    this.setup = setup;
    this.sizes = setup.network.sizes;
    this.activations = setup.network.activations;
    this.layers = layout(this.sizes);
    const grid = arrays.basis ? spanned(arrays.grid.values, arrays.basis) : arrays.grid.values;
    this.levels = grids(setup.view, grid, this.sizes, this.activations);
    const examples = arrays.probe.shape[1];
    this.probe = {
      count: examples,
      input: arrays.probe.values,
      labels: setup.probe.labels,
      plan: plan(this.sizes, this.activations, examples),
    };
    this.stale = true;
    this.probeStale = true;
  }

  /** Bytes of a frame's numbers on their way. */
  get frameBytes() {
    const { at, outputs, inputs } = this.layers.at(-1);
    return 4 * (at + outputs * (inputs + 1)) + 2 * this.deltaAt(this.layers.length + 1);
  }

  /** Shows a frame; while `playing` the maps may be coarser than at rest. */
  load(frame, playing) {
    this.take(frame, playing);
    follow(this.ranges, [this]);
  }

  /** Takes over a frame and leaves the ranges alone; a map may take `budget` ms while playing. */
  take(frame, playing, budget = BUDGET) {
    this.frame = frame;
    this.epoch = frame.epoch;
    this.theta = frame.theta;
    this.delta = this.#unquantised(frame);
    this.level =
      this.levels.find((level) => !playing || level.cost <= budget) ?? this.levels.at(-1);
    this.most = {
      weights: largest(frame.theta),
      deltas: largest(frame.scale),
      blame: this.#mostBlamed(),
    };
    this.stale = true;
    this.probeStale = true;
  }

  /** Fits the colour ranges to a frame that stays a while; true if one of them changed. */
  settle() {
    return settle(this.ranges, [this]);
  }

  // The largest root mean square of a unit's deltas.
  #mostBlamed() {
    let top = 0;
    for (let at = 0; at < this.delta.length; at += this.probe.count) {
      top = Math.max(top, rms(this.delta.subarray(at, at + this.probe.count)));
    }
    return top;
  }

  /** Values of layer l on the grid, {values, from, side}; the grid itself for l = 0. */
  map(layer, unit) {
    const { plan: known, input, side, columns } = this.level;
    if (this.stale) {
      forward(known, this.theta, input, this.setup.view.rows);
      this.stale = false;
      known.a.forEach((a, l) => l && this.#widen(l, a));
    }
    if (layer > 0) return { values: known.a[layer], from: unit * columns, side };
    const row = this.setup.view.rows.indexOf(unit);
    return row < 0
      ? { values: this.level.zeros, from: 0, side }
      : { values: input, from: row * columns, side };
  }

  /** a of layer l for the probe examples, (n_l, examples) row after row. */
  activation(layer) {
    if (this.probeStale) forward(this.probe.plan, this.theta, this.probe.input);
    this.probeStale = false;
    return layer ? this.probe.plan.a[layer] : this.probe.input;
  }

  /** {centre, half} of the colours of a unit's map. */
  range(layer, unit) {
    if (layer === 0)
      return { centre: 0, half: this.level.reach[this.setup.view.rows.indexOf(unit)] ?? 1 };
    const { kind, center, half } = this.setup.map;
    if (layer === this.layers.length && kind !== "classes") return { centre: center, half };
    const name = this.activations[layer - 1];
    if (name === "sigmoid" || name === "softmax") return { centre: 0.5, half: 0.5 };
    return { centre: 0, half: name === "tanh" ? 1 : (this.reach[layer] ?? 1) };
  }

  weight(layer, row, column) {
    const { at, inputs } = this.layers[layer - 1];
    return this.theta[at + row * (inputs + 1) + column];
  }

  /** What a unit says: of one example, or the mean over all of the probe. */
  said(layer, unit, example) {
    return this.#of(this.activation(layer), unit, example, (values) => mean(values));
  }

  /** delta of one example; of all: root mean square with the sign of the mean. */
  blame(layer, unit, example) {
    const rows = this.delta.subarray(this.deltaAt(layer));
    return this.#of(rows, unit, example, (values) => Math.sign(mean(values)) * rms(values));
  }

  /** n·delta of one example: without the 1/n of the probe, as if the example were alone. */
  alone(layer, unit, example) {
    return this.probe.count * this.blame(layer, unit, example);
  }

  /** Whether f' lets hardly anything through; at the output only where f' has not cancelled. */
  closed(layer, unit, example) {
    if (layer === this.layers.length && !this.setup.network.output_gate) return false;
    const name = this.activations[layer - 1];
    const start = unit * this.probe.count;
    const [from, to] =
      example === null ? [start, start + this.probe.count] : [start + example, start + example + 1];
    const a = this.activation(layer);
    const z = this.probe.plan.z[layer];
    let sum = 0;
    for (let i = from; i < to; i++) sum += Math.abs(slope(name, a[i], z?.[i]));
    return sum / (to - from) < CLOSED;
  }

  /** Whether dropout muted a unit of a hidden layer in the last batch. */
  muted(layer, unit) {
    const { muted } = this.frame;
    if (!muted || layer < 1 || layer >= this.layers.length) return false;
    const before = this.sizes.slice(1, layer).reduce((sum, n) => sum + n, 0);
    return muted[before + unit] === 1;
  }

  /** Where delta of layer l begins in this.delta. */
  deltaAt(layer) {
    return this.sizes.slice(1, layer).reduce((sum, n) => sum + n, 0) * this.probe.count;
  }

  /** The largest |delta| of layer l. */
  peak(layer) {
    return largest(this.delta.subarray(this.deltaAt(layer), this.deltaAt(layer + 1)));
  }

  #of(rows, unit, example, all, one = ([value]) => value) {
    const start = unit * this.probe.count;
    if (example !== null) return one(rows.subarray(start + example, start + example + 1));
    return all(rows.subarray(start, start + this.probe.count));
  }

  #unquantised({ delta, scale }) {
    const values = new Float32Array(delta.length);
    this.layers.forEach((_, l) => {
      const end = this.deltaAt(l + 2);
      const factor = scale[l] / 32767;
      for (let i = this.deltaAt(l + 1); i < end; i++) values[i] = delta[i] * factor;
    });
    return values;
  }

  // Activations without bounds get a range per layer that widens and never shrinks.
  #widen(layer, values) {
    let top = 0;
    for (let i = 0; i < values.length; i += 7) top = Math.max(top, Math.abs(values[i]));
    this.reach[layer] = Math.max(this.reach[layer] ?? 0, roundUp(top));
  }
}

function largest(values) {
  let top = 0;
  for (let i = 0; i < values.length; i++) top = Math.max(top, Math.abs(values[i]));
  return top;
}

const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
const rms = (values) => Math.sqrt(values.reduce((sum, v) => sum + v * v, 0) / values.length);

// The inputs at places (2, m) of a plane whose basis holds [x, y, where both are 0] of each input.
function spanned(places, { values: basis, shape: [inputs] }) {
  const m = places.length / 2;
  const grid = new Float32Array(inputs * m);
  for (let j = 0; j < inputs; j++) {
    const [x, y, zero] = basis.subarray(3 * j, 3 * j + 3);
    for (let i = 0; i < m; i++) grid[j * m + i] = x * places[i] + y * places[m + i] + zero;
  }
  return grid;
}

// The grid of the maps at full resolution and, for large networks, at a half, a quarter, an eighth.
function grids(view, grid, sizes, activations) {
  const steps = view.kind === "map" ? [1, 2, 4, 8] : [1];
  return steps.map((step) => thinned(view, grid, step, sizes, activations));
}

function thinned(view, grid, step, sizes, activations) {
  const full = view.kind === "map" ? view.side : view.points;
  const side = Math.ceil(full / step);
  const columns = view.kind === "map" ? side * side : side;
  const input = step === 1 ? grid : new Float32Array(view.rows.length * columns);
  if (step > 1) {
    // Both ends of the grid stay in, so that every level covers the same ground.
    const stop = (i) => Math.round((i * (full - 1)) / Math.max(1, side - 1));
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
