// One message of the server, taken apart: a JSON head and the number arrays that follow it.

const TYPES = {
  f4: Float32Array,
  f8: Float64Array,
  i2: Int16Array,
  i4: Int32Array,
  u1: Uint8Array,
};

/**
 * {meta, arrays} of a payload: little endian, a uint32 with the length of the JSON head, the head,
 * then arrays that each start at a multiple of 8. arrays[name] = {values, shape}.
 */
export function unpack(bytes) {
  const buffer = bytes.slice().buffer; // a copy of its own: typed arrays need aligned offsets
  const length = new DataView(buffer).getUint32(0, true);
  const meta = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 4, length)));
  const arrays = {};
  for (const [name, { dtype, shape, offset }] of Object.entries(meta.arrays ?? {})) {
    const count = shape.reduce((product, n) => product * n, 1);
    arrays[name] = { values: new TYPES[dtype](buffer, offset, count), shape };
  }
  return { meta, arrays };
}

/** Row `index` of an array of two dimensions, as a copy that does not hold the payload in memory. */
export function row({ values, shape }, index) {
  const width = shape[1];
  return values.slice(index * width, (index + 1) * width);
}
