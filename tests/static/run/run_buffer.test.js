import assert from "node:assert/strict";
import { test } from "node:test";
import { RunBuffer } from "../../../static/run/run_buffer.js";

/** The arrays of a message with frames of one number for each of the epochs. */
const message = (epochs) => ({
  epochs: { values: Int32Array.from(epochs), shape: [epochs.length] },
  theta: { values: Float32Array.from(epochs), shape: [epochs.length, 1] },
  delta: { values: Int16Array.from(epochs), shape: [epochs.length, 1] },
  delta_scale: { values: new Float32Array(epochs.length).fill(1), shape: [epochs.length, 1] },
  records: { values: Float32Array.from(epochs, (epoch) => 1 / epoch), shape: [epochs.length, 1] },
});

test("a message's frames and their losses are kept", () => {
  const buffer = new RunBuffer(["train"]);
  buffer.store(message([1, 2, 4]), 0);
  assert.deepEqual([...buffer.frames.get(4).theta], [4]);
  assert.deepEqual(buffer.losses(buffer.frames.get(4)), { train: 0.25, exact: true });
  assert.deepEqual(buffer.history.at("train", 3), { epoch: 2, value: 0.5 });
});

test("without a record the losses are those of the nearest epoch before", () => {
  const buffer = new RunBuffer(["train"]);
  buffer.store(message([2]), 0);
  assert.deepEqual(buffer.losses({ epoch: 3 }), { train: 0.5, exact: false });
});

test("a message with epochs but no frames is refused", () => {
  const { epochs } = message([1]);
  assert.throws(() => new RunBuffer(["train"]).store({ epochs }, 0), /without frames/);
});

test("forgetting reaches frames and history", () => {
  const buffer = new RunBuffer(["train"]);
  buffer.store(message([1, 2, 3]), 0);
  buffer.forgetAfter(1);
  assert.equal(buffer.frames.get(2), undefined);
  assert.equal(buffer.history.at("train", 9).epoch, 1);
});
