"""People with long work beside the others: a large file, a search, a thousand seeds."""

from __future__ import annotations

import asyncio
import functools
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from urllib.parse import urlencode

import numpy as np
from websockets.exceptions import WebSocketException

from benchmarks.clients.person import clock
from benchmarks.clients.wires import Page
from engine.comparison import MOST_RUNS
from engine.tables import LIMITS
from engine.training import CHOICES, Config

LOOK = 0.05  # seconds between two looks at a page
SEEDS = "1,000"  # the most that the page Compare trains at once, as it names them
EXAMPLE = "tune.try.0"  # the key of the button of an example search
COLUMNS = 40  # of the file
LARGE = Config(size=5000, hidden=(88, 88, 88), batch_size=0)  # six of them may be compared


def largest_query() -> str:
    """Return the link of the largest network on the most data that the choices allow."""
    hidden = "-".join([f"{CHOICES['hidden'].high:.0f}"] * CHOICES["hidden"].most)
    largest = {"hidden": hidden, "size": f"{CHOICES['size'].high:.0f}", "batch_size": "0"}
    features = "-".join(CHOICES["features"].options)
    return urlencode({**largest, "features": features, "optimizer": "adam"})


def six_large_runs() -> str:
    """Return the link of a comparison of as many large runs as it may have."""
    runs = [urlencode(LARGE.to_query() | {"seed": str(seed)}) for seed in range(MOST_RUNS)]
    return urlencode({"runs": "~".join(runs)})


@functools.cache
def largest_file() -> bytes:
    """Return a table of numbers and two classes, as large as a file may be."""
    most = LIMITS.megabytes * 2**20
    head = ",".join(f"x{i}" for i in range(COLUMNS)) + ",kind\n"
    numbers = np.random.default_rng(0).normal(size=(1000, COLUMNS))
    lines = [
        ",".join(f"{value:.6f}" for value in row) + f",{'often' if row[0] > 0 else 'seldom'}\n"
        for row in numbers
    ]
    part = "".join(lines).encode()
    rows = min(LIMITS.rows, LIMITS.cells // (COLUMNS + 1)) // len(lines)
    return head.encode() + part * min(rows, (most - len(head)) // len(part))


async def shown(page: Page, key: str) -> None:
    """Wait until an element with this key is on the page."""
    while key not in page.places and not page.ended:
        await asyncio.sleep(LOOK)


async def read_largest_file(page: Page) -> None:
    """Upload the largest file, and wait until it has been read."""
    await shown(page, "own.file")
    await page.upload("own.file", "large.csv", largest_file())
    await shown(page, "own.on")


async def search(page: Page) -> None:
    """Start an example search, and wait until it has ended."""
    await shown(page, EXAMPLE)
    await page.press(EXAMPLE)
    await shown(page, "tune.go")
    await page.press("tune.go")
    while not page.disabled.get(page.places["tune.go"][0]) and not page.ended:
        await asyncio.sleep(LOOK)


async def train_seeds(page: Page) -> None:
    """Train a thousand seeds, and wait for their picture."""
    await shown(page, "cloud.count")
    await page.pick("cloud.count", SEEDS)
    await shown(page, "cloud.train")
    await page.press("cloud.train")
    await shown(page, "cloud.picture")


@dataclass
class Companion:
    """One person who does the same long work again and again, each time on a page just opened."""

    url: str
    page: str  # its name in the address
    work: Callable[[Page], Awaitable[None]]
    query: str = ""
    seconds: list[float] = field(default_factory=list)  # of each work that was completed
    errors: list[str] = field(default_factory=list)

    async def live(self, end: float) -> None:
        """Work until `end`."""
        while clock() < end:
            page = Page(self.url, name=self.page)
            try:
                await page.open(self.query)
                begun = clock()
                async with asyncio.timeout(max(0.0, end - begun)):
                    await self.work(page)
                if not page.ended:
                    self.seconds.append(clock() - begun)
            except TimeoutError:
                pass
            except (OSError, WebSocketException) as problem:
                page.errors.append(f"{self.page}: {problem!r}")
                await asyncio.sleep(1)
            await page.close()
            self.errors += page.errors


def companions(url: str) -> dict[str, Companion]:
    """Return one person for each kind of long work."""
    largest_file()  # made before anybody waits for it
    return {
        "file": Companion(url, "data", read_largest_file),
        "search": Companion(url, "tune", search),
        "seeds": Companion(url, "compare", train_seeds),
    }
