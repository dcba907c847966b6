"""Forms: an equation of the program written for one unit and one example, and as a chain of slopes.

The program's own form speaks of whole layers. Here j is a unit of its layer, k one of the layer
below, u one of the layer above, r any unit of the same layer, i an example, q one of all
parameters; each letter has this one meaning. Where the program works element by element, the
indices are put in; only sums over units or examples are written anew.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from engine.nn import Equation, partial_tex

ELEMENT = "ji"
PLACED = re.compile(r"(\\tilde a|\\delta|a|z|M)\^\{(\(\d+\))\}")  # a symbol that carries its layer
TOKEN = re.compile(r"\\(?:hat|frac|sqrt) ?[a-z]?|\\[a-zA-Z]+|[a-zA-Z]|.")
REMEMBERED = {"g", "v", "s", "m", r"\theta", r"\hat m", r"\hat v"}  # one number per parameter


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
    tex = tex.replace(r"g \odot g", "g_q^2").replace("s_0", r"s_{q0}")
    spelled = (t + "_q" if t in REMEMBERED else t for t in TOKEN.findall(tex))
    return without_circles("".join(spelled)).replace("_q_", "_")


def weight(tex: str) -> str:
    """An equation between matrices of weights for one weight."""
    return re.sub(r"(?<![a-zA-Z\\])W", "W_{jk}", tex).replace("{W_{jk}}", "W_{jk}")


def affine(equation: Equation) -> str:
    l, seen = equation.layer, PLACED.search(equation.tex.partition("W")[2])
    below = element(seen[0], "ki") if seen else ""
    return rf"z^{{({l})}}_{{ji}} = \sum_k W^{{({l})}}_{{jk}}\, {below} + b^{{({l})}}_j"


def activation(equation: Equation) -> str:
    """Each unit answers for itself; softmax alone looks at all of them."""
    l = equation.layer
    if "f(z)_j" not in equation.tex:
        return element(equation.tex)
    z = rf"z^{{({l})}}"
    return rf"a^{{({l})}}_{{ji}} = \frac{{e^{{{z}_{{ji}}}}}}{{\sum_r e^{{{z}_{{ri}}}}}}"


def loss(equation: Equation) -> str:
    return element(equation.tex.replace(r"\sum ", r"\sum_{i,j} "))


def penalty(equation: Equation) -> str:
    W = "W^{(l)}_{jk}"
    tex = equation.tex.replace(r"W \odot W", f"({W})^2").replace("|W|", f"|{W}|")
    return tex.replace(r"\sum ", r"\sum_{l,j,k} ")


def error(equation: Equation) -> str:
    """delta of one output unit; behind softmax it hears of the errors of all."""
    if "J^" not in equation.tex:
        return element(equation.tex)
    inner, l = re.search(r"\\left\[ (.*) \\right\]", equation.tex), equation.layer
    of_all = element(inner[1], "ri") if inner else ""
    a = rf"a^{{({l})}}"
    jacobian = rf"{a}_{{ri}} ([r = j] - {a}_{{ji}})"
    return rf"\delta^{{({l})}}_{{ji}} = \sum_r {jacobian} \left[ {of_all} \right]"


def gradient(equation: Equation) -> str:
    l = equation.layer
    tilde = r"\tilde " if r"\tilde" in equation.tex else ""
    seen, delta = rf"{tilde}a^{{({l - 1})}}_{{ki}}", rf"\delta^{{({l})}}_{{ji}}"
    dW, db = partial_tex(f"W^{{({l})}}_{{jk}}"), partial_tex(f"b^{{({l})}}_j")
    return rf"{dW} = \sum_i {delta}\, {seen}, \quad {db} = \sum_i {delta}"


def back(equation: Equation) -> str:
    above = f"{{({equation.layer + 1})}}"
    left = element(equation.tex.partition(" = ")[0])
    return rf"{left} = \sum_u W^{above}_{{uj}}\, \delta^{above}_{{ui}}"


def max_norm(equation: Equation) -> str:
    W = rf"W^{{({equation.layer})}}"
    length = rf"\sqrt{{\textstyle\sum_{{k'}} ({W}_{{jk'}})^2}}"
    return rf"{W}_{{jk}} \leftarrow {W}_{{jk}} \min\left(1, c_W \,/ {length}\right)"


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
        r"g_q \leftarrow g_q \min\left(1, c_g \,/ \sqrt{\textstyle\sum_{q'} g_{q'}^2}\right)"
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
    """Return TeX of one slope of a chain, and below it what it is."""
    return rf"\underbrace{{{what}}}_{{{named}}}"


def slope(above: str, below: str) -> str:
    """Return TeX of the slope of one thing by another."""
    return rf"\frac{{\partial {above}}}{{\partial {below}}}"


def turned(above: str, below: str) -> str:
    """Return TeX of the transposed slope of one thing by another."""
    return rf"\left( {slope(above, below)} \right)^\top"


def chain(equation: Equation, mixes: bool = False) -> str:
    """Return TeX of the chain rule behind a line of the way back, each factor named; "" for others.

    Between layers the factors are matrices and stand in the order in which their shapes fit; within
    a layer they are multiplied element by element. `mixes` is whether the outputs' slopes are a
    matrix J.
    """
    if equation.phase != "backward":
        return ""
    l, tilde = equation.layer, r"\tilde " * (r"\tilde" in equation.tex)
    rule = "mixed" if equation.rule == "error" and mixes else equation.rule
    what, between, *factors = CHAINS[rule](l, tilde)
    return f"{partial_tex(what)} = " + between.join(factors)


TIMES, EACH = r"\,", r" \odot "  # a product of matrices; element by element


def chain_of_error(l: int, tilde: str) -> tuple[str, ...]:
    z, a = f"z^{{({l})}}", f"a^{{({l})}}"
    return z, EACH, factor(partial_tex(a), r"\text{of the loss}"), factor(slope(a, z), f"f'({z})")


def chain_of_mixed(l: int, tilde: str) -> tuple[str, ...]:
    """Behind softmax; for each example, which is a column."""
    z, a = f"z^{{({l})}}", f"a^{{({l})}}"
    return z, TIMES, factor(turned(a, z), r"J^\top"), factor(partial_tex(a), r"\text{of the loss}")


def chain_of_gradient(l: int, tilde: str) -> tuple[str, ...]:
    z, W = f"z^{{({l})}}", f"W^{{({l})}}"
    below = factor(turned(z, W), rf"{tilde}a^{{({l - 1})\top}}")
    return W, TIMES, factor(partial_tex(z), rf"\delta^{{({l})}}"), below


def chain_back(l: int, tilde: str) -> tuple[str, ...]:
    a, up = f"{tilde}a^{{({l})}}", f"({l + 1})"
    sent = factor(turned(f"z^{{{up}}}", a), rf"W^{{{up}\top}}")
    return a, TIMES, sent, factor(partial_tex(f"z^{{{up}}}"), rf"\delta^{{{up}}}")


def chain_of_mask(l: int, tilde: str) -> tuple[str, ...]:
    a = f"a^{{({l})}}"
    mask = factor(slope(rf"\tilde {a}", a), f"M^{{({l})}} / (1 - p)")
    return a, EACH, factor(partial_tex(rf"\tilde {a}"), r"\text{sent back}"), mask


def chain_of_slope(l: int, tilde: str) -> tuple[str, ...]:
    z, a = f"z^{{({l})}}", f"a^{{({l})}}"
    return z, EACH, factor(partial_tex(a), r"\text{sent back}"), factor(slope(a, z), f"f'({z})")


CHAINS: dict[str, Callable[[int, str], tuple[str, ...]]] = {
    "error": chain_of_error,
    "mixed": chain_of_mixed,
    "gradient": chain_of_gradient,
    "back": chain_back,
    "mask": chain_of_mask,
    "slope": chain_of_slope,
}
