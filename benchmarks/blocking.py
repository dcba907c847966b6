"""How long the long work of a page keeps the rest of the server waiting.

`python -m benchmarks.blocking` prints a table, with `--json` one JSON object. Each kind of work is
started on its page and followed to its end, without a browser. Meanwhile a second thread wakes up
every millisecond, as the event loop of the server does for the other visitors. `worst` is the
longest time for which this process worked and the thread could not run, `share` the part of the
time in which it waited. `processor` is the seconds of this process, which is the server's.
"""

from __future__ import annotations

import argparse
import gc
import json
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from time import perf_counter, process_time, sleep

import numpy as np
import pandas as pd
from streamlit.testing.v1 import AppTest

from engine.problems import SAMPLES, load
from engine.training import Config, Run
from pages.widgets.session import Session

APP = Path(__file__).parents[1] / "app.py"
TICK = 0.001  # seconds between two beats
PATIENCE = 600
LARGE = Config(
    dataset="spiral", size=2000, hidden=(64,) * 3, batch_size=0, optimizer="adam", epochs=30
)
Figures = dict[str, float]


class Heartbeat(threading.Thread):
    """Wakes up every TICK and notes how long this process kept it from running."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.over = False
        self.waits: list[float] = []

    def run(self) -> None:
        """Beat until it is over."""
        wall, own = perf_counter(), process_time()
        while not self.over:
            sleep(TICK)
            now, used = perf_counter(), process_time()
            # what other processes took from this one is no wait for the interpreter
            self.waits.append(max(0.0, min(now - wall - TICK, used - own)))
            wall, own = perf_counter(), process_time()


def measured(work: Callable[[], object]) -> Figures:
    """Return how long the second thread waited while `work` was done."""
    gc.collect()
    gc.freeze()  # as the server does once it has started
    beat, begun, used = Heartbeat(), perf_counter(), process_time()
    beat.start()
    work()
    seconds, own = perf_counter() - begun, process_time() - used
    beat.over = True
    beat.join()
    return {
        "seconds": round(seconds, 2),
        "processor": round(own, 2),
        "worst": round(1000 * max(beat.waits), 1),
        "share": round(100 * sum(beat.waits) / seconds, 1),
    }


# The pages


def clouds() -> None:
    """Draw the section with many seeds."""
    from pages.widgets.compare.seed_sweep import cloud_section

    cloud_section()


def landscapes() -> None:
    """Draw the section with the loss landscape."""
    from pages.widgets.compare.landscape import landscape_section

    landscape_section()


def looks() -> None:
    """Draw the closer look."""
    from pages.widgets.train.unit_history import closer

    closer()


def checks() -> None:
    """Draw the gradient check."""
    from pages.widgets.step.gradient_check import check_section

    check_section(lambda: 0)


def section(draw: Callable[[], None], config: Config, epoch: int = 0) -> AppTest:
    """Return a section of a page, of a run that was trained to an epoch."""
    page = AppTest.from_function(draw, default_timeout=PATIENCE)
    session = Session()
    session.config = config
    run = Run(config, load(config))
    run.advance(epoch)
    session.live.replace(run)
    session.shown = epoch
    page.session_state["session"] = session
    return checked(page.run())


def checked(page: AppTest) -> AppTest:
    """Return the page. Raises RuntimeError if there is an exception on it."""
    if page.exception:
        raise RuntimeError(page.exception[0].message)
    return page


def follow(page: AppTest, start: str, on: str) -> None:
    """Press a button and stay until the work is done."""
    page.button(key=start).click().run()
    while True:
        buttons = {button.key for button in checked(page).button}
        if on in buttons:
            page.button(key=on).click().run()
        elif page.get("progress"):
            page.run()
        else:
            return


def data_page() -> AppTest:
    """Return the page Your data."""
    page = AppTest.from_file(str(APP), default_timeout=PATIENCE)
    page.switch_page("pages/data.py")
    return checked(page.run())


def open_table(page: AppTest, data: bytes) -> None:
    """Open a table on the page."""
    page.file_uploader(key="own.file").upload("table.csv", data, "text/csv").run()
    checked(page)


def folded() -> AppTest:
    """Return the page at the folds of a table that was trained on."""
    page = data_page()
    open_table(page, SAMPLES["diabetes.csv"]())
    page.button_group(key="choice.own.step").set_value("columns").run()
    if any(button.key == "own.candidate.0" for button in page.button):
        page.button(key="own.candidate.0").click().run()
    page.button(key="own.train").click().run()
    session = page.session_state["session"]
    session.live.run.advance(2000)
    session.shown = session.live.run.epochs
    page.session_state["own.side"] = "Folds"
    return checked(page.button_group(key="choice.own.step").set_value("judge").run())


def large_table(rows: int) -> bytes:
    """Return a CSV of two numbers and two categories."""
    rng = np.random.default_rng(0)
    frame = {name: rng.standard_normal(rows).round(3) for name in ("width", "height")}
    frame |= {"colour": rng.choice(["red", "green", "blue"], rows)}
    frame |= {"ripe": rng.choice(["yes", "no"], rows)}
    return pd.DataFrame(frame).to_csv(index=False).encode()


def odd_quotes(lines: int) -> bytes:
    """Return a CSV whose quotation marks do not match."""
    return b"a,b,c\n" + b'1,"x "y" z,"2\n"3,x",y"\n' * (lines // 2)


def tune_page() -> AppTest:
    """Return the page Tune with a search that was not started."""
    page = AppTest.from_file(str(APP), default_timeout=PATIENCE)
    page.switch_page("pages/tune.py")
    page.query_params.update(
        dataset="spiral", epochs="300", search="5.0.0!hidden:8|16-16|32-32;learning_rate:0.01|0.1"
    )
    return checked(page.run())


def search_through(page: AppTest) -> None:
    """Go on with the search until all is done; a run of the whole page stops it."""
    while "done." not in " ".join(block.value for block in page.markdown):
        if page.button(key="tune.go").label != "Stop":
            page.button(key="tune.go").click()
        checked(page.run())


# What is measured


def idle() -> Figures:
    """Measure with no work at all."""
    return measured(lambda: sleep(2))


def table_of_a_million_rows() -> Figures:
    """Measure the reading of the largest table."""
    page, data = data_page(), large_table(1_000_000)
    return measured(lambda: open_table(page, data))


def table_of_odd_quotes() -> Figures:
    """Measure the reading of a table with unsound quotation marks."""
    page, data = data_page(), odd_quotes(100_000)
    return measured(lambda: open_table(page, data))


def many_seeds() -> Figures:
    """Measure a sweep over 100 seeds."""
    page = section(clouds, Config(dataset="moons", hidden=(8, 8), epochs=200))
    return measured(lambda: follow(page, "cloud.train", "cloud.on"))


def loss_landscape() -> Figures:
    """Measure a landscape of a large network."""
    page = section(landscapes, LARGE, 5)
    return measured(lambda: follow(page, "landscape.now", "landscape.on"))


def cross_validation() -> Figures:
    """Measure the training of ten folds."""
    page = folded()
    return measured(lambda: follow(page, "own.folds", "own.folding.on"))


def closer_look() -> Figures:
    """Measure a closer look at a run."""
    page = section(looks, Config(dataset="spiral", hidden=(32, 32), epochs=1500), 1500)
    return measured(lambda: follow(page, "closer.now", "closer.on"))


def gradient_check() -> Figures:
    """Measure a check of the gradients of a large network."""
    page = section(checks, Config(dataset="spiral", hidden=(64, 64, 64), batch_size=0))
    return measured(lambda: follow(page, "check.now", "check.on"))


def local_search() -> Figures:
    """Measure a search over six candidates and five folds."""
    page = tune_page()
    return measured(lambda: search_through(page))


KINDS = (
    idle,
    table_of_a_million_rows,
    table_of_odd_quotes,
    many_seeds,
    loss_landscape,
    cross_validation,
    local_search,
    closer_look,
    gradient_check,
)


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--only", nargs="*", help="names of the kinds to measure")
    asked = parser.parse_args()
    found, heading = dict[str, Figures](), f"{'work':26}{'seconds':>9}{'processor':>11}"
    print(f"{heading}{'worst ms':>10}{'share %':>9}", file=sys.stderr if asked.json else sys.stdout)
    for kind in KINDS:
        if asked.only and kind.__name__ not in asked.only:
            continue
        name = kind.__name__.replace("_", " ")
        one = found[name] = kind()
        words = (
            f"{name:26}{one['seconds']:9.2f}{one['processor']:11.2f}"
            f"{one['worst']:10.1f}{one['share']:9.1f}"
        )
        print(words, file=sys.stderr if asked.json else sys.stdout, flush=True)
    if asked.json:
        print(json.dumps(found))


if __name__ == "__main__":
    main()
