"""How many pieces of long work run at once: each has a process, and there are few of them."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from multiprocessing.connection import Connection
from time import monotonic

from pages.live.pool import cores, pool

# The niceness of work: the runs of the players come first, large ones too, and short work that a
# person waits for comes before searches.
GENTLE, WAITED_FOR = 15, 5
PER_CORE = 2  # processes of one kind of work
PER_OWNER = 2  # of which one works and the other has paused
LEFT = 3.0  # seconds without a look after which a page counts as left


class Place:
    """A process that does one piece of work."""

    def __init__(self, owner: str, number: int, connection: Connection) -> None:
        self.owner, self.number, self.connection = owner, number, connection
        self.looked = monotonic()
        self.over = False

    @property
    def left(self) -> bool:
        """Return whether the page that asked for the work seems to be left."""
        return monotonic() - self.looked > LEFT

    def end(self) -> None:
        """End the process. It takes no lock: the garbage collector calls it, too."""
        if not self.over:
            self.over = True
            with suppress(ProcessLookupError):
                os.kill(self.number, signal.SIGKILL)


class Places:
    """The places of a server. One session works on one thing at a time."""

    def __init__(self, most: int, start: Callable[[int], tuple[int, Connection]]) -> None:
        self.most, self.start = most, start
        self.lock = threading.Lock()
        self.taken: list[Place] = []

    def take(self, owner: str, nice: int) -> Place | None:
        """Return a place for a new piece of work of a session; None if it has to wait.

        Work that nobody looks at makes room for it. Raises OSError if no process can be started.
        """
        with self.lock:
            self.taken = [place for place in self.taken if not place.over]
            own = [place for place in self.taken if place.owner == owner]
            if not all(place.left for place in own):
                return None
            if not (self.make_room(own, PER_OWNER) and self.make_room(self.taken, self.most)):
                return None
            place = Place(owner, *self.start(nice))
            self.taken.append(place)
            return place

    def make_room(self, among: list[Place], most: int) -> bool:
        """Return whether there is room for one more; end what was not looked at for longest."""
        working = [place for place in among if not place.over]
        if len(working) < most:
            return True
        oldest = min(working, key=lambda place: place.looked)
        if oldest.left:
            oldest.end()
        return oldest.left


@cache
def places(tables: bool) -> Places:
    """Return the server's places, those for tables or those for all other work."""
    return Places(PER_CORE * cores(), pool().nursery.start_job)


def working() -> int:
    """Return how many processes do the long work of pages."""
    if not places.cache_info().currsize:
        return 0
    return sum(not place.over for tables in (False, True) for place in places(tables).taken)
