// The two buttons that draw the start weights or the data once more.

import { withNewData, withNewWeights } from "../shared/architecture.js";
import { button, make, nameControl } from "../shared/dom.js";

/** @import { Architecture, Change } from "../shared/types.js" */

export class SeedButtons {
  /** @type {Architecture | null} */
  now = null;

  /** @param {(change: Change) => void} change */
  constructor(change) {
    const press =
      (/** @type {HTMLElement} */ one, /** @type {(now: Architecture) => Change} */ next) => () => {
        const shut = one.getAttribute("aria-disabled") === "true";
        if (this.now && !shut) change(next(this.now));
      };
    this.weights = button("New weights", () => press(this.weights, withNewWeights)());
    this.data = button("New data", () => press(this.data, withNewData)());
    this.element = make("div", { class: "seeds", hidden: true }, this.weights, this.data);
  }

  /** @param {Architecture} now */
  show(now) {
    this.now = now;
    this.element.hidden = false;
    const { given, drawn } = now;
    const weights = "Other start weights, with the same data";
    const data =
      drawn === "table"
        ? "Other examples for training, with the same start weights"
        : "Other examples, with the same start weights";
    nameControl(this.weights, "New weights", weights, given && "The start weights are given.");
    nameControl(this.data, "New data", data, drawn === "fixed" && "These data are fixed.");
  }
}
