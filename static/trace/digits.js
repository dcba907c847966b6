// Numbers that can be opened, and how many of their digits are shown.

import { make } from "../shared/dom.js";

export const DIGITS = { 4: "4", 9: "9", 17: "all" }; // significant digits -> what the choice says

/** A number with so many significant digits, without zeros at its end. */
export function digits(value, count) {
  const own = count >= 17 || !Number.isFinite(value) ? value : Number(value.toPrecision(count));
  return String(own).replace("-", "−").replace("Infinity", "∞");
}

/** What stands before a number so that a minus sign of its own needs brackets. */
export const BINDS = /[−+×/√·]\s*$/;

/** Every digit of a number. */
export const exactly = (value) => digits(value, 17);

/** The number of a cell as a button that opens it; a constant is only text. */
export function opener(cell, { count, name, open, wrap = false }) {
  const text = digits(cell.value, count);
  const shown = wrap && cell.value < 0 ? `(${text})` : text;
  if (cell.address === undefined) return make("span", { class: "constant" }, shown);
  return make(
    "button",
    {
      type: "button",
      class: "number",
      title: `${name}: where does it come from?`,
      "aria-label": `${text}, ${name}`,
      "data-value": String(cell.value),
      on: { click: () => open(cell) },
    },
    shown,
  );
}
