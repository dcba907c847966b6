"""Damaged tables: each is read, or refused with one sentence, and none takes long."""

from random import Random

import pytest

from engine.problems.sample_tables import SAMPLES
from engine.tables.columns.column_profile import profile
from engine.tables.columns.table_dataset import prepare
from engine.tables.reading.reader import read_table
from tests.engine.pollution import TABLES, written
from tests.fuzz import COUNTS
from tests.fuzz.mutations import (
    STRANGE_TEXTS,
    bytes_changed,
    check_refused_or_taken,
    text_changed,
)

COUNT, SEED = COUNTS["tables"], 12
MARKS = [",", ";", "\t", "|", '"', "'", "\n", "\r", "\r\n", " ", ":", "#", "\\", "=", "%", "€"]
ENCODINGS = ["utf-8", "utf-8-sig", "utf-16", "latin-1", "cp1252", "utf-16-le", "cp037"]
SOUND = [written([head, *rows]) for head, rows in (make(Random(0)) for make in TABLES.values())]
SOUND += [sample().decode() for sample in list(SAMPLES.values())[:3]]


def changed(draw):
    """(what was done, the bytes of a table with something wrong in it)."""
    text = draw.choice(SOUND)[: draw.choice([200, 2000, 20_000])]
    how = draw.choice(["text", "bytes", "marks", "cells", "lines", "encoding"])
    for _ in range(draw.choice([1, 3, 20])):
        if how == "text":
            text = text_changed(text, draw)
        elif how == "marks":
            old, new = draw.choice(MARKS), draw.choice(MARKS)
            text = text.replace(old, new, draw.choice([1, 5, -1]))
        elif how == "cells":
            cells = text.split(",")
            cells[draw.randrange(len(cells))] = draw.choice([*STRANGE_TEXTS, *MARKS])
            text = ",".join(cells)
        elif how == "lines":
            lines = text.split("\n")
            draw.shuffle(lines)
            text = "\n".join(lines[: draw.randrange(1, len(lines) + 1)])
    data = text.encode(draw.choice(ENCODINGS) if how == "encoding" else "utf-8", "replace")
    return how, bytes_changed(data, draw) if how == "bytes" else data


def understood(data):
    """The table as the page opens it: read, its columns understood, made into a data set."""
    table = read_table(data, "fuzz.csv")
    if not len(table.frame) or not table.frame.shape[1]:
        return None
    columns = profile(table)
    return prepare(table, columns=columns)


def test_damaged_tables_are_read_or_refused_with_a_sentence(capsys):
    with capsys.disabled():
        print(f"\n{COUNT} tables, seed {SEED}")
    taken = 0
    for i in range(COUNT):
        how, data = changed(Random(f"{SEED}.{i}"))
        taken += check_refused_or_taken(understood, data, f"table {i} ({how})") is not None
    assert taken > COUNT / 4  # it is tables that are read, not refusals alone


def test_the_fuzz_sees_a_planted_fault():
    with pytest.raises(AssertionError):
        check_refused_or_taken(lambda data: (_ for _ in ()).throw(ValueError("index 3")), b"", "x")
