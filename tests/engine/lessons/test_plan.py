"""The cue cards of a plan."""

import pytest

from engine.lessons import CueCard, cue_cards, load_lessons

PLAN = """
- **2 min, ask:** Draw **four** points.
  "Who can separate them?"
- **1 min, do:** Exit question.

The lesson can be split.
"""


def test_each_entry_of_a_plan_is_a_card():
    assert cue_cards(PLAN) == (
        CueCard("2 min, ask", 2, 'Draw four points. "Who can separate them?"'),
        CueCard("1 min, do", 1, "Exit question."),
    )
    assert cue_cards("No list.\n\nTwo paragraphs.") == ()


@pytest.mark.parametrize("lesson", load_lessons().values(), ids=load_lessons())
def test_the_cards_of_a_lesson_take_its_minutes(lesson):
    assert sum(card.minutes for card in cue_cards(lesson.teacher.plan)) == lesson.minutes
    assert all(card.text for card in cue_cards(lesson.teacher.plan))


def test_a_card_may_have_the_colon_of_another_language():
    assert cue_cards("- **2 分钟，提问：** 画出四个点。") == (
        CueCard("2 分钟，提问", 2, "画出四个点。"),
    )
