import assert from "node:assert/strict";
import { test } from "node:test";
import { Selection } from "../../../static/walker/selection.js";

const unit = (layer) => ({ type: "unit", layer });
const EXAMPLE = { type: "example", layer: 0 };

test("what is chosen stays for its kind of axis and its layer", () => {
  const selection = new Selection({ sizes: [2, 4, 3] });
  selection.take(unit(1), 3);
  selection.take(EXAMPLE, 5);
  assert.equal(selection.at(unit(1), 4), 3);
  assert.equal(selection.at(unit(2), 3), 0);
  assert.equal(selection.at(EXAMPLE, 9), 5);
  assert.equal(selection.at({ type: "one", layer: 0 }, 1), 0);
});

test("a choice beyond the end of an axis is its last place", () => {
  const selection = new Selection({ sizes: [2, 4] });
  selection.take(EXAMPLE, 5);
  assert.equal(selection.at(EXAMPLE, 2), 1);
  assert.equal(selection.example, 5);
});
