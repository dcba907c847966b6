"""PyTorch, float64: every gradient it finds by autograd, and 100 steps of each of its optimizers.

The figures in tests/references/ were stored once; `python -m benchmarks.references` makes them
again. A new activation, loss or optimizer has none yet, and fails here until they are made.
"""

from dataclasses import replace
from itertools import product
from pathlib import Path

import numpy as np
import pytest

from engine.data.dataset import Dataset
from engine.nn.activations import ACTIVATIONS
from engine.nn.equations import execute, flatten_steps
from engine.nn.losses import LOSSES
from engine.nn.network import Network
from engine.nn.optimizers import OPTIMIZERS
from engine.nn.program import backward, batch_of, forward
from engine.training.config import Config
from engine.training.training import Training
from tests.engine import plain

REFERENCES = Path(__file__).parents[1] / "references"
GRADIENTS = dict(np.load(REFERENCES / "gradients.npz"))
TRAJECTORIES = dict(np.load(REFERENCES / "trajectories.npz"))

HIDDEN = [name for name, activation in ACTIVATIONS.items() if activation.hidden]
PAIRS = [(output, name) for name, loss in LOSSES.items() for output in loss.outputs]
COMBINATIONS = [f"{hidden} {output} {loss}" for hidden, (output, loss) in product(HIDDEN, PAIRS)]
DECAYS = {"adamw": ("bare", "new rate", "l2", "weight decay")}  # the others have no decay but L2
RUNS = [f"{name}, {case}" for name in OPTIMIZERS for case in DECAYS.get(name, DECAYS["adamw"][:3])]


@pytest.mark.parametrize("stored", [GRADIENTS, TRAJECTORIES], ids=["gradients", "trajectories"])
def test_the_figures_say_what_made_them(stored):
    assert "python -m benchmarks.references" in str(stored["made"])
    assert "PyTorch 2.13.0" in str(stored["made"])


def test_no_member_is_without_its_figures_and_no_figure_without_its_member():
    assert set(GRADIENTS["names"].tolist()) == set(COMBINATIONS)
    assert set(TRAJECTORIES["names"].tolist()) == set(RUNS)


def stored(table, name):
    """The row of a case in a table of figures."""
    names = table["names"].tolist()
    assert name in names, f"no figure of {name}: run python -m benchmarks.references"
    return names.index(name)


@pytest.mark.parametrize("name", COMBINATIONS)
def test_loss_and_gradient_are_those_of_autograd(name):
    hidden, output, loss = name.split()
    row, sizes, x = stored(GRADIENTS, name), GRADIENTS["sizes"].tolist(), GRADIENTS["x"]
    y, n = GRADIENTS[f"y_{loss}"], x.shape[1]
    network = Network(sizes, (hidden, hidden, output), GRADIENTS["theta"].copy())
    batch = batch_of(np.vstack([x, np.ones((1, n))]), y, sizes)
    execute(flatten_steps(forward(network, batch)))
    execute(flatten_steps(backward(network, batch, LOSSES[loss])))
    assert plain.error(network.grad, GRADIENTS["gradients"][row]) <= 1e-12
    top = batch.layers[-1]
    found = LOSSES[loss].total(top.z, top.a, y) / n
    assert found == pytest.approx(GRADIENTS["losses"][row], rel=1e-12)


class Stored:
    """A generator whose permutations were drawn before: PyTorch was given the same ones."""

    def __init__(self, orders):
        self.orders = iter(orders)

    def permutation(self, n):
        return next(self.orders).astype(np.intp)


def prepared(name):
    """(training, second learning rate) as the stored trajectory had them."""
    row, table = stored(TRAJECTORIES, name), TRAJECTORIES
    sizes, labels = table["sizes"].tolist(), table["labels"]
    first, second = table["rates"][row].tolist()
    config = Config(
        optimizer=name.split(",")[0],
        convention="pytorch",
        hidden=tuple(sizes[1:-1]),
        activation="tanh",
        batch_size=int(table["batch_size"]),
        learning_rate=first,
        l2=float(table["l2"][row]),
        weight_decay=float(table["weight_decay"][row]),
    )
    names = tuple(f"x{k}" for k in range(sizes[0]))
    kinds = tuple(f"class {k}" for k in range(sizes[-1]))
    data = Dataset("", "classification", table["x"], names, labels, kinds)
    training = Training(config, data)
    training.network.theta[...] = table["start"]
    training.shuffle = Stored(table["orders"])
    return training, second


@pytest.mark.parametrize("name", RUNS)
def test_a_hundred_mini_batches_are_those_of_torch_optim(name):
    training, second = prepared(name)
    expected = TRAJECTORIES["thetas"][stored(TRAJECTORIES, name)]
    np.testing.assert_array_equal(training.network.theta, expected[0])
    for epoch in range(1, 21):  # of five batches, the last of three examples
        training.epoch()
        if epoch == 10:
            training.configure(replace(training.config, learning_rate=second))
        if epoch % 2 == 0:
            deviation = np.abs(training.network.theta - expected[epoch // 2]).max()
            assert deviation <= 1e-10, f"after {5 * epoch} steps"


@pytest.mark.parametrize("name", [run for run in RUNS if "bare" not in run])
def test_the_trajectories_tell_decay_and_rate_apart(name):
    thetas, bare = TRAJECTORIES["thetas"], f"{name.split(',')[0]}, bare"
    with_it, without = thetas[stored(TRAJECTORIES, name)], thetas[stored(TRAJECTORIES, bare)]
    assert np.abs(with_it[-1] - without[-1]).max() > 1e-3
