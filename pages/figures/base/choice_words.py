"""The options of the choices in words, as every page prints them."""

from __future__ import annotations

from engine.language import marked, tr
from engine.nn import ACTIVATIONS

WORDS = {
    "auto": marked("as the problem proposes"),
    **{name: f.label for name, f in ACTIVATIONS.items()},
    "mse": marked("mean squared error"),
    "half_mse": marked("half squared error"),
    "mae": marked("absolute error"),
    "huber": "Huber",
    "poisson": marked("Poisson (counts)"),
    "bce": marked("binary cross-entropy"),
    "ce": marked("cross-entropy"),
    "glorot_uniform": marked("Glorot uniform"),
    "glorot_normal": marked("Glorot normal"),
    "he_normal": marked("He normal"),
    "lecun_normal": marked("LeCun normal"),
    "orthogonal": marked("orthogonal"),
    "uniform": marked("uniform"),
    "normal": marked("normal"),
    "constant": marked("all equal"),
    "zeros": marked("all zero"),
    "sgd": "SGD",
    "momentum": marked("momentum"),
    "nesterov": marked("Nesterov momentum"),
    "adagrad": "Adagrad",
    "rmsprop": "RMSprop",
    "adam": "Adam",
    "adamw": "AdamW",
    "textbook": marked("textbook"),
    "pytorch": "PyTorch",
    "keras": "Keras",
    "exponential": marked("exponential"),
    "cosine": marked("cosine"),
    "plateau": marked("on plateau"),
    "warmup": marked("warm-up"),
    "standard": marked("standardized"),
    "none": marked("as they are"),
    "balanced": marked("balanced"),
    "learn": marked("learn"),
    "frozen": marked("frozen"),
    "": marked("drawn at random"),
}
OWN_WORDS = {  # values with a different meaning in another setting
    "schedule": {"constant": marked("constant"), "step": marked("in steps")},
    "class_weights": {"none": marked("all examples equal")},
}


def words(value: str, name: str = "") -> str:
    """Return an option of the choice `name` in words."""
    shown = OWN_WORDS.get(name, WORDS).get(value) or WORDS.get(value, value.replace("_", " "))
    return tr(shown)
