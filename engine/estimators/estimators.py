"""Estimators: the engine with the interface of scikit-learn.

`BackpropClassifier` and `BackpropRegressor` have the parameters of MLPClassifier and MLPRegressor
and learn the same weights from the same `random_state`. In addition they have the engine's other
optimizers, activations and losses, the L1 penalty and dropout.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from sklearn.base import ClassifierMixin, RegressorMixin
from sklearn.metrics import accuracy_score, r2_score
from sklearn.preprocessing import LabelBinarizer
from sklearn.utils import column_or_1d
from sklearn.utils._param_validation import StrOptions
from sklearn.utils.metaestimators import available_if
from sklearn.utils.multiclass import _check_partial_fit_first_call, type_of_target, unique_labels
from sklearn.utils.validation import validate_data

from engine.estimators.base import Backprop
from engine.estimators.parameters import LOSSES
from engine.nn import Array

CLASSIFIER_LOSS = {"logistic": "bce", "softmax": "ce"}
FLOATS = (np.float64, np.float32)


class BackpropClassifier(ClassifierMixin, Backprop):
    """A network that predicts classes, with the parameters and attributes of MLPClassifier."""

    _measure = staticmethod(accuracy_score)

    def _checked(self, X: Any, y: Any, incremental: bool, first: bool) -> tuple[Any, Array]:
        """Return X (n, d) as floats, and y (n, K) as booleans, one column per output."""
        X, y = validate_data(
            self, X, y, accept_sparse=["csr", "csc"], multi_output=True, dtype=FLOATS, reset=first
        )
        if y.ndim == 2 and y.shape[1] == 1:
            y = column_or_1d(y, warn=True)
        if not hasattr(self, "classes_") or not (self.warm_start or incremental):
            self._label_binarizer = LabelBinarizer().fit(y)
            self.classes_ = self._label_binarizer.classes_
        else:
            self._check_classes(unique_labels(y))
        return X, self._label_binarizer.transform(y).astype(bool)

    def _check_classes(self, classes: Array) -> None:
        """Raise ValueError if the classes (m,) differ from those of the previous fit."""
        if self.warm_start and set(classes) != set(self.classes_):
            raise ValueError(
                "warm_start can only be used where `y` has the same classes as in the previous "
                f"call to fit. Previously got {self.classes_}, `y` has {classes}"
            )
        if len(np.setdiff1d(classes, self.classes_, assume_unique=True)):
            raise ValueError(
                f"`y` has classes not in `self.classes_`. `self.classes_` has {self.classes_}. "
                f"'y' has {classes}."
            )

    def _output(self) -> str:
        """Return scikit-learn's name of the output activation."""
        return "softmax" if self._label_binarizer.y_type_ == "multiclass" else "logistic"

    def _loss(self) -> str:
        """Return the engine's name of the loss."""
        return CLASSIFIER_LOSS[self.out_activation_]

    def _given(self, outputs: Array) -> Array:
        """Return outputs (n, K), or targets in that form, as labels like those given to `fit`."""
        outputs = outputs.ravel() if self.n_outputs_ == 1 else outputs
        return self._label_binarizer.inverse_transform(outputs)

    @available_if(Backprop._by_batches)
    def partial_fit(
        self, X: Any, y: Any, sample_weight: Any = None, classes: Any = None
    ) -> BackpropClassifier:
        """Train for one pass over X (n, d) and return self; the first call names all classes."""
        self._validate_params()
        if _check_partial_fit_first_call(self, classes):
            several = type_of_target(y).startswith("multilabel")
            self._label_binarizer = LabelBinarizer().fit(y if several else classes)
        self._fit(X, y, sample_weight, incremental=True)
        return self

    def predict_proba(self, X: Any) -> Array:
        """Return the probabilities (n, n_classes) for X (n, d), in the order of `classes_`."""
        outputs = self._outputs(X)
        return np.hstack([1 - outputs, outputs]) if self.n_outputs_ == 1 else outputs

    def predict_log_proba(self, X: Any) -> Array:
        """Return the logarithms (n, n_classes) of the probabilities for X (n, d)."""
        return np.log(self.predict_proba(X))

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.classifier_tags.multi_label = True
        return tags


@dataclass(repr=False, eq=False)
class BackpropRegressor(RegressorMixin, Backprop):
    """A network that predicts numbers, with the parameters and attributes of MLPRegressor."""

    loss: str = "squared_error"  # poisson has the output e^z and needs targets of 0 or more

    _parameter_constraints: ClassVar[dict] = {
        **Backprop._parameter_constraints,
        "loss": [StrOptions(set(LOSSES))],
    }
    _measure = staticmethod(r2_score)

    def _checked(self, X: Any, y: Any, incremental: bool, first: bool) -> tuple[Any, Array]:
        """Return X (n, d) as floats, and y (n,) or (n, K) as numbers.

        Raises ValueError if the loss is poisson and a target is below 0.
        """
        checks = {"accept_sparse": ["csr", "csc"], "multi_output": True, "y_numeric": True}
        X, y = validate_data(self, X, y, dtype=FLOATS, reset=first, **checks)
        if self.loss == "poisson" and y.min() < 0:
            raise ValueError("loss='poisson' is for targets of 0 or more; y has some below 0")
        return X, column_or_1d(y, warn=True) if y.ndim == 2 and y.shape[1] == 1 else y

    def _output(self) -> str:
        """Return scikit-learn's name of the output activation."""
        return LOSSES[self.loss][1]

    def _loss(self) -> str:
        """Return the engine's name of the loss."""
        return LOSSES[self.loss][0]

    def _given(self, outputs: Array) -> Array:
        """Return outputs (n, K) as (n,) if there is one output."""
        return outputs.ravel() if outputs.shape[1] == 1 else outputs

    @available_if(Backprop._by_batches)
    def partial_fit(self, X: Any, y: Any, sample_weight: Any = None) -> BackpropRegressor:
        """Train for one pass over X (n, d) and y (n,) or (n, K), and return self."""
        self._fit(X, y, sample_weight, incremental=True)
        return self
