// A copy of an SVG that looks the same without the styles of its page.

/** Properties that an element has from its parent unless it says otherwise. */
const INHERITED = [
  "fill",
  "fill-opacity",
  "font-family",
  "font-size",
  "font-weight",
  "stroke",
  "stroke-dasharray",
  "stroke-opacity",
  "stroke-width",
  "text-anchor",
  "visibility",
  "white-space",
];
/** Properties that each element has alone, and what they usually are. @type {[string, string][]} */
const ITS_OWN = [
  ["opacity", "1"],
  ["display", "inline"],
];

/**
 * Return a copy of an SVG with its computed styles in it.
 * @param {SVGElement} svg
 */
export function inlined(svg) {
  const copy = /** @type {SVGElement} */ (svg.cloneNode(true));
  copyStyles(svg, copy, null);
  copy.removeAttribute("class");
  return copy;
}

/**
 * @param {Element} from
 * @param {Element} to
 * @param {CSSStyleDeclaration | null} above the styles of the parent
 */
function copyStyles(from, to, above) {
  if (!(to instanceof SVGElement)) return;
  const style = getComputedStyle(from);
  for (const name of INHERITED) {
    const value = style.getPropertyValue(name);
    if (value !== above?.getPropertyValue(name)) to.style.setProperty(name, value);
  }
  for (const [name, usual] of ITS_OWN) {
    const value = style.getPropertyValue(name);
    if (value !== usual && !(name === "display" && value !== "none")) {
      to.style.setProperty(name, value);
    }
  }
  [...from.children].forEach((child, i) => {
    copyStyles(child, to.children[i], style);
  });
}
