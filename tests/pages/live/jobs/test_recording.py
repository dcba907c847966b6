"""A recording holds the frames of the run itself, and its cost is bounded before it is made."""

from __future__ import annotations

import gzip
from dataclasses import replace

import numpy as np
import pytest

from engine.problems.registry import load
from engine.training.config import Config
from engine.training.run import Run
from pages.live.jobs import recording
from pages.live.jobs.process import Progress
from pages.live.jobs.recording import Recording, frame_bytes, record_run, stride_for
from pages.live.payload import frame_arrays
from pages.live.view import Specification, specification
from tests.pages.live.test_payload import unpacked

CONFIG = Config(size=60, hidden=(5, 3))


def recorded(config: Config, until: int) -> tuple[Recording, dict, dict[str, np.ndarray]]:
    """The recording of a run, and the head and the arrays of its message."""
    found = record_run(lambda _: None, Specification(config, None), (), until)
    return found, *unpacked(gzip.decompress(found.packed))


def trained(config: Config, epochs: int) -> Run:
    """A run of so many epochs."""
    run = Run(config, load(config))
    run.advance(epochs)
    return run


def test_every_epoch_is_in_it_with_the_numbers_of_the_run():
    found, head, arrays = recorded(CONFIG, 12)
    run = trained(CONFIG, 12)
    expected = frame_arrays(run, [run.frame(epoch) for epoch in range(13)])
    for name, array in expected.items():
        np.testing.assert_array_equal(arrays[name], array, err_msg=name)
    assert (found.last, found.every) == (12, 1)
    assert (head["trained"], head["state"], head["best"]) == (12, "finished", None)
    assert head["message"] == "The recording ends at epoch 12."
    assert arrays["series_epochs"].tolist() == list(range(13))


def test_the_same_run_gives_the_same_bytes():
    assert recorded(CONFIG, 5)[0] == recorded(CONFIG, 5)[0]


def test_a_long_run_has_every_so_many_epochs_and_its_last_one(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(recording, "MOST_FRAMES", 25)
    found, _, arrays = recorded(CONFIG, 103)
    assert found.every == 5
    assert arrays["epochs"].tolist() == [*range(0, 104, 5), 103]


def test_a_network_that_is_too_large_is_refused_with_a_sentence(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(recording, "MOST_BYTES", 19 * frame_bytes(trained(CONFIG, 0)))
    with pytest.raises(ValueError, match="This network is too large for a file"):
        recorded(CONFIG, 3)


def test_the_frames_of_any_run_stay_within_the_limits():
    for hidden in ((), (8,), (30, 30), (60, 60, 60)):
        run = trained(replace(CONFIG, hidden=hidden), 0)
        for last in (1, 500, 1999, 2000, recording.MOST_EPOCHS):
            frames = last // stride_for(run, last) + 1
            assert frames <= recording.MOST_FRAMES
            assert frames * frame_bytes(run) <= recording.MOST_BYTES


def test_what_was_trained_later_is_not_in_it():
    run = trained(CONFIG, 30)
    found = record_run(lambda _: None, specification(run), (), 10)
    _, arrays = unpacked(gzip.decompress(found.packed))
    assert found.last == 10
    assert arrays["series_epochs"].max() == arrays["epochs"].max() == 10


def test_early_stopping_ends_it_and_the_best_epoch_is_in_it(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(recording, "MOST_FRAMES", 25)
    config = replace(CONFIG, patience=20, learning_rate=0.3)
    run = trained(config, 3000)
    assert run.finished
    found, head, arrays = recorded(config, 3000)
    assert found.last == run.epochs
    assert (head["best"], head["message"]) == (run.best, run.finished)
    assert {run.best, run.epochs} <= {*arrays["epochs"].tolist()}


def test_a_run_that_diverges_ends_at_its_last_good_epoch():
    config = replace(CONFIG, dataset="sine", learning_rate=10.0, activation="relu")
    run = trained(config, 200)
    assert run.diverged
    found, head, _ = recorded(config, 200)
    assert (found.last, head["state"], head["message"]) == (run.epochs, "diverged", run.diverged)


def test_the_findings_propose_nothing_and_nothing_can_be_changed():
    _, head, _ = recorded(replace(CONFIG, init="zeros"), 40)
    items = [item for one in head["story"] for item in one["items"]]
    assert items
    assert all(item["offer"] == "" for item in items)
    assert "architecture" not in head["setup"]
    epochs = [one["epoch"] for one in head["story"]]
    assert epochs == sorted(epochs)
    assert (epochs[0], epochs[-1]) == (0, 40)


def test_progress_never_goes_back():
    shares: list[float] = []

    def report(progress: Progress) -> None:
        shares.append(progress.share)

    record_run(report, Specification(CONFIG, None), (), 20)
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
