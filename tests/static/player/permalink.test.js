import assert from "node:assert/strict";
import { test } from "node:test";
import {
  choicesOf,
  exampleOf,
  searchOf,
  viewOf,
  withEmbedding,
} from "../../../static/player/permalink.js";

const options = {
  backward: false,
  discretize: false,
  test: false,
  hold: false,
  example: null,
  focus: null,
};

test("an address holds the run, the epoch, a loss to check it by, and the example", () => {
  const shown = { query: "v=1&seed=3", epoch: 12, loss: 0.123456789 };
  assert.equal(
    searchOf({ ...shown, options: { ...options, example: 4 } }),
    "?v=1&seed=3&epoch=12&check=0.12345679&example=4",
  );
});

test("what is not known is left out", () => {
  assert.equal(searchOf({ query: "", epoch: 0, loss: 1, options }), "");
  assert.equal(searchOf({ query: "", epoch: 2, loss: NaN, options }), "?epoch=2");
});

test("an example is a whole number", () => {
  assert.equal(exampleOf("?example=12"), 12);
  for (const search of ["", "?example=", "?example=-1", "?example=1.5", "?example=x"]) {
    assert.equal(exampleOf(search), null);
  }
});

test("the switches of the views are in the address, and come back from it", () => {
  const on = { backward: true, discretize: false, test: false, hold: true };
  const search = searchOf({ query: "", epoch: 0, loss: 1, options: { ...options, ...on } });
  assert.equal(search, "?view=backward-hold");
  assert.deepEqual(viewOf(search), on);
  assert.deepEqual(viewOf("?view=x-test"), {
    backward: false,
    discretize: false,
    test: true,
    hold: false,
  });
});

test("the choices of a run are what is not about the screen", () => {
  const search = "?embed=true&dataset=xor&events=3:l2:0.1&epoch=4&check=1&view=hold";
  assert.equal(choicesOf(search), "dataset=xor&events=3:l2:0.1");
  assert.equal(choicesOf(""), "");
});

test("what an address says on embedding stays", () => {
  const known = "?embed=true&seed=1&embed_options=dark_theme&embed_options=show_padding";
  assert.equal(
    withEmbedding("?seed=2", known),
    "?seed=2&embed=true&embed_options=dark_theme&embed_options=show_padding",
  );
  assert.equal(withEmbedding("", "?seed=1"), "");
  assert.equal(withEmbedding("?seed=2", "?seed=1&present=1"), "?seed=2&present=1");
});
