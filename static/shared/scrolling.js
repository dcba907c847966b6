// Formulas that are wider than their box: the keyboard may scroll them, and a reader is told so.

const WIDE = ".katex-display";
const NAME = "Formula, wider than the screen: scroll with the arrow keys";

function mark() {
  for (const box of document.querySelectorAll(WIDE)) {
    if (box.scrollWidth > box.clientWidth + 1) {
      box.tabIndex = 0;
      box.setAttribute("role", "group");
      box.setAttribute("aria-label", NAME);
    } else if (box.tabIndex === 0) {
      for (const name of ["tabindex", "role", "aria-label"]) box.removeAttribute(name);
    }
  }
}

export function mount() {
  let due = 0;
  const soon = () => {
    cancelAnimationFrame(due);
    due = requestAnimationFrame(mark);
  };
  const watch = new MutationObserver(soon);
  watch.observe(document.body, { childList: true, subtree: true });
  addEventListener("resize", soon);
  soon();
  return () => {
    cancelAnimationFrame(due);
    watch.disconnect();
    removeEventListener("resize", soon);
  };
}
