"""Figures for the operator, in the text format of Prometheus.

The format: https://prometheus.io/docs/instrumenting/exposition_formats (version 0.0.4).
"""

from __future__ import annotations

import os
import threading
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

import psutil

if TYPE_CHECKING:
    from pages.live.pool import Pool

BOUNDS = (0.05, 0.1, 0.15, 0.3, 0.5, 1.0, 2.0, 5.0)  # seconds
PREFIX = "deltascope"

Labelled = Mapping[str, float]  # label of a sample, such as 'process="0"' or "" -> value


class Latency:
    """How long answers took: a histogram."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.counts = [0] * (len(BOUNDS) + 1)  # of each interval; the last has no upper bound
        self.seconds = 0.0

    def note(self, seconds: float) -> None:
        """Note an answer."""
        with self.lock:
            self.counts[bisect_left(BOUNDS, seconds)] += 1
            self.seconds += seconds

    def lines(self, name: str, words: str) -> Iterator[str]:
        """Yield the lines of the histogram; each bucket counts those below its bound."""
        with self.lock:
            counts, seconds = [*self.counts], self.seconds
        yield from metric_head(name, "histogram", words)
        below = 0
        for bound, count in zip((*BOUNDS, "+Inf"), counts, strict=True):
            below += count
            yield f'{PREFIX}_{name}_bucket{{le="{bound}"}} {below}'
        yield f"{PREFIX}_{name}_sum {seconds}"
        yield f"{PREFIX}_{name}_count {below}"


class Usage(NamedTuple):
    """What a process uses; zeros if it is gone."""

    cpu: float = 0.0  # seconds
    bytes: float = 0.0  # resident
    handles: float = 0.0


def usage(number: int) -> Usage:
    """Return what the process with this number uses."""
    with suppress(psutil.Error):
        process = psutil.Process(number)
        with process.oneshot():
            times = process.cpu_times()
            memory = process.memory_info().rss
            return Usage(times.user + times.system, memory, process.num_fds())
    return Usage()


def metric_head(name: str, kind: str, words: str) -> Iterator[str]:
    """Yield the two lines before the samples of a metric."""
    yield f"# HELP {PREFIX}_{name} {words}"
    yield f"# TYPE {PREFIX}_{name} {kind}"


def metric(name: str, kind: str, words: str, samples: Labelled) -> Iterator[str]:
    """Yield the lines of a metric."""
    yield from metric_head(name, kind, words)
    for label, value in samples.items():
        yield f"{PREFIX}_{name}{{{label}}} {value}" if label else f"{PREFIX}_{name} {value}"


def metrics_text(pool: Pool, sessions: int, players: int, working: int = 0) -> str:
    """Return all figures of a server; `working` processes do the long work of pages."""
    return "\n".join(
        [
            *metric("sessions", "gauge", "Sessions in memory.", {"": sessions}),
            *metric("players", "gauge", "Players with an open connection.", {"": players}),
            *metric("page_work", "gauge", "Processes for long work of pages.", {"": working}),
            *pool.latency.lines("answer_seconds", "Seconds from a request to its answer."),
            *lines_of_workers(pool),
            *lines_of_processes(pool),
            "",
        ]
    )


def lines_of_workers(pool: Pool) -> Iterator[str]:
    """Yield what the processes that train hold and have done."""
    workers = {f'process="{place}"': one for place, one in sorted(pool.workers.items())}

    def each(name: str, kind: str, words: str, attribute: str) -> Iterator[str]:
        samples = {label: getattr(one, attribute) for label, one in workers.items()}
        return metric(name, kind, words, samples)

    yield from each("runs", "gauge", "Runs that a process keeps.", "runs")
    yield from each("run_bytes", "gauge", "Estimated bytes of these runs.", "run_bytes")
    yield from each("jobs_waiting", "gauge", "Jobs without a result so far.", "jobs")
    yield from each("epochs_total", "counter", "Epochs trained.", "epochs")
    yield from each(
        "restarts_total", "counter", "Processes that ended and were replaced.", "restarts"
    )


def lines_of_processes(pool: Pool) -> Iterator[str]:
    """Yield what the server and each process that trains use."""
    numbers: dict[str, int | None] = {'process="server"': os.getpid()}
    numbers |= {f'process="{place}"': one.number for place, one in sorted(pool.workers.items())}
    used = {label: usage(number) for label, number in numbers.items() if number is not None}
    seconds = {label: one.cpu for label, one in used.items()}
    memory = {label: one.bytes for label, one in used.items()}
    handles = {label: one.handles for label, one in used.items()}
    yield from metric("cpu_seconds_total", "counter", "Processor time.", seconds)
    yield from metric("resident_bytes", "gauge", "Resident memory.", memory)
    yield from metric("open_handles", "gauge", "Open files and sockets.", handles)
