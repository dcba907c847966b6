import assert from "node:assert/strict";
import { test } from "node:test";
import { cellWords, unitName } from "../../../static/shared/names.js";

const setup = {
  network: { sizes: [2, 3, 1], activations: [], inputs: ["x₁"], outputs: ["class 1"] },
  frozen_biases: true,
};

test("inputs and outputs have their own names, others layer and number", () => {
  assert.equal(unitName(setup, 0, 0), "x₁");
  assert.equal(unitName(setup, 0, 1), "input 2");
  assert.equal(unitName(setup, 1, 2), "layer 1, unit 3");
  assert.equal(unitName(setup, 2, 0), "output class 1");
});

test("a cell says which weight or bias it is, and its value", () => {
  const scene = { setup, sizes: [2, 3, 1], weight: () => -0.25 };
  assert.deepEqual(cellWords(scene, { layer: 1, row: 1, column: 0 }), [
    "W⁽¹⁾ from x₁ to layer 1, unit 2",
    "−0.25",
  ]);
  assert.deepEqual(cellWords(scene, { layer: 2, row: 0, column: 3 }), [
    "b⁽²⁾ of output class 1",
    "−0.25",
    "frozen: training does not change it",
  ]);
});
