import assert from "node:assert/strict";
import { test } from "node:test";
import { differenceWords, divergedWords, restingWords } from "../../../static/player/status.js";

const REST = {
  locked: "",
  state: "paused",
  message: "",
  epoch: 120,
  reached: 120,
  still: false,
  welcome: "welcome",
  hint: "hint",
};

test("an epoch at rest is described by the first of these that holds", () => {
  const rows = [
    [{}, "hint"],
    [{ reached: 0 }, "welcome"],
    [{ still: true, reached: 0 }, "Reduced motion is on: Train shows one step per second."],
    [{ state: "finished", still: true }, "Finished at epoch 120."],
    [{ state: "finished", message: "Stopped early." }, "Stopped early."],
    [{ state: "paused", message: "Stopped early." }, "hint"], // it was reached, and left again
    [{ locked: "Predict first.", state: "finished", message: "Stopped early." }, "Predict first."],
  ];
  for (const [change, words] of rows) assert.equal(restingWords({ ...REST, ...change }), words);
});

test("a loss counts as the link's up to a millionth", () => {
  assert.equal(differenceWords(3, 0.5, 0.5), "");
  assert.equal(differenceWords(3, 0.5 * (1 + 0.9e-6), 0.5), "");
  assert.match(differenceWords(3, 0.5 * (1 + 1.1e-6), 0.5), /epoch 3 is 0\.5/);
  assert.match(differenceWords(3, -0.5, -0.4), /25 % difference/);
});

test("a run that diverged names its last good epoch", () => {
  assert.equal(
    divergedWords(17),
    "Training diverged after epoch 17; this epoch is the last good one.",
  );
});
