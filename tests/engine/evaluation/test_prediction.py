"""Another table for a network: read as the first one, or refused; what was filled in is marked."""

import numpy as np
import pandas as pd
import pytest

from engine.evaluation.prediction import BLANK, MARKS, Predicting, predictions, unused_names
from engine.export.csv_writing import Form, Writing, as_csv, escape_formula, form_of
from engine.tables.columns.preprocessor import FILLED, NEW, OUTSIDE
from engine.tables.columns.table_dataset import prepare
from engine.tables.reading.reader import read_table
from engine.training.config import Config
from engine.training.model import model_of
from engine.training.run import Run

WEIGHTS = [40.5, 55.25, 60.5, 72.5, 80.5, 95.25, 110.5, 119.5]
POINT = ("date;weight;sex;city;member;y\n") + "".join(
    f"{1 + i % 28:02d}.{1 + i % 12:02d}.2020;{WEIGHTS[i % 8]};{'fm'[i % 2]};"
    f"{('Bonn', 'Köln', 'Ulm')[i % 3]};{('no', 'yes')[i // 2 % 2]};{7 * i % 11 + i % 8}\n"
    for i in range(96)
)
COMMA = POINT.replace(".5", ",5").replace(".25", ",25")
ROW = {"date": "05.05.2020", "weight": "80.5", "sex": "m", "city": "Ulm", "member": "yes"}


class Learned:
    """A network of a table, and what it says to others."""

    def __init__(self, text=POINT):
        table = read_table(text.encode())
        config = Config(hidden=(3,), validation=0, test=0)
        made = prepare(table, "y", task="regression", config=config)
        run = Run(config, made.dataset)
        run.advance(3)
        self.model, self.preparation = model_of(run), made.preparation

    def says(self, *rows, lines=()):
        frame = pd.DataFrame([{**ROW, **row} for row in rows])
        return predictions(self.model, self.preparation, frame, lines)


POINTS, COMMAS = Learned(), Learned(COMMA)


def marks(found, mark):
    """The names of the columns that have a mark, row by row."""
    return found.added[MARKS[mark]].tolist()


def test_a_row_that_the_network_knows_has_no_mark_kind_34():
    found = POINTS.says({})
    assert found.notes == []
    assert not found.marked.any()
    assert [marks(found, mark) for mark in MARKS] == [[""], [""], [""]]


def test_each_row_says_what_was_filled_in_what_is_new_and_what_lies_outside_kind_34():
    found = POINTS.says(
        {},
        {"weight": "1e9", "city": "Rom"},
        {"weight": "", "sex": "?"},
        {"sex": "diverse", "city": "Rom"},
        {"date": "05.05.2031", "weight": "heavy"},
        {},
        {},
    )
    assert marks(found, FILLED) == ["", "", "weight, sex", "", "weight", "", ""]
    assert marks(found, NEW) == ["", "city", "", "sex, city", "", "", ""]
    assert marks(found, OUTSIDE) == ["", "weight", "", "", "date", "", ""]
    assert found.marked.tolist() == [False, True, True, True, True, False, False]
    words = " ".join(found.notes)
    assert "'weight': 2 cells are blank or unreadable ('heavy'); 76.5 was used." in words
    assert "'sex': 1 cell is blank; 'f' was used." in words
    assert "'sex': 'diverse' is a new category; 'f' was used." in words
    assert (
        "'weight': 1 cell is outside the range of the training part, 40.5 to 119.5 ('1e9')" in words
    )
    assert "'date': 1 cell is outside the range of the training part, 01.01.2020 to" in words


def test_all_new_categories_are_named_kind_34():
    found = POINTS.says({"city": "Rom"}, {"city": "Oslo"}, {"city": "Ulm"})
    assert (
        "'city': 'Rom', 'Oslo' are new categories; treated as an unknown category." in found.notes
    )


def test_a_category_that_was_rare_is_not_new_kind_34():
    kinds = ["often"] * 150 + ["usual"] * 150 + ["rare 1", "rare 2", "rare 3"]
    text = "kind,y\n" + "".join(f"{kind},{i % 7}.5\n" for i, kind in enumerate(kinds))
    learned = Learned(text)
    frame = pd.DataFrame({"kind": ["rare 2", "unheard of", "often"]})
    found = predictions(learned.model, learned.preparation, frame)
    assert marks(found, NEW) == ["", "kind", ""]
    assert "treated as one of the rare categories" in found.notes[0]


def test_a_blank_row_is_said_and_not_predicted_kind_34():
    nothing = dict.fromkeys(ROW, "")
    found = POINTS.says({}, nothing, {}, nothing, lines=[2, 3, 4, 5])
    assert np.isnan(found.answers).tolist() == [False, True, False, True]
    assert marks(found, FILLED) == ["", BLANK, "", BLANK]
    assert found.notes == ["2 rows (lines 3, 5) are blank and not predicted."]
    values = found.added.iloc[:, 0]
    assert as_csv(values.to_frame()).decode("utf-8-sig").split("\r\n")[2] == '""'


@pytest.mark.parametrize(
    ("learned", "column", "cells", "words"),
    [
        (
            POINTS,
            "weight",
            ["80,5", "70,5", "60,5"],
            "'80,5' in row 1 is not a number with a decimal",
        ),
        (
            POINTS,
            "weight",
            ["80", "70", "60,5"],
            "'60,5' in row 3 is not a number with a decimal p",
        ),
        (COMMAS, "weight", ["80.5", "70.5", "60.5"], "a decimal comma, such as 1,5 (3 of 3 cells)"),
        (
            COMMAS,
            "weight",
            ["80", "70", "60.25"],
            "'60.25' in row 3 is not a number with a decimal c",
        ),
        (
            COMMAS,
            "weight",
            ["80.500", "70.250", "61"],
            "'80.500' in row 1 would be 80 500, far outside",
        ),
        (POINTS, "weight", ["80,500", "70,250"], "'80,500' in row 1 would be 80 500, far outside"),
        (POINTS, "weight", ["2020-05-05"] * 2, "'2020-05-05' in row 1 is not a number"),
        (POINTS, "date", ["2020-05-05"] * 3, "is not a date such as 28.12.2020 (3 of 3 cells)"),
        (POINTS, "date", ["03.05.2020", "04.05.2020", "05/25/2020"], ""),
        (
            POINTS,
            "date",
            ["05/05/2020", "05/06/2020"],
            "'05/05/2020' in row 1 is not a date such as",
        ),
        (POINTS, "member", ["ja", "nein"], "'ja' in row 1 is not 'no' or 'yes' (2 of 2 cells)"),
        (POINTS, "weight", ["n.k.", "60.5", "70.5"], ""),
        (COMMAS, "weight", ["1.080,5", "60,5"], ""),
        (POINTS, "weight", ["1,080.5", "60.5"], ""),
    ],
)
def test_a_column_in_another_form_is_refused_kind_34_kind_24(learned, column, cells, words):
    usual = {"weight": "80,5"} if learned is COMMAS else {}
    rows = [{**usual, column: cell} for cell in cells]
    if not words:
        assert learned.says(*rows).marked.any()
        return
    with pytest.raises(
        ValueError, match=f"^'{column}' is not written as in the training table"
    ) as refused:
        learned.says(*rows)
    assert words in str(refused.value).replace("\u202f", " ")


def test_the_line_of_the_cell_is_named_where_it_is_known_kind_34():
    with pytest.raises(ValueError, match="'60,5' in line 9 is"):
        POINTS.says({}, {"weight": "60,5"}, {"weight": "70,5"}, lines=[7, 9, 10])


def test_what_is_predicted_in_pieces_is_the_same(monkeypatch):
    rows = [{"weight": str(40.5 + i), "city": "Rom" if i % 3 else "Ulm"} for i in range(50)]
    whole = POINTS.says(*rows)
    monkeypatch.setattr("engine.evaluation.prediction.PIECE_ROWS", 7)
    work = Predicting(POINTS.model, POINTS.preparation, pd.DataFrame([{**ROW, **r} for r in rows]))
    shares = [work.share]
    while not work.advance(0):
        shares.append(work.share)
    assert len(shares) > 8
    assert shares == sorted(shares)
    pd.testing.assert_frame_equal(work.result().added, whole.added)


@pytest.mark.parametrize(
    ("names", "taken", "found"),
    [
        (["predicted y"], ["y"], ["predicted y"]),
        (["predicted y"], ["predicted y"], ["predicted y (2)"]),
        (["predicted y"], ["Predicted Y ", "predicted y (2)"], ["predicted y (3)"]),
        (["a", "a"], [], ["a", "a (2)"]),
    ],
)
def test_added_columns_have_names_of_their_own_kind_31(names, taken, found):
    assert unused_names(names, taken) == found


def test_predictions_of_predictions_of_predictions_keep_every_column_kind_31():
    frame = pd.DataFrame([ROW, ROW])
    for times in range(1, 4):
        found = predictions(POINTS.model, POINTS.preparation, frame.astype(str))
        frame = pd.concat([frame, found.added], axis=1)
        assert frame.columns.is_unique
        assert frame.shape[1] == len(ROW) + 4 * times


# The form of the file


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", [";", "\t", "|"])
def test_a_table_goes_back_into_the_form_that_it_came_in_kind_36(encoding, newline, mark):
    text = COMMA.replace(";", mark).replace("\n", newline)
    table = read_table(text.encode(encoding))
    form = form_of(table)
    assert (form.delimiter, form.decimal, form.newline) == (mark, ",", newline)
    assert as_csv(table.frame, form).decode(encoding) == text


def test_numbers_that_are_added_have_the_file_s_decimal_mark_kind_36():
    table = read_table(COMMA.encode("cp1252"))
    found = predictions(COMMAS.model, COMMAS.preparation, table.frame)
    data = as_csv(pd.concat([table.frame, found.added], axis=1), form_of(table))
    again = read_table(data)
    assert again.decimal == ","
    assert (again.dialect.delimiter, again.encoding) == (";", "cp1252")
    said = again.frame["predicted y"].str.replace(",", ".").astype(float)
    np.testing.assert_array_equal(said, found.answers)
    assert not again.frame["predicted y"].str.contains(".", regex=False).any()


def test_an_encoding_without_the_letters_of_what_is_added_gives_way_kind_36():
    table = read_table("Größe;y\n1,5;a\n2,5;b\n".encode("cp1252"), encoding="cp1252")
    assert form_of(table, ["Ö"]).encoding == "cp1252"
    assert form_of(table, ["č"]).encoding == "utf-8-sig"


@pytest.mark.parametrize(
    "cell", ["-1,5", "-1.234,5", "+3", "-5 %", "−4", "-1 100,5", "-1e-5", "-,5"]
)
def test_a_number_of_any_form_is_no_formula_kind_36(cell):
    assert escape_formula(cell) == cell


@pytest.mark.parametrize("cell", ["-1+1", "-A1", "=1", "+cmd|' /C calc'!A0", "-1,5*2", "@x", "-"])
def test_what_could_be_a_formula_is_text_kind_36(cell):
    assert escape_formula(cell) == f"'{cell}"
    written = as_csv(pd.DataFrame({"a": [cell, "b"]}), Form(delimiter=";")).decode("utf-8-sig")
    assert written.split("\r\n")[1].strip('"') == f"'{cell}"


def test_writing_in_pieces_gives_the_same_bytes(monkeypatch):
    frame = read_table(COMMA.encode()).frame
    form = Form(";", ",", "utf-16", "\n")
    whole = as_csv(frame, form)
    monkeypatch.setattr("engine.export.csv_writing.ROWS", 7)
    work = Writing(frame, form)
    assert not work.advance(0)
    assert 0 < work.share < 1
    work.advance()
    assert work.result() == whole
