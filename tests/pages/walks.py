"""What a page shows, read back the way the browser reads it, and what each call left."""

import json
import math
import re

import numpy as np
from scipy.special import erf


def shown(element):
    """Return the text that a reader sees of Markdown that pages/widgets/shell/foreign.py made."""
    return re.sub(r"\\([^A-Za-z0-9\s])|`", r"\1", element.value)


def unpacked(data):
    """(meta, arrays) of a message."""
    length = int.from_bytes(data[:4], "little")
    meta = json.loads(data[4 : 4 + length])
    arrays = {}
    for name, place in meta["arrays"].items():
        count = math.prod(place["shape"])
        arrays[name] = np.frombuffer(data, place["dtype"], count, place["offset"])
    return meta, arrays


class Reader:
    """Goes through the calls of a message with the state of every buffer before each."""

    def __init__(self, data):
        self.meta, arrays = unpacked(data)
        self.name_entries()
        self.results, start = arrays["results"], 0
        self.buffers = []
        for size, given in self.meta["buffers"]:
            whole = arrays["initial"][start : start + size] if given else np.full(size, np.nan)
            start += size if given else 0
            self.buffers.append(whole.copy())
        assert start == len(arrays["initial"])

    def name_entries(self):
        """Put the TeX of its name in the place of its number into every entry."""
        names = [name["tex"] for name in self.meta["names"]]
        for line in self.meta["lines"]:
            for _, reads, leaves in line["calls"]:
                for one in (*reads, *leaves):
                    if one[0] >= 0:
                        one[1] = names[one[1]] if one[1] >= 0 else ""

    def cells(self, view):
        """A writable view of the buffer's state."""
        buffer, first, shape, strides = self.meta["views"][view]
        whole = self.buffers[buffer]
        steps = [stride * whole.itemsize for stride in strides]
        return np.lib.stride_tricks.as_strided(whole[first:], shape, steps)

    def read(self, operand):
        return np.float64(operand[1]) if operand[0] == -1 else self.cells(operand[0]).copy()

    def calls(self):
        """(line, function, what is read, [what is left]) in order."""
        start = 0
        for line in self.meta["lines"]:
            for function, reads, leaves in line["calls"]:
                read, left = [self.read(one) for one in reads], []
                for one in leaves:
                    cells = self.cells(one[0])
                    cells[...] = self.results[start : start + cells.size].reshape(cells.shape)
                    start += cells.size
                    left.append(cells.copy())
                yield line, function, read, left
        assert start == len(self.results)

    def named(self):
        """What the last call of each line leaves, by (symbol, kind, layer), as the walk ends it."""
        return {
            tuple(line["calls"][-1][2][0][1:]): left[0] for line, *_, left in self.calls_with_last()
        }

    def calls_with_last(self):
        """The last call of each line."""
        found = list(self.calls())
        for i, (line, *rest) in enumerate(found):
            if i + 1 == len(found) or found[i + 1][0] is not line:
                yield (line, *rest)


LEAVES = {  # what a function leaves, written independently of NumPy's ufuncs where that is short
    "dot": lambda A, B: (A.astype("g") @ B.astype("g")).astype(float),
    "add": lambda a, b: a - (-b),
    "subtract": lambda a, b: a + (-b),
    "multiply": lambda a, b: np.vectorize(lambda p, q: p * q)(a, b),
    "divide": lambda a, b: np.vectorize(lambda p, q: p / q)(a, b),
    "sqrt": lambda a: a**0.5,
    "positive": lambda a: a,
    "sign": lambda a: (a > 0) * 1.0 - (a < 0),
    "is_positive": lambda a: np.where(a > 0, 1.0, 0.0),
    "power": lambda a, b: np.exp(b * np.log(a)),
    "exp": np.vectorize(math.exp),
    "expm1": np.vectorize(math.expm1),
    "tanh": np.vectorize(math.tanh),
    "expit": lambda a: 0.5 + 0.5 * np.vectorize(math.tanh)(a / 2),
    "ndtr": lambda a: 0.5 * (1 + erf(a / math.sqrt(2))),
    "logaddexp": lambda a, b: np.log(np.exp(a) + np.exp(b)),
    "heaviside": lambda a, b: np.where(a > 0, 1.0, np.where(a < 0, 0.0, b)),
    "clip": lambda a, low, high: np.vectorize(lambda p: min(max(p, low), high))(a),
    "maximum_into": lambda a, b: np.where(a > b, a, b),
    "minimum_into": lambda a, b: np.where(a < b, a, b),
    "maximum.reduce": lambda z: np.array([[max(column) for column in z.T]]),
    "gradient_norm": lambda g: math.sqrt(math.fsum(g * g)),
    "clip_factor": lambda length, most: min(1.0, most / length),
    "write_sum_of_squares": lambda theta, is_weight: math.fsum(theta[is_weight == 1] ** 2),
    "write_sum_of_absolutes": lambda theta, is_weight: math.fsum(abs(theta[is_weight == 1])),
    "average": lambda each: math.fsum(each.ravel()) / each.size,
}
