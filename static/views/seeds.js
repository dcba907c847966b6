// The two buttons that draw the start weights or the data once more.

import { whyLocked, withNewData, withNewWeights } from "../shared/architecture.js";
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
    const { given, drawn, hide } = now;
    this.weights.hidden = hide.includes("seed");
    this.data.hidden = hide.includes("data_seed");
    this.element.hidden = this.weights.hidden && this.data.hidden;
    const weights = tr("Other start weights, with the same data");
    const data =
      drawn === "table"
        ? tr("Other examples for training, with the same start weights")
        : tr("Other examples, with the same start weights");
    const noWeights = whyLocked(now, "seed") || (given && tr("The start weights are given."));
    const noData =
      whyLocked(now, "data_seed") || (drawn === "fixed" && tr("These data are fixed."));
    nameControl(this.weights, tr("New weights"), weights, noWeights);
    nameControl(this.data, tr("New data"), data, noData);
  }
}
