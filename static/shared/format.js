// Numbers and symbols as people read them.

const SUPERSCRIPT = "⁰¹²³⁴⁵⁶⁷⁸⁹";
const SUBSCRIPT = "₀₁₂₃₄₅₆₇₈₉";
const digits = (n, alphabet) => [...String(n)].map((digit) => alphabet[digit]).join("");

/**
 * A symbol with its layer above, in parentheses, since a bare ² would be a power, and its unit
 * (counted from 1) below: W⁽²⁾, a⁽¹⁾₃.
 */
export const symbol = (letter, layer, unit = null) =>
  `${letter}⁽${digits(layer, SUPERSCRIPT)}⁾` + (unit === null ? "" : digits(unit + 1, SUBSCRIPT));

/** Whole numbers with narrow spaces between thousands: 12 400. */
export const whole = (n) => String(n).replace(/\B(?=(\d{3})+$)/g, "\u202f");

/** Like `number` with the zeros at its end, so that a running readout keeps its width. */
export function steady(value, significant = 3) {
  if (value === null || value === undefined || Number.isNaN(value)) return "–";
  if (!Number.isFinite(value)) return value < 0 ? "−∞" : "∞";
  const size = Number(Math.abs(value).toPrecision(significant)); // 999 999 becomes 1e6
  const powers = size !== 0 && (size < 1e-3 || size >= 1e6);
  const text = size === 0 ? "0" : powers ? scientific(size, significant) : plain(size, significant);
  return (value < 0 && size ? "−" : "") + text;
}

/** Three significant digits; e-notation below 1e-3 and from 1e6; a true minus; "–" for none. */
export const number = (value, significant = 3) =>
  steady(value, significant)
    .replace(/(\.\d*?)0+(?=e|$)/, "$1")
    .replace(/\.(?=e|$)/, "");

/** Every digit that a single-precision number holds. */
export const exact = (value) =>
  Number.isFinite(value) ? String(Number(value.toPrecision(8))).replace("-", "−") : number(value);

function scientific(size, significant) {
  const [mantissa, exponent] = size.toExponential(significant - 1).split("e");
  return `${mantissa}e${exponent.replace("+", "").replace("-", "−")}`;
}

function plain(size, significant) {
  const before = Math.floor(Math.log10(size)) + 1;
  const text = size.toFixed(Math.max(0, Math.min(8, significant - before)));
  const [integer, fraction] = text.split(".");
  return whole(integer) + (fraction ? `.${fraction}` : "");
}

/** The smallest of 1, 2, 5, 10, 20, ... that is not below a size: colour ranges and axes widen by it. */
export function roundUp(size) {
  if (!(size > 0)) return 1;
  if (!Number.isFinite(size)) return 1e38; // single precision ends here
  const power = 10 ** Math.floor(Math.log10(size));
  return [1, 2, 5, 10].map((step) => step * power).find((step) => step >= size * (1 - 1e-9));
}
