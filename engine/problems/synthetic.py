"""Problems drawn from a formula: the points, the noise, and the best possible score.

All points lie on the square from -6 to 6, as in TensorFlow Playground. In the problems with
classes, noise shifts each point by a normal step (deviation 4 noise; spiral 2 noise) and the point
keeps its class. In regression it is added to the target (deviation 2 noise times that of the clean
targets). As the noise is known, the best score that any method can reach is known, too.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from scipy.special import i0e, ndtr

from engine.nn import Array

Generator = np.random.Generator
EDGE = 6.0  # the square goes from -EDGE to EDGE
SHIFT = {"circle": 4.0, "xor": 4.0, "gauss": 4.0, "moons": 4.0, "spiral": 2.0}  # deviation / noise


class FormulaProblem(NamedTuple):
    """One problem: how to draw it, and the best expected score at a given noise."""

    draw: Callable[[Generator, int, float], tuple[Array, Array]]  # -> x (r, n), targets
    best: Callable[[float], float]  # noise -> accuracy, or R² for regression


# Points with a class. `y` is (n,) of 0 and 1, half of each in random order.


def balanced_classes(rng: Generator, n: int) -> Array:
    """Return classes 0 and 1 (n,) in random order, half of each."""
    return rng.permutation(np.arange(n) % 2)


def polar(radius: Array, angle: Array) -> Array:
    """Return the points (2, n) at radius (n,) and angle (n,)."""
    return np.stack([radius * np.cos(angle), radius * np.sin(angle)])


def circle(rng: Generator, y: Array) -> Array:
    """Return points (2, n): class 1 in a disc of radius 2.5, class 0 in a ring from 3.5 to 5."""
    u = rng.random(len(y))
    return polar(np.where(y == 1, 2.5 * u, 3.5 + 1.5 * u), rng.uniform(0, 2 * np.pi, len(y)))


def xor(rng: Generator, y: Array) -> Array:
    """Return points (2, n), class 1 if both signs are the same; .3 to 5 from the axes."""
    x = rng.uniform(0.3, 5, (2, len(y))) * np.where(rng.random(len(y)) < 0.5, -1, 1)
    return x * np.stack([np.ones(len(y)), np.where(y == 1, 1, -1)])


def gauss(rng: Generator, y: Array) -> Array:
    """Return points (2, n): class 1 around (2, 2), class 0 around (-2, -2), both of deviation 1."""
    return rng.standard_normal((2, len(y))) + np.where(y == 1, 2, -2)


def moon_curves(t: Array, y: Array) -> Array:
    """Return points (2, n) on two interlocking half circles of radius 3; t (n,) is from 0 to 1."""
    x, height = np.cos(np.pi * t), np.sin(np.pi * t)
    lower = np.stack([0.5 - x, 0.25 - height])
    return 3 * np.where(y == 1, lower, np.stack([x - 0.5, height - 0.25]))


def spiral_curves(t: Array, y: Array) -> Array:
    """Return points (2, n) on two arms of 1.5 turns; t (n,) from 0 to 1 gives radius .5 to 5."""
    t = np.sqrt(t)  # each turn is longer than the one before: this keeps the density of points
    return polar(0.5 + 4.5 * t, 3 * np.pi * t + np.pi * y)


def draw_along(curves: Callable[[Array, Array], Array]) -> Callable[[Generator, Array], Array]:
    """Return a function (rng, y) that draws points (2, n) evenly along two curves."""
    return lambda rng, y: curves(rng.random(len(y)), y)


def noisy_draw(place: Callable[[Generator, Array], Array], shift: float) -> Callable:
    """Return a function (rng, n, noise) that draws points with a deviation of `shift * noise`."""

    def draw(rng: Generator, n: int, noise: float) -> tuple[Array, Array]:
        """Return points (2, n) and classes (n,)."""
        y = balanced_classes(rng, n)
        x = place(rng, y)
        return x + shift * noise * rng.standard_normal(x.shape), y

    return draw


# The best possible accuracy: the probability of the more likely class, averaged over the square.


def circle_best(noise: float) -> float:
    """Return the accuracy of the best radius; the radius of a noisy point is Rice distributed."""
    sigma = SHIFT["circle"] * noise
    if sigma < 1 / 12:  # the clean gap of 1 is twelve deviations: the error is below 1e-8
        return 1.0
    u, step = (np.arange(200) + 0.5) / 200, (5 + 8 * sigma) / 1000
    r = np.arange(0.5, 1000)[:, None] * step
    densities = [rice_density(r, radius, sigma).mean(axis=1) for radius in (2.5 * u, 3.5 + 1.5 * u)]
    return min(1.0, float(np.maximum(*densities).sum() * step / 2))


def rice_density(r: Array, radius: Array, sigma: float) -> Array:
    """Return the density of the distance r (m, 1) of a noisy point at radius (n,): shape (m, n).

    Rice (1945), Mathematical analysis of random noise.
    """
    return r / sigma**2 * np.exp(-(((r - radius) / sigma) ** 2) / 2) * i0e(r * radius / sigma**2)


def xor_best(noise: float) -> float:
    """Return the probability that noise changes both signs or none; the best rule is x1 x2 > 0."""
    sigma = SHIFT["xor"] * noise
    if sigma == 0:
        return 1.0
    z = np.array([0.3, 5]) / sigma
    area = z * ndtr(z) + np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi)  # the integral of the normal cdf
    kept = (area[1] - area[0]) * sigma / 4.7
    return float(kept**2 + (1 - kept) ** 2)


def gauss_best(noise: float) -> float:
    """Return the accuracy for two equal clouds, with the boundary sqrt(8) from each centre."""
    return float(ndtr(np.sqrt(8) / np.hypot(1, SHIFT["gauss"] * noise)))


def curves_best(curves: Callable[[Array, Array], Array], gap: float, sigma: float) -> float:
    """Return the best accuracy for two curves with noise `sigma`, from sums over a fine grid.

    `curves` gives points (2, n) for t (n,) and y (n,); `gap` is the distance between the curves.
    """
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
    """Return the normal density of x (m, 1) with means `centre` (n,): shape (m, n)."""
    return np.exp(-(((x - centre) / sigma) ** 2) / 2) / (sigma * np.sqrt(2 * np.pi))


# Regression: a clean surface over the square, and noise on the target.


def plane_height(x: Array) -> Array:
    """Return the heights (m,) of a tilted plane at x (2, m)."""
    return x[0] + x[1]


def bumps_height(x: Array) -> Array:
    """Return the heights (m,) at x (2, m) of two hills and two hollows in opposite corners."""
    height = np.zeros_like(x[0])
    for p, q, sign in ((-3, 3, 1), (3, 3, -1), (-3, -3, -1), (3, -3, 1)):
        height += sign * np.exp(-((x[0] - p) ** 2 + (x[1] - q) ** 2) / 6)
    return height


def line_height(x: Array) -> Array:
    """Return the heights (m,) of a straight line at x (1, m)."""
    return 0.5 * x[0] + 1


@lru_cache
def deviation(surface: Callable[[Array], Array], r: int) -> float:
    """Return the deviation, a scalar, of the heights over the line (r = 1) or square (r = 2)."""
    axis = ((np.arange(600) + 0.5) / 300 - 1) * EDGE
    return float(np.std(surface(np.stack(np.meshgrid(*[axis] * r)).reshape(r, -1))))


def surface_draw(surface: Callable[[Array], Array], r: int) -> Callable:
    """Return a function (rng, n, noise) that draws evenly, with noise on the targets."""

    def draw(rng: Generator, n: int, noise: float) -> tuple[Array, Array]:
        """Return points (r, n) and targets (1, n)."""
        x = rng.uniform(-EDGE, EDGE, (r, n))
        sigma = 2 * noise * deviation(surface, r)
        return x, surface(x)[None] + sigma * rng.standard_normal((1, n))

    return draw


def surface_best(noise: float) -> float:
    """Return the R² of the surface itself; the noise has 4 noise² times its variance."""
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
