"""Where the losses and the slopes come from: the steps that lead to what the registries print.

Each proof ends where the program begins; its last line is printed from the registry itself.
"""

from __future__ import annotations

from typing import NamedTuple


class Proof(NamedTuple):
    """From a belief about errors to the losses that it makes."""

    title: str
    about: str
    steps: tuple[str, ...]
    losses: tuple[str, ...]
    best: str  # what the best single answer is


LOSS_PROOFS: dict[str, Proof] = {
    "gaussian": Proof(
        "Bell curve",
        "Many small causes add up: targets scatter around the output a like a bell curve of "
        "width σ. "
        "−ln p of a target grows with the square of its error: least squares.",
        (
            r"p(y \mid a) = \frac{1}{\sqrt{2 \pi}\, \sigma}\, e^{-(a - y)^2 / 2 \sigma^2}",
            r"-\ln p = \frac{(a - y)^2}{2 \sigma^2} + \ln (\sqrt{2 \pi}\, \sigma)",
        ),
        ("mse", "half_mse"),
        "The best single output is the mean; one target far away moves it.",
    ),
    "laplace": Proof(
        "Pointed, long tails",
        "Most errors are small, but a few are very large: targets scatter like a double "
        "exponential of width s. −ln p grows with the size of the error itself.",
        (
            r"p(y \mid a) = \frac{1}{2 s}\, e^{-|a - y| / s}",
            r"-\ln p = \frac{|a - y|}{s} + \ln 2 s",
        ),
        ("mae",),
        "The best single output is the median; a target far away does not move it.",
    ),
    "bernoulli": Proof(
        "A coin",
        "A target is yes or no, 1 or 0, and a is the probability of yes. "
        "−ln p is the cross-entropy.",
        (
            r"p(y \mid a) = a^y (1 - a)^{1 - y}",
            r"-\ln p = -y \ln a - (1 - y) \ln (1 - a)",
        ),
        ("bce",),
        "The best single output is the share of yes.",
    ),
    "poisson": Proof(
        "Counts",
        "A target counts independent events, a on average. "
        "The value of −ln p at a = y is subtracted, so that a perfect output has the loss 0.",
        (
            r"p(y \mid a) = \frac{a^y e^{-a}}{y!}",
            r"-\ln p = a - y \ln a + \ln y!",
        ),
        ("poisson",),
        "The best single output is the mean count.",
    ),
}

MORE_LOSS_PROOFS: dict[str, Proof] = {  # without a picture: more than one number to answer
    "categorical": Proof(
        "One of K classes",
        "The coin with K sides: exactly one y is 1, and the a of all sides add up to 1.",
        (
            r"p(y \mid a) = \prod_k a_k^{y_k}",
            r"-\ln p = -\sum_k y_k \ln a_k",
        ),
        ("ce",),
        "The best single output is the share of each class.",
    ),
    "huber": Proof(
        "A bell with long tails",
        "A bell in the middle, pointed tails outside: small errors are squared, large ones are "
        "not. h is the Huber function, and its border is an error of 1.",
        (r"p(y \mid a) \propto e^{-h(a - y)}", r"-\ln p = h(a - y) + \text{constant}"),
        ("huber",),
        "The best single output lies between mean and median.",
    ),
}

SLOPES: dict[str, tuple[str, ...]] = {  # activation -> from f to f'; the registry prints the end
    "linear": (r"\frac{d}{dz}\, z",),
    "sigmoid": (
        r"\frac{d}{dz} (1 + e^{-z})^{-1} = \frac{e^{-z}}{(1 + e^{-z})^2}",
        r"= \frac{1}{1 + e^{-z}} \cdot \left( 1 - \frac{1}{1 + e^{-z}} \right)",
    ),
    "tanh": (
        r"\frac{d}{dz} \frac{\sinh z}{\cosh z} = \frac{\cosh^2 z - \sinh^2 z}{\cosh^2 z}",
        r"= 1 - \tanh^2 z",
    ),
    "relu": (r"\frac{d}{dz} \max(0, z) = \begin{cases} 1 & z > 0 \\ 0 & z \le 0 \end{cases}",),
    "leaky_relu": (
        r"\frac{d}{dz} \max(z, 0.01 z) = \begin{cases} 1 & z > 0 \\ 0.01 & z \le 0 \end{cases}",
    ),
    "elu": (r"\frac{d}{dz} a = \begin{cases} 1 & z > 0 \\ e^z = 1 + a & z \le 0 \end{cases}",),
    "gelu": (r"\frac{d}{dz} z\, \Phi(z) = \Phi(z) + z\, \frac{d}{dz} \Phi(z)",),
    "silu": (r"\frac{d}{dz} z\, \sigma(z) = \sigma(z) + z\, \sigma(z) (1 - \sigma(z))",),
    "softplus": (r"\frac{d}{dz} \ln(1 + e^z) = \frac{e^z}{1 + e^z}",),
    "exp": (r"\frac{d}{dz} e^z = e^z",),
    "softmax": (
        r"S = \sum_r e^{z_r}",
        r"a_j = e^{z_j} / S",
        r"\frac{\partial a_j}{\partial z_r} = \frac{[j = r]\, e^{z_j}}{S}"
        r" - \frac{e^{z_j}\, e^{z_r}}{S^2}",
    ),
}

NOTES: dict[str, str] = {  # activation -> what its slope means for the error term
    "linear": "The error term does not change; any number of such layers is together linear.",
    "sigmoid": "At most ¼, at z = 0: each sigmoid layer removes at least three quarters of "
    "the error term.",
    "tanh": "At most 1, at z = 0; near 0 where the output is near 1 or −1.",
    "relu": "All or nothing. At z = 0 the slope is 0, as in Keras, PyTorch and scikit-learn.",
    "leaky_relu": "Below 0 the slope is 0.01, so no unit stops learning for good.",
    "elu": "Smooth at 0, and flat far below.",
    "gelu": "Φ is the share of a normal distribution below z; the exact form, not the tanh one.",
    "silu": "σ is the sigmoid; slightly below 0 for z under −1.28.",
    "softplus": "σ is the sigmoid: a ReLU with a round corner.",
    "exp": "Only as an output, for counts, which cannot be negative.",
    "softmax": "Only as an output. Each answer depends on every z, so the slopes are a matrix.",
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
