// Formulas set by KaTeX, which the server takes from Streamlit's copy; plain text without it.

import { make, setText } from "../shared/dom.js";

/** @import { KatexLibrary } from "../shared/types.js" */
/** @import { Formula } from "../trace/types.js" */

/** @type {Promise<KatexLibrary | null>} */
const loading = import("../katex.js").then(
  (module) => module.default,
  () => null,
);
/** Kind of output and TeX -> markup, null where there is none. @type {Map<string, string | null>} */
const known = new Map();
/** The formula that an element shows. @type {WeakMap<Element, Formula>} */
const shown = new WeakMap();
/** @type {KatexLibrary | null} */
let katex = null;

// The module names its classes katex-base, the style sheet that comes with it still base: both then.
const PREFIXED = /\bkatex-(?!html|mathml|display|error)([a-z]+)/g;

// Fetched in advance, so that a step to a formula with other signs needs no request.
const FONTS = ["Main", "Size1", "Size2", "Size3", "Size4"].map((name) => `1em KaTeX_${name}`);
FONTS.push("bold 1em KaTeX_Main", "italic 1em KaTeX_Math", "1em KaTeX_AMS");

/** Wait until formulas can be set, or never will be. */
export async function ready() {
  if (katex) return;
  katex = await loading;
  for (const font of FONTS) document.fonts.load(font).catch(() => {});
}

/**
 * Return an element with the formula. A large one carries MathML for screen readers; the others, which
 * repeat it, are read as plain text: a quarter less to lay out in every step.
 * @param {Formula} formula
 * @param {string} kind
 */
export function formula({ tex, text }, kind = "") {
  const large = kind === "large";
  const markup = set(tex, large ? "htmlAndMathml" : "html");
  const spoken = large || markup === null ? {} : { role: "img", "aria-label": text };
  const element = make("span", { class: `formula ${kind}`.trim(), ...spoken });
  if (markup === null) element.append(text);
  else element.innerHTML = markup; // KaTeX escapes; its input are the engine's own formulas
  return element;
}

/**
 * Put the formula into an element, unless it is there already: laying one out takes a while.
 * @param {Element} element
 * @param {Formula} own
 * @param {string} kind
 */
export function put(element, own, kind = "") {
  if (shown.get(element)?.tex === own.tex) return;
  shown.set(element, own);
  element.replaceChildren(formula(own, kind));
}

/**
 * Put text into an element in a formula's place.
 * @param {Element} element
 * @param {string} text
 */
export function putText(element, text) {
  shown.delete(element);
  setText(element, text);
}

/**
 * Return the markup of a formula, null where it cannot be set.
 * @param {string} tex
 * @param {string} output
 */
function set(tex, output) {
  if (!katex) return null;
  const key = `${output} ${tex}`;
  if (!known.has(key)) {
    try {
      const markup = katex.renderToString(tex, { output, throwOnError: true });
      known.set(key, markup.replaceAll(PREFIXED, "katex-$1 $1"));
    } catch {
      known.set(key, null);
    }
  }
  return known.get(key) ?? null;
}
