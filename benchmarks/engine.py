"""How fast the engine trains, beside scikit-learn, PyTorch and Keras doing the same work.

`python -m benchmarks.engine` prints a table, with `--json` one JSON object; letters limit it to
some workloads. A ratio is the time of the other divided by ours: whole fits, on one core, in
turns, the median over the rounds. PyTorch and Keras take part where they can be imported
(requirements-bench.txt).
"""

import argparse
import json
from collections.abc import Callable
from functools import partial
from importlib import import_module
from importlib.util import find_spec
from itertools import pairwise
from statistics import median

import numpy as np

from benchmarks.paired import in_turns, one_core, ratio, seconds
from benchmarks.workloads import WORKLOADS, Workload
from engine.training import Training

FIT, FEWEST = 0.25, 10  # seconds and epochs of a timed fit, at least
Fit = Callable[[int], None]  # trains a network for so many epochs


def fits(work: Workload) -> Fit:
    """A function that trains a new network of this engine for so many epochs."""
    config, dataset = work.config(), work.dataset()

    def fit(epochs: int) -> None:
        training = Training(config, dataset)
        for _ in range(epochs):
            training.epoch()

    return fit


def peers(work: Workload, keras: bool) -> dict[str, Fit]:
    """Every fit that can run here, by name; PyTorch with its plain and with its fused optimizer."""
    found = {
        "ours": fits(work),
        "sklearn": import_module("benchmarks.peers.with_sklearn").fits(work),
    }
    if find_spec("torch"):
        torch = import_module("benchmarks.peers.with_torch")
        found |= {"torch": torch.fits(work), "torch_fused": torch.fits(work, fused=True)}
    if keras and find_spec("keras") and find_spec("torch"):
        found["keras"] = import_module("benchmarks.peers.with_keras").fits(work)
    return found


def epochs_for(fit: Fit) -> int:
    """How many epochs make a fit long enough to time, and its beginning small beside them."""
    fit(1)  # whatever is only done once is done
    epochs = 1
    while (took := seconds(partial(fit, epochs))) < FIT / 4:
        epochs *= 4
    return max(FEWEST, round(epochs * FIT / took))


def measure(work: Workload, rounds: int, keras: bool) -> dict[str, float]:
    """Microseconds per epoch of this engine, and every other's time as a multiple."""
    found = peers(work, keras)
    epochs = {name: epochs_for(fit) for name, fit in found.items()}
    works = [partial(fit, epochs[name]) for name, fit in found.items()]
    times = in_turns(*works, pairs=rounds)
    per_epoch = [
        [took / epochs[name] for name, took in zip(found, row, strict=True)] for row in times
    ]
    ratios = {name: ratio(per_epoch, i, 0) for i, name in enumerate(found) if i}
    if "torch" in ratios:
        ratios["torch_best"] = min(ratios["torch"], ratios["torch_fused"])
    figures = {f"ratio_{name}_over_ours": value for name, value in ratios.items()}
    return {"us_per_epoch": 1e6 * median(row[0] for row in per_epoch)} | figures


def calls_per_batch(work: Workload) -> int:
    """How many NumPy calls one batch takes."""
    training = Training(work.config(), work.dataset())
    programs = [program for _, chunk in training.chunks for program in chunk.programs]
    return round(sum(map(len, programs)) / len(programs))


def share_of_limit(work: Workload, rounds: int) -> float:
    """The time that the products of an epoch take at the speed of a large one, as a share of all.

    Every layer has two products with all its weights and its bias, forward and for the gradient;
    all but the first have a third, which sends the error term back.
    """
    pairs = list(pairwise(work.sizes))
    weights = 2 * sum(n_out * (n_in + 1) for n_in, n_out in pairs)
    weights += sum(n_out * n_in for n_in, n_out in pairs[1:])
    side = 1024
    a, fit = np.random.default_rng(0).standard_normal((side, side)), fits(work)
    out = np.empty_like(a)
    works = (lambda: np.dot(a, a, out), lambda: fit(FEWEST))
    works[0](), works[1]()
    share = weights * work.examples / side**3  # of the work of a large product; 2 cancels
    return FEWEST * share * ratio(in_turns(*works, pairs=rounds), 0, 1)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("workloads", nargs="*", help=f"some of {' '.join(WORKLOADS)}")
    options.add_argument("--json", action="store_true", help="print one JSON object")
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--keras", action="store_true", help="Keras too, which takes minutes")
    given = options.parse_args()
    one_core()
    found = {}
    for name in given.workloads or WORKLOADS:
        found[name] = measure(WORKLOADS[name], given.rounds, given.keras)
        if name == "A":
            found[name]["numpy_calls_per_batch"] = calls_per_batch(WORKLOADS[name])
        if name == "H":
            found[name]["share_of_blas_limit"] = share_of_limit(WORKLOADS[name], given.rounds)
        if not given.json:
            print(name, line(found[name]), flush=True)
    if given.json:
        print(json.dumps({name: rounded(row) for name, row in found.items()}))


def line(row: dict[str, float]) -> str:
    """The figures of one workload as a line of the table."""
    short = {name.removeprefix("ratio_").removesuffix("_over_ours"): name for name in row}
    return "  ".join(f"{text} {row[name]:.3g}" for text, name in short.items())


def rounded(row: dict[str, float]) -> dict[str, float]:
    """The same figures with three digits that count."""
    return {name: float(f"{value:.3g}") for name, value in row.items()}


if __name__ == "__main__":
    main()
