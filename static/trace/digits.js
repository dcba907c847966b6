// Numbers that can be opened, and how many of their digits are shown.

import { button, make } from "../shared/dom.js";
import { tr } from "../shared/language.js";

/** @import { Cell } from "./types.js" */

/** Significant digits -> the label of the choice. @type {Record<number, string>} */
export const DIGITS = { 4: "4", 9: "9", 17: tr("all") };

/**
 * Return a number with these significant digits, without zeros at its end.
 * @param {number} value
 * @param {number} count
 */
export function digits(value, count) {
  const own = count >= 17 || !Number.isFinite(value) ? value : Number(value.toPrecision(count));
  return String(own).replace("-", "−").replace("Infinity", "∞");
}

/** What stands before a number whose minus sign then needs parentheses. */
export const BINDS = /[−+×/√·]\s*$/;

/**
 * Return every digit of a number.
 * @param {number} value
 */
export const exactly = (value) => digits(value, 17);

/**
 * How a number is shown: its digits, its name, and what opens it.
 * @typedef {{ count: number, name: string, open: (cell: Cell) => void, wrap?: boolean }} OpenerOptions
 */

/**
 * Return the number of a cell as a button that opens it; a constant is only text. With `wrap` a
 * negative number gets parentheses.
 * @param {Cell} cell
 * @param {OpenerOptions} options
 */
export function opener(cell, { count, name, open, wrap = false }) {
  const text = digits(cell.value, count);
  const shown = wrap && cell.value < 0 ? `(${text})` : text;
  if (cell.address === undefined) return make("span", { class: "constant" }, shown);
  const attributes = {
    title: tr("{name}: where does it come from?", { name }),
    "aria-label": `${text}, ${name}`,
    "data-value": String(cell.value),
  };
  return button(shown, () => open(cell), { kind: "number", attributes });
}
