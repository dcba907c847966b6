"""The engine with scikit-learn's interface."""

from engine.estimators.estimators import (
    BackpropClassifier,
    BackpropRegressor,
)

__all__ = [
    "BackpropClassifier",
    "BackpropRegressor",
]
