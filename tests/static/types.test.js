// The types of static/ have no way out: no unchecked value, no suppressed error.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";

const ROOT = new URL("../../static/", import.meta.url);
const WAYS_OUT =
  /@ts-(?:ignore|expect-error|nocheck)|biome-ignore|\{any\}|[<:|(,] ?any\b(?=[\s>|)\]},;])/;

test("no module of static/ turns its types off", () => {
  const files = readdirSync(ROOT, { recursive: true }).filter((name) => /\.(js|ts)$/.test(name));
  assert.ok(files.length > 50);
  const found = files.filter((name) => WAYS_OUT.test(readFileSync(new URL(name, ROOT), "utf8")));
  assert.deepEqual(found, []);
  assert.ok(WAYS_OUT.test("/** @param {any} x */") && WAYS_OUT.test("Record<string, any>"));
});
