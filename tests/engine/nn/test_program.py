"""The program: its gradients against three oracles, and what must hold for any network."""

from itertools import combinations, product

import numpy as np
import pytest

from engine.nn.activations import ACTIVATIONS
from engine.nn.equations import execute, flatten_steps
from engine.nn.losses import LOSSES
from engine.nn.network import Network, count_parameters
from engine.nn.program import backward, batch_of, forward
from engine.nn.regularizers import penalty_gradient
from tests.engine import plain

HIDDEN = [name for name, activation in ACTIVATIONS.items() if activation.hidden]
PAIRS = [(output, name) for name, loss in LOSSES.items() for output in loss.outputs]
DEPTHS = {0: (3, 2), 1: (3, 4, 2), 2: (3, 4, 5, 2), 3: (2, 5, 3, 4, 3)}
PLENTY = {"l1": 0.03, "l2": 0.07}


class Case:
    """One network on one batch: the engine's side and the plain side."""

    def __init__(self, sizes, hidden, output, loss, dropout=False, n=6, seed=0):
        self.sizes, self.loss, random = sizes, loss, np.random.default_rng(seed)
        self.activations = (*[hidden] * (len(sizes) - 2), output)
        self.x, self.y = random.normal(size=(sizes[0], n)), answers(random, loss, sizes[-1], n)
        self.masks = [2.0 * (random.random((h, n)) < 0.5) for h in sizes[1:-1]] if dropout else None
        self.theta = random.normal(0, 0.8, count_parameters(sizes))
        while self.on_a_kink():
            self.theta = random.normal(0, 0.8, count_parameters(sizes))
        self.network = Network(sizes, self.activations, self.theta.copy())
        x = np.vstack([self.x, np.ones((1, n))])
        self.batch = batch_of(x, self.y, sizes, dropout)
        for layer, mask in zip(self.batch.layers, self.masks or (), strict=False):
            layer.mask[...] = mask

    def on_a_kink(self):
        """Whether a small step could cross the corner of a ReLU, of |w| or of a loss."""
        layers = plain.forward(self.plain(), self.activations, self.x, self.masks)
        missed = np.abs(layers[-1][1] - self.y)
        corners = [missed, missed - 1] if self.loss in ("mae", "huber") else []
        z = [z for z, _, _ in layers]
        return min(np.abs(z).min() for z in [*z, *corners, self.theta]) < 1e-3

    def plain(self, theta=None):
        return plain.split(self.theta if theta is None else theta, self.sizes)

    def gradient(self, l1=0.0, l2=0.0, frozen=False):
        """(P,) the engine's gradient."""
        execute(flatten_steps(forward(self.network, self.batch)))
        execute(flatten_steps(backward(self.network, self.batch, LOSSES[self.loss])))
        execute(flatten_steps(penalty_gradient(self.network, l1, l2, frozen)))
        return self.network.grad.copy()

    def plain_gradients(self, l1=0.0, l2=0.0):
        args = (self.loss, self.plain(), self.activations, self.x, self.y, self.masks, l1, l2)
        return plain.backpropagate(*args)

    def plain_loss(self, theta, l1=0.0, l2=0.0):
        weights = self.plain(theta)
        data = plain.loss(self.loss, weights, self.activations, self.x, self.y, self.masks)
        return data + (plain.penalty(weights, l1, l2) if l1 or l2 else 0.0)


def answers(random, loss, K, n):
    """(K, n) targets that suit the loss."""
    if loss == "ce":
        return np.eye(K)[random.integers(0, K, n)].T
    if loss == "poisson":
        return random.integers(0, 4, (K, n)) * 1.0
    return random.integers(0, 2, (K, n)) * 1.0 if loss == "bce" else random.normal(size=(K, n))


# Every activation with every output and loss. Depth, dropout and penalties go round with them, so
# that each activation meets every one of their sixteen combinations, and each loss most of them.
AROUND = list(product(DEPTHS, (False, True), ({}, PLENTY)))
EVERY = [
    (hidden, output, loss, *AROUND[(5 * i + 3 * j) % len(AROUND)])
    for i, hidden in enumerate(HIDDEN)
    for j, (output, loss) in enumerate(PAIRS)
]


def test_the_cases_bring_together_every_two_choices():
    plain_cases = [
        (hidden, (output, loss), *rest[:2], bool(rest[2])) for hidden, output, loss, *rest in EVERY
    ]
    choices = [HIDDEN, PAIRS, list(DEPTHS), [False, True], [False, True]]
    for a, b in combinations(range(len(choices)), 2):
        together = {(case[a], case[b]) for case in plain_cases}
        assert together == set(product(choices[a], choices[b]))


@pytest.mark.parametrize(("hidden", "output", "loss", "depth", "dropout", "strength"), EVERY)
def test_the_gradient_agrees_with_every_oracle(hidden, output, loss, depth, dropout, strength):
    against_every_oracle(Case(DEPTHS[depth], hidden, output, loss, dropout), strength)


def against_every_oracle(case, strength):
    """Hold the gradient of a case against the plain one, and two derivatives of the loss."""
    found = case.gradient(**strength)
    assert plain.error(found, plain.join(case.plain_gradients(**strength)[0])) < 1e-12

    def total(theta):
        return case.plain_loss(theta, **strength)

    assert plain.error(found, plain.complex_step(total, case.theta)) < 1e-12
    bound = 3e-8 if case.loss == "mae" else 1e-8  # a large loss with a small slope: rounding
    assert plain.error(found, plain.central_differences(total, case.theta)) < bound


@pytest.mark.parametrize(("hidden", "output", "loss", "_", "dropout", "__"), EVERY)
def test_every_z_a_and_delta_on_the_way_is_the_plain_one(hidden, output, loss, _, dropout, __):
    case = Case((3, 4, 5, 2), hidden, output, loss, dropout)
    case.gradient()
    layers = plain.forward(case.plain(), case.activations, case.x, case.masks)
    _, deltas = case.plain_gradients()
    for own, (z, a, out), delta in zip(case.batch.layers, layers, deltas, strict=True):
        for found, expected in (
            (own.z, z),
            (own.a, a),
            (own.activations_with_bias[:-1], out),
            (own.delta, delta),
        ):
            assert plain.error(found, expected) < 1e-12


def test_replaying_the_program_again_changes_nothing():
    case = Case((3, 4, 5, 2), "tanh", "sigmoid", "bce", dropout=True)
    np.testing.assert_array_equal(case.gradient(**PLENTY), case.gradient(**PLENTY))


def test_masks_of_ones_give_what_no_masks_give_bit_for_bit():
    masked = Case((3, 4, 5, 2), "tanh", "sigmoid", "bce", dropout=True)
    for layer in masked.batch.layers[:-1]:
        layer.mask[...] = 1
    whole = Case((3, 4, 5, 2), "tanh", "sigmoid", "bce", dropout=True)
    whole.batch = batch_of(whole.batch.x, whole.y, whole.sizes)
    np.testing.assert_array_equal(masked.gradient(), whole.gradient())


def test_the_output_layer_never_gets_a_mask():
    for sizes in DEPTHS.values():
        layers = batch_of(np.ones((sizes[0] + 1, 4)), np.ones((sizes[-1], 4)), sizes, True).layers
        assert [layer.mask is not None for layer in layers] == [*[True] * (len(sizes) - 2), False]


def test_a_muted_unit_sends_nothing_on_and_gets_no_blame():
    case = Case((3, 4, 2), "sigmoid", "linear", "mse", dropout=True)
    hidden = case.batch.layers[0]
    hidden.mask[2] = 0
    case.gradient()
    assert hidden.activations_with_bias[2].tolist() == hidden.delta[2].tolist() == [0.0] * 6
    assert case.network.layers[0].dW[2].tolist() == [0.0] * 3
    assert case.network.layers[1].dW[:, 2].tolist() == [0.0] * 2


def test_the_worked_dropout_example_comes_out():
    batch = batch_of(
        np.array([[1.0], [2.0], [3.0], [4.0], [1.0]]), np.ones((1, 1)), (4, 4, 1), True
    )
    theta = np.concatenate([np.eye(4, 5).ravel(), np.zeros(5)])
    batch.layers[0].mask[...] = np.array([[1], [0], [1], [1]]) / 0.75
    execute(flatten_steps(forward(Network((4, 4, 1), ("linear", "linear"), theta), batch)))
    np.testing.assert_allclose(
        batch.layers[0].activations_with_bias[:-1, 0], [4 / 3, 0, 4, 16 / 3], rtol=1e-15
    )


def test_the_equations_come_in_the_order_of_the_algorithm():
    case = Case((3, 4, 5, 2), "tanh", "softmax", "ce", dropout=True)
    equations = [
        *forward(case.network, case.batch),
        *backward(case.network, case.batch, LOSSES["ce"]),
        *penalty_gradient(case.network, 0.1, 0.1, frozen=True),
    ]
    assert [(e.phase, e.layer) for e in equations] == [
        *[("forward", 1)] * 3,  # z, a, and a with its mask
        *[("forward", 2)] * 3,
        *[("forward", 3)] * 2,
        *[("backward", 3)] * 2,  # delta, then dW and db
        *[("backward", 2)] * 4,  # what is sent back, its mask, the slope, then dW and db
        *[("backward", 1)] * 4,
        *[("penalty", 0)] * 3,
    ]
    assert all(equation.tex and equation.steps for equation in equations)


def test_an_equation_leaves_its_value_in_its_result():
    case = Case((3, 4, 2), "tanh", "linear", "mse")
    first, second, *_ = forward(case.network, case.batch)
    execute(flatten_steps([first, second]))
    (z, a, _), _ = plain.forward(case.plain(), case.activations, case.x)
    np.testing.assert_allclose(first.result, z, rtol=1e-14)
    np.testing.assert_allclose(second.result, a, rtol=1e-14)


@pytest.mark.parametrize("biases_frozen", [False, True])
def test_penalties_pull_at_weights_alone_and_frozen_biases_get_no_gradient(biases_frozen):
    case = Case((3, 4, 2), "tanh", "linear", "mse")
    bare, pulled = case.gradient(), case.gradient(**PLENTY, frozen=biases_frozen)
    for (W, _), (dW, db), (dW_pulled, db_pulled) in zip(
        case.plain(), plain.split(bare, case.sizes), plain.split(pulled, case.sizes), strict=True
    ):
        np.testing.assert_allclose(dW_pulled - dW, 0.14 * W + 0.03 * np.sign(W), rtol=1e-12)
        np.testing.assert_array_equal(db_pulled, 0 * db if biases_frozen else db)


def test_l1_leaves_a_weight_of_zero_where_it_is():
    network = Network((1, 1), ("linear",), np.zeros(2))
    execute(flatten_steps(penalty_gradient(network, 0.5, 0.5, frozen=False)))
    assert network.grad.tolist() == [0, 0]


# What must hold for any network


def test_swapping_hidden_units_swaps_their_deltas_and_leaves_the_output():
    one, two = (Case((3, 4, 2), "tanh", "linear", "mse") for _ in range(2))
    order = [2, 0, 3, 1]
    below, above = two.network.layers
    below.Wb[...], above.W[...] = below.Wb[order], above.W[:, order]
    one.gradient()
    two.gradient()
    (h1, o1), (h2, o2) = one.batch.layers, two.batch.layers
    np.testing.assert_allclose(o2.a, o1.a, rtol=1e-13)
    np.testing.assert_allclose(h2.delta, h1.delta[order], rtol=1e-13)


def test_a_relu_unit_may_be_scaled_below_if_it_is_scaled_back_above():
    one, two = (Case((3, 4, 2), "relu", "linear", "mse") for _ in range(2))
    two.network.layers[0].Wb[1] *= 5
    two.network.layers[1].W[:, 1] /= 5
    one.gradient()
    two.gradient()
    np.testing.assert_allclose(two.batch.layers[1].a, one.batch.layers[1].a, rtol=1e-13)


@pytest.mark.parametrize(("output", "loss"), PAIRS)
def test_the_gradient_of_a_batch_is_the_mean_over_its_examples(output, loss):
    case = Case((3, 4, 2), "tanh", output, loss)
    whole, singles = case.gradient(), []
    for i in range(6):
        case.batch = batch_of(np.append(case.x[:, i], 1)[:, None], case.y[:, i : i + 1], case.sizes)
        singles.append(case.gradient())
    assert plain.error(np.mean(singles, axis=0), whole) < 1e-13


def test_the_parameters_and_gradients_of_the_layers_are_views_of_one_vector():
    theta = np.arange(1.0, 1 + count_parameters((3, 4, 2)))
    network = Network((3, 4, 2), ("tanh", "linear"), theta)
    assert len(theta) == 4 * 4 + 2 * 5 == sum(layer.Wb.size for layer in network.layers)
    for layer, (W, b) in zip(network.layers, plain.split(theta, (3, 4, 2)), strict=True):
        np.testing.assert_array_equal(layer.W, W)
        np.testing.assert_array_equal(layer.b, b)
        assert np.shares_memory(layer.W, theta)
        assert np.shares_memory(layer.db, network.grad)
    weights = [(np.ones_like(W), 0 * b) for W, b in plain.split(theta, (3, 4, 2))]
    np.testing.assert_array_equal(network.is_weight, plain.join(weights))
