"""Each rule of the program in one sentence: what is done, and what each of its terms is.

The words in braces are the symbols of the line's own layer, as the formulas write them.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.nn import Equation
from pages.figures.base.text import listed, superscript

PHASES = {
    "forward": "Forward",
    "loss": "The loss",
    "backward": "Backward",
    "penalty": "What else pulls on the gradient",
    "update": "The step",
}

SENTENCES: dict[tuple[str, str], str] = {
    ("forward", "affine"): (
        "Each unit of layer {l} adds up what it sees, {seen}, weighted by its row of {W}, "
        "and adds its bias {b}."
    ),
    ("forward", "activation"): "Each unit of layer {l} answers {a} with its activation f.",
    ("forward", "mask"): (
        "Dropout mutes a share p of the units at random: M is 1 for those that speak and 0 for "
        "the others. Dividing by 1 − p keeps the sum that the next layer expects."
    ),
    ("loss", "loss"): (
        "One number for how wrong the answers {last_a} are, averaged over the n examples of the "
        "batch. Everything below asks how it changes."
    ),
    ("loss", "penalty"): ("Large weights cost something too: {costs}. Biases are free."),
    ("backward", "error"): (
        "The error term of the last layer, {delta} = ∂L/∂{z}: what the loss says about the "
        "answer, times the slope of the answer. The 1/n of the mean is in it from here on."
    ),
    ("backward", "gradient"): (
        "The chain rule, last factor first: {z} depends on {W} through what layer {l} saw, "
        "{seen}. So the slope for a weight is the error term of the unit it enters times the "
        "answer of the unit it leaves, summed over the examples. Both matrices have a column per "
        "example, so the second one is transposed: row by column adds the examples up. The bias "
        "sees a constant 1."
    ),
    ("backward", "back"): (
        "The error goes back the way the answer came: {a} reached the loss only through {up_z}, "
        "so each unit collects the error terms {up_delta} of the units it feeds, weighted by "
        "its column of {up_W}, the weights before the step. A column of {up_W} is a row of its "
        "transpose: that is where ᵀ comes from."
    ),
    ("backward", "mask"): (
        "What was muted on the way forward had no part in the loss: the same M takes its error "
        "away."
    ),
    ("backward", "slope"): (
        "Past the activation: times its slope at {z}. This is the error term of layer {l}, "
        "{delta} = ∂L/∂{z}; where f is flat, nothing gets through."
    ),
    ("penalty", "l2"): "L2 pulls every weight towards 0, the harder the larger it is.",
    ("penalty", "l1"): "L1 pulls every weight towards 0 with the same force, whatever its size.",
    ("penalty", "frozen"): "The biases are frozen: their slopes are set to 0, so they stay.",
    ("penalty", "clip"): (
        "g is the gradient of all parameters in one long vector, ‖g‖ its length. If that is more "
        "than the limit c_g, g is shortened to it; its direction stays."
    ),
    ("update", "velocity"): (
        "The velocity v keeps the share μ of what it was and adds the newest slope: steps that "
        "agree add up, steps that quarrel cancel."
    ),
    ("update", "squares"): ("s adds up the squared slopes that each parameter has ever seen."),
    ("update", "spread"): (
        "{spread} is a running mean of the squared slopes: how large the slope of each parameter "
        "usually is."
    ),
    ("update", "mean"): "m is a running mean of the slopes: where this parameter has been heading.",
    ("update", "decay"): (
        "Weight decay: every weight shrinks by the same share, beside the gradient, so no "
        "running mean scales it."
    ),
    ("update", "max_norm"): (
        "If the row of weights into a hidden unit has become longer than the limit c_W, it is "
        "shortened to it."
    ),
    ("update", "step"): "",  # MOVES has the words of each optimizer
}

MOVES: dict[str, str] = {
    "sgd": (
        "All weights and biases at once, θ, move against their slopes g; the learning rate η is "
        "the length of the step for a slope of 1."
    ),
    "momentum": "All parameters θ move by the velocity instead of by the slope.",
    "nesterov": (
        "Nesterov looks ahead: the velocity is applied once more before the next slope is taken, "
        "so θ stands where the momentum will carry it."
    ),
    "adagrad": (
        "Each parameter has its own rate: the more slope it has seen, the smaller its steps. "
        "ε keeps the divisor from 0."
    ),
    "rmsprop": (
        "Each slope is divided by its usual size, so steep and flat directions move alike. "
        "ε keeps the divisor from 0."
    ),
    "adam": (
        "The mean slope over its usual size. m and v start at 0, so both are too small at first; "
        "the powers of β take that out, t counts the steps. ε keeps the divisor from 0. The first "
        "step is η whatever the slope."
    ),
    "adamw": (
        "Then Adam's step, on the gradient without the decay: the mean slope over its usual "
        "size, both corrected for their start at 0."
    ),
}

BENDS = " Without a bend here, all layers together would be one straight line."
ANSWERS = " These are the network's answers."
CANCELS = " This output and this loss suit each other: no slope of f is left."
BELOW = " {delta} holds all that happened above."
STRAIGHT = " Layer {l} is linear, its slope is 1, so this already is {delta}."
WEIGHTED = " w counts the examples of a rare class as more."
MATRIX = " Behind softmax every output depends on every z, so the slopes are a matrix J."


COSTS = {  # what it looks like in the formula -> what it is
    r"\lambda_2": "λ₂ times the sum of their squares",
    r"\lambda_1": "λ₁ times the sum of their sizes",
}


def sentence(equation: Equation, optimizer: str, layers: int) -> str:
    """What a line does, in words, with the symbols of its layer; `layers` is the last one."""
    own = SENTENCES[equation.phase, equation.rule] or MOVES[optimizer]
    return (own + "".join(additions(equation, layers))).format_map(symbols(equation, layers))


def additions(equation: Equation, layers: int) -> Iterator[str]:
    """What is to be said besides, where the layer or a choice changes the formula."""
    tex, rule, last = equation.tex, equation.rule, equation.layer == layers
    if rule == "activation" and (last or not tex.endswith("f(z) = z")):
        yield ANSWERS if last else BENDS
    if rule == "gradient" and not last:
        yield BELOW
    if rule == "error" and "f'" not in tex and "J" not in tex:
        yield CANCELS
    if rule == "error" and "J" in tex:
        yield MATRIX
    if rule in ("error", "loss") and (r"\odot w" in tex or r"w\," in tex):
        yield WEIGHTED
    if rule in ("back", "mask") and tex.startswith(r"\delta"):
        yield STRAIGHT


def symbols(equation: Equation, layers: int) -> dict[str, str]:
    """The symbols of an equation's layer and of the layers beside it: W⁽²⁾, ã⁽¹⁾."""
    l, here = equation.layer, superscript(equation.layer)
    below, above = superscript(max(l - 1, 0)), superscript(l + 1)
    masked = r"W" in equation.tex and r"\tilde a" in equation.tex
    return {
        "l": str(l),
        **{name: name + here for name in ("W", "b", "z", "a")},
        "delta": f"δ{here}",
        "seen": ("ã" if masked else "a") + below + (", which is the input x" if l == 1 else ""),
        "spread": "v" if equation.tex.startswith("v") else "s",
        "costs": listed([words for sign, words in COSTS.items() if sign in equation.tex]),
        "last_a": "a" + superscript(layers),
        "up_z": f"z{above}",
        "up_W": f"W{above}",
        "up_delta": f"δ{above}",
    }
