"""Bugs: the classic mistakes in backpropagation, by name.

Some of them train almost as well as the correct program: only the gradient check finds them.
Sources: CS231n, gradient checks; Lillicrap et al. (2016) for the random feedback.
"""

from __future__ import annotations

from engine.data import Dataset
from engine.gradcheck import bug_injection as mistakes
from engine.gradcheck.bug_injection import Bug, BuggyTraining
from engine.language import marked, tr
from engine.nn import ACTIVATIONS
from engine.training import Config, Run, Training

# Activations whose slope at f(z) is their slope at z.
STRAIGHT = tuple(name for name, f in ACTIVATIONS.items() if f.straight)


class BuggyRun(Run):
    """A run whose trainings have one of BUGS; `at` uses the correct program."""

    def __init__(self, config: Config, dataset: Dataset, bug: str) -> None:
        self.bug = bug
        super().__init__(config, dataset)

    def new_training(self) -> Training:
        """Return a training at its start, with the bug."""
        return BuggyTraining(self.config, self.dataset, BUGS[self.bug])


# Why a fault cannot be made in a training, or makes no difference, in a sentence; "" if it can.


def needs_nothing(training: Training) -> str:
    return ""


def needs_hidden(training: Training) -> str:
    return "" if len(training.sizes) > 2 else tr("without a hidden layer no error is passed back.")


def needs_cross_entropy(training: Training) -> str:
    right = ("bce", "ce", "poisson")
    if training.output_head.loss_name in right:
        return ""
    return tr(
        "the loss is {loss_name}, and it needs one of {right}.",
        loss_name=training.output_head.loss_name,
        right=", ".join(right),
    )


def needs_batch(training: Training) -> str:
    n = training.config.batches(len(training.rows)).size
    return "" if n > 1 else tr("in a batch of one example 1/n is 1.")


def needs_slope(training: Training) -> str:
    bent = set(training.network.activations[:-1]) - {"linear"}
    return "" if bent else tr("no hidden layer has an activation with a slope other than 1.")


def needs_nonlinear(training: Training) -> str:
    curved = set(training.network.activations[:-1]) - set(STRAIGHT)
    words = tr("it needs a hidden layer other than {straight}.", straight=", ".join(STRAIGHT))
    return "" if curved else words


def needs_square(training: Training) -> str:
    square = any(n_in == n for n_in, n in zip(training.sizes[1:], training.sizes[2:], strict=False))
    words = tr("no layer has as many units as the one below, so the shapes do not fit.")
    return "" if square else words


def needs_bias(training: Training) -> str:
    return "" if training.config.biases == "learn" else tr("the biases are frozen anyway.")


def needs_mean_bias(training: Training) -> str:
    return needs_bias(training) or needs_batch(training)


def needs_mask(training: Training) -> str:
    return "" if any(training.config.layer_dropouts) else tr("there is no dropout.")


def needs_l2(training: Training) -> str:
    return "" if training.config.l2 else tr("the L2 penalty is 0.")


def needs_weights(training: Training) -> str:
    return "" if training.weights is not None else tr("all examples have the same weight.")


ERROR, BACK, SLOPE, GRADIENT = (
    ("backward", rule) for rule in ("error", "back", "slope", "gradient")
)

BUGS: dict[str, Bug] = {
    "slope_of_a": Bug(
        marked("f′(a) instead of f′(z)"),
        marked("The slope is computed at the output of the activation, not at its input."),
        marked(
            "Training looks as good as without the bug. At the start tanh units are nearly "
            "linear, so both slopes are near 1 and the check finds a small error; later it finds "
            "a large one."
        ),
        r"\delta^{(1)} = \frac{\partial L}{\partial a^{(1)}} \odot f'(z^{(1)})",
        r"\delta^{(1)} = \frac{\partial L}{\partial a^{(1)}} \odot f'(a^{(1)})",
        SLOPE,
        mistakes.slope_of_a,
        needs_nonlinear,
    ),
    "updated_first": Bug(
        marked("W⁽²⁾ updated before δ⁽¹⁾"),
        marked("The error term is passed back through weights that were already updated."),
        marked(
            "The loss curve looks normal. The check finds the largest error at the start, while "
            "the steps are large."
        ),
        r"\frac{\partial L}{\partial a^{(1)}} = W^{(2)\top} \delta^{(2)}",
        r"\frac{\partial L}{\partial a^{(1)}} = "
        r"\left( W^{(2)} - \eta\, \frac{\partial L}{\partial W^{(2)}} \right)^\top \delta^{(2)}",
        BACK,
        mistakes.updated_first,
        needs_hidden,
    ),
    "mean_of_bias": Bug(
        marked("1/n twice on the biases"),
        marked("δ already contains 1/n, but the bias takes the mean of δ instead of the sum."),
        marked("The biases hardly change, but the loss falls almost as far. Only ∂b is wrong."),
        r"\frac{\partial L}{\partial b^{(l)}} = \delta^{(l)} \mathbf{1}",
        r"\frac{\partial L}{\partial b^{(l)}} = \tfrac{1}{n}\, \delta^{(l)} \mathbf{1}",
        GRADIENT,
        mistakes.mean_of_bias,
        needs_mean_bias,
    ),
    "no_bias": Bug(
        marked("∂b forgotten"),
        marked("The biases get no gradient and keep their start values."),
        marked("Every boundary of the first layer goes through the origin. Only ∂b is wrong."),
        r"\frac{\partial L}{\partial b^{(l)}} = \delta^{(l)} \mathbf{1}",
        r"\frac{\partial L}{\partial b^{(l)}} = 0",
        GRADIENT,
        mistakes.no_bias,
        needs_bias,
    ),
    "squared_delta": Bug(
        marked("δ of another loss"),
        marked("The error term is that of squared error, while the loss is cross-entropy."),
        marked(
            "It learns more slowly, and slowest where the output is badly wrong. The gradient is "
            "wrong in every layer, so the bug is at the output."
        ),
        r"\delta^{(L)} = \tfrac{1}{nK} (a^{(L)} - y)",
        r"\delta^{(L)} = \tfrac{2}{nK} (a^{(L)} - y) \odot f'(z^{(L)})",
        ERROR,
        mistakes.squared_delta,
        needs_cross_entropy,
    ),
    "random_feedback": Bug(
        marked("Random feedback"),
        marked(
            "The error term is passed back through a fixed random matrix instead of the weights."
        ),
        marked(
            "The gradient is wrong, but it still learns: the weights slowly adapt to the random "
            "matrix."
        ),
        r"\frac{\partial L}{\partial a^{(1)}} = W^{(2)\top} \delta^{(2)}",
        r"\frac{\partial L}{\partial a^{(1)}} = B^{(2)\top} \delta^{(2)}",
        BACK,
        mistakes.random_feedback,
        needs_hidden,
    ),
    "no_slope": Bug(
        marked("f′ forgotten"),
        marked("The error term is passed back as if the slope of the activation were 1."),
        marked(
            "The loss stays high or jumps. The gradient is wrong only in hidden layers, so the "
            "bug comes after the output layer, on the way back."
        ),
        r"\delta^{(1)} = \frac{\partial L}{\partial a^{(1)}} \odot f'(z^{(1)})",
        r"\delta^{(1)} = \frac{\partial L}{\partial a^{(1)}}",
        SLOPE,
        mistakes.no_slope,
        needs_slope,
    ),
    "frozen_below": Bug(
        marked("δ⁽¹⁾ never used"),
        marked(
            "The error terms of the hidden layers are computed, but only the last layer learns."
        ),
        marked(
            "The curve of W⁽¹⁾ is flat. Random hidden units with a trained output layer still do "
            "better than a straight line."
        ),
        r"\frac{\partial L}{\partial W^{(1)}} = \delta^{(1)} a^{(0)\top}",
        r"\frac{\partial L}{\partial W^{(1)}} = 0",
        GRADIENT,
        mistakes.frozen_below,
        needs_hidden,
    ),
    "not_transposed": Bug(
        marked("W⁽²⁾ not transposed"),
        marked(
            "The error term is multiplied by W⁽²⁾ itself. Where a layer has as many units as the "
            "one below, the shapes fit, so there is no error message."
        ),
        marked(
            "The layers below move in wrong directions. With layers of different sizes the "
            "program would stop with an error: a good idea for a test."
        ),
        r"\frac{\partial L}{\partial a^{(1)}} = W^{(2)\top} \delta^{(2)}",
        r"\frac{\partial L}{\partial a^{(1)}} = W^{(2)} \delta^{(2)}",
        BACK,
        mistakes.not_transposed,
        needs_square,
    ),
    "hidden_sign": Bug(
        marked("Wrong sign on the way back"),
        marked("The error term leaves the last layer with the wrong sign."),
        marked(
            "The last layer learns, but the layers below move in the wrong direction: the loss "
            "stays near chance."
        ),
        r"\frac{\partial L}{\partial a^{(1)}} = W^{(2)\top} \delta^{(2)}",
        r"\frac{\partial L}{\partial a^{(1)}} = -W^{(2)\top} \delta^{(2)}",
        BACK,
        mistakes.hidden_sign,
        needs_hidden,
    ),
    "summed": Bug(
        marked("1/n forgotten"),
        marked("The error terms are summed over the batch instead of averaged."),
        marked(
            "The direction is right, but the step is n times too long: the relative error is "
            "nearly 1 in every layer."
        ),
        r"\delta^{(L)} = \tfrac{1}{n} (a^{(L)} - y)",
        r"\delta^{(L)} = a^{(L)} - y",
        ERROR,
        mistakes.no_average,
        needs_batch,
    ),
    "uphill": Bug(
        marked("Sign of the error"),
        marked("The difference has the wrong order: y − a instead of a − y."),
        marked("The loss rises from the first epoch on."),
        r"\delta^{(L)} = \tfrac{1}{n} (a^{(L)} - y)",
        r"\delta^{(L)} = \tfrac{1}{n} (y - a^{(L)})",
        ERROR,
        mistakes.uphill,
        needs_nothing,
    ),
    "no_mask": Bug(
        marked("Mask forgotten on the way back"),
        marked(
            "Dropout switches units off on the way forward, but on the way back they still get "
            "the error."
        ),
        marked(
            "Units also learn from examples for which they were switched off. The gradient is "
            "wrong only in layers with dropout and below."
        ),
        r"\frac{\partial L}{\partial a^{(1)}} = \frac{\partial L}{\partial \tilde a^{(1)}} "
        r"\odot M^{(1)} / (1 - p)",
        r"\frac{\partial L}{\partial a^{(1)}} = \frac{\partial L}{\partial \tilde a^{(1)}}",
        ("backward", "mask"),
        mistakes.no_mask,
        needs_mask,
    ),
    "half_penalty": Bug(
        marked("Half the L2 penalty"),
        marked("The slope of λW² is computed as λW, without the 2."),
        marked(
            "The effect is that of half the penalty. Only the gradients of the weights are wrong."
        ),
        r"\frac{\partial L}{\partial W} \leftarrow \frac{\partial L}{\partial W} + 2 \lambda_2 W",
        r"\frac{\partial L}{\partial W} \leftarrow \frac{\partial L}{\partial W} + \lambda_2 W",
        ("penalty", "l2"),
        mistakes.half_penalty,
        needs_l2,
    ),
    "unweighted": Bug(
        marked("Class weights forgotten"),
        marked("The loss gives rare classes more weight, but the error term does not."),
        marked("The effect is that of no class weights: rare classes are missed again."),
        r"\delta^{(L)} = \tfrac{1}{n} (a^{(L)} - y) \odot w",
        r"\delta^{(L)} = \tfrac{1}{n} (a^{(L)} - y)",
        ERROR,
        mistakes.unweighted,
        needs_weights,
    ),
}

NEEDS: dict[str, dict] = {  # what a bug needs in addition to the preset "mistakes"
    "not_transposed": {"hidden": (8, 8)},
    "no_mask": {"dropout": 0.5},
    "half_penalty": {"l2": 0.01},
    "unweighted": {"dataset": "gauss_imbalanced", "class_weights": "balanced", "epochs": 300},
}
