"""The samples: each is read without a hand on it, and the target it is known for is suggested."""

import pytest

from engine.problems.sample_tables import SAMPLES
from engine.tables.columns.column_profile import of_kind, profile
from engine.tables.columns.table_dataset import prepare
from engine.tables.reading.reader import read_table

TARGETS = {
    "iris.csv": ("species", "classification", 150, 4),
    "wine.csv": ("grower", "classification", 178, 13),
    "breast cancer.csv": ("diagnosis", "classification", 569, 30),
    "diabetes.csv": ("progression", "regression", 442, 10),
    "iris from Germany.csv": ("Art", "classification", 150, 4),
}


@pytest.mark.parametrize("name", SAMPLES)
def test_a_sample_is_read_and_its_target_is_suggested(name: str):
    made = prepare(read_table(SAMPLES[name](), name))
    data, way = made.dataset, made.preparation
    assert (way.target, way.task, data.n, data.d) == TARGETS[name]


def test_the_table_from_abroad_is_the_same_but_for_two_cells():
    here = prepare(read_table(SAMPLES["iris.csv"]())).dataset.inputs
    there = prepare(read_table(SAMPLES["iris from Germany.csv"]())).dataset.inputs
    assert (here != there).sum() <= 2


def test_a_person_says_what_kind_a_column_is():
    table = read_table(
        b"zip,word,y\n" + b"".join(b"%d,w%d,%d\n" % (k % 3, k, k % 2) for k in range(30))
    )
    zips, words, _ = profile(table)
    asked = of_kind(table, zips, "category")
    assert (asked.kind, asked.reading.kind, asked.labels) == ("category", "text", ("0", "1", "2"))
    assert of_kind(table, asked, "number").reading.kind == "number"
    for column, kind in ((words, "number"), (zips, "date")):
        with pytest.raises(ValueError, match=f"'{column.name}' cannot be read as a {kind}"):
            of_kind(table, column, kind)
    made = prepare(table, "y", kinds={"zip": "category"})
    assert made.dataset.input_names == ("zip = 0", "zip = 1", "zip = 2")
