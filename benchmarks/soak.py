"""What is left when a class has gone: people come and go, then the server is compared with before.

`python -m benchmarks.soak` lets ten people at a time come, train and leave for an hour and prints
what the server had before the first one came and has after the last one left; `--seconds 300` is
the form for continuous integration. It ends with status 1 if something did not return: sessions,
open players, runs, processes, threads, open files, or memory that grows by the hour.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import re
import sys
import urllib.request
from typing import NamedTuple

from benchmarks.clients.person import Person, clock, plan
from benchmarks.load import pss, usage
from pages.widgets.web.warm_up import EVERY
from tests.browser.driver import serve

STAY, BETWEEN = (4.0, 20.0), (0.2, 2.0)  # seconds that a person is there, and until the next comes
KEPT = 2  # seconds that the server keeps a session whose page was closed; two minutes by default
SETTLED = KEPT + EVERY + 5.0  # seconds until closed sessions have ended and given back all
WARM_UP = 12.0  # seconds of coming and going before anything counts
ENVIRONMENT = {
    "DELTASCOPE_METRICS": "1",
    "STREAMLIT_SERVER_DISCONNECTED_SESSION_TTL": str(KEPT),
}
MORE = {"threads": 4, "handles": 6, "rss_mb": 60.0, "pss_mb": 60.0}  # that may be left
FAULTS = ("errors", "log_tracebacks")


class Left(NamedTuple):
    """What a server has."""

    sessions: float
    players: float  # with an open connection
    runs: float
    processes: float
    threads: float
    handles: float
    rss_mb: float
    pss_mb: float


def look(url: str, pid: int) -> Left:
    """Return what a server has now. Raises OSError if it does not say."""
    with urllib.request.urlopen(f"{url}/metrics", timeout=20) as answer:
        text = answer.read().decode()

    def total(name: str) -> float:
        return sum(map(float, re.findall(rf"^deltascope_{name}(?:{{.*}})? (\S+)$", text, re.M)))

    used = usage(pid)
    if used is None:
        raise OSError("the server is gone")
    known = [total(name) for name in ("sessions", "players", "runs")]
    return Left(*known, used.processes, used.threads, used.handles, used.rss, pss(pid))


async def come_and_go(url: str, chance: random.Random, end: float, tally: dict[str, int]) -> None:
    """Let one person after another train for a while and leave, until `end`."""
    while clock() < end:
        stay = min(chance.uniform(*STAY), max(1.0, end - clock()))
        one = Person(url, "", chance)
        await one.live(
            plan(chance, stay, chance.random() < 0.3, chance.random() < 0.2), clock() + stay
        )
        tally["people"] += 1
        tally["errors"] += len(one.tally.errors)
        tally["lost"] += one.tally.lost
        tally["epochs"] += one.tally.epochs
        await asyncio.sleep(chance.uniform(*BETWEEN))


async def crowd(url: str, count: int, seconds: float, seed: int) -> dict[str, int]:
    """Let people come and go, so many at a time; return what they did."""
    tally = dict.fromkeys(("people", "errors", "lost", "epochs"), 0)
    chances, end = [random.Random(f"{seed} {i}") for i in range(count)], clock() + seconds
    await asyncio.gather(*(come_and_go(url, chance, end, tally) for chance in chances))
    return tally


async def soaked(url: str, pid: int, given: argparse.Namespace) -> dict[str, dict[str, float]]:
    """Return what the server has before and after, and what the people did."""
    await crowd(url, given.clients, WARM_UP, given.seed - 1)
    await asyncio.sleep(SETTLED)
    before = look(url, pid)
    tally = await crowd(url, given.clients, given.seconds, given.seed)
    full = look(url, pid)
    await asyncio.sleep(SETTLED)
    after = look(url, pid)
    named = {"before": before, "full": full, "after": after}
    return {name: one._asdict() for name, one in named.items()} | {"people": tally}


def not_returned(found: dict[str, dict[str, float]]) -> list[str]:
    """Return a line for each figure that is higher than before, and for faults."""
    higher = [
        f"{name}: {found['before'][name]:g} before, {found['after'][name]:g} after"
        for name in Left._fields
        if found["after"][name] > found["before"][name] + MORE.get(name, 0)
    ]
    people = found["people"]
    return higher + [f"{name}: {people[name]:g}" for name in FAULTS if people.get(name)]


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--clients", type=int, default=10, help="how many are there at a time")
    options.add_argument("--seconds", type=float, default=3600.0, help="of coming and going")
    options.add_argument("--seed", type=int, default=1, help="of what people do")
    options.add_argument("--json", action="store_true", help="print one JSON object")
    given = options.parse_args()
    with serve(**ENVIRONMENT) as server:
        found = asyncio.run(soaked(server.url, server.process.pid, given))
        found["people"]["log_tracebacks"] = server.log.count("Traceback")
    print(json.dumps(found, indent=2) if given.json else table(found))
    wrong = not_returned(found)
    print("\n".join(wrong), file=sys.stderr)
    sys.exit(bool(wrong))


def table(found: dict[str, dict[str, float]]) -> str:
    """Return a line per figure, before, with everybody there, and after; then what people did."""
    when = ("before", "full", "after")
    lines = [f"{'':<10}" + "".join(f"{name:>10}" for name in when)]
    for name in Left._fields:
        lines.append(f"{name:<10}" + "".join(f"{found[one][name]:>10.0f}" for one in when))
    return "\n".join(lines + [f"{name}: {count:g}" for name, count in found["people"].items()])


if __name__ == "__main__":
    main()
