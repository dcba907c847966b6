"""The article's three Keras examples: the engine reaches what Keras reaches, seed by seed.

What Keras reached over ten seeds or more is stored in tests/references/article.json, made by
`python -m benchmarks.references --only article`. Draws and shuffles differ between the two, so
means are compared: they may differ by one standard deviation of Keras' figures over its seeds.
"""

import json
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from engine.problems.presets import PRESETS
from engine.problems.registry import load_shared
from engine.training.config import Config
from engine.training.evaluator import Evaluator
from engine.training.training import Training

KERAS = json.loads((Path(__file__).parents[1] / "references" / "article.json").read_text())
EXAMPLES = [name for name in KERAS if name != "made"]
FIGURES = [(example, figure) for example in EXAMPLES for figure in KERAS[example]]
SEEDS = range(10)

LINE = replace(PRESETS["article_line"].config, convention="keras")
CLASSES = replace(PRESETS["article_classes"].config, convention="keras")
GRID = replace(CLASSES, optimizer="rmsprop", batch_size=128, epochs=15)


def training_of(config: Config, seed: int) -> Training:
    return Training(replace(config, seed=seed), load_shared(config))


def line(seed: int) -> dict[str, float]:
    """Training loss, weight and bias after the last epoch."""
    training = training_of(LINE, seed)
    for _ in range(LINE.epochs):
        training.epoch()
    w, b = training.network.theta.tolist()
    loss, *_ = evaluator_of(training, LINE).evaluate(training.network.theta)
    return {"loss": loss, "w": w, "b": b}


def evaluator_of(training: Training, config: Config) -> Evaluator:
    return Evaluator(config, load_shared(config), training.network, training.output_head)


def classes(config: Config, seed: int, epochs: tuple[int, ...]) -> Iterator[tuple[str, float]]:
    """Losses and accuracies after each of `epochs` of one run, by their names in the file."""
    training = training_of(config, seed)
    evaluator = evaluator_of(training, config)
    for epoch in range(1, epochs[-1] + 1):
        training.epoch()
        if epoch in epochs:
            loss, validation, accuracy, validation_accuracy, _ = evaluator.evaluate(
                training.network.theta
            )
            yield f"train loss at {epoch}", loss
            yield f"train accuracy at {epoch}", accuracy
            yield f"validation loss at {epoch}", validation
            yield f"validation accuracy at {epoch}", validation_accuracy


RUNS = {
    "line": line,
    "classifier": lambda seed: dict(classes(CLASSES, seed, (20,))),
    "grid": lambda seed: dict(classes(GRID, seed, (5, 10, 15))),
}


@cache
def reached(example: str) -> list[dict[str, float]]:
    """The engine's figures, one dictionary per seed."""
    return [RUNS[example](seed) for seed in SEEDS]


def test_the_settings_are_the_articles():
    assert (LINE.optimizer, LINE.learning_rate) == ("adam", 1e-3)
    assert (LINE.batch_size, LINE.epochs, LINE.hidden) == (1, 100, ())
    assert (CLASSES.hidden, CLASSES.dropout, CLASSES.activation) == ((64, 64), 0.5, "relu")
    assert (CLASSES.optimizer, CLASSES.batch_size, CLASSES.epochs) == ("adam", 16, 20)
    assert (GRID.optimizer, GRID.learning_rate, GRID.batch_size) == ("rmsprop", 1e-3, 128)
    data = load_shared(CLASSES)
    assert (len(data.train), len(data.validation), len(data.test)) == (1200, 400, 400)
    assert (data.part("train")[0].shape, len(data.classes)) == ((54, 1200), 7)


def test_the_figures_of_keras_say_what_made_them():
    assert "python -m benchmarks.references --only article, Keras 3" in KERAS["made"]
    assert set(EXAMPLES) == set(RUNS)
    for example, figure in FIGURES:
        stored = KERAS[example][figure]
        assert len(stored["seeds"]) >= 10
        assert stored["mean"] == pytest.approx(np.mean(stored["seeds"]))
        assert stored["spread"] == pytest.approx(np.std(stored["seeds"], ddof=1))


@pytest.mark.parametrize(("example", "figure"), FIGURES)
def test_the_engine_reaches_what_keras_reaches_within_its_spread(example, figure):
    keras = KERAS[example][figure]
    ours = np.mean([run[figure] for run in reached(example)])
    assert abs(ours - keras["mean"]) <= keras["spread"]


def test_every_seed_has_learned_the_line():
    for run in reached("line"):
        assert run["w"] == pytest.approx(3, abs=0.05)
        assert run["b"] == pytest.approx(2, abs=0.05)
