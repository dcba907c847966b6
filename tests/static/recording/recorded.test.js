import assert from "node:assert/strict";
import { test } from "node:test";
import { Recorded } from "../../../static/recording/recorded.js";
import { AllFrames } from "../../../static/recording/recorded_player.js";

const ENDING = { state: "finished", message: "The recording ends.", trained: 20, best: null };

function recorded() {
  const taken = [];
  const meta = { answer: 0, run: "recording", ...ENDING, setup: { goto: 7, metric: "accuracy" } };
  const arrays = { epochs: { values: Int32Array.of(0, 10, 20), shape: [3] } };
  const source = new Recorded({ meta: { ...meta, story: [{ epoch: 0 }] }, arrays }, (head, body) =>
    taken.push({ head, body }),
  );
  return { source, taken, arrays };
}

const answered = () => new Promise((done) => setTimeout(done));

test("the whole run is handed over at epoch 0", () => {
  const { source, taken, arrays } = recorded();
  source.begin();
  const [{ head, body }] = taken;
  assert.equal(body, arrays);
  assert.deepEqual(head.setup, { goto: 0, reached: 0, serial: 1, metric: "accuracy" });
  assert.deepEqual(head.story, [{ epoch: 0 }]);
  assert.equal(head.answer, 0);
});

test("a request is answered with its number and how the run ended, later than it was sent", async () => {
  const { source, taken } = recorded();
  source.send({ id: 5, kind: "shown" });
  assert.deepEqual(taken, []);
  await answered();
  assert.deepEqual(taken, [{ head: { answer: 5, run: "recording 1", ...ENDING }, body: {} }]);
});

test("a reset begins the run again, as another one", async () => {
  const { source, taken, arrays } = recorded();
  source.begin();
  source.send({ id: 6, kind: "reset" });
  await answered();
  const { head, body } = taken[1];
  assert.deepEqual([head.answer, head.run, head.setup.serial], [6, "recording 2", 2]);
  assert.equal(body, arrays);
});

test("nothing is answered once the source is closed", async () => {
  const { source, taken } = recorded();
  source.send({ id: 7, kind: "shown" });
  source.close();
  await answered();
  assert.deepEqual(taken, []);
});

function every(stride, last) {
  const frames = new AllFrames();
  for (let epoch = 0; epoch <= last; epoch += stride) {
    const theta = new Float32Array(2);
    frames.add({ epoch, theta, delta: new Int16Array(2), scale: theta, muted: null }, 0);
  }
  return frames;
}

test("all frames up to the last one are ready", () => {
  const frames = every(5, 100);
  assert.equal(frames.frontier(10, 5, 4), 30);
  assert.equal(frames.frontier(90, 5, 130), 100);
  assert.equal(frames.frontier(100, 5, 130), 100);
});

test("the nearest recorded epoch stands for one that was left out", () => {
  const frames = every(5, 100);
  assert.deepEqual(
    [0, 2, 3, 50, 99, 140].map((epoch) => frames.nearest(epoch)),
    [0, 0, 5, 50, 100, 100],
  );
});
