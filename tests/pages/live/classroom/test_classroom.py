"""A class: who joins, what may be answered when, who may lead it, and how it ends."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from engine.lessons.library import load_lessons
from pages.live.classroom.classroom import EXIT, LONGEST_NAME, MOST_PUPILS, stages_of
from pages.live.classroom.register import LENGTH, Register

LESSON, OTHER = list(load_lessons().values())[:2]


def opened(**limits):
    register = Register(**limits)
    return register, register.open(LESSON)


def test_the_stages_of_a_lesson_end_with_the_exit_question():
    parts = [(stage.step, stage.part) for stage in stages_of(2)]
    assert parts == [
        *((0, part) for part in ("predict", "run", "result")),
        *((1, part) for part in ("predict", "run", "result")),
        (1, "exit"),
        (1, "end"),
    ]


def test_a_code_is_found_however_it_is_typed():
    register, one = opened()
    assert len(one.code) == LENGTH
    assert register.find(f" {one.code[:2].lower()}-{one.code[2:].lower()} ") is one
    assert register.find("") is None
    assert register.find("QQQQQQQQQQQQQQ") is None


def test_an_answer_is_taken_once_and_in_its_time():
    _, one = opened()
    ann, bob = one.join("Ann"), one.join()
    assert one.answer(ann.token, "0.first", 1.0)
    assert not one.answer(ann.token, "0.first", 2.0)
    assert not one.answer(ann.token, "0.second", 2.0)  # the run has not begun
    assert not one.answer(ann.token, EXIT, 0.0)
    assert not one.answer("a stranger", "0.first", 2.0)
    one.advance(one.key)
    assert one.answer(bob.token, "0.first", 0.0)  # a late pupil
    assert one.answer(ann.token, "0.second", 0.0)
    assert one.answers("0.first") == [1.0, 0.0]
    assert one.table() == [
        {"pupil": "Ann", "lesson": LESSON.title, "0.first": 1.0, "0.second": 0.0},
        {"pupil": "Pupil 2", "lesson": LESSON.title, "0.first": 0.0},
    ]


def test_a_class_goes_on_with_another_lesson_and_keeps_the_answers():
    _, one = opened()
    ann, _ = one.join("Ann"), one.join()
    one.answer(ann.token, "0.first", 1.0)
    one.begin("a stranger", OTHER)
    assert one.lesson is LESSON
    one.advance(one.key)
    one.begin(one.key, OTHER)
    assert (one.lesson, one.place, one.lessons) == (OTHER, 0, 2)
    assert one.answers("0.first") == []
    assert one.answer(ann.token, "0.first", 2.0)
    assert one.table() == [
        {"pupil": "Ann", "lesson": LESSON.title, "0.first": 1.0},
        {"pupil": "Ann", "lesson": OTHER.title, "0.first": 2.0},
        {"pupil": "Pupil 2", "lesson": OTHER.title},
    ]


def test_only_the_teacher_goes_on_and_ends_the_class():
    register, one = opened()
    pupil = one.join()
    for key in ("", pupil.token, one.code):
        one.advance(key)
        one.close(key)
    assert one.place == 0
    assert not one.closed
    for _ in range(20):
        one.advance(one.key)
    assert one.stage.part == "end"
    one.close(one.key)
    assert register.find(one.code) is None
    assert not one.answer(pupil.token, EXIT, 0.0)
    with pytest.raises(ValueError, match="has ended"):
        one.join()


def test_names_and_sentences_are_cut_and_stay_in_one_line():
    _, one = opened()
    pupil = one.join("  a\n" + "b" * 100)
    assert pupil.name == ("a " + "b" * 100)[:LONGEST_NAME]
    one.advance(one.key)
    one.answer(pupil.token, "0.sentence", "x\ny " * 1000)
    assert len(one.answers("0.sentence")[0]) == 200
    assert "\n" not in one.answers("0.sentence")[0]


def test_a_class_and_a_server_have_room_for_a_bounded_number():
    register, one = opened(most=2)
    for _ in range(MOST_PUPILS):
        one.join()
    with pytest.raises(ValueError, match="full"):
        one.join()
    other = register.open(LESSON)
    with pytest.raises(ValueError, match="2 classes at most"):
        register.open(LESSON)
    other.close(other.key)
    assert register.open(LESSON).code != one.code


def test_a_class_ends_by_itself():
    register, one = opened(lifetime=-1.0)
    assert register.find(one.code) is None
    assert one.closed


def test_thirty_pupils_who_answer_at_once_are_all_kept():
    _, one = opened()

    def answered(place):
        pupil = one.join(str(place))
        return one.answer(pupil.token, "0.first", float(place))

    with ThreadPoolExecutor(8) as threads:
        assert all(threads.map(answered, range(30)))
    assert sorted(one.answers("0.first")) == list(map(float, range(30)))
    assert sorted(pupil.number for pupil in one.pupils.values()) == list(range(1, 31))
