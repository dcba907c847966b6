"""The page Lessons without a browser: what a pupil reads before and after a prediction."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from engine.lessons.library import load_lessons
from engine.lessons.secrets import occurs
from pages.live.classroom.register import CLASSES
from pages.live.jobs.lesson import run_lesson
from pages.widgets.lessons.kept import read_kept, read_progress
from pages.widgets.lessons.questions import (
    HANDLES,
    number_or_none,
    read_heights,
    sketched_run,
)
from pages.widgets.lessons.results import RESULTS
from pages.widgets.lessons.state import LessonState

PAGE = Path(__file__).parents[2] / "app.py"
LESSONS = load_lessons()


def opened(**query: str) -> AppTest:
    """The page at an address."""
    page = AppTest.from_file(str(PAGE), default_timeout=60)
    for key, value in query.items():
        page.query_params[key] = value
    page.switch_page("pages/lessons.py").run()
    assert not page.exception
    return page


def texts(page: AppTest) -> str:
    """All that can be read on the page, but for the choices of a question."""
    parts = [*page.markdown, *page.caption, *page.subheader, *page.info, *page.success]
    parts += [*page.button, *page.text_input]
    return "\n".join(str(getattr(one, "label", "") or one.value) for one in parts)


def state(page: AppTest) -> LessonState:
    return page.session_state["lesson_state"]


def press(page: AppTest, key: str) -> AppTest:
    page.button(key=key).click().run()
    assert not page.exception
    return page


def predict(page: AppTest) -> AppTest:
    """Give the right answer to the question of the step."""
    question, item = state(page).step.predict, state(page).stage.first_vote
    if question.kind == "choice":
        page.radio(key=f"choice.{item}").set_value(question.choices.index(question.answer))
    elif question.kind == "number":
        page.text_input(key=f"number.{item}").set_value(str(question.answer))
    else:
        state(page).heights[item] = (question.top / 2,) * HANDLES
    return press(page, f"commit.{item}")


@pytest.mark.parametrize("name", LESSONS)
def test_a_cold_link_shows_no_word_of_the_answer_before_the_prediction(name):
    page = opened(lesson=name)
    step = LESSONS[name].steps[0]
    before = texts(page)
    assert step.question.split("\n")[0] in before
    for word in step.secret:
        assert not occurs(word, before)
    assert page.session_state["session"].run.epochs == 0
    predict(page)
    assert state(page).stage.part == "run"
    assert state(page).given("0.first") is not None


def test_an_answer_is_needed_and_then_the_result_says_what_the_run_gives():
    page = opened(lesson="one_neuron_by_head")
    step = LESSONS["one_neuron_by_head"].steps[0]
    press(page, "commit.0.first")
    assert state(page).stage.part == "predict"
    assert len(page.warning) == 1
    predict(page)
    RESULTS.put(step, run_lesson(lambda progress: None, step))
    press(page, "to_result")
    assert RESULTS.get(step).evidence in texts(page)
    assert any("Right" in one.value for one in page.success)


def test_a_wrong_answer_is_answered_with_the_right_one():
    page = opened(lesson="four_points")
    step = LESSONS["four_points"].steps[0]
    wrong = next(one for one in step.predict.choices if one != step.predict.answer)
    page.radio(key="choice.0.first").set_value(step.predict.choices.index(wrong))
    press(page, "commit.0.first")
    RESULTS.put(step, run_lesson(lambda progress: None, step))
    press(page, "to_result")
    assert any(step.predict.answer in one.value and wrong in one.value for one in page.info)


def test_a_class_asks_a_stranger_for_the_code_and_shows_nothing():
    one = CLASSES.open(LESSONS["four_points"])
    for code in ("QQQQQ", "", "<b>x</b>"):
        page = opened(**{"class": code})
        assert LESSONS["four_points"].title not in texts(page)
        assert page.text_input(key="join.code") is not None
    page = opened(**{"class": one.code})
    assert LESSONS["four_points"].title not in texts(page)  # before joining
    one.close(one.key)


def test_progress_goes_to_another_computer_as_a_file():
    there = opened()
    there.session_state["kept"].done["four_points"] = 0.5
    there.run()
    (saved,) = [one for one in there.get("download_button") if one.proto.label == "Save as a file"]
    code = progress_code_in(there)
    assert saved.proto.url.endswith(".txt")
    here = opened()
    here.get("file_uploader")[0].upload("deltascope-progress.txt", code.encode(), "text/plain")
    here.run()
    assert not here.exception
    assert here.session_state["kept"].done == {"four_points": 0.5}
    assert "Your progress: 1 lesson done" in [one.label for one in here.expander]


def progress_code_in(page: AppTest) -> str:
    """The code of progress on a page."""
    return next(one.value for one in page.code if read_progress(one.value))


def test_a_pupil_who_comes_back_is_at_the_same_place_and_a_stranger_is_not():
    one = CLASSES.open(LESSONS["four_points"])
    ann, bob = one.join("Ann"), one.join()
    one.answer(ann.token, "0.first", 1.0)
    page = returned(one.code, ann.token)
    assert state(page).pupil is ann
    assert any("Your answer is kept" in info.value for info in page.info)
    one.advance(one.key)
    page.run()
    assert state(page).stage.part == "run"
    page = returned(one.code, bob.token)  # he has not predicted: he may, though the run goes on
    assert [button.label for button in page.button if "Commit" in button.label]
    for token in ("", ann.token[:-1], "x" * len(ann.token), one.code):
        page = returned(one.code, token)
        assert LESSONS["four_points"].title not in texts(page)
        assert page.text_input(key="join.name") is not None
    one.close(one.key)


def returned(code: str, token: str) -> AppTest:
    """The page of a class in a browser that has kept this key of it."""
    page = opened(**{"class": code})
    page.session_state["kept"].known = True
    page.session_state["kept"].keys[code] = token
    page.run()
    assert not page.exception
    return page


def test_a_class_goes_on_with_another_lesson():
    one = CLASSES.open(LESSONS["four_points"])
    ann = one.join("Ann")
    teacher, pupil = returned(one.code, one.key), returned(one.code, ann.token)
    one.answer(ann.token, "0.first", 1.0)
    teacher.selectbox(key="next_lesson.1").set_value(list(LESSONS).index("three_rates")).run()
    press(teacher, "begin_lesson")
    pupil.run()
    for page in (teacher, pupil):
        assert LESSONS["three_rates"].title in texts(page)
        assert state(page).stage.part == "predict"
    assert state(pupil).given("0.first") is None
    one.close(one.key)


def test_the_right_exit_answer_comes_when_the_teacher_ends_the_lesson():
    one = CLASSES.open(LESSONS["four_points"])
    page = returned(one.code, one.join().token)
    for _ in range(3):
        one.advance(one.key)
    page.run()
    page.radio(key="choice.exit").set_value(0)
    press(page, "commit.exit")
    why, answer = LESSONS["four_points"].exit.why, LESSONS["four_points"].exit.answer
    assert why not in texts(page)
    assert str(answer) not in texts(page)
    one.advance(one.key)
    page.run()
    assert why in texts(page)
    assert str(answer) in texts(page)
    one.close(one.key)


def test_pupils_of_a_class_read_their_languages_and_are_counted_together():
    one = CLASSES.open(LESSONS["four_points"])
    spoken = {"en": LESSONS["four_points"], "zh": load_lessons("zh")["four_points"]}
    for language, lesson in spoken.items():
        pupil, page = one.join(), opened(**{"class": one.code, "lang": language})
        page.session_state["kept"].known = True
        page.session_state["kept"].keys[one.code] = pupil.token
        page.run()
        assert lesson.steps[0].question.split("\n")[0] in texts(page)
        assert state(page).current == lesson
        predict(page)
    right = LESSONS["four_points"].steps[0].predict
    assert one.answers("0.first") == [right.choices.index(right.answer)] * 2
    one.close(one.key)


def test_the_teachers_own_window_has_the_cards_and_leads_the_class():
    one = CLASSES.open(LESSONS["four_points"])
    page = opened(**{"class": one.code, "cards": "1"})
    page.session_state["kept"].known = True
    page.session_state["kept"].keys[one.code] = one.key
    page.run()
    elements = [found.proto for found in page.get("bidi_component")]
    sent = next(found for found in elements if found.component_name == "deltascope_cards")
    deck = json.loads(json.loads(sent.json))
    assert deck["cards"][0]["head"] == "2 min, ask"
    assert deck["apart"]
    press(page, "next")
    assert one.stage.part == "run"
    one.close(one.key)


def test_the_board_is_in_the_language_of_the_teacher():
    one = CLASSES.open(LESSONS["four_points"])
    one.answer(one.join().token, "0.first", 1.0)
    one.advance(one.key)
    one.answer(one.join().token, "0.sentence", "所有输出都一样")
    page = opened(**{"class": one.code, "lang": "zh"})
    page.session_state["kept"].known = True
    page.session_state["kept"].keys[one.code] = one.key
    page.run()
    elements = [found.proto for found in page.get("bidi_component")]
    sent = next(found for found in elements if found.component_name == "deltascope_board")
    board, lesson = json.loads(json.loads(sent.json)), load_lessons("zh")["four_points"]
    assert [one["text"] for one in board["tallies"]] == list(lesson.steps[0].predict.choices)
    assert [one["first"] for one in board["tallies"]][:2] == [0, 1]
    assert board["sentences"] == [{"by": "学生 2", "text": "所有输出都一样"}]
    assert [row["pupil"] for row in one.table()] == ["Pupil 1", "Pupil 2"]  # of the CSV
    one.close(one.key)


def test_a_class_keeps_the_english_lesson_for_its_table():
    page = press(opened(lesson="four_points", teacher="1", lang="zh"), "open_class")
    one = state(page).classroom
    assert one is not None
    assert state(page).current == load_lessons("zh")["four_points"]
    one.join()
    assert [row["lesson"] for row in one.table()] == [LESSONS["four_points"].title]
    one.close(one.key)


def test_a_presented_page_hides_the_notes_until_they_are_asked_for():
    lesson = LESSONS["four_points"]
    assert "Goal" in texts(opened(lesson="four_points", teacher="1"))
    presented = opened(lesson="four_points", teacher="1", present="1")
    (notes,) = [one for one in presented.expander if one.label == "Notes for the teacher"]
    assert not notes.proto.expanded
    assert lesson.teacher.key in [one.value for one in notes.markdown]
    assert [one.value for one in presented.markdown].count(lesson.teacher.key) == 1  # there alone


@pytest.mark.parametrize("text", ["", "x", "{}", "[1]", "9" * 50, "[" * 5000, "eyJhIjoyfQ", "é"])
def test_a_code_that_is_no_progress_is_refused(text):
    with pytest.raises(ValueError, match="not a code of progress"):
        read_progress(text)


@pytest.mark.parametrize(
    "text",
    [None, 5, "", "[]", "{", '{"done": 5, "keys": 7}', '{"done": {"a": 9}, "keys": {"b": 1}}'],
)
def test_what_a_browser_kept_may_be_anything(text):
    assert read_kept(text) == ({}, {})


def test_a_sketch_begins_at_the_first_loss_of_its_part():
    page = opened(lesson="forty_points")
    losses = page.session_state["session"].run.losses
    elements = [one.proto for one in page.get("bidi_component")]
    sent = next(one for one in elements if one.component_name == "deltascope_sketch")
    assert "validation" in state(page).step.predict.curve
    assert json.loads(json.loads(sent.json))["start"] == losses["validation"][0]


def test_the_paper_of_a_sketch_is_as_long_as_its_run():
    step = LESSONS["three_rates"].steps[0]
    assert step.predict.curve.startswith("C.")
    shorter = replace(step.runs[2], epochs=40)
    assert sketched_run(replace(step, runs=(*step.runs[:2], shorter))) is shorter
    without = LESSONS["four_points"].steps[0]
    assert sketched_run(without) is without.runs[0]


def test_numbers_are_read_with_a_point_or_a_comma():
    assert number_or_none(" 0,5 ") == number_or_none("0.5") == 0.5
    assert [number_or_none(text) for text in ("", "x", "nan", "1e999")] == [None] * 4


def test_heights_of_a_sketch_are_checked():
    assert read_heights(str([0.5] * HANDLES), 1.0) == (0.5,) * HANDLES
    bad = [None, "", "[", "[1]", str([2.0] * HANDLES), str(["a"] * HANDLES).replace("'", '"')]
    assert [read_heights(text, 1.0) for text in bad] == [()] * len(bad)
