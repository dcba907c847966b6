import assert from "node:assert/strict";
import { test } from "node:test";
import { buffered, nextRequest, Pace } from "../../../static/player/prefetch.js";

const framesUpTo = (last) => ({
  frontier: (epoch, stride, count) => Math.min(last, epoch + stride * count),
});

test("the buffer counts the frames that are ready, not the epochs", () => {
  const playhead = { frames: framesUpTo(50), epoch: 10, stride: 5 };
  assert.deepEqual(buffered(playhead), { from: 50, ahead: 8 });
});

test("nothing is requested while enough frames are ready", () => {
  const playhead = {
    frames: framesUpTo(200),
    epoch: 0,
    stride: 1,
    limit: 1e6,
    bytes: 100,
    pace: 60,
  };
  assert.equal(nextRequest(playhead), null);
});

test("a request goes on where the frames end", () => {
  const playhead = {
    frames: framesUpTo(20),
    epoch: 0,
    stride: 2,
    limit: 1e6,
    bytes: 100,
    pace: 60,
  };
  assert.deepEqual(nextRequest(playhead), { from: 20, stride: 2, count: 90 });
});

test("a request stops at the limit of the run", () => {
  const playhead = {
    frames: framesUpTo(20),
    epoch: 0,
    stride: 10,
    limit: 25,
    bytes: 100,
    pace: 60,
  };
  assert.deepEqual(nextRequest(playhead), { from: 20, stride: 5, count: 1 });
  assert.equal(nextRequest({ ...playhead, limit: 20 }), null);
});

test("large frames are requested a few at a time", () => {
  const playhead = { frames: framesUpTo(0), epoch: 0, stride: 1, limit: 1e6, bytes: 1e6, pace: 60 };
  assert.equal(nextRequest(playhead).count, 4);
});

test("a server that feeds fewer frames a second is asked for fewer, down to a third", () => {
  const playhead = { frames: framesUpTo(20), epoch: 0, stride: 1, limit: 1e6, bytes: 100 };
  const counts = [60, 40, 25, 20, 5].map((pace) => nextRequest({ ...playhead, pace })?.count);
  assert.deepEqual(counts, [90, 60, undefined, undefined, undefined]);
  const empty = { ...playhead, frames: framesUpTo(0) };
  const few = [60, 40, 25, 20, 5].map((pace) => nextRequest({ ...empty, pace })?.count);
  assert.deepEqual(few, [90, 60, 38, 30, 30]);
});

test("a picture that the screen missed is made up by a larger stride, if that is allowed", () => {
  const pace = new Pace();
  assert.equal(pace.stride(100, 1000 / 60, false), 1);
  assert.equal(pace.stride(100, 2 * (1000 / 60), false), 2);
  assert.equal(pace.stride(100, 2 * (1000 / 60), true), 1);
  assert.equal(new Pace().stride(5, 100, false), 1);
});

test("few frames are spread out over the time until the next answer", () => {
  const pace = new Pace();
  assert.equal(pace.due(10, 80, 1), true); // the first frame is there at once
  const shown = Array.from({ length: 80 }, () => pace.due(10, 80, 1));
  assert.equal(shown.filter(Boolean).length, 10);
  assert.equal(new Pace().due(100, 1e6, 10), true);
});

test("the server's pace bounds the frames per second", () => {
  const pace = new Pace(20);
  const shown = Array.from({ length: 61 }, () => pace.due(100, 0, 1000 / 60));
  assert.equal(shown.filter(Boolean).length, 21);
  const fastest = new Pace(60);
  assert.ok(Array.from({ length: 60 }, () => fastest.due(100, 0, 1000 / 60)).every(Boolean));
});
