import assert from "node:assert/strict";
import { test } from "node:test";
import { factors, isOne, largest, MOST, products } from "../../../static/trace/provenance.js";

const name = (text) => ({ tex: text, text, letter: text, transposed: false, layers: [] });
const cell = (value, symbol = name("W"), kind = "W") => ({
  read: { view: 0, symbol, kind, layer: 1 },
  i: 0,
  j: 0,
  value,
});
const term = (product) => ({ product });

test("few terms stay in their order", () => {
  const terms = Array.from({ length: MOST }, (_, k) => term(k));
  assert.deepEqual(largest(terms), { terms, rest: null });
});

test("of many terms the largest by size are shown, the others are counted and added up", () => {
  const terms = Array.from({ length: MOST + 3 }, (_, k) => term(k % 2 ? k : -k));
  const { terms: shown, rest } = largest(terms);
  assert.equal(shown.length, MOST);
  assert.equal(shown[0].product, -(MOST + 2));
  assert.deepEqual(rest, { count: 3, sum: 0 + 1 - 2 });
});

test("products are those of the pairs", () => {
  const found = products([[cell(2), cell(3)]]);
  assert.equal(found[0].product, 6);
});

test("the bias neuron is a row, and a column of what is transposed", () => {
  const labels = { sizes: [2, 1] };
  const at = (i, j, transposed) =>
    isOne(labels, {
      ...{ i, j },
      read: { view: 0, symbol: { ...name("x"), transposed }, kind: "x", layer: 0 },
    });
  assert.deepEqual([at(2, 0, false), at(0, 2, false)], [true, false]);
  assert.deepEqual([at(2, 0, true), at(0, 2, true)], [false, true]);
});

test("the bias neuron's 1 is no factor, and nor are the ones of a plain sum", () => {
  const labels = { sizes: [2, 1] };
  const input = { ...cell(5), read: { view: 1, symbol: name("x"), kind: "x", layer: 0 } };
  const bias = { ...input, i: 2, value: 1 };
  const weight = cell(7);
  const shown = factors(labels, [
    [weight, input],
    [weight, bias],
  ]);
  assert.deepEqual(shown, [[weight, input], [weight]]);
  const one = cell(1, null);
  assert.deepEqual(factors(labels, [[one, input]]), [[input]]);
});
