import assert from "node:assert/strict";
import { test } from "node:test";
import { isWatched } from "../../../static/lessons/options.js";

const RUN = { watch: "0 run 2", run: "run 2", epochs: 100 };
const OPTIONS = { ...RUN, locked: "", speed: 1, bold: "train", view: [] };
const SHOWN = { run: "run 2", epoch: 100, resting: true, ended: false };

test("a run is watched when it rests at its last epoch", () => {
  assert.ok(isWatched(OPTIONS, SHOWN));
  assert.ok(isWatched(OPTIONS, { ...SHOWN, epoch: 120 }));
  for (const other of [{ epoch: 99 }, { resting: false }, { run: "run 1" }]) {
    assert.ok(!isWatched(OPTIONS, { ...SHOWN, ...other }));
  }
  assert.ok(!isWatched({ ...OPTIONS, locked: "Answer first." }, SHOWN));
});

test("a run that stopped early is watched, though it shows an earlier epoch", () => {
  assert.ok(isWatched(OPTIONS, { ...SHOWN, epoch: 6, ended: true }));
});
