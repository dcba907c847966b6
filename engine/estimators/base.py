"""Descent: how an estimator is fitted, batch by batch or by SciPy's lbfgs, and when it stops.

The draws follow scikit-learn's perceptrons: start weights, split and shuffles come from one
RandomState in the same order, so the same seed gives the same weights.
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
from engine.nn import ACTIVATIONS, OPTIMIZERS, Array, Network, Settings, count_parameters
from engine.number_format import many

SCHEDULED = {"sgd", "momentum", "nesterov"}  # who listens to `learning_rate`
NOT_CONVERGED = "Maximum iterations ({}) reached and the optimization hasn't converged yet."


class HeldOut(NamedTuple):
    """The examples that early stopping scores, their targets as `fit` was given them."""

    X: Any  # (m, d)
    y: Array
    weights: Array | None


class Fitted:
    """What a fit leaves behind, by scikit-learn's names; what ends on _ is there after `fit`."""

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
    """What classifier and regressor share: how they are fitted.

    What they do not share: `_checked` input, the names of their `_output` activation and `_loss`,
    outputs in the form that was `_given` to fit, and the `_measure` of a score.
    """

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> Backprop:
        """Itself, trained from the start; with warm_start from where it was."""
        return self._fit(X, y, sample_weight, incremental=False)

    def _by_batches(self) -> bool:
        """True where the solver goes batch by batch; else an error that says so."""
        if self.solver == "lbfgs":
            raise AttributeError("partial_fit needs a solver that goes by batches, not lbfgs")
        return True

    def _fit(self, X: Any, y: Any, sample_weight: Any, *, incremental: bool) -> Backprop:
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
        """Nothing; draws the start weights as scikit-learn draws them, and forgets the past."""
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
        """The engine's name of the activation of each layer."""
        names = [*[self.activation] * (len(self.coefs_) - 1), self.out_activation_]
        return [SKLEARN_NAMES.get(name, name) for name in names]

    def _network(self) -> Network:
        """The engine's network with these weights."""
        sizes = (len(self.coefs_[0]), *(W.shape[1] for W in self.coefs_))
        theta = np.zeros(count_parameters(sizes), self.coefs_[0].dtype)
        network = Network(sizes, self._activations(), theta)
        for layer, W, b in zip(network.layers, self.coefs_, self.intercepts_, strict=True):
            layer.W[...], layer.b[:, 0] = W.T, b
        return network

    def _keep(self, network: Network) -> None:
        """Nothing; takes the network's weights over."""
        self.coefs_ = [layer.W.T.copy() for layer in network.layers]
        self.intercepts_ = [layer.b.ravel().copy() for layer in network.layers]

    def _rules(self, batch_size: int) -> Rules:
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
        if self.dropout:
            raise ValueError("dropout needs a solver that goes by batches; solver is 'lbfgs'")
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
        if self.batch_size == "auto":
            return min(200, n)
        if self.batch_size > n:
            warnings.warn(
                f"batch_size {self.batch_size} is more than {many(n, 'example')}; {n} is taken",
                stacklevel=5,
            )
        return int(min(self.batch_size, n))

    def _split(self, examples: Examples, random: np.random.RandomState) -> tuple[Examples, HeldOut]:
        """The examples to train on, and those held out; by class where there is one output."""
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
        """Whether it stopped because nothing got better any more, before the last pass allowed."""
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
        """Nothing; counts the passes without a gain of `tol`, and remembers the best."""
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
        """True where training is to stop; else the learning rate is made smaller."""
        what = "Validation score" if held_out else "Training loss"
        told = f"{what} did not improve more than tol={self.tol:f} for {self.n_iter_no_change} "
        if self.learning_rate != "adaptive" or self.solver not in SCHEDULED:
            self._say(told + "consecutive epochs. Stopping.")
            return True
        if self._rate <= 1e-6:
            self._say(told + "consecutive epochs. Learning rate too small. Stopping.")
            return True
        self._rate /= 5
        self._say(told + f"consecutive epochs. Setting learning rate to {self._rate:f}")
        return False

    def _say(self, sentence: str) -> None:
        if self.verbose:
            print(sentence)

    def _score(self, network: Network, held_out: HeldOut) -> float:
        """Accuracy or R² of a network that is still in training; NaN where it has diverged."""
        layers = [(layer.W.T, layer.b[:, 0]) for layer in network.layers]
        predicted = self._given(compute_outputs(held_out.X, layers, network.activations))
        if np.issubdtype(predicted.dtype, np.floating) and not np.isfinite(predicted).all():
            return np.nan
        return self._measure(held_out.y, predicted, sample_weight=held_out.weights)

    # Answers

    def _outputs(self, X: Any) -> Array:
        """(n, K) what the last layer says to the examples X."""
        check_is_fitted(self)
        X = validate_data(self, X, accept_sparse=["csr", "csc"], reset=False)
        layers = list(zip(self.coefs_, self.intercepts_, strict=True))
        return compute_outputs(X, layers, self._activations())

    def predict(self, X: Any) -> Array:
        """The class, the labels or the number of each example: (n,), or (n, K) for several."""
        return self._given(self._outputs(X))

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.sparse = True
        return tags


def hidden_sizes(sizes: Any) -> list[int]:
    """The units of each hidden layer; one number stands for one layer."""
    given = list(sizes) if hasattr(sizes, "__iter__") else [sizes]
    if any(size <= 0 for size in given):
        raise ValueError(f"hidden_layer_sizes must be > 0, got {given}.")
    return given


def compute_outputs(
    X: Any, layers: Sequence[tuple[Array, Array]], activations: Sequence[str]
) -> Array:
    """(n, K) the outputs for the rows of X, through layers of W (n_in, n_out) and b (n_out,)."""
    a = X
    for (W, b), name in zip(layers, activations, strict=True):
        a = ACTIVATIONS[name].value((a @ W + b).T).T
    return a
