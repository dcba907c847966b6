// The two buttons that draw the start weights or the data once more.

import { withNewData, withNewWeights } from "../shared/architecture.js";
import { button, make, nameControl } from "../shared/dom.js";
import { tr } from "../shared/language.js";

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
    this.weights = button(tr("New weights"), () => press(this.weights, withNewWeights)());
    this.data = button(tr("New data"), () => press(this.data, withNewData)());
    this.element = make("div", { class: "seeds", hidden: true }, this.weights, this.data);
  }

  /** @param {Architecture} now */
  show(now) {
    this.now = now;
    this.element.hidden = false;
    const { given, drawn } = now;
    const weights = tr("Other start weights, with the same data");
    const data =
      drawn === "table"
        ? tr("Other examples for training, with the same start weights")
        : tr("Other examples, with the same start weights");
    nameControl(
      this.weights,
      tr("New weights"),
      weights,
      given && tr("The start weights are given."),
    );
    nameControl(this.data, tr("New data"), data, drawn === "fixed" && tr("These data are fixed."));
  }
}
