"""The names in built-in data in another language: none is left in English, and no key changes."""

import re

import pytest

from engine.language import speaking
from engine.problems import PROBLEMS, load
from engine.training import Config


@pytest.mark.parametrize("name", PROBLEMS)
def test_every_name_in_built_in_data_is_translated(name):
    data = load(Config(dataset=name))
    names = [*data.input_names, *data.classes, *data.target_names]
    with speaking("zh"):
        shown = data.shown(names)
    assert [one for one in shown if re.search("[a-z]{4}", one)] == []
    assert data.shown(names) == tuple(names)


def test_numbers_in_names_stay():
    with speaking("zh"):
        assert load(Config(dataset="digits")).shown(["pixel 0 7"]) == ("像素 0 7",)
        assert load(Config(dataset="circle")).shown(["class 1", "x₁"]) == ("类别 1", "x₁")


def test_titles_and_descriptions_are_kept_in_english():
    with speaking("zh"):
        assert load(Config(dataset="circle")).name == "Circle"
        assert load(Config(dataset="iris")).classes == ("setosa", "versicolor", "virginica")
