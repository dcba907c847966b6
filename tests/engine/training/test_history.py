"""Old records lie in a file: whoever reads a run sees no difference, and memory stays flat."""

import errno
import gc
import os
import tempfile

import numpy as np
import pytest

from engine.comparison.forks import fork
from engine.problems.registry import load
from engine.training import history as histories
from engine.training.config import WHOLE_SET, Config
from engine.training.history import BLOCK, History, Shelf, Shelved
from engine.training.run import Run
from engine.training.run_state import state_of_run, take_over

SMALL = Config(batch_size=WHOLE_SET)


def written(epochs: int, layers: int = 2) -> History:
    """Return a history of random records."""
    history = History(layers)
    records = np.empty(epochs, history.kind)
    records.view("u1")[:] = np.random.default_rng(7).integers(0, 256, records.nbytes, "u1")
    history.put(0, records)
    return history


def on_shelf(history: History) -> list[bool]:
    return [isinstance(block, Shelved) for block in history.blocks]


def test_shelved_records_are_read_bit_for_bit():
    history, epochs = written(4 * BLOCK + 7), 4 * BLOCK + 7
    before, column = history.between(0, epochs).tobytes(), history.column("penalty", epochs)
    in_memory = history.nbytes
    history.shelve(Shelf(), epochs)
    assert on_shelf(history) == [True, True, True, False, False]
    assert history.nbytes == in_memory * 2 // 5
    assert history.between(0, epochs).tobytes() == before
    assert history.column("penalty", epochs).tobytes() == column.tobytes()
    size = history.kind.itemsize
    for epoch in (0, BLOCK - 1, BLOCK, 3 * BLOCK, epochs - 1):
        assert history[epoch].tobytes() == before[epoch * size : (epoch + 1) * size]
    assert (
        history.between(BLOCK - 3, 2 * BLOCK + 2).tobytes()
        == (before[(BLOCK - 3) * size : (2 * BLOCK + 2) * size])
    )


def test_a_run_that_goes_back_writes_its_old_records_anew():
    run = Run(SMALL, load(SMALL))
    run.advance(3 * BLOCK + 5)
    plain = fork(run, run.epochs)
    run.history.shelve(Shelf(), run.epochs)
    assert on_shelf(run.history)[:2] == [True, True]
    for one in (run, plain):
        one.change(100, learning_rate=0.03)
        one.advance(2 * BLOCK)
    assert run.losses.tobytes() == plain.losses.tobytes()


def test_a_fork_and_a_copy_in_another_process_have_the_records_too():
    run = Run(SMALL, load(SMALL))
    run.advance(3 * BLOCK)
    expected = run.losses.tobytes()
    run.history.shelve(Shelf(), run.epochs)
    other = fork(run, run.epochs)
    copy = Run(run.config, run.dataset)
    take_over(copy, state_of_run(run))
    run.change(5, learning_rate=0.3)
    del run
    gc.collect()
    assert other.losses.tobytes() == copy.losses.tobytes() == expected


def test_the_room_of_a_run_that_is_gone_is_used_again():
    shelf = Shelf()
    for _ in range(20):
        history = written(4 * BLOCK)
        history.shelve(shelf, 4 * BLOCK - 1)
        assert on_shelf(history) == [True, True, False, False]
        end = shelf.end
        del history
        gc.collect()
    assert shelf.end == end == 2 * BLOCK * History(2).kind.itemsize


def test_a_full_shelf_leaves_the_records_in_memory():
    history = written(4 * BLOCK)
    before = history.between(0, 4 * BLOCK).tobytes()
    shelf = Shelf(history.blocks[0].nbytes)
    history.shelve(shelf, 4 * BLOCK - 1)
    assert on_shelf(history) == [False, True, False, False]
    history.shelve(shelf, 4 * BLOCK - 1)
    assert history.between(0, 4 * BLOCK).tobytes() == before


def test_a_full_disk_is_warned_of_once_and_nothing_is_lost(monkeypatch: pytest.MonkeyPatch):
    history, shelf = written(4 * BLOCK), Shelf()
    before = history.between(0, 4 * BLOCK).tobytes()

    def full(*_: object) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "pwrite", full)
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
