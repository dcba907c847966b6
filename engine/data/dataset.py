"""A data set: examples with their targets, split into training, validation and test part.

One column per example: `inputs` is (r, n) in the units of the data. The network gets (d, n), the
same columns with extra features, scaled with the mean and deviation of the training part.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from engine.data.features import FEATURES, compute_features
from engine.language import many, marked, tr
from engine.nn import Array

PARTS = ("train", "validation", "test")
LONG = 40  # characters of a target's name where it stands for a unit
PIECE = 2**17  # numbers: 1 MB
WORDS = {"train": marked("training"), "validation": marked("validation"), "test": marked("test")}


def _nothing() -> Array:
    return np.empty(0)


def _no_rows() -> Array:
    return np.empty(0, dtype=np.intp)


@dataclass(frozen=True, eq=False)
class Dataset:
    """Examples, their names, their parts and their scale."""

    name: str  # title shown to people
    task: str  # "classification" | "regression"
    inputs: Array  # (r, n) raw inputs
    input_names: tuple[str, ...]  # r names
    targets: Array  # classification: (n,) index of the class; regression: (K, n) in own units
    classes: tuple[str, ...] = ()  # class names, () for regression
    target_names: tuple[str, ...] = ()  # regression: K names, with the unit if it is known
    target_units: tuple[str, ...] = ()  # regression: K units, "" where it is not known; () = none
    origins: tuple[int, ...] = ()  # the column that each raw input is of; () = each its own
    train: Array = field(default_factory=_no_rows)  # indices into the n examples; none given: all
    validation: Array = field(default_factory=_no_rows)
    test: Array = field(default_factory=_no_rows)
    features: tuple[str, ...] = ()  # names of the d network inputs
    expand: tuple[str, ...] = ()  # keys of FEATURES; () = the network sees the raw inputs
    mean: Array = field(default_factory=_nothing)  # (d,) of the features, training part only
    scale: Array = field(default_factory=_nothing)  # (d,) their standard deviation, or 1
    target_mean: Array = field(default_factory=_nothing)  # (K,) of regression targets, likewise
    target_scale: Array = field(default_factory=_nothing)  # (K,)
    notes: tuple[str, ...] = ()  # sentences for people about what was noticed or changed
    built_in: bool = False  # its names are messages, not the words of a person's table
    tables: dict[tuple[str, str], Array] = field(default_factory=dict, init=False, repr=False)

    def __post_init__(self) -> None:
        kind = np.intp if self.task == "classification" else np.float64
        self._set(inputs=np.ascontiguousarray(self.inputs, dtype=np.float64))
        self._set(targets=np.ascontiguousarray(self.targets, dtype=kind))
        self._set(**{part: np.asarray(getattr(self, part), dtype=np.intp) for part in PARTS})
        _check(self)
        if not any(len(getattr(self, part)) for part in PARTS):
            self._set(train=np.arange(self.n))
        labels = tuple(FEATURES[key].label for key in self.expand)
        self._set(features=labels or self.input_names)
        if len(self.origins) != len(self.input_names):
            self._set(origins=tuple(range(len(self.input_names))))
        if len(self.mean) != self.d:
            self._set(mean=np.zeros(self.d), scale=np.ones(self.d))
        if len(self.target_mean) != self.K:
            self._set(target_mean=np.zeros(self.K), target_scale=np.ones(self.K))

    def _set(self, **values: object) -> None:
        for name, value in values.items():
            object.__setattr__(self, name, value)  # the one way into a frozen dataclass

    @property
    def n(self) -> int:
        """Number of examples."""
        return self.inputs.shape[1]

    @property
    def d(self) -> int:
        """Number of network inputs."""
        return len(self.features)

    @property
    def K(self) -> int:
        """Number of regression targets; 0 for classification."""
        return 0 if self.task == "classification" else self.targets.shape[0]

    def network_inputs(self, inputs: Array) -> Array:
        """Return the network inputs (d, m) of raw `inputs` (r, m)."""
        X = (
            compute_features(inputs, self.expand)
            if self.expand
            else np.asarray(inputs, dtype=np.float64)
        )
        X = X - self.mean[:, None]
        X /= self.scale[:, None]
        return np.ascontiguousarray(X)

    def network_targets(self, targets: Array) -> Array:
        """Return class indices unchanged; regression targets (K, m) on the scale of training."""
        if self.task == "classification":
            return targets
        return (targets - self.target_mean[:, None]) / self.target_scale[:, None]

    def own_units(self, outputs: Array) -> Array:
        """Return regression outputs (K, m) of the network in the units of the data."""
        return outputs * self.target_scale[:, None] + self.target_mean[:, None]

    def unit(self, target: int = 0) -> str:
        """Return what errors of a regression target are measured in: its unit, or its name."""
        known = self.target_units[target] if target < len(self.target_units) else ""
        name = self.target_names[target]
        return known or (name if len(name) <= LONG else f"{name[: LONG - 1]}…")

    def shown(self, names: Sequence[str]) -> tuple[str, ...]:
        """Return names of inputs, classes or targets in the language of the reader.

        The names in a person's own table stay as they are.
        """
        return tuple(map(_shown_name, names)) if self.built_in else tuple(names)

    @property
    def rescaled(self) -> bool:
        """Return whether the loss is of standardised targets, not of the data's own units."""
        return bool((self.target_scale != 1).any() or (self.target_mean != 0).any())

    def rows(self, part: str) -> Array:
        """Return the indices (m,) of the examples of "train", "validation" or "test".

        Raises ValueError for any other part.
        """
        if part not in PARTS:
            raise ValueError(
                tr("part must be one of {parts}, not {part!r}", parts=", ".join(PARTS), part=part)
            )
        return getattr(self, part)

    def part(self, part: str) -> tuple[Array, Array]:
        """Return X (d, m) and y of one part; y is class indices (m,) or scaled targets (K, m)."""
        return self.network_inputs(self.inputs.take(self.rows(part), 1)), self.answers(part)

    def answers(self, part: str) -> Array:
        """Return y of one part: class indices (m,) or scaled targets (K, m)."""
        return self.network_targets(np.ascontiguousarray(self.targets[..., self.rows(part)]))

    def table(self, part: str, kind: str = "float64") -> Array:
        """Return X of one part, (m, d + 1), one row per example; the last column is ones.

        All trainings read the same one. It is made piece by piece in the cache: a large X beside
        it would take as long again.
        """
        if (part, kind) in self.tables:
            return self.tables[part, kind]
        rows, size = self.rows(part), max(1, PIECE // self.d)
        table = np.empty((len(rows), self.d + 1), kind)
        table[:, -1] = 1
        for first in range(0, len(rows), size):
            inputs = self.inputs.take(rows[first : first + size], 1)
            table[first : first + size, :-1] = self.network_inputs(inputs).T
        table.flags.writeable = False
        return self.tables.setdefault((part, kind), table)

    def __getstate__(self) -> dict[str, object]:
        """Return the state to send or store, without tables: they are made again."""
        return {**self.__dict__, "tables": {}}

    def noting(self, *sentences: str) -> "Dataset":
        """Return the same data with more notes; no sentence is added twice."""
        new = [s for s in dict.fromkeys(sentences) if s not in self.notes]
        return replace(self, notes=(*self.notes, *new))

    def split(self, train: Array, validation: Array, test: Array) -> "Dataset":
        """Return the same data with these parts, indices (m,) each, and notes on parts that lack a
        class.
        """
        data = replace(self, train=train, validation=validation, test=test)
        return data.noting(*_gaps(data))

    def with_features(self, expand: Sequence[str]) -> "Dataset":
        """Return the same data with these keys of FEATURES as network inputs."""
        return replace(self, expand=tuple(expand), mean=_nothing(), scale=_nothing())

    def standardised(self, targets: bool = True) -> "Dataset":
        """Return the data with features and targets at mean 0 and standard deviation 1 in training.

        Without `targets` these stay as they are: counts must not fall below 0.
        """
        plain = replace(self, mean=_nothing(), scale=_nothing())
        mean, scale = _moments(plain.part("train")[0])
        data = replace(plain, mean=mean, scale=scale).noting(*_constant(plain))
        if not self.K or not targets:
            return data
        mean, scale = _moments(self.targets[:, self.train])
        return replace(data, target_mean=mean, target_scale=scale).noting(*_flat(self))


def _shown_name(name: str) -> str:
    """Return a name of built-in data, with its numbers: "class 2", "pixel 0 7"."""
    words, _, number = name.rpartition(" ")
    return f"{_shown_name(words)} {number}" if words and number.isdecimal() else tr(name)


def _moments(X: Array) -> tuple[Array, Array]:
    """Return mean and standard deviation of each row; a constant row gets deviation 1."""
    mean, deviation = X.mean(axis=1), X.std(axis=1)
    return mean, np.where(_steady(X) | (deviation == 0), 1.0, deviation)


def _steady(X: Array) -> Array:
    """Return True where a row has only one value, up to rounding, (rows,)."""
    return np.ptp(X, axis=1) <= 1e-12 * np.abs(X).max(axis=1)


def _constant(data: Dataset) -> list[str]:
    """Return a sentence on the features that have only one value."""
    steady = _steady(data.part("train")[0])
    if len(data.train) == 1:
        return [
            tr("There is only one training example. After standardization all its inputs are 0.")
        ]
    if steady.all():
        return [tr("All inputs are equal in the training part: nothing can be learned from them.")]
    names = [name for name, same in zip(data.features, steady, strict=True) if same]
    words = tr(
        "Constant in the training part, so not useful for the network: {names}.",
        names=tr(", ").join(data.shown(names)),
    )
    return [words] if names else []


def _flat(data: Dataset) -> list[str]:
    """Return a sentence on the targets that have only one value."""
    steady = _steady(data.targets[:, data.train])
    names = [name for name, same in zip(data.target_names, steady, strict=True) if same]
    words = tr(
        "The same in the whole training part, so there is nothing to learn: {names}.",
        names=tr(", ").join(data.shown(names)),
    )
    return [words] if names and len(data.train) > 1 else []


def _gaps(data: Dataset) -> list[str]:
    """Return a sentence for each part that has examples but no example of some class."""
    sentences = []
    for part in PARTS if data.classes else ():
        seen = np.bincount(data.targets[data.rows(part)], minlength=len(data.classes))
        missing = [name for name, count in zip(data.classes, seen, strict=True) if not count]
        if missing and len(data.rows(part)):
            sentences.append(
                tr(
                    "The {part} part has no example of: {missing}.",
                    part=tr(WORDS[part]),
                    missing=tr(", ").join(data.shown(missing)),
                )
            )
    return sentences


def _check(data: Dataset) -> None:
    """Raise ValueError if the parts of the data do not fit together."""
    words = _misfit(data)
    if words:
        raise ValueError(words)


def _misfit(data: Dataset) -> str:
    """Return why the parts of the data do not fit together, "" if they do."""
    r, n = data.inputs.shape if data.inputs.ndim == 2 else (0, 0)
    labels, classes = data.task == "classification", len(data.classes)
    shape = (n,) if labels else (len(data.target_names), n)
    if data.task not in ("classification", "regression"):
        return tr("task must be classification or regression, not {task!r}", task=data.task)
    if 0 in (r, n):
        return tr(
            "inputs must be (inputs, examples), not of shape {shape}", shape=data.inputs.shape
        )
    if len(data.input_names) != r:
        names = many(len(data.input_names), "name")
        return tr("{inputs} cannot have {names}", inputs=many(r, "input"), names=names)
    if data.targets.shape != shape or 0 in shape:
        own = data.targets.shape
        return tr("targets must have shape {right}, not {shape}", right=shape, shape=own)
    if not (np.isfinite(data.inputs).all() and np.isfinite(data.targets).all()):
        return tr("inputs and targets must be finite numbers")
    if classes and not 0 <= data.targets.min() <= data.targets.max() < classes:
        return tr("class indices must be from 0 to {last}", last=classes - 1)
    if labels and classes < 2:
        return tr("a classification needs at least 2 classes, not {classes}", classes=classes)
    return ""
