"""The complex step: derivatives of the loss without any subtraction, exact to the last digits.

Im L(w + ih) / h for h = 1e-30: there is no difference of nearly equal numbers, so there is no
rounding error, and the truncation error is of order h². Squire & Trapp, SIAM Review 40 (1998). Only
the forward pass and the loss are needed, here for complex numbers; at a corner the real part
decides on the side.
"""

from __future__ import annotations

import numpy as np
from scipy.special import xlogy

from engine.nn import ACTIVATIONS, Array, Batch, blocks, complex_softplus, penalty_value
from engine.training import Training

SMALL = 1e-30


def complex_absolute(e: Array) -> Array:
    """Return |e|, of the shape of e, for tiny imaginary parts; flat at 0, as in training."""
    return e * np.sign(np.real(e))


def complex_log_softmax(z: Array) -> Array:
    """Return ln softmax of z (K, n) down each column."""
    shifted = z - np.real(z).max(axis=0)
    return shifted - np.log(np.exp(shifted).sum(axis=0))


LOSS = {  # (z, a, y), (K, n) each -> (K, n), or what adds up to K times the loss of an example
    "mse": lambda z, a, y: (a - y) ** 2,
    "half_mse": lambda z, a, y: len(y) * (a - y) ** 2 / 2,
    "mae": lambda z, a, y: complex_absolute(a - y),
    "huber": lambda z, a, y: np.where(
        np.abs(np.real(a - y)) <= 1, (a - y) ** 2 / 2, complex_absolute(a - y) - 0.5
    ),
    "poisson": lambda z, a, y: len(y) * (a - y * z + xlogy(y, y) - y),
    "bce": lambda z, a, y: complex_softplus(z) - z * y,
    "ce": lambda z, a, y: -len(y) * y * complex_log_softmax(z),
}


def complex_step(training: Training, batch: Batch, chosen: Array) -> Array:
    """Return the derivatives (m,) of the batch's loss by the parameters chosen (m,)."""
    theta = training.network.theta.astype(complex)
    slopes = np.empty(len(chosen))
    for k, i in enumerate(chosen):
        theta[i] += 1j * SMALL
        slopes[k] = np.imag(complex_loss(training, batch, theta)) / SMALL
        theta[i] = np.real(theta[i])
    return slopes


def complex_loss(training: Training, batch: Batch, theta: Array) -> Array:
    """Return the loss of the batch, a scalar, at complex parameters theta (P,), with penalties."""
    network, config = training.network, training.config
    z = a = batch.x[:-1]
    layers = zip(blocks(theta, training.sizes), network.activations, batch.layers, strict=True)
    for Wb, name, own in layers:
        z = Wb[:, :-1] @ a + Wb[:, -1:]
        a = ACTIVATIONS[name].complex_value(z)
        a = a if own.mask is None else a * own.mask
    share = 1 if batch.weights is None else batch.weights
    data = (LOSS[training.output_head.loss_name](z, a, batch.y) * share).sum() / batch.y.size
    W = theta[network.is_weight.astype(bool)]
    return data + penalty_value(W, config.l1, config.l2)
