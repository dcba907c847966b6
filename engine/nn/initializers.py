"""Initialisers: where the weights start. Biases start at 0, except where every number is equal.

Each takes a generator, the shape (n_out, n_in) of W and a scale, and returns W. Sources:
Glorot & Bengio (2010), eq. 16; He et al. (2015), eq. 12; LeCun et al. (1998), Efficient BackProp,
eq. 16; Saxe et al. (2014) for orthogonal. The normal draws are not truncated.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from engine.nn.equations import Array

Draw = Callable[[np.random.Generator, int, int, float], Array]


def glorot_uniform(random: np.random.Generator, n_out: int, n_in: int, scale: float) -> Array:
    """Return W (n_out, n_in), uniform to ±√(6 / (n_in + n_out)) (Glorot & Bengio 2010, eq. 16)."""
    limit = np.sqrt(6 / (n_in + n_out))
    return random.uniform(-limit, limit, (n_out, n_in))


def glorot_normal(random: np.random.Generator, n_out: int, n_in: int, scale: float) -> Array:
    """Return W (n_out, n_in) of variance 2 / (n_in + n_out) (Glorot & Bengio 2010, eq. 12)."""
    return random.normal(0, np.sqrt(2 / (n_in + n_out)), (n_out, n_in))


def he_normal(random: np.random.Generator, n_out: int, n_in: int, scale: float) -> Array:
    """Return W (n_out, n_in) of variance 2 / n_in (He et al. 2015, eq. 10)."""
    return random.normal(0, np.sqrt(2 / n_in), (n_out, n_in))


def lecun_normal(random: np.random.Generator, n_out: int, n_in: int, scale: float) -> Array:
    """Return W (n_out, n_in) of variance 1 / n_in (LeCun et al. 1998, eq. 16)."""
    return random.normal(0, np.sqrt(1 / n_in), (n_out, n_in))


def orthogonal(random: np.random.Generator, n_out: int, n_in: int, scale: float) -> Array:
    """Return W (n_out, n_in) with orthonormal rows or columns, whichever are fewer (Saxe et al.
    2014).
    """
    tall = random.normal(size=(max(n_out, n_in), min(n_out, n_in)))
    Q, R = np.linalg.qr(tall)
    Q = Q * np.copysign(1, np.diag(R))  # else some directions would be drawn more often
    return Q if n_out >= n_in else Q.T


def uniform(random: np.random.Generator, n_out: int, n_in: int, scale: float) -> Array:
    """Return W (n_out, n_in) uniform within ±scale."""
    return random.uniform(-scale, scale, (n_out, n_in))


def normal(random: np.random.Generator, n_out: int, n_in: int, scale: float) -> Array:
    """Return W (n_out, n_in) of mean 0 and standard deviation `scale`."""
    return random.normal(0, scale, (n_out, n_in))


def constant(random: np.random.Generator, n_out: int, n_in: int, scale: float) -> Array:
    """Return W (n_out, n_in) full of `scale`."""
    return np.full((n_out, n_in), float(scale))


def zeros(random: np.random.Generator, n_out: int, n_in: int, scale: float) -> Array:
    """Return W (n_out, n_in) full of 0."""
    return np.zeros((n_out, n_in))


INITIALIZERS: dict[str, Draw] = {
    "glorot_uniform": glorot_uniform,
    "glorot_normal": glorot_normal,
    "he_normal": he_normal,
    "lecun_normal": lecun_normal,
    "orthogonal": orthogonal,
    "uniform": uniform,
    "normal": normal,
    "constant": constant,
    "zeros": zeros,
}
