"""From a table to a data set: what columns mean, what is left out and why, where it is learned."""

import json

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.tables.columns.cell import MISSING, one_number
from engine.tables.columns.cell_types import decimal_of, reading_of
from engine.tables.columns.column_profile import profile
from engine.tables.columns.preprocessor import preparation_from_dict
from engine.tables.columns.table_dataset import IMPUTE, MOST_INPUTS, MOST_ROWS, prepare, to_dataset
from engine.tables.columns.target_suggestion import suggest
from engine.tables.columns.target_suggestion import suggested_settings as suggested_settings
from engine.tables.columns.times import days
from engine.tables.reading.reader import read_table
from engine.training.config import Config
from engine.training.run import Run
from tests.engine.pollution import written


def table(columns, mark=",", **told):
    """A table of text from columns."""
    rows = [list(columns), *zip(*columns.values(), strict=True)]
    return read_table(written(rows, delimiter=mark).encode(), "mine", **told)


def people(n=120, seed=0):
    """A table with a column of nearly every kind; y hangs on age and colour."""
    rng = np.random.default_rng(seed)
    age, colour = rng.integers(20, 60, n), rng.choice(["red", "green", "blue"], n)
    return {
        "id": [f"P{i:04d}" for i in range(n)],
        "age": age.astype(str),
        "height": [f"{h:.2f} m".replace(".", ",") for h in rng.uniform(1.5, 2, n)],
        "colour": colour,
        "joined": [f"{1 + i % 28:02d}.{1 + i % 12:02d}.20{10 + i % 9}" for i in range(n)],
        "member": rng.choice(["yes", "no"], n),
        "same": ["x"] * n,
        "note": [f"this is remark number {i} on it" for i in range(n)],
        "gaps": ["" if i % 4 else str(i % 7) for i in range(n)],
        "outcome": np.where((age > 40) ^ (colour == "red"), "good", "bad"),
    }


def test_each_kind_of_column_is_known():
    found = {column.name: column for column in profile(table(people(), ";"))}
    kinds = {name: column.kind for name, column in found.items()}
    assert kinds == {
        "id": "id",
        "age": "number",
        "height": "number",
        "colour": "category",
        "joined": "date",
        "member": "yes/no",
        "same": "constant",
        "note": "text",
        "gaps": "number",
        "outcome": "category",
    }
    assert {name for name, column in found.items() if column.reason} == {"id", "same", "note"}
    assert found["height"].reading.unit == "m"
    assert found["height"].reading.decimal == ","
    assert found["gaps"].missing == 90
    assert sum(found["age"].counts) == 120
    assert sum(found["colour"].counts) == 120


@pytest.mark.parametrize(
    ("text", "decimal", "value"),
    [
        ("1,234.5", ".", 1234.5),
        ("1.234,5", ",", 1234.5),
        ("1 234,5", ",", 1234.5),
        ("1'234.50", ".", 1234.5),
        ("$ 12.5", ".", 12.5),
        ("12,50 €", ",", 12.5),
        ("(3.5)", ".", -3.5),
        ("−4", ".", -4),
        ("-$5", ".", -5),
        ("15%", ".", 15),
        ("2.5e3", ".", 2500),
        (".5", ".", 0.5),
        ("12 km/h", ".", 12),
        ("1,23", ".", np.nan),
        ("1.2.3", ".", np.nan),
        ("12 34", ".", np.nan),
        ("abc", ".", np.nan),
    ],
)
def test_a_number_is_read_as_people_write_it(text, decimal, value):
    np.testing.assert_equal(one_number(text, decimal)[0], value)


@settings(max_examples=200, deadline=None)
@given(st.decimals(-(10**9), 10**9, places=3), st.booleans())
def test_numbers_with_thousands_are_read_back(number, comma):
    text = f"{number:,.3f}"
    if comma:
        text = text.translate(str.maketrans(",.", ".,"))
    assert one_number(text, "," if comma else ".")[0] == float(number)


def test_the_evidence_for_a_decimal_mark_is_counted():
    assert decimal_of(["1,5", "2.5", "1,234", "1.234,5", "7"]) == (2, 1)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2000-01-02", 1),
        ("2000-01-01T12:00:00", 0.5),
        ("02.01.2000", 1),
        ("31/01/2000", 30),
        ("01/31/2000", 30),
        ("2 Jan 2000", 1),
        ("Jan 2, 2000", 1),
    ],
)
def test_a_date_is_days_since_2000(text, day):
    values = pd.Index([text])
    assert days(values, reading_of(values).format).tolist() == [day]


def test_codes_with_leading_zeros_are_no_numbers():
    columns = profile(table({"zip": ["01234", "00501", "99999"] * 10, "x": ["1", "2", "3"] * 10}))
    assert columns[0].kind == "category"
    assert "codes" in columns[0].note


def test_mixed_units_are_no_numbers():
    columns = profile(table({"w": ["5 kg", "700 g"] * 10, "x": ["1", "2"] * 10}))
    assert columns[0].kind == "category"


@pytest.mark.parametrize("word", sorted(MISSING))
def test_missing_cells_are_known_in_every_spelling(word):
    columns = profile(table({"x": ["1.5", word, "2.5", "3"] * 5, "y": list("abcd") * 5}))
    assert (columns[0].kind, columns[0].missing) == ("number", 5)


@pytest.mark.parametrize(
    ("names", "target"),
    [
        (["class", "a", "b"], "class"),
        (["a", "b", "Species"], "Species"),
        (["a", "price", "b"], "price"),
        (["a", "b", "year"], "a"),
        (["p", "q", "r"], "r"),
    ],
)
def test_the_likely_target_is_suggested(names, target):
    rng = np.random.default_rng(0)
    found = suggest(table({name: rng.normal(size=40).round(3).astype(str) for name in names}))
    assert found.target == target
    assert found.task == "regression"
    assert found.reason


def test_a_table_without_a_possible_target_is_told():
    with pytest.raises(ValueError, match="No column can be predicted"):
        suggest(table({"a": ["x"] * 9, "b": ["y"] * 9}))


def test_inputs_are_named_and_filled_as_the_training_part_says():
    made = prepare(table(people(), ";"), config=Config(seed=3))
    data, names = made.dataset, made.preparation.input_names
    assert (made.preparation.target, data.task, data.classes) == (
        "outcome",
        "classification",
        ("bad", "good"),
    )
    assert names == (
        "age",
        "height (m)",
        "colour = blue",
        "colour = green",
        "colour = red",
        "joined",
        "member = yes",
        "gaps",
        "gaps = missing",
    )
    gaps = data.inputs[names.index("gaps")]
    known = np.array([i % 4 == 0 for i in range(120)])
    fill = np.median([i % 7 for i in data.train if known[i]])
    assert set(gaps[~known]) == {fill}
    np.testing.assert_array_equal(data.inputs[names.index("gaps = missing")], ~known)
    X, _ = data.part("train")
    np.testing.assert_allclose(X.mean(axis=1), 0, atol=1e-12)
    np.testing.assert_allclose(X.std(axis=1), 1)
    for part in ("train", "validation", "test"):
        share = np.mean(data.targets[data.rows(part)])
        assert abs(share - data.targets.mean()) < 0.05


def test_nothing_outside_the_training_part_changes_the_inputs():
    columns = people()
    before = prepare(table(columns, ";"), "outcome")
    row = int(before.dataset.test[0])
    columns["gaps"][row], columns["age"] = "999", columns["age"].copy()
    columns["age"][row] = "58"
    after = prepare(table(columns, ";"), "outcome")
    assert after.preparation == before.preparation
    np.testing.assert_array_equal(after.dataset.mean, before.dataset.mean)


@pytest.mark.parametrize("how", IMPUTE)
def test_missing_numbers_are_filled_as_chosen(how):
    made = prepare(table(people(), ";"), "outcome", impute=how)
    field = next(field for field in made.preparation.fields if field.name == "gaps")
    known = [i % 7 for i in made.dataset.train if i % 4 == 0]
    assert field.fill == {"median": np.median, "mean": np.mean, "zero": lambda x: 0}[how](known)


def test_a_preparation_survives_json_and_applies_to_another_table():
    made = prepare(table(people(), ";"), "outcome")
    same = preparation_from_dict(json.loads(json.dumps(made.preparation.as_dict())))
    assert same == made.preparation
    X, notes = same.apply(table(people(), ";").frame)
    np.testing.assert_array_equal(X, made.dataset.inputs)
    assert notes == []
    np.testing.assert_array_equal(same.truth(table(people(), ";").frame), made.dataset.targets)
    other = people(30, seed=1)
    other["colour"] = ["violet"] * 30
    other["age"] = ["young"] + ["30"] * 29
    X, notes = same.apply(table(other, ";").frame)
    assert not X[2:5].any()
    assert "'violet' is new" in notes[-1]
    assert "1 cell could not be read" in notes[0]
    with pytest.raises(ValueError, match="no column 'age'"):
        same.apply(table({"x": ["1", "2"]}).frame)


def test_rare_categories_are_taken_together():
    rng = np.random.default_rng(0)
    kind = ["common"] * 300 + ["usual"] * 300 + [f"rare {i}" for i in range(5)]
    made = prepare(table({"kind": kind, "y": rng.normal(size=605).astype(str)}), "y")
    assert made.preparation.input_names == ("kind = common", "kind = usual", "kind = other")
    assert made.dataset.inputs[:, -1].tolist() == [0, 0, 1]


def test_columns_that_give_the_target_away_are_left_out_unless_kept():
    rng = np.random.default_rng(0)
    y = rng.choice(["no", "yes"], 100)
    x = rng.normal(size=100)
    columns = {
        "x": x.astype(str),
        "alive": np.where(y == "yes", "alive", "dead"),
        "code": np.where(y == "yes", "7", "3"),
        "class": y,
    }
    made = prepare(table(columns))
    assert dict(made.preparation.left_out).keys() == {"alive", "code"}
    assert prepare(table(columns), keep=["code"]).preparation.input_names == ("x", "code")
    price = {"x": rng.normal(size=100), "cents": 100 * x, "log": np.exp(x), "price": x}
    made = prepare(table({name: own.astype(str) for name, own in price.items()}))
    assert dict(made.preparation.left_out).keys() == {"cents", "log"}


def test_a_large_table_is_sampled_with_a_note():
    n = MOST_ROWS + 1000
    x = np.arange(n) % 97
    y = np.where(np.arange(n) % 10 == 0, "rare", "often")
    data = to_dataset(table({"x": x.astype(str), "y": y}), "y")
    assert data.n == MOST_ROWS
    assert abs(np.mean(data.targets == 1) - 0.1) < 1e-3
    assert any("50,000 of 51,000 rows" in note for note in data.notes)


def test_too_many_inputs_are_cut_at_whole_columns():
    rng = np.random.default_rng(0)
    columns = {f"x{i}": rng.normal(size=30).astype(str) for i in range(MOST_INPUTS + 5)}
    data = to_dataset(table(columns), "x0")
    assert data.d == MOST_INPUTS
    assert any("Only the first" in note for note in data.notes)


def test_rows_without_a_target_and_uneven_classes_are_named():
    y = ["a"] * 90 + ["b"] * 8 + ["?"] * 2
    data = to_dataset(table({"x": [str(i % 13) for i in range(100)], "y": y}))
    assert data.n == 98
    assert any("2 rows have no target" in note for note in data.notes)
    assert any("accuracy alone is misleading" in note for note in data.notes)


@pytest.mark.parametrize(
    ("columns", "target", "words"),
    [
        ({"x": ["1", "2"], "y": ["a", "a"]}, "y", "at least 2"),
        ({"x": ["1", "2"], "y": ["", ""]}, "y", "at least 2"),
        ({"x": ["1", "2"], "y": ["a", "b"]}, "z", "no column 'z'"),
        ({"x": ["c", "c"], "y": ["a", "b"]}, "y", "No column is left"),
        ({"x": [str(i) for i in range(60)], "y": [f"k{i}" for i in range(60)]}, "y", "60 classes"),
        ({"x": [], "y": []}, None, "no rows"),
    ],
)
def test_what_cannot_be_learned_is_a_sentence(columns, target, words):
    with pytest.raises(ValueError, match=words):
        prepare(table(columns, header=1, delimiter=","), target)


def test_words_cannot_be_regressed():
    with pytest.raises(ValueError, match="a regression is not possible"):
        prepare(table({"x": ["1", "2"] * 5, "y": ["a", "b"] * 5}), "y", task="regression")


def test_the_same_seed_gives_the_same_data_and_another_one_other_parts():
    one, same, other = (to_dataset(table(people(), ";"), config=Config(seed=s)) for s in (1, 1, 2))
    np.testing.assert_array_equal(one.train, same.train)
    assert not np.array_equal(one.train, other.train)


def test_a_prepared_table_is_learned_with_the_suggested_settings():
    made = prepare(table(people(400), ";"))
    run = Run(Config(**suggested_settings(made.dataset)), made.dataset)
    run.advance(60)
    assert run.losses[run.best]["validation_metric"] > 0.9
