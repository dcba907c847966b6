"""Worksheets by seed: friendly numbers, chosen so that each mistake leads to another number.

Weights have one decimal place. A sheet on which a mistake cannot be seen, or two mistakes give the
same number, is drawn again.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from engine.language import tr
from engine.nn import Array
from engine.worksheets.computation import right_values
from engine.worksheets.mistakes import planted_values
from engine.worksheets.sheet import (
    HIDDEN_ACTIVATIONS,
    OUTPUT_PAIRS,
    QUANTITIES,
    Worksheet,
)

LARGEST_SEED = 999_999
DRAWS = 50
APART = 0.004  # two numbers this far apart are told apart with three decimals, rounded on the way
KINK = 0.15  # z stays this far away from 0
SMALLEST = 0.008  # an error term below has one digit left after rounding
SATURATED = 3.0  # a unit with a larger z has next to no slope
SIZES = ((1, 2, 1, 1), (2, 1, 1, 2), (2, 2, 1, 1), (2, 2, 2, 1), (2, 2, 2, 2), (3, 2, 1, 1))


class Choices(NamedTuple):
    """What is chosen for a worksheet; what is empty comes from the seed."""

    sizes: tuple[int, ...] = ()  # inputs, hidden units, outputs, examples
    activation: str = ""
    output: str = ""
    loss: str = ""
    l2: float | None = None


ANY = Choices()  # everything comes from the seed


def worksheet_of(seed: int, choices: Choices = ANY) -> Worksheet:
    """Return the worksheet of a seed.

    Raises ValueError if the seed or a choice is not possible.
    """
    if not 0 <= seed <= LARGEST_SEED:
        raise ValueError(
            tr(
                "The seed must lie between 0 and {most}; {seed} was given.",
                most=LARGEST_SEED,
                seed=seed,
            )
        )
    random = np.random.default_rng([16, seed])
    chosen = fill(choices, random)
    best, fewest = None, np.inf
    for _ in range(DRAWS):
        sheet = draw(chosen, random)
        right = right_values(sheet)
        faults = count_awkward(sheet, right)
        faults += count_ties(sheet, right) if faults < fewest else 0
        if faults < fewest:
            best, fewest = sheet, faults
        if not faults:
            break
    assert best is not None  # the first draw is always better than none
    return best


def fill(choices: Choices, random: np.random.Generator) -> Choices:
    """Return the choices with those that are empty drawn at random, so that they fit together.

    Raises ValueError if a chosen output and a chosen loss do not fit.
    """
    pairs = [
        pair
        for pair in OUTPUT_PAIRS
        if choices.output in ("", pair[0])
        and choices.loss in ("", pair[1])
        and outputs_fit(pair[1], choices.sizes)
    ]
    if not pairs and not choices.sizes:
        raise ValueError(
            tr(
                "The output {output} and the loss {loss} do not fit.",
                output=choices.output,
                loss=choices.loss,
            )
        )
    output, loss = pairs[random.integers(len(pairs))] if pairs else (choices.output, choices.loss)
    sizes = [one for one in SIZES if outputs_fit(loss, one) and examples_fit(loss, one)]
    activation = HIDDEN_ACTIVATIONS[random.integers(3)]
    l2 = float(random.choice([0.0, 0.0, 0.1]))
    return Choices(
        choices.sizes or sizes[random.integers(len(sizes))],
        choices.activation or activation,
        output or "linear",
        loss or "half_mse",
        l2 if choices.l2 is None else choices.l2,
    )


def outputs_fit(loss: str, sizes: tuple[int, ...]) -> bool:
    """Return whether a loss suits the number of outputs, where sizes are chosen."""
    return not sizes or sizes[2] == {"bce": 1, "ce": 2}.get(loss, sizes[2])


def examples_fit(loss: str, sizes: tuple[int, ...]) -> bool:
    """Return whether 1/2 and 1/n are different factors with this loss."""
    return loss != "half_mse" or sizes[3] != 2


def draw(chosen: Choices, random: np.random.Generator) -> Worksheet:
    """Return a worksheet with random friendly numbers."""
    d, h, K, n = (*chosen.sizes, 0, 0, 0, 0)[:4]

    def weights(*shape: int) -> Array:
        """Return random weights of a shape."""
        return random.integers(2, 16, shape) * random.choice([-1, 1], shape) / 10

    inputs = random.integers(1, 5, (n, d)) / 2  # 0.5, 1, 1.5 or 2
    W1, b1, W2, b2 = weights(h, d), weights(h), weights(K, h), weights(K)
    return Worksheet(
        as_rows(inputs),
        as_rows(draw_targets(chosen, n, K, random)),
        as_rows(W1),
        tuple(b1.tolist()),
        as_rows(W2),
        tuple(b2.tolist()),
        chosen.activation,
        chosen.output,
        chosen.loss,
        float(random.choice([0.1, 0.2, 0.5] if chosen.output == "linear" else [0.5, 2.0])),
        chosen.l2 or 0.0,
    )


def draw_targets(chosen: Choices, n: int, K: int, random: np.random.Generator) -> Array:
    """Return targets (n, K) that suit the output."""
    if chosen.output == "softmax":
        return np.eye(max(K, 1))[random.integers(max(K, 1), size=n)]
    if chosen.output == "sigmoid":
        return random.integers(0, 2, (n, K)).astype(float)
    return random.integers(-4, 5, (n, K)) / 2


def as_rows(values: Array) -> tuple[tuple[float, ...], ...]:
    """Return an array (rows, columns) as tuples."""
    return tuple(tuple(row) for row in values.tolist())


def count_awkward(sheet: Worksheet, right: dict[str, Array]) -> float:
    """Return how many numbers a person cannot compute well: of z, ten times, and of delta.

    `right` has the quantities, z1 (h, n) and so on.
    """
    steep = [np.abs(right["z1"])] + [np.abs(right["z2"])] * (sheet.output != "linear")
    count = sum(int(((z > SATURATED) | (z < KINK)).sum()) for z in steep)
    if sheet.activation == "relu":
        count += int((right["a1"].max(axis=1) == 0).sum())  # a unit that is always 0
    tiny = (right["delta1"] != 0) & (np.abs(right["delta1"]) < SMALLEST)
    return 10.0 * count + float(tiny.sum())


def count_ties(sheet: Worksheet, right: dict[str, Array]) -> int:
    """Return how many pairs among the right numbers and the mistakes cannot be told apart.

    `right` has the quantities, z1 (h, n) and so on.
    """
    numbers, ties = {**sheet.given(), **right}, 0
    for name in QUANTITIES:
        planted = planted_values(sheet, numbers, name)
        others = [values for values in planted.values() if np.isfinite(values).all()]
        different = [one for one in others if np.abs(one - right[name]).max() > 1e-9]
        known = np.array([right[name], *different])
        apart = np.abs(known[:, None] - known[None]).max(axis=(2, 3))
        ties += int((np.triu(apart < APART, 1)).sum())
    return ties
