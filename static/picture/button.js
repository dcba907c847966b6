// The button that saves pictures of the views: small, and its menu is made when it is opened first.

import { button, make } from "../shared/dom.js";
import { tr } from "../shared/language.js";
import { opensBeside } from "../views/help.js";

/** @import { Panels } from "../views/panels.js" */

const ICON = "M11 3h2v9l3.5-3.5 1.4 1.4L12 15.8l-5.9-5.9 1.4-1.4L11 12zM5 18h14v2H5z";

/**
 * Return the button and its menu.
 * @param {() => Panels} panels whose views are saved
 * @returns {HTMLElement[]}
 */
export function saveButton(panels) {
  const menu = make("div", {
    class: "save-menu",
    popover: "auto",
    role: "group",
    "aria-label": tr("Save a picture"),
  });
  const opener = button(tr("Save a picture"), () => {}, {
    kind: "save",
    icon: ICON,
    iconOnly: true,
  });
  opensBeside(opener, menu);
  const fill = async () => {
    const { fillMenu } = await import("./menu.js");
    fillMenu(menu, panels());
  };
  menu.addEventListener("beforetoggle", () => {
    if (!menu.childElementCount) fill();
  });
  return [opener, menu];
}
