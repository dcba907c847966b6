"""The classic mistakes: each is what it says, and the check finds it where the loss may not."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from scipy.special import expit

from benchmarks.sabotage import CHECKED, FIGURES, MARGIN, RIGHT_PROGRAM, begun, checked, worst
from benchmarks.sabotage import configuration as suited
from engine.gradcheck.bug_injection import BuggyTraining
from engine.gradcheck.bugs import BUGS, BuggyRun
from engine.gradcheck.gradient_check import batch_for, training_for_check
from engine.nn.equations import execute, flatten_steps
from engine.problems.registry import load_shared
from engine.training.config import Config
from engine.training.training import Training
from tests.engine import unrecorded

SEEDS = {"hidden_sign": 20, "summed": 20}  # whose seeds differ widely
FEW = 5
PATTERNS = {  # the parts of 2-8-1, or of what the fault needs, that come out wrong
    "slope_of_a": "W1 b1",
    "updated_first": "W1 b1",
    "mean_of_bias": "b1 b2",
    "no_bias": "b1 b2",
    "squared_delta": "W1 b1 W2 b2",
    "random_feedback": "W1 b1",
    "no_slope": "W1 b1",
    "frozen_below": "W1 b1",
    "not_transposed": "W1 b1",
    "hidden_sign": "W1 b1",
    "summed": "W1 b1 W2 b2",
    "uphill": "W1 b1 W2 b2",
    "no_mask": "W1 b1",
    "half_penalty": "W1 W2",
    "unweighted": "W1 b1 W2 b2",
}
every_fault = pytest.mark.parametrize("name", BUGS)


@cache
def trained(name):
    """A run with a fault on what suits it, trained to the last epoch that is checked."""
    run = begun(name)
    run.advance(max(CHECKED))
    return run


@cache
def finding_at(name, epoch):
    """What the check finds of a fault at an epoch; nobody changes it."""
    return checked(trained(name), epoch)


def last_accuracy(name, seed):
    """The accuracy after the last epoch; what no epoch before it needs is not computed."""
    run = begun(name, seed)
    training = unrecorded.advance(run.live, run.config.epochs)
    _, _, accuracy, *_ = run.evaluator.evaluate(training.network.theta)
    return accuracy


def equations(training):
    """All equations of one batch, without their steps."""
    batch = training.chunks[0][1].groups[0].batches[0]
    found = [*training.gradient(batch), *training.after_gradient()]
    return [(one.phase, one.rule, one.layer, one.tex) for one in found]


def gradient(training, batch):
    """(P,) what the program finds, penalties included."""
    execute(flatten_steps(training.gradient(batch)))
    execute(flatten_steps(e for e in training.after_gradient() if e.phase == "penalty"))
    return training.network.grad.copy()


# The check finds them


@every_fault
@pytest.mark.parametrize("epoch", CHECKED)
def test_the_check_finds_every_fault_early_and_late(name, epoch):
    finding = finding_at(name, epoch)
    assert finding.band.name in ("wrong", "doubtful")
    assert finding.error[finding.worst] > 1e-3


@every_fault
def test_the_pattern_of_what_is_wrong_is_the_faults_own(name):
    finding = finding_at(name, 100)
    assert finding.wrong_parts == PATTERNS[name].split()
    right = set(finding.tensors) - set(finding.wrong_parts)
    assert all(finding.tensors[part] < 1e-7 for part in right)


@pytest.mark.parametrize("epoch", CHECKED)
def test_the_check_finds_nothing_in_the_right_program(epoch):
    finding = finding_at(RIGHT_PROGRAM, epoch)
    assert finding.band.name == "right"
    assert worst(finding) < 1e-7


def test_some_errors_are_known_exactly():
    n = 200
    for name, parts, error in (
        ("summed", "W1 b1 W2 b2", (n - 1) / (n + 1)),
        ("uphill", "W1 b1 W2 b2", 1),
        ("hidden_sign", "W1 b1", 1),
        ("frozen_below", "W1 b1", 1),
        ("mean_of_bias", "b1 b2", (n - 1) / (n + 1)),
        ("no_bias", "b1 b2", 1),
    ):
        found = finding_at(name, 0).tensors
        assert all(found[part] == pytest.approx(error, abs=1e-6) for part in parts.split())


def test_a_mistaken_slope_hides_early_and_a_late_update_hides_late():
    early, late = (worst(finding_at("slope_of_a", epoch)) for epoch in CHECKED)
    assert early < 0.3 < late
    early, late = (worst(finding_at("updated_first", epoch)) for epoch in CHECKED)
    assert late < 0.05 < early


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("mean_of_bias", "Only biases are wrong"),
        ("half_penalty", "the penalties"),
        ("no_slope", "Layer 1 is wrong and the layers above are right"),
        ("uphill", "the first error term"),
    ],
)
def test_the_place_is_told_from_the_pattern(name, words):
    assert words in finding_at(name, 100).place


def test_nothing_is_told_of_the_right_program():
    assert finding_at(RIGHT_PROGRAM, 0).place == ""


# They train as well, or as badly, as they should


@pytest.mark.parametrize("name", FIGURES)
def test_the_accuracy_is_that_of_an_independent_implementation(name):
    found = [last_accuracy(name, seed) for seed in range(SEEDS.get(name, FEW))]
    assert np.mean(found) == pytest.approx(FIGURES[name], abs=MARGIN)


# Each is the mistake that its words describe: once more, by hand


def by_hand(theta, x, y, name, rate=1.0, B=None):
    """The gradient of 2-3-1, tanh and sigmoid with cross-entropy, with a mistake in plain sight."""
    W1, b1, W2, b2 = theta[:9].reshape(3, 3)[:, :2], theta[2:9:3][:, None], theta[9:12], theta[12]
    W2, n = W2[None], x.shape[1]
    z1 = W1 @ x + b1
    a1 = np.tanh(z1)
    p = expit(W2 @ a1 + b2)
    d2 = (p - y) / n
    d2 = {"summed": d2 * n, "uphill": -d2, "squared_delta": 2 * d2 * p * (1 - p)}.get(name, d2)
    dW2, db2 = d2 @ a1.T, d2.sum(axis=1, keepdims=True)
    sent = {"updated_first": W2 - rate * dW2, "random_feedback": B, "hidden_sign": -W2}
    slope = {"slope_of_a": 1 - np.tanh(a1) ** 2, "no_slope": np.ones_like(z1)}
    d1 = sent.get(name, W2).T @ d2 * slope.get(name, 1 - np.tanh(z1) ** 2)
    dW1, db1 = d1 @ x.T, d1.sum(axis=1, keepdims=True)
    if name == "frozen_below":
        dW1, db1 = 0 * dW1, 0 * db1
    share = {"mean_of_bias": 1 / n, "no_bias": 0}.get(name, 1)
    blocks = np.hstack([dW1, share * db1]), np.hstack([dW2, share * db2])
    return np.concatenate([block.ravel() for block in blocks])


BY_HAND = [
    name for name in BUGS if name not in ("not_transposed", "no_mask", "half_penalty", "unweighted")
]


@pytest.mark.parametrize("name", BY_HAND)
def test_the_gradient_is_the_one_worked_by_hand(name):
    config = Config(dataset="moons_200", hidden=(3,), learning_rate=0.7, batch_size=0)
    data = load_shared(config)
    training = BuggyTraining(config, data, BUGS[name])
    theta = np.random.default_rng(5).normal(size=13)
    training.network.theta[:] = theta
    batch = batch_for(training)
    B = training.feedback(1, training.network.layers[1].W)
    expected = by_hand(theta, batch.x[:-1], batch.y, name, 0.7, B)
    np.testing.assert_allclose(gradient(training, batch), expected, rtol=1e-11, atol=1e-15)
    right = by_hand(theta, batch.x[:-1], batch.y, "", 0.7, B)
    assert np.abs(expected - right).max() > 1e-3


def pair_of(name, **choices):
    """The same network with the fault and without, on the same batch."""
    config = replace(suited(name), **choices)
    data = load_shared(config)
    theta = Training(config, data).network.theta
    faulty, right = (
        training_for_check(config, data, theta, name),
        training_for_check(config, data, theta),
    )
    return faulty, batch_for(faulty), right, batch_for(right)


def test_a_matrix_that_is_not_transposed_is_the_same_when_it_is_symmetric():
    faulty, batch, right, same = pair_of("not_transposed")
    for training in (faulty, right):
        W = training.network.layers[1].W
        W[...] = W + W.T
    np.testing.assert_allclose(gradient(faulty, batch), gradient(right, same), rtol=1e-10)


def test_a_forgotten_mask_sends_blame_to_muted_units_as_to_others():
    faulty, batch, right, same = pair_of("no_mask")
    own = batch.layers[0]
    gradient(faulty, batch)
    gradient(right, same)
    heard = same.layers[0].mask > 0
    np.testing.assert_allclose(2 * own.delta[heard], same.layers[0].delta[heard], rtol=1e-12)
    assert not same.layers[0].delta[~heard].any()
    assert own.delta[~heard].all()


def test_half_the_penalty_is_half_the_penalty():
    faulty, batch, right, same = pair_of("half_penalty", l2=0.02)
    half = Training(replace(right.config, l2=0.01), load_shared(right.config))
    np.testing.assert_allclose(
        gradient(faulty, batch), gradient(half, batch_for(half)), rtol=1e-12, atol=1e-16
    )
    assert np.abs(gradient(faulty, batch) - gradient(right, same)).max() > 1e-3


def test_forgotten_class_weights_are_no_class_weights():
    faulty, batch, _, _ = pair_of("unweighted")
    alike = Training(replace(faulty.config, class_weights="none"), load_shared(faulty.config))
    np.testing.assert_array_equal(gradient(faulty, batch), gradient(alike, batch_for(alike)))


# The registry


@every_fault
def test_what_is_printed_differs_where_the_fault_is_and_nowhere_else(name):
    config = suited(name)
    data = load_shared(config)
    right, wrong = (
        equations(Training(config, data)),
        equations(BuggyTraining(config, data, BUGS[name])),
    )
    place = BUGS[name].place
    assert [one for one in right if one[:2] != place] == [one for one in wrong if one[:2] != place]
    changed = [one for one in right if one not in wrong]
    assert changed
    assert all(one[:2] == place for one in changed)
    assert set(wrong) != set(right)


@pytest.mark.parametrize("name", [n for n in BUGS if BUGS[n].place[1] in ("slope", "back")])
def test_the_lines_beside_each_other_are_those_of_the_programs(name):
    config = suited(name)
    data = load_shared(config)
    for training, line in (
        (Training(config, data), BUGS[name].right_tex),
        (BuggyTraining(config, data, BUGS[name]), BUGS[name].wrong_tex),
    ):
        place = (*BUGS[name].place, 1)
        own = [tex for *where, tex in equations(training) if tuple(where) == place]
        assert [tex.split(r", \quad ")[0] for tex in own] == [line]


@every_fault
def test_it_is_described_in_sentences_with_the_right_line_beside(name):
    fault = BUGS[name]
    assert fault.wrong.endswith(".")
    assert fault.seen.endswith(".")
    assert fault.right_tex != fault.wrong_tex
    assert len(fault.label) < 36


def test_labels_differ():
    assert len({fault.label for fault in BUGS.values()}) == len(BUGS)


@pytest.mark.parametrize(
    ("name", "choices", "words"),
    [
        ("slope_of_a", {"activation": "relu"}, "other than linear, relu"),
        ("updated_first", {"hidden": ()}, "without a hidden layer"),
        ("mean_of_bias", {"batch_size": 1}, "one example"),
        ("mean_of_bias", {"biases": "frozen"}, "frozen"),
        ("no_bias", {"biases": "frozen"}, "frozen"),
        ("squared_delta", {"loss": "mse"}, "the loss is mse"),
        ("random_feedback", {"hidden": ()}, "without a hidden layer"),
        ("no_slope", {"activation": "linear"}, "slope other than 1"),
        ("frozen_below", {"hidden": ()}, "without a hidden layer"),
        ("not_transposed", {}, "the shapes do not fit"),
        ("hidden_sign", {"hidden": ()}, "without a hidden layer"),
        ("summed", {"batch_size": 1}, "one example"),
        ("no_mask", {}, "no dropout"),
        ("half_penalty", {}, "penalty is 0"),
        ("unweighted", {}, "the same weight"),
    ],
)
def test_where_it_cannot_be_made_a_sentence_says_why(name, choices, words):
    config = replace(suited(RIGHT_PROGRAM), **choices)
    with pytest.raises(ValueError, match=words) as raised:
        BuggyRun(config, load_shared(config), name)
    assert str(raised.value).startswith(f"'{BUGS[name].label}' is not possible here: ")
    assert str(raised.value).endswith(".")


@pytest.mark.parametrize("hidden", [(), (3,), (3, 3), (4, 2, 2)], ids=str)
@pytest.mark.parametrize("activation", ["tanh", "relu", "linear", "elu"])
@pytest.mark.parametrize(
    "choices",
    [{}, {"dropout": 0.5, "l2": 0.01}, {"class_weights": "balanced", "loss": "mse"}],
    ids=["plain", "medicine", "weighted"],
)
def test_where_it_can_be_made_it_changes_the_gradient(hidden, activation, choices):
    config = Config(
        dataset="gauss_imbalanced", hidden=hidden, activation=activation, batch_size=50, **choices
    )
    data = load_shared(config)
    training = Training(config, data)
    random = np.random.default_rng(3).normal(size=len(training.network.theta))
    right = training_for_check(config, data, random)
    expected = gradient(right, batch_for(right))
    for name, bug in BUGS.items():
        if not bug.not_applicable(training):
            wrong = training_for_check(config, data, random, name)
            assert np.abs(gradient(wrong, batch_for(wrong)) - expected).max() > 1e-6, name


# A faulty run is a run


def test_a_fault_that_changes_nothing_trains_bit_for_bit_like_the_right_program():
    config = Config(hidden=(4, 3), dropout=0.2, l2=0.01, optimizer="adam", dataset="moons")
    data = load_shared(config)
    harmless = BUGS["no_slope"]._replace(change=lambda equation, training, batch: (equation,))
    right, other = Training(config, data), BuggyTraining(config, data, harmless)
    for _ in range(5):
        assert right.epoch() == other.epoch()
    np.testing.assert_array_equal(right.memory, other.memory)


@pytest.mark.parametrize("name", ["slope_of_a", "updated_first", "random_feedback", "no_mask"])
def test_any_epoch_of_a_faulty_run_is_found_again_bit_for_bit(name):
    config = replace(suited(name), batch_size=30)
    data = load_shared(config)
    run, training = BuggyRun(config, data, name), BuggyTraining(config, data, BUGS[name])
    run.advance(60)
    for _ in range(23):
        training.epoch()
    np.testing.assert_array_equal(run.training_at(23).network.theta, training.network.theta)
