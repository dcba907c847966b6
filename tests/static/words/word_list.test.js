import assert from "node:assert/strict";
import { test } from "node:test";
import { isFound } from "../../../static/words/word_list.js";

const delta = {
  name: "delta",
  anchor: "delta",
  meaning: "How much the loss changes.",
  others: ["δ", "error term"],
};

test("a word is found by its names and by its meaning", () => {
  for (const sought of ["", "  ", "del", "DELTA", "δ", "error", "loss"]) {
    assert.ok(isFound(delta, sought), sought);
  }
  assert.ok(!isFound(delta, "momentum"));
});
