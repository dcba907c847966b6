"""One person of a class: opens the page, trains, changes a choice, scrubs, comes and goes."""

from __future__ import annotations

import asyncio
import contextlib
import json
import random
import time
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from websockets.exceptions import WebSocketException

from benchmarks.clients.player import Player
from benchmarks.clients.wires import (
    FOLLOW,
    LiveWire,
    Page,
    StreamlitWire,
    Wire,
    unpack,
)
from engine.training import Config

BETWEEN_CHANGES = (15.0, 25.0)  # seconds
BETWEEN_SCRUBS = (20.0, 40.0)
AWAY = (3.0, 6.0)
GIVE_UP = 30.0  # seconds, for a change that never is in force or a page that never comes
LONG = 1.0  # seconds, for what is not answered yet at the end
clock = time.monotonic


class Step(NamedTuple):
    """What a person does, and when, in seconds after the start."""

    at: float
    action: str


def plan(chance: random.Random, seconds: float, scrubs: bool, leaves: bool) -> list[Step]:
    """Return what a person does in so many seconds, in order of time."""
    steps = [Step(chance.uniform(0.5, 2), "train")]
    at = chance.uniform(2, BETWEEN_CHANGES[1])
    while at < seconds:
        steps.append(Step(at, "rate"))
        at += chance.uniform(*BETWEEN_CHANGES)
    at = chance.uniform(*BETWEEN_SCRUBS) / 2
    while scrubs and at < seconds:
        steps += [Step(at, "pause"), *(Step(at + 0.5 + 0.1 * i, "scrub") for i in range(5))]
        steps += [Step(at + 2.5, "back"), Step(at + 3, "train")]
        at += chance.uniform(*BETWEEN_SCRUBS)
    if leaves:
        at = seconds * chance.uniform(0.3, 0.6)
        steps += [Step(at, "leave"), Step(at + chance.uniform(*AWAY), "return")]
    return sorted(steps)


def rate_of(query: str) -> float:
    """Return the learning rate that a run ends with, from the query of its address."""
    parts = dict(part.partition("=")[::2] for part in query.split("&"))
    for event in reversed(parts.get("events", "").split(";")):
        _, name, value = [*event.split(":"), "", ""][:3]
        if name == "learning_rate":
            return float(value)
    return float(parts.get("learning_rate", Config().learning_rate))


@dataclass
class Tally:
    """What happened to one person; each list holds pairs of a time and a number of seconds."""

    bursts: list[tuple[float, float]] = field(default_factory=list)
    burst_epochs: list[tuple[float, float]] = field(default_factory=list)  # a time, epochs
    changes: list[tuple[float, float]] = field(default_factory=list)
    page_runs: list[tuple[float, float]] = field(default_factory=list)
    loads: list[tuple[float, float]] = field(default_factory=list)
    returns: list[tuple[float, float]] = field(default_factory=list)
    unanswered: int = 0  # changes that were not in force after GIVE_UP
    lost: int = 0  # requests that had to be sent again
    errors: list[str] = field(default_factory=list)
    epochs: int = 0  # shown for the first time
    wanting: float = 0.0  # seconds of playing, waiting for frames included


class Person:
    """A client with its page, its player and its wire."""

    def __init__(self, url: str, query: str, chance: random.Random, at: str = "") -> None:
        self.url, self.query, self.chance = url, query, chance
        self.at = at  # the name of the page; "" is Train
        self.tally = Tally()
        self.news = asyncio.Event()
        self.player = Player(0)
        self.page: Page | None = None
        self.wire: Wire | None = None
        self.opened = 0.0  # when the page was opened; 0 once its set-up is here
        self.returning = 0.0  # when it was opened at an epoch; 0 once that is shown
        self.touched: tuple[float, str] | None = None  # a change that is not in force yet
        self.running = 0.0  # when a run of the page was asked for; 0 once it is done
        self.wants = False  # to see it train
        self.home: int | None = None  # place of the first learning rate among the options
        self.away = False  # left on purpose
        self.closing: list[asyncio.Task] = []  # connections that a new one took the place of
        self.counted = clock()

    async def live(self, steps: list[Step], end: float) -> None:
        """Follow the plan until `end`."""
        start, steps = clock(), list(steps)
        await self.arrive(self.query)
        while clock() < end:
            while steps and start + steps[0].at <= clock():
                await self.act(steps.pop(0).action, clock())
            if not self.away and (self.page is None or self.page.ended):
                await self.come_again()
            await self.pump(clock())
            next_step = start + steps[0].at if steps else end
            await self.wait(min(next_step, end) - clock())
        self.count(clock())
        self.note_unfinished(clock())
        await self.leave()

    def note_unfinished(self, now: float) -> None:
        """Count what has been waited for for long with the time so far: it is at least that."""
        requests = self.player.requests
        burst = requests.begun if requests.out and requests.out["kind"] == "play" else 0.0
        change = self.touched[0] if self.touched else 0.0
        for begun, pairs in (
            (burst, self.tally.bursts),
            (change, self.tally.changes),
            (self.opened, self.tally.loads),
        ):
            if begun and now - begun > LONG:
                pairs.append((now, now - begun))

    async def visit(self) -> None:
        """Open the page, wait until all of it is there, and close it."""
        await self.arrive(self.query)
        async with asyncio.timeout(GIVE_UP):
            while self.page and not (self.tally.loads and self.tally.page_runs):
                await asyncio.sleep(0.05)
        await self.leave()
        if self.tally.errors:
            raise ConnectionError(f"{self.url} shows no page: {'; '.join(self.tally.errors)}")

    async def wait(self, longest: float) -> None:
        """Wait for a message, or until there is something to do."""
        due = self.player.wake(clock()) if self.page else longest
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self.news.wait(), max(0.0, min(due, longest)))
        self.news.clear()

    # Coming and going

    async def arrive(self, query: str) -> None:
        """Open the page at a link."""
        self.query, self.player = query, Player(int(time.time() * 1000))
        self.away = False
        page = Page(self.url, self.hear, self.finished, self.at)
        self.page, self.wire = page, StreamlitWire(page)
        self.opened = self.running = clock()
        self.returning = self.opened if "epoch=" in query else 0.0
        try:
            await page.open(query)
        except (OSError, TimeoutError, WebSocketException) as problem:
            page.errors.append(f"open: {problem!r}")
            await self.leave()

    async def leave(self) -> None:
        """Close the page, as a closed tab does."""
        page, wire, self.page, self.wire = self.page, self.wire, None, None
        self.touched, self.opened, self.running, self.returning = None, 0.0, 0.0, 0.0
        self.tally.lost += self.player.requests.lost
        self.player.requests.lost = 0
        if wire:
            await wire.close()
        await asyncio.gather(*self.closing)
        if page:
            await page.close()
            self.tally.errors += page.errors

    # What the server sends

    def hear(self, payload: bytes) -> None:
        """Take in a message for the player."""
        now = clock()
        meta, epochs, frame_bytes = unpack(payload)
        if meta.get("token") and self.page:
            self.connect(self.page, meta["token"])
        answered = self.player.receive(meta, epochs, frame_bytes, now)
        if answered and answered.kind == "play":
            self.tally.bursts.append((now, answered.seconds))
            self.tally.burst_epochs.append((now, len(epochs)))
        if self.opened and self.player.run is not None:
            self.tally.loads.append((now, now - self.opened))
            self.opened = 0.0
        if self.returning and self.player.run is not None and self.player.target is None:
            self.tally.returns.append((now, now - self.returning))
            self.returning = 0.0
        if self.touched and rate_of(self.player.run_query) == float(self.touched[1]):
            self.tally.changes.append((now, now - self.touched[0]))
            self.touched = None
        self.news.set()

    def connect(self, page: Page, token: str) -> None:
        """Use the player's own socket, which the page has named."""
        if isinstance(self.wire, LiveWire):
            if self.wire.token == token:
                return
            self.closing.append(asyncio.create_task(self.wire.close()))
        self.wire = LiveWire(page, token, self.hear)

    def finished(self) -> None:
        """Note that a run of the page is done."""
        if self.running:
            self.tally.page_runs.append((clock(), clock() - self.running))
            self.running = 0.0

    # What the person does

    async def act(self, action: str, now: float) -> None:
        """Do one step of the plan."""
        self.count(now)
        if action == "return" and self.page is None:
            await self.arrive(self.address())
        elif action == "train":
            self.wants = True  # pressed as soon as there is something on the screen
        elif self.page is None or self.player.run is None:
            return
        elif action == "leave":
            await self.leave()
            self.away = True
        elif action == "rate" and self.touched is None and self.page.rates:
            await self.change_rate(self.page, now)
        elif action == "pause":
            self.wants = False
            self.player.pause(now)
        elif action == "scrub":
            self.player.scrub(self.chance.randint(0, max(1, self.player.reached)), now)
        elif action == "back":
            self.player.scrub(self.player.reached, now)

    async def change_rate(self, page: Page, now: float) -> None:
        """Move the learning rate to the option next to the first one, or back."""
        here = page.rates.index(page.rate)
        self.home = here if self.home is None else self.home
        near = {max(0, self.home - 1), self.home, min(self.home + 1, len(page.rates) - 1)}
        rate = page.rates[self.chance.choice(sorted(near - {here}))]
        self.touched, self.running = (now, rate), now
        page.query = self.link()
        await page.choose_rate(rate)

    async def pump(self, now: float) -> None:
        """Send what is due; go on training where it has come to an end."""
        self.count(now)
        if self.touched and now - self.touched[0] > GIVE_UP:
            self.tally.unanswered += 1
            self.touched = None
        if self.page is None or self.wire is None:
            return
        player = self.player
        if self.wants and player.run is not None and not player.requests.has("reset"):
            if player.state in ("finished", "diverged"):
                self.end_of_run(now)
            elif player.state == "paused" and player.target is None:
                player.train(now)
        for ask in player.asks(now):
            self.page.query = self.link()
            await self.wire.send(ask)
        await self.look(self.page)

    def end_of_run(self, now: float) -> None:
        """Train the run once more."""
        self.player.reset(now)

    async def look(self, page: Page) -> None:
        """Let the page draw its report again where the player has come to rest."""
        epoch, self.player.rested = self.player.rested, None
        stale = epoch is not None and epoch != page.follows.get("epoch")
        if stale and page.follows.get("auto") and self.player.state != "playing":
            rest = {"run": self.player.run, "epoch": epoch}
            await page.trigger(FOLLOW, "rest", json.dumps(rest))

    async def come_again(self) -> None:
        """Open the page again, a second after its connection ended or could not be had."""
        await self.leave()
        await asyncio.sleep(1)
        await self.arrive(self.address())

    def link(self) -> str:
        """Return the query that the player writes into the address bar."""
        return self.player.link()

    def address(self) -> str:
        """Return the query in the address bar; it stays where no page came."""
        return self.query if self.player.run is None else self.link()

    def count(self, now: float) -> None:
        """Add up the epochs and the seconds of playing since the last time."""
        self.player.move(now)
        self.tally.epochs += self.player.new_epochs
        self.player.new_epochs = 0
        playing = self.page is not None and self.wants and self.player.state == "playing"
        if playing:
            self.tally.wanting += now - self.counted
        self.counted = now


def totals(people: list[Person], now: float) -> list[dict[str, Any]]:
    """Return what each person has counted up to now."""
    for one in people:
        one.count(now)
    return [
        {
            "epochs": one.tally.epochs,
            "wanting": one.tally.wanting,
            "lost": one.tally.lost + one.player.requests.lost,
        }
        for one in people
    ]
