"""The symbols that a derivation uses, with the shapes that they have in its network."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from math import inf
from typing import NamedTuple

from engine.language import marked, tr
from engine.nn import DERIVATIVE, Formula, Symbol, symbols_in
from engine.nn import count_parameters as parameters
from engine.nn import symbols as sym
from pages.figures.base.text import count, superscript

Found = set[Symbol]  # of all formulas


class SymbolRow(NamedTuple):
    """One row of the table; the words in braces are shapes of the network at hand."""

    tex: str
    met: Callable[[Found], bool]  # whether it occurs
    words: str
    shape: str = marked("a number")


def with_name(*names: Symbol) -> Callable[[Found], bool]:
    """Return whether one of these symbols occurs, with any layer or indices."""
    known = {one.name for one in names}
    return lambda found: any(one.name in known for one in found)


def in_layer(name: Symbol, first: int = 0, last: float = inf) -> Callable[[Found], bool]:
    """Return whether a symbol occurs in one of these layers."""
    return lambda found: any(
        one.name == name.name and isinstance(one.layer, int) and first <= one.layer <= last
        for one in found
    )


SYMBOLS = (
    SymbolRow(
        r"\square^{(l)}",
        lambda found: any(one.layer != "" for one in found),
        marked("layer l; a number above without parentheses is a power"),
        "–",
    ),
    SymbolRow(
        "a^{(0)}",
        in_layer(sym.a, last=0),
        marked("inputs of the batch, also called x; one column per example"),
        "{x}",
    ),
    SymbolRow(
        "W",
        in_layer(sym.W),
        marked("weights; row j leads to unit j, column k comes from unit k of the layer below"),
        "{W}",
    ),
    SymbolRow("b", in_layer(sym.b), marked("biases, added to every column"), "{b}"),
    SymbolRow("z", in_layer(sym.z), marked("weighted sums of the units"), "{z}"),
    SymbolRow("a", in_layer(sym.a, 1), marked("outputs of the units"), "{a}"),
    SymbolRow(
        r"\tilde a", with_name(sym.a_masked), marked("outputs after dropout"), marked("as a")
    ),
    SymbolRow(
        "M", with_name(sym.M), marked("0 where dropout switches a unit off, else 1"), marked("as a")
    ),
    SymbolRow("p", with_name(sym.p), marked("the share of units that dropout switches off")),
    SymbolRow("y", with_name(sym.y), marked("targets"), "{y}"),
    SymbolRow("w", with_name(sym.w), marked("how much each example counts"), "1 × {n}"),
    SymbolRow("L", with_name(sym.L), marked("the loss of the batch")),
    SymbolRow("n", with_name(sym.n), marked("number of examples in the batch"), "{n}"),
    SymbolRow("K", with_name(sym.K), marked("number of output units"), "{K}"),
    SymbolRow(
        r"\delta", with_name(sym.delta), marked("error term ∂L/∂z; it contains the 1/n"), "{delta}"
    ),
    SymbolRow(
        r"\frac{\partial L}{\partial W}",
        with_name(DERIVATIVE),
        marked("how L changes with each weight"),
        marked("as W"),
    ),
    SymbolRow(
        r"\odot,\ \oslash",
        with_name(sym.times_sign, sym.over_sign),
        marked("multiplication and division, element by element"),
        "–",
    ),
    SymbolRow(
        r"\top",
        lambda found: any(one.transposed for one in found),
        marked("transposed: rows become columns"),
        "–",
    ),
    SymbolRow(
        r"\mathbf 1",
        with_name(sym.ones),
        marked("a column of ones: sums over the examples"),
        "{n} × 1",
    ),
    SymbolRow(
        "[z > 0]", with_name(sym.z_positive), marked("1 where z > 0, else 0"), marked("as z")
    ),
    SymbolRow(
        r"\Phi",
        with_name(sym.Phi),
        marked("share of a normal distribution below z"),
        marked("as z"),
    ),
    SymbolRow(r"\sigma", with_name(sym.sigma), marked("the sigmoid function"), marked("as z")),
    SymbolRow(
        "J",
        lambda found: sym.J.T in found,
        marked("derivative of each softmax output by each z"),
        marked("{K} × {K} per example"),
    ),
    SymbolRow(r"\lambda_1", with_name(sym.lambda1), marked("strength of the L1 penalty")),
    SymbolRow(r"\lambda_2", with_name(sym.lambda2), marked("strength of the L2 penalty")),
    SymbolRow(r"\lambda_w", with_name(sym.lambda_w), marked("strength of the weight decay")),
    SymbolRow(
        r"\theta", with_name(sym.theta), marked("all weights and biases in one column"), "{P}"
    ),
    SymbolRow("g", with_name(sym.g), marked("∂L/∂θ, penalties included"), "{P}"),
    SymbolRow("c_g", with_name(sym.c_g), marked("the largest length allowed for g")),
    SymbolRow(
        "c_W", with_name(sym.c_W), marked("the largest length allowed for the weights into a unit")
    ),
    SymbolRow(
        r"\lVert g \rVert",
        with_name(sym.c_g),
        marked("length of g: the square root of the sum of its squares"),
    ),
    SymbolRow(r"\lVert W_j \rVert", with_name(sym.c_W), marked("length of row j of W")),
    SymbolRow(r"\eta", with_name(sym.eta, sym.eta_hat), marked("learning rate")),
    SymbolRow(r"\mu", with_name(sym.mu), marked("momentum")),
    SymbolRow("v", with_name(sym.mu), marked("velocity, 0 at the start"), "{P}"),
    SymbolRow(
        "s",
        with_name(sym.s),
        marked("squared gradients so far: their sum or running average"),
        "{P}",
    ),
    SymbolRow(
        "s_0",
        lambda found: not found.isdisjoint({sym.s_start.layers, sym.s_start.unit}),
        marked("s before the first step; 0 where it is not given"),
    ),
    SymbolRow(r"\rho", with_name(sym.rho), marked("share of the old value in a running average")),
    SymbolRow(
        "m,\\ v",
        with_name(sym.beta2),
        marked("running averages of g and of its squares, 0 at the start"),
        "{P}",
    ),
    SymbolRow(
        r"\beta_1,\ \beta_2", with_name(sym.beta2), marked("shares of the old value in m and in v")
    ),
    SymbolRow(r"\hat m", with_name(sym.m_hat), marked("m, corrected for its start at 0"), "{P}"),
    SymbolRow(r"\hat v", with_name(sym.v_hat), marked("v, corrected for its start at 0"), "{P}"),
    SymbolRow(
        r"\hat\eta", with_name(sym.eta_hat), marked("learning rate with both corrections in it")
    ),
    SymbolRow("t", with_name(sym.beta2), marked("the number of the step, from 1")),
    SymbolRow(
        r"\epsilon", with_name(sym.epsilon), marked("a small number that prevents a division by 0")
    ),
)
INDICES = (
    ("j", marked("a unit of the layer")),
    ("k", marked("a unit of the layer below")),
    ("r", marked("any unit of the same layer")),
    ("u", marked("a unit of the layer above")),
    ("i", marked("an example of the batch")),
    ("l", marked("a layer")),
    ("q", marked("one of all parameters")),
)


def symbol_table(formulas: Sequence[Formula], unit: bool, sizes: Sequence[int], n: int) -> str:
    """Return, as Markdown, the symbols of formulas with their shapes.

    `unit` is whether they are written for one unit; the network has `sizes`, the batch n examples.
    """
    found = {symbol for one in formulas for symbol in symbols_in(one, unit)}
    indices = set("".join(one.indices for one in found if unit or one.always))
    known = shape_words(sizes, n)
    rows = [
        f"| ${one.tex}$ | {tr(one.shape, **known)} | {tr(one.words)} |"
        for one in SYMBOLS
        if one.met(found)
    ]
    kind = tr("index")
    rows += [f"| ${name}$ | {kind} | {tr(words)} |" for name, words in INDICES if name in indices]
    head = f"| {tr('symbol')} | {tr('shape')} | {tr('meaning')} |"
    return "\n".join([head, "|---|---|---|", *rows])


def shape_words(sizes: Sequence[int], n: int) -> dict[str, str]:
    """Return the shape of each array in words: W⁽¹⁾ 4 × 2, W⁽²⁾ 1 × 4."""

    def layers(name: str, columns: int | None) -> str:
        return ", ".join(
            f"{name}{superscript(l)} {n_out} × {n_in if columns is None else columns}"
            for l, (n_in, n_out) in enumerate(pairwise(sizes), 1)
        )

    names = {"W": ("W", None), "b": ("b", 1), "z": ("z", n), "a": ("a", n), "delta": ("δ", n)}
    return {
        **{key: layers(*one) for key, one in names.items()},
        "x": f"{sizes[0]} × {n}",
        "y": f"{sizes[-1]} × {n}",
        "n": count(n),
        "K": count(sizes[-1]),
        "P": count(parameters(sizes)),
    }
