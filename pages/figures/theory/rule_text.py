"""Each rule of the program in one sentence: what is done, and what each of its terms is.

The words in braces are the symbols of the line's own layer, as the formulas write them.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.language import marked, tr
from engine.nn import ACTIVATIONS, Equation, symbols_in
from engine.nn import symbols as sym
from pages.figures.base.text import listed, superscript

PHASES = {
    "forward": marked("Forward"),
    "loss": marked("Loss"),
    "backward": marked("Backward"),
    "penalty": marked("Penalty"),
    "update": marked("Update"),
}

RULE_NAMES: dict[tuple[str, str], str] = {
    ("forward", "affine"): marked("weighted sum"),
    ("forward", "activation"): marked("activation"),
    ("forward", "mask"): marked("dropout"),
    ("loss", "loss"): marked("loss"),
    ("loss", "penalty"): marked("penalty"),
    ("backward", "error"): marked("error term"),
    ("backward", "gradient"): marked("gradient"),
    ("backward", "back"): marked("error passed back"),
    ("backward", "mask"): marked("dropout"),
    ("backward", "slope"): marked("error term"),
    ("penalty", "l2"): marked("L2"),
    ("penalty", "l1"): marked("L1"),
    ("penalty", "frozen"): marked("frozen biases"),
    ("penalty", "clip"): marked("clipping"),
    ("update", "velocity"): marked("velocity"),
    ("update", "squares"): marked("sum of squares"),
    ("update", "spread"): marked("mean square"),
    ("update", "mean"): marked("mean gradient"),
    ("update", "decay"): marked("weight decay"),
    ("update", "max_norm"): marked("max-norm"),
    ("update", "step"): marked("step"),
}

RULE_SENTENCES: dict[tuple[str, str], str] = {
    ("forward", "affine"): marked(
        "Each unit of layer {l} multiplies its inputs {seen} by its weights (a row of "
        "{W}), adds up the products and adds its bias {b}."
    ),
    ("forward", "activation"): marked(
        "Each unit of layer {l} puts its weighted sum {z} into the activation function f. "
        "The result {a} is its output."
    ),
    ("forward", "mask"): marked(
        "Dropout switches off a random share p of the units: M is 0 for these units and 1 "
        "for the others. Dividing by 1 − p keeps the sums of the next layer as large on "
        "average."
    ),
    ("loss", "loss"): marked(
        "The loss is one number for how wrong the outputs {last_a} are: the average over "
        "the n examples of the batch. The lines below compute how it changes with each "
        "weight."
    ),
    ("loss", "penalty"): marked(
        "The penalty adds {costs} to the loss, so large weights cost more. Biases are not counted."
    ),
    ("backward", "error"): marked(
        "The error term of the last layer, {delta} = ∂L/∂{z}, is the derivative of the "
        "loss with respect to {z}: the derivative with respect to the output, times the "
        "slope of f. The 1/n of the average is already in it."
    ),
    ("backward", "gradient"): marked(
        "The chain rule: {z} depends on {W} through the inputs of layer {l}, {seen}. So "
        "the derivative for a weight is the error term of the unit it leads to, times the "
        "output of the unit it comes from, summed over the examples. Both matrices have "
        "one column per example, so the second one is transposed: row times column adds up "
        "the examples. For a bias the input is always 1."
    ),
    ("backward", "back"): marked(
        "The chain rule: {a} changes the loss only through {up_z}. So each unit adds up "
        "the error terms {up_delta} of the units it leads to, each times the weight "
        "between them, as it was before the update. These weights are a column of {up_W}. "
        "A column of {up_W} is a row of its transpose: this is why there is a ᵀ."
    ),
    ("backward", "mask"): marked(
        "A unit that was switched off had no effect on the loss: the same M sets its error "
        "to 0. The other errors are divided by 1 − p, as the outputs were."
    ),
    ("backward", "slope"): marked(
        "The chain rule: the error that was passed back is multiplied by the slope of f at "
        "{z}. This is the error term of layer {l}, {delta} = ∂L/∂{z}. Where f is flat, the "
        "slope is near 0 and almost no error gets through."
    ),
    ("penalty", "l2"): marked(
        "The L2 penalty pulls every weight towards 0, in proportion to its size. It does "
        "not change the biases."
    ),
    ("penalty", "l1"): marked(
        "The L1 penalty pulls every weight towards 0 with the same strength, whatever its "
        "size. It does not change the biases."
    ),
    ("penalty", "frozen"): marked(
        "The biases are frozen: their derivatives are set to 0, so the biases do not change."
    ),
    ("penalty", "clip"): marked(
        "g is the gradient of all parameters in one long vector, and ‖g‖ is its length. If "
        "the length is above the limit c_g, g is shortened to c_g. Its direction stays the "
        "same."
    ),
    ("update", "velocity"): marked(
        "The velocity v keeps the share μ of its old value and takes in the new gradient. "
        "Steps in the same direction add up, steps in opposite directions cancel out."
    ),
    ("update", "squares"): marked(
        "s adds up the squared gradients of all steps, for each parameter."
    ),
    ("update", "spread"): marked(
        "{spread} is a running average of the squared gradients. It shows how large the "
        "gradient of each parameter usually is."
    ),
    ("update", "mean"): marked(
        "m is a running average of the gradients. It shows the usual direction of each one."
    ),
    ("update", "decay"): marked(
        "Weight decay: every weight shrinks by the same share. This is done apart from the "
        "gradient, so no running average changes it."
    ),
    ("update", "max_norm"): marked(
        "If the weights into a hidden unit (a row of W) are longer than the limit c_W, the "
        "row is shortened to this length."
    ),
    ("update", "step"): "",  # STEP_SENTENCES has one for each optimizer
}

STEP_SENTENCES: dict[str, str] = {
    "sgd": marked(
        "All weights and biases, θ, move against their gradient g. The learning rate η "
        "says how far: a derivative of 1 moves a parameter by η."
    ),
    "momentum": marked("All parameters θ move by the velocity v instead of by the gradient."),
    "nesterov": marked(
        "Nesterov's momentum looks ahead: the velocity is applied once more before the "
        "next gradient is computed. So it belongs to the point to which the velocity will "
        "move θ."
    ),
    "adagrad": marked(
        "Each parameter has its own step size: the larger its gradients so far, the "
        "smaller its steps. ε prevents a division by 0."
    ),
    "rmsprop": marked(
        "Each gradient is divided by its usual size, so all parameters move at a similar "
        "speed. ε prevents a division by 0."
    ),
    "adam": marked(
        "Each parameter moves by its average gradient, divided by the usual size of its "
        "gradient. m and v start at 0, so both are too small at first: the powers of β "
        "correct this, and t is the number of the step. ε prevents a division by 0. The "
        "length of the first step is η, whatever the gradient."
    ),
    "adamw": marked(
        "Then comes Adam's step, with the gradient without the decay: the average gradient "
        "divided by its usual size, both corrected for their start at 0."
    ),
}

BENDS = marked(" If f were linear in every layer, the whole network would be linear too.")
ANSWERS = marked(" These are the outputs of the network.")
CANCELS = marked(" With this activation and this loss, the slope of f cancels out.")
BELOW = marked(" {delta} holds the effect of all later layers.")
STRAIGHT = marked(" Layer {l} is linear and its slope is 1, so this is already {delta}.")
WEIGHTED = marked(" w makes the examples of a rare class count more.")
MATRIX = marked(" With softmax every output depends on every z, so the slopes form a matrix J.")


COSTS = {  # the symbol in the formula -> what it is
    sym.lambda2: marked("λ₂ times the sum of the squared weights"),
    sym.lambda1: marked("λ₁ times the sum of the absolute values of the weights"),
}


def rule_sentence(equation: Equation, optimizer: str, layers: int) -> str:
    """Return what a line does, in words; `layers` is the number of the last layer."""
    text = RULE_SENTENCES[equation.phase, equation.rule] or STEP_SENTENCES[optimizer]
    fields = symbol_words(equation, layers)
    return "".join(tr(one, **fields) for one in (text, *added_sentences(equation, layers)))


def added_sentences(equation: Equation, layers: int) -> Iterator[str]:
    """Yield the sentences to add where the layer or a choice changes the formula."""
    formula, rule, last = equation.formula, equation.rule, equation.layer == layers
    found = set(symbols_in(formula))
    if rule == "activation" and (last or formula.also != (ACTIVATIONS["linear"].formula,)):
        yield ANSWERS if last else BENDS
    if rule == "gradient" and not last:
        yield BELOW
    if rule == "error" and not formula.also:
        yield CANCELS
    if rule == "error" and sym.J.T in found:
        yield MATRIX
    if rule in ("error", "loss") and sym.w in found:
        yield WEIGHTED
    if rule in ("back", "mask") and formula.left == sym.delta.at(equation.layer):
        yield STRAIGHT


def symbol_words(equation: Equation, layers: int) -> dict[str, str]:
    """Return the symbols of an equation's layer and of the layers beside it: W⁽²⁾, ã⁽¹⁾."""
    l, here = equation.layer, superscript(equation.layer)
    below, above = superscript(max(l - 1, 0)), superscript(l + 1)
    found = set(symbols_in(equation.formula))
    masked = not found.isdisjoint({sym.a_masked.at(l - 1), sym.a_masked.at(l - 1).T})
    return {
        "l": str(l),
        **{name: name + here for name in ("W", "b", "z", "a")},
        "delta": f"δ{here}",
        "seen": ("ã" if masked else "a") + below + (tr(" (the inputs x)") if l == 1 else ""),
        "spread": "v" if equation.formula.left == sym.v else "s",
        "costs": listed([tr(words) for symbol, words in COSTS.items() if symbol in found]),
        "last_a": "a" + superscript(layers),
        "up_z": f"z{above}",
        "up_W": f"W{above}",
        "up_delta": f"δ{above}",
    }
