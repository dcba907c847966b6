"""A run's state carried elsewhere: the copy is the run, bit for bit, and goes on as it would."""

import pickle

import numpy as np
import pytest

from engine.problems.registry import load_shared
from engine.training.config import Config
from engine.training.cost import epoch_seconds
from engine.training.history import States
from engine.training.run import Run
from engine.training.run_state import state_of_run, take_over

CONFIGS = {
    "default": Config(),
    "masks": Config(dropout=0.3, batch_size=16, optimizer="adam"),
    "plateau": Config(schedule="plateau", schedule_length=3, optimizer="momentum"),
    "patience": Config(patience=4, size=66, noise=0.4, hidden=(16,), optimizer="adam"),
    "diverges": Config(output="linear", learning_rate=1000.0),
}


def trained(config: Config, epochs: int = 40) -> Run:
    run = Run(config, load_shared(config))
    run.advance(epochs)
    if not run.ended:
        run.change(20, l2=0.01)
        run.advance(epochs)
    return run


def copied(run: Run, other: Run, first: int = 0) -> Run:
    """Bring another run to the state of `run`, as if that came from another process."""
    take_over(other, pickle.loads(pickle.dumps(state_of_run(run, first))))
    return other


def same(run: Run, other: Run) -> None:
    """Check that two runs agree in all that can be seen of them."""
    assert (other.epochs, other.events, other.ended) == (run.epochs, run.events, run.ended)
    assert (other.diverged, other.finished, other.best) == (run.diverged, run.finished, run.best)
    assert other.losses.tobytes() == run.losses.tobytes()
    for epoch in {0, min(1, run.epochs), run.epochs // 2, run.epochs}:
        assert np.array_equal(other.at(epoch).theta, run.at(epoch).theta)
        assert np.array_equal(other.frame(epoch).deltas, run.frame(epoch).deltas)


def test_a_copy_that_is_only_read_makes_no_programs():
    run, config = trained(CONFIGS["default"]), CONFIGS["default"]
    copy = copied(run, Run(config, load_shared(config)))
    last = copy.epochs
    assert epoch_seconds(copy.live) == epoch_seconds(run.live)
    assert copy.at(last).theta.tobytes() == run.at(last).theta.tobytes()
    assert copy.frame(last).deltas.tobytes() == run.frame(last).deltas.tobytes()
    assert "chunks" not in vars(copy.live)
    copy.advance(5)
    run.advance(5)
    same(run, copy)


@pytest.mark.parametrize("precision", ["float32", "float64"])
def test_a_state_that_was_packed_is_the_same_bit_for_bit(precision: str):
    config = Config(precision=precision, dropout=0.3, batch_size=16, schedule="plateau")
    run, states = Run(config, load_shared(config)), States()
    for epoch in range(5):
        run.advance(1)
        states[epoch] = state = run.live.state()
        found = states[epoch]
        assert found.memory.dtype == state.memory.dtype
        assert found.memory.tobytes() == state.memory.tobytes()
        assert found[1:] == state[1:]
    assert list(states.only([3, 1])) == [1, 3]
    assert len(pickle.dumps(states)) < 5 * (state.memory.nbytes + 150)


def test_states_are_put_in_order_replaced_and_taken_away():
    run, states = Run(Config(), load_shared(Config())), States()
    given = {}
    for epoch in (7, 2, 9, 2):
        run.advance(1)
        given[epoch] = states[epoch] = run.live.state()
    del states[9]
    assert list(states) == [2, 7]
    assert len(states.rows) == 2
    assert len(states.table) == 4  # room for what comes
    for epoch in states:
        assert states[epoch].memory.tobytes() == given[epoch].memory.tobytes()
    for missing in (9, 3):
        assert missing not in states
        with pytest.raises(KeyError):
            states[missing]
    with pytest.raises(KeyError):
        states.only([2, 9])
    table = states.table
    states.keep_only([7])
    assert list(states) == [7]
    assert states.table is table
    assert states[7].memory.tobytes() == given[7].memory.tobytes()
    states.keep_only([])
    assert not states


@pytest.mark.parametrize("name", CONFIGS)
def test_a_copy_is_the_run_and_goes_on_as_it_would(name: str):
    config = CONFIGS[name]
    run = trained(config)
    other = copied(run, Run(config, load_shared(config)))
    same(run, other)
    run.advance(15)
    other.advance(15)
    same(run, other)


def test_a_copy_that_has_the_beginning_takes_the_rest():
    config = Config(batch_size=16)
    run = Run(config, load_shared(config))
    run.advance(30)
    other = copied(run, Run(config, load_shared(config)))
    run.advance(5000)  # more than one block of the history
    same(run, copied(run, other, first=30))


def test_what_the_copy_has_trained_beyond_is_dropped():
    config = Config()
    run, other = Run(config, load_shared(config)), Run(config, load_shared(config))
    run.advance(10)
    other.advance(50)
    same(run, copied(run, other))


def test_a_long_run_is_carried_with_few_checkpoints():
    config = Config()
    run = Run(config, load_shared(config))
    run.advance(300)
    state = state_of_run(run, most_bytes=4000)
    assert 4 <= len(state.checkpoints) < len(run.checkpoints.kept)
    assert 0 in state.checkpoints
    copy = Run(config, load_shared(config))
    take_over(copy, state)
    same(run, copy)
    assert len(state_of_run(run, most_bytes=np.inf).checkpoints) == len(run.checkpoints.kept)
