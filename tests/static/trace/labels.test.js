import assert from "node:assert/strict";
import { test } from "node:test";
import { Labels, offset } from "../../../static/trace/labels.js";

const about = {
  epoch: 4,
  examples: ["#7 yes", "#9 no"],
  network: { sizes: [2, 3, 1], activations: [], inputs: ["width"], outputs: ["yes"] },
};
// theta is a column of all parameters: 3 * (2 + 1) + 1 * (3 + 1)
const labels = new Labels(about, [{ rows: 13, columns: 1, size: 13 }]);
const theta = { view: 0, symbol: "\\theta", kind: "theta", layer: 0 };

test("a place in the vector of all parameters is a unit and an input of a layer", () => {
  assert.equal(offset([2, 3, 1], 2), 9);
  assert.deepEqual(labels.parameter(theta, 0, 0), { layer: 1, unit: 0, below: 0 });
  assert.deepEqual(labels.parameter(theta, 8, 0), { layer: 1, unit: 2, below: 2 });
  assert.deepEqual(labels.parameter(theta, 9, 0), { layer: 2, unit: 0, below: 0 });
  assert.deepEqual(labels.parameter(theta, 12, 0), { layer: 2, unit: 0, below: 3 });
});

test("the place of a parameter leads back to it", () => {
  for (let place = 0; place < 13; place++)
    assert.equal(labels.index(labels.parameter(theta, place, 0)), place);
});

test("weights are called by the units they join, biases by their unit", () => {
  assert.equal(
    labels.parameterName({ layer: 1, unit: 1, below: 0 }),
    "W⁽¹⁾ from input width to unit 2",
  );
  assert.equal(labels.parameterName({ layer: 1, unit: 0, below: 2 }), "b⁽¹⁾ of unit 1");
  assert.equal(
    labels.parameterName({ layer: 2, unit: 0, below: 1 }),
    "W⁽²⁾ from unit 2 to output yes",
  );
});

test("the vector of all parameters has a table for each layer", () => {
  const tables = labels.tables(theta);
  assert.deepEqual(
    tables.map(({ rows, columns }) => [rows, columns]),
    [
      [3, 3],
      [1, 4],
    ],
  );
  assert.deepEqual(tables[1].cell(0, 3), [12, 0]);
});

test("inputs without a name and the bias have labels", () => {
  const axis = { type: "unit", layer: 0 };
  assert.deepEqual(
    [0, 1, 2].map((k) => labels.label(axis, k)),
    ["width", "x2", "bias"],
  );
  assert.equal(labels.words({ type: "example", layer: 0 }, 1), "example #9");
});
