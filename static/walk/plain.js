// Formulas as plain text: for names, for reading aloud, and where nothing sets TeX.

const BELOW = "₀₁₂₃₄₅₆₇₈₉";
const ABOVE = { 0: "⁰", 1: "¹", 2: "²", 3: "³", 4: "⁴", 5: "⁵", 6: "⁶", 7: "⁷", 8: "⁸", 9: "⁹" };
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

const above = (text) => text.replaceAll(/\d/g, (digit) => ABOVE[digit]).replaceAll("\\top", "ᵀ");

/** A formula without TeX: z¹, ∂L/∂W², ã¹. */
export function plain(tex) {
  let text = tex;
  for (let i = 0; i < 3; i++)
    text = text.replaceAll(
      /\\t?frac\{([^{}]*(?:\{[^{}]*\}[^{}]*)*)\}\{((?:[^{}]|\{[^{}]*\})*)\}/g,
      "$1/$2",
    );
  text = text
    .replaceAll(/\\tilde ([a-z])/g, "$1\u0303")
    .replaceAll(/\\hat ([a-z])/g, "$1\u0302")
    .replaceAll(/\\hat\\eta/g, "η\u0302")
    .replaceAll(/\\(?:mathbf|operatorname|sqrt)\{([^{}]*)\}/g, "$1")
    .replaceAll(/\\(?:left|right|tfrac|frac|begin\{cases\}|end\{cases\})/g, "")
    .replaceAll(/\^\{([\d\\top]+)\}/g, (_, power) => above(power))
    .replaceAll(/\^(\d|\\top)/g, (_, power) => above(power))
    .replaceAll(/_\{?(\d)\}?/g, (_, index) => BELOW[index]);
  for (const [sign, letter] of Object.entries(SIGNS))
    text = text.replaceAll(
      new RegExp(`${sign.replaceAll(/[\\|]/g, "\\$&")}(?![a-z])`, "g"),
      letter,
    );
  return text
    .replaceAll(/\\([a-z]+)/g, "$1")
    .replaceAll(/\s+/g, " ")
    .replaceAll("∂ ", "∂")
    .trim();
}
