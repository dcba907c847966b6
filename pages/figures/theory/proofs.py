"""Where the losses come from: the steps that lead to what the registry of losses prints.

Each proof ends where the program begins; its last line is printed from the registry itself.
"""

from __future__ import annotations

from typing import NamedTuple

from engine.language import marked


class Proof(NamedTuple):
    """From a noise model to the losses that follow from it."""

    title: str  # a message, as the other texts are
    about: str
    steps: tuple[str, ...]
    losses: tuple[str, ...]
    best: str  # what the best single output is


LOSS_PROOFS: dict[str, Proof] = {
    "gaussian": Proof(
        marked("Bell curve"),
        marked(
            "Many small causes add up: targets scatter around the output a like a bell curve "
            "of width σ. −ln p of a target grows with the square of its error: least squares."
        ),
        (
            r"p(y \mid a) = \frac{1}{\sqrt{2 \pi}\, \sigma}\, e^{-(a - y)^2 / 2 \sigma^2}",
            r"-\ln p = \frac{(a - y)^2}{2 \sigma^2} + \ln (\sqrt{2 \pi}\, \sigma)",
        ),
        ("mse", "half_mse"),
        marked("The best single output is the mean; one target far away moves it."),
    ),
    "laplace": Proof(
        marked("Sharp peak, long tails"),
        marked(
            "Most errors are small, but a few are very large: targets scatter like a double "
            "exponential of width s. −ln p grows with the size of the error itself."
        ),
        (
            r"p(y \mid a) = \frac{1}{2 s}\, e^{-|a - y| / s}",
            r"-\ln p = \frac{|a - y|}{s} + \ln 2 s",
        ),
        ("mae",),
        marked("The best single output is the median; a target far away does not move it."),
    ),
    "bernoulli": Proof(
        marked("A coin"),
        marked(
            "A target is yes or no, 1 or 0, and a is the probability of yes. −ln p is the "
            "cross-entropy."
        ),
        (
            r"p(y \mid a) = a^y (1 - a)^{1 - y}",
            r"-\ln p = -y \ln a - (1 - y) \ln (1 - a)",
        ),
        ("bce",),
        marked("The best single output is the share of yes."),
    ),
    "poisson": Proof(
        marked("Counts"),
        marked(
            "A target counts independent events, a on average. The value of −ln p at a = y is "
            "subtracted, so that a perfect output has the loss 0."
        ),
        (
            r"p(y \mid a) = \frac{a^y e^{-a}}{y!}",
            r"-\ln p = a - y \ln a + \ln y!",
        ),
        ("poisson",),
        marked("The best single output is the mean count."),
    ),
}

MORE_LOSS_PROOFS: dict[str, Proof] = {  # without a figure: the output is more than one number
    "categorical": Proof(
        marked("One of K classes"),
        marked("The coin with K sides: exactly one y is 1, and the a of all sides add up to 1."),
        (
            r"p(y \mid a) = \prod_k a_k^{y_k}",
            r"-\ln p = -\sum_k y_k \ln a_k",
        ),
        ("ce",),
        marked("The best single output is the share of each class."),
    ),
    "huber": Proof(
        marked("A bell with long tails"),
        marked(
            "A bell in the middle, pointed tails outside: small errors are squared, large ones "
            "are not. h is the Huber function, and its border is an error of 1."
        ),
        (r"p(y \mid a) \propto e^{-h(a - y)}", r"-\ln p = h(a - y) + \text{constant}"),
        ("huber",),
        marked("The best single output lies between mean and median."),
    ),
}

CANCELLED: dict[str, tuple[str, ...]] = {  # loss -> from dL/da f' to delta, one example, one output
    "mse": (r"\frac{\partial L}{\partial a} = \tfrac{2}{nK} (a - y)", "f'(z) = 1"),
    "half_mse": (r"\frac{\partial L}{\partial a} = \tfrac{1}{n} (a - y)", "f'(z) = 1"),
    "mae": (
        r"\frac{\partial L}{\partial a} = \tfrac{1}{nK} \operatorname{sign}(a - y)",
        "f'(z) = 1",
    ),
    "huber": (
        r"\frac{\partial L}{\partial a} = \tfrac{1}{nK} \operatorname{clip}(a - y, -1, 1)",
        "f'(z) = 1",
    ),
    "poisson": (
        r"\frac{\partial L}{\partial a} = \tfrac{1}{n} \left( 1 - \frac{y}{a} \right)"
        r" = \tfrac{1}{n} \frac{a - y}{a}",
        "f'(z) = a",
    ),
    "bce": (
        r"\frac{\partial L}{\partial a} = \tfrac{1}{nK} \left( -\frac{y}{a} + \frac{1 - y}{1 - a}"
        r" \right) = \tfrac{1}{nK} \frac{a - y}{a (1 - a)}",
        "f'(z) = a (1 - a)",
    ),
    "ce": (
        r"\frac{\partial L}{\partial a_j} = -\tfrac{1}{n} \frac{y_j}{a_j}",
        r"\frac{\partial a_j}{\partial z_r} = a_j ([j = r] - a_r)",
        r"\delta_r = -\tfrac{1}{n} \sum_j \frac{y_j}{a_j}\, a_j ([j = r] - a_r)",
        r"\phantom{\delta_r} = \tfrac{1}{n} \Big( a_r \sum_j y_j - y_r \Big)",
        r"\sum_j y_j = 1",
    ),
}
