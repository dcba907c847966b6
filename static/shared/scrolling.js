// Formulas that are wider than their box can be scrolled with the keyboard; a label for screen
// readers says so.

import { tr } from "./language.js";

const WIDE = ".katex-display";
const NAME = tr("Formula, wider than the screen: scroll with the arrow keys");

function markWideFormulas() {
  for (const box of document.querySelectorAll(WIDE)) {
    if (!(box instanceof HTMLElement)) continue;
    if (box.scrollWidth > box.clientWidth) {
      box.tabIndex = 0;
      box.setAttribute("role", "group");
      box.setAttribute("aria-label", NAME);
    } else if (box.tabIndex === 0) {
      for (const name of ["tabindex", "role", "aria-label"]) box.removeAttribute(name);
    }
  }
}

/** Watch the page's formulas; return how to end that. */
export function mount() {
  let due = 0;
  const soon = () => {
    cancelAnimationFrame(due);
    due = requestAnimationFrame(markWideFormulas);
  };
  const observer = new MutationObserver(soon);
  observer.observe(document.body, { childList: true, subtree: true });
  addEventListener("resize", soon);
  soon();
  return () => {
    cancelAnimationFrame(due);
    observer.disconnect();
    removeEventListener("resize", soon);
  };
}
