import assert from "node:assert/strict";
import { test } from "node:test";
import { exact, number, roundUp, steady, symbol, whole } from "../../../static/shared/format.js";

test("numbers have three significant digits and true signs", () => {
  const cases = [
    [0.5, "0.5"],
    [-0.12345, "−0.123"],
    [1234.5, "1\u202f230"],
    [0.00012345, "1.23e−4"],
    [1234567, "1.23e6"],
    [NaN, "–"],
    [-Infinity, "−∞"],
    [0, "0"],
  ];
  for (const [value, text] of cases) assert.equal(number(value), text);
});

test("a readout keeps the zeros at its end", () => {
  assert.equal(steady(0.5), "0.500");
  assert.equal(number(0.5), "0.5");
  assert.equal(steady(null), "–");
});

test("whole numbers have thin spaces between thousands", () => {
  assert.equal(whole(1234567), "1\u202f234\u202f567");
  assert.equal(whole(999), "999");
});

test("every digit of single precision is shown where it is asked for", () => {
  assert.equal(exact(Math.fround(0.1)), "0.1");
  assert.equal(exact(-1 / 3), "−0.33333333");
});

test("a symbol carries its layer above and its unit, counted from 1, below", () => {
  assert.equal(symbol("W", 2), "W⁽²⁾");
  assert.equal(symbol("a", 1, 2), "a⁽¹⁾₃");
});

test("sizes are rounded up to 1, 2, 5 or 10", () => {
  for (const [size, rounded] of [
    [0.3, 0.5],
    [1, 1],
    [1.01, 2],
    [60, 100],
    [0, 1],
  ]) {
    assert.ok(Math.abs(roundUp(size) - rounded) < 1e-12);
  }
});

test("powers of ten begin below 1e-3 and at 1e6, after rounding", () => {
  assert.equal(number(1e6), "1e6");
  assert.equal(number(999_400), "999\u202f000");
  assert.equal(number(999_900), "1e6");
  assert.equal(number(0.001), "0.001");
  assert.equal(number(0.000999), "9.99e−4");
});
