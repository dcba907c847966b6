"""Work in slices of time: a few steps, and then others may have the processor."""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter


def work_for(seconds: float, step: Callable[[], object], done: Callable[[], bool]) -> bool:
    """Take steps for about `seconds`, at least one if any is left; return whether all is done."""
    deadline = perf_counter() + seconds
    while not done():
        step()
        if perf_counter() > deadline:
            break
    return done()
