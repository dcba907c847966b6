import assert from "node:assert/strict";
import { test } from "node:test";
import {
  controlsOf,
  nextPlace,
  typesText,
  withControls,
  withPresent,
} from "../../../static/present/views.js";

test("an address says whether the page is presented, and keeps the rest as it is written", () => {
  assert.equal(withPresent("?seed=2&events=3:l2:0.1", true), "?seed=2&events=3:l2:0.1&present=1");
  assert.equal(withPresent("?present=1&seed=2", true), "?seed=2&present=1");
  assert.equal(withPresent("?seed=2&present=1", false), "?seed=2");
  assert.equal(withPresent("?present=1", false), "");
  assert.equal(withPresent("", true), "?present=1");
});

test("the first and the last view are the ends", () => {
  const views = ["a", "b", "c"].map((name) => ({ name }));
  assert.equal(nextPlace(views, "a", 1), 1);
  assert.equal(nextPlace(views, "c", 1), 2);
  assert.equal(nextPlace(views, "a", -1), 0);
  assert.equal(nextPlace(views, "unknown", 1), 0);
});

test("without a page no key is a text", () => {
  globalThis.Element ??= class {};
  assert.equal(typesText(null), false);
});

test("an address says which controls are hidden and locked, and keeps the rest", () => {
  const states = controlsOf("?seed=2&lock=hidden-l2&hide=noise");
  assert.deepEqual(states, { hidden: "lock", l2: "lock", noise: "hide" });
  assert.equal(withControls("?hide=l1&seed=2", states), "?seed=2&hide=noise&lock=hidden-l2");
  assert.equal(withControls("?hide=l1&lock=l2", {}), "");
  assert.deepEqual(controlsOf("?seed=2"), {});
});
