"""Shares of time: nobody waits, nobody gets more than asked for, the rest is shared."""

from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pages.live.pace import (
    ALONE,
    CAPACITY,
    FASTEST,
    LEAST,
    SLOWEST,
    WINDOW,
    Load,
    Pacer,
    fair_shares,
    frames_of_answer,
    share_of_players,
)

wishes = st.dictionaries(st.integers(), st.floats(0, 10), min_size=1, max_size=40)


def test_the_example_of_the_book():
    # Bertsekas and Gallager: who needs little gets all of it, the others share what is left
    assert fair_shares({"a": 2, "b": 2.6, "c": 4, "d": 5}, 10) == pytest.approx(
        {"a": 2, "b": 2.6, "c": 2.7, "d": 2.7}
    )


@given(wishes, st.floats(0.01, 100))
def test_a_share_is_at_most_the_wish_and_nothing_is_wasted(wanted, capacity):
    shares = fair_shares(wanted, capacity)
    assert all(0 <= shares[key] <= wanted[key] for key in wanted)
    assert sum(shares.values()) == pytest.approx(min(capacity, sum(wanted.values())))
    least = min(shares.values())
    assert all(
        shares[key] == pytest.approx(wanted[key]) or shares[key] >= least - 1e-9 for key in wanted
    )


def paced(players: int, seconds_per_frame: float) -> Pacer:
    pacer = Pacer(lambda: 100.0)
    for key in range(players):
        pacer.note(key, 90 * seconds_per_frame, 90)
    return pacer


def test_few_players_show_every_frame_and_many_share_the_core():
    assert paced(10, 0.0005).pace(0) == FASTEST
    crowd = paced(60, 0.0005)
    assert crowd.pace(0) == int(CAPACITY / 60 / 0.0005)
    assert paced(2000, 0.0005).pace(0) == SLOWEST


def test_a_heavy_player_slows_itself_and_not_the_others():
    pacer = paced(10, 0.0005)
    pacer.note("heavy", 1.0, 10)
    assert pacer.pace(0) == FASTEST
    assert pacer.pace("heavy") == SLOWEST


def test_who_has_left_takes_no_share_any_more():
    clock = count(100.0, WINDOW / 3)
    pacer = Pacer(lambda: next(clock))
    for key in range(4):
        pacer.note(key, 1.0, 10)
    assert pacer.pace(3) > SLOWEST or len(pacer.cost) < 4
    assert set(pacer.cost) <= {1, 2, 3}


def test_who_shows_its_frames_slowly_counts_until_it_asks_again():
    now = 100.0
    pacer = Pacer(lambda: now)
    for key in range(100):
        pacer.note(key, 30 * 0.0005, 30)
    paces = [pacer.pace(key) for key in range(100)]
    assert set(paces) == {int(CAPACITY / 100 / 0.0005)} == {8}
    for key in range(100):
        pacer.note(key, 30 * 0.0005, 30)
    now += 30 / 8 + WINDOW - 0.1
    assert pacer.pace(0) == 8
    assert len(pacer.cost) == 100
    now += 0.2
    assert pacer.pace(0) == FASTEST


def test_a_new_player_is_not_told_to_play_faster_than_the_others():
    crowd = paced(60, 0.0005)
    assert crowd.pace("new") == int(CAPACITY / 61 / 0.0005)
    assert "new" not in crowd.cost
    assert Pacer().pace("first") == FASTEST


def test_an_answer_holds_what_its_player_shows_in_a_second_and_a_half():
    assert [frames_of_answer(90, pace) for pace in (60, 40, 20, 5)] == [90, 60, 30, 30]
    assert frames_of_answer(7, 60) == 7
    assert [frames_of_answer(90, 60, waiting) for waiting in (0, 8, 16, 100)] == [90, 45, 30, 30]


def test_busy_pages_leave_less_to_the_players_but_never_nothing():
    assert share_of_players(cores=2, processes=2, pages=0.1) == CAPACITY
    assert share_of_players(cores=2, processes=2, pages=0.5) == pytest.approx(0.35)
    assert share_of_players(cores=2, processes=2, pages=2.0) == LEAST
    assert share_of_players(cores=1, processes=1, pages=0.3) == pytest.approx(0.3)


def test_a_crowd_gets_less_while_the_pages_are_busy():
    crowd = paced(60, 0.0005)
    fast = crowd.pace(0)
    crowd.capacity = CAPACITY / 2
    assert crowd.pace(0) == pytest.approx(fast / 2, abs=1)


def test_the_load_of_the_server_is_its_processor_time_over_the_clock_s():
    now = {"clock": 0.0, "used": 0.0}
    load = Load(lambda: now["clock"], lambda: now["used"])
    assert load.measure() == 0
    for _ in range(12):
        now["clock"] += 1.0
        now["used"] += 0.6
        load.measure()
    assert load.measure() == pytest.approx(0.6, abs=0.01)


def test_a_single_player_gets_nearly_a_core_while_the_pages_are_quiet():
    pacer = paced(1, 0.03)
    assert pacer.pace(0) == int(ALONE / 0.03)
    pacer.capacity = 0.9 * CAPACITY
    assert pacer.pace(0) == int(0.9 * CAPACITY / 0.03)
    pacer.capacity = CAPACITY
    pacer.note(1, 90 * 0.03, 90)
    assert pacer.pace(0) == int(CAPACITY / 2 / 0.03)
