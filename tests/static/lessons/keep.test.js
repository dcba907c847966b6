import assert from "node:assert/strict";
import { test } from "node:test";
import { isAsked, mount } from "../../../static/lessons/keep.js";

const KEPT = '{"done":{"four_points":1},"keys":{}}';
const PAGE = { kept: KEPT, new: true, known: false, needed: false };

/**
 * Return what the browser has said, and keeps, after a message of the page.
 * @param {typeof PAGE} page
 * @param {string | null} before
 */
function afterMessage(page, before) {
  const said = [];
  let held = before;
  globalThis.localStorage = {
    getItem: () => held,
    setItem: (_, text) => {
      held = text;
    },
  };
  mount({ data: JSON.stringify(page), setTriggerValue: (_, text) => said.push(text) });
  return { said, held };
}

test("a browser that keeps nothing says nothing, and keeps what is new", () => {
  assert.deepEqual(afterMessage(PAGE, null), { said: [], held: KEPT });
  assert.deepEqual(afterMessage({ ...PAGE, new: false }, null), { said: [], held: null });
});

test("what is kept is said before it is replaced", () => {
  const other = '{"done":{"patience":0.5},"keys":{}}';
  assert.deepEqual(afterMessage(PAGE, other), { said: [other], held: other });
  assert.deepEqual(afterMessage({ ...PAGE, known: true }, other), { said: [], held: KEPT });
});

test("a page that has kept all of it itself hears nothing", () => {
  assert.deepEqual(afterMessage(PAGE, KEPT), { said: [], held: KEPT });
});

test("a class waits for what is kept, and hears that there is nothing", () => {
  assert.ok(isAsked({ ...PAGE, needed: true }, ""));
  assert.deepEqual(afterMessage({ ...PAGE, needed: true }, null), { said: ["{}"], held: null });
  assert.ok(!isAsked({ ...PAGE, needed: true, known: true }, ""));
});
