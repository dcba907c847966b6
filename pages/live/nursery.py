"""The process that all others are forked from: it has loaded the engine, and waits.

`multiprocessing` would run the main module of the server again in each process it starts, which
here is a page. So the server starts this module once, and sends it one end of a socket for each
process that it wants; the answer is the number of that process. A fork takes milliseconds and
shares the memory of what is loaded. All of them end when the server does.
"""

from __future__ import annotations

import gc
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import cache, partial
from multiprocessing.connection import Connection
from pathlib import Path

ROOT = Path(__file__).parents[2]
ONE_THREAD = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")


class Nursery:
    """The server's side: starts processes that train, and processes for other long work."""

    def __init__(self) -> None:
        self.lock, self.stopped = threading.Lock(), False
        self.process: subprocess.Popen[bytes] | None = None
        self.socket: socket.socket | None = None

    def start(self, most_bytes: int, nice: int) -> tuple[int, Connection]:
        """Start a process that trains; return its number and the connection to it.

        Raises OSError if no process can be started.
        """
        return self.fork(f"train {most_bytes} {nice}")

    def start_job(self, nice: int) -> tuple[int, Connection]:
        """Start a process that does one piece of work; return its number and the connection to it.

        Raises OSError if no process can be started.
        """
        return self.fork(f"job {nice}")

    def open(self) -> None:
        """Start the process that forks, so that it loads the engine ahead of its first order."""
        with self.lock, suppress(OSError):  # the first order tries it again
            self.channel()

    def fork(self, order: str) -> tuple[int, Connection]:
        """Ask for a process; return its number and the connection to it.

        Raises OSError if no process can be started.
        """
        ours, theirs = socket.socketpair()
        try:
            with theirs, self.lock:
                channel = self.channel()
                socket.send_fds(channel, [f"{order}\n".encode()], [theirs.fileno()])
                number = int(channel.recv(32) or -1)
            if number < 0:
                raise OSError("no process can be started")
        except OSError:
            ours.close()
            raise
        return number, Connection(ours.detach())

    def channel(self) -> socket.socket:
        """Return the socket to the process that forks, which is started if it is not there.

        Raises OSError after `stop`: a thread may have waited for its turn meanwhile.
        """
        if self.stopped:
            raise OSError("the server is about to end")
        if self.process is None or self.process.poll() is not None:
            if self.socket is not None:
                self.socket.close()
            ours, theirs = socket.socketpair()
            with theirs:
                self.process = subprocess.Popen(
                    [sys.executable, "-m", "pages.live.nursery", str(theirs.fileno())],
                    cwd=ROOT,
                    env=os.environ | ONE_THREAD,
                    pass_fds=[theirs.fileno()],
                )
            self.socket = ours
        assert self.socket is not None
        return self.socket

    def stop(self) -> None:
        """End the process that forks, for good; those it has forked go on."""
        with self.lock:
            self.stopped = True
            if self.process is not None and self.socket is not None:
                self.socket.close()
                self.process.wait(10)
                self.process = self.socket = None


@cache
def nursery_of_server() -> Nursery:
    """Return the nursery of the server's pool."""
    return Nursery()


@contextmanager
def load_beside() -> Iterator[None]:
    """Start the process that forks, which loads the engine while the block loads the app.

    Nothing of what is loaded becomes garbage, so Python does not search it: the block takes a fifth
    less time.
    """
    nursery_of_server().open()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def fork_on_request(channel: socket.socket) -> None:
    """Fork a process for each socket that comes, until the server is gone."""
    gc.disable()  # nothing of what is loaded becomes garbage
    from pages.live.jobs.process import serve_job
    from pages.live.jobs.registry import WORK
    from pages.live.worker import serve

    kinds: dict[str, Callable[..., None]] = {"train": serve, "job": partial(serve_job, WORK)}
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the server ends it
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for the processes
    gc.freeze()  # their memory is shared as long as nobody writes to it
    gc.enable()
    while True:
        text, files, _, _ = socket.recv_fds(channel, 64, 1)
        if not text:
            return
        number = os.fork()
        if number == 0:
            channel.close()
            kind, *numbers = text.decode().split()
            kinds[kind](Connection(files[0]), *map(int, numbers))
            os._exit(0)
        os.close(files[0])
        channel.send(b"%d\n" % number)


if __name__ == "__main__":
    fork_on_request(socket.socket(fileno=int(sys.argv[1])))
