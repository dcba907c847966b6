"""Training: whole epochs against the plain network fed with the same order and the same masks."""

import numpy as np
import pytest

from engine import training as module
from engine.config import Config
from engine.dataset import Dataset
from engine.optimizers import OPTIMIZERS
from engine.training import Training, draw_masks
from tests.engine import plain


def two_classes(n=23, d=3):
    random = np.random.default_rng(7)
    x, y = random.normal(size=(d, n)), random.integers(0, 2, n)
    return Dataset("", "classification", x, ("x",) * d, y, ("no", "yes"))


def numbers(n=23, d=3, K=2):
    random = np.random.default_rng(8)
    x, y = random.normal(size=(d, n)), random.normal(size=(K, n))
    return Dataset("", "regression", x, ("x",) * d, y, target_names=("y",) * K)


class Plain:
    """The same training, written the obvious way: one batch after another."""

    def __init__(self, training, config):
        self.config, self.training = config, training
        self.theta, self.memory = training.network.theta.copy(), None
        self.shuffle = np.random.default_rng(np.random.SeedSequence(config.seed).spawn(3)[1])

    def epoch(self, masks=None):
        """The mean loss of the batches; masks (units, n) of each hidden layer, in batch order."""
        x, y, c = self.training.rows[:, :-1].T, self.training.y, self.config
        n, total = x.shape[1], 0.0
        size = min(c.batch_size or n, n)
        order = self.shuffle.permutation(n) if size < n else np.arange(n)
        for first in range(0, n, size):
            part = order[first : first + size]
            own = [mask[:, first : first + size] for mask in masks] if masks else None
            total += self.step(x[:, part], y[:, part], own) * len(part)
        return total / n

    def step(self, x, y, masks):
        c, network = self.config, self.training.network
        weights = plain.split(self.theta, network.sizes)
        name = self.training.head.loss_name
        batch = (name, weights, network.activations, x, y, masks)
        gradients, _ = plain.backpropagate(*batch, c.l1, c.l2)
        if c.biases == "frozen":
            gradients = [(dW, 0 * db) for dW, db in gradients]
        rule, g = plain.RULES[c.optimizer], plain.join(gradients)
        self.theta, self.memory = rule(self.theta, g, self.memory, c.learning_rate, c.momentum)
        return plain.loss(*batch)


def masks_of(training):
    """(units, n) of each hidden layer: the masks of the epoch just trained, in batch order."""
    groups = training.chunks[0][1].groups
    layers = zip(*(group.masks for group in groups), strict=True)
    return [np.hstack([np.hstack(list(mask)) for mask in layer]) for layer in layers]


def follow(config, dataset, epochs=5):
    """The engine and the plain network side by side: their thetas and running losses."""
    training = Training(config, dataset)
    twin = Plain(training, config)
    for _ in range(epochs):
        running = training.epoch()
        expected = twin.epoch(masks_of(training) if config.dropout else None)
        yield training.network.theta, twin.theta, running, expected


@pytest.mark.parametrize("data", [two_classes(), numbers()], ids=["classes", "numbers"])
@pytest.mark.parametrize(
    "choices",
    [
        {},
        {"batch_size": 0},
        {"batch_size": 1},
        {"batch_size": 23},
        {"batch_size": 5000},
        {"hidden": ()},
        {"hidden": (4, 3, 5), "activation": "relu"},
        {"l1": 0.01, "l2": 0.02},
        {"biases": "frozen", "init": "constant"},
        {"biases": "frozen", "l1": 0.01, "batch_size": 0},
        {"dropout": 0.5},
        {"dropout": 0.3, "hidden": (4, 3, 5), "batch_size": 0},
        {"dropout": 0.3, "hidden": ()},
        {"dropout": 0.4, "hidden": (6, 5), "l2": 0.1, "batch_size": 1},
    ],
    ids=str,
)
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_epochs_are_those_of_the_plain_network(optimizer, choices, data):
    config = Config(
        **{"optimizer": optimizer, "learning_rate": 0.03, "batch_size": 6, "seed": 3, **choices}
    )
    for theta, expected, running, plain_running in follow(config, data):
        assert plain.error(theta, expected) < 1e-12
        assert running == pytest.approx(plain_running, rel=1e-12)


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_frozen_biases_stay_where_they_started(optimizer):
    config = Config(optimizer=optimizer, biases="frozen", init="constant", l1=0.1, l2=0.1)
    training = Training(config, two_classes())
    before = training.network.theta.copy()
    for _ in range(3):
        training.epoch()
    is_weight = training.network.is_weight == 1
    np.testing.assert_array_equal(training.network.theta[~is_weight], before[~is_weight])
    assert (training.network.theta[is_weight] != before[is_weight]).all()


# Chunks: how the data are fetched must not show


@pytest.mark.parametrize("limits", [(1, 2048), (2**21, 1), (2**21, 2), (700, 2048)])
@pytest.mark.parametrize("batch_size", [1, 4, 5, 22, 0])
def test_small_chunks_give_the_same_trajectory(monkeypatch, limits, batch_size):
    config = Config(batch_size=batch_size, optimizer="adam", hidden=(5, 4), l2=0.01)
    expected = Training(config, two_classes())
    monkeypatch.setattr(module, "CHUNK_BYTES", limits[0])
    monkeypatch.setattr(module, "CHUNK_BATCHES", limits[1])
    found = Training(config, two_classes())
    if batch_size in (1, 4, 5):
        assert len(found.chunks) > 1 == len(expected.chunks)
    for _ in range(4):
        assert found.epoch() == pytest.approx(expected.epoch(), rel=1e-14)
        np.testing.assert_array_equal(found.network.theta, expected.network.theta)


def test_small_chunks_with_dropout_still_mute_the_share_asked_for(monkeypatch):
    monkeypatch.setattr(module, "CHUNK_BATCHES", 2)
    training = Training(Config(batch_size=5, hidden=(50,), dropout=0.4), two_classes())
    shares = []
    for _ in range(40):
        training.epoch()
        shares += [(mask == 0).mean() for _, chunk in training.chunks for mask in chunk.masks]
    assert np.mean(shares) == pytest.approx(0.4, abs=0.01)


def test_a_ragged_last_batch_is_divided_by_its_own_size():
    training = Training(Config(batch_size=10), two_classes())
    batches = [batch for group in training.chunks[0][1].groups for batch in group.batches]
    assert [batch.y.shape[1] for batch in batches] == [10, 10, 3]


def test_every_example_is_seen_once_in_each_epoch():
    training = Training(Config(batch_size=4), two_classes())
    for _ in range(3):
        training.epoch()
        (_, chunk), *_ = training.chunks
        seen = np.vstack([group.rows for group in chunk.groups])
        np.testing.assert_array_equal(
            seen[np.lexsort(seen.T)], training.rows[np.lexsort(training.rows.T)]
        )


def test_inputs_and_answers_are_shuffled_together():
    data = numbers(K=1)
    data = Dataset("", "regression", data.inputs, data.input_names, data.inputs[:1], (), ("y",))
    training = Training(Config(batch_size=4), data)
    training.epoch()
    for group in training.chunks[0][1].groups:
        for batch in group.batches:
            np.testing.assert_array_equal(batch.x[:1], batch.y)


# Seeds


@pytest.mark.parametrize("choices", [{}, {"dropout": 0.5}, {"optimizer": "adam"}], ids=str)
def test_the_same_seed_gives_the_same_training_bit_for_bit(choices):
    one, two = (Training(Config(seed=5, **choices), two_classes()) for _ in range(2))
    other = Training(Config(seed=6, **choices), two_classes())
    for _ in range(3):
        assert one.epoch() == two.epoch() != other.epoch()
    np.testing.assert_array_equal(one.network.theta, two.network.theta)


def test_a_restored_state_goes_on_as_if_nothing_had_happened():
    config = Config(optimizer="adam", dropout=0.5, hidden=(6, 5))
    whole, late = Training(config, two_classes()), Training(config, two_classes())
    for _ in range(3):
        whole.epoch()
    state = whole.state()
    late.restore(state, 3)
    for _ in range(3):
        assert whole.epoch() == late.epoch()
    assert late.epochs == 6
    np.testing.assert_array_equal(whole.memory, late.memory)
    assert not np.shares_memory(state.memory, whole.memory)


def test_dropout_does_not_touch_the_start_or_the_order():
    one = Training(Config(batch_size=4), two_classes())
    two = Training(Config(batch_size=4, dropout=0.5), two_classes())
    np.testing.assert_array_equal(one.network.theta, two.network.theta)
    one.epoch()
    two.epoch()
    for mine, other in zip(one.chunks[0][1].groups, two.chunks[0][1].groups, strict=True):
        np.testing.assert_array_equal(mine.rows, other.rows)


# Symmetry


def symmetric(width, activation):
    """Training that starts with all weights and biases equal."""
    choices = {"init": "constant", "batch_size": 0, "learning_rate": 0.5}
    config = Config(activation=activation, hidden=(width,), **choices)
    return Training(config, two_classes(n=200))


@pytest.mark.parametrize("activation", ["sigmoid", "tanh", "relu", "linear"])
@pytest.mark.parametrize("width", [2, 4, 8])
def test_a_symmetric_start_stays_symmetric_bit_for_bit(width, activation):
    training = symmetric(width, activation)
    start = training.network.theta.copy()
    for _ in range(200):
        training.epoch()
        below, above = training.network.layers
        assert np.ptp(below.Wb, axis=0).max() == 0
        assert np.ptp(above.W) == 0
    assert (training.network.theta != start).all()


@pytest.mark.parametrize("width", [3, 5, 7])
def test_an_odd_width_may_break_the_symmetry_by_rounding_alone(width):
    training = symmetric(width, "tanh")
    for _ in range(200):
        training.epoch()
    below, _ = training.network.layers
    assert np.ptp(below.Wb, axis=0).max() < 1e-9  # BLAS adds up the odd columns in another order


# Dropout


def test_dropout_of_nothing_is_no_dropout_bit_for_bit(monkeypatch):
    def nothing(random, masks, share):
        draw_masks(random, masks, 0.0)

    expected = Training(Config(hidden=(5, 4)), two_classes())
    monkeypatch.setattr(module, "draw_masks", nothing)
    found = Training(Config(hidden=(5, 4), dropout=0.5), two_classes())
    for _ in range(4):
        assert found.epoch() == expected.epoch()
    np.testing.assert_array_equal(found.network.theta, expected.network.theta)
    assert all((mask == 1).all() for _, chunk in found.chunks for mask in chunk.masks)


@pytest.mark.parametrize("share", [0.1, 0.25, 0.5, 0.9])
def test_masks_mute_their_share_and_scale_up_the_rest(share):
    masks = [np.empty((3, 4, 501)), np.empty((3, 7, 500))]  # an odd count, not a multiple of four
    draw_masks(np.random.default_rng(0), masks, share)
    for mask in masks:
        assert set(np.unique(mask)) == {0.0, 1 / (1 - share)}
        spread = np.sqrt(share * (1 - share) / mask.size)
        assert (mask == 0).mean() == pytest.approx(share, abs=4 * spread)
        assert mask.mean() == pytest.approx(1, abs=4 * spread / (1 - share))


def test_every_unit_example_and_layer_draws_for_itself():
    masks = [np.empty((2, 40, 500)), np.empty((2, 40, 500))]
    draw_masks(np.random.default_rng(0), masks, 0.5)
    flat = np.array([mask[m].ravel() for mask in masks for m in range(2)])
    np.testing.assert_allclose(np.corrcoef(flat), np.eye(4), atol=0.03)
    np.testing.assert_allclose(np.corrcoef(masks[0][0]), np.eye(40), atol=0.25)


def test_new_masks_are_drawn_for_every_batch_and_epoch():
    training = Training(Config(hidden=(40,), dropout=0.5, batch_size=5), two_classes(n=20))
    training.epoch()
    first = masks_of(training)[0].copy()
    training.epoch()
    assert (first != masks_of(training)[0]).mean() == pytest.approx(0.5, abs=0.1)
    batches = first.reshape(40, 4, 5)
    assert (batches[:, 0] != batches[:, 1]).any()


def test_the_output_layer_is_never_masked():
    training = Training(Config(hidden=(5, 4), dropout=0.5), two_classes())
    for group in training.chunks[0][1].groups:
        assert [mask.shape[1] for mask in group.masks] == [5, 4]
        for batch in group.batches:
            assert [layer.mask is None for layer in batch.layers] == [False, False, True]


def test_muted_units_are_those_of_the_last_batchs_first_example():
    training = Training(Config(hidden=(8, 6), dropout=0.5, batch_size=4), two_classes())
    training.epoch()
    last = training.chunks[-1][1].groups[-1].batches[-1]
    expected = np.concatenate([layer.mask[:, 0] == 0 for layer in last.layers[:-1]])
    np.testing.assert_array_equal(training.muted(), expected)
    assert 0 < expected.sum() < 14
    for layer in last.layers[:-1]:
        np.testing.assert_array_equal(layer.out[:-1, 0] == 0, layer.mask[:, 0] == 0)


def test_without_dropout_nothing_is_muted():
    training = Training(Config(), two_classes())
    training.epoch()
    assert training.muted().size == 0


# Start weights


def test_given_start_weights_are_taken_number_by_number():
    config = Config(dataset="xor_table", hidden=(2,), activation="sigmoid", start="xor_fast")
    training = Training(config, two_classes(d=2))
    (W1, b1), (W2, b2) = plain.split(training.network.theta, (2, 2, 1))
    assert W1.tolist() == [[1, 1], [0.6, 0.7]]
    assert b1.tolist() == [[-0.1], [-0.6]]
    assert W2.tolist() == [[0.1, -0.5]]
    assert b2.tolist() == [[-0.7]]


@pytest.mark.parametrize("hidden", [(), (3,), (2, 2)])
def test_start_weights_of_another_network_are_refused_in_a_sentence(hidden):
    with pytest.raises(ValueError, match="The start weights 'xor_fast' are for other layers"):
        Training(Config(hidden=hidden, start="xor_fast"), two_classes(d=2))


def test_changed_choices_hold_from_the_next_epoch_and_training_goes_on():
    before = Config(optimizer="momentum", seed=4)
    after = Config(optimizer="momentum", seed=4, learning_rate=0.02, l2=0.1)
    training = Training(before, two_classes())
    twin = Plain(training, before)
    training.epoch()
    twin.epoch()
    training.configure(after)
    twin.config = after
    training.epoch()
    twin.epoch()
    assert plain.error(training.network.theta, twin.theta) < 1e-12
    assert training.epochs == 2
