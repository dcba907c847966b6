import assert from "node:assert/strict";
import { test } from "node:test";
import { Frames } from "../../../static/run/frames.js";

const frame = (epoch, size = 10) => ({
  epoch,
  theta: new Float32Array(size),
  delta: new Int16Array(size),
  scale: new Float32Array(1),
  muted: null,
});

function store(epochs, limit) {
  const frames = new Frames(limit);
  for (const epoch of epochs) frames.add(frame(epoch), 0);
  return frames;
}

test("frames are found by their epoch, in whichever order they came", () => {
  const frames = store([3, 1, 2]);
  assert.deepEqual(frames.epochs, [1, 2, 3]);
  assert.equal(frames.get(2).epoch, 2);
  assert.equal(frames.get(4), undefined);
});

test("a frame that comes again takes the place of the first", () => {
  const frames = store([1, 1]);
  assert.deepEqual(frames.epochs, [1]);
  assert.equal(frames.bytes, store([1]).bytes);
});

test("the next frame is the farthest within the stride, else the nearest later one", () => {
  const frames = store([0, 2, 4, 10]);
  assert.equal(frames.next(0, 4).epoch, 4);
  assert.equal(frames.next(0, 1).epoch, 2);
  assert.equal(frames.next(4, 2).epoch, 10);
  assert.equal(frames.next(10, 5), undefined);
});

test("the frontier ends at the first gap wider than the stride", () => {
  const frames = store([0, 1, 2, 5, 6]);
  assert.equal(frames.frontier(0, 1, 100), 2);
  assert.equal(frames.frontier(0, 3, 100), 6);
  assert.equal(frames.frontier(0, 1, 1), 1);
});

test("forgetting drops the later epochs and their bytes", () => {
  const frames = store([1, 2, 3]);
  frames.forgetAfter(1);
  assert.deepEqual(frames.epochs, [1]);
  assert.equal(frames.bytes, store([1]).bytes);
  assert.equal(frames.get(3), undefined);
});

test("too many bytes drop the frames farthest from the epoch on the screen", () => {
  const frames = new Frames(20_000);
  for (let epoch = 0; epoch < 60; epoch++) frames.add(frame(epoch), 59);
  assert.ok(frames.bytes <= 20_000);
  assert.equal(frames.get(0), undefined);
  assert.equal(frames.get(59).epoch, 59);
});
