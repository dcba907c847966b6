// Forward pass of the network, z = W a + b and a = f(z), for many examples at once.
//
// One column per example. A block of m examples is a Float32Array of rows, row after row: unit j of
// a layer owns the numbers [j*m, (j+1)*m). The parameters come flat, layer by layer, each layer
// [W b] row by row. Pure: no DOM, no state beyond the buffers that `plan` allocates once.

/**
 * Where the [W b] of a layer lies in the flat parameters.
 * @typedef {{ at: number, outputs: number, inputs: number }} Layer
 *
 * Buffers of a forward pass: a[l] is (n_l, columns), null for the input; z[l] is null where the slope
 * of layer l does not need it.
 * @typedef {{
 *   sizes: number[], activations: string[], columns: number, layers: Layer[],
 *   a: (Float32Array | null)[], z: (Float32Array | null)[],
 * }} Plan
 */

const TILE = 512; // columns worked on at once, so that a layer's rows stay in the fast cache
const LEAK = 0.01;

const sigmoid = (/** @type {number} */ z) => 1 / (1 + Math.exp(-z));

/**
 * Return the share of a normal distribution below z: a series near 0, a continued fraction beyond.
 * @param {number} z
 */
function normalShare(z) {
  const x = Math.abs(z);
  const density = Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);
  let beyond = 0;
  if (x < 3) {
    let term = x;
    let sum = x;
    for (let k = 3; Math.abs(term) > 1e-12 * sum; k += 2) sum += term *= (x * x) / k;
    beyond = 0.5 - sum * density;
  } else {
    let fraction = x;
    for (let k = 12; k > 0; k--) fraction = x + k / fraction;
    beyond = density / fraction;
  }
  return z > 0 ? 1 - beyond : beyond;
}

// The same by a table for maps: 16 steps to the unit, cubic between (error below 1e-6).
const REACH = 8;
const STEPS = 16;
const SHARES = Float64Array.from({ length: 2 * REACH * STEPS + 1 }, (_, i) =>
  normalShare(i / STEPS - REACH),
);
const DENSITIES = SHARES.map(
  (_, i) => Math.exp(-((i / STEPS - REACH) ** 2) / 2) / Math.sqrt(2 * Math.PI),
);

/**
 * Return the same share from the table.
 * @param {number} z
 */
function quickShare(z) {
  if (Number.isNaN(z)) return z;
  if (z <= -REACH) return 0;
  if (z >= REACH) return 1;
  const at = (z + REACH) * STEPS;
  const i = Math.floor(at);
  const t = at - i;
  const p = SHARES[i];
  const q = SHARES[i + 1];
  const m = DENSITIES[i] / STEPS;
  const n = DENSITIES[i + 1] / STEPS;
  return p + t * (m + t * (3 * (q - p) - 2 * m - n + t * (2 * (p - q) + m + n)));
}

/**
 * A name -> f applied to z[from], ..., z[to - 1] in place.
 * @type {Record<string, (z: Float32Array, from: number, to: number) => void>}
 */
const ACTIVATIONS = {
  linear() {},
  sigmoid(z, from, to) {
    for (let i = from; i < to; i++) z[i] = 1 / (1 + Math.exp(-z[i]));
  },
  tanh(z, from, to) {
    for (let i = from; i < to; i++) z[i] = 1 - 2 / (Math.exp(2 * z[i]) + 1);
  },
  relu(z, from, to) {
    for (let i = from; i < to; i++) if (z[i] < 0) z[i] = 0;
  },
  leaky_relu(z, from, to) {
    for (let i = from; i < to; i++) if (z[i] < 0) z[i] *= LEAK;
  },
  elu(z, from, to) {
    for (let i = from; i < to; i++) if (z[i] < 0) z[i] = Math.expm1(z[i]);
  },
  gelu(z, from, to) {
    for (let i = from; i < to; i++) z[i] *= quickShare(z[i]);
  },
  silu(z, from, to) {
    for (let i = from; i < to; i++) z[i] *= sigmoid(z[i]);
  },
  softplus(z, from, to) {
    for (let i = from; i < to; i++)
      z[i] = Math.max(z[i], 0) + Math.log1p(Math.exp(-Math.abs(z[i])));
  },
  exp(z, from, to) {
    for (let i = from; i < to; i++) z[i] = Math.exp(z[i]);
  },
};

const NEEDS_Z = new Set(["gelu", "silu"]); // they fall before they rise: a alone does not give z

/**
 * A name -> f'(z) computed from a = f(z), and from z where a is not enough. Softmax has no slope of
 * a single unit: its units depend on one another.
 * @type {Record<string, (a: number, z: number) => number>}
 */
const SLOPES = {
  linear: () => 1,
  sigmoid: (a) => a * (1 - a),
  tanh: (a) => 1 - a * a,
  relu: (a) => (a > 0 ? 1 : 0),
  leaky_relu: (a) => (a > 0 ? 1 : LEAK),
  elu: (a) => 1 + Math.min(a, 0),
  gelu: (_, z) => normalShare(z) + (z * Math.exp((-z * z) / 2)) / Math.sqrt(2 * Math.PI),
  silu: (a, z) => sigmoid(z) + a * (1 - sigmoid(z)),
  softplus: (a) => -Math.expm1(-a),
  exp: (a) => a,
  softmax: () => 1,
};

/**
 * Return f'(z), computed from a = f(z).
 * @param {string} activation
 * @param {number} a
 * @param {number} [z] for the activations that need it
 */
export const slope = (activation, a, z = NaN) => SLOPES[activation](a, z);

/**
 * Return where each layer's [W b] lies in the flat parameters, layer 1 first.
 * @param {number[]} sizes
 * @returns {Layer[]}
 */
export function layout(sizes) {
  let at = 0;
  return sizes.slice(1).map((outputs, l) => {
    const layer = { at, outputs, inputs: sizes[l] };
    at += outputs * (sizes[l] + 1);
    return layer;
  });
}

/**
 * Allocate the buffers for `columns` examples.
 * @param {number[]} sizes
 * @param {string[]} activations
 * @param {number} columns
 * @returns {Plan}
 */
export function plan(sizes, activations, columns) {
  const a = [null, ...sizes.slice(1).map((units) => new Float32Array(units * columns))];
  const z = a.map((rows, l) => (rows && NEEDS_Z.has(activations[l - 1]) ? rows.slice() : null));
  return { sizes, activations, columns, layers: layout(sizes), a, z };
}

/**
 * Fill and return plan.a for the parameters theta.
 * @param {Plan} plan
 * @param {Float32Array} theta
 * @param {Float32Array} input (rows.length, columns), the inputs listed in `rows`; inputs that are
 *   not listed are 0
 * @param {number[] | null} rows null for all inputs in their order
 */
export function forward(plan, theta, input, rows = null) {
  const { columns, layers, activations, a, z } = plan;
  let source = input;
  layers.forEach((layer, l) => {
    const target = /** @type {Float32Array} */ (a[l + 1]);
    const listed = l === 0 && rows ? rows : null;
    for (let from = 0; from < columns; from += TILE) {
      affine(theta, layer, listed, source, target, columns, from);
    }
    z[l + 1]?.set(target);
    activate(activations[l], target, layer.outputs, columns);
    source = target;
  });
  return a;
}

/**
 * Compute z = W a + b for the columns [from, from + TILE), four terms of the sum at a time.
 * @param {Float32Array} theta
 * @param {Layer} layer
 * @param {number[] | null} listed inputs that `source` holds
 * @param {Float32Array} source
 * @param {Float32Array} z
 * @param {number} columns
 * @param {number} from
 */
function affine(theta, layer, listed, source, z, columns, from) {
  const to = Math.min(from + TILE, columns);
  const terms = listed ? listed.length : layer.inputs;
  const weight = (/** @type {number} */ start, /** @type {number} */ k) =>
    k < terms ? theta[start + (listed ? listed[k] : k)] : 0;
  for (let j = 0; j < layer.outputs; j++) {
    const start = layer.at + j * (layer.inputs + 1);
    const row = j * columns;
    z.fill(theta[start + layer.inputs], row + from, row + to);
    for (let k = 0; k < terms; k += 4) {
      const w = [
        weight(start, k),
        weight(start, k + 1),
        weight(start, k + 2),
        weight(start, k + 3),
      ];
      add(z, row, source, k, Math.min(4, terms - k), w, columns, from, to);
    }
  }
}

/**
 * Add up to four terms of the sum, `count` of them, to the row of z that begins at `row`.
 * @param {Float32Array} z
 * @param {number} row
 * @param {Float32Array} source
 * @param {number} k the first input
 * @param {number} count
 * @param {number[]} weights
 * @param {number} columns
 * @param {number} from
 * @param {number} to
 */
function add(z, row, source, k, count, [w0, w1, w2, w3], columns, from, to) {
  const r0 = k * columns;
  const r1 = count > 1 ? r0 + columns : r0;
  const r2 = count > 2 ? r1 + columns : r0;
  const r3 = count > 3 ? r2 + columns : r0;
  if (count > 2) {
    for (let i = from; i < to; i++) {
      z[row + i] +=
        w0 * source[r0 + i] + w1 * source[r1 + i] + w2 * source[r2 + i] + w3 * source[r3 + i];
    }
  } else {
    for (let i = from; i < to; i++) z[row + i] += w0 * source[r0 + i] + w1 * source[r1 + i];
  }
}

/**
 * @param {string} name
 * @param {Float32Array} z
 * @param {number} units
 * @param {number} columns
 */
function activate(name, z, units, columns) {
  if (name === "softmax") softmax(z, units, columns);
  else ACTIVATIONS[name](z, 0, units * columns);
}

/**
 * Apply softmax in place. The largest z of a column is subtracted first, so that exp cannot overflow.
 * @param {Float32Array} z
 * @param {number} units
 * @param {number} columns
 */
function softmax(z, units, columns) {
  for (let i = 0; i < columns; i++) {
    let top = -Infinity;
    for (let j = 0; j < units; j++) top = Math.max(top, z[j * columns + i]);
    let sum = 0;
    for (let j = 0; j < units; j++) sum += z[j * columns + i] = Math.exp(z[j * columns + i] - top);
    for (let j = 0; j < units; j++) z[j * columns + i] /= sum;
  }
}
