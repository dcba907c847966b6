"""What a class at once costs: many clients on one server, over the wires that a browser uses.

`python -m benchmarks.load` starts the app once for each number of clients and prints a table, with
`--json` one JSON object. A client opens the page, trains at 60 frames a second and changes the
learning rate every 15 to 25 s; one in three scrubs, one in five leaves and comes back by its link.
An epoch counts when it is shown for the first time, per second that its person wants to see it
train. A change is in force when the player has the run with it.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import random
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any, NamedTuple
from urllib.parse import urlencode, urlsplit

import numpy as np
import psutil

from benchmarks.clients.companion import companions, largest_query, six_large_runs
from benchmarks.clients.person import Person, Step, Tally, clock, plan, totals
from tests.browser.driver import family, serve

CLIENTS = (10, 30, 60)
APART = 0.15  # seconds between two people who come
WARM_UP = 4.0  # seconds after the last one came, before anything counts
LOOK = 2.0  # seconds between two looks at the server
LOOK_CLOSELY = 30.0  # the same for what makes its processes wait
UNHEALTHY = 5.0  # seconds, after which Docker's health check has given up
SETTLED = 120.0  # seconds until memory has to be flat
FEWEST = 5  # measurements after that for a slope
FIGURES = {  # name: how it is printed
    "clients": "{:.0f}",
    "epochs_per_s_worst": "{:.1f}",
    "epochs_per_s_median": "{:.1f}",
    "burst_ms_p50": "{:.0f}",
    "burst_ms_p95": "{:.0f}",
    "burst_ms_p99": "{:.0f}",
    "burst_ms_max": "{:.0f}",
    "epochs_per_burst": "{:.0f}",
    "change_ms_p50": "{:.0f}",
    "change_ms_p95": "{:.0f}",
    "changes": "{:.0f}",
    "changes_unanswered": "{:.0f}",
    "page_run_ms_p50": "{:.0f}",
    "page_run_ms_p95": "{:.0f}",
    "page_load_ms_p50": "{:.0f}",
    "page_load_ms_p95": "{:.0f}",
    "return_ms_p95": "{:.0f}",
    "asks_lost": "{:.0f}",
    "errors": "{:.0f}",
    "log_tracebacks": "{:.0f}",
    "server_cores": "{:.2f}",
    "cpu_ms_per_epoch": "{:.2f}",
    "health_ms_p95": "{:.0f}",
    "rss_mb_before": "{:.0f}",
    "rss_mb_end": "{:.0f}",
    "rss_mb_per_client": "{:.2f}",
    "rss_mb_per_client_server": "{:.2f}",  # of the server's own process, without its children
    "rss_mb_per_minute": "{:.2f}",
    "rss_mb_peak": "{:.0f}",
    "pss_mb_before": "{:.0f}",  # as RSS, but pages that processes share are counted once
    "pss_mb_end": "{:.0f}",
    "pss_mb_per_minute": "{:.2f}",  # after the first two minutes
    "processes": "{:.0f}",
    "threads": "{:.0f}",
    "handles": "{:.0f}",
    "clients_cores": "{:.3f}",
    "heavy_epochs_per_s": "{:.2f}",
    "compared_epochs_per_s": "{:.2f}",  # of six large runs together
    "file_s": "{:.1f}",  # seconds to upload and read the largest file
    "search_s": "{:.1f}",
    "seeds_s": "{:.1f}",
}
LONG_WORK = ("file", "search", "seeds")

OF_THE_SERVER = [
    name
    for name in FIGURES
    if name.startswith(("server_", "cpu_", "rss_", "pss_", "processes", "threads", "handles"))
]


class Usage(NamedTuple):
    """What the server and its child processes use: seconds, MB (1,000,000 bytes), counts."""

    cpu: float
    rss: float
    rss_server: float  # without the children
    processes: int
    threads: int
    handles: int


def usage(pid: int | None) -> Usage | None:
    """Return what a process and its children use now; None if it is not there."""
    used = []
    for one in family(pid):
        with contextlib.suppress(psutil.NoSuchProcess, psutil.AccessDenied), one.oneshot():
            times, rss = one.cpu_times(), one.memory_info().rss / 1e6
            own = rss if one.pid == pid else 0.0
            used.append((times.user + times.system, rss, own, 1, one.num_threads(), one.num_fds()))
    return Usage(*np.sum(used, axis=0).tolist()) if used else None


def pss(pid: int | None) -> float:
    """Return the MB of a process and its children, each shared page counted once.

    It takes longer than the other figures, and the process waits meanwhile.
    """
    found = 0.0
    for one in family(pid):
        with contextlib.suppress(psutil.NoSuchProcess, psutil.AccessDenied):
            found += getattr(one.memory_full_info(), "pss", 0) / 1e6  # Linux alone has it
    return found


def process_at(url: str) -> int | None:
    """Return the number of the process that listens at the port of a URL on this machine."""
    parts = urlsplit(url)
    if parts.hostname not in ("localhost", "127.0.0.1", "::1"):
        return None
    port = parts.port or (443 if parts.scheme == "https" else 80)
    for one in psutil.net_connections("tcp"):
        if one.status == psutil.CONN_LISTEN and one.laddr.port == port and one.pid:
            return one.pid
    return None


async def health(url: str) -> float:
    """Return the seconds until the server says that it is healthy, at most UNHEALTHY."""
    parts, begun = urlsplit(url), clock()
    head = f"GET /_stcore/health HTTP/1.1\r\nHost: {parts.netloc}\r\nConnection: close\r\n\r\n"
    with contextlib.suppress(OSError, TimeoutError):
        async with asyncio.timeout(UNHEALTHY):
            reader, writer = await asyncio.open_connection(parts.hostname, parts.port or 80)
            writer.write(head.encode())
            answer = await reader.read()
            writer.close()
        if b" 200 " in answer[:20]:
            return clock() - begun
    return UNHEALTHY


class Measured(NamedTuple):
    """What was seen of the server in the seconds that count."""

    begin: float
    end: float
    before: Usage | None  # when nobody had come yet
    looks: list[tuple[float, Usage]]  # each with its time
    pss: list[tuple[float, float]]  # each time with MB: before, sometimes, and at the end
    healths: list[float]
    own_cpu: float  # seconds of the clients' process


async def watch(url: str, pid: int | None, begin: float, end: float) -> Measured:
    """Look at the server until `end`."""
    before, shared = usage(pid), [(clock(), pss(pid))]
    looks, healths = list[tuple[float, Usage]](), list[float]()

    def look() -> None:
        nonlocal pid
        found = usage(pid)
        if found:
            looks.append((clock(), found))
        else:  # it may have been started again
            pid = process_at(url)

    await asyncio.sleep(begin - clock())
    own, begin = time.process_time(), clock()
    while clock() < end:
        look()
        if clock() >= max(begin, shared[-1][0] + LOOK_CLOSELY):
            shared.append((clock(), pss(pid)))
        healths.append(await health(url))
        await asyncio.sleep(min(LOOK, max(0.0, end - clock())))
    own, end = time.process_time() - own, clock()
    look()
    shared.append((clock(), pss(pid)))
    return Measured(begin, end, before, looks, shared, healths, own)


async def crowd(url: str, pid: int | None, given: argparse.Namespace, count: int) -> dict[str, Any]:
    """Return the figures of so many people."""
    chance = random.Random(given.seed)
    query = urlencode({k: v for k in ("dataset", "hidden") if (v := getattr(given, k))})
    people = [Person(url, query, random.Random(chance.random())) for _ in range(count)]
    await Person(url, query, chance).visit()  # what Python loads once belongs to nobody
    ramp = count * APART + WARM_UP
    whole = ramp + given.seconds
    plans = [plan(one.chance, whole, i % 3 == 1, i % 5 == 4) for i, one in enumerate(people)]
    if given.heavy or given.companions:
        people.append(Person(url, largest_query(), random.Random(1)))
    if given.companions:
        people.append(Person(url, six_large_runs(), random.Random(2), "compare"))
    plans += [[Step(1.0, "train")] for _ in people[count:]]
    others = companions(url) if given.companions else {}
    begin, end = clock() + ramp, clock() + whole
    watching = asyncio.create_task(watch(url, pid, begin, end))
    await asyncio.sleep(0.1)  # the server alone is measured first
    living = []
    for one, steps in zip(people, plans, strict=True):
        living.append(asyncio.create_task(one.live(steps, end)))
        await asyncio.sleep(APART)
    living += [asyncio.create_task(one.live(end)) for one in others.values()]
    await asyncio.sleep(begin - clock())
    first = totals(people, clock())
    measured = await watching
    last = totals(people, clock())
    await asyncio.gather(*living)
    counted = [{k: b[k] - a[k] for k in a} for a, b in zip(first, last, strict=True)]
    found = figures([one.tally for one in people], counted, measured, count)
    for name, one in others.items():
        found[f"{name}_s"] = float(np.mean(one.seconds)) if one.seconds else None
        found["errors"] += len(one.errors)
        found["error_kinds"] |= Counter(one.errors)
    return found


def percentile(pairs: list[tuple[float, float]], share: float) -> float | None:
    """Return a percentile of the seconds in pairs, in ms; None where there are none."""
    return float(1000 * np.percentile([s for _, s in pairs], share)) if pairs else None


def figures(
    tallies: list[Tally], counted: list[dict[str, Any]], measured: Measured, count: int
) -> dict[str, Any]:
    """Return the figures; those after the first `count` have large runs and are counted apart."""
    normal = tallies[:count]
    all_rates = [one["epochs"] / one["wanting"] if one["wanting"] else 0.0 for one in counted]
    rates = all_rates[:count]
    heavy_rate, compared_rate, *_ = [*all_rates[count:], None, None]

    def together(name: str, all_of_it: bool = False) -> list[tuple[float, float]]:
        pairs = [pair for one in normal for pair in getattr(one, name)]
        return [p for p in pairs if all_of_it or measured.begin <= p[0] <= measured.end]

    bursts, sizes = together("bursts"), together("burst_epochs")
    changes, runs = together("changes"), together("page_runs", True)
    loads, returns = together("loads", True), together("returns", True)
    found = {
        "clients": len(normal),
        "epochs_per_s_worst": min(rates, default=0.0),
        "epochs_per_s_median": float(np.median(rates)) if rates else 0.0,
        "epochs_per_burst": float(np.mean([n for _, n in sizes])) if sizes else None,
        "changes": len(changes),
        "changes_unanswered": sum(one.unanswered for one in normal),
        "return_ms_p95": percentile(returns, 95),
        "asks_lost": sum(one["lost"] for one in counted),
        "errors": sum(len(one.errors) for one in tallies),
        "heavy_epochs_per_s": heavy_rate,
        "compared_epochs_per_s": compared_rate,
        "burst_ms_max": percentile(bursts, 100),
        **dict.fromkeys(f"{name}_s" for name in LONG_WORK),
        "log_tracebacks": None,
        "clients_cores": measured.own_cpu / (measured.end - measured.begin),
        **server_figures(measured, sum(one["epochs"] for one in counted), len(tallies)),
    }
    for name, pairs in {
        "burst": bursts,
        "change": changes,
        "page_run": runs,
        "page_load": loads,
    }.items():
        found |= {f"{name}_ms_p{p}": percentile(pairs, p) for p in (50, 95, 99)}
    ordered = {name: found[name] for name in FIGURES}
    kinds = dict(Counter(e for one in tallies for e in one.errors))
    late = {f"{at - measured.begin:.0f}": round(size, 1) for at, size in measured.pss[1:]}
    return ordered | {"error_kinds": kinds, "pss_mb_by_second": late}


def server_figures(measured: Measured, epochs: int, clients: int) -> dict[str, float | None]:
    """Return what the server used for so many epochs of so many clients; None if it is far away."""
    slow = [(0.0, seconds) for seconds in measured.healths]
    before = measured.before
    if not measured.looks or before is None:
        return dict.fromkeys(OF_THE_SERVER) | {"health_ms_p95": percentile(slow, 95)}
    looks = [look for _, look in measured.looks]
    last = looks[-1]
    # A process that ends takes its time with it.
    cpu = sum(max(0.0, b.cpu - a.cpu) for a, b in pairwise(looks))
    return {
        "server_cores": cpu / (measured.end - measured.begin),
        "cpu_ms_per_epoch": 1000 * cpu / epochs if epochs else None,
        "health_ms_p95": percentile(slow, 95),
        "rss_mb_before": before.rss,
        "rss_mb_end": last.rss,
        "rss_mb_per_client": (last.rss - before.rss) / clients,
        "rss_mb_per_client_server": (last.rss_server - before.rss_server) / clients,
        "rss_mb_per_minute": growth([(at, look.rss) for at, look in measured.looks]),
        "rss_mb_peak": max(look.rss for look in looks),
        "pss_mb_before": measured.pss[0][1],
        "pss_mb_end": measured.pss[-1][1],
        "pss_mb_per_minute": growth(measured.pss[1:]),
        "processes": max(look.processes for look in looks),
        "threads": max(look.threads for look in looks),
        "handles": max(look.handles for look in looks),
    }


def growth(sizes: list[tuple[float, float]]) -> float | None:
    """Return the slope per minute of sizes at times, from SETTLED seconds on; None before that."""
    late = [(at, size) for at, size in sizes if at - sizes[0][0] >= SETTLED]
    if len(late) < FEWEST:
        return None
    at, size = np.array(late).T
    return float(60 * np.polyfit(at - at[0], size, 1)[0])


@contextlib.contextmanager
def server_of(given: argparse.Namespace) -> Iterator[tuple[str, int | None, Callable[[], str]]]:
    """Yield a server's URL, the number of its process if it is on this machine, and its log."""
    if given.url:
        yield given.url, given.pid or process_at(given.url), str
        return
    with serve() as server:
        yield server.url, server.process.pid, lambda: server.log


def first_traceback(log: str) -> str:
    """Return the lines of a server's log around its first traceback; "" if there is none."""
    lines = log.splitlines(keepends=True)
    found = [place for place, line in enumerate(lines) if "Traceback" in line]
    return "".join(lines[max(0, found[0] - 2) : found[0] + 60]) if found else ""


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--clients", type=int, nargs="+", default=CLIENTS, help="how many at once")
    options.add_argument("--seconds", type=float, default=60.0, help="of each measurement")
    options.add_argument("--url", help="a server that runs already, instead of one of our own")
    options.add_argument("--pid", type=int, help="its process, where it is not found by its port")
    options.add_argument("--dataset", help="the problem, as a link spells it")
    options.add_argument("--hidden", help="the hidden layers, such as 8-8-8")
    options.add_argument("--heavy", action="store_true", help="and one with the largest network")
    options.add_argument(
        "--companions",
        action="store_true",
        help="and five with long work: the largest network, six large runs side by side, the "
        "largest file, a search, a thousand seeds",
    )
    options.add_argument("--seed", type=int, default=0, help="of what people do")
    options.add_argument("--json", action="store_true", help="print one JSON object")
    given = options.parse_args()
    results = {}
    for count in given.clients:
        with server_of(given) as (url, pid, log):
            found = asyncio.run(crowd(url, pid, given, count))
            if not given.url:
                found["log_tracebacks"] = log().count("Traceback")
                print(first_traceback(log()), end="", file=sys.stderr)
        results[str(count)] = found
    print(json.dumps(results, indent=2) if given.json else table(list(results.values())))


def table(results: list[dict[str, Any]]) -> str:
    """Return one column per number of clients, one line per figure.

    Then come the memory of each by time, where it was measured for long, and what went wrong.
    """
    lines = []
    for name, form in FIGURES.items():
        values = [form.format(one[name]) if one[name] is not None else "-" for one in results]
        lines.append(f"{name:<22}" + "".join(f"{value:>12}" for value in values))
    for one in results:
        if len(sizes := one["pss_mb_by_second"]) > FEWEST:
            words = ", ".join(f"{size:.0f} at {at}" for at, size in sizes.items())
            lines.append(f"{one['clients']} clients, MB at a second: {words}")
        lines += [f"{count} x {what}" for what, count in one["error_kinds"].items()]
    return "\n".join(lines)


if __name__ == "__main__":
    main()
