import assert from "node:assert/strict";
import { test } from "node:test";
import { row, unpack } from "../../../static/shared/payload.js";

/** A payload with one array of doubles (2, 3), behind `shift` bytes that do not belong to it. */
function payload(shift) {
  const head = { arrays: { w: { dtype: "f8", shape: [2, 3], offset: 128 } }, run: "ü" };
  const text = new TextEncoder().encode(JSON.stringify(head));
  const bytes = new Uint8Array(shift + 128 + 48);
  new DataView(bytes.buffer).setUint32(shift, text.length, true);
  bytes.set(text, shift + 4);
  bytes.set(new Uint8Array(Float64Array.of(1, 2, 3, 4, 5, 6).buffer), shift + 128);
  return bytes.subarray(shift);
}

test("a payload is a head and arrays, wherever its bytes begin", () => {
  for (const shift of [0, 3]) {
    const { meta, arrays } = unpack(payload(shift));
    assert.equal(meta.run, "ü");
    assert.deepEqual(arrays.w.shape, [2, 3]);
    assert.deepEqual([...arrays.w.values], [1, 2, 3, 4, 5, 6]);
  }
});

test("a row is a copy", () => {
  const { arrays } = unpack(payload(0));
  const second = row(arrays.w, 1);
  assert.deepEqual([...second], [4, 5, 6]);
  assert.notEqual(second.buffer, arrays.w.values.buffer);
});
