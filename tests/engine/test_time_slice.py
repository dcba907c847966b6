"""Work in slices of time."""

from math import inf

from engine.time_slice import work_for


def counted(seconds: float, count: int, already: int = 0) -> tuple[bool, int]:
    """Return whether `count` steps are done after so many seconds, and how many were taken."""
    taken = [None] * already
    return work_for(seconds, lambda: taken.append(None), lambda: len(taken) == count), len(taken)


def test_without_a_limit_all_steps_are_taken():
    assert counted(inf, 5) == (True, 5)


def test_when_the_time_is_over_one_step_is_taken():
    assert counted(-1.0, 5) == (False, 1)
    assert counted(-1.0, 5, already=4) == (True, 5)


def test_done_work_takes_no_step():
    assert counted(inf, 5, already=5) == (True, 5)
