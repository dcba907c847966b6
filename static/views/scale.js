// The scale of a panel: which color is positive, how large a number has its full color, and a box
// that holds the scale where it is.

import { make, setText } from "../shared/dom.js";
import { number } from "../shared/format.js";
import { tr } from "../shared/language.js";

/** @import { Choose, DrawOptions } from "../shared/types.js" */

/** The legend of the colors: a bar from negative to positive. */
export class Legend {
  constructor() {
    this.bar = make("i", { class: "scale-bar", "aria-hidden": "true" });
    this.element = make("span", { class: "legend" }, tr("negative"), this.bar, tr("positive"));
  }

  /**
   * @param {string} negative color
   * @param {string} positive color
   */
  colour(negative, positive) {
    this.bar.style.setProperty("--negative", negative);
    this.bar.style.setProperty("--positive", positive);
  }
}

/** A check box that keeps colors and axes as they are, so that epochs can be compared. */
export class HoldBox {
  /** @param {Choose} choose */
  constructor(choose) {
    const change = () => choose("hold", this.input.checked);
    /** @type {HTMLInputElement} */
    this.input = make("input", { type: "checkbox", on: { change } });
    this.label = make(
      "label",
      { title: tr("Keep the colors and axes as they are now, so that you can compare epochs.") },
      this.input,
      tr("Hold scale"),
    );
  }

  /** @param {DrawOptions} options */
  show({ hold }) {
    this.input.checked = hold;
  }
}

/**
 * Write the scale beside a heading: the number that has the full color.
 * @param {HTMLElement} note
 * @param {number} half
 */
export function showScale(note, half) {
  const text = tr("scale ±{number}", { number: number(half) });
  if (note.textContent === text) return;
  setText(note, text);
  note.title = tr("Numbers from {number} on have the full color.", { number: number(half) });
}
