// Numbers and symbols as people read them.

const SUPERSCRIPT = "⁰¹²³⁴⁵⁶⁷⁸⁹";
const SUBSCRIPT = "₀₁₂₃₄₅₆₇₈₉";

/**
 * @param {number} n
 * @param {string} alphabet
 */
const spell = (n, alphabet) => [...String(n)].map((digit) => alphabet[Number(digit)]).join("");

/**
 * Return a symbol with its layer above, in parentheses, since a bare ² would be a power, and its
 * unit (counted from 1) below: W⁽²⁾, a⁽¹⁾₃.
 * @param {string} letter
 * @param {number} layer
 * @param {number | null} unit counted from 0
 */
export const symbol = (letter, layer, unit = null) =>
  `${letter}⁽${spell(layer, SUPERSCRIPT)}⁾${unit === null ? "" : spell(unit + 1, SUBSCRIPT)}`;

/**
 * Return a whole number with narrow spaces between thousands: 12 400.
 * @param {number | string} n
 */
export const whole = (n) => String(n).replace(/\B(?=(\d{3})+$)/g, "\u202f");

/**
 * Return a number like `number` does, but with the zeros at its end, so that a running readout keeps
 * its width.
 * @param {number | null | undefined} value
 * @param {number} significant digits
 */
export function steady(value, significant = 3) {
  if (value === null || value === undefined || Number.isNaN(value)) return "–";
  if (!Number.isFinite(value)) return value < 0 ? "−∞" : "∞";
  const size = Number(Math.abs(value).toPrecision(significant)); // 999 999 becomes 1e6
  const powers = size !== 0 && (size < 1e-3 || size >= 1e6);
  const text = size === 0 ? "0" : powers ? scientific(size, significant) : plain(size, significant);
  return (value < 0 && size ? "−" : "") + text;
}

/**
 * Return a number with three significant digits; e-notation below 1e-3 and from 1e6; a true minus;
 * "–" for none.
 * @param {number | null | undefined} value
 * @param {number} significant digits
 */
export const number = (value, significant = 3) =>
  steady(value, significant)
    .replace(/(\.\d*?)0+(?=e|$)/, "$1")
    .replace(/\.(?=e|$)/, "");

/**
 * Return every digit that a single-precision number holds.
 * @param {number} value
 */
export const exact = (value) =>
  Number.isFinite(value) ? String(Number(value.toPrecision(8))).replace("-", "−") : number(value);

/**
 * @param {number} size
 * @param {number} significant
 */
function scientific(size, significant) {
  const [mantissa, exponent] = size.toExponential(significant - 1).split("e");
  return `${mantissa}e${exponent.replace("+", "").replace("-", "−")}`;
}

/**
 * @param {number} size
 * @param {number} significant
 */
function plain(size, significant) {
  const before = Math.floor(Math.log10(size)) + 1;
  const text = size.toFixed(Math.max(0, Math.min(8, significant - before)));
  const [integer, fraction] = text.split(".");
  return whole(integer) + (fraction ? `.${fraction}` : "");
}

/**
 * Return the smallest of 1, 2, 5, 10, 20, ... that is not below a size: colour ranges and axes widen
 * by these steps.
 * @param {number} size
 */
export function roundUp(size) {
  if (!(size > 0)) return 1;
  if (!Number.isFinite(size)) return 1e38; // single precision ends here
  const power = 10 ** Math.floor(Math.log10(size));
  const steps = [1, 2, 5, 10].map((step) => step * power);
  return steps.find((step) => step >= size * (1 - 1e-9)) ?? 10 * power;
}
