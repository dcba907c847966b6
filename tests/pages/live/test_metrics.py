"""Figures for the operator: what was trained, by whom, and how long the answers took."""

import os
import re
import signal
from collections.abc import Iterator

import pytest

from pages.live.metrics import BOUNDS, Latency, metrics_text
from pages.live.nursery import Nursery
from pages.live.pool import Pool
from pages.live.worker import Key
from tests.browser.driver import wait_until
from tests.pages.live.test_pool import VIEW, specify

SAMPLE = re.compile(r'deltascope_([a-z_]+)(?:\{(?:process|le)="([^"]+)"\})? (\S+)')


@pytest.fixture
def pool(nursery: Nursery) -> Iterator[Pool]:
    one = Pool(1, nursery)
    yield one
    one.stop()


def samples(text: str) -> dict[tuple[str, str], float]:
    """Return {(metric, label): value}; every line has to be a sample or a comment."""
    lines = [line for line in text.splitlines() if not line.startswith("# ")]
    found = [SAMPLE.fullmatch(line) for line in lines]
    assert all(found)
    return {(one[1], one[2] or ""): float(one[3]) for one in found if one}


def test_what_a_process_has_done_is_counted_and_kept_when_it_is_killed(pool: Pool):
    asked = {"id": 1, "kind": "seek", "epoch": 50}
    pool.submit((Key("token", 1),), specify, False, asked, VIEW).result(60)
    found = samples(metrics_text(pool, 3, 2, 4))
    assert found["page_work", ""] == 4
    assert found["sessions", ""] == 3
    assert found["players", ""] == 2
    assert found["epochs_total", "0"] == 50
    assert found["runs", "0"] == 1
    assert found["run_bytes", "0"] > 0
    assert found["jobs_waiting", "0"] == 0
    assert found["answer_seconds_count", ""] == found["answer_seconds_bucket", "+Inf"] == 1
    for process in ("0", "server"):
        assert found["cpu_seconds_total", process] > 0
        assert found["resident_bytes", process] > 2**20
        assert found["open_handles", process] > 3
    os.kill(pool.workers[0].number, signal.SIGKILL)
    wait_until(lambda: pool.workers[0].restarts == 1, "another process")
    found = samples(metrics_text(pool, 0, 0))
    assert found["restarts_total", "0"] == 1
    assert found["epochs_total", "0"] == 50
    assert found["runs", "0"] == 0


def test_a_bucket_counts_all_answers_up_to_its_bound():
    latency = Latency()
    for seconds in (0.01, 0.05, 0.2, 9.0):
        latency.note(seconds)
    found = samples("\n".join(latency.lines("answer_seconds", "Seconds.")))
    counts = [found["answer_seconds_bucket", str(bound)] for bound in (*BOUNDS, "+Inf")]
    assert counts == [2, 2, 2, 3, 3, 3, 3, 3, 4]
    assert found["answer_seconds_sum", ""] == pytest.approx(9.26)
