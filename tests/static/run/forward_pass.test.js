// The forward pass in the browser against the numbers of the engine.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { forward, layout, plan, slope } from "../../../static/run/forward_pass.js";

const fixture = (name) => JSON.parse(readFileSync(new URL(`../${name}.json`, import.meta.url)));

function near(found, expected, bound, what) {
  assert.equal(found.length, expected.length);
  found.forEach((value, i) => {
    const off = Math.abs(value - expected[i]) / Math.max(1, Math.abs(expected[i]));
    assert.ok(off < bound, `${what}: ${value} instead of ${expected[i]}`);
  });
}

const { z, activations } = fixture("activations");

for (const [name, { a, slope: slopes }] of Object.entries(activations)) {
  test(`${name} and its slope are those of the engine`, () => {
    // One unit with weight 1 and bias 0: a = f(z).
    const one = plan([1, 1], [name], z.length);
    const [, found] = forward(one, Float32Array.of(1, 0), Float32Array.from(z));
    near([...found], a, 2e-6, `f of ${name}`);
    const back = a.map((value, i) => slope(name, value, z[i]));
    near(back, slopes, 1e-9, `f' of ${name}`);
  });
}

test("a network of three layers gives the outputs of the engine", () => {
  const { sizes, activations: names, theta, x, columns, output } = fixture("network");
  const buffers = plan(sizes, names, columns);
  const a = forward(buffers, Float32Array.from(theta), Float32Array.from(x));
  near([...a.at(-1)], output, 1e-5, "output");
});

test("inputs that are not listed count as 0", () => {
  const buffers = plan([3, 1], ["linear"], 2);
  const theta = Float32Array.of(1, 10, 100, 0.5); // w1 w2 w3 b
  const [, found] = forward(buffers, theta, Float32Array.of(1, 2, 3, 4), [0, 2]);
  assert.deepEqual([...found], [301.5, 402.5]);
});

test("softmax adds up to 1 and does not overflow", () => {
  const buffers = plan([1, 3], ["softmax"], 1);
  const [, found] = forward(buffers, Float32Array.of(1e4, 0, 1e4, 0, 0, 0), Float32Array.of(1));
  assert.deepEqual([...found], [0.5, 0.5, 0]);
});

test("the layout finds every layer's weights in the flat parameters", () => {
  assert.deepEqual(layout([2, 3, 1]), [
    { at: 0, outputs: 3, inputs: 2 },
    { at: 9, outputs: 1, inputs: 3 },
  ]);
});
