"""Problems drawn from a formula: where the points lie, how noise moves them, what is best possible.

Everything happens on the square from -6 to 6, as in TensorFlow Playground. In the problems with
classes, noise shifts each point by a normal step (deviation 4 noise; spiral 2 noise) and the point
keeps its class. In regression it is added to the target (deviation 2 noise times that of the clean
targets). Because the noise is known, so is the best score that any method can reach.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from scipy.special import i0e, ndtr

Array = np.ndarray
Generator = np.random.Generator
EDGE = 6.0  # the square goes from -EDGE to EDGE
SHIFT = {"circle": 4.0, "xor": 4.0, "gauss": 4.0, "moons": 4.0, "spiral": 2.0}  # deviation / noise


class FormulaProblem(NamedTuple):
    """One problem: how to draw it, and the best expected score at a given noise."""

    draw: Callable[[Generator, int, float], tuple[Array, Array]]  # -> x (r, n), targets
    best: Callable[[float], float]  # noise -> accuracy, or R² for regression


# Points with a class. `y` is (n,) of 0 and 1, half of each in random order.


def balanced_classes(rng: Generator, n: int) -> Array:
    """(n,) classes 0 and 1 in random order, as many of each as can be."""
    return rng.permutation(np.arange(n) % 2)


def polar(radius: Array, angle: Array) -> Array:
    """(2, n) the points at these radii and angles."""
    return np.stack([radius * np.cos(angle), radius * np.sin(angle)])


def circle(rng: Generator, y: Array) -> Array:
    """(2, n) class 1 in a disc of radius 2.5, class 0 in a ring from 3.5 to 5."""
    u = rng.random(len(y))
    return polar(np.where(y == 1, 2.5 * u, 3.5 + 1.5 * u), rng.uniform(0, 2 * np.pi, len(y)))


def xor(rng: Generator, y: Array) -> Array:
    """(2, n) class 1 where both coordinates have the same sign; all are .3 to 5 from the axes."""
    x = rng.uniform(0.3, 5, (2, len(y))) * np.where(rng.random(len(y)) < 0.5, -1, 1)
    return x * np.stack([np.ones(len(y)), np.where(y == 1, 1, -1)])


def gauss(rng: Generator, y: Array) -> Array:
    """(2, n) class 1 around (2, 2), class 0 around (-2, -2), both with deviation 1."""
    return rng.standard_normal((2, len(y))) + np.where(y == 1, 2, -2)


def moon_curves(t: Array, y: Array) -> Array:
    """(2, n) points on two interlocking half circles of radius 3, t from 0 to 1."""
    x, height = np.cos(np.pi * t), np.sin(np.pi * t)
    lower = np.stack([0.5 - x, 0.25 - height])
    return 3 * np.where(y == 1, lower, np.stack([x - 0.5, height - 0.25]))


def spiral_curves(t: Array, y: Array) -> Array:
    """(2, n) points on two arms of 1.5 turns, from radius .5 to 5 as t goes from 0 to 1."""
    t = np.sqrt(t)  # the arms grow longer with each turn: this keeps the points as dense
    return polar(0.5 + 4.5 * t, 3 * np.pi * t + np.pi * y)


def draw_along(curves: Callable[[Array, Array], Array]) -> Callable[[Generator, Array], Array]:
    """A way to draw points evenly along two curves."""
    return lambda rng, y: curves(rng.random(len(y)), y)


def noisy_draw(place: Callable[[Generator, Array], Array], shift: float) -> Callable:
    """A draw (rng, n, noise) of placed points that noise moves by `shift * noise`."""

    def draw(rng: Generator, n: int, noise: float) -> tuple[Array, Array]:
        y = balanced_classes(rng, n)
        x = place(rng, y)
        return x + shift * noise * rng.standard_normal(x.shape), y

    return draw


# The best possible accuracy: the share that the more likely class at each place collects.


def circle_best(noise: float) -> float:
    """Accuracy of the best radius rule; a shifted point's radius has Rice's distribution."""
    sigma = SHIFT["circle"] * noise
    if sigma < 1 / 12:  # the clean gap of 1 is twelve deviations: the error is below 1e-8
        return 1.0
    u, step = (np.arange(200) + 0.5) / 200, (5 + 8 * sigma) / 1000
    r = np.arange(0.5, 1000)[:, None] * step
    densities = [rice_density(r, radius, sigma).mean(axis=1) for radius in (2.5 * u, 3.5 + 1.5 * u)]
    return min(1.0, float(np.maximum(*densities).sum() * step / 2))


def rice_density(r: Array, radius: Array, sigma: float) -> Array:
    """Density of the distance r from the centre of a point at `radius` after its shift."""
    return r / sigma**2 * np.exp(-(((r - radius) / sigma) ** 2) / 2) * i0e(r * radius / sigma**2)


def xor_best(noise: float) -> float:
    """Both signs kept, or both lost; by symmetry nothing beats the sign of x1 x2."""
    sigma = SHIFT["xor"] * noise
    if sigma == 0:
        return 1.0
    z = np.array([0.3, 5]) / sigma
    area = z * ndtr(z) + np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi)  # the integral of the normal cdf
    kept = (area[1] - area[0]) * sigma / 4.7
    return float(kept**2 + (1 - kept) ** 2)


def gauss_best(noise: float) -> float:
    """Two equal round clouds: the boundary is half way, sqrt(8) from each centre."""
    return float(ndtr(np.sqrt(8) / np.hypot(1, SHIFT["gauss"] * noise)))


def curves_best(curves: Callable[[Array, Array], Array], gap: float, sigma: float) -> float:
    """Accuracy when both curves are blurred by `sigma`, summed over a grid finer than the blur."""
    if sigma < gap / 12:
        return 1.0
    t, step = (np.arange(2000) + 0.5) / 2000, min(sigma / 3, 0.1)
    axis = np.arange(-EDGE - 6 * sigma, EDGE + 6 * sigma, step)
    densities = []
    for y in (0, 1):
        x1, x2 = (normal_density(axis[:, None], c, sigma) for c in curves(t, np.full(len(t), y)))
        densities.append(x1 @ x2.T / len(t))
    return min(1.0, float(np.maximum(*densities).sum() * step**2 / 2))


def normal_density(x: Array, centre: Array, sigma: float) -> Array:
    """Density of a normal variable around `centre` with deviation `sigma`, at x."""
    return np.exp(-(((x - centre) / sigma) ** 2) / 2) / (sigma * np.sqrt(2 * np.pi))


# Regression: a clean surface over the square, and noise on the target.


def plane_height(x: Array) -> Array:
    """(m,) the height of a tilted plane."""
    return x[0] + x[1]


def bumps_height(x: Array) -> Array:
    """(m,) two round hills and two hollows of height 1, in opposite corners."""
    height = np.zeros_like(x[0])
    for p, q, sign in ((-3, 3, 1), (3, 3, -1), (-3, -3, -1), (3, -3, 1)):
        height += sign * np.exp(-((x[0] - p) ** 2 + (x[1] - q) ** 2) / 6)
    return height


def line_height(x: Array) -> Array:
    """(m,) a straight line."""
    return 0.5 * x[0] + 1


@lru_cache
def deviation(surface: Callable[[Array], Array], r: int) -> float:
    """Standard deviation of the clean heights over the whole line (r = 1) or square (r = 2)."""
    axis = ((np.arange(600) + 0.5) / 300 - 1) * EDGE
    return float(np.std(surface(np.stack(np.meshgrid(*[axis] * r)).reshape(r, -1))))


def surface_draw(surface: Callable[[Array], Array], r: int) -> Callable:
    """A draw (rng, n, noise) of points spread evenly, with noise on the (1, n) targets."""

    def draw(rng: Generator, n: int, noise: float) -> tuple[Array, Array]:
        x = rng.uniform(-EDGE, EDGE, (r, n))
        sigma = 2 * noise * deviation(surface, r)
        return x, surface(x)[None] + sigma * rng.standard_normal((1, n))

    return draw


def surface_best(noise: float) -> float:
    """The clean surface's R²: noise has 4 noise² times the variance of the clean targets."""
    return 1 / (1 + 4 * noise**2)


FORMULAS = {
    "circle": FormulaProblem(noisy_draw(circle, SHIFT["circle"]), circle_best),
    "xor": FormulaProblem(noisy_draw(xor, SHIFT["xor"]), xor_best),
    "gauss": FormulaProblem(noisy_draw(gauss, SHIFT["gauss"]), gauss_best),
    "spiral": FormulaProblem(
        noisy_draw(draw_along(spiral_curves), SHIFT["spiral"]),
        lambda noise: curves_best(spiral_curves, 1.0, SHIFT["spiral"] * noise),
    ),
    "moons": FormulaProblem(
        noisy_draw(draw_along(moon_curves), SHIFT["moons"]),
        lambda noise: curves_best(moon_curves, 1.5, SHIFT["moons"] * noise),
    ),
    "plane": FormulaProblem(surface_draw(plane_height, 2), surface_best),
    "bumps": FormulaProblem(surface_draw(bumps_height, 2), surface_best),
    "line": FormulaProblem(surface_draw(line_height, 1), surface_best),
}
