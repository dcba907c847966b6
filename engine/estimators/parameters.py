"""Parameters of the estimators, with scikit-learn's names and defaults."""

from __future__ import annotations

from dataclasses import KW_ONLY, dataclass
from numbers import Integral, Real
from typing import Any, ClassVar

import numpy as np
from sklearn.base import BaseEstimator
from sklearn.utils._param_validation import Interval, Options, StrOptions

from engine.nn import ACTIVATIONS, OPTIMIZERS

HIDDEN = {name: f for name, f in ACTIVATIONS.items() if f.hidden}
SKLEARN_NAMES = {  # scikit-learn's name of an activation -> the engine's, where they differ
    f.code.sklearn: name for name, f in HIDDEN.items() if f.code.sklearn not in ("", name)
}
LOSSES = {  # of the regressor: the engine's name, and the output activation that fits
    "squared_error": ("half_mse", "identity"),
    "poisson": ("poisson", "exp"),
    "absolute_error": ("mae", "identity"),
    "huber": ("huber", "identity"),
}


def positive(kind: type, *, zero: bool = True, to: float | None = None, closed: str = "") -> Any:
    """Return the numbers from 0 on (0 itself if `zero`) up to `to` (itself if `closed` is both)."""
    return Interval(kind, 0, to, closed=closed or ("left" if zero else "neither"))


@dataclass(repr=False, eq=False)
class Parameters(BaseEstimator):
    """The parameters that classifier and regressor share."""

    hidden_layer_sizes: Any = (100,)
    activation: str = "relu"  # of the hidden layers: scikit-learn's four, or one of the engine's
    _: KW_ONLY
    solver: str = "adam"  # lbfgs, or one of the engine's optimizers; sgd has `momentum`
    alpha: float = 0.0001  # the L2 penalty: alpha / 2B sum W² for a batch of B examples
    l1: float = 0.0  # the L1 penalty: l1 / B sum |W|
    dropout: float = 0.0  # the share of hidden units that is dropped in training
    batch_size: Any = "auto"  # auto: 200, or all if there are fewer
    learning_rate: str = "constant"  # invscaling and adaptive need sgd, momentum or nesterov
    learning_rate_init: float = 0.001
    power_t: float = 0.5
    max_iter: int = 200
    shuffle: bool = True
    random_state: Any = None
    tol: float = 1e-4
    verbose: Any = False
    warm_start: bool = False
    momentum: float = 0.9
    nesterovs_momentum: bool = True
    early_stopping: bool = False
    validation_fraction: float = 0.1
    beta_1: float = 0.9
    beta_2: float = 0.999
    epsilon: float = 1e-8
    rho: float = 0.9  # of rmsprop
    weight_decay: float = 0.01  # of adamw: decoupled, weights only
    n_iter_no_change: float = 10
    max_fun: int = 15000

    _parameter_constraints: ClassVar[dict] = {
        "hidden_layer_sizes": ["array-like", Interval(Integral, 1, None, closed="left")],
        "activation": [StrOptions({*HIDDEN, *SKLEARN_NAMES})],
        "solver": [StrOptions({"lbfgs", *OPTIMIZERS})],
        "alpha": [positive(Real)],
        "l1": [positive(Real)],
        "dropout": [positive(Real, to=1)],
        "batch_size": [StrOptions({"auto"}), Interval(Integral, 1, None, closed="left")],
        "learning_rate": [StrOptions({"constant", "invscaling", "adaptive"})],
        "learning_rate_init": [positive(Real, zero=False)],
        "power_t": [positive(Real)],
        "max_iter": [Interval(Integral, 1, None, closed="left")],
        "shuffle": ["boolean"],
        "random_state": ["random_state"],
        "tol": [positive(Real)],
        "verbose": ["verbose"],
        "warm_start": ["boolean"],
        "momentum": [positive(Real, to=1, closed="both")],
        "nesterovs_momentum": ["boolean"],
        "early_stopping": ["boolean"],
        "validation_fraction": [positive(Real, to=1)],
        "beta_1": [positive(Real, to=1)],
        "beta_2": [positive(Real, to=1)],
        "epsilon": [positive(Real, zero=False)],
        "rho": [positive(Real, to=1)],
        "weight_decay": [positive(Real)],
        "n_iter_no_change": [
            Interval(Integral, 1, None, closed="left"),
            Options(Real, {np.inf}),
        ],
        "max_fun": [Interval(Integral, 1, None, closed="left")],
    }
