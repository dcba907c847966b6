// Forward pass of the network, z = W a + b and a = f(z), for many examples at once.
//
// One column per example. A block of m examples is a Float32Array of rows, row after row: unit j of
// a layer owns the numbers [j*m, (j+1)*m). The parameters come flat, layer by layer, each layer
// [W b] row by row. Pure: no DOM, no state beyond the buffers that `plan` allocates once.

const TILE = 512; // columns worked on at once, so that a layer's rows stay in the fast cache
const LEAK = 0.01;

const sigmoid = (z) => 1 / (1 + Math.exp(-z));

// The share of a normal distribution below z: a series near 0, a continued fraction beyond.
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

function quickShare(z) {
  if (!(z > -REACH)) return z === z ? 0 : z;
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

const NEEDS_Z = new Set(["gelu", "silu"]); // they fall before they rise: a alone does not tell z

// f'(z) told from a = f(z), and from z where a is not enough. Softmax has no slope of its own: its
// units depend on one another.
const SLOPES = {
  linear: () => 1,
  sigmoid: (a) => a * (1 - a),
  tanh: (a) => 1 - a * a,
  relu: (a) => (a > 0 ? 1 : 0),
  leaky_relu: (a) => (a > 0 ? 1 : LEAK),
  elu: (a) => 1 + Math.min(a, 0),
  gelu: (a, z) => normalShare(z) + (z * Math.exp((-z * z) / 2)) / Math.sqrt(2 * Math.PI),
  silu: (a, z) => sigmoid(z) + a * (1 - sigmoid(z)),
  softplus: (a) => -Math.expm1(-a),
  exp: (a) => a,
  softmax: () => 1,
};

export const slope = (activation, a, z) => SLOPES[activation](a, z);

/** Where each layer's [W b] lies in the flat parameters: [{at, outputs, inputs}], layer 1 first. */
export function layout(sizes) {
  let at = 0;
  return sizes.slice(1).map((outputs, l) => {
    const layer = { at, outputs, inputs: sizes[l] };
    at += outputs * (sizes[l] + 1);
    return layer;
  });
}

/**
 * Buffers for `columns` examples: a[0] is null (the input is the caller's), a[l] is (n_l, columns);
 * z[l] is as large where the slope of layer l needs it, else null.
 */
export function plan(sizes, activations, columns) {
  const a = [null, ...sizes.slice(1).map((units) => new Float32Array(units * columns))];
  const z = a.map((rows, l) => (l && NEEDS_Z.has(activations[l - 1]) ? rows.slice() : null));
  return { sizes, activations, columns, layers: layout(sizes), a, z };
}

/**
 * Fills and returns plan.a for the parameters theta. `input` is (rows.length, columns) and holds the
 * inputs listed in `rows`; inputs that are not listed are 0. Without `rows` it holds all of them.
 */
export function forward(plan, theta, input, rows = null) {
  const { columns, layers, activations, a, z } = plan;
  layers.forEach((layer, l) => {
    const source = l === 0 ? input : a[l];
    const listed = l === 0 && rows ? rows : null;
    for (let from = 0; from < columns; from += TILE) {
      affine(theta, layer, listed, source, a[l + 1], columns, from);
    }
    z[l + 1]?.set(a[l + 1]);
    activate(activations[l], a[l + 1], layer.outputs, columns);
  });
  return a;
}

// z = W a + b for the columns [from, from + TILE), four terms of the sum at a time.
function affine(theta, layer, listed, source, z, columns, from) {
  const to = Math.min(from + TILE, columns);
  const terms = listed ? listed.length : layer.inputs;
  const weight = (start, k) => (k < terms ? theta[start + (listed ? listed[k] : k)] : 0);
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

function activate(name, z, units, columns) {
  if (name === "softmax") softmax(z, units, columns);
  else ACTIVATIONS[name](z, 0, units * columns);
}

// The largest z of a column is taken off first, so that exp cannot overflow.
function softmax(z, units, columns) {
  for (let i = 0; i < columns; i++) {
    let top = -Infinity;
    for (let j = 0; j < units; j++) top = Math.max(top, z[j * columns + i]);
    let sum = 0;
    for (let j = 0; j < units; j++) sum += z[j * columns + i] = Math.exp(z[j * columns + i] - top);
    for (let j = 0; j < units; j++) z[j * columns + i] /= sum;
  }
}
