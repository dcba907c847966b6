// A message of the server: a JSON head and the number arrays that follow it.

/** @import { ArrayHead, Arrays, NumberArray } from "./types.js" */

/** @type {Record<string, typeof Float32Array | typeof Float64Array | typeof Int16Array | typeof Int32Array | typeof Uint8Array>} */
const TYPES = {
  f4: Float32Array,
  f8: Float64Array,
  i2: Int16Array,
  i4: Int32Array,
  u1: Uint8Array,
};

/**
 * Return the head and the arrays of a payload. It is little endian: a uint32 with the length of the
 * JSON head, the head, then arrays that each start at a multiple of 8.
 * @param {Uint8Array} bytes
 * @returns {{ meta: unknown, arrays: Arrays }}
 */
export function unpack(bytes) {
  const { buffer } = bytes.slice(); // a copy: typed arrays need aligned offsets
  const length = new DataView(buffer).getUint32(0, true);
  /** @type {{ arrays?: Record<string, ArrayHead> }} */
  const meta = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 4, length)));
  /** @type {Arrays} */
  const arrays = {};
  for (const [name, { dtype, shape, offset }] of Object.entries(meta.arrays ?? {})) {
    const count = shape.reduce((product, n) => product * n, 1);
    arrays[name] = { values: new TYPES[dtype](buffer, offset, count), shape };
  }
  return { meta, arrays };
}

/**
 * Return row `index` of an array of two dimensions, as a copy that does not keep the payload in
 * memory.
 * @template {Float32Array | Int16Array | Uint8Array} T
 * @param {NumberArray<T>} array
 * @param {number} index
 */
export function row({ values, shape }, index) {
  const width = shape[1];
  return /** @type {T} */ (values.slice(index * width, (index + 1) * width));
}
