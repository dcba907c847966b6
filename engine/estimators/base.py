"""The base of the estimators: fitting by batches or by SciPy's L-BFGS-B, and when to stop.

Random numbers are drawn as in scikit-learn's perceptrons: start weights, split and shuffles come
from one RandomState in the same order, so the same seed gives the same weights.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
from scipy.optimize import minimize
from sklearn.base import ClassifierMixin
from sklearn.exceptions import ConvergenceWarning
from sklearn.model_selection import train_test_split
from sklearn.utils import check_random_state
from sklearn.utils.validation import _check_sample_weight, check_is_fitted, validate_data

from engine.estimators.batch_fit import Examples, Fit, Rules
from engine.estimators.parameters import SKLEARN_NAMES, Parameters
from engine.language import many
from engine.nn import ACTIVATIONS, OPTIMIZERS, Array, Network, Settings, count_parameters

SCHEDULED = {"sgd", "momentum", "nesterov"}  # solvers that use the schedule `learning_rate`
NOT_CONVERGED = "Maximum iterations ({}) reached and the optimization hasn't converged yet."


class HeldOut(NamedTuple):
    """The examples on which early stopping measures the score, with targets as given to `fit`."""

    X: Any  # (m, d)
    y: Array
    weights: Array | None


class Fitted:
    """The results of a fit by scikit-learn's names; those that end in _ exist after `fit`."""

    coefs_: list[Array]  # W of each layer, (n_in, n_out)
    intercepts_: list[Array]  # b of each layer, (n_out,)
    n_layers_: int  # the inputs count as one
    n_outputs_: int
    out_activation_: str
    n_iter_: int  # passes through the examples in the last fit
    t_: int  # examples seen, each as often as it was seen
    loss_: float  # of the last pass, with the penalties
    loss_curve_: list[float]  # of every pass since the start
    best_loss_: Any  # None where early stopping judges by the validation score
    validation_scores_: Any  # of every pass, accuracy or R²; None without early stopping
    best_validation_score_: Any
    _no_improvement_count: int
    _rate: float  # the learning rate of the next pass
    _memory: Array | None = None  # the optimizer's
    _best: Array | None = None  # theta where the validation score was best


class Backprop(Fitted, Parameters):
    """How classifier and regressor are fitted.

    Each of them adds `_checked` (validates X and y), `_output` and `_loss` (names), `_given` (turns
    outputs into the form of the targets) and `_measure` (the score).
    """

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> Backprop:
        """Train on X (n, d) and y (n,) or (n, K) and return self.

        Training starts again, or with warm_start from the weights of the last fit.
        """
        return self._fit(X, y, sample_weight, incremental=False)

    def _by_batches(self) -> bool:
        """Return True if the solver works by batches.

        Raises AttributeError if the solver is lbfgs, as `available_if` needs it.
        """
        if self.solver == "lbfgs":
            raise AttributeError("partial_fit needs a solver that uses batches; lbfgs does not")
        return True

    def _fit(self, X: Any, y: Any, sample_weight: Any, *, incremental: bool) -> Backprop:
        """Fit and return self. Raises ValueError if a weight becomes infinite or nan."""
        self._validate_params()
        hidden = hidden_sizes(self.hidden_layer_sizes)
        first = not hasattr(self, "coefs_") or not (self.warm_start or incremental)
        X, y = self._checked(X, y, incremental, first)
        weights = None if sample_weight is None else _check_sample_weight(sample_weight, X)
        Y = y.reshape(len(y), -1)
        self.n_outputs_ = Y.shape[1]
        random = check_random_state(self.random_state)
        if first:
            self._begin((X.shape[1], *hidden, self.n_outputs_), random, X.dtype)
        network = self._network()
        if self.solver == "lbfgs":
            self._descend(network, Examples(X, Y, weights))
        else:
            self._go_by_batches(network, Examples(X, Y, weights), random, incremental)
        if not np.isfinite(network.theta).all():
            raise ValueError(
                "Solver produced non-finite parameter weights. The input data may contain large "
                "values and need to be preprocessed."
            )
        return self

    def _begin(self, sizes: Sequence[int], random: np.random.RandomState, dtype: Any) -> None:
        """Draw the start weights as scikit-learn does, and reset the results of earlier fits."""
        self.n_iter_, self.t_, self.n_layers_ = 0, 0, len(sizes)
        self.out_activation_ = self._output()
        self.coefs_, self.intercepts_ = [], []
        factor = 2 if self.activation in {"logistic", "sigmoid"} else 6  # Glorot & Bengio (2010)
        for n_in, n_out in pairwise(sizes):
            limit = np.sqrt(factor / (n_in + n_out))
            W, b = (random.uniform(-limit, limit, shape) for shape in ((n_in, n_out), n_out))
            self.coefs_.append(W.astype(dtype))
            self.intercepts_.append(b.astype(dtype))
        self._best = None
        if self.solver == "lbfgs":
            return
        self.loss_curve_, self._no_improvement_count = [], 0
        stopping = self.early_stopping
        self.validation_scores_ = [] if stopping else None
        self.best_validation_score_ = -np.inf if stopping else None
        self.best_loss_ = None if stopping else np.inf

    def _activations(self) -> list[str]:
        """Return the engine's name of the activation of each layer."""
        names = [*[self.activation] * (len(self.coefs_) - 1), self.out_activation_]
        return [SKLEARN_NAMES.get(name, name) for name in names]

    def _network(self) -> Network:
        """Return the engine's network with the weights of `coefs_` and `intercepts_`."""
        sizes = (len(self.coefs_[0]), *(W.shape[1] for W in self.coefs_))
        theta = np.zeros(count_parameters(sizes), self.coefs_[0].dtype)
        network = Network(sizes, self._activations(), theta)
        for layer, W, b in zip(network.layers, self.coefs_, self.intercepts_, strict=True):
            layer.W[...], layer.b[:, 0] = W.T, b
        return network

    def _keep(self, network: Network) -> None:
        """Copy the weights of the network to `coefs_` and `intercepts_`."""
        self.coefs_ = [layer.W.T.copy() for layer in network.layers]
        self.intercepts_ = [layer.b.ravel().copy() for layer in network.layers]

    def _rules(self, batch_size: int) -> Rules:
        """Return the loss, the penalties and the optimizer for batches of this size."""
        optimizer = self.solver
        if optimizer == "sgd" and self.momentum:
            optimizer = "nesterov" if self.nesterovs_momentum else "momentum"
        settings = Settings(
            self.momentum,
            self.beta_1,
            self.beta_2,
            self.rho,
            self.epsilon,
            "keras" if optimizer in {"adam", "adamw"} else "textbook",  # scikit-learn's Adam
            self.weight_decay,
        )
        optimizer = "" if optimizer == "lbfgs" else optimizer
        penalties = float(self.alpha), float(self.l1), float(self.dropout)
        return Rules(self._loss(), batch_size, *penalties, optimizer, settings)

    # lbfgs: all examples at once, through SciPy

    def _descend(self, network: Network, examples: Examples) -> None:
        """Train by L-BFGS-B (Byrd et al. 1995) on all examples. Raises ValueError with dropout."""
        if self.dropout:
            raise ValueError("dropout needs a solver that uses batches; lbfgs does not")
        fit = Fit(network, np.empty(0), examples, self._rules(len(examples.Y)))
        fit.load_all_examples()
        options = {"maxfun": self.max_fun, "maxiter": self.max_iter, "gtol": self.tol}
        found = minimize(
            fit.loss_and_gradient, network.theta, method="L-BFGS-B", jac=True, options=options
        )
        self.n_iter_, self.loss_ = min(found.nit, self.max_iter), found.fun
        np.copyto(network.theta, found.x, "same_kind")
        self._keep(network)
        if found.status != 0:
            warnings.warn(
                f"lbfgs stopped after {self.n_iter_} iterations before it converged: "
                f"{found.message}. More iterations (max_iter) or scaled data may help.",
                ConvergenceWarning,
                stacklevel=4,
            )

    # Every other solver: batch by batch

    def _go_by_batches(
        self, network: Network, examples: Examples, random: np.random.RandomState, once: bool
    ) -> None:
        """Train by batches, one pass if `once`. Raises ValueError if `once` with early stopping."""
        if self.early_stopping and once:
            raise ValueError("partial_fit does not support early_stopping=True")
        held_out = None
        if self.early_stopping:
            examples, held_out = self._split(examples, random)
        rules = self._rules(self._batch_size(len(examples.Y)))
        P = OPTIMIZERS[rules.optimizer].memory(len(network.theta))
        if not once or self._memory is None or len(self._memory) != P:
            self._memory, self._rate = np.zeros(P, network.theta.dtype), self.learning_rate_init
        fit = Fit(network, self._memory, examples, rules)
        if self.dropout:
            fit.random = np.random.default_rng(random.randint(2**31 - 1))
        if self._best is None:
            self._best = network.theta.copy()
        try:
            if not self._pass_after_pass(fit, held_out, random, once) and not once:
                warnings.warn(NOT_CONVERGED.format(self.max_iter), ConvergenceWarning, stacklevel=4)
        except KeyboardInterrupt:
            warnings.warn("Training interrupted by user.", stacklevel=4)
        if held_out is not None:
            np.copyto(network.theta, self._best)
        self._keep(network)

    def _batch_size(self, n: int) -> int:
        """Return the batch size for n examples, at most n; warn if a larger one was chosen."""
        if self.batch_size == "auto":
            return min(200, n)
        if self.batch_size > n:
            warnings.warn(
                f"batch_size {self.batch_size} is more than {many(n, 'example')}; {n} is used",
                stacklevel=5,
            )
        return int(min(self.batch_size, n))

    def _split(self, examples: Examples, random: np.random.RandomState) -> tuple[Examples, HeldOut]:
        """Return the examples to train on, and those held out, stratified if there is one output.

        Raises ValueError if fewer than two examples are held out.
        """
        arrays = [part for part in examples if part is not None]
        by_class = isinstance(self, ClassifierMixin) and self.n_outputs_ == 1
        parts = train_test_split(
            *arrays,
            random_state=random,
            test_size=self.validation_fraction,
            stratify=examples.Y if by_class else None,
        )
        train, (X, Y, *weights) = parts[::2], parts[1::2]
        if len(Y) < 2:
            raise ValueError(
                "The validation set is too small. Increase 'validation_fraction' or the size of "
                "your dataset."
            )
        held_out = HeldOut(X, self._given(Y), weights[0] if weights else None)
        return Examples(train[0], train[1], train[2] if weights else None), held_out

    def _pass_after_pass(
        self, fit: Fit, held_out: HeldOut | None, random: np.random.RandomState, once: bool
    ) -> bool:
        """Train for up to max_iter passes; return whether it stopped earlier, without progress."""
        n = len(fit.examples.Y)
        order, self.n_iter_ = np.arange(n), 0
        for _ in range(1 if once else self.max_iter):
            if self.shuffle:
                order = order[random.permutation(n)]
            fit.rate[()] = self._rate
            self.loss_ = fit.run_epoch(order)
            self.n_iter_ += 1
            self.t_ += n
            self.loss_curve_.append(self.loss_)
            self._say(f"Iteration {self.n_iter_}, loss = {self.loss_:.8f}")
            self._compare(fit.network, held_out)
            if self.learning_rate == "invscaling" and self.solver in SCHEDULED:
                self._rate = self.learning_rate_init / (self.t_ + 1) ** self.power_t
            if self._no_improvement_count > self.n_iter_no_change:
                if self._enough(held_out is not None):
                    return True
                self._no_improvement_count = 0
        return False

    def _compare(self, network: Network, held_out: HeldOut | None) -> None:
        """Count the passes without an improvement of `tol`, and keep the best result."""
        if held_out is None:
            self._no_improvement_count += 1
            if not self.loss_ > self.best_loss_ - self.tol:
                self._no_improvement_count = 0
            self.best_loss_ = min(self.best_loss_, self.loss_)
            return
        score = self._score(network, held_out)
        self.validation_scores_.append(score)
        self._say(f"Validation score: {score:f}")
        self._no_improvement_count += 1
        if not score < self.best_validation_score_ + self.tol:
            self._no_improvement_count = 0
        if score > self.best_validation_score_:
            self.best_validation_score_, self._best = score, network.theta.copy()

    def _enough(self, held_out: bool) -> bool:
        """Return whether to stop training; if not, divide the learning rate by 5."""
        what = "Validation score" if held_out else "Training loss"
        reason = f"{what} did not improve more than tol={self.tol:f} for {self.n_iter_no_change} "
        if self.learning_rate != "adaptive" or self.solver not in SCHEDULED:
            self._say(reason + "consecutive epochs. Stopping.")
            return True
        if self._rate <= 1e-6:
            self._say(reason + "consecutive epochs. Learning rate too small. Stopping.")
            return True
        self._rate /= 5
        self._say(reason + f"consecutive epochs. Setting learning rate to {self._rate:f}")
        return False

    def _say(self, sentence: str) -> None:
        """Print a sentence if `verbose`."""
        if self.verbose:
            print(sentence)

    def _score(self, network: Network, held_out: HeldOut) -> float:
        """Return the accuracy or R² of the network on the held-out examples; nan if it diverged."""
        layers = [(layer.W.T, layer.b[:, 0]) for layer in network.layers]
        predicted = self._given(compute_outputs(held_out.X, layers, network.activations))
        if np.issubdtype(predicted.dtype, np.floating) and not np.isfinite(predicted).all():
            return np.nan
        return self._measure(held_out.y, predicted, sample_weight=held_out.weights)

    # Predictions

    def _outputs(self, X: Any) -> Array:
        """Return the outputs (n, K) of the last layer for the examples X (n, d)."""
        check_is_fitted(self)
        X = validate_data(self, X, accept_sparse=["csr", "csc"], reset=False)
        layers = list(zip(self.coefs_, self.intercepts_, strict=True))
        return compute_outputs(X, layers, self._activations())

    def predict(self, X: Any) -> Array:
        """Return the class or number of each row of X (n, d): (n,), or (n, K) for several."""
        return self._given(self._outputs(X))

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.sparse = True
        return tags


def hidden_sizes(sizes: Any) -> list[int]:
    """Return the units of each hidden layer; one number stands for one layer.

    Raises ValueError if a layer has no unit.
    """
    given = list(sizes) if hasattr(sizes, "__iter__") else [sizes]
    if any(size <= 0 for size in given):
        raise ValueError(f"hidden_layer_sizes must be > 0, got {given}.")
    return given


def compute_outputs(
    X: Any, layers: Sequence[tuple[Array, Array]], activations: Sequence[str]
) -> Array:
    """Return the outputs (n, K) for X (n, d) of layers with W (n_in, n_out) and b (n_out,)."""
    a = X
    for (W, b), name in zip(layers, activations, strict=True):
        a = ACTIVATIONS[name].value((a @ W + b).T).T
    return a
