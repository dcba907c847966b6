"""Forms: an equation of the program written for one unit and one example, and as a chain of slopes.

The program's own form speaks of whole layers. Here j is a unit of its layer, k one of the layer
below, m one of the layer above, i an example, p one of all parameters. Where the program works
element by element, the indices are put in; only sums over units or examples are written anew.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from engine.equations import Equation
from engine.program import by

ELEMENT, PARAMETER = "ji", "p"
PLACED = re.compile(r"(\\tilde a|\\delta|a|z|M)\^\{(\d+)\}")  # a symbol that carries its layer
TOKEN = re.compile(r"\\(?:hat|frac|sqrt) ?[a-z]?|\\[a-zA-Z]+|[a-zA-Z]|.")
REMEMBERED = {"g", "v", "c", "m", r"\theta", r"\hat m", r"\hat v"}  # one number per parameter


def without_circles(tex: str) -> str:
    """TeX of products and quotients element by element as those of plain numbers."""
    tex = re.sub(r"(\b[ag]) \\odot \1\b", r"\1^2", tex)
    return tex.replace(r"\odot", r"\,").replace(r"\oslash", "/")


def element(tex: str, index: str = ELEMENT) -> str:
    """An equation between whole layers for one unit and one example."""
    tex = PLACED.sub(rf"\1^{{\2}}_{{{index}}}", tex)
    tex = re.sub(r"(?<![a-zA-Z\\])y(?![a-zA-Z])", f"y_{{{index}}}", tex)
    tex = re.sub(r"(?<![a-zA-Z\\])w(?![a-zA-Z])", "w_i", tex)
    return without_circles(tex)


def parameter(tex: str) -> str:
    """An equation between flat vectors for one parameter."""
    tex = tex.replace(r"g \odot g", "g_p^2")
    spelled = (t + "_p" if t in REMEMBERED else t for t in TOKEN.findall(tex))
    return without_circles("".join(spelled)).replace("g_p_p", "g_p")


def weight(tex: str) -> str:
    """An equation between matrices of weights for one weight."""
    return re.sub(r"(?<![a-zA-Z\\])W", "W_{jk}", tex).replace("{W_{jk}}", "W_{jk}")


def affine(equation: Equation) -> str:
    l, seen = equation.layer, PLACED.search(equation.tex.partition("W")[2])
    below = element(seen[0], "ki") if seen else ""
    return rf"z^{{{l}}}_{{ji}} = \sum_k W^{{{l}}}_{{jk}}\, {below} + b^{{{l}}}_j"


def activation(equation: Equation) -> str:
    """Each unit answers for itself; softmax alone looks at all of them."""
    l = equation.layer
    if "f(z)_j" not in equation.tex:
        return element(equation.tex)
    z = rf"z^{{{l}}}"
    return rf"a^{{{l}}}_{{ji}} = \frac{{e^{{{z}_{{ji}}}}}}{{\sum_m e^{{{z}_{{mi}}}}}}"


def loss(equation: Equation) -> str:
    return element(equation.tex.replace(r"\sum ", r"\sum_{i,j} "))


def penalty(equation: Equation) -> str:
    tex = equation.tex.replace("W^2", "(W^l_{jk})^2").replace("|W|", "|W^l_{jk}|")
    return tex.replace(r"\sum ", r"\sum_{l,j,k} ")


def error(equation: Equation) -> str:
    """delta of one output unit; behind softmax it hears of the errors of all."""
    if "J^" not in equation.tex:
        return element(equation.tex)
    inner, l = re.search(r"\\left\[ (.*) \\right\]", equation.tex), equation.layer
    of_all = element(inner[1], "mi") if inner else ""
    a = rf"a^{{{l}}}"
    jacobian = rf"{a}_{{mi}} ([m = j] - {a}_{{ji}})"
    return rf"\delta^{{{l}}}_{{ji}} = \sum_m {jacobian} \left[ {of_all} \right]"


def gradient(equation: Equation) -> str:
    l = equation.layer
    tilde = r"\tilde " if r"\tilde" in equation.tex else ""
    seen, delta = rf"{tilde}a^{{{l - 1}}}_{{ki}}", rf"\delta^{{{l}}}_{{ji}}"
    dW, db = by(f"W^{{{l}}}_{{jk}}"), by(f"b^{{{l}}}_j")
    return rf"{dW} = \sum_i {delta}\, {seen}, \quad {db} = \sum_i {delta}"


def back(equation: Equation) -> str:
    above = f"{{{equation.layer + 1}}}"
    left = element(equation.tex.partition(" = ")[0])
    return rf"{left} = \sum_m W^{above}_{{mj}}\, \delta^{above}_{{mi}}"


def max_norm(equation: Equation) -> str:
    W = rf"W^{{{equation.layer}}}"
    length = rf"\sqrt{{\textstyle\sum_m ({W}_{{jm}})^2}}"
    return rf"{W}_{{jk}} \leftarrow {W}_{{jk}} \min\left(1, c \,/ {length}\right)"


UNIT_FORMS: dict[tuple[str, str], Callable[[Equation], str]] = {
    ("forward", "affine"): affine,
    ("forward", "activation"): activation,
    ("forward", "mask"): lambda one: element(one.tex),
    ("loss", "loss"): loss,
    ("loss", "penalty"): penalty,
    ("backward", "error"): error,
    ("backward", "gradient"): gradient,
    ("backward", "back"): back,
    ("backward", "mask"): lambda one: element(one.tex),
    ("backward", "slope"): lambda one: element(one.tex),
    ("penalty", "l2"): lambda one: weight(one.tex),
    ("penalty", "l1"): lambda one: weight(one.tex),
    ("penalty", "frozen"): lambda one: one.tex.replace("{\\partial b}", "{\\partial b_j}"),
    ("penalty", "clip"): lambda one: (
        r"g_p \leftarrow g_p \min\left(1, c \,/ \sqrt{\textstyle\sum_q g_q^2}\right)"
    ),
    ("update", "velocity"): lambda one: parameter(one.tex),
    ("update", "squares"): lambda one: parameter(one.tex),
    ("update", "spread"): lambda one: parameter(one.tex),
    ("update", "mean"): lambda one: parameter(one.tex),
    ("update", "decay"): lambda one: weight(one.tex),
    ("update", "step"): lambda one: parameter(one.tex),
    ("update", "max_norm"): max_norm,
}


def unit_form(equation: Equation) -> str:
    """TeX of the equation for one unit and one example, or for one parameter."""
    return UNIT_FORMS[equation.phase, equation.rule](equation)


def factor(what: str, named: str) -> str:
    """TeX of one slope of a chain, and below it what it is."""
    return rf"\underbrace{{{what}}}_{{{named}}}"


def slope(above: str, below: str) -> str:
    return rf"\frac{{\partial {above}}}{{\partial {below}}}"


def chain(equation: Equation) -> str:
    """TeX of the chain rule behind a line of the way back, each factor named; "" for others."""
    if equation.phase != "backward":
        return ""
    what, *factors = CHAINS[equation.rule](equation.layer, r"\tilde " * (r"\tilde" in equation.tex))
    return f"{by(what)} = " + r" \cdot ".join(factors)


def chain_of_error(l: int, tilde: str) -> tuple[str, ...]:
    z, a = f"z^{{{l}}}", f"a^{{{l}}}"
    return z, factor(by(a), r"\text{of the loss}"), factor(slope(a, z), f"f'({z})")


def chain_of_gradient(l: int, tilde: str) -> tuple[str, ...]:
    z, W = f"z^{{{l}}}", f"W^{{{l}}}"
    below = factor(slope(z, W), rf"{tilde}a^{{{l - 1}}}")
    return W, factor(by(z), rf"\delta^{{{l}}}"), below


def chain_back(l: int, tilde: str) -> tuple[str, ...]:
    a, up = f"{tilde}a^{{{l}}}", f"^{{{l + 1}}}"
    return a, factor(slope(f"z{up}", a), f"W{up}"), factor(by(f"z{up}"), rf"\delta{up}")


def chain_of_mask(l: int, tilde: str) -> tuple[str, ...]:
    a = f"a^{{{l}}}"
    mask = factor(slope(rf"\tilde {a}", a), f"M^{{{l}}} / (1 - p)")
    return a, factor(by(rf"\tilde {a}"), r"\text{sent back}"), mask


def chain_of_slope(l: int, tilde: str) -> tuple[str, ...]:
    z, a = f"z^{{{l}}}", f"a^{{{l}}}"
    return z, factor(by(a), r"\text{sent back}"), factor(slope(a, z), f"f'({z})")


CHAINS: dict[str, Callable[[int, str], tuple[str, ...]]] = {
    "error": chain_of_error,
    "gradient": chain_of_gradient,
    "back": chain_back,
    "mask": chain_of_mask,
    "slope": chain_of_slope,
}
