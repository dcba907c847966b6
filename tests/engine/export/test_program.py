"""Programs: they read a table as the page reads it, and nothing of a stranger's text is code."""

import ast
import csv
import io
import json
import re
import subprocess
import sys
import tokenize
from dataclasses import replace
from functools import cache

import numpy as np
import onnx
import onnxruntime
import pandas as pd
import pytest

from engine.evaluation.prediction import Predicting
from engine.export.excerpt import excerpt
from engine.export.onnx_graph import TEXT, onnx_file
from engine.export.program import code_for
from engine.export.standalone import VALUE_OF, TextForm, cell_value, text_form
from engine.tables.columns import cell_types as cells
from engine.tables.columns import times
from engine.tables.columns.cell import Reading, is_missing, name_in
from engine.tables.columns.table_dataset import prepare
from engine.tables.reading.reader import read_table
from engine.training.config import Config
from engine.training.model import model_of
from engine.training.run import Run
from tests.engine.export.test_files import agree, page, trained

BIRDS = [  # every kind of column, with blanks
    {
        "mass": f"{3 + i % 5},{i % 7}" if i % 11 else "",
        "price": f"{1 + i % 3}.{i % 10}00,5 €",
        "colour": ["rot", "grün", "blau", ""][i % 4],
        "sex": ["f", "m"][i // 3 % 2],
        "town": ["Köln"] * 60 + [f"Ort {k}" for k in range(20)],
        "wild": ["ja", "Nein", "NEIN", "JA", "?"][i % 5],
        "day": f"{1 + i % 28:02d}.0{1 + i % 9}.2021",
        "clock": f"{i % 24}:{i % 60:02d}",
        "sort": "ABC"[(i % 5 + i % 7) // 4],
    }
    for i in range(80)
]
for i, one in enumerate(BIRDS):
    one["town"] = one["town"][i]
NEW_ROWS = {  # column -> cells that the training part has not, or hardly, seen
    "mass": ["99,5", "", "1.234,5", "n/a", "kaputt", " 4,0 "],
    "colour": ["lila", "?", "", " rot ", "ROT", "rOt", "GRÜN", "#DIV/0!"],
    "sex": ["x", "", "f", "m", "-", "f"],
    "town": ["Paris", "Ort 3", "", "Köln", "Ort 19", "null"],
    "wild": ["vielleicht", "ja ", "nein", "", "JA", "Ja"],
    "day": ["01.01.1999", "", "31.02.2021", "5.3.2022", "07.07.2021", "?"],
}


def written(rows, delimiter=";", quoting=csv.QUOTE_MINIMAL):
    """The rows as a CSV."""
    out, look = io.StringIO(), {"delimiter": delimiter, "quoting": quoting}
    writer = csv.DictWriter(out, list(rows[0]), lineterminator="\n", **look)
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def with_strange_cells():
    """Rows of birds, some with cells of NEW_ROWS, and one that is blank."""
    rows = [dict(one) for one in BIRDS[:30]]
    for name, own in NEW_ROWS.items():
        for i, cell in enumerate(own):
            rows[2 * i + 1][name] = cell
    rows[20] = {**dict.fromkeys(rows[20], ""), "sort": "A"}
    return rows


def strange_table(name):
    """Two CSVs whose columns, categories and classes all begin with this: birds, and other rows."""
    words = {"colour", "sex", "town", "sort"}  # columns of text

    def called(rows):
        return [
            {
                f"{name}{column}": name + cell
                if column in words and cell not in ("", "?")
                else cell
                for column, cell in row.items()
            }
            for row in rows
        ]

    both = (called(BIRDS), called(with_strange_cells()))
    return [written(rows, quoting=csv.QUOTE_ALL).encode() for rows in both]


class Case:
    """A network that was trained on a table, and what the page says to others."""

    def __init__(self, data, target, told=None, **choices):
        self.told = told or {}
        self.table = read_table(data, "t", **self.told)
        config = Config(hidden=(4,), seed=3, **choices)
        self.made = prepare(self.table, target, config=config)
        self.run = Run(config, self.made.dataset)
        self.run.advance(15)
        self.model = model_of(self.run, 15)

    def program(self, library="numpy"):
        return code_for(library, self.model, self.made.preparation, text_form(self.table))

    def page(self, data):
        """The rows of a table with what the page says, as it is shown there."""
        return shown(self.model, self.made.preparation, read_table(data, "t", **self.told).frame)


def shown(model, preparation, frame):
    """What the page says to the rows of a table: labels and probabilities, or numbers."""
    work = Predicting(model, preparation, frame, other=False)
    work.advance()
    return work.result().added.iloc[:, : 1 + len(model.classes)].to_numpy(object)


# Each program runs as __main__ in a process of its own, in its own folder, as a person would start
# it. The process is a copy of one that has loaded the libraries, since loading takes a second.
STARTER = """
import csv, importlib, json, os, runpy, sys
for name in ("numpy", "sklearn.neural_network", "sklearn.pipeline", "sklearn.preprocessing"):
    importlib.import_module(name)
for line in sys.stdin:
    folder, *arguments = json.loads(line)
    child = os.fork()
    if child:
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
        continue
    os.chdir(folder)
    for stream, name in enumerate((os.devnull, "stdout", "stderr")):
        os.dup2(os.open(name, os.O_RDWR | os.O_CREAT | os.O_TRUNC), stream)
    sys.argv, code = arguments, 0
    try:
        runpy.run_path(arguments[0], run_name="__main__")
    except SystemExit as end:  # as Python itself does it: words go to stderr, and the code is 1
        code = end.code or 0
        if isinstance(code, str):
            print(code, file=sys.stderr)
            code = 1
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)  # to take the libraries down again would take as long as to load them
"""


@pytest.fixture(scope="module")
def starter(tmp_path_factory):
    """Return the process that starts programs; its folder has nothing of this project in it."""
    command = [sys.executable, "-W", "error", "-c", STARTER]
    folder = tmp_path_factory.mktemp("starter")
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen(command, cwd=folder, **pipes) as process:
        yield process
        process.stdin.close()


@pytest.fixture
def start(starter, tmp_path):
    """Return a function that starts a program on a table, with further arguments."""

    def started(program, data, *more):
        (tmp_path / "program.py").write_text(program, encoding="utf-8")
        (tmp_path / "table.csv").write_bytes(data)
        print(
            json.dumps([str(tmp_path), "program.py", "table.csv", *more]),
            file=starter.stdin,
            flush=True,
        )
        code = int(starter.stdout.readline())
        out, err = ((tmp_path / name).read_bytes().decode() for name in ("stdout", "stderr"))
        return subprocess.CompletedProcess(more, code, out, err)

    return started


def said(start, program, data):
    """(names, rows) that a program writes; the line of each row is left out."""
    done = start(program, data)
    assert done.returncode == 0, done.stderr
    names, *rows = csv.reader(io.StringIO(done.stdout, newline=""))
    return names[1:], [row[1:] for row in rows]


def same(rows, right):
    """Labels are equal, numbers up to 1e-6, and what is blank is blank."""
    assert len(rows) == len(right)
    for own, other in zip(rows, right, strict=True):
        for cell, value in zip(own, other, strict=True):
            if isinstance(value, str):
                assert cell in (value, f"'{value}")
            else:
                np.testing.assert_allclose(float(cell), value, rtol=1e-6, atol=1e-6)


BIRD_DATA = written(BIRDS).encode()
TARGETS = {"classes": "sort", "two classes": "sex", "a number": "mass"}


@cache
def case_of(name):
    """Return the network that was trained on the birds for one of the targets."""
    return Case(BIRD_DATA, TARGETS[name])


@pytest.mark.parametrize("library", ["numpy", "sklearn"])
@pytest.mark.parametrize("case", TARGETS)
def test_a_program_reads_the_raw_table_and_says_what_the_page_says(case, library, start):
    one, data = case_of(case), written(with_strange_cells()).encode()  # kind_35
    for table in (BIRD_DATA, data):
        names, rows = said(start, one.program(library), table)
        same(rows, one.page(table))
    assert names[0].startswith(f"predicted {one.made.preparation.target}")


def test_a_program_says_in_memory_what_it_says_to_a_file():
    one, rows = case_of("classes"), with_strange_cells()  # kind_35
    names = {}
    exec(compile(one.program(), "program", "exec"), names)
    labels, probabilities = names["predict"](rows)
    right = one.page(written(rows).encode())
    assert labels == right[:, 0].tolist()
    np.testing.assert_allclose(probabilities, right[:, 1:].astype(float), atol=1e-6)
    assert labels[20] == ""
    assert np.isnan(probabilities[20]).all()


def test_a_program_takes_numbers_and_none_in_memory():
    names = {}
    exec(compile(case_of("classes").program(), "program", "exec"), names)
    text = dict(BIRDS[1], mass="4,5", colour="")
    plain = dict(text, mass=np.float32(4.5), colour=None, price=float("nan"))
    text["price"] = ""
    np.testing.assert_array_equal(*(names["predict"]([row])[1] for row in (text, plain)))
    with pytest.raises(ValueError, match="no column 'mass'"):
        names["predict"]([{"colour": "rot"}])
    assert names["predict"]([])[1].shape == (0, 3)


def test_columns_may_stand_in_another_order_and_the_target_may_be_missing(start):
    one = case_of("classes")
    rows = [dict(reversed(row.items())) for row in BIRDS]
    for row in rows:
        del row["sort"]
    _, found = said(start, one.program(), written(rows).encode())
    same(found, one.page(BIRD_DATA))


NUMBERS = [(1 + i % 7, (3 * i) % 11, "yn"[i * i % 3 > 0]) for i in range(40)]
ROW_NAMES = [f'"{i + 1}" {a} {b} {c}' for i, (a, b, c) in enumerate(NUMBERS)]
LINES = [f"{a};{b};{c}" for a, b, c in NUMBERS]
COMMAS = "\n".join(LINES).replace(";", ",")
WAYS = ["Male", "male", "F", " f"]
TABLES = {  # kind_35: tables that are written in another way
    "lines above": ("A report\nof two lines\n\n" + "u;v;w\n" + "\n".join(LINES), {}),
    "no names": ("\n".join(LINES), {"header": 0}),
    "two rows of names": ("u;v;w\nkg;m;-\n" + "\n".join(LINES), {"header": 2}),
    "comments": ("# one\n# two; three\nu;v;w\n" + "\n".join(LINES), {}),
    "tabs": ("u\tv\tw\n" + "\n".join(LINES).replace(";", "\t"), {}),
    "blanks": ("u  v  w\n" + "\n".join(LINES).replace(";", "   "), {}),
    "blanks after a comma": ("u, v, w\n" + "\n".join(LINES).replace(";", ", "), {}),
    "quoted names": ('"u, first";"v";"w\nw"\n' + "\n".join(LINES), {}),
    "one name twice": ("u;u;w\n" + "\n".join(LINES), {}),
    "a name is missing": (";v;w\n" + "\n".join(LINES), {}),
    "a long name": ("u" * 100 + ";v;w\n" + "\n".join(LINES), {}),
    "names of rows": ("u v w\n" + "\n".join(ROW_NAMES), {}),
    "UTF-16": (("u;v;w\n" + "\n".join(LINES)).encode("utf-16"), {}),
    "a BOM": (("u;v;w\n" + "\n".join(LINES)).encode("utf-8-sig"), {}),
    "CR alone": (("u;v;w\r" + "\r".join(LINES)).encode(), {}),
    "blank lines": ("u;v;w\n" + "\n\n".join(LINES), {}),
    "prose over columns": (
        "Three words here\nAnd more\n" + "\n".join(f"  {a:4}  {b:4}   {c}" for a, b, c in NUMBERS),
        {},
    ),
    "pairs above": (
        "".join(f'"Key {k}:","0"\n' for k in range(4)) + '\n"u","v","w"\n' + COMMAS,
        {"skip": 5, "header": 1},
    ),
    "names, types and flags": ("u\tv\tw\nc\tc\td\n\t\tclass\n" + COMMAS.replace(",", "\t"), {}),
    "a row of types": ("Car,MPG,Origin\nINT,INT,CAT\n" + COMMAS, {}),
    "a row of units": ("u,v,w\n[m],[s],\n" + COMMAS, {}),
    "an empty column first": (",u,v,w\n," + COMMAS.replace("\n", "\n,"), {}),
    "an empty column last": ("u,v,w,\n" + COMMAS.replace("\n", ",\n") + ",", {}),
    "a delimiter at the end of rows": ("u,v,w\n" + COMMAS.replace("\n", ",\n") + ",", {}),
    "a blank name too many": ("u,v,,w\n" + COMMAS, {}),
    "letters for thousands": ("u,v,w\n" + re.sub(r"(?m)^(\d),", r"\1.2K,", COMMAS), {}),
    "durations": ("u,v,w\n" + re.sub(r"(?m)^(\d),", r"00:0\1:31.6,", COMMAS), {}),
    "a clock of 12 hours": (
        "u,v,w\n" + re.sub(r"(?m)^(\d),", r"05/1\1/21 0\1:04:32 AM,", COMMAS),
        {},
    ),
    "errors of a spreadsheet": ("u,v,w\n" + re.sub(r"(?m)^3,", "#DIV/0!,", COMMAS), {}),
    "a code for missing": ("u,v,w\n" + re.sub(r"(?m)^3,", "-9999,", COMMAS), {}),
    "one category spelled in four ways": (
        "u,v,w\n" + re.sub(r"(?m)^(\d),", lambda m: WAYS[int(m[1]) % 4] + ",", COMMAS),
        {},
    ),
    "sep=": ("sep=;\nu;v;w\n" + "\n".join(LINES), {}),
}  # fmt: skip


@pytest.mark.parametrize("kind", TABLES)
def test_a_program_reads_a_table_that_is_written_like_the_one_it_knows(kind, start):
    text, told = TABLES[kind]
    data = text if isinstance(text, bytes) else text.encode()
    target = read_table(data, "t", **told).frame.columns[-1]
    one = Case(data, target, told)
    _, rows = said(start, one.program(), data)
    assert len(rows) == 40
    same(rows, one.page(data))


def test_a_program_refuses_a_table_that_it_cannot_read_with_a_sentence(start):
    program = case_of("classes").program()
    other = written([dict(row, mass=row["mass"].replace(",", ".")) for row in BIRDS]).encode()
    cases = {
        "no column 'mass'": b"a;b\n1;2\n",
        "'mass' is not written as in the training table": other,
        "cannot be read as utf-8": "größe;b\n".encode("latin-1"),
    }
    for words, data in cases.items():
        done = start(program, data)
        assert done.returncode == 1
        assert words in done.stderr
        assert "Traceback" not in done.stderr
    assert "Usage" in start(program, other, "a", "b").stderr


def test_a_program_writes_a_file_that_no_spreadsheet_takes_for_a_formula(start, tmp_path):
    data = (
        "x,=y\n" + "".join(f"{i % 5},{['=1+1', '@b'][i % 5 > 2]}\n" for i in range(40))
    ).encode()
    one = Case(data, "=y")
    done = start(one.program(), data, "out.csv")
    assert done.returncode == 0, done.stderr
    rows = list(csv.reader((tmp_path / "out.csv").read_text("utf-8-sig").splitlines()))
    assert {row[1] for row in rows[1:]} == {"'=1+1", "'@b"}


def test_a_program_of_a_drawn_problem_reads_numbers(start):
    for choices in ({"features": ("x1", "x1x2", "sinx2")}, {"dataset": "diabetes"}):
        run = trained(**choices)
        rows = [
            dict(zip(run.dataset.input_names, map(float, x), strict=True))
            for x in run.dataset.inputs.T
        ]
        names, found = said(start, code_for("numpy", model_of(run)), written(rows, ",").encode())
        a = page(run)
        right = np.vstack([1 - a, a]) if run.dataset.classes else a
        agree(np.array([row[-len(right) :] for row in found], float).T, right)
        assert len(names) == len(found[0])


# ONNX


def cells_for(session, way, frame, plain=False):
    """What an ONNX runtime is given for the rows of a table; `plain`: text in small letters."""
    given = {}
    for one, field in zip(session.get_inputs(), way.fields, strict=True):
        texts = frame[field.name].str.strip()
        if one.type == "tensor(string)":
            known = [name_in(text, field.reading) if plain else text for text in texts]
            given[one.name] = np.array(known, dtype=object)[:, None]
        else:
            kind = {"tensor(double)": np.float64, "tensor(float)": np.float32}[one.type]
            blank = [is_missing(text, field.reading) for text in texts]
            known = [cell_value(text, field.reading) for text in texts]
            given[one.name] = np.where(blank, np.nan, known).astype(kind)[:, None]
    return given


@pytest.mark.parametrize("plain", [False, True], ids=["as it stands", "small letters"])
@pytest.mark.parametrize("double", [True, False], ids=["double", "single"])
@pytest.mark.parametrize("case", TARGETS)
def test_an_onnx_file_takes_columns_by_name_and_says_what_the_page_says(case, double, plain):
    one, data = case_of(case), written(with_strange_cells()).encode()  # kind_35
    way, near = one.made.preparation, 1e-6 if double else 1e-4
    session = onnxruntime.InferenceSession(onnx_file(one.model, way, double))
    for table in (BIRD_DATA, data):
        frame = read_table(table, "t").frame
        found, right = session.run(None, cells_for(session, way, frame, plain)), one.page(table)
        if one.model.classes:
            assert found[0].tolist() == right[:, 0].tolist()
            right = right[:, 1:]
        np.testing.assert_allclose(found[-1], right.astype(float), rtol=near, atol=near)
    names = {out.name: out.shape for out in session.get_outputs()}
    if one.model.classes:
        assert names == {"label": ["n"], "probabilities": ["n", len(one.model.classes)]}
    else:
        assert names == {"prediction": ["n", 1]}


def test_an_onnx_file_says_what_its_inputs_are():
    one = case_of("classes")
    graph = onnx.load_from_string(onnx_file(one.model, one.made.preparation)).graph
    told = {own.name: own.doc_string for own in graph.input}
    assert list(told) == [
        *("mass", "price (€)", "colour", "sex", "town", "wild"),
        *("day (days since 2000-01-01)", "clock (hours since midnight)"),
    ]
    assert told["price (€)"] == "A number, €; NaN if it is missing."
    assert told["colour"] == TEXT
    assert "days since 2000-01-01" in graph.doc_string
    assert {"layer 1/weights", "layer 2/biases", "scaling/mean"} <= {
        c.name for c in graph.initializer
    }
    assert {"layer 1/z", "layer 1/tanh", "column mass/without gaps"} <= {n.name for n in graph.node}


@pytest.mark.parametrize("name", ["label", "probabilities", "layer 1/z", "columns/raw inputs"])
def test_a_column_may_be_called_like_a_part_of_the_graph(name):
    table = "".join(f"{i % 5},{i % 7},{'ab'[i % 5 > 2]}\n" for i in range(40))
    data = f"{name},x,y\n{table}".encode()
    one = Case(data, "y")
    session = onnxruntime.InferenceSession(onnx_file(one.model, one.made.preparation))
    given = cells_for(session, one.made.preparation, one.table.frame)
    assert (
        session.run(None, given)[0].tolist()
        == one.page(f"{name},x,y\n{table}".encode())[:, 0].tolist()
    )


@pytest.mark.parametrize("rows", [0, 1, 7])
def test_an_onnx_file_takes_any_number_of_rows(rows):
    one = case_of("a number")
    session = onnxruntime.InferenceSession(onnx_file(one.model, one.made.preparation))
    given = cells_for(session, one.made.preparation, one.table.frame.head(rows))
    assert session.run(None, given)[0].shape == (rows, 1)


# Cells


BOTH = [f"{day} {clock}" for day in times.DAYS[:10] for clock in times.CLOCKS[::2]]
FORMATS = {
    one: Reading("time" if one in times.CLOCKS else "date", format=one)
    for one in (*times.CLOCKS, "ISO8601", *times.DAYS, *BOTH)
}
TEXTS = ["2020", "2020-1-2", "2020/01/02", "2020-01-02T10:30", "2020-01-02 9:30:15.25", "20200102"]
TEXTS += ["2020-01-02T10:30Z", "2020-01-02T10:30:00+02:00", "2020-02-30", "3.4.2021", "31/12/99"]
TEXTS += ["12-31-1999", "1 Jan 2020", "Jan 5, 2021", "5-Feb-2020", "12:30", "1:05 PM", "00:05:31"]
TEXTS += ["01.02.2021 12:30", "2/3/2021 1:30 PM", "Mar 2020", "2020-05", "24:00", "2020-01-02 10"]
SPELLED = ["1", "-2", "+3", "1.5", "1,5", "1.234", "1,234", "1.234,5", "1,234.5", "1 234,5", "1e3"]
SPELLED += [
    "1E-2",
    "1,0e2",
    ".5",
    ",5",
    "5.",
    "1'000",
    "−4",
    "(5)",
    "$ 5",
    "5 €",
    "5 kg",
    "5kg",
    "7%",
]
SPELLED += [
    "abc",
    "1_000",
    "0x1F",
    "1e400",
    "inf",
    "12,5O",
    "1..2",
    "1,2,3",
    "٣",
    "1\u00a0000",
    "- 3",
]


@pytest.mark.parametrize("reading", FORMATS.values(), ids=FORMATS)
def test_a_date_in_a_program_is_that_of_the_page(reading):
    right = cells.read_values(pd.Index(TEXTS, dtype=object), reading)
    np.testing.assert_allclose([cell_value(text, reading) for text in TEXTS], right, atol=1e-9)


@pytest.mark.parametrize("decimal", [".", ","])
@pytest.mark.parametrize("unit", ["", "kg", "€", "%"])
def test_a_number_in_a_program_is_that_of_the_page(decimal, unit):
    reading = Reading("number", decimal, unit=unit)
    right = cells.read_values(pd.Index(SPELLED, dtype=object), reading)
    np.testing.assert_allclose([cell_value(text, reading) for text in SPELLED], right, rtol=1e-15)


@pytest.mark.parametrize("pair", cells.YES_NO)
def test_yes_and_no_in_a_program_are_those_of_the_page(pair):
    reading = Reading("yes/no", pair=pair)
    texts = [*pair, *(word.upper() for word in pair), f" {pair[0].title()} ", "perhaps"]
    right = cells.read_values(pd.Index(texts, dtype=object), reading)
    np.testing.assert_array_equal([cell_value(text, reading) for text in texts], right)


def test_an_excerpt_defines_all_that_it_uses():
    roots = [(one.__module__, one.__name__) for one in (text_form, *VALUE_OF.values())]
    roots += [("engine.export.standalone", "read_rows"), ("engine.export.standalone", "inputs_of")]
    imports, text = excerpt(roots)
    tree = ast.parse(f"{imports}\n{text}")
    names = {}
    exec(
        compile(f"from __future__ import annotations\n{imports}\n{text}", "excerpt", "exec"), names
    )
    functions = {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
    globals_used = {
        name
        for one in functions & set(names)
        if hasattr(names[one], "__code__")
        for name in names[one].__code__.co_names
    }
    known = {*names, *dir(__builtins__), *names["__builtins__"]}
    attributes = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    assert globals_used - known - attributes == set()


def test_an_excerpt_keeps_two_things_of_one_name_apart():
    cell = ("engine.tables.columns.cell", "plain_digits")
    assert "BLANKS" in excerpt([cell])[1]
    text = "\n".join(
        excerpt([cell, ("engine.tables.columns.cell", "name_in")], taken=["BLANKS", "ZEROS"])
    )
    names = {}
    exec(compile(f"from __future__ import annotations\n{text}", "excerpt", "exec"), names)
    assert {"CELL_BLANKS", "CELL_ZEROS"} <= set(names)
    assert not {"BLANKS", "ZEROS"} & set(names)
    assert names["plain_digits"]("1 000,5", ",") == "1000.5"
    assert names["name_in"](" Three  3.0 ") == "three 3.0"
    assert names["name_in"]("3.0") == "3"


# Hostile names


CANARY = "open('canary', 'w').close()"
HOSTILE = {  # kind_40
    "utf-7": "coding: utf-7",
    "unicode_escape": "# -*- coding: unicode_escape -*-",
    "innocent": "Coding: A/B",
    "line": f"a\n{CANARY}",
    "return": f"a\r{CANARY}",
    "separator": f"a\u2028{CANARY}",
    "feed": f"a\x0c{CANARY}",
    "next line": f"a\x85{CANARY}",
    "triple": f'"""\n{CANARY}\n"""',
    "triple single": f"'''\n{CANARY}\n'''",
    "call": f"'+{CANARY}+'",
    "backslash": f"\\\n{CANARY}",
    "backslash at the end": "a\\",
    "NUL": f"a\0{CANARY}",
    "bidi": "\u202egnp.exe\u2066",
    "braces": f"{{{CANARY}}} {{}} {{0}} %s %(a)s %",
    "script": "</script><script>alert(1)</script>",
    "formula": "=cmd|' /C calc'!A0",
    "long": "x" * 79 + "\\",
    "surrogate": "\ud800",
    "escape": "\x1b[31mred",
    "magic": "__import__('os')",
    "emoji": "🙂 ñ 中",
}


PLAIN_TABLE = "n,c,y\n" + "".join(
    f"{i % 5},{'ab?'[i % 3]},{'uvw'[i % 5 // 2]}\n" for i in range(60)
)
PLAIN = Case(PLAIN_TABLE.encode(), "y")


def hostile(name):
    """The plain model with this in the names of its columns, categories, classes and target."""
    way = PLAIN.made.preparation
    number, category = way.fields
    fields = (
        number._replace(name=f"{name} n"),
        category._replace(name=f"{name} c", categories=(f"{name} a", f"{name} b")),
    )
    classes = tuple(f"{name} {one}" for one in way.classes)
    way = replace(way, target=name, fields=fields, classes=classes)
    return replace(PLAIN.model, input_names=way.input_names, classes=classes), way


def form_like(name):
    """The form of a table whose names are the hostile ones."""
    return TextForm(names=tuple(((f"{name} {one}",), f"{name} {one}") for one in "nc"))


def tokens(text):
    """The tokens of a program by their type."""
    found = {tokenize.COMMENT: [], tokenize.STRING: [], tokenize.NAME: []}
    for token in tokenize.tokenize(io.BytesIO(text.encode()).readline):
        found.setdefault(token.type, []).append(token.string)
    return found


@cache
def plain_program(library):
    """The program with a plain name in all places, and its tokens; nobody changes them."""
    text = code_for(library, *hostile("plain"), form_like("plain"))
    return text, tokens(text)


@pytest.mark.parametrize("library", ["numpy", "sklearn", "keras", "torch"])
@pytest.mark.parametrize("kind", HOSTILE)
def test_a_name_stands_in_a_program_only_as_quoted_data(kind, library):
    name = HOSTILE[kind]
    text = code_for(library, *hostile(name), form_like(name))
    plain, other = plain_program(library)
    assert text.split("\n")[0] == "# -*- coding: utf-8 -*-"
    assert text.split("\n")[1] == plain.split("\n")[1]
    own = tokens(text)
    assert own[tokenize.COMMENT] == other[tokenize.COMMENT]
    assert own[tokenize.NAME] == other[tokenize.NAME]
    foreign = [one for one in own[tokenize.STRING] if one not in other[tokenize.STRING]]
    assert all(one.isascii() and name in ast.literal_eval(one) for one in foreign)
    assert len(foreign) == 15


CALL = """
import json, sys
for name, rows in json.load(open(sys.argv[1])).items():
    labels, p = __import__(name).predict(rows)
    print(json.dumps([labels, p.tolist()]))
"""


@pytest.mark.parametrize("library", ["numpy", "sklearn"])
def test_no_name_is_run_and_the_predictions_are_the_same(library, start, tmp_path):
    rows, right = PLAIN.table.frame.to_dict("records"), PLAIN.page(PLAIN_TABLE.encode())
    given = {}
    for i, name in enumerate(HOSTILE.values()):
        text = code_for(library, *hostile(name), form_like(name))
        (tmp_path / f"program{i}.py").write_text(text, encoding="utf-8")
        called = {one: f"{name} {one}" for one in "abnc"}
        given[f"program{i}"] = [
            {
                called[column]: called.get(cell, cell)
                for column, cell in row.items()
                if column != "y"
            }
            for row in rows
        ]
    done = start(CALL, json.dumps(given).encode())
    assert done.returncode == 0, done.stderr
    for name, line in zip(HOSTILE.values(), done.stdout.splitlines(), strict=True):
        labels, p = json.loads(line)
        assert labels == [f"{name} {one}" for one in right[:, 0]]
        np.testing.assert_allclose(p, right[:, 1:].astype(float), atol=1e-6)
    assert not (tmp_path / "canary").exists()


def test_the_canary_dies_in_a_program_that_lets_names_out(tmp_path):
    text = code_for("numpy", *hostile(HOSTILE["line"]))
    text = text.replace("# The network\n", f"# The network of {HOSTILE['line']}\n")
    (tmp_path / "program.py").write_text(text, encoding="utf-8")
    subprocess.run([sys.executable, "program.py"], cwd=tmp_path, capture_output=True)
    assert (tmp_path / "canary").exists()


@pytest.mark.parametrize("kind", HOSTILE)
def test_names_are_plain_data_in_an_onnx_file(kind):
    model, way = hostile(HOSTILE[kind])
    data = onnx_file(model, way)
    session = onnxruntime.InferenceSession(data)
    clean = HOSTILE[kind].replace("\0", "\ufffd").replace("\ud800", "?")
    assert [one.name for one in session.get_inputs()] == [f"{clean} n", f"{clean} c"]
    frame = PLAIN.table.frame
    texts = [f"{clean} {one}" if one in "ab" else one for one in frame["c"]]
    given = {f"{clean} n": frame["n"].astype(float).to_numpy()[:, None]}
    given[f"{clean} c"] = np.array(texts, dtype=object)[:, None]
    labels, p = session.run(None, given)
    right = PLAIN.page(PLAIN_TABLE.encode())
    assert labels.tolist() == [f"{clean} {one}" for one in right[:, 0]]
    np.testing.assert_allclose(p, right[:, 1:].astype(float), atol=1e-6)
    told = {one.key: json.loads(one.value) for one in onnx.load_from_string(data).metadata_props}
    assert told["target"] == HOSTILE[kind]
