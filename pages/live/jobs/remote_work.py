"""Long work in a process of its own, as a page sees it: it looks how far the work is, and waits."""

from __future__ import annotations

import logging
import math
import threading
import weakref
from collections.abc import Callable
from contextlib import suppress
from time import monotonic, sleep
from typing import Any, Generic, TypeVar

from engine.language import ENGLISH, language, marked, tr
from pages.live.jobs.places import GENTLE, WAITED_FOR, Place, Places, places
from pages.live.jobs.process import Done, Progress, receive, send

T = TypeVar("T")

SIGN_OF_LIFE, EVERY = b"1", 0.4  # and the seconds between two of them
# These are short, and a page has nothing to show before them.
TABLES = ("open table", "read table", "prepare table", "open project")
AWAITED = ("run lesson",)  # the pupil goes on when it is done
AGAIN = 0.1  # seconds between two looks for a place
LOST = marked(
    "The process that computed this has ended, perhaps because the memory was full. "
    "Start it again, or try something smaller."
)
FAULTY = marked("This could not be computed, because of a fault in the program.")

logger = logging.getLogger(__name__)


class RemoteWork(Generic[T]):
    """Work that a process does while somebody looks, and its result.

    `name` is a function in the registry, `owner` the token of the session. A place that was taken
    by others while nobody looked is asked for again, and the work begins anew.
    """

    def __init__(
        self,
        owner: str,
        name: str,
        *arguments: object,
        places: Callable[[bool], Places] = places,
    ) -> None:
        self.owner, self.places = owner, places
        self.order = name, arguments, language()
        self.lock = threading.Lock()
        self.place: Place | None = None
        self.stopped = False
        self.parts: list[Any] = []  # of the result, so far: what each kind of work reports
        self.signed = -math.inf  # when the process was last sent a sign of life
        self.share, self.left = 0.0, math.nan
        self.done: Done | None = None

    @property
    def result(self) -> T:
        """Return the result. Raises RuntimeError if there is none."""
        if self.done is None or self.failed:
            raise RuntimeError("There is no result.")
        return self.done.value

    @property
    def waiting(self) -> bool:
        """Return whether it has no process so far."""
        return self.place is None and self.done is None

    @property
    def failed(self) -> bool:
        """Return whether it ended without a result."""
        return self.done is not None and bool(self.done.refused or self.done.fault)

    @property
    def evicted(self) -> bool:
        """Return whether others have taken its place, so that it would begin anew."""
        return self.done is None and self.place is not None and self.place.over

    def advance(self, seconds: float) -> bool:
        """Wait this long for the process; return whether all is done.

        Raises ValueError, with a sentence for people, if the work cannot be done.
        """
        deadline = monotonic() + seconds
        while self.done is None and not self.stopped:
            with self.lock:
                self.step(max(0.0, deadline - monotonic()))
            if monotonic() >= deadline:
                break
        if self.done is None:
            return False
        if self.done.fault:
            logger.error("A piece of work failed:\n%s", self.done.fault)
        if self.done.refused or self.done.fault:
            raise ValueError(tr(self.done.refused or FAULTY))
        return True

    def step(self, seconds: float) -> None:
        """Take the next message if it comes in this time; start the process if there is none."""
        if self.stopped or self.done is not None:  # in this moment, by another run of the page
            return
        try:
            if self.place is None or self.place.over:
                self.begin()
            if self.place is None:
                sleep(min(seconds, AGAIN))
            else:
                self.listen(self.place, seconds)
        except (EOFError, OSError):
            if self.place is None or not self.place.over:  # nobody has ended it
                self.finish(Done(refused=LOST))

    def begin(self) -> None:
        """Start the process, if there is a place for it."""
        self.share, self.left, self.parts = 0.0, math.nan, []
        name = self.order[0]
        nice = WAITED_FOR if name in AWAITED else GENTLE
        self.place = self.places(name in TABLES).take(self.owner, nice)
        if self.place is not None:
            weakref.finalize(self, self.place.end)
            send(self.place.connection, self.order)

    def listen(self, place: Place, seconds: float) -> None:
        """Take one message of the process, if it comes in this time."""
        place.looked = now = monotonic()
        if now - self.signed > EVERY:
            self.signed = now
            with suppress(OSError):  # it has ended; its last message is still to be read
                place.connection.send_bytes(SIGN_OF_LIFE)
        if not place.connection.poll(seconds):
            return
        message = receive(place.connection)
        if isinstance(message, Progress):
            self.share, self.left = message.share, message.left
            if message.part is not None:
                self.parts = [*([] if message.replaces else self.parts), message.part]
        else:
            self.finish(message)

    def finish(self, done: Done) -> None:
        """Keep what has become of the work, and give the place back."""
        self.done, self.share = done, 1.0
        self.order = self.order[0], (), ENGLISH  # what it worked on may be large
        if self.place is not None:
            self.place.end()
            self.place.connection.close()

    def stop(self) -> None:
        """End the process; what it has sent so far stays."""
        self.stopped = True
        if self.place is not None:
            self.place.end()
            with self.lock:  # nobody listens any more
                self.place.connection.close()
