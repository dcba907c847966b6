"""How long a cloud takes: one hundred XOR networks, two thousand epochs each, seen on the way.

`python -m benchmarks.cloud` prints a table, with `--json` one JSON object. Everything counts that a
click sets off in the engine: the data of every seed, the stack, the training in slices of a tenth
of a second, the losses that the picture shows. Seconds are wall time on one core, the median over
the rounds; the largest difference is taken over all seeds and all epochs of the picture.
"""

import argparse
from statistics import median
from time import perf_counter

import numpy as np

from benchmarks.output import print_figures
from benchmarks.paired import one_core
from engine.batched import SeedSweep, with_seeds
from engine.problems import load_all
from engine.training import WHOLE_SET, Config, Run

EPOCHS, SEEDS, SLICE = 2000, range(100), 0.1
XOR = Config(
    dataset="xor_table", hidden=(8,), scaling="none", batch_size=WHOLE_SET, learning_rate=0.5
)


def cloud(config: Config, epochs: int) -> SeedSweep:
    """The cloud of a setting, trained to the end."""
    made = SeedSweep(config, SEEDS, load_all(with_seeds(config, SEEDS)), epochs)
    for _ in made.slices(SLICE):
        pass
    return made


def difference(made: SeedSweep) -> float:
    """The largest difference of a loss of the cloud from that of the single run of its seed."""
    worst = 0.0
    for k, (config, data) in enumerate(zip(made.configs, made.datasets, strict=True)):
        run = Run(config, data)
        run.advance(made.marks[-1])
        worst = max(worst, np.abs(run.losses["train"][made.marks] - made.result.curves()[k]).max())
    return float(worst)


def measure(rounds: int, epochs: int) -> dict[str, float]:
    """The figures."""
    times = []
    for _ in range(rounds):
        begun = perf_counter()
        made = cloud(XOR, epochs)
        times.append(perf_counter() - begun)
    return {
        "networks": len(SEEDS),
        "epochs": epochs,
        "seconds": round(median(times), 3),
        "epochs_drawn": len(made.marks),
        "largest_difference_from_single_runs": difference(made),
    }


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--json", action="store_true", help="print one JSON object")
    options.add_argument("--rounds", type=int, default=5)
    given = options.parse_args()
    one_core()
    found = measure(given.rounds, EPOCHS)
    print_figures(found, given.json)


if __name__ == "__main__":
    main()
