"""The names that scikit-learn's own tests of its networks use, bound to this engine."""

from types import SimpleNamespace

import numpy as np

from engine.estimators.batch_fit import EACH, Examples, Fit
from engine.estimators.estimators import BackpropClassifier, BackpropRegressor
from engine.nn.equations import execute, flatten_steps
from engine.nn.optimizers import OPTIMIZERS, Settings


def mean_loss(name, y_true, y_prob, sample_weight=None):
    losses = EACH[name](np.atleast_2d(y_prob.T), np.atleast_2d(y_true.T))
    return np.average(losses, weights=sample_weight)


def binary_log_loss(y_true, y_prob):
    return mean_loss("bce", y_true, y_prob)


def log_loss(y_true, y_prob):
    return mean_loss("ce" if y_prob.shape[1] > 1 else "bce", y_true, y_prob)


def poisson_loss(y_true, y_pred, sample_weight):
    return mean_loss("poisson", y_true, y_pred, sample_weight)


def loss_and_gradient(mlp, packed, X, Y):
    """Return the loss and its gradient, in the order coefs_, intercepts_ as `packed` is."""
    take = iter(np.split(packed, np.cumsum([p.size for p in mlp.coefs_ + mlp.intercepts_])[:-1]))
    mlp.coefs_ = [next(take).reshape(W.shape) for W in mlp.coefs_]
    mlp.intercepts_ = list(take)
    network = mlp._network()
    fit = Fit(network, np.empty(0), Examples(X, Y, None), mlp._rules(len(X)))
    fit.load_all_examples()
    loss, _ = fit.loss_and_gradient(network.theta.copy())
    parts = [layer.dW.T for layer in network.layers] + [layer.db for layer in network.layers]
    return loss, np.hstack([part.ravel() for part in parts])


class Names:
    """The two private names of scikit-learn's estimators that its tests look at."""

    @property
    def _optimizer(self):
        return SimpleNamespace(learning_rate=self._rate)

    def _loss_grad_lbfgs(self, packed, X, Y, *_):
        return loss_and_gradient(self, packed, X, Y)


class MLPClassifier(Names, BackpropClassifier):
    """This engine's classifier under scikit-learn's name."""


class MLPRegressor(Names, BackpropRegressor):
    """This engine's regressor under scikit-learn's name."""


def flat(arrays):
    return np.concatenate([np.ravel(array) for array in arrays])


class BaseOptimizer:
    """One of the engine's optimizers on a list of arrays; stopping is the estimator's."""

    name, lr_schedule = "sgd", "constant"

    def __init__(self, learning_rate_init):
        self.start(learning_rate_init, Settings())

    def start(self, learning_rate_init, settings):
        self.estimator = BackpropClassifier(solver="sgd", learning_rate=self.lr_schedule)
        self.estimator._rate = learning_rate_init
        self.settings, self.state = settings, ()

    @property
    def learning_rate(self):
        return self.estimator._rate

    def trigger_stopping(self, msg, verbose):
        return self.estimator._enough(False)

    def update_params(self, params, grads):
        theta, rule = flat(params), OPTIMIZERS[self.name]
        memory = flat(self.state) if self.state else np.zeros(rule.memory(len(theta)))
        rate = np.array(self.learning_rate)
        execute(flatten_steps(rule.equations(theta, flat(grads), memory, rate, self.settings)))
        cuts = np.cumsum([param.size for param in params])[:-1]
        for param, part in zip(params, np.split(theta, cuts), strict=True):
            param[...] = part.reshape(param.shape)


class SGDOptimizer(BaseOptimizer):
    def __init__(self, params, rate, lr_schedule="constant", momentum=0.9, nesterov=True):
        self.lr_schedule = lr_schedule
        self.name = "nesterov" if nesterov else "momentum"
        self.start(rate, Settings(momentum=momentum))

    def __setattr__(self, name, value):
        super().__setattr__("state" if name == "velocities" else name, value)


class AdamOptimizer(BaseOptimizer):
    name = "adam"

    def __init__(self, params, rate, beta_1, beta_2, epsilon):
        betas = {"beta1": beta_1, "beta2": beta_2}
        self.start(rate, Settings(**betas, epsilon=epsilon, convention="keras"))

    def update_params(self, params, grads):
        of_m, of_v = (slot.factor(self.settings) for slot in OPTIMIZERS["adam"].slots)
        self.state = (*(m / of_m for m in self.ms), *(v / of_v for v in self.vs), self.t)
        super().update_params(params, grads)
