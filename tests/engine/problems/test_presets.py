"""Every preset does what its words promise, to the digit where the literature gives digits."""

from dataclasses import replace
from functools import lru_cache
from math import log

import numpy as np
import pytest

from engine.batched.runs import FIELDS, Runs
from engine.problems.given_weights import GIVEN_WEIGHTS
from engine.problems.presets import GROUPS, PRESETS
from engine.problems.registry import PROBLEMS, load_shared
from engine.training.config import Config
from engine.training.run import Run
from tests.engine import plain, unrecorded


@lru_cache(maxsize=64)
def trained(name, epochs=None):
    """The run of a preset at its last epoch, or at another; nobody changes it."""
    config = PRESETS[name].config
    run = Run(config, load_shared(config))
    run.advance(config.epochs if epochs is None else epochs)
    return run


def loss(name, part="train", **choices):
    return trained(name, **choices).losses[part]


def outputs(name, epoch):
    return trained(name).at(epoch).layers[-1].a


def mean_over(name, seeds, measure):
    return np.mean([measure(ended(name, seed)) for seed in range(seeds)])


def last(name, part, seeds):
    """(seeds,) one number of the last record with each seed; the runs train together."""
    configs = [replace(PRESETS[name].config, seed=seed) for seed in range(seeds)]
    runs = Runs(configs, [load_shared(config) for config in configs], [configs[0].epochs])
    runs.advance(np.inf)
    return runs.records[:, 0, FIELDS.index(part)]


@lru_cache(maxsize=64)
def ended(name, seed):
    """The training of a preset after its last epoch; nobody changes it."""
    config = replace(PRESETS[name].config, seed=seed)
    return unrecorded.trained(config, load_shared(config), config.epochs)


def activations(training, part):
    """The activations of each layer for a part of the data."""
    X, _ = load_shared(training.config).part(part)
    weights = [(layer.W, layer.b) for layer in training.network.layers]
    return [a for _, a, _ in plain.forward(weights, training.network.activations, X)]


def last_loss(name):
    """The training loss after the last epoch, the seed being 0."""
    training = ended(name, seed=0)
    return unrecorded.last_record(training, load_shared(training.config))[0]


def fresh_answers(training):
    """The answers on the test part after the last epoch, and the right ones."""
    _, right = load_shared(training.config).part("test")
    return training.output_head.decide(activations(training, "test")[-1]), right


def fresh_accuracy(training):
    answers, right = fresh_answers(training)
    return np.mean(answers == right)


# The registry


@pytest.mark.parametrize("name", PRESETS)
def test_it_loads_trains_and_survives_the_address_bar(name):
    preset = PRESETS[name]
    assert preset.group in GROUPS
    assert preset.about.endswith(".")
    assert 20 < len(preset.about) <= 100
    run = trained(name, epochs=2)
    assert np.isfinite(run.losses["train"]).all()
    assert run.dataset.notes == () or name == "digits"
    assert Config.from_query(preset.config.to_query()) == (preset.config, [])


def test_titles_differ_and_groups_stand_together():
    assert len({preset.title for preset in PRESETS.values()}) == len(PRESETS)
    groups = [preset.group for preset in PRESETS.values()]
    assert groups == sorted(groups, key=GROUPS.index)
    assert set(groups) == set(GROUPS)


def test_the_first_preset_is_the_first_run():
    assert next(iter(PRESETS.values())).config == Config()


@pytest.mark.parametrize("name", ["xor", "spiral", "bumps", "digits", "article_classes"])
def test_a_preset_of_a_problem_is_what_the_problem_suggests(name):
    suggestion = Config(dataset=name, **PROBLEMS[name].suggested)
    assert replace(PRESETS[name].config, epochs=0) == suggestion


def test_every_start_is_used_and_has_the_shapes_of_layers():
    assert {preset.config.start for preset in PRESETS.values()} - {""} == set(GIVEN_WEIGHTS)
    for layers in GIVEN_WEIGHTS.values():
        n_in = None
        for W, b in layers:
            assert np.shape(W)[0] == len(b)
            assert n_in in (None, np.shape(W)[1])
            n_in = len(b)


# By hand


def test_the_linear_neuron_is_mental_arithmetic():
    run = trained("linear_neuron")
    start, after = (run.at(epoch).layers[0] for epoch in (0, 1))
    assert (start.a.item(), start.dW.item(), start.db.item()) == (7, -8, -4)
    assert after.W.item() == pytest.approx(3.4, rel=1e-15)
    assert after.b.item() == pytest.approx(1.2, rel=1e-15)
    np.testing.assert_allclose(loss("linear_neuron")[:2], [4, 1], rtol=1e-14)


@pytest.mark.parametrize(
    ("name", "first", "last"),
    [
        ("mazur", 0.29102777369359933, 3.510187782978859e-05),
        ("mazur_biases", 0.28047144679143016, 2.4475622359322627e-06),
    ],
)
def test_mazurs_losses_are_his(name, first, last):
    losses = loss(name, epochs=1)
    np.testing.assert_allclose(losses, [0.2983711087600027, first], rtol=1e-14)
    assert PRESETS[name].config.epochs == 10_000
    assert last_loss(name) == pytest.approx(last, rel=1e-9)


@pytest.mark.parametrize(
    ("name", "golden"),
    [
        ("one_neuron_easy", {0: 0.817574, 300: 0.093956}),
        (
            "one_neuron_hard",
            {0: 0.982014, 50: 0.975933, 100: 0.964131, 150: 0.933417, 200: 0.788736, 300: 0.202848},
        ),
        ("one_neuron_cross_entropy", {0: 0.982014, 50: 0.098504, 100: 0.041072, 300: 0.012009}),
    ],
)
def test_one_neuron_learns_as_nielsen_shows(name, golden):
    for epoch, output in golden.items():
        assert outputs(name, epoch).item() == pytest.approx(output, abs=1e-6)


def test_a_large_error_has_a_small_delta_unless_cross_entropy_is_used():
    delta = trained("one_neuron_hard").at(0).layers[0].delta.item()
    assert delta == pytest.approx(0.017345, abs=1e-6)
    delta = trained("one_neuron_cross_entropy").at(0).layers[0].delta.item()
    assert delta == pytest.approx(0.982014, abs=1e-6)


@pytest.mark.parametrize(
    ("name", "start", "first"),
    [
        ("xor_fast", 0.787752, 350),
        ("xor_fast_2", 0.763648, 366),
        ("xor_late_a", 0.762530, 2352),
        ("xor_late_b", 0.695039, 2987),
        ("xor_hand_made", 4.546e-05, 0),
        ("xor_goodfellow", 0, 0),
    ],
)
def test_xor_is_solved_when_it_should_be(name, start, first):
    assert PRESETS[name].config.epochs >= first + 10
    losses = loss(name, epochs=first + 10)
    assert losses[0] == pytest.approx(start, abs=1e-6)
    assert abs(int(np.argmax(losses < 0.1)) - first) <= 2
    assert losses.min() < 0.1


@pytest.mark.parametrize(
    ("name", "last", "predictions"),
    [
        ("xor_stuck_347", 0.347769, (0.0013, 0.4995, 0.9987, 0.5006)),
        ("xor_stuck_477", 0.478767, (0.0018, 0.6657, 0.6657, 0.6669)),
    ],
)
def test_xor_is_stuck_where_it_should_be(name, last, predictions):
    assert PRESETS[name].config.epochs == 5000
    assert last_loss(name) == pytest.approx(last, abs=1e-6)
    answers = activations(ended(name, seed=0), "train")[-1]
    np.testing.assert_allclose(answers[0], predictions, atol=1e-4)


def test_goodfellows_network_is_exact():
    snapshot = trained("xor_goodfellow").at(100)
    assert snapshot.layers[-1].a.tolist() == [[0, 1, 1, 0]]
    assert not any(layer.delta.any() for layer in snapshot.layers)


def test_the_plateau_has_a_large_delta_above_and_a_small_one_below():
    snapshot = trained("xor_late_a", epochs=1000).at(1000)
    assert snapshot.losses["train"] == pytest.approx(log(2), abs=1e-3)
    below, above = (4 * np.abs(layer.delta).mean() for layer in snapshot.layers)
    assert above == pytest.approx(0.5, abs=0.01)
    assert below < 0.05


# Why training fails


@pytest.mark.parametrize("epoch", [0, 1, 10, 500, 2000])
def test_equal_units_stay_equal(epoch):
    first = trained("equal_start").at(epoch).layers[0]
    assert np.ptp(first.W, axis=0).max() == 0
    assert np.ptp(first.delta, axis=0).max() == 0


def test_equal_units_do_no_better_than_a_straight_line():
    assert loss("equal_start", "train_metric")[-1] == pytest.approx(0.845, abs=0.006)


def test_zero_weights_stay_zero():
    snapshot = trained("zero_start").at(200)
    assert all(not layer.W.any() for layer in snapshot.layers)
    assert snapshot.losses["train"] == pytest.approx(log(2), abs=1e-12)


def test_sigmoid_layers_lose_the_error_term_and_tanh_layers_keep_it():
    size = {name: loss(name, "delta")[0] for name in ("vanishing", "not_vanishing")}
    assert 3e-4 < size["vanishing"][0] / size["vanishing"][-1] < 5e-3
    assert size["not_vanishing"][0] / size["not_vanishing"][-1] > 0.05
    assert loss("vanishing")[-1] > 0.68
    assert loss("not_vanishing", "train_metric")[-1] > 0.95


def test_large_weights_saturate():
    run = trained("saturated")
    a = run.at(0, run.dataset.train).layers[0].a
    assert ((a < 0.05) | (a > 0.95)).mean() == pytest.approx(0.81, abs=0.1)
    assert (a * (1 - a)).mean() == pytest.approx(0.032, abs=0.015)
    assert run.losses["train"][-1] > 0.4


def silent(layers):
    """(units,) True for the units of the first layer that give 0 for every example."""
    return (layers[0] == 0).all(axis=1)


def test_a_dead_unit_never_moves_again():
    run = trained("dead_relu")
    early, late = (run.at(epoch, run.dataset.train).layers[0] for epoch in (100, 200))
    gone = silent([early.a])
    assert gone.mean() > 0.5
    assert not late.delta[gone].any()
    assert not late.dW[gone].any()
    np.testing.assert_array_equal(late.W[gone], early.W[gone])


def test_most_relu_units_die_at_a_rate_of_twenty():
    assert mean_over("dead_relu", 10, lambda one: silent(activations(one, "train")).mean()) > 0.5


def test_raw_inputs_saturate_before_the_first_step():
    run = trained("raw_inputs")
    assert (np.abs(run.at(0, run.dataset.train).layers[0].a) > 0.95).mean() > 0.9
    assert run.losses["train"][-1] > 1.08
    scaled = replace(run.config, scaling="standard")
    scaled = Run(scaled, load_shared(scaled))
    scaled.advance(200)
    assert scaled.losses["train_metric"][-1] > 0.98


@pytest.mark.parametrize(
    ("name", "rate"), [("rate_one_step", 0.5), ("rate_edge", 1.0), ("rate_too_large", 1.01)]
)
def test_the_loss_follows_the_law_of_curvature_two(name, rate):
    t = np.arange(21)
    np.testing.assert_allclose(
        loss(name)[:21], 13 * (1 - 2 * rate) ** (2 * t), rtol=1e-9, atol=1e-24
    )


@pytest.mark.parametrize(
    ("momentum", "peak", "last"),
    [(0, None, 3.0), (0.5, 3.209153, 3.0), (0.9, 5.126922, 3.00004), (0.99, 5.911928, 4.006887)],
)
def test_momentum_overshoots_as_far_as_it_should(momentum, peak, last):
    config = replace(PRESETS["momentum"].config, momentum=momentum)
    run = Run(config, load_shared(config))
    w = [run.at(0).layers[0].W.item()]
    for _ in range(200):
        run.advance()
        w.append(run.network.layers[0].W.item())
    assert max(w) == pytest.approx(peak or 3, abs=1e-5 if peak else 1e-9)
    assert w[-1] == pytest.approx(last, abs=1e-5)


def test_batches_of_one_learn_more_per_epoch_and_jump_about():
    one, whole = (loss(name, "running")[1:] for name in ("batch_of_one", "batch_of_all"))
    assert np.abs(np.diff(one)).mean() > 3 * np.abs(np.diff(whole)[5:]).mean()
    assert loss("batch_of_one")[-1] < loss("batch_of_all")[-1] - 0.1
    assert loss("batch_of_all")[-1] == pytest.approx(0.314, abs=0.02)


# Generalisation


def test_three_cuts_enclose_a_disc_and_two_do_not():
    assert last("disc_2", "train_metric", seeds=5).max() <= 0.82
    assert last("disc_3", "train_metric", seeds=5).min() > 0.95


def test_eight_bends_follow_the_sine():
    assert last("sine", "train", seeds=5).mean() < 0.02


def test_forty_points_are_overfitted_and_two_medicines_help():
    validation = {
        name: last(name, "validation", seeds=3).mean()
        for name in ("overfitting", "overfitting_l2", "overfitting_dropout")
    }
    losses = trained("overfitting").losses
    assert losses["train"][-1] < 0.01
    assert losses["validation"][-1] > 2 * losses["validation"].min()
    assert validation["overfitting_l2"] < 0.6 * validation["overfitting"]
    assert validation["overfitting_dropout"] < 0.6 * validation["overfitting"]


def test_random_classes_are_learned_by_heart_and_no_further():
    assert last("random_labels", "train_metric", seeds=1) >= 0.98
    assert mean_over("random_labels", 3, fresh_accuracy) == pytest.approx(0.5, abs=0.05)


def test_accuracy_hides_that_the_rare_class_is_missed():
    training = ended("imbalance", seed=0)
    answers, right = fresh_answers(training)
    assert fresh_accuracy(training) == pytest.approx(0.96, abs=0.01)
    assert 0.3 < np.mean(answers[right == 1]) < 0.5


def informative(training):
    """Mean |W⁽¹⁾| of the two useful inputs over that of the eight useless ones."""
    columns = np.abs(training.network.layers[0].W).mean(axis=0)
    return columns[:2].mean() / columns[2:].mean()


def test_l2_finds_out_the_useless_inputs():
    assert mean_over("useless_inputs", 3, informative) < 1.2
    assert mean_over("useless_inputs_l2", 3, informative) > 1.5
    plain, treated = (
        mean_over(name, 3, fresh_accuracy) for name in ("useless_inputs", "useless_inputs_l2")
    )
    assert treated > plain


# The article


def test_the_articles_line_arrives():
    layer = trained("article_line").network.layers[0]
    assert layer.W.item() == pytest.approx(3, abs=0.05)
    assert layer.b.item() == pytest.approx(2, abs=0.05)


def test_the_articles_classifier_starts_near_chance_and_its_masks_cost():
    losses = trained("article_classes").losses
    assert losses["train"][0] == pytest.approx(log(7), abs=0.25)
    assert losses["running"][5] > losses["validation"][5] > losses["train"][5]
    assert losses["validation"][20] < 0.8 * log(7)
