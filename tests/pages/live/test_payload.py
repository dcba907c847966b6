"""What the browser reads out of a message is what the server put into it."""

import json
import math

import numpy as np
import pytest

from engine.problems.registry import load
from engine.training.config import Config
from engine.training.run import Run
from pages.live.payload import encode, frame_arrays, history_arrays, series_names, thin_history


def unpacked(message: bytes) -> tuple[dict, dict[str, np.ndarray]]:
    """The head and the arrays of a message, read by its layout alone."""
    length = int.from_bytes(message[:4], "little")
    head = json.loads(message[4 : 4 + length])
    arrays = {}
    for name, place in head.pop("arrays").items():
        count = math.prod(place["shape"])
        flat = np.frombuffer(message, "<" + place["dtype"], count, place["offset"])
        arrays[name] = flat.reshape(place["shape"])
    return head, arrays


@pytest.fixture(scope="module")
def run() -> Run:
    config = Config(size=60, dropout=0.3, hidden=(5, 3))
    one = Run(config, load(config))
    one.advance(20)
    return one


@pytest.mark.parametrize("length", range(9))
def test_arrays_come_back_whatever_the_length_of_the_head(length: int):
    arrays = {
        "bytes": np.arange(length, dtype="u1"),
        "floats": np.linspace(0, 1, 6, dtype="f4").reshape(2, 3),
        "empty": np.empty((0, 4), "i2"),
    }
    head, back = unpacked(encode({"message": "δ" * length}, arrays))
    assert head == {"message": "δ" * length}
    for name, array in arrays.items():
        np.testing.assert_array_equal(back[name], array)
        assert back[name].dtype == array.dtype


def test_every_array_begins_at_a_multiple_of_eight():
    message = encode({"a": 1}, {"x": np.zeros(3, "u1"), "y": np.zeros(5, "f4"), "z": np.zeros(1)})
    length = int.from_bytes(message[:4], "little")
    places = json.loads(message[4 : 4 + length])["arrays"]
    assert [place["offset"] % 8 for place in places.values()] == [0, 0, 0]
    assert (4 + length) % 8 == 0


def test_a_number_that_is_not_finite_is_refused_in_the_head():
    with pytest.raises(ValueError, match="JSON"):
        encode({"loss": float("nan")}, {})


def test_a_burst_holds_the_frames_parameters_and_deltas(run: Run):
    frames = list(run.play(3, 2, 4, 10))
    arrays = frame_arrays(run, frames)
    assert arrays["epochs"].tolist() == [5, 7, 9, 11]
    for f, frame in enumerate(frames):
        snapshot = run.at(frame.epoch)
        np.testing.assert_array_equal(arrays["theta"][f], snapshot.theta.astype("f4"))
        begin = 0
        for l, layer in enumerate(snapshot.layers):
            part = arrays["delta"][f, begin : begin + layer.delta.size]
            scale = arrays["delta_scale"][f, l]
            shown = part.reshape(layer.delta.shape) / 32767 * scale
            np.testing.assert_allclose(shown, layer.delta, atol=scale / 60000, rtol=0)
            begin += layer.delta.size
        assert begin == arrays["delta"].shape[1]


def test_a_burst_holds_the_record_of_each_frame(run: Run):
    arrays = frame_arrays(run, list(run.play(3, 4, 3, 10)))
    names = series_names(run)
    for name in ("train", "validation", "penalty", "validation_metric"):
        expected = run.losses[name][[7, 11, 15]].astype("f4")
        np.testing.assert_array_equal(arrays["records"][:, names.index(name)], expected)


def test_a_burst_tells_which_units_dropout_muted(run: Run):
    muted = frame_arrays(run, list(run.play(0, 1, 20, 10)))["muted"]
    assert muted.shape == (20, 8)
    assert 0.1 < muted.mean() < 0.5


def test_a_burst_across_the_moment_when_dropout_is_switched_on_is_whole():
    config = Config(size=60, hidden=(5,))
    one = Run(config, load(config))
    one.advance(3)
    one.change(3, dropout=0.5)
    muted = frame_arrays(one, list(one.play(0, 1, 8, 10)))["muted"]
    assert muted.shape == (8, 5)
    assert not muted[:2].any()
    assert muted[3:].any()


def test_deltas_that_are_all_zero_are_sent_as_zero():
    config = Config(init="zeros", size=40)
    one = Run(config, load(config))
    arrays = frame_arrays(one, [one.frame(0)])
    hidden = arrays["delta"][0, : 4 * one.evaluator.probe]
    assert not hidden.any()
    assert arrays["delta_scale"][0, 0] == 0


def test_the_history_is_the_runs_record(run: Run):
    arrays = history_arrays(run, after=4)
    names = series_names(run)
    assert arrays["series_epochs"].tolist() == list(range(5, 21))
    for name in ("train", "validation", "running", "train_metric"):
        expected = run.losses[name][5:].astype("f4")
        np.testing.assert_array_equal(arrays["series"][:, names.index(name)], expected)
    size2 = arrays["series"][:, names.index("size2")]
    np.testing.assert_array_equal(size2, run.losses["delta"][5:, 1])


def test_a_long_history_is_thinned_and_keeps_every_extreme():
    random = np.random.default_rng(0)
    table = random.normal(size=(50_000, 5))
    table[12_345, 2], table[40_001, 4] = 99.0, -99.0
    rows = thin_history(table, 2000)
    assert len(rows) <= 2000
    assert (np.diff(rows) > 0).all()
    assert {0, 12_345, 40_001, 49_999} <= set(rows.tolist())
    np.testing.assert_array_equal(table[rows].max(axis=0), table.max(axis=0))
    np.testing.assert_array_equal(table[rows].min(axis=0), table.min(axis=0))


def test_a_history_with_gaps_is_thinned_without_a_warning():
    table = np.full((5000, 2), np.nan)
    table[:, 0] = np.arange(5000)
    assert len(thin_history(table, 100)) <= 100
