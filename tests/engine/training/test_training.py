"""Training: whole epochs against the plain network fed with the same order and the same masks."""

from dataclasses import replace

import numpy as np
import pytest
from sklearn.utils.class_weight import compute_sample_weight

from engine.data.dataset import Dataset
from engine.nn.optimizers import OPTIMIZERS
from engine.nn.schedules import SCHEDULES, PlateauState
from engine.training import batches as module
from engine.training.batches import draw_masks
from engine.training.config import Config
from engine.training.training import Training
from tests.engine import plain


def two_classes(n=23, d=3):
    random = np.random.default_rng(7)
    x, y = random.normal(size=(d, n)), random.integers(0, 2, n)
    return Dataset("", "classification", x, ("x",) * d, y, ("no", "yes"))


def uneven_classes(n=23):
    """Three classes of 3, 5 and 15 examples."""
    y = np.repeat([0, 1, 2], [3, 5, n - 8])
    x = np.random.default_rng(9).normal(size=(3, n)) + y
    return Dataset("", "classification", x, ("x",) * 3, y, ("rare", "some", "many"))


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
        self.epochs, self.losses = 0, []
        labels = training.output_head.decide(training.y) if training.output_head.classes else None
        balanced = config.class_weights == "balanced" and labels is not None
        self.weights = compute_sample_weight("balanced", labels) if balanced else None

    def epoch(self, masks=None, inputs=None):
        """The mean loss of the batches; masks (units, n) of each hidden layer, in batch order."""
        x, y, c = self.training.rows[:, :-1].T, self.training.y, self.config
        n, total = x.shape[1], 0.0
        size = min(c.batch_size or n, n)
        order = self.shuffle.permutation(n) if size < n else np.arange(n)
        for first in range(0, n, size):
            part = order[first : first + size]
            own = [mask[:, first : first + size] for mask in masks] if masks else None
            seen = x[:, part] if inputs is None else x[:, part] * inputs[:, first : first + size]
            weights = None if self.weights is None else self.weights[part]
            total += self.step(seen, y[:, part], own, weights) * len(part)
        self.epochs += 1
        self.losses.append(total / n)
        return total / n

    def step(self, x, y, masks, example_weights):
        c, network = self.config, self.training.network
        weights = plain.split(self.theta, network.sizes)
        batch = (self.training.output_head.loss_name, weights, network.activations, x, y, masks)
        gradients, _ = plain.backpropagate(*batch, c.l1, c.l2)
        g, loss = plain.join(gradients), plain.loss(*batch)
        if example_weights is not None:
            bare = plain.join(plain.backpropagate(*batch)[0])
            data, loss = self.weighted(x, y, masks, weights, example_weights)
            g = data + (g - bare)
        if c.biases == "frozen":
            g = g * network.is_weight
        if c.clip:
            g = g * min(1, c.clip / np.sqrt((g**2).sum()))
        rule, rate = plain.RULES[c.optimizer], c.learning_rate * self.share()
        if c.optimizer == "adamw":
            self.theta = self.theta * (1 - rate * c.weight_decay * network.is_weight)
        self.theta, self.memory = rule(self.theta, g, self.memory, rate, c.momentum)
        if c.max_norm:
            self.shorten(c.max_norm)
        return loss

    def weighted(self, x, y, masks, weights, example_weights):
        """Gradient and loss of a batch, example by example."""
        total, loss, n = 0.0, 0.0, x.shape[1]
        name, activations = self.training.output_head.loss_name, self.training.network.activations
        for i, w in enumerate(example_weights):
            own = [mask[:, i : i + 1] for mask in masks] if masks else None
            one = (name, weights, activations, x[:, i : i + 1], y[:, i : i + 1], own)
            total = total + w / n * plain.join(plain.backpropagate(*one)[0])
            loss += w / n * plain.loss(*one)
        return total, loss

    def shorten(self, most):
        weights = plain.split(self.theta, self.training.network.sizes)
        for W, _ in weights[:-1]:
            for row in W:
                row *= min(1, most / np.sqrt((row**2).sum()))
        self.theta = plain.join(weights)

    def share(self):
        """What part of the learning rate this epoch trains with."""
        c, e = self.config, self.epochs
        length, factor, part = c.schedule_length, c.schedule_factor, min(1, e / c.schedule_length)
        return {
            "constant": 1,
            "step": factor ** (e // length),
            "exponential": np.power(factor, e / length),
            "cosine": factor + (1 - factor) * np.cos(np.pi * part / 2) ** 2,
            "warmup": factor * (1 - part) + part,
            "plateau": factor ** self.plateaus(length),
        }[c.schedule]

    def plateaus(self, length):
        """How many times the loss failed to fall for `length` epochs."""
        best, since, found = np.inf, 0, 0
        for loss in self.losses:
            best, since = (loss, 0) if loss < best else (best, since + 1)
            found, since = (found + 1, 0) if since == length else (found, since)
        return found


def masks_of(training):
    """(units, n) of each hidden layer: the masks of the epoch just trained, in batch order."""
    groups = training.chunks[0][1].groups
    found = [np.ones((units, len(training.rows))) for units in training.sizes[1:-1]]
    for k, l in enumerate(groups[0].masked):
        found[l] = np.hstack([np.hstack(list(group.masks[k])) for group in groups])
    return found


def follow(config, dataset, epochs=5):
    """The engine and the plain network side by side: their thetas and running losses."""
    training = Training(config, dataset)
    twin = Plain(training, config)
    for _ in range(epochs):
        running = training.epoch()
        inputs = training.chunks[0][1].input_mask
        masked = any(config.layer_dropouts)
        expected = twin.epoch(
            masks_of(training) if masked else None, inputs.T if inputs is not None else None
        )
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
        assert plain.error(theta, expected) < 1e-11  # RMSprop lets rounding grow fastest
        assert running == pytest.approx(plain_running, rel=1e-11)


MORE = [
    *({"schedule": name, "schedule_length": 2, "schedule_factor": 0.3} for name in SCHEDULES),
    {"schedule": "plateau", "schedule_length": 1, "learning_rate": 2.0, "epochs": 12},
    {"schedule": "warmup", "schedule_factor": 0.0, "schedule_length": 3},
    {"clip": 0.05},
    {"clip": 0.05, "l2": 0.1, "biases": "frozen", "init": "constant"},
    {"clip": 1000.0},
    {"max_norm": 0.7, "hidden": (4, 3)},
    {"max_norm": 0.7, "hidden": ()},
    {"max_norm": 100.0},
    {"class_weights": "balanced"},
    {"class_weights": "balanced", "batch_size": 0, "l2": 0.1, "dropout": 0.3},
    {"class_weights": "balanced", "output": "softmax", "loss": "ce"},
    {"class_weights": "balanced", "output": "tanh", "loss": "mse"},
    {"hidden": (4, 3, 5), "activations": ("relu", "gelu", "softplus")},
    {"hidden": (4, 3), "activations": ("elu",), "activation": "silu"},
    {"hidden": (4,), "activations": ("leaky_relu", "elu")},
    {"hidden": (4, 3, 5), "dropouts": (0.5, 0.0, 0.25)},
    {"hidden": (4, 3), "dropouts": (0.0,), "dropout": 0.5, "batch_size": 0},
    {"input_dropout": 0.4},
    {"input_dropout": 0.4, "batch_size": 0, "dropout": 0.3},
    {"input_dropout": 0.4, "hidden": ()},
    {"optimizer": "adamw", "weight_decay": 0.5, "schedule": "step", "schedule_length": 2},
    {"loss": "mae", "output": "linear"},
    {"loss": "huber", "output": "linear", "init": "orthogonal"},
]


@pytest.mark.parametrize("data", [uneven_classes(), numbers()], ids=["classes", "numbers"])
@pytest.mark.parametrize("choices", MORE, ids=str)
@pytest.mark.parametrize("optimizer", ["sgd", "adam"])
def test_epochs_with_the_further_choices_are_those_of_the_plain_network(optimizer, choices, data):
    if data.task == "regression" and choices.get("output") == "softmax":
        choices = {**choices, "output": "linear", "loss": "auto"}
    config = Config(
        **{"optimizer": optimizer, "learning_rate": 0.1, "batch_size": 6, "seed": 3, **choices}
    )
    for theta, expected, running, plain_running in follow(config, data, config.epochs or 5):
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
    assert len(expected.chunks) == 1
    monkeypatch.setattr(module, "CHUNK_BYTES", limits[0])
    monkeypatch.setattr(module, "CHUNK_BATCHES", limits[1])
    found = Training(config, two_classes())
    if batch_size in (1, 4, 5):
        assert len(found.chunks) > 1
    for _ in range(4):
        assert found.epoch() == pytest.approx(expected.epoch(), rel=1e-14)
        np.testing.assert_array_equal(found.network.theta, expected.network.theta)


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize(
    "choices",
    [
        {"batch_size": 5, "dropout": 0.4, "input_dropout": 0.2, "l1": 0.01, "max_norm": 1.0},
        {"batch_size": 0, "hidden": (128, 128), "clip": 0.5, "class_weights": "balanced"},
        {"hidden": (4,), "dropouts": (0.5,), "activation": "relu", "l2": 0.01, "size": 23},
    ],
    ids=["masks", "blocks", "small"],
)
def test_the_calls_of_an_epoch_are_known_before_its_programs_are_made(optimizer, choices):
    training = Training(Config(optimizer=optimizer, **choices), two_classes())
    calls = training.calls
    assert "chunks" not in vars(training)
    assert calls == sum(len(program) for _, chunk in training.chunks for program in chunk.programs)
    training.configure(replace(training.config, l1=0.02, l2=0.02, clip=1.0))
    assert training.calls > calls


def test_a_chunk_fits_the_cache_with_its_masks_and_outputs():
    plan = module.BatchLayout(16, (54, 64, 64, 7), (0.5, 0.0), 0.0, False, "float64")
    numbers = 55 + 64 + 3 * 7  # an example, its mask in one of the layers, its y, z and a
    assert module.batches_at_once(plan) == 2**20 // (16 * numbers * 8)
    half = plan._replace(size=32, dtype="float32")
    assert module.batches_at_once(half) == 2**20 // (32 * numbers * 4)
    assert module.batches_at_once(plan._replace(size=1)) == module.CHUNK_BATCHES
    assert module.batches_at_once(plan._replace(size=10**6)) == 1


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


@pytest.mark.parametrize(("share", "drawn"), [(0.5, 125), (0.25, 125), (0.2, 250)])
def test_a_byte_is_drawn_where_it_tells_the_share_exactly_else_two(share, drawn):
    random, other = np.random.default_rng(0), np.random.default_rng(0)
    draw_masks(random, [np.empty(1000)], share)
    other.bit_generator.random_raw(drawn)  # of eight bytes each
    assert random.bit_generator.state == other.bit_generator.state


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
    np.testing.assert_array_equal(training.chunks[-1][1].dropped_units(), expected)
    assert 0 < expected.sum() < 14
    for layer in last.layers[:-1]:
        np.testing.assert_array_equal(
            layer.activations_with_bias[:-1, 0] == 0, layer.mask[:, 0] == 0
        )


def test_without_dropout_nothing_is_muted():
    training = Training(Config(), two_classes())
    training.epoch()
    assert training.chunks[-1][1].dropped_units().size == 0


def test_each_layer_mutes_its_own_share():
    choices = {"hidden": (60, 50, 40), "dropouts": (0.5, 0.0, 0.2), "batch_size": 5}
    training = Training(Config(**choices), two_classes())
    shares = []
    for _ in range(40):
        training.epoch()
        shares.append([(mask == 0).mean() for mask in masks_of(training)])
    np.testing.assert_allclose(np.mean(shares, axis=0), [0.5, 0, 0.2], atol=0.01)
    muted = training.chunks[-1][1].dropped_units()
    assert muted.shape == (150,)
    assert not muted[60:110].any()
    last = training.chunks[-1][1].groups[-1].batches[-1]
    assert [layer.mask is None for layer in last.layers] == [False, True, False, True]
    np.testing.assert_array_equal(muted[:60], last.layers[0].mask[:, 0] == 0)
    np.testing.assert_array_equal(muted[110:], last.layers[2].mask[:, 0] == 0)


def test_input_dropout_mutes_inputs_and_never_the_one_that_carries_the_bias():
    training = Training(Config(input_dropout=0.5, batch_size=0), two_classes(n=400))
    before = training.rows.copy()
    seen = []
    for _ in range(3):
        training.epoch()
        (group,) = training.chunks[0][1].groups
        share = group.rows[:, :-1] / before[:, :-1]
        assert set(np.unique(share.round(12))) == {0, 2}
        assert (share == 0).mean() == pytest.approx(0.5, abs=0.06)
        assert (group.rows[:, -1] == 1).all()
        seen.append(share)
    assert (seen[0] != seen[1]).any()
    np.testing.assert_array_equal(training.rows, before)


# Schedules, clipping, max-norm


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("constant", [1, 1, 1, 1, 1, 1]),
        ("step", [1, 1, 0.1, 0.1, 0.01, 0.01]),
        ("exponential", [1, 10**-0.5, 0.1, 10**-1.5, 0.01, 10**-2.5]),
        ("cosine", [1, 0.55, 0.1, 0.1, 0.1, 0.1]),
        ("warmup", [0.1, 0.55, 1, 1, 1, 1]),
    ],
)
def test_the_rate_of_each_epoch_is_the_one_worked_by_hand(name, expected):
    config = Config(schedule=name, schedule_length=2, schedule_factor=0.1, learning_rate=0.5)
    training, rates = Training(config, two_classes()), []
    for _ in range(6):
        training.epoch()
        rates.append(training.rate.item())
    np.testing.assert_allclose(rates, 0.5 * np.array(expected), rtol=1e-14)


def test_a_plateau_is_so_many_epochs_without_a_lower_loss():
    progress, drops = PlateauState(), []
    for loss in (5, 4, 4, 4.5, 3, 3, 3, 3, 3, np.nan, 2.9):
        progress = progress.after(loss, 2)
        drops.append(progress.drops)
    assert drops == [0, 0, 0, 1, 1, 1, 2, 2, 3, 3, 3]
    assert SCHEDULES["plateau"](99, 2, 0.5, 3) == 0.125


def test_nothing_is_added_to_the_program_where_a_choice_is_off():
    training = Training(Config(), two_classes())
    equations = list(training.after_gradient())
    assert [equation.phase for equation in equations] == ["update"]
    (_, chunk), *_ = training.chunks
    assert list(map(len, chunk.programs)) == [14] * 3  # the ragged batch too


def test_a_short_gradient_and_short_weights_are_left_alone_bit_for_bit():
    bare = Training(Config(hidden=(5, 4)), two_classes())
    held = Training(Config(hidden=(5, 4), clip=1000.0, max_norm=1000.0), two_classes())
    for _ in range(3):
        assert bare.epoch() == held.epoch()
    np.testing.assert_array_equal(bare.network.theta, held.network.theta)


def test_max_norm_holds_hidden_units_and_lets_biases_and_outputs_go():
    training = Training(Config(hidden=(6, 5), max_norm=0.1, learning_rate=0.01), two_classes())
    *hidden, top = training.network.layers
    hidden[0].b[...] = top.W[...] = 5
    for _ in range(3):
        training.epoch()
    for layer in hidden:
        assert np.linalg.norm(layer.W, axis=1).max() <= 0.1 * (1 + 1e-15)
    assert top.W.min() > 1
    assert hidden[0].b.min() > 1


def momentum_of_pytorch(w, g, memory, rate, momentum):
    """The velocity is counted before the rate, so a new rate holds for all of it at once."""
    v = momentum * (0.0 if memory is None else memory) + g
    return w - rate * v, v


def rmsprop_of_keras(w, g, memory, rate, momentum):
    c = 0.9 * (0.0 if memory is None else memory) + 0.1 * g**2
    return w - rate * g / np.sqrt(c + 1e-7), c


@pytest.mark.parametrize(
    ("optimizer", "convention", "rule"),
    [("momentum", "pytorch", momentum_of_pytorch), ("rmsprop", "keras", rmsprop_of_keras)],
)
def test_a_rule_may_be_that_of_another_library(monkeypatch, optimizer, convention, rule):
    choices = {"optimizer": optimizer, "schedule": "step", "schedule_length": 2, "batch_size": 6}
    config = Config(**choices, convention=convention, learning_rate=0.02)
    textbook = Training(replace(config, convention="textbook"), two_classes())
    monkeypatch.setitem(plain.RULES, optimizer, rule)
    for theta, expected, *_ in follow(config, two_classes()):
        textbook.epoch()
        assert plain.error(theta, expected) < 1e-12
    assert plain.error(textbook.network.theta, expected) > 1e-6


# Precision


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize(
    "choices",
    [{}, {"dropout": 0.4, "l1": 0.01, "l2": 0.01, "clip": 0.5, "max_norm": 1.0}],
    ids=["bare", "all"],
)
def test_half_the_digits_give_the_same_training_to_half_the_digits(optimizer, choices):
    config = Config(optimizer=optimizer, learning_rate=0.01, hidden=(5, 4), **choices)
    kinds = ("float32", "float64")
    pair = [Training(replace(config, precision=kind), uneven_classes()) for kind in kinds]
    for _ in range(5):
        few, many = (training.epoch() for training in pair)
        assert few == pytest.approx(many, rel=1e-4)
    few, many = pair
    assert few.network.theta.dtype == few.memory.dtype == few.rows.dtype == np.float32
    assert many.network.theta.dtype == np.float64
    operands = [
        o for _, chunk in few.chunks for one in chunk.programs for _, step in one for o in step
    ]
    kinds = {o.dtype for o in operands if isinstance(o, np.ndarray)}
    assert kinds == {np.dtype(np.float32)}
    np.testing.assert_allclose(few.network.theta, many.network.theta, atol=1e-3)


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
    with pytest.raises(ValueError, match="The start weights 'xor_fast' do not fit"):
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
