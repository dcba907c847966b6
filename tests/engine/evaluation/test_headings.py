"""Tables of scores and predictions with the headings of a page in another language."""

import pandas as pd

from engine.evaluation import shown_columns, shown_scores
from engine.language import speaking


def test_scores_have_the_headings_of_the_reader_and_the_names_of_the_data():
    table = pd.DataFrame({"precision": [1.0, 0.5], "R²": [0.0, 1.0]}, ["accuracy", "accuracy"])
    with speaking("zh"):
        shown = shown_scores(table, ["accuracy"])
    assert list(shown.columns) == ["精确率", "R²"]
    assert list(shown.index) == ["accuracy", "准确率"]  # a class, and our average
    assert shown_scores(table).equals(table)


def test_added_columns_name_the_target_in_the_words_of_the_reader():
    added = pd.DataFrame({"predicted y": ["a"], "probability of a": [1.0], "filled in": ["p, q"]})
    with speaking("zh"):
        shown = shown_columns(added)
    assert list(shown.columns) == ["预测的 y", "a 的概率", "填补"]
    assert shown.to_numpy().tolist() == added.to_numpy().tolist()
    assert list(shown_columns(added).columns) == list(added.columns)


def test_a_blank_row_is_said_to_be_one():
    with speaking("zh"):
        shown = shown_columns(pd.DataFrame({"filled in": ["blank row, not predicted", "p"]}))
    assert shown["填补"].tolist() == ["空行，未预测", "p"]
