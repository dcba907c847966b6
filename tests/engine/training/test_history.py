"""Old records lie in a file: whoever reads a run sees no difference, and memory stays flat."""

import errno
import gc
import os
import tempfile
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from engine.comparison.forks import fork
from engine.diagnosis import observe
from engine.problems.registry import load_shared
from engine.training import history as histories
from engine.training.config import WHOLE_SET, Config
from engine.training.history import BLOCK, History, RecordedSeries, Shelf, Shelved
from engine.training.run import Run
from engine.training.run_state import state_of_run, take_over

SMALL = Config(batch_size=WHOLE_SET)


def written(epochs: int, layers: int = 2, seed: int = 7) -> History:
    """Return a history of random records."""
    history = History(layers)
    records = np.empty(epochs, history.kind)
    records.view("u1")[:] = np.random.default_rng(seed).integers(0, 256, records.nbytes, "u1")
    history.put(0, records)
    return history


def on_shelf(history: History) -> list[bool]:
    return [isinstance(block, Shelved) for block in history.blocks]


def test_shelved_records_are_read_bit_for_bit():
    history, epochs = written(4 * BLOCK + 7), 4 * BLOCK + 7
    before = history.between(0, epochs).tobytes()
    in_memory = history.nbytes
    history.shelve(Shelf(), epochs)
    assert on_shelf(history) == [True, True, True, False, False]
    assert history.nbytes == in_memory * 2 // 5
    assert history.between(0, epochs).tobytes() == before
    size = history.kind.itemsize
    for epoch in (0, BLOCK - 1, BLOCK, 3 * BLOCK, epochs - 1):
        assert history[epoch].tobytes() == before[epoch * size : (epoch + 1) * size]
    assert (
        history.between(BLOCK - 3, 2 * BLOCK + 2).tobytes()
        == (before[(BLOCK - 3) * size : (2 * BLOCK + 2) * size])
    )


def test_there_may_be_no_records_after_the_last_one():
    for epochs in (5, BLOCK, 2 * BLOCK):
        history = written(epochs)
        assert len(history.between(epochs, epochs)) == len(history.between(epochs, 0)) == 0
        assert len(history.between(epochs - 1, epochs)) == 1


def test_the_lowest_value_is_where_numpy_finds_it():
    values = np.random.default_rng(0).integers(0, 400, 4 * BLOCK).astype(float)
    history = History(1)
    records = np.zeros(len(values), history.kind)
    records["validation"] = values
    history.put(0, records)
    history.shelve(Shelf(), 4 * BLOCK - 1)
    ends = (1, BLOCK - 1, BLOCK, BLOCK + 1, 2 * BLOCK + 7, 4 * BLOCK)
    for value, place in ((None, 0), (-1.0, BLOCK + 3), (-2.0, 3 * BLOCK), (np.nan, 7)):
        if value is not None:
            history[place] = (0, value, 0, 0, 0, 0, (0,))
            values[place] = value
        for end in ends:
            series = RecordedSeries(history, "validation", end)
            assert series.lowest() == np.argmin(values[:end])
            assert np.array_equal(series[-5:], values[:end][-5:], equal_nan=True)
            assert series[-1] == values[end - 1]


def test_sessions_that_use_one_shelf_at_once_do_not_mix_their_records():
    shelf = Shelf()

    def differing(seed: int) -> int:
        wrong = 0
        for _ in range(30):
            history = written(4 * BLOCK, seed=seed)
            before = history.between(0, 4 * BLOCK).tobytes()
            history.shelve(shelf, 4 * BLOCK - 1)
            wrong += history.between(0, 4 * BLOCK).tobytes() != before
        return wrong

    with ThreadPoolExecutor(4) as threads:
        assert sum(threads.map(differing, range(4))) == 0


def test_a_run_with_records_on_a_shelf_has_the_same_findings():
    run = Run(SMALL, load_shared(SMALL))
    run.advance(2 * BLOCK + 5)
    epochs = (0, 1, 7, BLOCK, BLOCK + 1, run.epochs)
    before = [observe(run, epoch) for epoch in epochs]
    run.history.shelve(Shelf(), run.epochs, 1)
    assert on_shelf(run.history) == [True, True, False]
    for _ in range(2):
        assert [observe(run, epoch) for epoch in epochs] == before


def test_a_run_that_goes_back_writes_its_old_records_anew():
    run = Run(SMALL, load_shared(SMALL))
    run.advance(2 * BLOCK + 5)
    plain = fork(run, run.epochs)
    run.history.shelve(Shelf(), run.epochs, 1)
    assert on_shelf(run.history) == [True, True, False]
    for one in (run, plain):
        one.change(BLOCK - 20, learning_rate=0.03)
        one.advance(BLOCK + 40)  # into the third block again
    assert run.losses.tobytes() == plain.losses.tobytes()


def test_a_fork_and_a_copy_in_another_process_have_the_records_too():
    run = Run(SMALL, load_shared(SMALL))
    run.advance(BLOCK + 5)
    expected = run.losses.tobytes()
    run.history.shelve(Shelf(), run.epochs, 1)
    assert on_shelf(run.history) == [True, False]
    other = fork(run, run.epochs)
    copy = Run(run.config, run.dataset)
    take_over(copy, state_of_run(run))
    run.change(5, learning_rate=0.3)
    del run
    gc.collect()
    assert other.losses.tobytes() == copy.losses.tobytes() == expected


def test_a_history_that_is_seldom_read_keeps_one_block_in_memory():
    history = written(4 * BLOCK)
    before = history.between(0, 4 * BLOCK).tobytes()
    history.shelve(Shelf(), 4 * BLOCK - 1, 1)
    assert on_shelf(history) == [True, True, True, False]
    assert history.between(0, 4 * BLOCK).tobytes() == before


def test_the_room_of_a_run_that_is_gone_is_used_again():
    shelf = Shelf()
    for _ in range(5):
        history = written(4 * BLOCK)
        history.shelve(shelf, 4 * BLOCK - 1)
        assert on_shelf(history) == [True, True, False, False]
        end = shelf.end
        del history  # nothing else holds it, so nothing has to be collected
    assert shelf.end == end == 2 * BLOCK * History(2).kind.itemsize


def test_a_full_shelf_leaves_the_records_in_memory():
    history = written(4 * BLOCK)
    before = history.between(0, 4 * BLOCK).tobytes()
    shelf = Shelf(history.blocks[0].nbytes)
    history.shelve(shelf, 4 * BLOCK - 1)
    assert on_shelf(history) == [False, True, False, False]
    history.shelve(shelf, 4 * BLOCK - 1)
    assert history.between(0, 4 * BLOCK).tobytes() == before


def full(*_: object) -> int:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@pytest.mark.parametrize("pwrite", [full, lambda *_: 100])  # the second one writes a part
def test_a_full_disk_is_warned_of_once_and_nothing_is_lost(pwrite, monkeypatch):
    history, shelf = written(4 * BLOCK), Shelf()
    before = history.between(0, 4 * BLOCK).tobytes()
    monkeypatch.setattr(os, "pwrite", pwrite)
    with pytest.warns(RuntimeWarning, match="Records stay in memory: .*No space left"):
        history.shelve(shelf, 4 * BLOCK - 1)
    history.shelve(shelf, 4 * BLOCK - 1)  # a further warning would be an error
    assert on_shelf(history) == [False] * 4
    assert history.between(0, 4 * BLOCK).tobytes() == before


def test_a_folder_that_cannot_be_written_is_passed_by(monkeypatch: pytest.MonkeyPatch, tmp_path):
    monkeypatch.setattr(histories, "FOLDERS", (str(tmp_path / "missing"), None))
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    history = written(3 * BLOCK)
    history.shelve(Shelf(), 3 * BLOCK - 1)
    assert on_shelf(history) == [True, False, False]
    assert not list(tmp_path.iterdir())  # the file has no name
