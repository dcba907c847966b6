"""A formula is written as TeX and as plain text, for whole layers and for one unit."""

import pytest

from engine.language import speaking
from engine.nn import symbols as sym
from engine.nn.formula import (
    Bracket,
    Formula,
    Fraction,
    Partial,
    cases,
    each_symbol,
    in_words,
    named,
    operator,
    power,
    ratio,
    root,
    swap,
    symbols_in,
    terms_text,
    transpose,
    transposed,
    with_row_of_ones,
    without_ones,
    write_terms,
    write_text,
)

W, a, z, delta = sym.W.at(2), sym.a.at(1), sym.z.at(2), sym.delta.at(2)


@pytest.mark.parametrize(
    ("terms", "tex", "text"),
    [
        (W, "W^{(2)}", "W⁽²⁾"),
        (W.T, r"W^{(2)\top}", "W⁽²⁾ᵀ"),
        (sym.a.at(sym.LAST), "a^{(L)}", "a⁽ᴸ⁾"),
        (sym.a_masked.at(1), r"\tilde a^{(1)}", "a\u0303⁽¹⁾"),
        (sym.eta_hat, r"\hat\eta", "η\u0302"),
        (sym.beta1, r"\beta_1", "β₁"),
        (sym.J.T, r"J^\top", "Jᵀ"),
        (Partial(W), r"\frac{\partial L}{\partial W^{(2)}}", "∂L/∂W⁽²⁾"),
        (Fraction("1", (sym.n, sym.K)), r"\tfrac{1}{nK}", "1/(nK)"),
        (Fraction("1", (sym.n,), small=False), r"\frac{1}{n}", "1/n"),
        (Bracket((a, " - ", sym.y)), r"\left[ a^{(1)} - y \right]", "[a⁽¹⁾ − y]"),
        ((delta, " ", sym.times, " ", a), r"\delta^{(2)} \odot a^{(1)}", "δ⁽²⁾ ⊙ a⁽¹⁾"),
        (sym.length(sym.g), r"\lVert g \rVert", "‖g‖"),
        (sym.one_minus(sym.beta1, "t"), r"1 - \beta_1^t", "1 − β₁ᵗ"),
        (ratio((a, " + ", z), "c"), r"\frac{a^{(1)} + z^{(2)}}{c}", "(a⁽¹⁾ + z⁽²⁾)/c"),
        (ratio("a", "b - c"), r"\frac{a}{b - c}", "a/(b − c)"),
        (ratio("a", "bc"), r"\frac{a}{bc}", "a/(bc)"),
        (root(sym.v), r"\sqrt{v}", "√v"),
        (root(sym.v, " + ", sym.epsilon), r"\sqrt{v + \epsilon}", "√(v + ε)"),
        (power("e", "-z"), "e^{-z}", "e^(-z)"),
        (operator("sign"), r"\operatorname{sign}", "sign"),
        (
            named(Partial(a), in_words("of the loss")),
            r"\underbrace{\frac{\partial L}{\partial a^{(1)}}}_{\text{of the loss}}",
            "∂L/∂a⁽¹⁾ [of the loss]",
        ),
        (
            cases(("d^2", r"|d| \le 1"), ("|d|", "|d| > 1")),
            r"\begin{cases} d^2 & |d| \le 1 \\ |d| & |d| > 1 \end{cases}",
            "d² if |d| ≤ 1; |d| if |d| > 1",
        ),
        (transposed((W, " + ", W)), r"\left( W^{(2)} + W^{(2)} \right)^\top", "(W⁽²⁾ + W⁽²⁾)ᵀ"),
        (
            with_row_of_ones(a),
            r"\left[\begin{smallmatrix} a^{(1)} \\ 1 \end{smallmatrix}\right]",
            "[a⁽¹⁾; 1]",
        ),
        ("", "", ""),
    ],
)
def test_terms_are_written_as_tex_and_as_text(terms, tex, text):
    assert write_terms(terms) == tex
    assert terms_text(terms) == text


def test_one_unit_has_its_indices_in_the_text_too():
    formula = Formula(z, "=", (sym.W.at(2), r"\, ", a.one("ki"), " + ", sym.b.at(2)))
    assert formula.text == "z⁽²⁾ = W⁽²⁾ a⁽¹⁾ + b⁽²⁾"
    assert write_text(formula, unit=True) == "z⁽²⁾_ji = W⁽²⁾_jk a⁽¹⁾_ki + b⁽²⁾_j"


def test_a_formula_beside_another_follows_it():
    also = Formula("f(z)", "=", sym.sigma)
    text = Formula(a, r"\leftarrow", "f(z)", (also,)).text
    assert text == "a⁽¹⁾ ← f(z), f(z) = σ"


def test_a_command_without_plain_text_is_an_error():
    with pytest.raises(KeyError, match="unheard"):
        terms_text(r"a \unheard b")


def test_the_row_of_ones_is_left_out_wherever_it_stands():
    ones = with_row_of_ones(a)
    assert without_ones(ones) == a
    assert terms_text(without_ones(transpose(ones))) == "a⁽¹⁾ᵀ"
    assert terms_text(without_ones((W, " ", ones))) == "W⁽²⁾ a⁽¹⁾"


def test_the_terms_of_a_command_are_found_and_changed():
    terms = ratio(root(W), (a, " + ", z))
    assert list(symbols_in(terms)) == [W, a, z]
    assert terms_text(swap(terms, W, z)) == "√z⁽²⁾/(a⁽¹⁾ + z⁽²⁾)"
    assert swap(terms, root(W), a) == ratio(a, (a, " + ", z))
    assert terms_text(each_symbol(terms, lambda one: one.at(3))) == "√W⁽³⁾/(a⁽³⁾ + z⁽³⁾)"


def test_words_in_a_formula_are_in_the_language_of_its_reader():
    terms = named(Partial(a), in_words("of the loss"))
    with speaking("zh"):
        assert write_terms(terms).endswith(r"_{\text{来自损失}}")
        assert terms_text(terms) == "∂L/∂a⁽¹⁾ [来自损失]"
        assert terms_text(cases(("1", "z > 0"))) == "1，若 z > 0"
