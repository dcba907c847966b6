"""The options of the choices in words, as every page prints them."""

from __future__ import annotations

from engine.nn import ACTIVATIONS

WORDS = {
    "auto": "as the problem proposes",
    **{name: f.label for name, f in ACTIVATIONS.items()},
    "mse": "mean squared error",
    "half_mse": "half squared error",
    "mae": "absolute error",
    "huber": "Huber",
    "poisson": "Poisson (counts)",
    "bce": "binary cross-entropy",
    "ce": "cross-entropy",
    "glorot_uniform": "Glorot uniform",
    "glorot_normal": "Glorot normal",
    "he_normal": "He normal",
    "lecun_normal": "LeCun normal",
    "orthogonal": "orthogonal",
    "uniform": "uniform",
    "normal": "normal",
    "constant": "all equal",
    "zeros": "all zero",
    "sgd": "SGD",
    "momentum": "momentum",
    "nesterov": "Nesterov momentum",
    "adagrad": "Adagrad",
    "rmsprop": "RMSprop",
    "adam": "Adam",
    "adamw": "AdamW",
    "pytorch": "PyTorch",
    "keras": "Keras",
    "plateau": "on plateau",
    "warmup": "warm-up",
    "standard": "standardised",
    "none": "as they are",
    "learn": "learn",
    "frozen": "frozen",
    "": "drawn at random",
}
OWN_WORDS = {  # values with a different meaning in another setting
    "schedule": {"constant": "constant", "step": "in steps"},
    "class_weights": {"none": "all examples equal"},
}


def words(value: str, name: str = "") -> str:
    """Return an option of the choice `name` in words."""
    return OWN_WORDS.get(name, WORDS).get(value) or WORDS.get(value, value.replace("_", " "))
