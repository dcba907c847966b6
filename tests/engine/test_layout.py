"""Where in a file the table lies: prose, settings, several header rows, totals, odd cuts."""

import pytest

from engine.table import read_table
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
