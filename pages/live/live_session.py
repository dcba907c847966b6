"""The live side of a player: its requests, and runs that follow those that train.

The runs that the pages read are copies. Those that the player shows train in another process; when
a page is about to read a copy, the copy takes over what has happened there since. The player of the
page Train shows one run, that of the page Compare up to six.
"""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from time import perf_counter

from engine.language import tr
from engine.training import MOST_EPOCHS, OWN, Run, RunState, Shelf, epoch_cost, take_over
from pages.live.bookmark import EVERY, Bookmark, is_small
from pages.live.pool import Faulty, Pool, pool
from pages.live.requests import PlayerRequest
from pages.live.view import Specification, Standing, View, specification
from pages.live.worker import Key, LiveResult, WantedState

LARGE = 1e7  # products of two numbers in an epoch from which runs are trained apart
WAIT = 20.0  # seconds for the state of a run
AGAIN = 0.1  # seconds between two looks at a run that goes on
PROMPT = 5.0  # seconds for the state of a run in another session; to train it again takes longer
WORTH, MOST_WORTH = 300, 200_000  # epochs that are not trained again where another session has them
SHELF = Shelf()  # for old records of the copies
MODEST = 1e6  # products of two numbers in an epoch up to which a few dozen take no time


@dataclass(eq=False)
class Copy:
    """A run as the pages read it, and how far the process that trains it is."""

    run: Run
    number: int  # among the runs of its player
    standing: Standing | None = None  # None: nothing was trained elsewhere
    looked: float = 0.0  # when the copy last took over
    reached: int = 0  # the last epoch that the player can have been shown
    wanted: int = 0  # the epoch at which it is shown first, as its link asks for
    bookmark: Bookmark | None = None
    marked: float = -EVERY  # when the last bookmark was asked for

    def note(self, standing: Standing) -> None:
        """Note how far the run is; a process that builds it again starts from less."""
        self.standing, self.reached = standing, max(self.reached, standing.epochs)

    @property
    def stands(self) -> Standing:
        """Return how far the run is, as far as known."""
        return self.standing or Standing.of(self.run)

    def specify(self) -> Specification:
        """Return what the run is made from, with the changes that its copy does not know yet.

        Its state is the latest that is known.
        """
        events, known = self.stands.events, specification(self.run)
        state = known.state if known.events == events else None
        marked = self.bookmark.state_for(events) if self.bookmark else None
        if marked is not None and (state is None or state.epochs < marked.epochs):
            state = marked
        resume = max(self.reached, self.wanted)
        return Specification(known.config, known.dataset, events, state, resume)

    def wants_bookmark(self, now: float) -> bool:
        """Return whether it is time for a new bookmark."""
        if now - self.marked < EVERY:
            return False
        self.bookmark = self.bookmark or Bookmark(self.run)
        return self.bookmark.is_worth_it(self.run, self.stands.epochs, self.stands.events)


@dataclass(eq=False)
class Live:
    """The runs of a player."""

    token: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    part: str = "train"  # which player of the session this is
    lock: threading.RLock = field(default_factory=threading.RLock)
    pool: Callable[[], Pool] = pool
    copies: list[Copy] = field(default_factory=list)
    number: int = 0  # of the newest run
    resting: bool = False  # nobody looks at the runs, and bookmarks hold what was trained

    @property
    def run(self) -> Run | None:
        """Return the only or first run; None if there is none yet."""
        return self.copies[0].run if self.copies else None

    @property
    def standing(self) -> Standing | None:
        """Return how far the only or first run is, as far as known; None if there is none yet."""
        return self.copies[0].stands if self.copies else None

    @property
    def runs(self) -> list[Run]:
        """Return the runs as the pages read them."""
        return [copy.run for copy in self.copies]

    @property
    def keys(self) -> tuple[Key, ...]:
        """Return the addresses of the runs."""
        return tuple(Key(self.token, copy.number, self.part) for copy in self.copies)

    @property
    def reached(self) -> int:
        """Return the last epoch that the player can have been shown."""
        return max((max(copy.reached, copy.run.epochs) for copy in self.copies), default=0)

    def replace(self, run: Run) -> None:
        """Show this run alone from now on."""
        with self.lock:
            self.copies = []
            self.put([run])

    def put(self, runs: Sequence[Run], epoch: int = 0) -> None:
        """Show these runs from now on, new ones first at an epoch; the others go on."""
        with self.lock:
            kept = {id(copy.run): copy for copy in self.copies}
            self.copies = []
            for run in runs:
                self.number += id(run) not in kept
                new = Copy(run, self.number, wanted=min(epoch, MOST_EPOCHS))
                self.copies.append(kept.get(id(run)) or new)

    def submit(
        self,
        asked: PlayerRequest | None,
        view: View | None = None,
        place: int = 0,
        until: int = MOST_EPOCHS,
        first: int | None = None,
    ) -> Future[LiveResult]:
        """Hand a request to the process that trains; without one, ask for the state of a run.

        The state has records from the epoch `first` on, by default those that the copy lacks; up
        to an earlier epoch than the last one it is whole. Raises RuntimeError if there is no run.
        """
        with self.lock:
            if not self.copies:
                raise RuntimeError("There is no run yet.")
            self.resting = False
            keys, copies = self.keys, dict(zip(self.keys, self.copies, strict=True))
            copy = self.copies[place]
            same = copy.standing is not None and copy.standing.events == (*copy.run.events,)
            large = sum(epoch_cost(run.config, run.dataset) for run in self.runs) > LARGE

            def specify(key: Key) -> Specification:
                with self.lock:
                    return copies[key].specify()

        if first is None:
            first = copy.run.epochs if same and until == MOST_EPOCHS else 0
        state = WantedState(place, first, until)
        return self.pool().submit(keys, specify, large, asked, view, state)

    def begin_at(self, epoch: int, others: Iterable[Live]) -> None:
        """Let the run begin at an epoch that the same run has passed in another session.

        Training is the same bit for bit, so nobody has to wait until it is repeated. The process
        that trains the run also looks whether this machine has kept its state.
        """
        run = self.run
        if self.copies:
            self.copies[0].wanted = min(epoch, MOST_EPOCHS)
        if run is None or not WORTH <= epoch <= MOST_WORTH or run.config.dataset == OWN:
            return
        late = any(event.epoch > epoch for event in run.events)
        if late or epoch_cost(run.config, run.dataset) > MODEST:
            return
        for other in others:
            if other.has_passed(epoch, run):
                resting = other.resting
                with suppress(Faulty, TimeoutError, RuntimeError):
                    state = other.submit(None, until=epoch).result(PROMPT).state
                    if state and state.epochs == epoch and state.events == tuple(run.events):
                        bring(run, state)
                if resting:
                    other.rest()
                return

    def has_passed(self, epoch: int, run: Run) -> bool:
        """Return whether the first run is the same as `run`, and trained up to an epoch."""
        own, stands = self.run, self.standing
        if own is None or stands is None or own.config != run.config:
            return False
        passed = stands.epochs >= epoch + bool(stands.ended)
        return passed and stands.events == tuple(run.events)

    def within(self, asked: PlayerRequest) -> PlayerRequest:
        """Return a request about epochs that the player has seen: others would have to be trained.

        An epoch to seek has no bound, because it is trained in slices.
        """
        bounded = asked.copy()
        if "at" in asked:
            bounded["at"] = min(asked["at"], self.reached)
        if "from" in asked:
            bounded["from"] = min(asked["from"], self.reached)
        return bounded

    def note(self, keys: Sequence[Key], standings: Sequence[Standing]) -> None:
        """Note how far runs are; of those that are no longer shown nothing is noted."""
        with self.lock:
            noted = dict(zip(keys, standings, strict=True))
            for key, copy in zip(self.keys, self.copies, strict=True):
                if key in noted:
                    copy.note(noted[key])

    def mark(self) -> None:
        """Ask for what a new process would need, where it would spare a while of training."""
        now = perf_counter()
        with self.lock:
            for place, copy in enumerate(self.copies):
                if copy.wants_bookmark(now) and copy.bookmark:
                    copy.marked = now
                    self.fetch_bookmark(place, copy.bookmark)

    def fetch_bookmark(self, place: int, bookmark: Bookmark) -> Future[LiveResult]:
        """Ask for the state of a run, and keep it in its bookmark when it comes."""
        first = bookmark.first_unknown(self.copies[place].stands.events)
        waiting = self.submit(None, place=place, first=first)
        waiting.add_done_callback(partial(self.keep, bookmark))
        return waiting

    def keep(self, bookmark: Bookmark, waiting: Future[LiveResult]) -> None:
        """Keep the state of a run that has come."""
        if waiting.exception() is None:
            state = waiting.result().state
            with self.lock:
                if state is not None:
                    bookmark.keep(state, SHELF)

    def rest(self) -> None:
        """Let the process forget the runs once their bookmarks are complete: nobody looks at them.

        They are built from there when somebody asks again. Runs whose states are too large for a
        bookmark stay where they are.
        """
        with self.lock:
            trained = [place for place, copy in enumerate(self.copies) if copy.standing]
            if not trained or not all(is_small(self.copies[place].run) for place in trained):
                return
            waiting: list[Future[LiveResult]] = []
            for place in trained:
                copy = self.copies[place]
                copy.bookmark = copy.bookmark or Bookmark(copy.run)
                waiting.append(self.fetch_bookmark(place, copy.bookmark))
            self.resting = True
        waiting[-1].add_done_callback(self.fall_back)

    def fall_back(self, _: Future[LiveResult]) -> None:
        """Let the process forget the runs, unless somebody has asked for them meanwhile."""
        with self.lock:
            if self.resting:
                self.pool().forget(self.token, self.part)

    def train(self, epoch: int, seconds: float, view: View) -> Standing:
        """Let the first run be trained towards an epoch for `seconds`; return how far it is.

        Raises ValueError, with a sentence for people, if no process can train it.
        """
        deadline = perf_counter() + seconds
        # No history is wanted.
        asked: PlayerRequest = {"id": 0, "kind": "seek", "epoch": epoch, "known": epoch}
        while True:
            stands, keys = self.copies[0].stands, self.keys
            if stands.epochs >= epoch or stands.ended or perf_counter() > deadline:
                return stands
            try:
                self.note(keys, self.submit(asked, view).result(WAIT).standings)
            except (Faulty, TimeoutError):
                raise ValueError(tr("The run could not be trained. Reload the page.")) from None

    def follow(self, shown: int, place: int = 0) -> None:
        """Let a copy take over what was trained elsewhere, if it needs to."""
        with self.lock:
            if place >= len(self.copies):
                return
            copy = self.copies[place]
            run, stands = copy.run, copy.stands
            recent = perf_counter() - copy.looked < AGAIN
            late = shown > run.epochs or stands.events != (*run.events,)
            if stands == Standing.of(run) or (recent and not late):
                return
            waiting = self.submit(None, place=place)
        try:
            result = waiting.result(WAIT)
        except (Faulty, TimeoutError):
            return  # the copy stays as it is
        with self.lock:
            if copy in self.copies and result.state is not None:
                bring(run, result.state)
                copy.standing, copy.looked = result.standings[0], perf_counter()


def bring(run: Run, state: RunState) -> None:
    """Bring a copy of a run to a state; its old records do not stay in memory."""
    take_over(run, state)
    run.history.shelve(SHELF, run.epochs, 1)
