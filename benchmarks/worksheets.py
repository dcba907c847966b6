"""Whether the worksheet checker accepts what is right, and names each mistake as itself.

`python -m benchmarks.worksheets` prints two sets of 200 generated worksheets, with `--json` one
JSON object. The checker was written with the seeds 0 to 99 in view (tuned), and is judged by the
seeds 1000 to 1199. Each worksheet is filled in by a pupil of `Pupil`, who computes with loops over
single numbers and shares no code with the engine:

- right: exact numbers, numbers rounded to 3 decimals, numbers computed from the pupil's own rounded
  ones, and a random mixture of both. A sheet counts if every number is accepted;
- mistakes: one classic mistake, made once, everything after it computed from the pupil's own
  numbers, all with 3 decimals. It counts if the first wrong quantity names this mistake and no
  other one, and every other number is accepted.
"""

import argparse
import json
import math
import random
from collections import Counter
from collections.abc import Callable
from typing import NamedTuple

from engine.worksheets import Cell, Worksheet, judge, worksheet_of

SEEDS = {"tuned": range(100), "judged": range(1000, 1200)}
DECIMALS = 3
Grid = list[list[float]]  # rows of units, columns of examples, or of inputs


class Slip(NamedTuple):
    """One mistake of a pupil: what the checker should call it, and where it is made."""

    name: str
    quantities: tuple[str, ...]


SLIPS = {
    "forgot the bias": Slip("no_bias", ("z1", "z2")),
    "used z in the next layer": Slip("z_for_a", ("z2",)),
    "sum instead of mean in the loss": Slip("no_mean", ("loss",)),
    "no 1/2 in the loss": Slip("no_half", ("loss",)),
    "y - a": Slip("opposite_sign", ("delta2",)),
    "no 1/n": Slip("no_mean", ("delta2",)),
    "squared error without 1/2": Slip("no_half", ("delta2",)),
    "forgot f'": Slip("no_slope", ("delta1", "delta2")),
    "f' at a": Slip("slope_at_a", ("delta1", "delta2")),
    "f' written with z": Slip("slope_with_z", ("delta1", "delta2")),
    "f' too much": Slip("extra_slope", ("delta2",)),
    "updated W2": Slip("updated_weights", ("delta1",)),
    "row of W2": Slip("no_transpose", ("delta1",)),
    "y in place of a": Slip("y_for_a", ("dW2",)),
    "a of the wrong layer": Slip("wrong_layer", ("dW1", "dW2")),
    "z in place of a": Slip("z_for_a", ("dW2",)),
    "forgot L2": Slip("no_penalty", ("dW1", "dW2")),
    "added the step": Slip("ascent", ("new_W1", "new_W2")),
    "forgot the learning rate": Slip("no_rate", ("new_W1", "new_W2")),
}


class Pupil:
    """Somebody who fills in a worksheet with loops, and makes one mistake in one quantity.

    `keep` is called with each number and returns what the pupil goes on with.
    """

    def __init__(
        self,
        sheet: Worksheet,
        slip: str = "",
        place: str = "",
        keep: Callable[[float], float] = float,
    ) -> None:
        self.sheet, self.slip, self.place, self.keep = sheet, slip, place, keep
        self.d, self.h, self.K, self.n = sheet.sizes
        self.numbers: dict[str, Grid] = {}
        self.work()

    def makes(self, slip: str, place: str) -> bool:
        """Whether this mistake is made in this quantity."""
        return self.slip == slip and self.place == place

    def put(self, name: str, rows: int, columns: int, f: Callable[[int, int], float]) -> None:
        """Write a quantity."""
        self.numbers[name] = [[self.keep(f(j, i)) for i in range(columns)] for j in range(rows)]

    def work(self) -> None:
        """Fill in the whole worksheet."""
        one = self.sheet
        x = [[one.x[i][k] for i in range(self.n)] for k in range(self.d)]
        self.layer("1", x, one.W1, one.b1, one.activation)
        hidden = "z1" if self.makes("used z in the next layer", "z2") else "a1"
        self.layer("2", self.numbers[hidden], one.W2, one.b2, one.output)
        self.numbers["loss"] = [[self.keep(self.loss())]]
        self.put("delta2", self.K, self.n, self.delta2)
        self.gradient("2", self.numbers["a1"], one.W2, self.K)
        self.put("delta1", self.h, self.n, self.delta1)
        self.gradient("1", x, one.W1, self.h)
        for layer, W, b in (("2", one.W2, one.b2), ("1", one.W1, one.b1)):
            self.update(layer, W, b)

    def layer(self, l, inputs, W, b, function):
        """Forward through one layer."""
        n, units = self.n, len(W)

        def z(j: int, i: int) -> float:
            whole = sum(W[j][k] * inputs[k][i] for k in range(len(inputs)))
            return whole + (0 if self.makes("forgot the bias", f"z{l}") else b[j])

        self.put(f"z{l}", units, n, z)
        own = self.numbers[f"z{l}"]

        def a(j: int, i: int) -> float:
            if function == "softmax":
                return math.exp(own[j][i]) / sum(math.exp(own[r][i]) for r in range(units))
            return value(function, own[j][i])

        self.put(f"a{l}", units, n, a)

    def loss(self) -> float:
        """The loss."""
        one, total = self.sheet, 0.0
        for i in range(self.n):
            for k in range(self.K):
                a, y = self.numbers["a2"][k][i], one.y[i][k]
                if one.loss == "half_mse":
                    total += (a - y) ** 2 * (1 if self.slip == "no 1/2 in the loss" else 0.5)
                elif one.loss == "bce":
                    total -= y * math.log(a) + (1 - y) * math.log(1 - a)
                else:
                    total -= y * math.log(a)
        if self.slip != "sum instead of mean in the loss":
            total /= self.n
        return total + one.l2 * sum(w * w for W in (one.W1, one.W2) for row in W for w in row)

    def delta2(self, k: int, i: int) -> float:
        """The error term of one output."""
        one, a, z = self.sheet, self.numbers["a2"][k][i], self.numbers["z2"][k][i]
        error = a - one.y[i][k]
        if self.slip == "y - a":
            error = -error
        if self.slip == "squared error without 1/2":
            error *= 2
        if self.slip != "no 1/n":
            error /= self.n
        if self.slip == "f' too much":
            return error * a * (1 - a)
        if one.loss != "half_mse" or one.output == "linear":
            return error
        return error * self.slope(one.output, z, a, "delta2")

    def slope(self, function: str, z: float, a: float, place: str) -> float:
        """The derivative of the activation, right or wrong."""
        if self.makes("forgot f'", place):
            return 1.0
        if self.makes("f' at a", place):
            a = value(function, a)
        if self.makes("f' written with z", place):
            a = z
        return {"sigmoid": a * (1 - a), "tanh": 1 - a**2, "relu": float(a > 0)}.get(function, 1.0)

    def delta1(self, j: int, i: int) -> float:
        """The error term of one hidden unit."""
        one, total = self.sheet, 0.0
        for k in range(self.K):
            w = one.W2[k][j]
            if self.slip == "updated W2":
                w -= one.learning_rate * self.numbers["dW2"][k][j]
            if self.slip == "row of W2":
                w = one.W2[j][k]
            total += w * self.numbers["delta2"][k][i]
        z, a = self.numbers["z1"][j][i], self.numbers["a1"][j][i]
        return total * self.slope(one.activation, z, a, "delta1")

    def gradient(self, l, inputs, W, units):
        """The gradient of one layer."""
        place, delta, n = f"dW{l}", self.numbers[f"delta{l}"], self.n
        if self.makes("a of the wrong layer", place):
            x = [[self.sheet.x[i][k] for i in range(n)] for k in range(self.d)]
            inputs = x if l == "2" else self.numbers["a1"]
        if self.makes("z in place of a", place):
            inputs = self.numbers["z1"]
        pull = 0.0 if self.makes("forgot L2", place) else 2 * self.sheet.l2

        def dw(j: int, k: int) -> float:
            if self.makes("y in place of a", place):
                data = sum(delta[j][i] * self.sheet.y[i][j] for i in range(n))
            else:
                data = sum(delta[j][i] * inputs[k][i] for i in range(n))
            return data + pull * W[j][k]

        self.put(place, units, len(W[0]), dw)
        self.put(f"db{l}", units, 1, lambda j, _: sum(delta[j]))

    def update(self, l, W, b):
        """The new weights and biases of one layer."""
        rate = self.sheet.learning_rate

        def step(place: str, old: float, slope: float) -> float:
            if self.makes("added the step", place):
                return old + rate * slope
            return old - slope * (1 if self.makes("forgot the learning rate", place) else rate)

        dW, db = self.numbers[f"dW{l}"], self.numbers[f"db{l}"]
        W_place, b_place = f"new_W{l}", f"new_b{l}"
        self.put(W_place, len(W), len(W[0]), lambda j, k: step(W_place, W[j][k], dW[j][k]))
        self.put(b_place, len(W), 1, lambda j, _: step(b_place, b[j], db[j][0]))

    def answers(self, decimals: int | None = DECIMALS) -> dict[Cell, str]:
        """What the pupil writes into the boxes."""
        return {
            Cell(name, j, k): repr(number) if decimals is None else f"{number:.{decimals}f}"
            for name, grid in self.numbers.items()
            for j, row in enumerate(grid)
            for k, number in enumerate(row)
        }


def value(function: str, z: float) -> float:
    """f(z)."""
    if function == "sigmoid":
        return 1 / (1 + math.exp(-z))
    return {"tanh": math.tanh(z), "relu": max(z, 0.0)}.get(function, z)


def to_decimals(number: float) -> float:
    """The number with the decimals of a pupil."""
    return round(number, DECIMALS)


def right_pupils(sheet: Worksheet, seed: int) -> dict[str, dict[Cell, str]]:
    """The answers of four pupils who make no mistake."""
    dice = random.Random(seed)
    exact = Pupil(sheet)
    mixed = Pupil(sheet, keep=lambda one: to_decimals(one) if dice.random() < 0.5 else one)
    return {
        "exact": exact.answers(None),
        "rounded": exact.answers(),
        "rounded on the way": Pupil(sheet, keep=to_decimals).answers(),
        "mixed": mixed.answers(),
    }


def is_possible(sheet: Worksheet, slip: str) -> bool:
    """Whether a person could make this mistake on this worksheet."""
    if slip == "a of the wrong layer":
        return len(sheet.W1[0]) == len(sheet.W1)
    if slip == "squared error without 1/2":
        return sheet.loss == "half_mse"
    return slip != "f' too much" or sheet.loss != "half_mse"


def planted(sheet: Worksheet, slip: str, place: str) -> dict[Cell, str] | None:
    """The answers of a pupil with one mistake; None if it changes nothing, or cannot be made."""
    if not is_possible(sheet, slip):
        return None
    right = Pupil(sheet, keep=to_decimals)
    try:
        wrong = Pupil(sheet, slip, place, to_decimals)
    except (IndexError, ValueError):  # the arrays do not fit, or the logarithm of a negative number
        return None
    differs = any(
        abs(a - b) > 2.5 * 10**-DECIMALS
        for own, true in zip(wrong.numbers[place], right.numbers[place], strict=True)
        for a, b in zip(own, true, strict=True)
    )
    return wrong.answers() if differs else None


def found(sheet: Worksheet, answers: dict[Cell, str], slip: str, place: str) -> str:
    """How well the checker finds a mistake: named, among others, or missed."""
    verdicts = judge(sheet, answers)
    wrong = [verdicts[cell] for cell in sheet.cells() if not verdicts[cell].accepted]
    places = {cell.quantity for cell in sheet.cells() if not verdicts[cell].accepted}
    names = {one.mistakes for one in wrong}
    if places == {place} and names == {(SLIPS[slip].name,)}:
        return "named"
    if places == {place} and all(SLIPS[slip].name in one for one in names):
        return "among others"
    return "missed"


def measure(seeds: range, share: int = 1) -> dict:
    """The counts over the worksheets of some seeds; each has one in `share` of the mistakes."""
    right, slips = Counter[str](), {name: Counter[str]() for name in SLIPS}
    for seed in seeds:
        sheet = worksheet_of(seed)
        for name, answers in right_pupils(sheet, seed).items():
            right[name] += all(one.accepted for one in judge(sheet, answers).values())
        for number, (name, slip) in enumerate(SLIPS.items()):
            for place in slip.quantities if (seed + number) % share == 0 else ():
                answers = planted(sheet, name, place)
                if answers is not None:
                    slips[name][found(sheet, answers, name, place)] += 1
    return {"sheets": len(seeds), "right": dict(right), "mistakes": summary(slips)}


def summary(slips: dict[str, Counter[str]]) -> dict:
    """The counts with the share that is named as itself."""
    rows = {}
    for name, counts in slips.items():
        total = sum(counts.values())
        rows[name] = {
            "planted": total,
            "named": counts["named"],
            "among_others": counts["among others"],
            "missed": counts["missed"],
            "share": round(counts["named"] / total, 3) if total else 0.0,
        }
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="one JSON object")
    asked = parser.parse_args()
    results = {name: measure(seeds) for name, seeds in SEEDS.items()}
    if asked.json:
        print(json.dumps(results, indent=1))
        return
    for name, result in results.items():
        print(f"{name}: {result['sheets']} worksheets, accepted {result['right']}")
        for slip, row in result["mistakes"].items():
            print(
                f"  {slip:34} {row['named']:4} of {row['planted']:4}  {row['share']:.1%}  "
                f"among others {row['among_others']}, missed {row['missed']}"
            )


if __name__ == "__main__":
    main()
