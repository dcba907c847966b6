"""The pictures to choose by: made of each problem's data, small, and no nonsense taken back."""

import numpy as np
import pytest

from engine.data import FEATURES
from engine.problems import PROBLEMS
from pages.figures.sidebar.pictures import MOST, feature_picture, problem_picture
from pages.widgets.sidebar.pictures import message_of, problem_option, read_names
from tests.pages.live.test_payload import unpacked


@pytest.mark.parametrize("name", PROBLEMS)
def test_every_problem_has_a_small_picture(name):
    picture = problem_picture(name)
    assert picture.numbers.dtype == np.uint8
    if picture.kind == "map":
        assert np.ptp(picture.numbers) > 100
        return
    assert 1 <= len(picture.numbers) <= MOST
    assert picture.kind == ("classes" if PROBLEMS[name].task == "classification" else "values")
    assert picture.numbers[:, 2].max() <= max(0, picture.classes - 1)


def test_the_picture_of_the_circle_has_one_class_inside_the_other():
    x, y, classes = problem_picture("circle").numbers.astype(float).T
    away = np.hypot(x - 127, y - 127)
    assert away[classes == 1].mean() < 0.6 * away[classes == 0].mean()


def test_the_map_of_a_plane_rises_along_it_and_that_of_an_input_along_its_axis():
    plane = problem_picture("plane").numbers.astype(int)
    assert plane[-1, -1] > plane[0, 0] + 100
    across = feature_picture("x1").numbers.astype(int)
    assert (np.diff(across, axis=1) > 0).all()
    assert (across == across[0]).all()
    assert [feature_picture(name).kind for name in FEATURES] == ["map"] * len(FEATURES)


def test_all_pictures_come_in_one_small_message():
    options = [problem_option(name) for name in PROBLEMS]
    message = message_of({"chosen": ["circle"]}, options)
    head, arrays = unpacked(message)
    assert sum(option["size"] for option in head["options"]) == arrays["numbers"].size
    assert [option["value"] for option in head["options"] if not option["group"]] == [
        *("circle", "xor", "gauss", "spiral", "moons", "plane", "bumps", "line")
    ]
    assert len(message) < 16_000


@pytest.mark.parametrize(
    "text",
    [None, 3, "", "{", '"circle"', "{}", "[1, null]", "[" * 3_000, f'["{"x" * 4_000}"]'],
)
def test_what_is_no_list_of_names_chooses_nothing(text):
    assert read_names(text) == []


def test_a_list_of_names_is_taken():
    assert read_names('["x1", "x2"]') == ["x1", "x2"]
