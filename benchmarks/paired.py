"""Two programs that do the same work, timed in turns: what disturbs one disturbs the other too."""

import gc
import os
from collections.abc import Callable
from statistics import median
from time import process_time

from threadpoolctl import threadpool_limits


def one_core() -> None:
    """Tie this process to one core, and BLAS to one thread."""
    threadpool_limits(1)
    if hasattr(os, "sched_setaffinity"):  # Linux only
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})


def seconds(work: Callable[[], object]) -> float:
    """Seconds of processor time that one call takes; other programs of the machine do not count."""
    begun = process_time()
    work()
    return process_time() - begun


def in_turns(*works: Callable[[], object], pairs: int) -> list[list[float]]:
    """Seconds of each work, one list per round, all works in every round."""
    gc.collect()
    gc.disable()
    try:
        return [[seconds(work) for work in works] for _ in range(pairs)]
    finally:
        gc.enable()


def ratio(rounds: list[list[float]], above: int, below: int) -> float:
    """The median over the rounds of one work's time as a multiple of another's."""
    return median(times[above] / times[below] for times in rounds)


def calls_for(work: Callable[[], object], least: float) -> int:
    """How often to call so that it takes about `least` seconds."""
    work()
    return max(1, round(least / max(seconds(work), 1e-9)))
