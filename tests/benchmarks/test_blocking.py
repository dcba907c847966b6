"""The benchmark of the lock sees who holds it, and who does not."""

import time

from benchmarks.blocking import measured


def test_one_long_call_is_seen_and_a_pause_is_not():
    held = measured(lambda: sum(range(8_000_000)))  # one call, which never gives the lock away
    free = measured(lambda: time.sleep(0.3))
    assert held["worst"] > 20
    assert held["share"] > 50 * held["processor"] / held["seconds"]  # others may use the cores
    assert free["worst"] < held["worst"] / 2
    assert free["processor"] < 0.2


def test_many_short_calls_share_the_lock():
    def work() -> None:
        for _ in range(3_000):
            sum(range(2_000))

    shared = measured(work)
    assert shared["worst"] < 60
