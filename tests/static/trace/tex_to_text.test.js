import assert from "node:assert/strict";
import { test } from "node:test";
import { plain, withoutOnes } from "../../../static/trace/tex_to_text.js";

test("formulas are read as plain text", () => {
  const cases = [
    ["z^{(1)} = W^{(1)} a^{(0)} + b^{(1)}", "z⁽¹⁾ = W⁽¹⁾ a⁽⁰⁾ + b⁽¹⁾"],
    ["\\frac{\\partial L}{\\partial W^{(2)}}", "∂L/∂W⁽²⁾"],
    ["\\eta", "η"],
    ["\\delta^{(2)} \\odot m", "δ⁽²⁾ ⊙ m"],
    ["\\sqrt{v}", "√v"],
    ["a \\cdot b", "a · b"],
  ];
  for (const [tex, text] of cases) assert.equal(plain(tex), text);
});

test("the row of ones below a matrix is left out of its name", () => {
  assert.equal(plain(withoutOnes("a^{(1)}")), "a⁽¹⁾");
});

test("a sum keeps together in a fraction and under a root", () => {
  assert.equal(plain("\\frac{a + b}{c}"), "(a + b)/c");
  assert.equal(plain("\\frac{a}{b - c}"), "a/(b − c)");
  assert.equal(plain("\\sqrt{a + b}"), "√(a + b)");
  const ones = "\\left[\\begin{smallmatrix} a^{(1)} \\\\ 1 \\end{smallmatrix}\\right]";
  assert.equal(plain(withoutOnes(ones)), "a⁽¹⁾");
});
