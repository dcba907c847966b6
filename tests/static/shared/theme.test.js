import assert from "node:assert/strict";
import { test } from "node:test";
import { blend, css, STEPS, shade, stepped, strokes } from "../../../static/shared/theme.js";

test("colours are mixed and written as CSS", () => {
  assert.deepEqual(blend([0, 100, 200], [100, 100, 0], 0.25), [25, 100, 150]);
  assert.equal(css([1.4, 2.6, 3], 0.5), "rgba(1,3,3,0.5)");
});

test("a value's place in a table of colours is cut off at both ends", () => {
  assert.equal(shade(0.5, 0.5, 2), STEPS);
  assert.equal(shade(1.5, 0.5, 2), STEPS + Math.round(STEPS / 2));
  assert.equal(shade(99, 0.5, 2), 2 * STEPS);
  assert.equal(shade(-99, 0.5, 2), 0);
  assert.equal(shade(NaN, 0, 1), 0);
});

test("a stepped table has the two ends only", () => {
  const table = Uint32Array.from({ length: 2 * STEPS + 1 }, (_, i) => i);
  const found = stepped(table);
  assert.deepEqual([...new Set(found)], [0, 2 * STEPS]);
  assert.deepEqual([found[STEPS - 1], found[STEPS]], [0, 2 * STEPS]);
});

test("pixels are read back as red, green and blue", () => {
  assert.deepEqual(strokes(Uint32Array.of(0xff030201)), ["rgba(1,2,3,1)"]);
});
