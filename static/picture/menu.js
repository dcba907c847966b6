// The menu of the pictures: for each view a PNG and an SVG of what it shows now.

import { button, make } from "../shared/dom.js";
import { tr } from "../shared/language.js";
import { savePng, saveSvg } from "./save.js";

/** @import { Panels } from "../views/panels.js" */
/** @import { View } from "../views/view.js" */

/**
 * Fill the menu with a row for each view.
 * @param {HTMLElement} menu
 * @param {Panels} panels
 */
export function fillMenu(menu, panels) {
  const views = /** @type {View[]} */ (panels.all);
  const rows = views.map((view) => {
    const name = view.figure?.layout.meta?.title ?? view.name;
    const save = (/** @type {string} */ kind, /** @type {typeof savePng} */ action) =>
      button(kind, () => action(view, panels), {
        attributes: { "aria-label": tr("Save {name} as {kind}", { name, kind }) },
      });
    return make(
      "div",
      { class: "row" },
      make("span", {}, name),
      save("PNG", savePng),
      save("SVG", saveSvg),
    );
  });
  const title = make("p", {}, tr("Save a picture of what is shown now"));
  menu.replaceChildren(title, ...rows);
}
