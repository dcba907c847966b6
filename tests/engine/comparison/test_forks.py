"""Compare: differences in words, twins, races, and forks that are the run itself, bit for bit."""

from dataclasses import replace

import numpy as np
import pytest

from engine.comparison.forks import (
    RATES,
    describe_choice,
    describe_differences,
    differences,
    fork,
    optimizer_race,
    transplant,
    twin,
)
from engine.nn.optimizers import OPTIMIZERS
from engine.problems.registry import load_shared
from engine.training.config import Config
from engine.training.events import read_events, write_events
from engine.training.run import Run

MOONS = Config(dataset="moons", size=60, hidden=(5,), batch_size=7)
CASES = {
    "descent": MOONS,
    "Adam, dropout": replace(MOONS, optimizer="adam", learning_rate=0.01, dropout=0.3),
    "momentum, input dropout": replace(MOONS, optimizer="momentum", input_dropout=0.2),
    "plateau": replace(MOONS, schedule="plateau", schedule_length=2, learning_rate=1.0),
    "cosine": replace(MOONS, schedule="cosine", schedule_length=20),
    "single precision": replace(MOONS, precision="float32"),
    "patience": replace(MOONS, patience=4, learning_rate=1.0),
}
cases = pytest.mark.parametrize("config", CASES.values(), ids=CASES)


def trained(config, epochs=24, events=()):
    run = Run(config, load_shared(config), events)
    run.advance(epochs)
    return run


def same(one, other):
    """Whether two runs are equal in every record and in the weights of every third epoch."""
    assert one.epochs == other.epochs
    assert (one.finished, one.diverged) == (other.finished, other.diverged)
    assert one.losses.tobytes() == other.losses.tobytes()
    assert np.array_equal(one.live.memory, other.live.memory)
    for epoch in range(0, one.epochs + 1, 3):
        assert np.array_equal(one.at(epoch).theta, other.at(epoch).theta)
    return True


# In words


def test_one_difference_in_words():
    one, other = Config(), replace(Config(), dropout=0.5)
    (found,) = differences([one, other])
    assert (found.name, found.label, found.values) == ("dropout", "Dropout", ("0", "0.5"))
    run, twins = Run(one, load_shared(one)), Run(other, load_shared(other))
    assert describe_differences([run, twins]) == "Differs in: Dropout 0 → 0.5."
    assert describe_differences([run, run]) == "Nothing differs."


def test_several_runs_and_several_differences():
    configs = [replace(MOONS, hidden=hidden, l2=l2) for hidden, l2 in (((), 0), ((4, 2), 0.01))]
    configs.append(configs[0])
    runs = [Run(config, load_shared(config)) for config in configs]
    assert (
        describe_differences(runs)
        == "Differs in: Hidden layers none → 4-2 → none; L2 0 → 0.01 → 0."
    )


def test_different_values_never_sound_alike():
    rates = [0.1, 0.1 + 1e-9, 1e-5, 0.5, 2.0]
    assert [describe_choice("learning_rate", rate) for rate in rates] == [
        *("0.1", "0.100000001", "1e-05", "0.5", "2")
    ]
    assert describe_choice("batch_size", 0) == "all"
    assert [describe_choice("hidden", value) for value in ((), (4, 2))] == ["none", "4-2"]
    assert describe_choice("start", "") == "none"


def test_what_was_changed_on_the_way_is_told():
    runs = [trained(MOONS, 5), trained(MOONS, 5)]
    runs[1].change(3, learning_rate=0.5)
    runs[1].edit(4, "W1.0.0", 2.0)
    assert describe_differences(runs) == (
        "Differs in: run 2: Learning rate 0.5 from epoch 3; run 2: 1 weight set by hand."
    )


# Twins and races


def test_a_twin_differs_in_one_choice():
    assert twin(MOONS, "l2", 0.1) == replace(MOONS, l2=0.1)
    with pytest.raises(ValueError, match="'wings' is not a setting"):
        twin(MOONS, "wings", 2)
    with pytest.raises(ValueError, match=r"L2 \(l2\) is already 0"):
        twin(MOONS, "l2", 0.0)
    with pytest.raises(ValueError, match="must lie between 0 and 10; '99'"):
        twin(MOONS, "l2", 99)


def test_a_race_has_every_optimizer_on_the_same_start_weights():
    configs = optimizer_race(MOONS)
    assert [config.optimizer for config in configs] == list(RATES)
    assert set(RATES) == set(OPTIMIZERS)
    starts = [Run(config, load_shared(config)).at(0).theta for config in configs]
    assert all(np.array_equal(start, starts[0]) for start in starts)
    for config in configs:
        names = {difference.name for difference in differences([MOONS, config])}
        assert names <= {"optimizer", "learning_rate"}


def test_the_race_on_the_spiral_ends_as_the_experiment_says():
    # X13: Adam .01 < RMSprop .01 < descent, and Adam below .1
    config = Config(
        dataset="spiral_400", hidden=(32,), batch_size=0, init="glorot_normal", scaling="standard"
    )
    ends = {one.optimizer: trained(one, 1000).losses["train"][-1] for one in optimizer_race(config)}
    assert ends["adam"] < 0.1
    assert ends["adam"] < ends["rmsprop"] < ends["sgd"]


# Forks


@cases
@pytest.mark.parametrize("epoch", [0, 7, 24])
def test_a_fork_goes_on_as_the_run_itself(config, epoch):
    run = trained(config)
    epoch = min(epoch, run.epochs)
    other = fork(run, epoch)
    assert other.epochs == epoch
    assert np.array_equal(other.at(epoch).theta, run.at(epoch).theta)
    other.advance(24 - epoch)
    assert same(other, run)


@cases
def test_a_fork_with_another_rate_is_the_run_that_was_changed(config):
    changed, run = trained(config, 9), trained(config, 24)
    epoch = min(9, changed.epochs)
    before = run.losses.copy()
    changed.change(epoch, learning_rate=0.02)
    changed.advance(12)
    other = fork(run, epoch, learning_rate=0.02)
    other.advance(12)
    assert same(other, changed)
    assert run.losses.tobytes() == before.tobytes()  # the first one has not moved
    assert run.events == []


def test_a_fork_keeps_earlier_changes_and_forgets_later_ones():
    run = trained(MOONS, 6)
    run.change(6, learning_rate=0.3)
    run.advance(6)
    run.edit(12, "b1.0", 0.5)
    run.advance(6)
    for epoch, kept in ((5, 0), (6, 1), (12, 2), (15, 2)):
        other = fork(run, epoch)
        assert len(other.events) == kept
        assert np.array_equal(other.at(epoch).theta, run.at(epoch).theta)
    straight = trained(MOONS, 18)
    early = fork(run, 5)
    early.advance(13)
    assert same(early, straight)


def test_a_fork_waits_anew_from_a_change_as_the_run_did():
    run = trained(replace(MOONS, patience=5), 4)
    run.change(4, l1=3.0)
    run.advance(3)
    run.change(7, l1=2.0)
    run.advance(40)
    losses = run.losses["validation"]
    assert losses[:5].min() < losses[7:].min()  # the lowest loss of all lies before the change
    assert run.finished
    assert run.best >= 7
    other = fork(run, run.epochs - 2)
    other.advance(40)
    assert same(other, run)


def test_a_fork_at_the_end_of_patience_is_as_finished_as_the_run():
    run = trained(CASES["patience"], 500)
    assert run.finished
    other = fork(run, run.epochs)
    assert other.finished == run.finished
    assert np.array_equal(other.live.memory, run.live.memory)
    assert other.advance(5) == 0
    on = fork(run, run.epochs, learning_rate=0.01)
    assert not on.finished
    assert on.advance(2) == 2


def test_a_fork_of_a_long_run_needs_no_checkpoint_of_its_own_epoch():
    run = trained(replace(MOONS, size=20, batch_size=0), 1500)
    assert run.checkpoints.stride > 1
    other = fork(run, 1001)
    assert np.array_equal(other.at(1001).theta, run.at(1001).theta)
    assert np.array_equal(other.at(500).theta, run.at(500).theta)


def test_no_fork_beyond_the_end():
    with pytest.raises(ValueError, match="between 0 and 3; 4"):
        fork(trained(MOONS, 3), 4)


# Transplants


def test_a_transplant_starts_from_the_weights_and_survives_a_link():
    run = trained(MOONS)
    config = replace(MOONS, optimizer="adam", activation="relu", learning_rate=0.01)
    other = transplant(run, 11, config)
    assert np.array_equal(other.at(0).theta, run.at(11).theta)
    events, notes = read_events(write_events(other.events), other.network.sizes)
    assert notes == []
    again = Run(config, load_shared(config), events)
    for one in (other, again):
        one.advance(5)
    assert same(other, again)


def test_what_cannot_be_transplanted_is_said():
    run = trained(MOONS, 2)
    with pytest.raises(ValueError, match=r"layers 2-5-1; the other settings need 2-6-1"):
        transplant(run, 2, replace(MOONS, hidden=(6,)))
    with pytest.raises(ValueError, match="W1"):
        transplant(run, 2, replace(MOONS, hidden=(4,)))
    wide = trained(replace(MOONS, hidden=(40, 40)), 1)
    with pytest.raises(ValueError, match="at most 1,000; this network has 1,801"):
        transplant(wide, 1, replace(wide.config, optimizer="adam"))
