"""A heavy search on one core, and on a local Dask cluster of two worker processes.

`python -m benchmarks.cluster` prints a table, with `--json` one JSON object. Twelve candidates on
five folds of the digits, long enough for a minute on one core. Seconds are wall time, so nothing
else should be running; the load of the machine before the start is given, so that one can tell.
The second ratio is of processor time, that of the worker which had more to do, and nearly free of
what else is running. The start of the cluster is not counted, carrying the search to and fro is.
"""

import argparse
import os
from time import perf_counter, process_time

from benchmarks.output import print_figures
from benchmarks.paired import one_core
from engine.problems import PROBLEMS
from engine.search import ClusterTuning, Search, Tuning, workers_here
from engine.training import Config

SPACE = {"hidden": ((48,), (64,)), "learning_rate": (0.001, 0.003, 0.01), "l2": (1e-4, 1e-3)}
WORKERS, EPOCHS = 2, 500


def search(epochs: int) -> Search:
    """The heavy search."""
    choices = {**PROBLEMS["digits"].suggested, "dataset": "digits", "epochs": epochs}
    return Search(SPACE, Config(**choices))


def seconds(tuning: Tuning) -> float:
    """Wall time until the search is through."""
    begun = perf_counter()
    while not tuning.advance(0.5):
        pass
    return perf_counter() - begun


def measure(epochs: int) -> dict[str, float]:
    """The figures."""
    load, cores = os.getloadavg()[0], os.sched_getaffinity(0)
    with workers_here(WORKERS) as workers:
        there = ClusterTuning(search(epochs), workers.scheduler_address)
        before = there.client.run(process_time)
        on_cluster = seconds(there)
        after = there.client.run(process_time)
        there.close()
    one_core()
    here, begun = Tuning(search(epochs)), process_time()
    alone, worked = seconds(here), process_time() - begun
    os.sched_setaffinity(0, cores)
    return {
        "ratio_one_core_over_cluster": round(alone / on_cluster, 2),
        "ratio_by_processor_time": round(
            worked / max(after[worker] - before[worker] for worker in after), 2
        ),
        "seconds_one_core": round(alone, 1),
        "seconds_cluster": round(on_cluster, 1),
        "workers": WORKERS,
        "trainings": len(here.rows),
        "rows_equal": int(here.rows == there.rows),
        "load_before": round(load, 2),
    }


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--json", action="store_true", help="print one JSON object")
    options.add_argument("--epochs", type=int, default=EPOCHS)
    given = options.parse_args()
    found = measure(given.epochs)
    print_figures(found, given.json)


if __name__ == "__main__":
    main()
