import assert from "node:assert/strict";
import { test } from "node:test";
import { ColourRange } from "../../../static/run/range.js";

test("a range widens at once, in steps", () => {
  const range = new ColourRange();
  assert.equal(range.follow(0.03), 0.05);
  assert.equal(range.follow(0.3), 0.5);
  assert.equal(range.follow(0), 0.5);
});

test("it narrows only after many frames that need far less", () => {
  const range = new ColourRange();
  range.follow(1);
  const halves = Array.from({ length: 60 }, () => range.follow(0.001));
  assert.equal(halves[58], 1);
  assert.equal(halves[59], 0.001);
});

test("a range that is held stays, from its first frame on", () => {
  const range = new ColourRange();
  range.held = true;
  assert.equal(range.follow(0.03), 0.05);
  assert.equal(range.follow(0.3), 0.05);
  assert.equal(range.settle(0.3), false);
  range.held = false;
  assert.equal(range.follow(0.3), 0.5);
});

test("at rest it fits the frame", () => {
  const range = new ColourRange();
  range.follow(1);
  assert.equal(range.settle(0.2), true);
  assert.equal(range.half, 0.2);
  assert.equal(range.settle(0.2), false);
});
