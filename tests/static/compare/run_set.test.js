import assert from "node:assert/strict";
import { test } from "node:test";
import { RunBuffers, split } from "../../../static/compare/run_set.js";

/** The arrays of frames at some epochs of a run with one parameter, whose loss is 1 / (epoch + 1). */
function framesOf(run, epochs) {
  const column = (Type, values, width = 1) => ({
    values: Type.from(values),
    shape: [epochs.length, width],
  });
  const arrays = {
    epochs: { values: Int32Array.from(epochs), shape: [epochs.length] },
    theta: column(Float32Array, epochs),
    delta: column(Int16Array, epochs),
    delta_scale: column(Float32Array, epochs),
    records: column(
      Float32Array,
      epochs.map((epoch) => 1 / (epoch + 1)),
    ),
  };
  return Object.fromEntries(Object.entries(arrays).map(([name, one]) => [`${run}.${name}`, one]));
}

const runs = [{ series: ["train"] }, { series: ["train"] }];
const ok = (trained) => ({ state: "ok", trained, message: "" });

test("the arrays of a message belong to the run before the first dot", () => {
  assert.deepEqual(split({ "0.theta": 1, "1.a.b": 2, "7.theta": 3 }, 2), [
    { theta: 1 },
    { "a.b": 2 },
  ]);
});

test("an epoch is there when every run has it", () => {
  const buffers = new RunBuffers(runs);
  buffers.setStates([ok(4), ok(4)]);
  buffers.store({ ...framesOf(0, [1, 2, 3]), ...framesOf(1, [1, 2]) }, 0);
  assert.deepEqual(
    buffers.frames.get(2).parts.map(({ epoch }) => epoch),
    [2, 2],
  );
  assert.equal(buffers.frames.get(3), undefined);
  assert.equal(buffers.frames.frontier(0, 1, 100), 2);
});

test("a run that has ended stays at its last epoch", () => {
  const buffers = new RunBuffers(runs);
  buffers.setStates([{ ...ok(2), state: "diverged" }, ok(4)]);
  buffers.store({ ...framesOf(0, [1, 2]), ...framesOf(1, [1, 2, 3, 4]) }, 0);
  assert.deepEqual(
    buffers.frames.get(4).parts.map(({ epoch }) => epoch),
    [2, 4],
  );
  assert.equal(buffers.frames.next(2, 1).epoch, 3);
  assert.equal(buffers.frames.frontier(0, 1, 100), 4);
  const [first, second] = buffers.history.losses(buffers.frames.get(4));
  assert.ok(Math.abs(first.train - 1 / 3) < 1e-6 && Math.abs(second.train - 1 / 5) < 1e-6);
  assert.equal(buffers.history.at("1.train", 4).epoch, 4);
});

test("of each run the browser says up to which epoch it knows the history", () => {
  const buffers = new RunBuffers(runs);
  assert.deepEqual(buffers.known, [-1, -1]);
  buffers.store({ ...framesOf(0, [0, 1, 2]), ...framesOf(1, [0, 1]) }, 0);
  assert.deepEqual(buffers.known, [2, 1]);
});
