"""A lesson with a class: one teacher in a browser, thirty pupils as clients, from code to exit.

`python -m benchmarks.classroom` opens a class, lets pupils join, predict, watch the pinned run,
vote again and answer the exit question, and prints how long each part took and how often the
teacher had to click.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import threading
from dataclasses import dataclass, field

from playwright.sync_api import Page

from benchmarks.clients.person import clock
from benchmarks.clients.pupil import HAND, Pupil
from tests.browser.driver import PATIENCE, chromium, serve

LESSON = "one_or_all"
LAST = "120"  # the answer to its exit question
MOST = 120.0  # seconds for the whole lesson
SHOWN = 20.0  # seconds in which the last answers come to the board


@dataclass
class Report:
    """What a lesson took, in seconds."""

    pupils: int
    clicks: int = 0  # of the teacher
    predicted: float = 0.0  # from the opened class to all predictions on the board
    ready: float = 0.0  # from the teacher's click until the last pupil can train
    seen: float = 0.0  # from the opened class until all have watched the run
    whole: float = 0.0
    board: dict[str, int] = field(default_factory=dict)  # answers on the board by part
    markup: int = 0  # elements that names and sentences have made on the board
    errors: list[str] = field(default_factory=list)


class Class(threading.Thread):
    """Pupils who attend a lesson at once, in a thread beside the teacher's browser."""

    def __init__(self, url: str, code: str, count: int, hand: float) -> None:
        super().__init__(daemon=True)
        self.pupils = [
            Pupil(url, code, f"Pupil <b>{i}</b>" if i % 3 else "", random.Random(i), hand)
            for i in range(count)
        ]
        self.errors: list[str] = []

    def run(self) -> None:
        """Let all pupils attend."""
        asyncio.run(self.attend())

    async def attend(self) -> None:
        """Let all pupils attend; note what went wrong."""
        async with asyncio.timeout(MOST):
            done = await asyncio.gather(
                *(
                    one.attend(i % 3, 0, f"I saw *{i}* <i>points</i>.", LAST)
                    for i, one in enumerate(self.pupils)
                ),
                return_exceptions=True,
            )
        self.errors = [repr(one) for one in done if one is not None]
        self.errors += [text for one in self.pupils for text in one.tally.errors]

    def last(self, item: str) -> float:
        """Return when the last pupil had done something."""
        return max(one.times.get(item, 0.0) for one in self.pupils)


class Teacher:
    """The teacher's browser, which counts its clicks."""

    def __init__(self, page: Page, url: str) -> None:
        self.page, self.url, self.clicks = page, url, 0

    def press(self, name: str) -> float:
        """Click a button; return when."""
        button = self.page.get_by_role("button", name=name, exact=True)
        button.wait_for(timeout=1000 * PATIENCE)
        button.click()
        self.clicks += 1
        return clock()

    def open(self) -> str:
        """Open a class; return its code."""
        self.page.goto(f"{self.url}/lessons?lesson={LESSON}&teacher=1")
        self.press("Open a class")
        code = self.page.locator(".class-code")
        code.wait_for(timeout=1000 * PATIENCE)
        return code.inner_text().strip()

    def wait_for_answers(self, count: int) -> float:
        """Wait until the board has so many answers; return when."""
        self.page.get_by_text(f"{count} answered.").wait_for(timeout=1000 * MOST)
        return clock()


def teach(page: Page, url: str, count: int, hand: float = HAND) -> Report:
    """Return what a lesson with `count` pupils takes."""
    teacher, report = Teacher(page, url), Report(count)
    code = teacher.open()
    begun = clock()
    pupils = Class(url, code, count, hand)
    pupils.start()
    report.predicted = teacher.wait_for_answers(count) - begun
    started = teacher.press("Start the run")
    while len([one for one in pupils.pupils if "0.second" in one.times]) < count:
        if not pupils.is_alive():
            break
        page.wait_for_timeout(100)
    report.ready = pupils.last("ready") - started
    report.seen = pupils.last("watched") - begun
    end = clock() + SHOWN
    while report.board != {"second": count, "sentences": count} and clock() < end:
        page.wait_for_timeout(100)
        report.board["second"] = sum(map(int, second_votes(page)))
        report.board["sentences"] = page.locator(".deltascope-board .sentences li").count()
    report.markup = page.locator(".deltascope-board .sentences li :is(b, i)").count()
    teacher.press("Show the result")
    page.get_by_text("What the run shows").wait_for(timeout=1000 * PATIENCE)
    teacher.press("Exit question")
    teacher.wait_for_answers(count)
    report.board["exit"] = count
    pupils.join(MOST)
    report.whole = clock() - begun
    report.clicks, report.errors = teacher.clicks, pupils.errors
    return report


def second_votes(page: Page) -> list[str]:
    """Return the numbers of second votes on the board."""
    return page.locator(".deltascope-board tbody td:nth-child(3) b").all_inner_texts()


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--pupils", type=int, default=30)
    options.add_argument("--hand", type=float, default=HAND, help="seconds between two clicks")
    options.add_argument("--json", action="store_true", help="print one JSON object")
    given = options.parse_args()
    with serve() as server, chromium() as browser:
        page = browser.new_page(viewport={"width": 1280, "height": 720})
        report = teach(page, server.url, given.pupils, given.hand)
        report.errors += ["traceback in the server's log"] * server.log.count("Traceback")
    found = vars(report)
    print(json.dumps(found, indent=2) if given.json else table(found))


def table(found: dict[str, object]) -> str:
    """Return a line per figure."""
    return "\n".join(f"{name:<10}{value}" for name, value in found.items())


if __name__ == "__main__":
    main()
