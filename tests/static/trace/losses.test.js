import assert from "node:assert/strict";
import { test } from "node:test";
import { LOSSES } from "../../../static/trace/losses.js";

// [loss, output a, target y, outputs K, the term by hand]
const TERMS = [
  ["mse", 3, 1, 1, 4],
  ["mse", 3, 1, 2, 2],
  ["half_mse", 3, 1, 2, 2],
  ["mae", 1, 4, 1, 3],
  ["mae", 1, 4, 3, 1],
  ["huber", 0.5, 0, 1, 0.125],
  ["huber", 4, 1, 1, 2.5],
  ["huber", 4, 1, 5, 0.5],
  ["poisson", 2, 0, 1, 2],
  ["poisson", 2, 3, 1, 2 - 3 * Math.log(2) + 3 * Math.log(3) - 3],
  ["bce", 0.25, 1, 1, Math.log(4)],
  ["bce", 0.25, 0, 1, Math.log(4 / 3)],
  ["bce", 0.5, 0.5, 2, Math.LN2 / 2],
  ["ce", 0.5, 1, 3, Math.LN2],
  ["ce", 0.5, 0, 3, 0],
];

test("the term of an output is the loss's formula", () => {
  for (const [name, a, y, K, expected] of TERMS) {
    const found = LOSSES[name].value(a, y, K);
    assert.ok(Math.abs(found - expected) < 1e-14, `${name}(${a}, ${y}): ${found}`);
  }
  assert.deepEqual(new Set(TERMS.map(([name]) => name)), new Set(Object.keys(LOSSES)));
});

test("the printed form leaves out what is 0 and divides by the number of outputs", () => {
  assert.equal(LOSSES.mse.form(1, 1), "({a} − {y})²");
  assert.equal(LOSSES.mse.form(1, 3), "({a} − {y})² / 3");
  assert.equal(LOSSES.bce.form(1, 1), "−ln {a}");
  assert.equal(LOSSES.bce.form(0, 2), "−ln(1 − {a}) / 2");
  assert.equal(LOSSES.ce.form(0, 3), null);
  assert.equal(LOSSES.ce.form(1, 3), "−ln {a}");
  assert.equal(LOSSES.poisson.form(0, 1), "{a}");
});
