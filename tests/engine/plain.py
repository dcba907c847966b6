"""The plain network: forward and backpropagate written the obvious way, to check the engine by.

Nothing here is fast and nothing comes from the engine. Every error term is the chain rule in full:
dL/da times the slope, with no shortcut where the two cancel. The forward half also takes complex
weights, so that a derivative can be read off the imaginary part (the complex step).
One column per example: x (d, n), y (K, n); weights are a list of (W, b), b of shape (n_out, 1).
"""

from itertools import pairwise

import numpy as np
from scipy.special import erf


def sigmoid(z):
    """1 / (1 + e^-z), by the branch that cannot overflow."""
    small = np.exp(np.where(z.real < 0, z, -z))
    return np.where(z.real < 0, small, 1) / (1 + small)


def softmax(z):
    """Probabilities down each column of z."""
    e = np.exp(z - z.real.max(axis=0))
    return e / e.sum(axis=0)


def bell(z):
    """(Phi(z), phi(z)): the normal distribution and its density, along the complex step too."""
    density = np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi)
    below = 0.5 * (1 + erf(z.real / np.sqrt(2)))
    if np.iscomplexobj(z):  # the imaginary part is the complex step's, far below rounding
        below = below + 1j * z.imag * density.real
    return below, density


def softplus(z):
    """ln(1 + e^z), by the branch that cannot overflow."""
    size = np.where(z.real < 0, -z, z)
    return np.where(z.real < 0, 0, z) + np.log1p(np.exp(-size))


F = {
    "linear": lambda z: z,
    "sigmoid": sigmoid,
    "tanh": np.tanh,
    "relu": lambda z: np.where(z.real > 0, z, 0),
    "leaky_relu": lambda z: np.where(z.real > 0, z, 0.01 * z),
    "elu": lambda z: np.where(z.real > 0, z, np.expm1(np.where(z.real > 0, 0, z))),
    "gelu": lambda z: z * bell(z)[0],
    "silu": lambda z: z * sigmoid(z),
    "softplus": softplus,
    "exp": np.exp,
    "softmax": softmax,
}
SLOPE = {  # f'(z), written with z
    "linear": np.ones_like,
    "sigmoid": lambda z: sigmoid(z) * sigmoid(-z),
    "tanh": lambda z: 1 / np.cosh(z) ** 2,
    "relu": lambda z: np.where(z > 0, 1.0, 0.0),
    "leaky_relu": lambda z: np.where(z > 0, 1.0, 0.01),
    "elu": lambda z: np.exp(np.where(z > 0, 0, z)),
    "gelu": lambda z: bell(z)[0] + z * bell(z)[1],
    "silu": lambda z: sigmoid(z) + z * sigmoid(z) * sigmoid(-z),
    "softplus": sigmoid,
    "exp": np.exp,
}


def cross_entropy_of_two(z, y):
    """-(y ln p + (1 - y) ln(1 - p)) for p = sigmoid(z), element by element."""
    size = np.where(z.real < 0, -z, z)
    return np.where(z.real < 0, 0, z) - z * y + np.log1p(np.exp(-size))


def absolute(e):
    """|e|, also of a number with a small imaginary part."""
    return np.where(e.real < 0, -e, e)


def huber(e):
    return np.where(np.abs(e.real) <= 1, e**2 / 2, absolute(e) - 0.5)


def deviance(a, y):
    """The Poisson deviance, half of it: y ln(y / a) - y + a, where 0 ln 0 is 0."""
    return a - y + np.where(y == 0, 0, y * (np.log(np.where(y == 0, 1, y)) - np.log(a)))


def log_softmax(z):
    shifted = z - z.real.max(axis=0)
    return shifted - np.log(np.exp(shifted).sum(axis=0))


LOSS = {  # (z, a, y) -> L; MATH: mean over the n examples, mse and bce also over the K outputs
    "mse": lambda z, a, y: ((a - y) ** 2).sum() / y.size,
    "half_mse": lambda z, a, y: ((a - y) ** 2).sum() / 2 / y.shape[1],
    "mae": lambda z, a, y: absolute(a - y).sum() / y.size,
    "huber": lambda z, a, y: huber(a - y).sum() / y.size,
    "poisson": lambda z, a, y: deviance(a, y).sum() / y.shape[1],
    "bce": lambda z, a, y: cross_entropy_of_two(z, y).sum() / y.size,
    "ce": lambda z, a, y: -(y * log_softmax(z)).sum() / y.shape[1],
}
ERROR = {  # (a, y) -> dL/da
    "mse": lambda a, y: 2 * (a - y) / y.size,
    "half_mse": lambda a, y: (a - y) / y.shape[1],
    "mae": lambda a, y: np.where(a > y, 1.0, -1.0) / y.size,
    "huber": lambda a, y: np.where(np.abs(a - y) <= 1, a - y, np.sign(a - y)) / y.size,
    "poisson": lambda a, y: (1 - y / a) / y.shape[1],
    "bce": lambda a, y: (a - y) / (a * (1 - a)) / y.size,
    "ce": lambda a, y: -y / a / y.shape[1],
}


def forward(weights, activations, x, masks=None):
    """[(z, a, out)] of each layer: out is what the next layer sees, a after its mask M/(1-p)."""
    layers, below = [], x
    for l, ((W, b), name) in enumerate(zip(weights, activations, strict=True)):
        z = W @ below + b
        a = F[name](z)
        below = a * masks[l] if masks and l < len(weights) - 1 else a
        layers.append((z, a, below))
    return layers


def penalty(weights, l1=0.0, l2=0.0):
    """l2 sum W² + l1 sum |W|: the weights, never the biases."""
    size = [np.where(W.real < 0, -W, W) for W, _ in weights]
    return sum(l2 * (W**2).sum() + l1 * S.sum() for (W, _), S in zip(weights, size, strict=True))


def loss(name, weights, activations, x, y, masks=None):
    """The data loss."""
    z, a, _ = forward(weights, activations, x, masks)[-1]
    return LOSS[name](z, a, y)


def through(activation, z, a, da):
    """dL/dz from dL/da; softmax by its Jacobian diag(a) - a aᵀ, one example at a time."""
    if activation != "softmax":
        return da * SLOPE[activation](z)
    jacobians = (np.diag(p) - np.outer(p, p) for p in a.T)
    return np.stack([J @ d for J, d in zip(jacobians, da.T, strict=True)], axis=1)


def backpropagate(name, weights, activations, x, y, masks=None, l1=0.0, l2=0.0):
    """([(dW, db)], [delta]) of each layer, gradients with the penalties, 1/n inside delta."""
    layers = forward(weights, activations, x, masks)
    gradients, deltas = [], []
    da = ERROR[name](layers[-1][1], y)
    for l in range(len(weights) - 1, -1, -1):
        W, _ = weights[l]
        z, a, _ = layers[l]
        if masks and l < len(weights) - 1:
            da = da * masks[l]
        delta = through(activations[l], z, a, da)  # BP1 and BP2
        below = layers[l - 1][2] if l else x
        dW = delta @ below.T + 2 * l2 * W + l1 * np.sign(W)  # BP4
        db = delta.sum(axis=1, keepdims=True)  # BP3
        gradients.insert(0, (dW, db))
        deltas.insert(0, delta)
        da = W.T @ delta
    return gradients, deltas


def split(theta, sizes):
    """[(W, b)] from the flat theta: layer by layer the rows of [W b]."""
    weights, start = [], 0
    for n_in, n_out in pairwise(sizes):
        rows = [theta[start + j * (n_in + 1) :][: n_in + 1] for j in range(n_out)]
        start += n_out * (n_in + 1)
        weights.append((np.array([row[:-1] for row in rows]), np.array([row[-1:] for row in rows])))
    return weights


def join(weights):
    """The flat theta, or the flat gradient, of [(W, b)]."""
    return np.concatenate([np.hstack([W, b]).ravel() for W, b in weights])


def complex_step(f, theta, h=1e-30):
    """The gradient of f at theta without any subtraction: Im f(theta + i h) / h."""
    steps = h * 1j * np.eye(len(theta))
    return np.array([f(theta + step).imag / h for step in steps])


def central_differences(f, theta, h=1e-5):
    """The gradient of f at theta by going a little both ways."""
    steps = h * np.eye(len(theta))
    return np.array([(f(theta + step) - f(theta - step)) / (2 * h) for step in steps])


# One update of each rule: (w, g, memory, rate, momentum) -> (w, memory); memory None at the start


def sgd(w, g, memory, rate, momentum):
    return w - rate * g, memory


def heavy_ball(w, g, memory, rate, momentum):
    """v <- mu v - eta g, w <- w + v."""
    before = 0.0 if memory is None else memory
    v = momentum * before - rate * g
    return w + v, v


def nesterov(w, g, memory, rate, momentum):
    """v <- mu v - eta g, w <- w + mu v - eta g."""
    before = 0.0 if memory is None else memory
    v = momentum * before - rate * g
    return w + momentum * v - rate * g, v


def adagrad(w, g, memory, rate, momentum, epsilon=1e-8):
    """c <- c + g², w <- w - eta g / (sqrt c + epsilon)."""
    c = (0.0 if memory is None else memory) + g**2
    return w - rate * g / (np.sqrt(c) + epsilon), c


def rmsprop(w, g, memory, rate, momentum, rho=0.9, epsilon=1e-8):
    """c <- rho c + (1 - rho) g², w <- w - eta g / (sqrt c + epsilon)."""
    c = rho * (0.0 if memory is None else memory) + (1 - rho) * g**2
    return w - rate * g / (np.sqrt(c) + epsilon), c


def adam(w, g, memory, rate, momentum, beta1=0.9, beta2=0.999, epsilon=1e-8):
    """Kingma & Ba (2015), algorithm 1."""
    m, v, t = (0.0, 0.0, 0) if memory is None else memory
    m, v, t = beta1 * m + (1 - beta1) * g, beta2 * v + (1 - beta2) * g**2, t + 1
    m_hat, v_hat = m / (1 - beta1**t), v / (1 - beta2**t)
    return w - rate * m_hat / (np.sqrt(v_hat) + epsilon), (m, v, t)


RULES = {
    "sgd": sgd,
    "momentum": heavy_ball,
    "nesterov": nesterov,
    "adagrad": adagrad,
    "rmsprop": rmsprop,
    "adam": adam,
    "adamw": adam,  # without a decay of the weights
}


def error(found, expected):
    """The largest deviation, relative to the largest entry expected."""
    return np.abs(found - expected).max() / np.abs(expected).max()
