"""What cells mean: numbers, times, codes, units, spellings, by what most rows of a column say."""

import numpy as np
import pandas as pd
import pytest

from engine.evaluation.prediction import blank_note
from engine.problems.registry import load
from engine.search.tasks import split_fold
from engine.tables.columns.cell import Reading, is_missing, mark_of, name_in, one_number, seconds_in
from engine.tables.columns.cell_types import read_values
from engine.tables.columns.column_profile import Column, column_of, profile
from engine.tables.columns.doubts import doubts
from engine.tables.columns.missing_codes import suspected_codes
from engine.tables.columns.table_dataset import prepare
from engine.tables.columns.values import values_of
from engine.tables.reading.header import header_has
from engine.tables.reading.reader import above_note, blank_lines, read_table
from engine.tables.reading.rows import wrong_dialect_message
from engine.training.config import Config
from engine.training.run import Run, satisfied


def table(*columns, mark=";", **told):
    """A table of columns that are called a, b, c, ...; the last one is y."""
    names = [*"abcdefg"[: len(columns) - 1], "y"]
    rows = [names, *map(list, zip(*columns, strict=True))]
    text = "".join(mark.join(row) + "\n" for row in rows)
    return read_table(text.encode(), delimiter=mark, **told)


def first(cells, *others, **told):
    """The first column of a table with these cells, and numbers 0.5, 1.5, ... as the last one."""
    return profile(beside(cells, *others, **told))[0]


def beside(cells, *others, **told):
    """The table with these cells in the first column."""
    return table(cells, *others, [f"{i % 7}" for i in range(len(cells))], **told)


def read(column: Column, *cells):
    """What single cells are in a column that is read so."""
    return read_values(pd.Index(cells, dtype=object), column.reading).tolist()


# kind_6: clocks, parts of a second, durations


@pytest.mark.parametrize(
    ("cells", "hours"),
    [
        (["05/14/21 12:04:32 AM", "05/15/21 01:04:32 PM"], [4 / 60 + 32 / 3600, 13.075556]),
        (["14.05.2021 12:04:32 am", "24.05.2021 01:04:32 pm"], [4 / 60 + 32 / 3600, 13.075556]),
        (["2021-05-14 12:04:32.5", "2021-05-15 13:04:32.25"], [12.075694, 13.075625]),
        (["14-May-2021, 09:30", "15-May-2021, 21:45"], [9.5, 21.75]),
        (["05/14/2021 9:30PM", "05/24/2021 9:45AM"], [21.5, 9.75]),
    ],
    ids=lambda one: f"kind_6 {one[0]}",
)
def test_a_date_with_any_clock_is_a_date(cells, hours):
    column = first(cells * 10)
    assert column.kind == "date"
    np.testing.assert_allclose([24 * (day % 1) for day in read(column, *cells)], hours, rtol=1e-5)


@pytest.mark.parametrize(
    ("cells", "kind", "numbers"),
    [
        (["12:04:32 AM", "1:04:32 PM"], "time", [4 / 60 + 32 / 3600, 13.0755556]),
        (["12:04:32.5 am", "01:04:32.25 pm"], "time", [0.07569444, 13.07562500]),
        (["09:30", "23:15"], "time", [9.5, 23.25]),
        (["00:05:31.6", "01:00:00.2"], "duration", [331.6, 3600.2]),
        (["36:15:00", "125:00:30"], "duration", [130_500, 450_030]),
        (["05:31.6", "61:02.1"], "duration", [331.6, 3662.1]),
        (["59:31", "1:02:03"], "duration", [3571, 3723]),
        (["0 days 00:05:31", "2 days 03:00:00"], "duration", [331, 183_600]),
        (["1h 30m", "45m 10s"], "duration", [5400, 2710]),
        (["PT5M31S", "PT1H"], "duration", [331, 3600]),
    ],
    ids=lambda one: f"kind_6 {one[0]}" if isinstance(one, list) else "",
)
def test_times_of_the_day_and_durations_are_told_apart(cells, kind, numbers):
    column = first(cells * 10)
    assert column.kind == kind
    np.testing.assert_allclose(read(column, *cells), numbers, rtol=1e-6)


@pytest.mark.parametrize("form", ["{}:{}", "{}:0{}"])
def test_a_year_and_its_quarter_are_no_duration_kind_6(form):
    cells = [form.format(1950 + i // 4, 1 + i % 4) for i in range(60)]
    assert first(cells).kind != "duration"


def test_a_duration_in_two_parts_is_asked_about_kind_6():
    cells = [f"{20 + i}:{i:02d}" for i in range(30)]
    column = first(cells)
    assert (column.kind, read(column, "25:30")) == ("duration", [1530])
    found = doubts(beside(cells), column)[0]
    again = column_of(beside(cells), "a", overrides=found.change)
    assert read(again, "25:30") == [91_800]
    assert doubts(beside(cells), again)[0].change == {"format": "m:s"}


# kind_7: decimal commas with exponents, and what stands between thousands


@pytest.mark.parametrize(
    ("cells", "numbers"),
    [
        (["1,0000E-01", "2,5000E+02"], [0.1, 250]),
        (["1,5e3", "-2,25e-2"], [1500, -0.0225]),
        (["1 100,5", "20 000,25"], [1100.5, 20_000.25]),
        (["1\u00a0100,5", "-1\u00a0000\u00a0000,5"], [1100.5, -1_000_000.5]),
        (["1\u202f100,5", "7,5"], [1100.5, 7.5]),
        (["1\u2009100,5", "7,5"], [1100.5, 7.5]),
        (["1'100.5", "7.5"], [1100.5, 7.5]),
        (["1’100.5", "7.5"], [1100.5, 7.5]),
        (["1 100,500", "2 200,750"], [1100.5, 2200.75]),
        (["1.100,5", "7,5"], [1100.5, 7.5]),
        (["12,34,567.5", "1,00,000.5"], [1_234_567.5, 100_000.5]),
    ],
    ids=lambda one: f"kind_7 {one[0]!a}",
)
def test_numbers_are_read_with_the_marks_of_their_column(cells, numbers):
    column = first(cells * 10)
    assert (column.kind, column.reading.other) == ("number", "")
    np.testing.assert_allclose(read(column, *cells), numbers, rtol=1e-12)


# kind_8: magnitude letters


@pytest.mark.parametrize(
    ("cells", "numbers", "unit"),
    [
        (["42.2K", "1.3M"], [42_200, 1_300_000], ""),
        (["42.2k", "950"], [42_200, 950], ""),
        (["$1.3M", "$2.5B"], [1.3e6, 2.5e9], "$"),
        (["1,5 Mio. €", "2,5 Mrd. €"], [1.5e6, 2.5e9], "€"),
        (["1.5 million", "0.5 billion"], [1.5e6, 5e8], ""),
        (["-1.5bn", "3mn"], [-1.5e9, 3e6], ""),
    ],
    ids=lambda one: f"kind_8 {one[0]}" if isinstance(one, list) else "",
)
def test_letters_for_thousands_and_millions_are_powers(cells, numbers, unit):
    column = first((cells[:1] * 2 + cells[1:]) * 10)
    assert (column.kind, column.reading.unit, column.reading.scaled) == ("number", unit, True)
    np.testing.assert_allclose(read(column, *cells), numbers, rtol=1e-12)
    assert "thousands" in column.note


@pytest.mark.parametrize("unit", ["K", "m", "kg", "T", "°C", "m/s"])
def test_a_unit_is_no_power_kind_8(unit):
    column = first([f"{270 + i} {unit}" for i in range(20)])
    assert (column.reading.unit, column.reading.scaled) == (unit, False)
    assert read(column, f"273 {unit}") == [273]


# kind_9: what spreadsheets write for an error


@pytest.mark.parametrize(
    "cell",
    [
        "#N/A",
        "#DIV/0!",
        "#REF!",
        "#WERT!",
        "#NAME?",
        "#NUM!",
        "#NULL!",
        "#BEZUG!",
        "#NV",
        "#ZAHL!",
        "#VALEUR!",
        "#NOM?",
        "#¿NOMBRE?",
        "#¡VALOR!",
        "#N/D",
        "#SPILL!",
        "#####",
        "Err:502",
    ],
)
def test_an_error_of_a_spreadsheet_is_a_missing_cell_kind_9(cell):
    assert is_missing(cell)
    column = first(["2.5", cell, "3", "4"] * 5)
    assert (column.kind, column.missing, column.unread) == ("number", 5, 0)


def test_errors_in_the_first_row_are_no_names_kind_9():
    text = "a,b,y\n#N/A,#DIV/0!,0\n" + "".join(f"{i},0.{i},{i % 2}\n" for i in range(20))
    found = read_table(text.encode())
    assert list(found.frame.columns) == ["a", "b", "y"]
    assert [column.missing for column in profile(found)] == [1, 1, 0]


@pytest.mark.parametrize("cell", ["#1", "#blue", "A#N/A", "error", "#"])
def test_other_marks_are_no_errors_kind_9(cell):
    assert not is_missing(cell)


# kind_11: codes for missing cells


@pytest.mark.parametrize(
    ("numbers", "codes"),
    [
        ([20 + i % 9 for i in range(60)] + [-9999], [-9999]),
        ([20.5 + i % 9 for i in range(60)] + [-999] * 3 + [-9999], [-9999, -999]),
        ([i % 28 for i in range(60)] + [999] * 50, [999]),
        ([0.5 + i % 9 for i in range(60)] + [-200] * 9, [-200]),
        ([647 + 20 * (i % 70) for i in range(140)] + [-200] * 9, [-200]),
        ([1 + i % 5 for i in range(60)] + [99] * 4 + [98] * 3, [98, 99]),
        ([20.5 + i % 9 for i in range(60)] + [99.9] * 2 + [999.9], [99.9, 999.9]),
        ([i % 30 for i in range(60)] + [-1] * 6, [-1]),
        ([0.25 * (i % 30) for i in range(60)] + [9.96921e36], [9.96921e36]),
        ([i % 30 for i in range(60)] + [-32768.0], [-32768]),
        ([i % 100 for i in range(300)], []),
        ([i % 5000 for i in range(0, 30000, 7)] + [999], []),
        ([i % 30 for i in range(60)] + [777], []),
        ([(i - 30) * 50 for i in range(60)] + [-999], []),
        ([i % 3 - 1 for i in range(60)], []),
        ([1.5 * i % 40 for i in range(60)] + [1000.0], []),
        ([10 * i for i in range(60)] + [-200, -150], []),
    ],
    ids=lambda one: f"kind_11 {one[-1:]}",
)
def test_numbers_that_look_like_codes_and_lie_far_outside_are_suspected(numbers, codes):
    values, counts = np.unique(np.array(numbers, dtype=float), return_counts=True)
    assert list(suspected_codes(values, counts)) == codes


def test_a_suspected_code_is_noted_and_one_click_takes_it_as_missing_kind_11():
    cells = [f"{20 + i % 9},{i % 10}" for i in range(60)] + ["-9999,0", "-9999", "999,9"]
    own = beside(cells)
    before = prepare(own, "y")
    assert any(
        "-9999,0 occurs" in note and "may stand for a missing" in note
        for note in before.dataset.notes
    )
    found = doubts(own, before.columns[0])[0]
    assert found.button == "Treat -9999 and 999.9 as missing"
    after = prepare(own, "y", readings={"a": found.change})
    column = after.columns[0]
    assert (column.missing, column.suspected_codes, column.labels) == (3, (), ("20", "28.8"))
    fields = after.preparation.fields[0]
    assert fields.low >= 20
    assert fields.high < 30
    assert np.isfinite(after.dataset.inputs).all()
    assert after.dataset.inputs[0].min() >= 20
    back = next(one for one in doubts(own, column) if "999.9" in one.button)
    assert back.change == {"codes": [-9999.0]}


def test_another_table_has_the_same_codes_kind_11():
    own = beside([f"{20 + i % 9}" for i in range(60)] + ["-999"])
    made = prepare(own, "y", readings={"a": {"codes": [-999]}})
    X, notes = made.preparation.apply(pd.DataFrame({"a": ["-999", "-999.0", "21", ""]}))
    fill = made.preparation.fields[0].fill
    assert X[0].tolist() == [fill, fill, 21, fill]
    assert notes == []


# kind_12 and kind_28: spellings


@pytest.mark.parametrize(
    ("cells", "names", "numeric"),
    [
        (["1", "1.0", "2", "4-6"], ["1", "2", "4-6"], False),
        (["1.50", "1.5", "low"], ["1.50", "low"], False),
        (["3", "3.0", "3.00", "4"], ["3", "4"], True),
        (["yes", "Yes", "no", "NO"], ["no", "yes"], True),
        (["Male", "male", "female"], ["Male", "female"], False),
        ([" blue", "blue ", "Blue", "red"], ["blue", "red"], False),
        (["New York", "new  york", "Rome"], ["New York", "Rome"], False),
        (["café", "cafe\u0301", "bar"], ["bar", "café"], False),
        (["1", "01", "2", "02"], ["1", "2"], False),
        (["001", "01", "1", "11"], ["001", "01", "1", "11"], False),
        (["AA", "Aa", "aa"], ["AA", "Aa", "aa"], False),
        (["01", "02", "10"], ["01", "02", "10"], False),
    ],
    ids=lambda one: f"kind_28 {one[:2]!a}" if isinstance(one, list) else "",
)
def test_classes_that_differ_in_spelling_only_are_one(cells, names, numeric):
    labels = (cells[:1] * 2 + cells) * 12
    own = table([f"{i % 13}.5" for i in range(len(labels))], labels)
    made = prepare(own, "y", task="classification")
    assert sorted(made.dataset.classes) == sorted(names)
    assert made.dataset.n == len(labels)
    assert (made.preparation.reading.kind != "text") == numeric
    merged = len(names) < len({cell.strip() for cell in cells})
    said = any("read as one category" in note for note in made.dataset.notes)
    assert said == (merged and made.preparation.reading.kind != "number")
    truth = made.preparation.truth(own.frame)
    np.testing.assert_array_equal(truth, made.dataset.targets)


def test_spellings_are_kept_apart_by_one_click_kind_28():
    cells = ["Yes", "yes", "no", "perhaps"] * 10
    own = table([f"{i % 13}.5" for i in range(40)], cells)
    column = profile(own)[1]
    found = doubts(own, column)[0]
    assert found.change == {"exact": True}
    made = prepare(own, "y", readings={"y": found.change})
    assert made.dataset.classes == ("Yes", "no", "perhaps", "yes")
    assert doubts(own, made.columns[1])[0].change == {"exact": False}


def test_a_second_table_may_spell_its_categories_otherwise_kind_28():
    own = beside(["Bonn", "Ulm", "Köln"] * 20)
    made = prepare(own, "y")
    X, notes = made.preparation.apply(pd.DataFrame({"a": ["BONN", " ulm", "Rom"]}))
    names = made.preparation.input_names
    assert X[names.index("a = Bonn"), 0] == X[names.index("a = Ulm"), 1] == 1
    assert notes == ["'a': 'Rom' is new."]


@pytest.mark.parametrize(
    ("cells", "classes", "gone"),
    [
        (["none", "mild", "severe"] * 20, ("mild", "none", "severe"), 0),
        (["NA", "EU", "AS", "AF"] * 15, ("AF", "AS", "EU", "NA"), 0),
        (["null", "one"] * 30, ("null", "one"), 0),
        (["yes", "no"] * 30 + ["NA"] * 4, ("no", "yes"), 4),
        (["yes", "no", "none", ""] * 15, ("no", "none", "yes"), 15),
        (["a", "b", ""] * 20 + ["none"] * 2, ("a", "b"), 22),
    ],
    ids=lambda one: f"kind_28 {one[:3]!a}" if isinstance(one, list) else "",
)
def test_a_class_may_be_called_none(cells, classes, gone):
    own = table([f"{i % 13}.5" for i in range(len(cells))], cells)
    made = prepare(own, "y", task="classification")
    assert made.dataset.classes == classes
    assert made.dataset.n == len(cells) - gone
    words = any("not a missing cell" in note for note in made.dataset.notes)
    assert words == bool({"none", "NA", "null"} & {*classes})


def test_a_word_that_is_missing_in_a_column_of_numbers_is_missing_everywhere_kind_28():
    numbers = [f"{i}.5" if i % 9 else "NA" for i in range(60)]
    own = table(numbers, ["NA", "EU", "AS"] * 20)
    made = prepare(own, "y")
    assert made.dataset.classes == ("AS", "EU")
    found = next(one for one in doubts(own, made.columns[1], target=True) if "words" in one.change)
    assert found.button == "Make 'NA' a class"
    again = prepare(own, "y", readings={"y": found.change})
    assert again.dataset.classes == ("AS", "EU", "NA")
    assert again.dataset.n == 60
    undo = next(one for one in doubts(own, again.columns[1], target=True) if "words" in one.change)
    assert undo.change == {"words": []}


# kind_24: a mark that may be the decimal one or stand between thousands


@pytest.mark.parametrize(
    ("cells", "decimal", "ends"),
    [
        ([f"{1 + i % 7},{137 * i % 1000:03d}" for i in range(28)], ",", ("1", "7.822")),
        (["1.000" if i % 2 else f"{880 + i}" for i in range(28)], ",", ("880", "1\u202f000")),
        (
            [f"{1 + i % 7}.{137 * i % 1000:03d}" for i in range(28)],
            ",",
            ("1\u202f000", "7\u202f822"),
        ),
        (["2,500" if i % 2 else f"{i * 20}" for i in range(28)], ".", ("0", "2\u202f500")),
    ],
    ids=lambda one: f"kind_24 {one[1]}" if isinstance(one, list) else "",
)
def test_an_ambiguous_mark_is_said_and_one_click_changes_it(cells, decimal, ends):
    own = beside(cells)
    made = prepare(own, "y")
    column = made.columns[0]
    assert (column.reading.decimal, column.labels) == (decimal, ends)
    assert column.reading.other == {".": ",", ",": "."}[decimal]
    assert any("the decimal mark is a guess" in note for note in made.dataset.notes)
    found = doubts(own, column)[0]
    assert f"from {ends[0]} to {ends[1]}" in found.words
    again = prepare(own, "y", readings={"a": found.change})
    assert again.columns[0].reading.decimal == column.reading.other
    ratio = np.median(again.dataset.inputs[0]) / np.median(made.dataset.inputs[0])
    assert max(ratio, 1 / ratio) > 1.1
    assert doubts(own, again.columns[0])[0].change == {"decimal": decimal}
    assert again.preparation.fields[0].reading.decimal == column.reading.other


@pytest.mark.parametrize(
    ("cells", "others", "decimal"),
    [
        (["1,000", "7,822"] * 9, [f"{i},5" for i in range(18)], ","),
        (["1,000", "7,822"] * 9, [f"{i}.5" for i in range(18)], "."),
        (["1,000", "7,822,100"] * 9, None, "."),
        (["0,125", "7,822"] * 9, None, ","),
        (["1.000", "12.5"] * 9, None, "."),
        (["1 000,125", "7,822"] * 9, None, ","),
    ],
    ids=lambda one: f"kind_24 {one[:2]}" if isinstance(one, list) else "",
)
def test_a_mark_that_the_table_settles_is_not_asked_about(cells, others, decimal):
    columns = [cells] if others is None else [cells, others]
    own = beside(*columns)
    column = profile(own)[0]
    assert (column.reading.decimal, column.reading.other) == (decimal, "")
    assert doubts(own, column) == []


def test_a_point_between_commas_is_a_decimal_one_unless_the_column_says_otherwise_kind_24():
    points = [f"{20 + i % 7}.{137 * i % 1000:03d}" for i in range(28)]
    column = first(points, mark=",")
    assert (column.reading.decimal, column.reading.other) == (".", "")
    column = first(["1.000" if i % 2 else f"{880 + i}" for i in range(28)], mark=",")
    assert (column.reading.decimal, column.reading.other) == (",", ".")


def test_infinity_is_a_number_that_cannot_be_used_kind_26():
    column = first([f"{300 + i}" for i in range(20)] + ["Inf"] * 30)
    assert (column.kind, column.unread) == ("number", 30)


def test_a_mark_that_a_person_told_of_the_whole_table_is_sure_kind_24():
    column = first([f"{1 + i % 7},{137 * i % 1000:03d}" for i in range(28)], decimal=".")
    assert (column.reading.decimal, column.reading.other) == (".", "")


def test_a_day_that_may_be_a_month_is_asked_about_kind_24():
    cells = [f"{1 + i % 12:02d}/{1 + i % 9:02d}/2020" for i in range(36)]
    own = beside(cells)
    column = profile(own)[0]
    assert column.labels == ("2020-01-01", "2020-09-12")
    found = doubts(own, column)[0]
    again = prepare(own, "y", readings={"a": found.change}).columns[0]
    assert again.labels == ("2020-01-01", "2020-12-09")
    assert doubts(beside([*cells, "13/01/2020"]), first([*cells, "13/01/2020"])) == []


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ({"mark": ","}, "no 'mark'"),
        ({"format": "%H"}, "cannot be read as"),
        ({"decimal": ","}, "cannot be read with a decimal"),
    ],
)
def test_what_cannot_be_told_of_a_reading_is_a_sentence(told, words):
    cells = [f"{1 + i:02d}/{1 + i:02d}/2020" for i in range(9)]
    own = table(cells, ["1.5", "2.5", "3.5"] * 3)
    with pytest.raises(ValueError, match=words):
        prepare(own, "y", readings={"y" if "decimal" in told else "a": told})


# kind_25: units


@pytest.mark.parametrize("bad", ["12,5O", "12k", "2.5M", "2h", "€12", "5%", "1.5 kg", "$3"])
def test_a_unit_of_one_cell_makes_the_cell_unreadable_kind_25(bad):
    cells = [f"{i % 9}.5" for i in range(20)]
    made = prepare(beside([*cells, bad, "4.5"]), "y")
    column = made.columns[0]
    assert (column.kind, column.reading.unit, column.unread) == ("number", "", 1)
    assert f"'{bad}' in line 22" in column.note
    assert any(f"'{bad}' in line 22" in note for note in made.dataset.notes)
    assert made.dataset.inputs[0].max() == 8.5


def test_a_unit_of_most_cells_is_the_column_s_kind_25():
    column = first(["12 kg", "13.5kg", "14 kg", "15"] * 10 + ["5 g"])
    assert (column.reading.unit, column.unread) == ("kg", 1)
    assert read(column, "12 kg", "15", "5 g")[:2] == [12, 15]
    assert np.isnan(read(column, "5 g")[0])


def test_the_first_unreadable_cells_are_named_and_the_others_counted_kind_25():
    cells = [f"{i % 9}.5" for i in range(200)]
    for place in (3, 50, 60, 70, 80):
        cells[place] = f"x{place}"
    note = first(cells).note
    assert note.startswith("5 cells cannot be read and count as missing: 'x3' in line 5, 'x50' in ")
    assert note.endswith("'x60' in line 62, …")


# kind_26: stray words


@pytest.mark.parametrize("stray", ["?5", "n.a.", "five", "3-4"])
def test_one_stray_word_leaves_a_column_of_numbers_kind_26(stray):
    cells = [f"{i % 5 + 1}" for i in range(300)]
    cells[7] = stray
    column = first(cells)
    assert (column.kind, column.unread, column.whole) == ("number", 1, True)
    assert f"'{stray}' in line 9" in column.note


def test_the_share_of_stray_cells_counts_rows_kind_26():
    few = [f"{i % 5 + 1}" for i in range(300)] + ["x", "y", "z"]  # 3 of 8 different values
    assert first(few).kind == "number"
    many = [f"{i}" for i in range(300)] + ["x"] * 40  # 1 of 301 different values
    assert first(many).kind != "number"


def test_number_can_be_chosen_where_most_cells_are_numbers_kind_26():
    cells = ["1", "2", "3", "4-6"] * 20
    own = beside(cells)
    assert profile(own)[0].kind == "category"
    column = prepare(own, "y", kinds={"a": "number"}).columns[0]
    assert (column.kind, column.unread) == ("number", 20)
    with pytest.raises(ValueError, match="cannot be read as a number"):
        prepare(beside(["1", "x", "y", "z"] * 20), "y", kinds={"a": "number"})


def test_one_padded_number_makes_no_codes_kind_26():
    assert first([f"{i % 90 + 10}" for i in range(300)] + ["7", "07"]).kind == "number"
    assert first([f"{10000 + i}" for i in range(300)] + ["01234"] * 3).kind != "number"


# kind_27 and kind_16: what numbers the rows, and when nothing is left


def named(**columns):
    """A table with these columns."""
    rows = [list(columns), *map(list, zip(*columns.values(), strict=True))]
    return read_table("".join(",".join(map(str, row)) + "\n" for row in rows).encode())


def test_a_column_that_counts_is_kept_when_nothing_else_is_left_kind_27():
    made = prepare(named(x=range(51), y=[i * i % 17 for i in range(51)]), "y")
    assert made.preparation.input_names == ("x",)
    assert any("'x': it may number the rows" in note for note in made.dataset.notes)


@pytest.mark.parametrize("name", ["time", "day", "Year", "t", "Zeit", "hour_of_run", "Jahr"])
def test_what_is_called_a_time_is_no_id_kind_27(name):
    n = 60
    own = named(**{name: range(n), "b": [i % 4 for i in range(n)], "y": [i % 7 for i in range(n)]})
    assert profile(own)[0].kind == "number"


@pytest.mark.parametrize(
    ("name", "values", "kind"),
    [
        ("consumer_price_index", range(100, 160), "number"),
        ("region_code", range(10, 610, 10), "number"),
        ("room_number", range(101, 161), "number"),
        ("x", range(0, 120, 2), "number"),
        ("id", range(60), "id"),
        ("PassengerId", range(1, 61), "id"),
        ("customer_id", [7919 * i % 100003 for i in range(60)], "id"),
        ("", range(60), "id"),
        ("sample", range(1, 61), "id"),
    ],
)
def test_an_id_needs_more_than_a_name_kind_27(name, values, kind):
    own = named(**{name: values, "b": [i % 4 for i in range(60)], "y": [i % 7 for i in range(60)]})
    assert profile(own)[0].kind == kind


def test_a_column_that_counts_in_another_place_is_kept_kind_27():
    own = named(b=[i % 4 for i in range(60)], x=range(60), y=[i % 7 for i in range(60)])
    assert profile(own)[1].kind == "number"


def test_each_column_that_went_is_named_with_its_reason_kind_16():
    own = named(
        code=[f"k{7 * i}" for i in range(30)],
        same=["x"] * 30,
        gap=[""] * 30,
        w=[i % 5 for i in range(30)],
        y=["a", "b"] * 15,
    )
    with pytest.raises(ValueError, match="No column is left to predict 'y' from") as found:
        prepare(own, "y", leave_out=["w"])
    words = str(found.value)
    assert "'code' (each row has a different value)" in words
    assert "'same' (its only value is 'x')" in words
    assert "'gap' (it is empty)" in words
    assert "'w' (you chose to leave it out)" in words
    assert words.endswith("Keep one of them, or predict another column.")
    assert prepare(own, "y", leave_out=["w"], keep=["code"]).dataset.d > 1


def test_a_table_of_the_target_alone_says_so_kind_16():
    own = read_table(b"y\n" + b"1\n2\n" * 20, delimiter=",")
    with pytest.raises(ValueError, match="no other column to predict 'y' from"):
        prepare(own, "y")


# kind_17: number agreement


@pytest.mark.parametrize(
    ("gone", "words"),
    [(1, "1 row has no target and is not used."), (2, "2 rows have no target and are not used.")],
)
def test_a_sentence_agrees_with_its_count_kind_17(gone, words):
    cells = ["a", "b"] * 20 + [""] * gone
    made = prepare(table([f"{i}.5" for i in range(len(cells))], cells), "y")
    assert words in made.dataset.notes


# One cell


@pytest.mark.parametrize(
    ("text", "mark"),
    [
        ("1,5", ","),
        ("1.5", "."),
        ("1,234", "?"),
        ("1.234,5", ","),
        ("1,234,567", "."),
        ("0,123", ","),
        ("1,234E2", ","),
        ("12 kg", ""),
        ("1 234,567", ","),
        ("1.2.3", ""),
        ("x1,5", ""),
        (",5", ","),
    ],
)
def test_the_mark_that_a_number_can_have_is_known(text, mark):
    assert mark_of(text) == mark


def test_a_cell_is_read_as_its_column():
    assert one_number("$1.3M", ".") == (1.3, "$M")
    assert one_number("$1.3M", ".", "$", scaled=True) == (1_300_000, "$")
    assert np.isnan(one_number("12k", ".", "")[0])
    assert np.isnan(seconds_in("12"))
    assert name_in("3,0", Reading(decimal=",")) == name_in("3", Reading(decimal=",")) == "3"
    assert name_in("1.000", Reading(decimal=",")) == "1.000"
    assert is_missing("-999.0", Reading("number", codes=(-999.0,)))
    assert not is_missing("NA", Reading(words=("na",)))


def test_spellings_of_a_category_are_one_value():
    own = values_of(pd.Series(["Yes", "yes", " YES", "no", "yes", ""]), Reading())
    assert own.values.tolist() == ["yes", "no"]
    assert own.counts.tolist() == [4, 1]
    assert own.codes.tolist() == [0, 0, 0, 1, 0, -1]


def test_a_choice_of_readings_survives_a_seed_kind_24():
    own = beside([f"{1 + i % 7},{137 * i % 1000:03d}" for i in range(28)])
    told = {"a": {"decimal": "."}}
    one, two = (prepare(own, "y", readings=told, config=Config(seed=s)) for s in (1, 2))
    assert one.columns == two.columns


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (wrong_dialect_message(1, 40, 1), "Of the first 40 lines 1 does not have the 1 column of"),
        (wrong_dialect_message(3, 40, 9), "Of the first 40 lines 9 do not have the 3 columns of"),
        (blank_lines(1), "1 line was"),
        (above_note(3), "3 lines are"),
        (header_has(1, 2), "The header has 1 name for 2 columns"),
        (header_has(3, 1), "The header has 3 names for 1 column"),
        (blank_note(np.array([False, True]), [2, 7]), "1 row (line 7) is"),
        (blank_note(np.array([True, True]), [2, 7]), "2 rows (lines 2, 7) are"),
    ],
)
def test_sentences_of_the_reader_agree_with_their_counts_kind_17(said, words):
    assert said.startswith(words)


@pytest.mark.parametrize(("count", "words"), [(1, "for 1 epoch."), (3, "for 3 epochs.")])
def test_the_sentence_on_early_stopping_agrees_kind_17(count, words):
    config = Config(patience=count)
    assert words in satisfied(Run(config, load(config)))


def test_one_example_is_one_kind_17():
    own = table([f"{i % 13}.5" for i in range(30)], ["a", "b"] * 15)
    data = prepare(own, "y").dataset
    alone = data.split(data.train[:1], data.train[:0], data.test)
    with pytest.raises(ValueError, match="1 example cannot be split into 3 folds"):
        split_fold(alone, Config(folds=3))
