"""Each rule names what an experiment shows, keeps quiet where it does not, and counts right."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from benchmarks.diagnosis import CASES, WELL, Case, own, weights, well
from engine.data.dataset import Dataset
from engine.diagnosis.diagnosis import RULES, observe
from engine.diagnosis.observations import gather_observations
from engine.evaluation.metrics import classification_report
from engine.problems.presets import PRESETS, line_run
from engine.problems.registry import load_shared
from engine.training import history
from engine.training.config import Config
from engine.training.events import Event
from engine.training.options import ChoiceValue
from engine.training.run import Run

EVERY = [(group, at) for group, cases in CASES.items() for at in range(len(cases))]
SHOWN = [(group, at) for group, at in EVERY if CASES[group][at].expected]
TITLE, EVIDENCE, REMEDY = 56, 165, 100  # characters that the panel under the player has room for


@pytest.fixture(scope="module", autouse=True)
def few_checkpoints():
    """Keep few states of each run: what is found does not depend on how many there are."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(history, "MOST_CHECKPOINTS", 16)
        yield


@cache
def equal_run(config: Config, epochs: int, data: Dataset | None, events: tuple[Event, ...]) -> Run:
    """The run of these settings; nobody changes it. The cure of one case is often another case."""
    run = Run(config, data or load_shared(config), events)
    run.advance(epochs)
    return run


def done(group: str, at: int) -> Run:
    """The run of one case at its epoch; nobody changes it."""
    case = CASES[group][at]
    return equal_run(replace(case.config, epochs=0), case.epoch, case.data, case.events)


def cured(group: str, at: int, change: dict[str, ChoiceValue]) -> Run:
    """The run of one case with a change, trained for as long as any case of its group."""
    config, data = replace(CASES[group][at].config, epochs=0, **change), CASES[group][at].data
    if data and "scaling" in change:
        data = data.standardised()
    longest = max(case.epoch for case in CASES[group] if case.expected)
    return equal_run(config, longest, data, ())


def trained(config: Config, epochs: int) -> Run:
    run = Run(config, load_shared(config))
    run.advance(epochs)
    return run


def found(run: Run, epoch: int | None = None):
    return [finding.rule for finding in observe(run, run.epochs if epoch is None else epoch)]


def finding(run: Run, rule: str, epoch: int | None = None):
    """What one rule says of a run."""
    all_of_them = observe(run, run.epochs if epoch is None else epoch)
    return next(one for one in all_of_them if one.rule == rule)


# What is named


@pytest.mark.parametrize(("group", "at"), EVERY)
def test_an_experiment_is_named_by_what_it_shows_and_by_nothing_else(group, at):
    assert tuple(found(done(group, at))) == CASES[group][at].expected


@pytest.mark.parametrize("name", WELL)
def test_nothing_is_found_where_all_is_well(name):
    cases = well(name)
    run = trained(cases[0].config, max(case.epoch for case in cases))
    assert {case.epoch: found(run, case.epoch) for case in cases} == {
        case.epoch: [] for case in cases
    }


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_has_an_experiment_that_shows_it_and_one_beside_it_that_does_not(rule):
    groups = [cases for cases in CASES.values() if any(rule in case.expected for case in cases)]
    assert groups
    assert any(rule not in case.expected for cases in groups for case in cases)


def test_a_rule_explains_only_rules_that_there_are():
    assert {other for rule in RULES.values() for other in rule.explains} <= set(RULES)


@pytest.mark.parametrize(("group", "at"), SHOWN)
def test_a_finding_is_a_few_sentences_with_numbers_and_bears_its_rules_name(group, at):
    for one in observe(done(group, at), done(group, at).epochs):
        assert one.rule in RULES
        assert len(one.title) <= TITLE
        assert len(one.evidence) <= EVIDENCE
        assert len(one.remedy) <= REMEDY
        assert not one.title.endswith(".")
        assert one.evidence.endswith(".")
        assert one.remedy.endswith(".")
        assert any(letter.isdigit() for letter in one.evidence)
        assert "!" not in one.title + one.evidence + one.remedy


@pytest.mark.parametrize(("group", "at"), SHOWN)
def test_what_a_finding_proposes_is_a_choice_that_helps(group, at):
    case, run = CASES[group][at], done(group, at)
    for one in observe(run, run.epochs):
        if not one.change:
            continue
        assert replace(run.config, **one.change) != run.config
        treated, epoch = cured(group, at, one.change), case.epoch
        assert one.rule not in found(treated, epoch) or better(treated, run, one.rule, epoch)


def better(treated: Run, run: Run, rule: str, epoch: int) -> bool:
    """Whether a finding that one change cannot end has at least become less."""
    part = {"too_slow": "train", "overfitting": "validation"}.get(rule)
    if part:
        return treated.losses[part][epoch] < run.losses[part][epoch]
    off, before = (int(finding(one, rule, epoch).title.split()[4]) for one in (treated, run))
    return rule == "silenced" and off < before


def test_without_a_penalty_units_that_grow_alike_are_no_finding():
    """Only what was the same from the start is called so: L2 makes copies of its own."""
    run = trained(PRESETS["overfitting_l2"].config, 1000)
    assert any(gather_observations(run, 1000).layers[0].W.any(axis=1))
    assert "identical_units" not in found(run)


# The numbers


def test_the_dead_are_those_that_say_nothing_to_any_training_example():
    run = done("X9 Dead ReLU", 0)
    silent = (run.at(200, run.dataset.train).layers[0].a == 0).all(axis=1).sum()
    assert finding(run, "dead_relu").title == f"{silent} of 8 units of layer 1 are dead"


def test_the_share_of_saturated_answers_is_counted():
    run = done("X7 Saturation", 2)
    a = run.at(0, run.dataset.train).layers[0].a
    share = np.mean((a < 0.05) | (a > 0.95))
    assert finding(run, "saturated").title.startswith(f"{share * 100:.0f}\u202f%")


@pytest.mark.parametrize(("at", "rule"), [(0, "vanishing"), (4, "exploding")])
def test_what_reaches_the_first_layer_is_a_ratio_of_root_mean_squares(at, rule):
    run = done("X6 Vanishing gradient with depth", at)
    layers = run.at(run.epochs, run.dataset.train).layers
    first, last = (np.sqrt(np.mean(layer.delta**2)) for layer in (layers[0], layers[-1]))
    text = finding(run, rule).evidence.split(" times")[0].removeprefix("δ⁽¹⁾ is ")
    assert float(text.replace("−", "-")) == pytest.approx(first / last, rel=5e-3)


def test_overfitting_begins_after_the_lowest_validation_loss():
    run = done("X14 Overfitting and its medicines", 0)
    lowest = int(np.argmin(run.losses["validation"]))
    assert finding(run, "overfitting").title == f"Overfitting since epoch {lowest}"
    assert "overfitting" not in found(run, lowest)


def test_the_recall_of_the_rare_class_is_the_reports():
    run = done("X19 Class imbalance", 0)
    a = run.at(run.epochs, run.dataset.train).layers[-1].a
    report = classification_report(run.dataset, "train", run.output_head.decide(a))
    said = finding(run, "imbalance").evidence
    accuracy, recall = (
        f"{report.loc[row, column] * 100:.0f}\u202f%"
        for row, column in (("accuracy", "f1"), (run.dataset.classes[1], "recall"))
    )
    assert said.startswith(f"Accuracy is {accuracy}")
    assert f"The lowest recall of a class is {recall}" in said


@pytest.mark.parametrize("rate", [0.1, 0.5, 0.9, 1.0, 1.1])
def test_on_a_line_of_curvature_two_the_share_of_the_limit_is_the_learning_rate(rate):
    assert gather_observations(trained(line_run(rate), 3), 3).limit_share == pytest.approx(
        rate, rel=1e-8
    )


@pytest.mark.parametrize(
    ("optimizer", "stable"), [("sgd", 2.0), ("momentum", 3.8), ("nesterov", 3.8 / 2.8)]
)
def test_the_curvature_is_the_largest_eigenvalue_of_the_second_derivatives(optimizer, stable):
    config = replace(PRESETS["xor_fast"].config, optimizer=optimizer, momentum=0.9, l2=0.01)
    run = trained(config, 5)
    theta, step = run.network.theta.copy(), 1e-5
    H = np.empty((len(theta), len(theta)))
    for i in range(len(theta)):
        sides = []
        for sign in (1, -1):
            moved = theta.copy()
            moved[i] += sign * step
            sides.append(gradient(config, moved))
        H[i] = (sides[0] - sides[1]) / (2 * step)
    largest = np.linalg.eigvalsh((H + H.T) / 2).max()
    assert gather_observations(run, 5).limit_share == pytest.approx(
        config.learning_rate * largest / stable, rel=1e-3
    )


def gradient(config: Config, theta: np.ndarray) -> np.ndarray:
    """dL/dtheta of the whole training part at theta, by the run's own snapshot."""
    run = Run(config, load_shared(config))
    run.live.network.theta[:] = theta
    layers = run.at(0, run.dataset.train).layers
    return np.concatenate([np.hstack([layer.dW, layer.db]).ravel() for layer in layers])


@pytest.mark.parametrize("choices", [{"batch_size": 10}, {"optimizer": "adam"}, {"dropout": 0.5}])
def test_the_edge_is_not_measured_where_it_means_nothing(choices):
    config = replace(PRESETS["batch_of_all"].config, **choices)
    assert np.isnan(gather_observations(trained(config, 2), 2).limit_share)


def test_a_unit_is_a_twin_only_if_all_its_weights_in_and_out_are():
    equal, outside = [[1.0, 2.0]] * 2 + [[2.0, 1.0]], [[0.5, 0.5, 0.5]]
    config = Config(dataset="moons_200", hidden=(3,), batch_size=0)
    first = weights(1, equal)
    case = Case("", config, 0, (), None, first + weights(2, outside))
    assert finding(case.run(), "identical_units").title.startswith("2 of 3 units")
    other = Case("", config, 0, (), None, first + weights(2, [[0.5, -0.5, 0.5]]))
    assert found(other.run()) == []


def test_an_input_is_named_with_its_size():
    data = own("cubes", np.array([[1.0, 30.0], [-1.0, -30.0], [1.0, -30.0]]), np.array([0, 1, 1]))
    run = Run(Config(dataset="moons_200", scaling="none"), data)
    assert finding(run, "unscaled", 0).evidence.startswith("x2 is about 30")


# Any epoch, and nothing changed by looking


@pytest.mark.parametrize("name", ["dead_relu", "overfitting_dropout", "imbalance"])
def test_an_epoch_behind_is_observed_as_it_was_when_it_was_the_last(name):
    config = PRESETS[name].config
    run, at_once = trained(config, 60), trained(config, 37)
    assert observe(run, 37) == observe(at_once, 37)


def test_looking_changes_nothing():
    config = replace(PRESETS["article_classes"].config, epochs=0)
    watched, alone = trained(config, 0), trained(config, 6)
    for epoch in range(6):
        observe(watched, epoch)
        watched.advance()
        observe(watched, epoch // 2)
    np.testing.assert_array_equal(watched.losses["train"], alone.losses["train"])
    np.testing.assert_array_equal(watched.network.theta, alone.network.theta)


def test_a_change_on_the_way_counts_from_its_epoch_on():
    run = trained(PRESETS["rate_too_large"].config, 10)
    run.change(10, learning_rate=0.5)
    run.advance(10)
    assert found(run, 9) == ["too_fast"]
    assert found(run, 20) == []


@pytest.mark.parametrize(
    "config",
    [
        Config(size=1),
        Config(hidden=()),
        Config(dataset="diabetes", loss="poisson", hidden=(3, 2)),
        Config(dataset="iris", output="softmax", class_weights="balanced", precision="float32"),
        Config(dataset="line", activation="relu", init="zeros", learning_rate=1000.0),
        Config(dataset="mazur", l1=0.1, batch_size=0, optimizer="nesterov"),
    ],
    ids=str,
)
def test_any_run_can_be_looked_at(config):
    run = trained(config, 12)
    for epoch in {0, min(1, run.epochs), run.epochs // 2, run.epochs}:
        assert isinstance(observe(run, epoch), tuple)
