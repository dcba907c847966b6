"""Numbers in links (kind 45): ASCII digits alone, whatever Unicode and Python take for digits."""

import pytest

from engine.search.space import read_space
from engine.training.config import Config
from engine.training.events import read_events
from engine.training.options import read_number, read_whole

STRANGE = ["²", "①", "٣", "५", "1_000", " 1", "1 ", "1\n", "½", "𝟙", "", "0x1", "١٢", "Ⅷ"]


@pytest.mark.parametrize("text", [*STRANGE, "1.0", "1e3", "9" * 5000, "nan", "--1"])
def test_what_is_no_whole_number_is_refused(text):
    with pytest.raises(ValueError, match="is not a whole number"):
        read_whole(text)


@pytest.mark.parametrize("text", [*STRANGE, "nan", "inf", "-inf", "1e", "1e999999", ".", "1,5"])
def test_what_is_no_number_is_refused(text):
    with pytest.raises(ValueError, match="is not a number"):
        read_number(text)


@pytest.mark.parametrize(("text", "value"), [("0", 0), ("-3", -3), ("+7", 7), ("007", 7)])
def test_whole_numbers_are_read(text, value):
    assert read_whole(text) == value


@pytest.mark.parametrize(
    ("text", "value"), [("1", 1.0), ("-.5", -0.5), ("1e-05", 1e-5), ("3.", 3.0), ("2E3", 2000.0)]
)
def test_numbers_are_read(text, value):
    assert read_number(text) == value


@pytest.mark.parametrize("text", [one for one in STRANGE if one] + ["9" * 5000])
@pytest.mark.parametrize("name", ["seed", "learning_rate", "hidden", "dropouts", "epochs"])
def test_a_link_with_strange_numbers_gets_a_sentence_each(name, text):
    config, notes = Config.from_query({name: text})
    assert config == Config()
    assert len(notes) == 1
    assert all(len(note) < 300 for note in notes)


@pytest.mark.parametrize("text", STRANGE)
def test_changes_and_searches_with_strange_numbers_are_left_out(text):
    for event in (f"{text}:l2:0.1", f"3:l2:{text}", f"3:W{text}.0.0:1"):
        events, notes = read_events(event, (2, 4, 1))
        assert not events
        assert len(notes) == 1
    space, notes = read_space(f"seed:{text}|1;l2:{text}~1")
    assert not space
    assert len(notes) == 2
