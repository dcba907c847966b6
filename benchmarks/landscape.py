"""How long a landscape takes: 61 x 61 losses around a 2-8-1 network on 300 examples, and the path.

`python -m benchmarks.landscape` prints a table, with `--json` one JSON object. Seconds are wall
time on one core, the median over the rounds, for both kinds of plane and for the line search.
"""

import argparse
from collections.abc import Callable
from statistics import median
from time import perf_counter

from benchmarks.output import print_figures
from benchmarks.paired import one_core
from engine.analysis import Landscape, search_line
from engine.problems import load
from engine.training import Config, Run

CONFIG, EPOCHS = Config(dataset="moons", hidden=(8,)), 300


def timed(work: Callable[[], object], rounds: int) -> float:
    """Seconds that one call takes, the median over the rounds."""
    times = []
    for _ in range(rounds):
        begun = perf_counter()
        work()
        times.append(perf_counter() - begun)
    return round(median(times), 4)


def measure(rounds: int) -> dict[str, float]:
    """The figures."""
    run = Run(CONFIG, load(CONFIG))
    run.advance(EPOCHS)
    made = Landscape(run, EPOCHS, "path")
    end = made.objective.losses(made.plane.at(*made.places[-1:].T))[0]
    return {
        "points": made.losses.size,
        "examples": len(run.dataset.train),
        "seconds_random": timed(lambda: Landscape(run, EPOCHS, "random").advance(), rounds),
        "seconds_path": timed(lambda: Landscape(run, EPOCHS, "path").advance(), rounds),
        "seconds_line_search": timed(lambda: search_line(run, EPOCHS), rounds),
        "path_end_from_final_loss": abs(float(end - run.losses["train"][-1])),
    }


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--json", action="store_true", help="print one JSON object")
    options.add_argument("--rounds", type=int, default=5)
    given = options.parse_args()
    one_core()
    found = measure(given.rounds)
    print_figures(found, given.json)


if __name__ == "__main__":
    main()
