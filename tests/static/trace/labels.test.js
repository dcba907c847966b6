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
const formula = (text) => ({ tex: text, text });
const theta = {
  view: 0,
  symbol: {
    ...formula("θ"),
    letter: "θ",
    transposed: false,
    layers: ["first", "last"].map(formula),
  },
  kind: "theta",
  layer: 0,
};

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
  assert.deepEqual(
    tables.map(({ symbol }) => symbol.text),
    ["first", "last"],
  );
});

test("a transposed matrix has its axes the other way round", () => {
  const views = [{ rows: 3, columns: 2, size: 6 }];
  const symbol = { ...formula("W⁽¹⁾"), letter: "W⁽¹⁾", transposed: false, layers: [] };
  const turned = { view: 0, symbol: { ...symbol, transposed: true }, kind: "W", layer: 1 };
  const axes = (entry) => {
    const [table] = new Labels(about, views).tables(entry);
    return [table.rowAxis.layer, table.columnAxis.layer];
  };
  assert.deepEqual(axes({ ...turned, symbol }), [1, 0]);
  assert.deepEqual(axes(turned), [0, 1]);
});

test("an array is named by its letter, one without a name is an intermediate value", () => {
  const own = new Labels(about, [{ rows: 4, columns: 2, size: 8 }]);
  const ones = { ...formula("[a⁽¹⁾; 1]"), letter: "a⁽¹⁾", transposed: false, layers: [] };
  const out = { view: 0, symbol: ones, kind: "out", layer: 1 };
  assert.equal(own.name(out, 0, 1), "a⁽¹⁾ of unit 1, example #9");
  assert.equal(
    own.name({ ...out, symbol: null }, 3, 0),
    "an intermediate value, the bias neuron, example #7",
  );
});

test("inputs without a name and the bias have labels", () => {
  const axis = { type: "unit", layer: 0 };
  assert.deepEqual(
    [0, 1, 2].map((k) => labels.label(axis, k)),
    ["width", "x2", "bias"],
  );
  assert.equal(labels.words({ type: "example", layer: 0 }, 1), "example #9");
});
