// Formulas set by KaTeX, which the server takes from Streamlit's own copy; plain text without it.

import { make } from "../shared/dom.js";
import { plain } from "../trace/tex_to_text.js";

const loading = import("../katex.js").then(
  (module) => module.default,
  () => null,
);
const known = new Map(); // kind of output and TeX -> markup
let katex = null;

// The module names its classes katex-base, the style sheet that comes with it still base: both then.
const PREFIXED = /\bkatex-(?!html|mathml|display|error)([a-z]+)/g;

// Fetched beforehand, so that a step to a formula with other signs asks for nothing.
const FONTS = ["Main", "Size1", "Size2", "Size3", "Size4"].map((name) => `1em KaTeX_${name}`);
FONTS.push("bold 1em KaTeX_Main", "italic 1em KaTeX_Math", "1em KaTeX_AMS");

/** Waits until formulas can be set, or never will be. */
export async function ready() {
  if (katex) return;
  katex = await loading;
  for (const font of FONTS) document.fonts.load(font).catch(() => {});
}

/**
 * An element with the formula. Readers of the screen get the MathML of a large one; the others,
 * which say the same once more, are read as plain text: a quarter less to lay out in every step.
 */
export function formula(tex, kind = "") {
  const large = kind === "large";
  const markup = set(tex, large ? "htmlAndMathml" : "html");
  const spoken = large || markup === null ? {} : { role: "img", "aria-label": plain(tex) };
  const element = make("span", { class: `formula ${kind}`.trim(), ...spoken });
  if (markup === null) element.append(plain(tex));
  else element.innerHTML = markup; // KaTeX escapes; its input are the engine's own formulas
  return element;
}

/** Puts the formula into an element, unless it is there already: laying one out takes a while. */
export function put(element, tex, kind = "") {
  if (element.tex === tex) return;
  element.tex = tex;
  element.replaceChildren(formula(tex, kind));
}

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
  return known.get(key);
}
