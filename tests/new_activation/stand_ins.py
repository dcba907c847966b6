"""Keras and PyTorch, as far as an exported program needs them, in a few lines of NumPy.

They are not dependencies of the product. The names and the order of the arguments are theirs.
"""

from contextlib import nullcontext
from types import ModuleType, SimpleNamespace

import numpy as np


def softsign(z):
    """Return z / (1 + |z|), of the shape of z."""
    return z / (1 + np.abs(z))


def softplus(z):
    """Return ln(1 + e^z), of the shape of z."""
    return np.logaddexp(z, 0)


def sigmoid(z):
    """Return 1 / (1 + e^-z), of the shape of z."""
    return 1 / (1 + np.exp(-z))


class Tensor(np.ndarray):
    """An array with what a program asks of a tensor of PyTorch."""

    def numpy(self):
        """Return the numbers as an array."""
        return np.asarray(self)

    def copy_(self, other):
        """Take over the numbers of another tensor of the same shape."""
        assert self.shape == other.shape
        self[...] = other


class Linear:
    """torch.nn.Linear: x W^T + b for x (n, in)."""

    def __init__(self, n_in, n_out, dtype):
        assert dtype == "float64"
        self.weight, self.bias = (np.zeros(s).view(Tensor) for s in ((n_out, n_in), n_out))

    def __call__(self, x):
        """Return z (n, out)."""
        return x @ self.weight.T + self.bias


class Sequential(list):
    """torch.nn.Sequential or the layers of keras.Sequential, one after another."""

    def __call__(self, x):
        """Return the output of the last layer."""
        for layer in self:
            x = layer(x)
        return x


def torch() -> dict[str, ModuleType]:
    """Return the modules `torch` and `torch.nn`."""
    own, nn = ModuleType("torch"), ModuleType("torch.nn")
    own.nn, own.float64, own.no_grad = nn, "float64", nullcontext
    own.from_numpy = lambda array: np.array(array).view(Tensor)
    nn.Linear, nn.Sequential = Linear, lambda *layers: Sequential(layers)
    nn.Softsign, nn.Softplus = lambda: softsign, lambda: softplus
    nn.Sigmoid = lambda: sigmoid
    return {"torch": own, "torch.nn": nn}


class Dense:
    """keras.layers.Dense: f(x W + b) for x (n, in)."""

    def __init__(self, units, activation):
        known = {"softsign": softsign, "softplus": softplus, "sigmoid": sigmoid}
        self.units, self.f = units, known[activation]

    def __call__(self, x):
        """Return a (n, units)."""
        return self.f(x @ self.W + self.b)


class KerasSequential(Sequential):
    """keras.Sequential with its weights in one list."""

    def set_weights(self, weights):
        """Take W (in, out) and b (out,) of each layer in turn."""
        for layer, W, b in zip(self, weights[::2], weights[1::2], strict=True):
            assert W.shape[1] == len(b) == layer.units
            layer.W, layer.b = W, b


def keras() -> dict[str, ModuleType]:
    """Return the module `keras`."""
    own = ModuleType("keras")
    own.config = SimpleNamespace(set_floatx=str, set_dtype_policy=str)
    own.Input, own.layers = lambda shape: None, SimpleNamespace(Dense=Dense)
    own.Sequential = lambda layers: KerasSequential(layers[1:])
    own.ops = SimpleNamespace(convert_to_numpy=np.asarray)
    return {"keras": own}
