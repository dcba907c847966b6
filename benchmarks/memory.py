"""What a long run costs: memory on the server, time to see any epoch again, points of its curves.
`python -m benchmarks.memory` trains the default run for 100,000 epochs.
"""

import argparse
import tracemalloc
from time import perf_counter

import numpy as np

from benchmarks.output import print_figures
from engine.problems import load
from engine.training import Config, Run
from pages.live.payload import history_arrays


def held(epochs: int) -> tuple[Run, float]:
    """A default run of so many epochs, and the MB (1,000,000 bytes) that it keeps."""
    config = Config()
    dataset = load(config)
    Run(config, dataset).advance(2)  # what Python and NumPy allocate once is not the run's
    tracemalloc.start()
    run = Run(config, dataset)
    run.advance(epochs)
    kept, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return run, kept / 1e6


def seeking(run: Run, count: int = 50) -> np.ndarray:
    """Milliseconds to rebuild each of `count` random epochs, (count,)."""
    times = []
    for epoch in np.random.default_rng(0).integers(0, run.epochs, count):
        start = perf_counter()
        run.at(int(epoch))
        times.append(1000 * (perf_counter() - start))
    return np.array(times)


def lost_extremes(run: Run, points: np.ndarray) -> int:
    """How many series lost their lowest or highest value in the points (S, series)."""
    whole = history_arrays(run, -1, most=run.epochs + 1)["series"]
    lowest = np.nanmin(whole, axis=0) < np.nanmin(points, axis=0)
    highest = np.nanmax(whole, axis=0) > np.nanmax(points, axis=0)
    return int((lowest | highest).sum())


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--epochs", type=int, default=100_000)
    options.add_argument("--json", action="store_true")
    given = options.parse_args()
    start = perf_counter()
    run, megabytes = held(given.epochs)
    seconds = perf_counter() - start
    middle, late = np.percentile(seeking(run), [50, 95])
    points = history_arrays(run, -1)["series"]
    found = {
        "epochs": run.epochs,
        "seconds_while_memory_is_traced": seconds,
        "mb_kept_on_the_server": megabytes,
        "ms_to_see_any_epoch_again_p50": float(middle),
        "ms_to_see_any_epoch_again_p95": float(late),
        "points_per_curve": len(points),
        "extremes_lost": lost_extremes(run, points),
    }
    print_figures(found, given.json)


if __name__ == "__main__":
    main()
