"""The server's messages to the player: one block of bytes, a JSON head and then arrays.

Layout, little endian: the length of the JSON (uint32), the JSON, then the arrays, each beginning
at a multiple of 8 bytes. The JSON's "arrays" names each one's type, shape and place.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from itertools import pairwise

import numpy as np

from engine.nn import Array
from engine.training import Frame, Run

MOST_POINTS = 2000  # of a history in the browser
ALIGNMENT = 8


def encode(meta: Mapping[str, object], arrays: Mapping[str, Array]) -> bytes:
    """Return the message: meta as JSON, then the arrays."""
    rest = to_json(meta)[1:]  # encoded once: it may hold whole figures
    start = padded(4 + len(head_of(rest, places_of(arrays, 10**8))))
    text = head_of(rest, places_of(arrays, start)).ljust(start - 4)
    parts = [len(text).to_bytes(4, "little"), text]
    for array in arrays.values():
        data = np.ascontiguousarray(array).tobytes()
        parts.append(data.ljust(padded(len(data)), b"\0"))
    return b"".join(parts)


def to_json(value: Mapping[str, object]) -> bytes:
    """Return a value as JSON; refuse a number that is not finite."""
    return json.dumps(value, separators=(",", ":"), allow_nan=False).encode()


def head_of(rest: bytes, places: Mapping[str, object]) -> bytes:
    """Return the JSON of a message: the places of its arrays, then its meta without the "{"."""
    return b'{"arrays":' + to_json(places) + (b"," if rest != b"}" else b"") + rest


def padded(size: int) -> int:
    """Return the next multiple of the alignment."""
    return -(-size // ALIGNMENT) * ALIGNMENT


def places_of(arrays: Mapping[str, Array], start: int) -> dict[str, object]:
    """Return type, shape and offset of each array if the first one begins at `start`."""
    places: dict[str, object] = {}
    for name, array in arrays.items():
        kind = array.dtype.str[1:]
        places[name] = {"dtype": kind, "shape": list(array.shape), "offset": start}
        start += padded(array.nbytes)
    return places


def frame_arrays(run: Run, frames: Sequence[Frame]) -> dict[str, Array]:
    """Return the arrays of frames; each layer's deltas are 16-bit shares of their largest size."""
    if not frames:
        return {}
    deltas = np.array([frame.deltas for frame in frames])  # (F, units * probe)
    cuts = np.cumsum([0, *(delta.size for delta in run.evaluator.deltas)])
    scale = np.stack([np.abs(deltas[:, a:b]).max(axis=1) for a, b in pairwise(cuts)], axis=1)
    scale = np.minimum(scale, np.finfo("f4").max)
    steps = np.repeat(np.where(scale > 0, scale, 1), np.diff(cuts), axis=1) / 32767
    arrays = {
        "epochs": np.array([frame.epoch for frame in frames], "i4"),
        "theta": np.array([frame.theta for frame in frames], "f4"),
        "delta": np.rint(np.clip(deltas / steps, -32767, 32767)).astype("i2"),
        "delta_scale": scale.astype("f4"),
        "records": np.concatenate([history_table(run, f.epoch, f.epoch + 1) for f in frames]),
    }
    if any(len(frame.muted) for frame in frames):
        arrays["muted"] = np.array([padded_mask(frame, run) for frame in frames], "u1")
    return arrays


def padded_mask(frame: Frame, run: Run) -> Array:
    """Return which hidden units dropout muted; none where it was off."""
    return frame.muted if len(frame.muted) else np.zeros(sum(run.network.sizes[1:-1]))


def history_table(run: Run, first: int, end: int) -> Array:
    """Return the records from `first` up to `end` as numbers, (epochs, series)."""
    losses = run.history.between(first, end)
    columns = [losses[name] for name in losses.dtype.names or () if name != "delta"]
    return np.column_stack([*columns, losses["delta"]]).astype("f4")


def history_arrays(run: Run, after: int, most: int = MOST_POINTS) -> dict[str, Array]:
    """Return the history after epoch `after`, at most `most` points, extremes kept."""
    history = history_table(run, after + 1, run.epochs + 1)
    rows = thin_history(history, most)
    return {"series_epochs": (rows + after + 1).astype("i4"), "series": history[rows]}


def series_names(run: Run) -> list[str]:
    """Return the names of the history's columns."""
    names = [name for name in run.history.kind.names or () if name != "delta"]
    return [*names, *(f"size{l}" for l in range(1, len(run.network.layers) + 1))]


def thin_history(table: Array, most: int) -> Array:
    """Return at most `most` row numbers: per stretch the extremes of each column, and the last."""
    n, columns = table.shape
    if n <= most:
        return np.arange(n)
    stretches = max(1, most // (2 * columns + 1))
    edges = np.linspace(0, n, stretches + 1).astype(int)
    lowest, highest = np.nan_to_num(table, nan=np.inf), np.nan_to_num(table, nan=-np.inf)
    kept = {0, n - 1}
    for a, b in pairwise(edges):
        kept.update((a + lowest[a:b].argmin(axis=0)).tolist())
        kept.update((a + highest[a:b].argmax(axis=0)).tolist())
    return np.array(sorted(kept))
