import assert from "node:assert/strict";
import { test } from "node:test";
import { classColour } from "../../../static/sidebar/paint_picture.js";

const palette = { negative: "orange", positive: "blue", classes: ["a", "b", "c"] };

test("two classes have the colours of negative and positive", () => {
  assert.deepEqual(
    [0, 1].map((k) => classColour(k, 2, palette)),
    ["orange", "blue"],
  );
});

test("more classes have hues of their own, in turn", () => {
  assert.deepEqual(
    [0, 1, 2, 3].map((k) => classColour(k, 7, palette)),
    ["a", "b", "c", "a"],
  );
});
