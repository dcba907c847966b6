"""The suggested target: which column, how sure that is, and three candidates with their reasons."""

import calendar
import sys
from time import process_time

import numpy as np
import pytest

from engine.tables.columns.column_profile import profile
from engine.tables.columns.dependence import MOST_COLUMNS, explained_variance
from engine.tables.columns.table_dataset import prepare
from engine.tables.columns.target_suggestion import MOST_CANDIDATES, POINTS, suggest
from engine.tables.columns.target_traits import (
    Traits,
    coordinate_names,
    grouped_names,
    is_part,
    split_name,
)
from engine.tables.reading.reader import read_table

RNG = np.random.default_rng(7)
N = 90


@pytest.fixture(autouse=True)
def same_draws(monkeypatch):
    """Let each test draw the same whatever ran before it."""
    monkeypatch.setattr(sys.modules[__name__], "RNG", np.random.default_rng(7))


def table(columns, mark=",", comma=False):
    """Return a table of columns; with decimal commas where they are asked for."""
    cells = [[str(cell) for cell in column] for column in columns.values()]
    if comma:
        cells = [[cell.replace(".", ",") for cell in column] for column in cells]
    lines = [mark.join(columns), *(mark.join(row) for row in zip(*cells, strict=True))]
    return read_table("\n".join(lines).encode(), "mine.csv")


def drawn(low=0.0, high=1.0, decimals=2):
    return RNG.uniform(low, high, N).round(decimals)


def words(*names):
    return RNG.choice(names, N)


def names_of(found):
    return [one.target for one in found.candidates]


# 18: the last usable column


def weather(end):
    rain = RNG.integers(0, 9, N)
    hours = np.arange(N) % 24
    own = {"hour": hours, "rain": rain, "temp": (20.5 - rain + RNG.normal(0, 1, N)).round(1)}
    return own | end


@pytest.mark.parametrize(
    ("end", "mark", "comma"),
    [
        ({"": [""] * N}, ";", True),
        ({"spare": [""] * N}, ",", False),
        ({"unit": ["C"] * N}, ",", False),
        ({"remark": [f"reading {i} of the old station" for i in range(N)]}, ",", False),
        ({"a": [""] * N, "b": ["x"] * N}, ",", False),
        ({"day": [f"2024-03-{1 + i % 28:02d}" for i in range(N)]}, ",", False),
    ],
    ids=["kind_18", "named and empty", "constant", "remarks", "two useless", "a date"],
)
def test_columns_of_no_use_at_the_end_do_not_shift_the_last_place(end, mark, comma):
    assert suggest(table(weather(end), mark, comma)).target == "temp"


def test_columns_of_no_use_at_the_start_do_not_shift_the_first_place_kind_18():
    own = {"": [""] * N, "id": [f"P{i:03d}" for i in range(N)], "made": ["here"] * N}
    kind = words("good", "bad")
    own |= {"state": kind, "a": drawn() + (kind == "good"), "b": drawn(), "c": drawn()}
    found = suggest(table(own))
    assert found.target == "state"
    assert "first usable" in found.reason


# 19: a word inside another name


@pytest.mark.parametrize(
    "name",
    ["note on converted PM", "remark on pm", "pm_flag_text", "how the pm was found"],
    ids=["kind_19", "remark", "joined", "sentence"],
)
def test_a_column_about_another_one_is_not_what_is_predicted(name):
    kind = RNG.integers(0, 3, N)
    own = {"id": np.arange(N) + 1, name: np.array(["by hand", "by car", "by train"])[kind]}
    found = suggest(table(own | {"pm": (30 + 5 * kind + RNG.normal(0, 1, N)).round(1)}))
    assert found.target == "pm"


def test_a_word_of_evidence_within_a_name_counts_for_nothing_kind_19():
    own = {"station": words("a", "b", "c"), "strength of evidence": words("weak", "strong")}
    found = suggest(table(own | {"pm": drawn(5, 50, 1)}))
    assert found.target == "pm"
    assert (
        names_of(suggest(table({"a": drawn(), "price of oil": drawn(), "price": drawn()})))[0]
        == "price"
    )


@pytest.mark.parametrize(
    ("one", "other", "within"),
    [
        ("pm", "note on converted PM", True),
        ("sales price", "LastSalesPrice", True),
        ("pm", "rpm", False),
        ("pm", "PM", False),
        ("x", "x error", False),
        ("sales price", "price of sales", False),
    ],
)
def test_a_name_is_part_of_another_by_whole_words_in_a_row(one, other, within):
    assert is_part(one, other) is within


# 20: names in other languages


def test_an_age_in_another_language_is_no_fact_kind_20():
    own = {
        "leeftijd": RNG.integers(12, 16, N),
        "geslacht": words("m", "v"),
        "sport": words("voetbal", "hockey", "tennis"),
    }
    times = np.array([{"voetbal": 1, "hockey": 3, "tennis": 5}[name] for name in own["sport"]])
    own["keer per week"] = times + RNG.integers(0, 2, N)
    own["uren per week"] = times + RNG.integers(0, 6, N)
    found = suggest(table(own, ";"))
    assert not found.sure
    assert "sport" in names_of(found)


@pytest.mark.parametrize(
    ("inputs", "name", "answers"),
    [
        (("wiek", "dochód", "staż", "wydatki"), "rezygnacja", ("nie", "tak")),
        (("edad", "ingresos", "antigüedad", "deuda"), "abandono", ("no", "sí")),
        (("yaş", "gelir", "borç", "kıdem"), "temerrüt", ("hayır", "evet")),
        (("âge", "revenu", "dette", "durée"), "défaut", ("non", "oui")),
        (("Alter", "Einkommen", "Schulden", "Laufzeit"), "Ausfall", ("nein", "ja")),
    ],
    ids=["pl", "es", "tr", "fr", "de"],
)
def test_a_class_that_follows_from_the_others_is_sure_in_any_language_kind_20(
    inputs, name, answers
):
    own = {word: drawn(0, 100, 1) for word in inputs}
    score = own[inputs[0]] - own[inputs[2]] + RNG.normal(0, 10, N)
    found = suggest(table(own | {name: np.array(answers)[(score > 0).astype(int)]}, ";"))
    assert (found.target, found.task, found.sure) == (name, "classification", True)


def test_questions_of_a_survey_are_no_target_in_any_language_kind_20():
    own = {f"Frage {i}": RNG.integers(1, 6, N) for i in range(1, 9)}
    assert not suggest(table(own, ";")).sure


# 21: coordinates called x, y


def stones():
    carat = drawn(0.2, 3)
    size = 6.5 * np.cbrt(carat)
    return {
        "carat": carat,
        "cut": words("Ideal", "Good", "Fair"),
        "price": (4000 * carat**1.6 * RNG.uniform(0.8, 1.2, N)).astype(int),
        "x": size.round(2),
        "y": (size + RNG.normal(0, 0.02, N)).round(2),
        "z": (size * 0.6 + RNG.normal(0, 0.02, N)).round(2),
    }


def fires():
    own = {"X": RNG.integers(1, 10, N), "Y": RNG.integers(2, 10, N)}
    own |= {"month": words("mar", "aug", "sep"), "FFMC": drawn(80, 96, 1)}
    return own | {"temp": drawn(2, 33, 1), "area": drawn(0, 90)}


def houses():
    own = {"rooms": RNG.integers(1, 8, N), "size": drawn(30, 200, 0)}
    own |= {"value": (own["size"] * 3000 + RNG.normal(0, 9000, N)).round(0)}
    return own | {"latitude": drawn(47, 48, 4), "longitude": drawn(-123, -121, 4)}


@pytest.mark.parametrize(
    ("columns", "target"),
    [
        (stones(), "price"),
        (fires(), "area"),
        (houses(), "value"),
        ({"x": drawn(), "y": drawn(), "kind": words("a", "b", "c"), "n": drawn()}, "n"),
        ({"x": drawn(), "y": drawn()}, "y"),
        ({"x1": drawn(), "x2": drawn(), "y": drawn()}, "y"),
    ],
    ids=["kind_21 stones", "kind_21 fires", "latitude", "a point", "a curve", "inputs numbered"],
)
def test_coordinates_are_inputs_and_a_lone_y_is_a_target(columns, target):
    assert suggest(table(columns)).target == target


@pytest.mark.parametrize(
    ("names", "found"),
    [
        (["a", "x", "y", "z"], {"x", "y", "z"}),
        (["X", "Y", "area"], {"X", "Y"}),
        (["x", "y"], set()),
        (["x", "a", "y"], set()),
        (["lat", "lon", "a"], {"lat", "lon"}),
        (["start_lng", "start_lat", "end_lat", "end_lng"], None),
        (["late", "long"], set()),
        (["latitud", "longitud", "p"], {"latitud", "longitud"}),
    ],
)
def test_what_counts_as_coordinates_kind_21(names, found):
    assert coordinate_names(names) == (set(names) if found is None else found)


# 22: the target is the first column


def mushrooms(place):
    odor = RNG.integers(0, 4, N)
    own = {
        "cap": words("b", "c", "x"),
        "odor": np.array(list("alcy"))[odor],
        "habitat": words("g", "l", "m"),
    }
    edible = np.array(["e", "p"])[(odor > 1).astype(int)]
    return {"edible": edible, **own} if place == "first" else {**own, "edible": edible}


@pytest.mark.parametrize("place", ["first", "last"])
def test_letters_are_predicted_at_the_end_that_follows_from_the_others_kind_22(place):
    found = suggest(table(mushrooms(place)))
    assert found.target == "edible"
    assert found.task == "classification"


def test_the_first_column_of_letters_is_offered_where_nothing_decides_kind_22():
    own = {name: words("a", "b", "c") for name in ("party", "water", "budget", "crime")}
    found = suggest(table(own))
    assert not found.sure
    assert {"party", "crime"} <= set(names_of(found))


def test_a_class_before_numbers_that_it_follows_from_is_found_kind_22():
    kind = RNG.integers(0, 3, N)
    own = {"grain": np.array(["Kama", "Rosa", "Tall"])[kind]}
    for name, weight in {"a": 2, "b": 1, "c": 3, "d": 0}.items():
        own[name] = (kind * weight + RNG.normal(0, 1, N)).round(2)
    assert suggest(table(own)).target == "grain"


# How sure it is


def test_a_suggestion_holds_at_most_three_candidates_the_first_of_which_it_is():
    found = suggest(table({name: drawn() for name in "abcdef"}))
    assert len(found.candidates) == MOST_CANDIDATES == len(set(names_of(found)))
    assert found[:3] == found.candidates[0]
    assert all(one.reason for one in found.candidates)
    assert not found.sure
    assert len(suggest(table({"a": drawn(), "b": ["x"] * N})).candidates) == 1


@pytest.mark.parametrize("name", ["target", "label", "y", "outcome", "Klasse", "klasa"])
def test_a_standard_term_at_an_end_is_sure_and_in_the_middle_it_is_not(name):
    own = {"a": drawn(), "b": drawn(), "c": drawn(), name: words("p", "q")}
    assert suggest(table(own))[:4:3] == (name, True)
    middle = {"a": drawn(), name: drawn(), "c": drawn(), "price": drawn()}
    assert not suggest(table(middle)).sure


def test_a_column_that_the_file_flags_is_taken_without_a_question():
    rows = ["a\tb\tkind\tc", "c\tc\td\tc", "\t\tclass\t"]
    rows += [f"{i % 7}\t{i % 5}\t{'pq'[i % 2]}\t{i % 11}" for i in range(40)]
    found = suggest(read_table("\n".join(rows).encode(), "flags.tab"))
    assert (found.target, found.sure) == ("kind", True)
    assert found.reason == "the file marks it as the target"


def test_series_beside_a_date_are_a_question():
    own = {"time": [f"2024-03-{1 + i % 28:02d}" for i in range(N)]}
    own |= {f"sensor {i}": np.cumsum(RNG.normal(0, 1, N)).round(2) for i in range(1, 5)}
    assert not suggest(table(own)).sure


def test_a_doubtful_target_is_said_to_be_one():
    made = prepare(table({name: drawn() for name in "abcd"}))
    assert made.suggestion is not None
    assert not made.suggestion.sure
    assert made.dataset.notes[0].startswith("It is not certain which column to predict. ")
    assert prepare(table({name: drawn() for name in "abcd"}), "a").suggestion is None


# What it rests on


def test_the_dependence_is_that_of_least_squares():
    a, b = RNG.permutation(N), RNG.permutation(N)
    c = np.argsort(np.argsort(a + 0.5 * b + RNG.normal(0, 20, N)))
    own = table({"a": a, "b": b, "c": c, "d": words("p", "q")})
    found = explained_variance(own, profile(own))
    d = (own.frame["d"] == "p").to_numpy(float)
    X = np.column_stack([np.ones(N), a, b, d])
    left = c - X @ np.linalg.lstsq(X, c, rcond=None)[0]
    r2 = 1 - left @ left / ((c - c.mean()) @ (c - c.mean()))
    left_open = (1 - r2) * (N - 1) / (N - 4)
    assert found["c"] == pytest.approx(1 - left_open * (1 + np.sqrt(2 * 3) / N), abs=0.02)
    assert found["d"] < 0.1


def test_a_copy_is_determined_and_noise_is_not_explained():
    a = drawn(0, 1, 4)
    own = table({"a": a, "log": np.log(a + 1).round(6), "b": drawn(), "gap": [""] * 80 + [1] * 10})
    found = explained_variance(own, profile(own)[:3])
    assert found["a"] > 0.97
    assert found["b"] < 0.1
    few = table({"a": [1, 2, 3], "b": [2, 3, 1]})
    assert explained_variance(few, profile(few)) == {}


def test_a_wide_and_long_table_is_looked_at_in_bounded_time():
    rng = np.random.default_rng(0)
    rows = np.arange(99).astype(str)[rng.integers(0, 99, (997, 120))]
    names = [f"{chr(97 + i % 26)}{chr(97 + i // 26)}" for i in range(120)]
    lines = [",".join(names), *([",".join(row) for row in rows] * 21)[:20_000]]
    wide = read_table("\n".join(lines).encode(), "wide.csv")
    assert wide.frame.shape == (20_000, 120)
    columns = profile(wide)
    began = process_time()
    suggest(wide, columns)
    assert process_time() - began < 1.0
    assert len(explained_variance(wide, columns)) == MOST_COLUMNS


@pytest.mark.parametrize(
    ("names", "found"),
    [
        (["q1", "q2", "q3", "age"], {"q1", "q2", "q3"}),
        (["price.a", "price.b", "price.c", "choice"], {"price.a", "price.b", "price.c"}),
        (["keer per week", "uren per week", "sport"], {"keer per week", "uren per week"}),
        (["petal length", "petal width", "kind"], set()),
    ],
)
def test_columns_that_are_named_alike_are_a_group(names, found):
    assert grouped_names(names) == found


def test_names_fall_into_words():
    assert (
        split_name("Loan_Status")
        == split_name("LoanStatus")
        == split_name("Loan Status")
        == ("Loan", "Status")
    )
    assert split_name("(4046)") == ()


def test_names_of_months_are_a_calendar_not_the_first_input():
    own = {"month": RNG.choice(list(calendar.month_abbr)[1:], N), "a": drawn(), "b": drawn()}
    assert suggest(table(own | {"c": drawn()})).target != "month"


def test_every_trait_has_its_points_and_what_is_no_target_counts_against():
    assert set(POINTS._fields) == set(Traits._fields)
    assert all(POINTS)
    assert max(POINTS.given, POINTS.grouped, POINTS.coordinate, POINTS.about_other) < 0
