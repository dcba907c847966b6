import assert from "node:assert/strict";
import { test } from "node:test";
import { crosses } from "../../../static/views/free_place.js";

const columns = [
  [{ layer: 0, unit: 0, x: 50, y: 100 }],
  [
    { layer: 1, unit: 0, x: 250, y: 30 },
    { layer: 1, unit: 1, x: 250, y: 170 },
  ],
];
const box = { left: 0, top: 0, width: 60, height: 40 };

test("a corner where nothing is drawn is free", () => {
  assert.equal(crosses(box, columns, 20, []), false);
});

test("a text on a unit, on a line or on a control is not", () => {
  assert.equal(crosses({ ...box, top: 90 }, columns, 20, []), true);
  assert.equal(crosses({ ...box, left: 120, top: 50 }, columns, 20, []), true);
  const control = { left: 50, top: 20, width: 24, height: 24 };
  assert.equal(crosses(box, columns, 20, [control]), true);
});

test("a text beside a line is free only with a margin", () => {
  const low = { left: 0, top: 150, width: 100, height: 40 };
  assert.equal(crosses(low, columns, 20, []), false);
  assert.equal(crosses({ ...low, top: 120 }, columns, 20, []), true);
});
