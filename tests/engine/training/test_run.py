"""A run: golden numbers from the literature, exact replay, changes on the way, rough weather."""

import tracemalloc
from dataclasses import replace
from functools import cache
from math import e, log

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.data.dataset import Dataset
from engine.nn.optimizers import OPTIMIZERS
from engine.nn.schedules import SCHEDULES
from engine.problems.registry import load_shared
from engine.training import history
from engine.training import run as module
from engine.training.config import CHOICES, Config
from engine.training.events import MOST_EVENTS, Event, read_events, write_events
from engine.training.run import Run
from engine.training.training import Training
from tests.engine import plain


def run_of(epochs=0, events=(), **choices):
    """A run of a problem by name, trained for some epochs."""
    config = Config(**choices)
    run = Run(config, load_shared(config), events)
    run.advance(epochs)
    return run


def passed(epochs, looked_at, events=(), **choices):
    """A run, and its snapshots of some epochs, each taken on the way: none has to be replayed."""
    run, shots = run_of(**choices, events=events), {}
    for epoch in sorted({*looked_at}):
        run.advance(epoch - run.epochs)
        shots[epoch] = run.at(epoch)
    assert run.replica is None or run.finished
    run.advance(epochs - run.epochs)
    return run, shots


# Golden numbers: the XOR table from explicit start weights, cross-entropy, whole set, rate 1

XOR = {"dataset": "xor_table", "hidden": (2,), "activation": "sigmoid", "batch_size": 0}
XOR_STARTS = [  # name, loss at the start, first below .1, loss after 1000, 2000, 5000
    ("xor_fast", 0.787752, 350, (0.013930, 0.005710, 0.002024)),
    ("xor_fast_2", 0.763648, 366, (0.013911, 0.005650, 0.002001)),
    ("xor_late_a", 0.762530, 2352, (0.693084, 0.622345, 0.006472)),
    ("xor_late_b", 0.695039, 2987, (0.693134, 0.692991, 0.004750)),
    ("xor_stuck_347", 0.709848, None, (0.355031, 0.350023, 0.347769)),
    ("xor_stuck_477", 0.702730, None, (0.487437, 0.481425, 0.478767)),
]


def first_below(losses, limit=0.1):
    below = np.flatnonzero(losses["train"] < limit)
    return below[0] if len(below) else None


@cache
def xor_run(start):
    """XOR from given start weights, trained for 5000 epochs; nobody changes it."""
    return run_of(5000, **XOR, start=start, learning_rate=1.0)


@pytest.mark.parametrize(("start", "at_start", "first", "later"), XOR_STARTS)
def test_xor_is_learned_as_late_as_its_start_weights_say(start, at_start, first, later):
    run = xor_run(start)
    losses = run.losses["train"]
    assert losses[0] == pytest.approx(at_start, abs=6e-7)
    assert losses[[1000, 2000, 5000]] == pytest.approx(later, abs=6e-7)
    found = first_below(run.losses)
    assert found is None if first is None else abs(found - first) <= 2


@pytest.mark.parametrize(
    ("start", "rate", "first"),
    [
        ("xor_fast", 0.5, 699),
        ("xor_fast", 2, 176),
        ("xor_fast", 5, 83),
        ("xor_fast_2", 5, 72),
        ("xor_late_a", 5, 134),
        ("xor_late_b", 5, 591),
    ],
)
def test_xor_is_learned_sooner_at_a_larger_rate(start, rate, first):
    run = run_of(first + 10, **XOR, start=start, learning_rate=rate)
    assert abs(first_below(run.losses) - first) <= 2


@pytest.mark.parametrize(
    ("start", "says"),
    [
        ("xor_stuck_347", [0.0013, 0.4995, 0.9987, 0.5006]),
        ("xor_stuck_477", [0.0018, 0.6657, 0.6657, 0.6669]),
    ],
)
def test_a_stuck_xor_says_the_same_for_what_it_cannot_part(start, says):
    run = xor_run(start)
    np.testing.assert_allclose(run.at(5000).layers[-1].a[0], says, atol=6e-5)


def test_xor_made_by_hand_is_solved_before_it_is_trained():
    run = run_of(**XOR, start="xor_hand_made")
    assert run.losses["train"][0] == pytest.approx(4.546e-5, rel=1e-3)
    says = run.at(0).layers[-1].a[0]
    np.testing.assert_allclose(says, [4.54e-5, 0.99995, 0.99995, 4.54e-5], rtol=2e-3)
    assert run.losses["train_metric"][0] == 1


def test_goodfellows_relu_network_is_exact_and_stays_so():
    choices = {**XOR, "activation": "relu", "output": "linear"}
    run = run_of(3, **choices, start="xor_goodfellow")
    assert run.at(0).layers[-1].a[0].tolist() == [0, 1, 1, 0]
    assert run.losses["train"].tolist() == [0] * 4


# Golden numbers: Mazur's worked example, half squared error, rate .5

MAZUR = {
    **{"dataset": "mazur", "start": "mazur", "hidden": (2,), "activation": "sigmoid"},
    **{"output": "sigmoid", "loss": "half_mse", "learning_rate": 0.5, "batch_size": 0},
}


def test_mazurs_forward_and_backward_pass_come_out_digit_by_digit():
    one, two = run_of(**MAZUR).at(0).layers
    expected = {
        "z1": (one.z, [0.3775, 0.3925]),
        "a1": (one.a, [0.59326999210719, 0.59688437825977]),
        "z2": (two.z, [1.10590596705977, 1.22492140409647]),
        "a2": (two.a, [0.75136506955232, 0.77292846532146]),
        "delta2": (two.delta, [0.13849856162856, -0.03809823651656]),
        "delta1": (one.delta, [0.00877135468949, 0.00995425470522]),
        "dW2": (
            two.dW,
            [0.08216704056423, 0.08266762784753, -0.02260254047748, -0.02274024221598],
        ),
        "dW1": (
            one.dW,
            [0.00043856773447, 0.00087713546895, 0.00049771273526, 0.00099542547052],
        ),
        "db1": (one.db, [0.00877135468949, 0.00995425470522]),
    }
    for name, (found, numbers) in expected.items():
        np.testing.assert_allclose(found.ravel(), numbers, rtol=0, atol=6e-15, err_msg=name)


@pytest.mark.parametrize("biases", ["frozen", "learn"])
def test_mazurs_first_step_uses_the_old_weights_above(biases):
    one, two = run_of(1, **MAZUR, biases=biases).at(1).layers
    W2 = [0.35891647971788, 0.40866618607623, 0.51130127023874, 0.56137012110799]
    W1 = [0.14978071613276, 0.19956143226553, 0.24975114363237, 0.29950228726474]
    np.testing.assert_allclose(two.W.ravel(), W2, rtol=0, atol=6e-15)
    np.testing.assert_allclose(one.W.ravel(), W1, rtol=0, atol=6e-15)
    b1, b2 = [0.35, 0.35], [0.6, 0.6]
    if biases == "learn":
        b1, b2 = [0.34561432265526, 0.34502287264739], [0.53075071918572, 0.61904911825828]
    np.testing.assert_allclose(one.b.ravel(), b1, rtol=0, atol=6e-15)
    np.testing.assert_allclose(two.b.ravel(), b2, rtol=0, atol=6e-15)


@pytest.mark.parametrize(
    ("biases", "after_one", "after_all", "says"),
    [
        ("frozen", 0.29102777369359933, 3.510187782978859e-05, [0.01591362044, 0.98406427351]),
        ("learn", 0.28047144679143016, 2.4475622359322627e-06, [0.01158752739, 0.98845893503]),
    ],
)
def test_mazurs_example_after_one_and_after_ten_thousand_steps(biases, after_one, after_all, says):
    run = run_of(10_000, **MAZUR, biases=biases)
    losses = run.losses["train"]
    assert losses[0] == pytest.approx(0.2983711087600027, rel=1e-14)
    assert losses[1] == pytest.approx(after_one, rel=1e-14)
    assert losses[10_000] == pytest.approx(after_all, rel=1e-9)
    np.testing.assert_allclose(run.at(10_000).layers[-1].a.ravel(), says, atol=1e-11)


# Golden numbers: single neurons


def test_one_linear_neuron_can_be_followed_in_the_head():
    choices = {"dataset": "linear_neuron", "start": "linear_neuron", "hidden": ()}
    run = run_of(1, **choices, learning_rate=0.05)
    (layer,) = run.at(0).layers
    numbers = [layer.a, layer.delta, layer.dW, layer.db]
    assert [float(number.item()) for number in numbers] == [7, -4, -8, -4]
    (layer,) = run.at(1).layers
    found = [layer.W.item(), layer.b.item(), layer.a.item(), *run.losses["train"]]
    assert found == pytest.approx([3.4, 1.2, 8, 4, 1], rel=1e-14)


@pytest.mark.parametrize(
    ("loss", "rate", "start", "delta", "outputs"),
    [
        ("half_mse", 0.15, "easy", 0.121938, {0: 0.817574, 300: 0.093956}),
        (
            *("half_mse", 0.15, "hard", 0.017345),
            {0: 0.982014, 50: 0.975933, 100: 0.964131, 150: 0.933417, 200: 0.788736, 300: 0.202848},
        ),
        ("bce", 0.15, "hard", 0.982014, {50: 0.098504, 100: 0.041072, 300: 0.012009}),
        ("bce", 0.005, "hard", 0.982014, {300: 0.779587}),
        ("bce", 0.005, "easy", 0.817574, {300: 0.417679}),
    ],
)
def test_nielsens_neuron_learns_slowly_when_badly_wrong(loss, rate, start, delta, outputs):
    choices = {"dataset": "one_neuron", "hidden": (), "output": "sigmoid", "loss": loss}
    run = run_of(300, **choices, learning_rate=rate, start=f"one_neuron_{start}")
    assert run.at(0).layers[0].delta.item() == pytest.approx(delta, abs=6e-7)
    for epoch, output in outputs.items():
        assert run.at(epoch).layers[0].a.item() == pytest.approx(output, abs=6e-7)


LINE = {"dataset": "line_centred", "start": "line_zero", "hidden": (), "batch_size": 0}


@pytest.mark.parametrize("rate", [0.1, 0.5, 0.9, 1.0, 1.01, 1.1])
def test_on_a_bowl_of_curvature_two_each_epoch_shrinks_the_loss_by_the_textbook_factor(rate):
    losses = run_of(20, **LINE, learning_rate=rate).losses["train"]
    expected = losses[0] * (1 - 2 * rate) ** (2 * np.arange(21))
    np.testing.assert_allclose(losses, expected, rtol=1e-9, atol=1e-25)


@pytest.mark.parametrize(
    ("momentum", "peak", "end"),
    [(0.5, 3.209153, 3.0), (0.9, 5.126922, 3.000040), (0.99, 5.911928, 4.006887)],
)
def test_momentum_overshoots_as_far_as_the_textbook_says(momentum, peak, end):
    run = run_of(200, **LINE, learning_rate=0.1, optimizer="momentum", momentum=momentum)
    w = [run.at(epoch).layers[0].W.item() for epoch in range(201)]
    assert max(w) == pytest.approx(peak, abs=6e-7)
    assert w[200] == pytest.approx(end, abs=6e-7)


# The loss at the start


@pytest.mark.parametrize(
    ("dataset", "K"), [("circle", 2), ("iris", 3), ("article_classes", 7), ("digits", 10)]
)
def test_a_network_of_zeros_starts_at_chance(dataset, K):
    run = run_of(dataset=dataset, init="zeros")
    assert run.losses["train"][0] == pytest.approx(log(K), rel=1e-14)
    assert run.losses["validation"].tolist() == pytest.approx([log(K)], rel=1e-14)


def test_a_network_of_zeros_that_says_nothing_about_numbers_is_off_by_their_variance():
    run = run_of(dataset="diabetes", init="zeros")
    assert run.losses["train"][0] == pytest.approx(1, rel=1e-12)  # targets are standardised
    assert run.losses["train_metric"][0] == pytest.approx(0, abs=1e-6)


# What is recorded


@pytest.mark.parametrize(
    "choices",
    [
        {},
        {"l1": 0.01, "l2": 0.02},
        {"dropout": 0.5, "l2": 0.02},
        {"dataset": "bumps", "optimizer": "adam", "learning_rate": 0.01},
        {"dataset": "iris", "hidden": (5, 4), "activation": "relu", "optimizer": "momentum"},
    ],
    ids=str,
)
def test_losses_are_those_of_the_parameters_after_each_epoch_without_masks(choices):
    run = run_of(4, **{"size": 60, "learning_rate": 0.05, **choices})
    assert len(run.losses) == 5
    for epoch in range(5):
        weights = [(layer.W, layer.b) for layer in run.at(epoch).layers]
        for part in ("train", "validation"):
            X, y = run.dataset.part(part)
            args = weights, run.network.activations, X, run.output_head.encode(y)
            found = run.losses[part][epoch]
            assert found == pytest.approx(plain.loss(run.output_head.loss_name, *args), rel=1e-12)
        penalty = plain.penalty(weights, run.config.l1, run.config.l2)
        assert run.losses["penalty"][epoch] == pytest.approx(penalty, rel=1e-12)


def test_the_running_mean_is_a_series_of_its_own_and_starts_empty():
    run = run_of(5, size=60)
    training = Training(run.config, run.dataset)
    expected = [training.epoch() for _ in range(5)]
    assert np.isnan(run.losses["running"][0])
    assert run.losses["running"][1:].tolist() == expected


def test_the_recorded_deltas_are_those_of_the_probe_at_that_epoch():
    run = run_of(6, dataset="iris", hidden=(5, 4))
    for epoch in (0, 3, 6):
        deltas = [layer.delta for layer in run.at(epoch).layers]
        rms = [np.sqrt((delta**2).mean()) for delta in deltas]
        np.testing.assert_allclose(run.losses["delta"][epoch], rms, rtol=1e-6)
    np.testing.assert_array_equal(run.probe, run.dataset.train[:32])


def test_a_snapshot_holds_every_number_of_its_epoch():
    run = run_of(3, size=60, l2=0.02, hidden=(4, 3))
    shot = run.at(2)
    weights = [(layer.W, layer.b) for layer in shot.layers]
    args = run.network.activations, shot.x
    gradients, deltas = plain.backpropagate(
        run.output_head.loss_name, weights, *args, shot.y, l2=0.02
    )
    layers = plain.forward(weights, *args)
    for layer, (z, a, _), (dW, db), delta in zip(
        shot.layers, layers, gradients, deltas, strict=True
    ):
        pairs = [(layer.z, z), (layer.a, a), (layer.delta, delta), (layer.dW, dW), (layer.db, db)]
        for found, expected in pairs:
            assert plain.error(found, expected) < 1e-12
    assert shot.epoch == 2
    assert shot.losses == run.losses[2]
    np.testing.assert_array_equal(shot.theta, plain.join(weights))


def test_a_snapshot_may_be_of_any_examples():
    run = run_of(2, size=60)
    shot = run.at(2, examples=[7, 3])
    np.testing.assert_array_equal(shot.x, run.dataset.network_inputs(run.dataset.inputs[:, [7, 3]]))
    np.testing.assert_array_equal(shot.y[0], run.dataset.targets[[7, 3]])
    assert shot.layers[-1].a.shape == (1, 2)


def test_a_snapshot_is_a_copy_that_training_on_does_not_touch():
    run = run_of(2, size=60)
    shot = run.at(2)
    before = shot.theta.copy(), shot.layers[0].a.copy(), shot.losses.copy()
    run.advance(3)
    run.at(1)
    np.testing.assert_array_equal(shot.theta, before[0])
    np.testing.assert_array_equal(shot.layers[0].a, before[1])
    assert shot.losses == before[2]


@pytest.mark.parametrize("epoch", [-1, 3, 10**9])
def test_an_epoch_that_is_not_trained_is_refused_in_a_sentence(epoch):
    with pytest.raises(ValueError, match=f"epoch must lie between 0 and 2; {epoch} was given."):
        run_of(2, size=60).at(epoch)


# Exact replay


@pytest.fixture
def few_checkpoints(monkeypatch):
    """At most 8 checkpoints, so that almost every epoch has to be replayed."""
    monkeypatch.setattr(history, "MOST_CHECKPOINTS", 8)


def same(one, two):
    """Assert that two snapshots are equal to the last bit."""
    np.testing.assert_array_equal(one.theta, two.theta)
    for mine, other in zip(one.layers, two.layers, strict=True):
        for name in ("W", "b", "z", "a", "delta", "dW", "db"):
            np.testing.assert_array_equal(getattr(mine, name), getattr(other, name), name)
    np.testing.assert_array_equal(as_numbers(one.losses), as_numbers(two.losses))


def as_numbers(record):
    return np.concatenate([np.ravel(record[name]) for name in record.dtype.names])


def same_history(one, two):
    assert len(one) == len(two)
    for name in one.dtype.names:
        np.testing.assert_array_equal(one[name], two[name], name)


SMALL = {"size": 60, "hidden": (5, 4), "seed": 2, "learning_rate": 0.05}


@pytest.mark.usefixtures("few_checkpoints")
@pytest.mark.parametrize(
    "choices",
    [
        {},
        {"batch_size": 0},
        {"dropout": 0.5},
        {"dropout": 0.5, "batch_size": 0},
        {"activation": "relu", "l1": 0.01},
    ],
    ids=str,
)
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_any_epoch_is_that_of_a_fresh_run_bit_for_bit(optimizer, choices):
    choices = {**SMALL, "optimizer": optimizer, **choices}
    run = run_of(45, **choices)
    assert run.checkpoints.stride > 4
    looked_at = (45, 0, 44, 13, 14, 31, 7, 45, 30)
    _, fresh = passed(45, looked_at, **choices)
    for epoch in looked_at:
        same(run.at(epoch), fresh[epoch])


FURTHER = [  # every choice that an epoch's numbers hang on
    *(
        {"schedule": name, "schedule_length": 3, "schedule_factor": 0.5, "learning_rate": 0.5}
        for name in SCHEDULES
    ),
    {"schedule": "plateau", "schedule_length": 1, "schedule_factor": 0.7, "learning_rate": 1.0},
    {"clip": 0.05, "max_norm": 0.8, "l2": 0.01},
    {"class_weights": "balanced", "noise": 0.4},
    {"activations": ("gelu", "elu"), "dropouts": (0.0, 0.5), "input_dropout": 0.2},
    {"activation": "silu", "output": "linear", "loss": "huber", "init": "orthogonal"},
    {"precision": "float32", "dropout": 0.3},
    {"dataset": "iris", "folds": 5, "fold": 3, "class_weights": "balanced"},
    {"patience": 6, "learning_rate": 0.02},
]


@pytest.mark.usefixtures("few_checkpoints")
@pytest.mark.parametrize("choices", FURTHER, ids=str)
@pytest.mark.parametrize("optimizer", ["sgd", "adamw"])
def test_any_epoch_is_exact_with_the_further_choices_and_with_a_change(optimizer, choices):
    choices = {**SMALL, "optimizer": optimizer, "weight_decay": 0.1, **choices}
    run = run_of(45, **choices)
    assert run.checkpoints.stride > 4 or run.finished
    looked_at = {0, run.epochs, 13, 14, 31, 7} & {*range(run.epochs + 1)}
    fresh, shots = passed(45, looked_at, **choices)
    same_history(run.losses, fresh.losses)
    for epoch in looked_at:
        same(run.at(epoch), shots[epoch])
    change = min(11, run.epochs)
    run.change(change, learning_rate=0.3)
    run.advance(20)
    events = [Event(change, "learning_rate", 0.3)]
    looked_at = {min(17, run.epochs), run.epochs, change, 3}
    fresh, shots = passed(change + 20, looked_at, events, **choices)
    same_history(run.losses, fresh.losses)
    for epoch in looked_at:
        same(run.at(epoch), shots[epoch])


ANY = st.fixed_dictionaries(
    {},
    optional={
        **{
            name: st.sampled_from(CHOICES[name].options)
            for name in ("optimizer", "convention", "schedule", "precision", "class_weights")
        },
        "activation": st.sampled_from(CHOICES["activation"].options),
        "init": st.sampled_from(CHOICES["init"].options),
        "activations": st.sampled_from([("gelu",), ("relu", "silu")]),
        "dropouts": st.sampled_from([(0.5,), (0.0, 0.5)]),
        "dropout": st.sampled_from([0.3]),
        "input_dropout": st.sampled_from([0.25]),
        "schedule_length": st.integers(1, 5),
        "schedule_factor": st.sampled_from([0.0, 0.5, 1.0]),
        "clip": st.sampled_from([0.02, 1.0]),
        "max_norm": st.sampled_from([0.5]),
        "weight_decay": st.sampled_from([0.2]),
        "patience": st.integers(1, 8),
        "folds": st.just(3),
        "batch_size": st.sampled_from([0, 7, 60]),
        "l1": st.just(0.01),
    },
)


@settings(deadline=None, derandomize=True, max_examples=40)
@given(ANY, st.integers(0, 10), st.sampled_from(["learning_rate", "dropout", "W1.0.0"]))
def test_any_choices_together_give_the_same_epochs_again_bit_for_bit(choices, epoch, change):
    choices = {"size": 45, "hidden": (4, 3), "seed": 2, "learning_rate": 0.1, **choices}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(history, "MOST_CHECKPOINTS", 8)
        run, twin = run_of(14, **choices), run_of(14, **choices)
        same_history(run.losses, twin.losses)
        np.testing.assert_array_equal(run.network.theta, twin.network.theta)
        assert (run.epochs, run.finished, run.diverged) == (
            *(twin.epochs, twin.finished, twin.diverged),
        )
        epoch = min(epoch, run.epochs)
        free = run_of(epoch, **{**choices, "patience": 0})
        same(run.at(epoch), free.at(epoch))
        run.fork([Event(epoch, change, 0.25)])
        run.advance(8)
        linked = run_of(epoch + 8, [Event(epoch, change, 0.25)], **choices)
        same_history(run.losses, linked.losses)
        same(run.at(min(epoch + 5, run.epochs)), linked.at(min(epoch + 5, run.epochs)))


# Early stopping

PATIENT = {  # learns its 40 noisy examples by heart
    **{"dataset": "circle", "noise": 0.4, "size": 66, "hidden": (16,), "optimizer": "adam"},
    **{"learning_rate": 0.05, "patience": 10, "seed": 1},
}


def test_a_run_ends_when_patience_does_and_holds_the_best_weights_bit_for_bit():
    run = run_of(1000, **PATIENT)
    losses = run.losses["validation"]
    best = int(np.argmin(losses))
    assert 0 < best == run.best
    assert run.epochs == best + 10 == len(losses) - 1
    assert run.finished == (
        f"Stopped after epoch {best + 10}: the validation loss has not fallen for 10 epochs. "
        f"The best weights, those of epoch {best}, are restored."
    )
    there = run_of(best, **{**PATIENT, "patience": 0})
    np.testing.assert_array_equal(run.network.theta, there.network.theta)
    np.testing.assert_array_equal(run.live.memory, there.live.memory)
    same(run.at(best), there.at(best))
    assert run.advance(10) == 0
    assert run.diverged == ""


@pytest.mark.usefixtures("few_checkpoints")
def test_what_came_after_the_best_epoch_can_still_be_seen():
    run, free = run_of(1000, **PATIENT), run_of(1000, **{**PATIENT, "patience": 0})
    for epoch in (run.epochs, run.best, run.best + 3, 0, run.best - 1):
        same(run.at(epoch), free.at(epoch))
        np.testing.assert_array_equal(run.frame(epoch).theta, free.frame(epoch).theta)


@pytest.mark.parametrize("stride", [1, 3, 7, 1000])
def test_playing_reaches_the_last_epoch_before_patience_ended(stride):
    last = run_of(1000, **PATIENT).epochs
    run = run_of(**PATIENT)
    frames = [frame.epoch for frame in run.play(0, stride, 1000, seconds=60)]
    assert frames == sorted({*range(stride, last + 1, stride), last})
    assert list(run.play(last, stride, 10, seconds=60)) == []


@pytest.mark.usefixtures("few_checkpoints")
def test_a_change_gives_new_patience_and_a_link_follows_it():
    live = run_of(1000, **PATIENT)
    last = live.epochs
    live.change(last, learning_rate=0.001)
    assert live.finished == ""
    assert live.best == last
    live.advance(1000)
    events = [Event(last, "learning_rate", 0.001)]
    linked = run_of(1000, events, **PATIENT)
    assert (live.epochs, live.best, live.finished) == (linked.epochs, linked.best, linked.finished)
    assert live.epochs > last
    same_history(live.losses, linked.losses)
    same(live.at(live.best), linked.at(linked.best))


def test_without_a_validation_part_patience_watches_the_training_loss():
    choices = {"validation": 0.0, "learning_rate": 8.0, "patience": 3, "size": 60}
    run = run_of(1000, **choices)
    assert run.best == np.argmin(run.losses["train"]) == run.epochs - 3
    assert "the training loss has not fallen for 3 epochs" in run.finished


def test_no_patience_is_endless():
    run = run_of(200, **{**PATIENT, "patience": 0})
    assert run.finished == ""
    assert run.epochs == 200


CHANGES = [
    [Event(12, "learning_rate", 0.01)],
    [Event(12, "l2", 0.3), Event(13, "l1", 0.1)],
    [Event(12, "dropout", 0.5), Event(25, "dropout", 0.0)],
    [Event(0, "W1.2.1", 1.5)],
    [Event(12, "b2.3", -2.0), Event(12, "W3.0.1", 0.25), Event(12, "learning_rate", 0.2)],
    [Event(12, "learning_rate", 0.2), Event(12, "l2", 0.2), Event(30, "dropout", 0.3)],
]


@pytest.mark.usefixtures("few_checkpoints")
@pytest.mark.parametrize("events", CHANGES, ids=write_events)
@pytest.mark.parametrize(
    "choices",
    [{}, {"optimizer": "momentum"}, {"optimizer": "adam"}, {"dropout": 0.2}],
    ids=str,
)
def test_any_epoch_is_exact_after_changes_on_the_way(choices, events):
    choices = {**SMALL, **choices}
    live = run_of(**choices)
    for event in events:  # as a person makes them: train, stop, change, go on
        live.advance(event.epoch - live.epochs)
        live.fork([event])
    live.advance(45 - live.epochs)
    looked_at = (45, 11, 12, 13, 26, 3, 31, 12)
    linked, shots = passed(45, looked_at, events, **choices)
    same_history(live.losses, linked.losses)
    for epoch in looked_at:
        same(live.at(epoch), shots[epoch])
        same(linked.at(epoch), shots[epoch])


@pytest.mark.usefixtures("few_checkpoints")
@pytest.mark.parametrize("name", ["learning_rate", "l2", "dropout", "W2.1.0", "b1.0"])
@pytest.mark.parametrize("choices", [{}, {"optimizer": "adam", "dropout": 0.2}], ids=str)
def test_a_change_in_the_past_forgets_what_came_after_and_goes_on_from_there(choices, name):
    choices = {**SMALL, **choices}
    run = run_of(45, **choices)
    run.at(20)  # a second training now stands there, and must not go on from there
    run.fork([Event(17, name, 0.3)])
    assert run.epochs == 17
    run.advance(20)
    looked_at = (21, 37, 16, 17, 18, 30)
    fresh, shots = passed(37, looked_at, [Event(17, name, 0.3)], **choices)
    same_history(run.losses, fresh.losses)
    for epoch in looked_at:
        same(run.at(epoch), shots[epoch])


@pytest.mark.usefixtures("few_checkpoints")
def test_forks_upon_forks_leave_only_the_changes_that_still_hold():
    run = run_of(30, **SMALL)
    run.change(20, learning_rate=0.01)
    run.advance(10)
    run.edit(25, "W1.0.0", 2.0)
    run.edit(25, "W1.0.0", 3.0)  # the same weight again: the first value is forgotten
    run.change(25, l2=0.1, l1=0.2)
    run.advance(5)
    events = [
        *[Event(20, "learning_rate", 0.01), Event(25, "W1.0.0", 3.0)],
        *[Event(25, "l2", 0.1), Event(25, "l1", 0.2)],
    ]
    assert run.events == events
    same(run.at(30), run_of(30, events, **SMALL).at(30))
    run.edit(22, "b1.0", 1.0)
    assert run.events == [events[0], Event(22, "b1.0", 1.0)]
    assert run.config_at(19) == run.config
    assert run.config_at(20) == replace(run.config, learning_rate=0.01)
    assert run.config_at(99).l2 == 0


def test_changes_of_a_link_that_lie_ahead_come_true_when_they_are_reached():
    run = run_of(5, [Event(8, "W1.0.0", 9.0)], **SMALL)
    assert run.at(5).layers[0].W[0, 0] != 9
    run.advance(3)
    assert run.at(8).layers[0].W[0, 0] == 9
    run.advance(1)
    assert run.at(9).layers[0].W[0, 0] != 9


def test_a_change_beyond_what_is_trained_happens_where_the_run_stands():
    run = run_of(5, **SMALL)
    run.change(100, l2=0.5)
    assert run.events == [Event(5, "l2", 0.5)]
    assert run.losses["penalty"][5] > 0 == run.losses["penalty"][4]


def test_a_change_keeps_the_running_mean_of_its_epoch():
    run = run_of(8, **SMALL)
    before = run.losses["running"].copy()
    run.change(6, l2=0.5)
    np.testing.assert_array_equal(run.losses["running"], before[:7])


def test_advancing_in_small_steps_or_in_little_time_changes_nothing():
    whole, slow = run_of(12, **SMALL), run_of(**SMALL)
    while slow.epochs < 12:
        assert slow.advance(12 - slow.epochs, seconds=0) == 1
    same(slow.at(12), whole.at(12))
    assert slow.advance(0) == 0


def test_looking_at_epochs_does_not_disturb_the_training():
    looked, left = run_of(10, **SMALL, dropout=0.5), run_of(20, **SMALL, dropout=0.5)
    for epoch in (3, 9, 0, 10, 5):
        looked.at(epoch)
        looked.frame(epoch)
    looked.advance(10)
    same_history(looked.losses, left.losses)


def test_two_runs_of_one_config_are_equal_and_another_seed_is_not():
    one, two = run_of(5, **SMALL), run_of(5, **SMALL)
    same_history(one.losses, two.losses)
    other = run_of(5, **{**SMALL, "seed": 3})
    assert (one.losses["train"] != other.losses["train"]).all()


# Frames


@pytest.mark.usefixtures("few_checkpoints")
@pytest.mark.parametrize("events", [[], [Event(12, "W1.0.0", 1.0)], [Event(12, "l2", 0.1)]])
def test_frames_are_those_of_the_epochs_they_name(events):
    choices = {**SMALL, "dropout": 0.4}
    run = run_of(0, events, **choices)
    frames = list(run.play(after=4, stride=5, count=4, seconds=60))
    assert [frame.epoch for frame in frames] == [9, 14, 19, 24]
    assert run.epochs == 24
    for frame in frames:
        shot = run.at(frame.epoch)
        np.testing.assert_array_equal(frame.theta, shot.theta)
        deltas = np.concatenate([layer.delta.ravel() for layer in shot.layers])
        np.testing.assert_allclose(frame.deltas, deltas, rtol=1e-9, atol=1e-18)


@pytest.mark.usefixtures("few_checkpoints")
def test_frames_seen_again_are_the_frames_seen_first():
    run = run_of(**SMALL, dropout=0.4)
    first = [run.frame(run.epochs) for _ in range(30) if run.advance()]
    for frame in [first[k] for k in (29, 3, 4, 11, 0, 28, 12)]:
        again = run.frame(frame.epoch)
        for mine, other in zip(frame, again, strict=True):
            np.testing.assert_array_equal(mine, other)
    assert all(0 < frame.muted.sum() < 9 for frame in first[:5])


@pytest.mark.usefixtures("few_checkpoints")
@pytest.mark.parametrize("epoch", [16, 17, 20, 30])
def test_an_edit_keeps_the_muted_units_of_its_epoch(epoch):
    run = run_of(30, **SMALL, dropout=0.4)
    expected = run.frame(epoch).muted
    run.edit(epoch, "W1.0.0", 2.0)
    np.testing.assert_array_equal(run.frame(epoch).muted, expected)


def test_playing_stops_when_the_time_is_up_and_never_goes_back():
    run = run_of(5, **SMALL)
    assert [frame.epoch for frame in run.play(0, 1, 60, seconds=0)] == [1]
    assert run.epochs == 5
    assert [frame.epoch for frame in run.play(5, 3, 60, seconds=0)] == []
    assert run.epochs == 6


# Events as text


EVENTS = st.builds(
    Event,
    st.integers(0, 1_000_000),
    st.sampled_from(["W1.0.1", "W2.0.4", "b1.4", "b2.0"]),
    st.floats(-1e6, 1e6),
) | st.builds(
    Event,
    st.integers(0, 1_000_000),
    st.sampled_from(["learning_rate", "l1", "l2", "dropout"]),
    st.floats(1e-6, 0.9),
)


@settings(deadline=None, derandomize=True)
@given(st.lists(EVENTS, max_size=20))
def test_events_survive_the_link(events):
    assert read_events(write_events(events), (2, 5, 1)) == (events, [])


@settings(deadline=None, derandomize=True)
@given(st.text(alphabet="0123456789:;.Wb-einfal_rtl1 nx<", max_size=60) | st.text(max_size=30))
def test_changes_typed_by_a_stranger_give_a_sentence_for_each_part(text):
    events, notes = read_events(text, (2, 5, 1))
    assert len(events) + len(notes) == len([part for part in text.split(";") if part])
    assert all(note.endswith(".") and len(note) < 400 for note in notes)
    assert read_events(write_events(events), (2, 5, 1)) == (events, [])


NONSENSE = [
    *["5", "5:l2", "x:l2:1", "5:l2:x", "5:l2:nan", "5:l2:99", "-1:l2:1", "9999999:l2:1"],
    *["5:momentum:0.5", "5:W0.0.0:1", "5:W3.0.0:1", "5:W1.5.0:1", "5:W1.0.2:1", "5:b1.5:1"],
    *["5:W1.0.0:inf", "5:W1.0.0:1e7", "5:W1.0:1", "5:b1.0.0:1", f"{'9' * 400}:l2:1"],
    *[f"5:W{'1' * 400}.0.0:1", f"5:W{'1' * 5000}.0.0:1", "5:l2:1:1"],
]


@pytest.mark.parametrize("text", NONSENSE, ids=lambda text: text[:20])
def test_a_change_that_cannot_be_made_is_left_out_with_one_sentence(text):
    events, notes = read_events(f"3:l2:0.5;{text};4:b1.0:1", (2, 5, 1))
    assert events == [Event(3, "l2", 0.5), Event(4, "b1.0", 1.0)]
    assert len(notes) == 1
    assert notes[0].startswith("The link's change '")
    assert notes[0].endswith(".")
    assert len(notes[0]) < 300


def test_a_link_brings_at_most_so_many_changes():
    text = write_events([Event(k, "l2", 0.1) for k in range(MOST_EVENTS)])
    assert len(read_events(text, (2, 5, 1))[0]) == MOST_EVENTS
    assert read_events(text, (2, 5, 1))[1] == []
    events, notes = read_events(f"{text};5:l1:0.1", (2, 5, 1))
    assert len(events) == MOST_EVENTS
    assert notes == [f"Only the first {MOST_EVENTS} changes of the link are used."]


@pytest.mark.parametrize(
    "event",
    [
        Event(5, "W9.0.0", 1.0),
        Event(5, "seed", 1.0),
        Event(5, "l2", -1.0),
        Event(5, "b1.0", np.nan),
    ],
)
def test_a_change_that_cannot_be_made_is_refused_and_leaves_the_run_alone(event):
    run = run_of(6, **SMALL)
    with pytest.raises(ValueError, match="was given"):
        run.fork([event])
    assert run.epochs == 6
    assert run.events == []
    with pytest.raises(ValueError, match="was given"):
        run_of(0, [event], **SMALL)


def test_a_run_refuses_more_changes_than_a_link_can_hold(monkeypatch):
    monkeypatch.setattr(module, "MOST_EVENTS", 2)
    run = run_of(3, [Event(1, "l2", 0.1), Event(2, "l2", 0.2)], **SMALL)
    with pytest.raises(ValueError, match="at most 2 changes"):
        run.change(3, l2=0.3)


# Rough weather

WILD = {  # the loss grows about sixfold in each epoch
    **{"dataset": "plane", "size": 60, "hidden": (), "batch_size": 0, "learning_rate": 1.5}
}


@pytest.mark.usefixtures("few_checkpoints")
@pytest.mark.parametrize(("optimizer", "rate"), [("sgd", 1.5), ("momentum", 2.5)])
def test_divergence_keeps_the_last_good_epoch_and_explains(optimizer, rate):
    choices = {**WILD, "optimizer": optimizer, "learning_rate": rate}
    run = run_of(**choices)
    asked, trained = 1000, run.advance(1000)
    assert 20 < trained == run.epochs < asked
    assert f"overflowed in epoch {trained + 1}. Epoch {trained}, the last good" in run.diverged
    assert f"a learning rate of {rate} is too large" in run.diverged
    assert np.isfinite(run.losses["train"]).all()
    assert np.isfinite(run.at(run.epochs).theta).all()
    assert run.advance(10) == 0
    assert list(run.play(run.epochs, 1, 10, seconds=60)) == []
    same(run.at(trained), run_of(trained, **choices).at(trained))


@pytest.mark.usefixtures("few_checkpoints")
def test_a_diverged_run_recovers_from_an_earlier_epoch():
    run = run_of(1000, **WILD)
    run.change(1, learning_rate=0.001)
    assert run.diverged == ""
    assert run.advance(20) == 20
    same(run.at(21), run_of(21, [Event(1, "learning_rate", 0.001)], **WILD).at(21))


@pytest.mark.usefixtures("few_checkpoints")
def test_a_change_that_overflows_at_once_is_taken_back():
    run = run_of(1000, **WILD)
    last = run.epochs
    run.change(last, l2=10.0)
    assert f"overflowed in epoch {last}" in run.diverged
    assert run.epochs == last - 1 >= max(run.checkpoints.kept)
    same(run.at(last - 1), run_of(last - 1, **WILD).at(last - 1))
    run.change(0, learning_rate=0.001)
    assert run.diverged == ""
    assert run.advance(5) == 5


def test_raw_inputs_are_named_as_the_cause():
    x = 1e4 * np.random.default_rng(0).normal(size=(2, 20))
    data = Dataset("", "regression", x, ("a", "b"), x[:1], target_names=("y",))
    run = Run(Config(learning_rate=1.0), data)
    run.advance(1000)
    assert "the inputs are not standardized and as large as" in run.diverged
    assert "Turn scaling on" in run.diverged


PROBLEMS = ["circle", "spiral", "plane", "line"]


@pytest.mark.parametrize("choices", [{}, {"optimizer": "adam", "dropout": 0.5}], ids=str)
@pytest.mark.parametrize("problem", PROBLEMS)
def test_one_example_is_enough_to_train_on(problem, choices):
    run = run_of(200, dataset=problem, size=1, **choices)
    assert run.epochs == 200
    assert len(run.probe) == 1
    assert run.losses["train"][200] <= run.losses["train"][0] < np.inf
    assert np.isnan(run.losses["validation"]).all()
    run.at(100)


def test_equal_inputs_teach_the_share_of_the_classes_and_no_more():
    y = np.arange(40) % 4 == 0
    data = Dataset("", "classification", np.full((2, 40), 7.0), ("a", "b"), y, ("no", "yes"))
    data = data.split(np.arange(20), np.arange(20, 40), np.arange(0)).standardised()
    run = Run(Config(batch_size=0, learning_rate=1.0), data)
    run.advance(300)
    entropy = -(0.25 * log(0.25) + 0.75 * log(0.75))
    assert run.losses["train"][300] == pytest.approx(entropy, abs=1e-6)
    assert run.losses["train_metric"][300] == 0.75


# Memory


def test_checkpoints_stay_few_and_evenly_spaced(monkeypatch):
    monkeypatch.setattr(history, "MOST_CHECKPOINTS", 16)
    run = run_of(**SMALL)
    for epoch in range(1, 300):
        run.advance()
        kept = sorted(run.checkpoints.kept)
        assert kept == list(range(0, epoch + 1, run.checkpoints.stride))
        assert min(epoch + 1, 8) <= len(kept) <= 16
    assert run.checkpoints.stride == 32


def test_a_change_leaves_a_checkpoint_where_it_happened():
    run = run_of(20, **SMALL)
    run.change(13, l2=0.1)
    assert max(run.checkpoints.kept) == 13
    run.advance(5)
    assert run.checkpoints.before(13) == 13


def test_large_networks_keep_fewer_checkpoints():
    assert history.Checkpoints(2**30).most == 8
    assert history.Checkpoints(2**16).most == 256
    assert history.Checkpoints(200).most == 1024


def test_a_hundred_thousand_epochs_would_fit_into_ten_megabytes(monkeypatch):
    run = run_of(dataset="circle", size=10)

    def skipped(training):
        training.epochs += 1
        yield 0.5

    # What is kept does not depend on the training.
    monkeypatch.setattr(Training, "epoch_in_chunks", skipped)
    record = run.evaluator.evaluate(run.network.theta)
    monkeypatch.setattr(run.evaluator, "evaluate", lambda theta: record)
    tracemalloc.start()
    try:
        assert run.advance(2 * history.BLOCK) == 2 * history.BLOCK
        early, _ = tracemalloc.get_traced_memory()
        assert run.advance(4 * history.BLOCK) == 4 * history.BLOCK
        kept, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert early + (100_000 / history.BLOCK - 2) * (kept - early) / 4 < 10e6
    assert most - kept < 5e6  # the moment at which the series moves to a larger home
    assert 512 <= len(run.checkpoints.kept) <= 1024


def test_the_record_of_a_long_run_has_no_gap():
    run = run_of(3000, **XOR, learning_rate=1 / e)
    assert len(run.losses) == 3001
    assert np.isfinite(run.losses["train"]).all()
    assert (np.diff(run.losses["train"][1000:]) < 0).all()
