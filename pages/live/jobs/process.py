"""A process that does one piece of long work and sends its progress and its result.

It works as long as somebody looks: the server sends a sign of life while the page is open. Without
one it pauses until the page is opened again. It ends with the server.
"""

from __future__ import annotations

import math
import os
import pickle
import traceback
from collections.abc import Callable, Mapping
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path
from time import monotonic
from typing import Any, NamedTuple

from threadpoolctl import threadpool_limits

from engine.language import speaking, tr

TICK = 0.1  # seconds between two messages on the progress
SLICE = 0.05  # seconds of work between two reports
PATIENCE = 1.5  # seconds without a sign of life after which the work pauses
FIRST_TO_END = "500"  # of all processes if the machine has no memory left; 0 for the server


class Progress(NamedTuple):
    """How far a piece of work is."""

    share: float  # done so far, from 0 to 1
    left: float = math.nan  # seconds, nan if they are not known
    part: object = None  # of the result: it is kept if the work is stopped
    replaces: bool = False  # whether the part takes the place of those before


class Done(NamedTuple):
    """The end of a piece of work."""

    value: Any = None
    refused: str = ""  # why it cannot be done, a sentence for people
    fault: str = ""  # the traceback of a fault of ours


Report = Callable[[Progress], None]
Work = Callable[..., object]  # its first argument is a Report, the others are plain values


def send(connection: Connection, message: object) -> None:
    """Send a plain value; the bytes of its arrays are not copied into a pickle."""
    buffers: list[pickle.PickleBuffer] = []
    head = pickle.dumps(message, 5, buffer_callback=buffers.append)
    connection.send_bytes(len(buffers).to_bytes(4, "little") + head)
    for buffer in buffers:
        with buffer.raw() as view:
            connection.send_bytes(view)


def receive(connection: Connection) -> Any:
    """Return the next value that was sent."""
    head = connection.recv_bytes()
    count = int.from_bytes(head[:4], "little")
    buffers = [bytearray(connection.recv_bytes()) for _ in range(count)]
    return pickle.loads(memoryview(head)[4:], buffers=buffers)


class Reporter:
    """Sends progress now and then, and waits as long as nobody looks."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.sent = self.seen = monotonic()

    def report(self, progress: Progress) -> None:
        """Send the progress if it is time, and a part of the result at once."""
        now = monotonic()
        if progress.part is not None or now - self.sent >= TICK:
            send(self.connection, progress)
            self.sent = now
        while self.connection.poll(0) or now - self.seen > PATIENCE:
            self.connection.recv_bytes()  # without a sign of life it waits here
            now = self.seen = monotonic()


def serve_job(known: Mapping[str, Work], connection: Connection, nice: int) -> None:
    """Do the work whose name comes through `connection`, and send what became of it.

    `known` holds the work that can be asked for.
    """
    os.nice(nice)
    with suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text(FIRST_TO_END)
    with suppress(EOFError, OSError), threadpool_limits(1, "blas"):  # the server is gone
        name, arguments, spoken = receive(connection)
        with speaking(spoken):
            send(connection, outcome(known[name], Reporter(connection).report, *arguments))


def outcome(work: Work, report: Report, *arguments: object) -> Done:
    """Return what becomes of the work. Raises OSError or EOFError if nobody waits for it."""
    try:
        return Done(work(report, *arguments))
    except ValueError as reason:
        return Done(refused=str(reason))
    except MemoryError:
        return Done(refused=tr("There is not enough memory for this."))
    except (EOFError, OSError):
        raise
    except Exception:
        return Done(fault=traceback.format_exc())
