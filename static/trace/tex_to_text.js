// Formulas as plain text: for names, for reading aloud, and where nothing sets TeX.

const BELOW = "₀₁₂₃₄₅₆₇₈₉";
const [SMALL, RAISED] = ["0123456789()lLt", "⁰¹²³⁴⁵⁶⁷⁸⁹⁽⁾ˡᴸᵗ"];
const ABOVE = Object.fromEntries([...SMALL].map((sign, i) => [sign, RAISED[i]]));
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

const above = (text) =>
  text.replaceAll("\\top", "ᵀ").replaceAll(/[\d()lLt]/g, (sign) => ABOVE[sign]);

/** The TeX of a matrix without the row of ones below it, with which the biases are taken along. */
export const withoutOnes = (tex) =>
  tex.replace(/\\left\[\\begin\{smallmatrix\} (.*?) \\\\ 1 \\end\{smallmatrix\}\\right\]/, "$1");

const known = new Map(); // TeX -> text: every cell of a table asks for the name of the same few

/** A formula without TeX: z⁽¹⁾, ∂L/∂W⁽²⁾, ã⁽¹⁾. */
export function plain(tex) {
  if (!known.has(tex)) known.set(tex, without(tex));
  return known.get(tex);
}

// A sum keeps together what a line or a root held together, and so does a product below a line.
const whole = (text) => (/ [-+] /.test(text) ? `(${text})` : text);
const under = (text) => (/^[\da-zA-Z]{2,}$/.test(text) ? `(${text})` : whole(text));

// What stands in braces, which may hold braces of their own.
const GROUP = "\\{((?:[^{}]|\\{(?:[^{}]|\\{(?:[^{}]|\\{[^{}]*\\})*\\})*\\})*)\\}";
const FRACTION = new RegExp(String.raw`\\t?frac${GROUP}${GROUP}`, "g");
const ROOT = new RegExp(String.raw`\\sqrt${GROUP}`, "g");
const UNDER = new RegExp(String.raw`\\underset${GROUP}${GROUP}`, "g"); // a shape below a symbol
const BRACE = new RegExp(String.raw`\\underbrace${GROUP}_${GROUP}`, "g"); // what a factor is

function without(tex) {
  let text = tex
    .replaceAll("\\\\", "; ") // the rows of a case by case, and what each is for
    .replaceAll("&", "if")
    .replaceAll(/\\scriptscriptstyle \\;|\\;(?=\})/g, "")
    .replaceAll(UNDER, (_, shape, symbol) => `${symbol} [${shape.trim()}]`)
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
    .replaceAll(/_\{?(\d)\}?/g, (_, index) => BELOW[index])
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
