import assert from "node:assert/strict";
import { test } from "node:test";
import { BINDS, digits, exactly } from "../../../static/trace/digits.js";

test("a number has as many significant digits as are asked for, and a true minus", () => {
  assert.equal(digits(-0.123456, 4), "−0.1235");
  assert.equal(digits(2, 4), "2");
  assert.equal(digits(0.1234567891234, 9), "0.123456789");
  assert.equal(digits(-Infinity, 4), "−∞");
});

test("every digit brings the number back", () => {
  for (const value of [1 / 3, 0.1 + 0.2, 12345.678]) assert.equal(Number(exactly(value)), value);
});

test("a negative number needs parentheses behind an operator", () => {
  for (const before of ["2 − ", "x × ", "√"]) assert.ok(BINDS.test(before), before);
  for (const before of ["", "exp(", "if "]) assert.ok(!BINDS.test(before), before);
});
