"""The symbols that a derivation uses, with the shapes that they have in its network."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from engine.nn import count_parameters as parameters
from pages.figures.base.text import count, superscript


class Symbol(NamedTuple):
    """One row of the table; the words in braces are shapes of the network at hand."""

    tex: str
    met: str  # what it looks like in a formula, as a regular expression
    words: str
    shape: str = "a number"


SYMBOLS = (
    Symbol(
        r"\square^{(l)}", r"\^\{\(", "layer l; a number above without parentheses is a power", "–"
    ),
    Symbol(
        "a^{(0)}", r"a\^\{\(0", "inputs of the batch, also called x; a column per example", "{x}"
    ),
    Symbol("W", r"W\^", "weights; row j enters unit j, column k leaves unit k below", "{W}"),
    Symbol("b", r"b\^", "biases, added to every column", "{b}"),
    Symbol("z", r"z\^", "what the units add up", "{z}"),
    Symbol("a", r"[ {]a\^\{\([1-9]", "what the units answer", "{a}"),
    Symbol(r"\tilde a", "tilde", "answers after dropout", "as a"),
    Symbol("M", r"M\^", "0 where a unit is muted, else 1", "as a"),
    Symbol("p", "1 - p", "the share of units that are muted"),
    Symbol("y", r"\by\b|\by_", "targets", "{y}"),
    Symbol("w", r"\bw\b|\bw_", "how much each example counts", "1 × {n}"),
    Symbol("L", r"\bL\b", "the loss of the batch"),
    Symbol("n", r"\{\d?n|nK", "examples in the batch", "{n}"),
    Symbol("K", "nK", "output units", "{K}"),
    Symbol(r"\delta", "delta", "error term ∂L/∂z; 1/n is in it", "{delta}"),
    Symbol(r"\frac{\partial L}{\partial W}", "partial W", "how L changes with each weight", "as W"),
    Symbol(r"\odot,\ \oslash", r"odot|oslash", "times and divided by, element by element", "–"),
    Symbol(r"\top", r"top\b", "transposed: rows become columns", "–"),
    Symbol(r"\mathbf 1", "mathbf", "a column of ones: sums over the examples", "{n} × 1"),
    Symbol("[z > 0]", r"\[z >", "1 where it is true, else 0", "as z"),
    Symbol(r"\Phi", "Phi", "share of a normal distribution below z", "as z"),
    Symbol(r"\sigma", "sigma", "the sigmoid", "as z"),
    Symbol("J", r"J\^", "slope of each softmax answer by each z", "{K} × {K} per example"),
    Symbol(r"\lambda_1", "lambda_1", "strength of L1"),
    Symbol(r"\lambda_2", "lambda_2", "strength of L2"),
    Symbol(r"\lambda_w", "lambda_w", "strength of the weight decay"),
    Symbol(r"\theta", "theta", "all weights and biases, one below another", "{P}"),
    Symbol("g", r"\bg\b|\bg_q", "∂L/∂θ, with all that pulls on it", "{P}"),
    Symbol("c_g", r"\bc_g", "the greatest length allowed for g"),
    Symbol("c_W", r"\bc_W", "the greatest length allowed for the weights into a unit"),
    Symbol(r"\lVert g \rVert", "c_g", "length of g: the root of the sum of its squares"),
    Symbol(r"\lVert W_j \rVert", "c_W", "length of row j of W"),
    Symbol(r"\eta", r"\\eta", "learning rate"),
    Symbol(r"\mu", r"\\mu", "momentum"),
    Symbol("v", r"mu v", "velocity, 0 at the start", "{P}"),
    Symbol("s", r"sqrt\{s", "squared slopes so far: their sum or running mean", "{P}"),
    Symbol("s_0", r"s_0|s_\{q0", "s before the first step; 0 where it is not given"),
    Symbol(r"\rho", "rho", "share of the old in a running mean"),
    Symbol("m,\\ v", "beta_2", "running means of g and of its squares, 0 at the start", "{P}"),
    Symbol(r"\beta_1,\ \beta_2", "beta_2", "shares of the old in m and in v"),
    Symbol(r"\hat m", r"hat m", "m, corrected for its start at 0", "{P}"),
    Symbol(r"\hat v", r"hat v", "v, corrected for its start at 0", "{P}"),
    Symbol(r"\hat\eta", r"hat\\eta", "learning rate with both corrections in it"),
    Symbol("t", "beta_2", "the number of the step, from 1"),
    Symbol(r"\epsilon", "epsilon", "keeps a divisor from 0"),
)
INDICES = (
    ("j", "a unit of the layer"),
    ("k", "a unit of the layer below"),
    ("r", "any unit of the same layer"),
    ("u", "a unit of the layer above"),
    ("i", "an example of the batch"),
    ("l", "a layer"),
    ("q", "one of all parameters"),
)


def symbol_table(tex: Sequence[str], sizes: Sequence[int], n: int) -> str:
    """Markdown: the symbols of these formulas with shapes for a network of sizes, n examples."""
    text, known = "\n".join(tex), shapes(sizes, n)
    rows = [
        f"| ${one.tex}$ | {one.shape.format_map(known)} | {one.words} |"
        for one in SYMBOLS
        if re.search(one.met, text)
    ]
    rows += [
        f"| ${name}$ | index | {words} |"
        for name, words in INDICES
        if re.search(rf"_{name}\b|_\{{[\w,]*{name}|\[{name} =|= {name}\]", text)
    ]
    return "\n".join(["| symbol | shape | meaning |", "|---|---|---|", *rows])


def shapes(sizes: Sequence[int], n: int) -> dict[str, str]:
    """The shape of each array in words: W⁽¹⁾ 4 × 2, W⁽²⁾ 1 × 4."""

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
