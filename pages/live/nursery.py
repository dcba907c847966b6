"""The process that all others are forked from: it has loaded the engine, and waits.

`multiprocessing` would run the main module of the server again in each process it starts, which
here is a page. So there is one process for it: the server sends it one end of a socket for each
process that it wants; the answer is the number of that process. A fork takes milliseconds and
shares the memory of what is loaded. All of them end when the server does.

The server loads the engine too. So this process begins as a fork of the server, before it serves
anybody. If it is lost later, when many threads of the server work, this module is started anew.
"""

from __future__ import annotations

import gc
import os
import signal
import socket
import sys
import threading
import traceback
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from functools import cache, partial
from multiprocessing.connection import Connection
from pathlib import Path
from typing import NoReturn

import psutil

ROOT = Path(__file__).parents[2]
FIRST_FILE = 3  # after standard input, output and errors
ONE_THREAD: dict[str, str] = dict.fromkeys(
    ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1"
)


Kinds = dict[str, Callable[..., None]]


class Nursery:
    """The server's side: starts processes that train, and processes for other long work."""

    def __init__(self) -> None:
        self.lock, self.stopped = threading.Lock(), False
        self.process: psutil.Process | None = None
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

    def fork_from_server(self) -> None:
        """Let the process that forks begin as a fork of this one, with the engine loaded in both.

        It is for a server that has not begun to serve: a thread at work could hold a lock, which
        nobody would open in the new process. The only threads so far wait until Streamlit's
        configuration is to be read again. Raises OSError if no process can be started.
        """
        kinds = kinds_of_processes()
        ours, theirs = socket.socketpair()
        with theirs:
            number = os.fork()
            if number == 0:
                leave_server(theirs, kinds)
        self.process, self.socket = psutil.Process(number), ours

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
        if self.process is None or has_ended(self.process):
            if self.socket is not None:
                self.socket.close()
            ours, theirs = socket.socketpair()
            with theirs:
                self.process = psutil.Popen(
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


def has_ended(process: psutil.Process) -> bool:
    """Return whether a process that was started here has ended."""
    try:
        process.wait(0)
    except psutil.TimeoutExpired:
        return False
    return True


@contextmanager
def load_once() -> Generator[None]:
    """Load the engine and fork the process that forks; then the block loads the rest of the app.

    Nothing of what is loaded becomes garbage, so Python does not search it: that takes a fifth less
    time. BLAS reads its number of threads when it is loaded.
    """
    os.environ.update(ONE_THREAD)
    gc.disable()
    try:
        with suppress(OSError):  # the first order tries it again
            nursery_of_server().fork_from_server()
        yield
    finally:
        gc.enable()


def leave_server(channel: socket.socket, kinds: Kinds) -> NoReturn:
    """Become the process that forks; the server's work and files are not continued here."""
    try:
        signal.set_wakeup_fd(-1)  # the event loop of the server hears of no signal from here
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        os.closerange(FIRST_FILE, channel.fileno())
        os.closerange(channel.fileno() + 1, os.sysconf("SC_OPEN_MAX"))
        fork_on_request(channel, kinds)
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(0)


def kinds_of_processes() -> Kinds:
    """Return what a forked process can do, by the first word of an order; this loads the engine."""
    from pages.live.jobs.process import serve_job
    from pages.live.jobs.registry import WORK
    from pages.live.worker import serve

    return {"train": serve, "job": partial(serve_job, WORK)}


def fork_on_request(channel: socket.socket, kinds: Kinds) -> None:
    """Fork a process for each socket that comes, until the server is gone."""
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
    gc.disable()  # nothing of what is loaded becomes garbage
    fork_on_request(socket.socket(fileno=int(sys.argv[1])), kinds_of_processes())
