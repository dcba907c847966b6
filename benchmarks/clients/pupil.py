"""A pupil of a class: joins by code, predicts, watches the run, says what was seen, answers."""

from __future__ import annotations

import asyncio
import contextlib
import random
from collections.abc import Callable

from benchmarks.clients.companion import shown
from benchmarks.clients.person import Person, clock
from benchmarks.clients.wires import Page

KEPT = "deltascope_kept"
HAND = 0.5  # seconds between two clicks of a person, by default
EMPTY = "{}"  # what a browser keeps that has not been here before


class Pupil(Person):
    """A client that attends a lesson; `times` says when, in seconds of the clock."""

    def __init__(
        self, url: str, code: str, name: str, chance: random.Random, hand: float = HAND
    ) -> None:
        super().__init__(url, f"class={code}", chance, "lessons")
        self.code, self.name = code, name
        self.hand = hand  # seconds between two clicks
        self.times: dict[str, float] = {}

    async def attend(self, vote: int, second: int, sentence: str, last: str) -> None:
        """Take part from the code to the exit question.

        `vote` and `second` are places among the choices before and after the run; `last` is typed
        or, where it is the name of a place, marked as the answer to the exit question.
        """
        await self.arrive(self.query)
        playing = asyncio.create_task(self.play())
        try:
            page = self.present()
            await self.until(lambda: KEPT in page.components)
            await page.trigger(KEPT, "kept", EMPTY)
            await shown(page, "join.enter")
            await page.type("join.name", self.name)
            await page.press("join.enter")
            await self.choose(page, "0.first", vote)
            await self.watch(page)
            await self.choose(page, "0.second", second)
            await shown(page, "sentence.0.sentence")
            await page.type("sentence.0.sentence", sentence)
            await page.press("send.0.sentence")
            await self.answer_last(page, last)
        finally:
            playing.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await playing
            await self.leave()

    async def choose(self, page: Page, item: str, place: int) -> None:
        """Mark an answer and commit it."""
        await shown(page, f"choice.{item}")
        await page.mark(f"choice.{item}", place)
        await asyncio.sleep(self.hand)
        await page.press(f"commit.{item}")
        self.times[item] = clock()
        await asyncio.sleep(self.hand)

    async def watch(self, page: Page) -> None:
        """Wait until the run is open, and watch it to its end."""
        await shown(page, "commit.0.second")
        self.times["ready"] = clock()
        await self.until(lambda: self.player.run is not None)
        self.wants = True
        await self.until(lambda: self.player.state == "finished" and not self.wants)
        self.times["watched"] = clock()

    async def answer_last(self, page: Page, last: str) -> None:
        """Answer the exit question once it is asked."""
        await shown(page, "commit.exit")
        if "choice.exit" in page.places:
            await page.mark("choice.exit", int(last))
        else:
            await page.type("number.exit", last)
        await asyncio.sleep(self.hand)
        await page.press("commit.exit")
        self.times["exit"] = clock()
        await asyncio.sleep(2 * HAND)  # until the answer has come through

    async def play(self) -> None:
        """Let the player work as long as the pupil is there."""
        while True:
            await self.pump(clock())
            await self.wait(0.5)

    def end_of_run(self, now: float) -> None:
        """Stay at the end of the run."""
        self.wants = False

    def link(self) -> str:
        """Return the address of the class: a lesson's player writes no other one."""
        return self.query

    async def until(self, true: Callable[[], bool]) -> None:
        """Wait for something to come true."""
        while not true():
            await asyncio.sleep(0.05)

    def present(self) -> Page:
        """Return the open page. Raises ConnectionError if there is none."""
        if self.page is None:
            raise ConnectionError("; ".join(self.tally.errors))
        return self.page
