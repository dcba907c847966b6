"""Model: a trained network from raw inputs to predictions, as plain values that can be saved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from engine.data import FEATURES, compute_features
from engine.language import tr
from engine.nn import ACTIVATIONS, Activation, Array, blocks, count_parameters
from engine.training.run import Run

FORMAT = "deltascope-model-1"
NUMBERS = ("mean", "scale", "target_mean", "target_scale", "theta")
MOST_UNITS = 100_000  # of a layer in a file from outside


@dataclass(frozen=True, eq=False)
class Model:
    """A network, the scale of its inputs and outputs, and the names of both."""

    task: str
    input_names: tuple[str, ...]  # r raw inputs
    expand: tuple[str, ...]  # keys of FEATURES; () = the raw inputs themselves
    classes: tuple[str, ...]
    target_names: tuple[str, ...]
    sizes: tuple[int, ...]
    activations: tuple[str, ...]  # of layers 1 to L
    mean: Array  # (d,)
    scale: Array
    target_mean: Array  # (K,), or (0,) for classes
    target_scale: Array
    theta: Array  # (P,)

    @property
    def layers(self) -> list[tuple[Array, Array]]:
        """W (n_out, n_in) and b (n_out,) of each layer."""
        return [(Wb[:, :-1], Wb[:, -1]) for Wb in blocks(self.theta, self.sizes)]

    @property
    def output_activation(self) -> Activation:
        """Return the activation of the last layer."""
        return ACTIVATIONS[self.activations[-1]]

    def outputs(self, inputs: Array) -> Array:
        """Return the outputs (K, m) for raw inputs (r, m); numbers in the units of the data."""
        a = (
            compute_features(inputs, self.expand)
            if self.expand
            else np.asarray(inputs, dtype=np.float64)
        )
        a = (a - self.mean[:, None]) / self.scale[:, None]
        with np.errstate(all="ignore"):
            for (W, b), name in zip(self.layers, self.activations, strict=True):
                a = ACTIVATIONS[name].value(W @ a + b[:, None])
        return a if self.classes else a * self.target_scale[:, None] + self.target_mean[:, None]

    def decide(self, a: Array) -> Array:
        """Return the predicted class indices (m,) for outputs a (K, m)."""
        if len(a) == 1:
            return (a[0] > self.output_activation.threshold).astype(np.intp)
        return a.argmax(axis=0)

    def shares(self, a: Array) -> Array:
        """Return outputs as probabilities (classes, m); other values are scaled to add up to 1."""
        if not self.output_activation.mixes:
            no, yes = self.output_activation.class_targets
            a = np.clip((a - no) / (yes - no), 0.0, 1.0)
        if len(a) == 1:
            return np.vstack([1 - a, a])
        total = a.sum(axis=0, keepdims=True)
        return np.divide(a, total, out=np.full_like(a, 1 / len(a)), where=total > 0)


def model_of(run: Run, epoch: int | None = None) -> Model:
    """Return the model of a run after `epoch` epochs, by default the last or restored one."""
    if epoch is None:
        epoch = run.best if run.finished else run.epochs
    data, network = run.dataset, run.network
    return Model(
        task=data.task,
        input_names=data.input_names,
        expand=data.expand,
        classes=data.classes,
        target_names=data.target_names,
        sizes=network.sizes,
        activations=network.activations,
        mean=data.mean,
        scale=data.scale,
        target_mean=data.target_mean[: data.K],
        target_scale=data.target_scale[: data.K],
        theta=run.training_at(epoch).network.theta.astype(np.float64),
    )


def model_to_plain(model: Model) -> dict[str, object]:
    """Return the model without its numbers, as lists and strings."""
    names = ("task", "input_names", "expand", "classes", "target_names", "sizes", "activations")
    values = {name: getattr(model, name) for name in names}
    lists = {name: list(one) for name, one in values.items() if isinstance(one, tuple)}
    return {"format": FORMAT, **values, **lists}


def model_from_plain(plain: Mapping[str, Any], numbers: Mapping[str, Array]) -> Model:
    """Return the model of `model_to_plain` and its numbers, `theta` (P,) among them.

    Raises ValueError if the two do not fit together.
    """
    if plain.get("format") != FORMAT:
        raise ValueError(tr("This file is not a model in the format {format}.", format=FORMAT))
    try:
        own: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in plain.items()}
        own |= {name: np.asarray(numbers[name], dtype=np.float64) for name in NUMBERS}
        own.pop("format")
        model = Model(**own)
    except (KeyError, TypeError, ValueError):
        raise ValueError(tr("The model's file is not complete.")) from None
    check_model(model)
    return model


TEXTS = ("input_names", "expand", "classes", "target_names", "activations")


def check_model(model: Model) -> None:
    """Raise ValueError if the parts of a model from outside do not fit together."""
    for name in TEXTS:
        own = getattr(model, name)
        if not isinstance(own, tuple) or not all(isinstance(one, str) for one in own):
            raise ValueError(tr("The model needs a list of texts as '{name}'.", name=name))
    sizes, known = model.sizes, set(model.activations) <= set(ACTIVATIONS)
    whole = isinstance(sizes, tuple) and all(type(n) is int and 0 < n <= MOST_UNITS for n in sizes)
    if not known or not whole or len(sizes) != len(model.activations) + 1 or len(sizes) < 2:
        raise ValueError(tr("The model has layers that this app does not know."))
    role = model.output_activation.output
    if model.classes and (role is None or role.classes is None):
        raise ValueError(tr("The model has an output that cannot predict classes."))
    d, K = sizes[0], 0 if model.classes else sizes[-1]
    inputs = len(model.expand or model.input_names)
    shapes = [model.mean.shape, model.scale.shape, model.target_mean.shape, model.theta.shape]
    fits = shapes == [
        (d,),
        (d,),
        (K,),
        (count_parameters(sizes),),
    ] and model.target_scale.shape == (K,)
    if not fits or inputs != d or not set(model.expand) <= set(FEATURES):
        raise ValueError(tr("The model's numbers do not fit its layers."))
    if not all(np.isfinite(getattr(model, name)).all() for name in NUMBERS):
        raise ValueError(tr("The model has numbers that are not finite."))
