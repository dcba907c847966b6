"""Where in a file the table lies: prose, settings, several header rows, totals, odd cuts."""

import random
from time import process_time

import pytest

from engine.tables.columns.column_profile import profile
from engine.tables.reading import rows as cut
from engine.tables.reading.decoding import TableError
from engine.tables.reading.dialect import Dialect
from engine.tables.reading.reader import read_table
from engine.tables.reading.row_repair import Budget, ColumnStatistics, Token, mend_line
from engine.tables.reading.rows import MOST_REEXAMINED
from tests.engine.field_files import AFTER, BEFORE

FILES = BEFORE | AFTER


@pytest.mark.parametrize("name", FILES)
def test_a_file_is_read_in_the_shape_that_a_careful_person_sees(name):
    made = FILES[name]
    table = read_table(made.data)
    assert table.frame.shape == made.shape, table.notes
    assert list(table.frame.columns)[: len(made.names)] == made.names


ORANGE = "age\tgender\tnote\tnarrow\nc\td\ts\td\n\t\tmeta\tclass\n" + "".join(
    f"{20 + i}\t{'mf'[i % 2]}\tn{i}\t{i % 3}\n" for i in range(20)
)


@pytest.mark.parametrize(
    ("text", "target", "meta", "rows"),
    [
        pytest.param(ORANGE, "narrow", ("note",), 3, id="kind_3 Orange"),
        pytest.param(
            ORANGE.replace("c\td\ts\td", "continuous\tm f\tstring\tdiscrete"),
            "narrow",
            ("note",),
            3,
            id="kind_3 types in words and as values",
        ),
        pytest.param(
            ORANGE.replace("\t\tmeta\tclass", "class\ti\tm\t").replace(",", ";"),
            "age",
            ("gender", "note"),
            3,
            id="kind_3 short flags",
        ),
        pytest.param(
            "C#age,D#sex,mS#note,cD#narrow\n" + "1,m,x y,0\n2,f,y z,1\n3,m,z,0\n" * 4,
            "narrow",
            ("note",),
            1,
            id="kind_3 marks before the names",
        ),
        pytest.param("age,sex\n1,m\n2,f\n3,f\n", "", (), 1, id="kind_3 nothing flagged"),
    ],
)
def test_the_flags_of_a_header_come_out_as_data(text, target, meta, rows):
    table = read_table(text.encode())
    assert (table.target, table.meta, len(table.header)) == (target, meta, rows)
    assert table.frame.columns[0] == "age"


ALIGNED = "   1948   8   20.8    11.7    30     67.0    59.1\n" * 20
SEVEN = [f"column {j}" for j in range(1, 8)]
SETTINGS = (
    '"Report"\n'
    + "".join(f'"Key {i}:","{i}"\n' for i in range(4))
    + '\n"Month","AC","Sun","Value"\n'
    + "".join(f'"{i}","{i * 10}","{i * 3}","{i}"\n' for i in range(1, 4))
)
PLANT = ["Month", "AC", "Sun", "Value"]
CLOCK = "".join(f"05/14/21 12:04:{i:02d} AM,{i}.00\n" for i in range(10))
SPAN = "".join(f"01.01.2018 {i:02d}:00 - 01.01.2018 {i + 1:02d}:00,{i}.5\n" for i in range(10))
TRAILING = "".join(f"{i};{i * 101};{16 - i};\n" for i in range(1, 9))
MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
SOLD = "".join(f"{name},{100 + 30 * i}\n" for i, name in enumerate(MONTHS))
GENES = "gene 0,-12,55,7\ngene 1,3,5,-7\ngene 2,8,5,2\n"


@pytest.mark.parametrize(
    ("text", "told", "names", "rows"),
    [
        pytest.param("Three words here\n" + ALIGNED, {}, SEVEN, 20, id="kind_1"),
        pytest.param(
            "Three words here\n" + ALIGNED, {"delimiter": " "}, SEVEN, 20, id="kind_1 told"
        ),
        pytest.param("Three words here\n" + ALIGNED, {"skip": 1}, SEVEN, 20, id="kind_1 skip"),
        pytest.param(
            "Three words here\n  a  b  c  d\n" + "  1.0  2  3.5  4\n" * 20,
            {},
            ["a", "b", "c", "d"],
            20,
            id="kind_1 with names",
        ),
        pytest.param(SETTINGS, {}, PLANT, 3, id="kind_2"),
        pytest.param(SETTINGS, {"skip": 6}, PLANT, 3, id="kind_2 skip"),
        pytest.param(SETTINGS.replace("\n\n", "\n"), {}, PLANT, 3, id="kind_2 no blank line"),
        pytest.param(SETTINGS.replace(",", ";"), {}, PLANT, 3, id="kind_2 semicolons"),
        pytest.param(
            "Car;MPG;Origin\nSTRING;DOUBLE;CAT\nfoo;18.0;US\n",
            {},
            ["Car", "MPG", "Origin"],
            1,
            id="kind_4",
        ),
        pytest.param("a,b\nint64,float64\n1,2.5\n2,3.5\n", {}, ["a", "b"], 2, id="kind_4 programs"),
        pytest.param(
            "Name,Größe,Land\nText,Zahl,Text\nAnna,1.5,DE\nBob,1.7,US\nCy,1.8,DE\n",
            {},
            ["Name", "Größe", "Land"],
            3,
            id="kind_4 another language",
        ),
        pytest.param(
            "Temp;Wind\n°C;m/s\n1;2\n2;3\n4;3\n", {}, ["Temp °C", "Wind m/s"], 3, id="kind_4 units"
        ),
        pytest.param("time,t\n" + CLOCK, {}, ["time", "t"], 10, id="kind_5"),
        pytest.param("MTU,price\n" + SPAN, {}, ["MTU", "price"], 10, id="kind_5 from to"),
        pytest.param(CLOCK, {}, ["column 1", "column 2"], 10, id="kind_5 no names"),
        pytest.param(
            "Date;v\n" + "Sat Nov 28 2026 10:00:00;5\n" * 5, {}, ["Date", "v"], 5, id="kind_5 words"
        ),
        pytest.param(
            "a,b,y\n#N/A,#DIV/0!,0\n" + "2,0.1,1\n" * 9, {}, ["a", "b", "y"], 10, id="kind_9"
        ),
        pytest.param(
            "a;b;y\n#NV;#WERT!;#BEZUG!\n" + "2;0,1;1\n" * 9,
            {},
            ["a", "b", "y"],
            10,
            id="kind_9 German",
        ),
        pytest.param(
            "a,b\nNaN,inf\n" + "2,0.1\n" * 9, {}, ["a", "b"], 10, id="kind_9 not a number"
        ),
        pytest.param("SEP=;\nx;y\n1;2\n", {}, ["x", "y"], 1, id="kind_10"),
        pytest.param("Sep=|\r\nx|y\r\n1|2\r\n", {}, ["x", "y"], 1, id="kind_10 a bar"),
        pytest.param('"sep=;"\nx;y\n1,5;2,5\n', {}, ["x", "y"], 1, id="kind_10 in quotes"),
        pytest.param(
            "SEP=;\nx,a;y\n1,2;3\n",
            {"delimiter": ","},
            ["x", "a;y"],
            1,
            id="kind_10 a person first",
        ),
        pytest.param("Month,AC\n" + SOLD + "Total,5385\n", {}, ["Month", "AC"], 12, id="kind_14"),
        pytest.param(
            "Month,AC\n" + SOLD + f"Année,{sum(100 + 30 * i for i in range(12))}\n",
            {},
            ["Month", "AC"],
            12,
            id="kind_14 by its figures",
        ),
        pytest.param("who,AC\n" + SOLD + "Max,431\n", {}, ["who", "AC"], 13, id="kind_14 a person"),
        pytest.param("Gene,1,2,3\n" + GENES, {}, ["Gene", "1", "2", "3"], 3, id="kind_15"),
        pytest.param(
            ",0,1,2\n0,1.5,2.5,0.1\n1,0.2,0.4,0.9\n2,0.3,0.1,0.8\n",
            {},
            ["column 1", "0", "1", "2"],
            3,
            id="kind_15 an index",
        ),
        pytest.param(
            "anna,1,2,3\nbob,4,5,6\ncy,7,8,9\n",
            {},
            [f"column {j}" for j in range(1, 5)],
            3,
            id="kind_15 no names",
        ),
        pytest.param("day;sales;temp\n" + TRAILING, {}, ["day", "sales", "temp"], 8, id="kind_23"),
        pytest.param(
            "a,b,c,d\n" + "0, 5, 9, 20, \n3, 5, 7, 20, \n" * 3,
            {},
            list("abcd"),
            6,
            id="kind_23 blanks",
        ),
        pytest.param("a;b\n" + "1;2;;\n3;4;;\n" * 3, {}, ["a", "b"], 6, id="kind_23 two of them"),
        pytest.param(
            '"mpg","cyl"\n"Mazda",21,6\n"Datsun",22,4\n',
            {},
            ["row", "mpg", "cyl"],
            2,
            id="kind_23 R",
        ),
        pytest.param("name\n" + "Anna Maria\nJohn Paul\n" * 5, {}, ["name"], 10, id="kind_29"),
        pytest.param(
            "name\n" + "Anna Maria\nJohn Paul\nAda\n" * 5, {}, ["name"], 15, id="kind_29 uneven"
        ),
        pytest.param("t\n12:30\n13:45\n14:00\n", {}, ["t"], 3, id="kind_29 clocks"),
        pytest.param("x\n1 000\n2 500\n3 100\n", {}, ["x"], 3, id="kind_29 thousands"),
        pytest.param("a b\n1 2\n3 4\n", {}, ["a", "b"], 2, id="kind_29 two columns"),
        pytest.param(
            "name\n" + "Anna Maria\nJohn Paul\n" * 5,
            {"delimiter": " "},
            ["column 1", "column 2"],
            10,
            id="kind_29 told",
        ),
    ],
)
def test_names_and_rows_are_those_of_the_table(text, told, names, rows):
    table = read_table(text.encode(), **told)
    assert (list(table.frame.columns), len(table.frame)) == (names, rows)


@pytest.mark.parametrize(
    ("text", "cells"),
    [
        pytest.param("a,b\n" + "'n' it's,1\n" * 5, ["'n' it's", "1"], id="kind_30"),
        pytest.param("a,b\n" + "'n' it's,'x' y\n" * 5, ["'n' it's", "'x' y"], id="kind_30 both"),
        pytest.param('a,b\n"Big" Joe,1\n"Old" Tom,2\n', ['"Big" Joe', "1"], id="kind_30 double"),
        pytest.param("a,b\n'tis,1\n'twas,2\n", ["'tis", "1"], id="kind_30 at the beginning"),
        pytest.param("a,b\n'x','y'\n'x1','y,2'\n", ["x", "y"], id="kind_30 quotes"),
        pytest.param('a,b\n5" pipe,1\n6" pipe,2\n', ['5" pipe', "1"], id="kind_30 inches"),
    ],
)
def test_quotation_marks_that_are_text_are_kept(text, cells):
    assert read_table(text.encode()).frame.iloc[0].tolist() == cells


def test_prose_is_named_as_what_stands_above():
    table = read_table(("Three words here\n" + ALIGNED).encode())
    assert table.preamble == ("Three words here",)
    assert table.frame.iloc[0].tolist() == ["1948", "8", "20.8", "11.7", "30", "67.0", "59.1"]


def test_a_total_and_an_empty_column_are_left_out_with_a_sentence():
    table = read_table(("Month,AC\n" + SOLD + "Total,5385\n").encode())
    assert "Line 14 holds totals of the rows above and was left out." in table.notes
    table = read_table(("day;sales;temp\n" + TRAILING).encode())
    assert [note for note in table.notes if "name" in note] == [
        "1 column without a name and without content was left out; the lines begin or end "
        "with a delimiter."
    ]


def test_the_line_for_spreadsheets_is_said():
    notes = read_table(b"SEP=;\nx;y\n1;2\n").notes
    assert notes == ("The first line names the delimiter for spreadsheets; it is not a row.",)


def test_an_empty_cell_in_an_aligned_table_stays_in_its_column():
    rows = "".join(f"{i:5d}{'' if i % 4 == 1 else i * 7:>8}  New York\n" for i in range(10, 30))
    table = read_table(("    n       x  town\n" + rows).encode())
    assert table.frame.shape == (20, 3)
    assert table.frame.iloc[3].tolist() == ["13", "", "New York"]


CELLS = [f'"ab {i}"' for i in range(31)]
CELLS[12] = '"8km + 10x20"/40" + 2km"'
NAMES = ",".join(f'"c{i}"' for i in range(31))


def test_kind_13_quotation_marks_inside_quoted_cells_are_read_as_they_stand():
    data = "\n".join([NAMES, *[",".join(CELLS)] * 20]).encode()
    began = process_time()
    table = read_table(data)
    assert process_time() - began < 0.5  # 0.03 on a free machine; it was 5
    assert table.frame.shape == (20, 31)
    assert {*table.frame["c12"]} == {'8km + 10x20"/40" + 2km'}
    assert len(table.mended) == 20


def test_rows_beyond_the_doubts_keep_their_quotation_marks_and_are_counted():
    table = read_table("\n".join([NAMES, *[",".join(CELLS)] * (MOST_REEXAMINED + 7)]).encode())
    assert {*table.frame["c12"]} == {'8km + 10x20"/40" + 2km'}
    assert "In 7 more lines quotation marks were not changed." in table.notes


def test_kind_43_mending_has_a_budget_and_shows_what_is_left_as_skipped():
    rng = random.Random(1)
    odd = [",".join(rng.choice(['"x', 'y"', '"z"w', "v"]) for _ in range(8)) for _ in range(400)]
    text = "\n".join(["a,b,c,d,e,f", *["1,2,3,4,5,6"] * 500, *odd])
    began = process_time()
    table = read_table(text.encode())
    assert process_time() - began < 2
    assert len(table.frame) + len(table.skipped) >= 800
    assert len(table.skipped) > 0


@pytest.mark.parametrize("steps", [100, 1_000])
def test_a_budget_ends_where_it_is_spent(steps):
    budget = Budget(steps)
    columns = [ColumnStatistics([Token("1"), Token("2")])] * 12
    line = ",".join(['"x"y"'] * 40)
    assert mend_line(line, Dialect(), columns, budget) is None
    assert -60 <= budget.left <= steps
    assert budget.left < steps


@pytest.mark.parametrize(
    ("data", "shape", "last"),
    [
        pytest.param(
            b"a,b\r" + b"1,2\r" * 600 + b"x,\xe9\r" * 20, (620, 2), ["x", "é"], id="kind_48"
        ),
        pytest.param(
            b"a,b\n" + b"1,2\n" * 60_000 + b"x,\xe9\n", (60_001, 2), ["x", "é"], id="kind_48 late"
        ),
        pytest.param(b"1," * 200 + b"\xe9", (1, 201), ["1", "é"], id="kind_48 one line"),
        pytest.param(b"a,b\r\n1,\x80\r\n", (1, 2), ["1", "€"], id="kind_48 the euro"),
        pytest.param(
            b"x" * 70_000 + b",\xe9\n1,2\n", (1, 2), ["1", "2"], id="kind_48 after a long cell"
        ),
    ],
)
def test_an_accent_is_read_wherever_it_stands(data, shape, last):
    frame = read_table(data).frame
    assert frame.shape == shape
    assert frame.iloc[-1, [0, -1]].tolist() == last


def test_a_fault_of_the_encoding_names_its_line_however_lines_end():
    with pytest.raises(TableError, match="Line 3 cannot"):
        read_table(b"a,b\r1,2\rx,\xff\r", encoding="utf-8")


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_blocks_and_single_rows_give_the_same_table(newline):
    rows = [f"{i},{i % 7},x{i % 3}" for i in range(50)]
    rows[20], rows[33] = '20,"6",x2', '33,5,"two' + newline + 'lines"'
    text = newline.join(["a,b,c", *rows]) + newline
    whole = read_table(text.encode())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cut, "CHUNK_ROWS", 4)
        patch.setattr(cut, "MIN_CHUNK", 4)
        pieces = read_table(text.encode())
    assert pieces.frame.equals(whole.frame)
    assert pieces.lines.tolist() == whole.lines.tolist()
    assert whole.frame.iloc[33].tolist() == ["33", "5", f"two{newline}lines"]


def test_progress_is_heard_often_in_a_wide_table():
    heard = []
    text = ",".join(f"c{j}" for j in range(400)) + "\n" + (",".join(["1.5"] * 400) + "\n") * 2_000
    read_table(text.encode(), progress=heard.append)
    assert len(heard) >= 8
    assert heard == sorted(heard)
    assert heard[-1] <= 1


def test_a_column_that_the_header_calls_meta_is_no_input():
    text = "age\tnote\tnarrow\nc\tc\td\n\tmeta\tclass\n"
    text += "".join(f"{20 + i}\t{i * i % 7}\t{i % 3}\n" for i in range(20))
    columns = {column.name: column for column in profile(read_table(text.encode()))}
    assert columns["note"].reason == "the header says that it is not an input"
    assert columns["age"].reason == ""


THREE = "a,b,c\n" + "".join(f"{i},{i * 2},{i * 7 % 5}\n" for i in range(12))


def test_of_two_tables_much_alike_the_first_is_read_though_the_second_is_wider():
    wider = "".join(f"{i},{i * 2},{i},x{i}\n" for i in range(12))
    table = read_table((THREE + "a,b,c,d\n" + wider).encode())
    assert list(table.frame.columns) == ["a", "b", "c"]
    assert len(table.frame) == 12


def test_rows_of_numbers_after_a_blank_line_are_not_filled_up():
    table = read_table((THREE + "\n7,8\n9,10\n").encode())
    assert len(table.frame) == 12
    assert [note.line for note in table.skipped] == [15, 16]
    assert len(read_table((THREE + "7,8\n").encode()).frame) == 13


def test_lines_that_a_person_skips_do_not_decide_on_the_delimiter():
    settings = "".join(f"key {i};{i};x;{i * 2};y\n" for i in range(60))
    table = read_table((settings + THREE).encode(), skip=60)
    assert list(table.frame.columns) == ["a", "b", "c"]
    assert len(table.frame) == 12


def test_kind_1_prose_in_columns_above_the_numbers_is_no_part_of_the_table():
    report = (
        "BUREAU StRD\nDataset Name:   Small   (Small.dat)\n\nFile Format:    ASCII\n"
        "                Values   (lines 4 to 7)\n\nProcedure:      Analysis of Variance\n\n"
        "Reference:      Somebody\n                A book on tests\n\n"
        "Data:  Group        Response\n"
    )
    rows = "".join(f"           {i // 5 + 1}        {10 + i / 10:.1f}\n" for i in range(25))
    table = read_table((report + rows).encode())
    assert table.frame.shape == (25, 2)
    assert table.frame.iloc[0].tolist() == ["1", "10.0"]
    assert table.preamble[0] == "BUREAU StRD"
