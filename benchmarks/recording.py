"""What it costs to remember a run, and how fast and exactly any epoch comes back.

`python -m benchmarks.recording` prints a table, with `--json` one JSON object. The run is workload
A (2-8-1 units, 250 examples, batches of 10) with a validation part of 62 examples, for 10,000
epochs. What is recorded is timed by itself, in turns with the training that it is a share of:
validation loss, its metric and the sizes of delta; and the whole record, in which the training loss
and metric over all examples, with the parameters after the epoch, come on top.
"""

import argparse
import json
import tracemalloc
from math import sqrt
from time import perf_counter

import numpy as np

from benchmarks.paired import in_turns, one_core, ratio
from benchmarks.workloads import WORKLOADS
from engine.data import Dataset
from engine.nn import execute
from engine.training import PROBE, Checkpoints, Config, Evaluator, History, Run, Training

EPOCHS = 10_000
SEEKS = 60
VALIDATION = 62  # a fifth of all


def table() -> tuple[Config, Dataset]:
    """Workload A with a validation part."""
    work = WORKLOADS["A"]._replace(examples=250 + VALIDATION)
    everyone, none = np.arange(work.examples), np.empty(0, dtype=int)
    return work.config(), work.dataset().split(everyone[:250], everyone[250:], none)


class Costs:
    """The parts of a recorded run, each so that it can be timed alone."""

    def __init__(self, config: Config, dataset: Dataset, epochs: int) -> None:
        self.config, self.dataset, self.epochs = config, dataset, epochs
        self.training = Training(config, dataset)
        few = dataset.split(dataset.train[:PROBE], dataset.validation, dataset.test)
        network, head = self.training.network, self.training.output_head
        self.evaluator, self.small = (
            Evaluator(config, data, network, head) for data in (dataset, few)
        )

    def train(self) -> None:
        training = Training(self.config, self.dataset)
        for _ in range(self.epochs):
            training.epoch()

    def keep(self) -> None:
        """Offer every epoch of a run to the checkpoints."""
        checkpoints = Checkpoints(self.training.memory.nbytes + 64)
        for epoch in range(self.epochs):
            checkpoints.offer(epoch, self.training)

    def follow(self) -> None:
        """Find validation loss and metric and the sizes of delta for every epoch."""
        evaluator, theta = self.small, self.training.network.theta
        validation = evaluator.parts[1]
        for _ in range(self.epochs):
            np.copyto(evaluator.network.theta, theta)
            execute(evaluator.steps)
            flat = [delta.reshape(-1) for delta in evaluator.deltas]
            _ = [sqrt(delta.dot(delta) / delta.size) for delta in flat]
            validation.loss()
            validation.metric()

    def record(self) -> None:
        """Evaluate every epoch and write its whole record."""
        history, theta = History(len(self.training.network.layers)), self.training.network.theta
        for epoch in range(self.epochs):
            train, validation, *rest = self.evaluator.evaluate(theta)
            history[epoch] = (train, validation, 0.0, train, *rest)


def held(config: Config, dataset: Dataset) -> tuple[Run, float]:
    """A run of 10,000 epochs, and the MB that it grew by since its beginning."""
    Run(config, dataset).advance(2)  # what Python and NumPy allocate once is not the run's
    run = Run(config, dataset)
    tracemalloc.start()
    run.advance(EPOCHS)
    grown, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return run, grown / 1e6


def seek(run: Run, epochs: np.ndarray) -> np.ndarray:
    """Milliseconds to bring each of these epochs back, (epochs,)."""
    times = []
    for epoch in epochs:
        begun = perf_counter()
        run.at(int(epoch))
        times.append(1000 * (perf_counter() - begun))
    return np.array(times)


def unlike(run: Run, epochs: np.ndarray) -> int:
    """How many of these epochs come back other than they were."""
    wanted, training, wrong = set(map(int, epochs)), Training(run.config, run.dataset), 0
    for epoch in range(max(wanted) + 1):
        if epoch in wanted:
            wrong += not np.array_equal(run.at(epoch).theta, training.network.theta)
        training.epoch()
    return wrong


def measure(rounds: int) -> dict[str, float]:
    """All figures."""
    config, dataset = table()
    costs = Costs(config, dataset, EPOCHS // 5)
    long = Costs(config, dataset, EPOCHS)
    shares = in_turns(costs.train, costs.follow, costs.record, long.keep, pairs=rounds)
    run, megabytes = held(config, dataset)
    epochs = np.random.default_rng(0).integers(0, EPOCHS, SEEKS)
    times = seek(run, epochs)
    return {
        "checkpoints_percent": 100 * ratio(shares, 3, 0) * costs.epochs / long.epochs,
        "validation_and_deltas_percent": 100 * ratio(shares, 1, 0),
        "whole_record_percent": 100 * ratio(shares, 2, 0),
        "memory_mb_10000_epochs": megabytes,
        "checkpoints": len(run.checkpoints.kept),
        "stride": run.checkpoints.stride,
        "seek_ms_median": float(np.median(times)),
        "seek_ms_worst": float(times.max()),
        "seeks": SEEKS,
        "seeks_not_bit_exact": unlike(run, epochs),
    }


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--json", action="store_true", help="print one JSON object")
    options.add_argument("--rounds", type=int, default=7)
    given = options.parse_args()
    one_core()
    found = {name: float(f"{value:.4g}") for name, value in measure(given.rounds).items()}
    if given.json:
        print(json.dumps(found))
    else:
        print("\n".join(f"{name:30} {value:>10g}" for name, value in found.items()))


if __name__ == "__main__":
    main()
