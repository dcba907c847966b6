import assert from "node:assert/strict";
import { test } from "node:test";
import { exampleOf, searchOf } from "../../../static/player/permalink.js";

test("an address holds the run, the epoch, a loss to check it by, and the example", () => {
  const shown = { query: "v=1&seed=3", epoch: 12, loss: 0.123456789, example: 4 };
  assert.equal(searchOf(shown), "?v=1&seed=3&epoch=12&check=0.12345679&example=4");
});

test("what is not known is left out", () => {
  assert.equal(searchOf({ query: "", epoch: 0, loss: 1, example: null }), "");
  assert.equal(searchOf({ query: "", epoch: 2, loss: NaN, example: null }), "?epoch=2");
});

test("an example is a whole number", () => {
  assert.equal(exampleOf("?example=12"), 12);
  for (const search of ["", "?example=", "?example=-1", "?example=1.5", "?example=x"]) {
    assert.equal(exampleOf(search), null);
  }
});
