// Formulas as plain text: for names, for reading aloud, and where nothing sets TeX.

const BELOW = "₀₁₂₃₄₅₆₇₈₉";
const [SMALL, RAISED] = ["0123456789()lLt", "⁰¹²³⁴⁵⁶⁷⁸⁹⁽⁾ˡᴸᵗ"];
/** @type {Record<string, string>} */
const ABOVE = Object.fromEntries([...SMALL].map((sign, i) => [sign, RAISED[i]]));
/** @type {Record<string, string>} */
const SIGNS = {
  "\\partial": "∂",
  "\\delta": "δ",
  "\\theta": "θ",
  "\\eta": "η",
  "\\ell": "ℓ",
  "\\lambda": "λ",
  "\\mu": "μ",
  "\\beta": "β",
  "\\rho": "ρ",
  "\\epsilon": "ε",
  "\\odot": "⊙",
  "\\times": "×",
  "\\cdot": "·",
  "\\oslash": "⊘",
  "\\leftarrow": "←",
  "\\sum": "Σ",
  "\\top": "ᵀ",
  "\\lVert": "‖",
  "\\rVert": "‖",
  "\\le": "≤",
  "\\Phi": "Φ",
  "\\quad": " ",
  "\\,": " ",
  "\\;": " ",
  "\\|": "‖",
};

/** @param {string} text */
const above = (text) =>
  text.replaceAll("\\top", "ᵀ").replaceAll(/[\d()lLt]/g, (sign) => ABOVE[sign]);

/**
 * Return the TeX of a matrix without the row of ones below it, which the biases are multiplied by.
 * @param {string} tex
 */
export const withoutOnes = (tex) =>
  tex.replace(/\\left\[\\begin\{smallmatrix\} (.*?) \\\\ 1 \\end\{smallmatrix\}\\right\]/, "$1");

/**
 * TeX -> text: every cell of a table asks for the name of the same few.
 * @type {Map<string, string>}
 */
const known = new Map();

/**
 * Return a formula without TeX: z⁽¹⁾, ∂L/∂W⁽²⁾, ã⁽¹⁾.
 * @param {string} tex
 */
export function plain(tex) {
  const text = known.get(tex) ?? render(tex);
  known.set(tex, text);
  return text;
}

// A sum in a fraction or under a root gets parentheses, and so does a product below a line.
const whole = (/** @type {string} */ text) => (/ [-+] /.test(text) ? `(${text})` : text);
const under = (/** @type {string} */ text) =>
  /^[\da-zA-Z]{2,}$/.test(text) ? `(${text})` : whole(text);

// What stands in braces, which may hold braces of their own.
const GROUP = "\\{((?:[^{}]|\\{(?:[^{}]|\\{(?:[^{}]|\\{[^{}]*\\})*\\})*\\})*)\\}";
const FRACTION = new RegExp(String.raw`\\t?frac${GROUP}${GROUP}`, "g");
const ROOT = new RegExp(String.raw`\\sqrt${GROUP}`, "g");
const UNDER = new RegExp(String.raw`\\underset${GROUP}${GROUP}`, "g"); // a shape below a symbol
const BRACE = new RegExp(String.raw`\\underbrace${GROUP}_${GROUP}`, "g"); // what a factor is

/** @param {string} tex */
function render(tex) {
  let text = tex
    .replaceAll("\\\\", "; ") // the rows of a case by case, and what each is for
    .replaceAll("&", "if")
    .replaceAll(/\\scriptscriptstyle \\;|\\;(?=\})/g, "")
    .replaceAll(
      UNDER,
      (_, /** @type {string} */ shape, /** @type {string} */ symbol) =>
        `${symbol} [${shape.trim()}]`,
    )
    .replaceAll(BRACE, "$1 [$2]");
  for (let i = 0; i < 3; i++)
    text = text.replaceAll(FRACTION, (_, upper, lower) => `${whole(upper)}/${under(lower)}`);
  text = text
    .replaceAll(/\\tilde ([a-z])/g, "$1\u0303")
    .replaceAll(/\\hat ([a-z])/g, "$1\u0302")
    .replaceAll(/\\hat\\eta/g, "η\u0302")
    .replaceAll("\\textstyle", "")
    .replaceAll(ROOT, (_, of) => `√${whole(of)}`)
    .replaceAll(/\\(?:mathbf|operatorname|text)\{([^{}]*)\}/g, "$1")
    .replaceAll(/\\(?:left|right|tfrac|frac)(?![a-z])/g, "")
    .replaceAll(/\\(?:begin|end)\{(?:cases|smallmatrix)\}/g, "")
    .replaceAll(/\^\{((?:[\dlLt()]|\\top)+)\}/g, (_, power) => above(power))
    .replaceAll(/\^([\dt]|\\top)/g, (_, power) => above(power))
    .replaceAll(/_\{?(\d)\}?/g, (_, index) => BELOW[Number(index)])
    .replaceAll(/_\{([^{}]*)\}/g, "_$1")
    .replaceAll(/\^\{([^{}]*)\}/g, "^($1)");
  for (const [sign, letter] of Object.entries(SIGNS))
    text = text.replaceAll(
      new RegExp(`${sign.replaceAll(/[\\|]/g, "\\$&")}(?![a-z])`, "g"),
      letter,
    );
  return text
    .replaceAll(/\\([a-z]+)/g, "$1")
    .replaceAll(/\s+/g, " ")
    .replaceAll("∂ ", "∂")
    .replaceAll(" - ", " − ")
    .replaceAll(/([[(‖]) (.*?) (?=[\])‖])/g, "$1$2")
    .replaceAll(" ; ", "; ")
    .trim();
}
