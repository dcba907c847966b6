"""Stacks: every network of a stack against the single training of its Config."""

from dataclasses import replace

import numpy as np
import pytest

from engine.batched.training import BatchedTraining, train_in_batches
from engine.data.dataset import Dataset
from engine.nn.activations import ACTIVATIONS
from engine.nn.optimizers import OPTIMIZERS
from engine.nn.schedules import SCHEDULES
from engine.training import batches
from engine.training.config import Config
from engine.training.output_head import output_loss_pairs
from engine.training.run import Run
from engine.training.training import Training

EXACT = 1e-10  # BLAS adds up thin and filled matrices in another order; the rest is equal
EPOCHS = 4


def classes(n=38, d=4, K=3, seed=7):
    random = np.random.default_rng(seed)
    y = np.append(np.arange(K), random.integers(0, K, n - K))
    x = random.normal(size=(d, n)) + y
    data = Dataset("", "classification", x, ("x",) * d, y, ("one", "two", "three")[:K])
    return data.split(np.arange(n - 9), np.arange(n - 9, n - 4), np.arange(n - 4, n))


def numbers(n=29, d=3, K=2):
    random = np.random.default_rng(8)
    x, y = random.normal(size=(d, n)), random.normal(size=(K, n))
    return Dataset("", "regression", x, ("x",) * d, y, target_names=("y",) * K)


def alone(config, data, epochs=EPOCHS):
    """theta of a single training."""
    single = Training(config, data)
    with np.errstate(all="ignore"):
        for _ in range(epochs):
            single.epoch()
    return single.network.theta


def worst(configs, datasets, epochs=EPOCHS):
    """The largest difference between a parameter of the stack and of the single training."""
    stack = BatchedTraining(configs, datasets)
    stack.advance(epochs)
    pairs = enumerate(zip(configs, datasets, strict=True))
    return max(abs(stack.parameters(k) - alone(*pair, epochs)).max() for k, pair in pairs)


CONFIG = Config(hidden=(6,), activation="relu", optimizer="adam", learning_rate=0.01, batch_size=8)


@pytest.mark.parametrize(
    "choices",
    [
        {},
        {"batch_size": 0},
        {"hidden": ()},
        {"hidden": (5, 4, 3)},
        {"dropout": 0.3, "hidden": (5, 4)},
        {"biases": "frozen"},
        {"init": "constant"},
        {"optimizer": "adamw", "weight_decay": 0.1},
        {"optimizer": "rmsprop", "convention": "keras"},
        {"hidden": (5, 4), "activations": ("tanh", "sigmoid")},
        {"output": "sigmoid", "loss": "bce"},
    ],
    ids=str,
)
def test_networks_of_equal_widths_are_single_runs_bit_for_bit(choices):
    config, data = replace(CONFIG, **choices), classes()
    configs = [
        replace(config, seed=seed, learning_rate=rate, l1=l1, l2=l2)
        for seed in (0, 3)
        for rate, l1, l2 in ((0.01, 0, 0), (0.03, 0, 0.01), (0.01, 0.002, 0))
    ]
    assert worst(configs, [data] * len(configs)) == 0


@pytest.mark.parametrize("choices", [{"batch_size": 1}, {"batch_size": 28}], ids=str)
def test_batches_of_a_single_example_differ_in_rounding_alone(choices):
    configs = [replace(CONFIG, seed=seed, **choices) for seed in range(3)]
    assert worst(configs, [classes()] * 3) <= EXACT


@pytest.mark.parametrize("activation", [name for name, f in ACTIVATIONS.items() if f.hidden])
def test_filled_up_networks_are_single_runs(activation):
    config = replace(CONFIG, activation=activation, l2=0.01)
    configs = [replace(config, hidden=hidden) for hidden in ((3, 7), (6, 2), (7, 7), (1, 1))]
    data = classes()
    assert worst(configs, [data] * 4) <= EXACT
    stack = BatchedTraining(configs, [data] * 4)
    stack.advance(EPOCHS)
    assert not stack.theta[stack.alive == 0].any()


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_networks_of_different_rates_are_single_runs_with_every_optimizer(optimizer):
    config = replace(CONFIG, optimizer=optimizer)
    configs = [
        replace(config, learning_rate=rate, momentum=momentum, hidden=(units,))
        for units in (3, 6)
        for rate, momentum in ((0.03, 0.9), (0.01, 0.9), (0.03, 0.5))
    ]
    assert worst(configs, [classes()] * len(configs)) <= EXACT


@pytest.mark.parametrize("schedule", [name for name in SCHEDULES if name != "plateau"])
def test_every_schedule(schedule):
    config = replace(CONFIG, schedule=schedule, schedule_length=2)
    configs = [replace(config, schedule_factor=factor) for factor in (0.1, 0.5)]
    assert worst(configs, [classes()] * 2) == 0


@pytest.mark.parametrize("pair", output_loss_pairs("classification"), ids="-".join)
@pytest.mark.parametrize("K", [2, 3])
def test_every_head_of_a_classification(pair, K):
    output, loss = pair
    config = replace(CONFIG, output=output, loss=loss)
    configs = [replace(config, seed=seed) for seed in range(3)]
    assert worst(configs, [classes(K=K)] * 3) <= EXACT


def test_a_regression():
    configs = [replace(CONFIG, seed=seed, dropout=0.2) for seed in range(3)]
    assert worst(configs, [numbers()] * 3) <= EXACT


def test_masks_are_drawn_chunk_by_chunk_like_those_of_a_single_run(monkeypatch):
    monkeypatch.setattr(batches, "CHUNK_BATCHES", 3)
    configs = [
        replace(CONFIG, dropout=0.4, hidden=hidden, batch_size=5) for hidden in ((4, 4), (6, 3))
    ]
    assert worst(configs, [classes()] * 2) <= EXACT


def test_each_network_has_data_of_its_own():
    whole = classes()
    rows = np.arange(30).reshape(3, 10)
    folds = [
        whole.split(np.setdiff1d(rows, fold), fold, np.empty(0, int)).standardised()
        for fold in rows
    ]
    configs = [replace(CONFIG, seed=seed) for seed in (0, 1) for _ in folds]
    assert worst(configs, folds * 2) == 0


def test_the_judgement_is_that_of_the_runs():
    data, other = classes(), classes(seed=9)
    configs = [replace(CONFIG, learning_rate=rate) for rate in (0.03, 0.01, 0.03)]
    datasets = [data, other, other]
    stack = BatchedTraining(configs, datasets)
    stack.advance(EPOCHS)
    for part, metric in (("train", "train_metric"), ("validation", "validation_metric")):
        losses, metrics = stack.evaluate(part)
        for k, (config, own) in enumerate(zip(configs, datasets, strict=True)):
            run = Run(config, own)
            run.advance(EPOCHS)
            assert losses[k] == pytest.approx(run.losses[EPOCHS][part], rel=1e-12)
            assert metrics[k] == pytest.approx(run.losses[EPOCHS][metric], rel=1e-6)
            X, _ = own.part(part)
            a = run.at(EPOCHS, own.rows(part)).layers[-1].a
            assert np.allclose(stack.outputs(X)[k], a, rtol=0, atol=1e-12)


def test_a_network_that_diverges_hurts_no_other():
    rates = (0.01, 1000.0, 0.02)
    config = replace(CONFIG, output="linear", loss="mse", optimizer="sgd")
    configs = [replace(config, learning_rate=rate) for rate in rates]
    data = classes()
    stack = BatchedTraining(configs, [data] * 3)
    stack.advance(60)
    losses, _ = stack.evaluate("train")
    assert not np.isfinite(losses[1])
    for k in (0, 2):
        assert np.array_equal(stack.parameters(k), alone(configs[k], data, 60))


def test_networks_of_different_kinds_make_different_stacks():
    data, short = classes(), classes(n=30)
    configs = [
        replace(CONFIG, seed=1),
        replace(CONFIG, hidden=(6, 6)),
        replace(CONFIG, hidden=(3,)),
        replace(CONFIG, activation="tanh"),
        CONFIG,
    ]
    groups = train_in_batches(configs, [data, data, data, data, short])
    assert [members for members, _ in groups] == [[0, 2], [1], [3], [4]]
    assert [stack.theta.shape[0] for _, stack in groups] == [2, 1, 1, 1]


def test_what_does_not_go_together_is_said():
    data = classes()
    with pytest.raises(ValueError, match="1 kind can train together; 2 were"):
        BatchedTraining([CONFIG, replace(CONFIG, batch_size=3)], [data, data])
    with pytest.raises(ValueError, match="1 kind can train together; 0 were"):
        BatchedTraining([], [])
    for choices in ({"schedule": "plateau"}, {"clip": 1.0}, {"precision": "float32"}):
        with pytest.raises(ValueError, match="one after another"):
            BatchedTraining([replace(CONFIG, **choices)], [data])
