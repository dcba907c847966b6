"""Project files: each damage has its own sentence, and files of the version before still open."""

import json
import re
import struct
from pathlib import Path

import numpy as np
import pytest

from engine.export.files import unzip_files
from engine.export.project import OTHER_DATA, Project, open_project, project_file
from engine.language import speaking
from engine.tables.columns.table_dataset import prepare
from engine.tables.reading.reader import read_table
from engine.training.config import OWN, Config
from engine.training.model import model_of
from engine.training.run import Run
from tests.engine.export.test_files import trained
from tests.fuzz.mutations import check_sentence, unzipped, zipped

SAVED = {path.stem: path for path in Path(__file__).with_name("projects").glob("*.zip")}
GOOD = unzipped(project_file(Project(trained(epochs=8))))
BIRDS = unzipped(SAVED["birds"].read_bytes())


def changed(files, **entries):
    """A project file whose description has these entries; those that are ... are left out."""
    told = {**json.loads(files["project.json"]), **entries}
    told = {name: value for name, value in told.items() if value is not ...}
    return zipped({**files, "project.json": json.dumps(told).encode()})


@pytest.mark.parametrize("name", SAVED)
def test_a_project_of_the_version_before_opens_as_it_was(name):
    project = open_project(SAVED[name].read_bytes())
    told = json.loads(SAVED[name].with_suffix(".json").read_text())
    run = project.run
    assert (run.epochs, len(run.events)) == (told["epochs"], told["events"])
    assert run.losses[-1]["train"] == told["last"]
    found = model_of(run, run.epochs).outputs(np.array(told["inputs"]))
    np.testing.assert_allclose(found, told["outputs"], rtol=1e-12)
    np.testing.assert_array_equal(run.dataset.inputs[:, :5], told["inputs"])
    assert OTHER_DATA not in run.dataset.notes
    assert run.advance(2) == 2


@pytest.mark.parametrize(
    ("entries", "words"),
    [  # kind_49
        ({"stride": 0}, "needs a power of 2 as 'stride'; '0' was given."),
        ({"stride": -1}, "as 'stride'; '-1' was given."),
        ({"stride": True}, "as 'stride'; 'true' was given."),
        ({"stride": "1"}, "as 'stride'"),
        ({"stride": 3}, "as 'stride'; '3' was given."),
        ({"stride": None}, "as 'stride'; 'null' was given."),
        ({"head": 7.5}, "needs a whole number from 0 to 1,000,000 as 'head'; '7.5' was given."),
        ({"head": 99}, "'head' must be an epoch that it holds; 99 was given."),
        ({"shown": 9}, "needs a whole number from 0 to 8 as 'shown'; '9' was given."),
        ({"shown": "8"}, "as 'shown'"),
        ({"head": ...}, "The project's description has no 'head'."),
        ({"patience": [1]}, "as 'patience'; '[1]' was given."),
        ({"patience": [1, "2", 3]}, "as 'patience'"),
        ({"patience": [0, "soon"]}, "as 'patience'"),
        ({"patience": [0, "nan"]}, "as 'patience'"),
        ({"patience": [900, "1.0"]}, "'patience' of at most epoch 8"),
        ({"config": []}, "needs an object of texts as 'config'"),
        ({"config": {"noise": 1}}, "needs an object of texts as 'config'"),
        ({"config": {"noise": "9"}}, "a setting that is not valid: Noise"),
        ({"config": {"nose": "1"}}, "'nose' that this version does not know."),
        ({"config": {"dataset": "own"}}, "but the file has none."),
        ({"config": {"v": "7"}}, "settings of version '7'; this app reads version 1"),
        ({"events": 5}, "needs a text as 'events'; '5' was given."),
        ({"events": "x"}, "a change that is not valid: it could not be read."),
        ({"events": "1:W9.0.0:1"}, "a change that is not valid: Only"),
        ({"finished": None}, "needs a text as 'finished'"),
        ({"table": "t"}, "The project's entry on its table is not an object."),
        ({"table": {"name": "t"}}, "The project's entry on its table has no 'told'."),
        ({"format": "deltascope-project-9"}, "The file is not a project of the format"),
    ],
    ids=str,
)
def test_a_wrong_entry_is_refused_by_its_name(entries, words):
    with pytest.raises(ValueError, match=re.escape(words)) as reason:
        open_project(changed(GOOD, **entries))
    check_sentence(reason.value)


@pytest.mark.parametrize(
    ("entries", "words"),
    [
        ({"told": {"delimiter": 5}}, "needs a text as 'delimiter'; '5' was given."),
        ({"told": {"skip": -1}}, "as 'skip'; '-1' was given."),
        ({"told": {"quotes": "x"}}, "'quotes' that this version does not know."),
        ({"told": {"encoding": "klingon"}}, "'klingon' is not a known encoding."),
        ({"choices": {"target": "sort", "progress": "x"}}, "'progress' that this version"),
        ({"choices": {"target": "nobody"}}, "The table has no column 'nobody'."),
        ({"choices": {"target": ["sort"]}}, "."),
        ({"choices": {"target": "sort", "kinds": 5}}, "cannot be prepared with the saved choices."),
        (
            {"choices": {"target": "sort", "leave_out": 3}},
            "cannot be prepared with the saved choices",
        ),
        ({"name": None}, "needs a text as 'name'; 'null' was given."),
    ],
    ids=str,
)
def test_a_wrong_entry_on_the_table_is_refused_by_its_name(entries, words):
    table = {**json.loads(BIRDS["project.json"])["table"], **entries}
    with pytest.raises(ValueError, match=re.escape(words)) as reason:
        open_project(changed(BIRDS, table=table))
    check_sentence(reason.value)


def with_central_directory_at(data, place):
    """The ZIP, its end pointing elsewhere for the list of files."""
    end = data.rfind(b"PK\x05\x06") + 16
    return data[:end] + struct.pack("<I", place) + data[end + 4 :]


ZIP = zipped(GOOD)
LISTED = b"PK\x01\x02\x14\x03\x14\x00"  # a file in the list of files; flags and packing follow
DAMAGED = {  # kind_49
    "a list of files before the beginning": with_central_directory_at(ZIP, 2**31),
    "a list of files behind the end": with_central_directory_at(ZIP, len(ZIP) + 5),
    "cut off": ZIP[: len(ZIP) // 2],
    "another way to pack": ZIP.replace(LISTED + b"\x00\x00\x08", LISTED + b"\x00\x00\x63"),
    "packed data changed": ZIP[:60] + bytes(40) + ZIP[100:],
    "no description": zipped({"run.npz": GOOD["run.npz"]}),
    "no numbers": zipped({"project.json": GOOD["project.json"]}),
    "numbers that are none": zipped({**GOOD, "run.npz": b"PK"}),
    "a description in another encoding": zipped({**GOOD, "project.json": "é".encode("utf-16")}),
    "a description that is a list": zipped({**GOOD, "project.json": b"[]"}),
    "a description that is too deep": zipped({**GOOD, "project.json": b"[" * 10**5}),
    "NaN": zipped({**GOOD, "project.json": b'{"format": NaN}'}),
    "encrypted": ZIP.replace(LISTED + b"\x00", LISTED + b"\x01"),
}  # fmt: skip


@pytest.mark.parametrize("kind", DAMAGED)
def test_a_damaged_file_is_refused_with_a_sentence(kind):
    assert DAMAGED[kind] != ZIP
    with pytest.raises(ValueError, match=r"\.$") as reason:
        open_project(DAMAGED[kind])
    check_sentence(reason.value)


def npy(header, data=b""):
    """The bytes of an NPY with this header."""
    text = header.encode() + b"\n"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(text)) + text + data


@pytest.mark.parametrize(
    "array",
    [
        npy("{'descr': '<f8', 'fortran_order': False, 'shape': (1000000000000,)}"),
        npy("{'descr': '<f8', 'fortran_order': False, 'shape': (-1,)}"),
        npy("{'descr': '|O', 'fortran_order': False, 'shape': (1,)}", b"x" * 8),
        npy("{'descr': '<q9', 'fortran_order': False, 'shape': (1,)}", b"x" * 8),
        npy("{'descr': [], 'fortran_order': False, 'shape': ()}"),
        npy("__import__('os').system('true')"),
        npy("((((((((((("),
        npy(""),
        b"",
        b"\x80\x04\x95",
    ],
    ids=ascii,
)
def test_an_array_that_cannot_be_read_is_refused_by_its_name(array):
    numbers = {**unzipped(GOOD["run.npz"]), "memory.npy": array}
    with pytest.raises(ValueError, match=r"The numbers 'memory' in the file cannot be read\."):
        open_project(zipped({**GOOD, "run.npz": zipped(numbers)}))


def test_a_project_whose_data_are_prepared_in_another_way_says_so():
    csv = BIRDS["data.csv"].replace(b"\n3,0;", b"\n30,0;")
    notes = open_project(zipped({**BIRDS, "data.csv": csv})).run.dataset.notes
    assert notes[-1] == OTHER_DATA


def older(target: str, **more: str) -> bytes:
    """Return a project of a run on this target that the file does not name, as it was earlier."""
    rng = np.random.default_rng(3)
    a, b = rng.normal(size=60), rng.normal(size=60)
    lines = [
        f"{x:.3f},{y:.3f},{x + 2 * y:.3f},{'pq'[int(x > 0)]}" for x, y in zip(a, b, strict=True)
    ]
    data = "\n".join(["first,second,third,kind", *lines]).encode()
    table = read_table(data, "old.csv")
    made = prepare(table, target, config=Config(dataset=OWN))
    run = Run(Config(dataset=OWN, epochs=4), made.dataset)
    run.advance(4)
    files = unzipped(project_file(Project(run, table, made, data)))
    told = json.loads(files["project.json"])
    assert told["table"]["choices"]["target"] == target
    told["table"]["choices"] = more
    return zipped({**files, "project.json": json.dumps(told).encode()})


@pytest.mark.parametrize("target", ["first", "second", "third", "kind"])
def test_a_project_that_does_not_name_its_target_opens_with_the_one_of_its_record(target):
    project = open_project(older(target))
    assert project.prepared is not None
    assert project.prepared.preparation.target == target
    assert OTHER_DATA not in project.run.dataset.notes
    again = open_project(project_file(project))
    assert again.choices["target"] == target


def test_a_record_that_is_of_no_column_is_said_to_be_of_other_data():
    files = unzipped(older("third"))
    data = files["data.csv"].replace(b"0.", b"7.")
    project = open_project(zipped({**files, "data.csv": data}))
    assert project.run.dataset.notes[-1] == OTHER_DATA


def test_a_name_that_is_half_a_character_can_be_saved():
    files = unzip_files(project_file(open_project(zipped(BIRDS))), ["project.json"])
    assert files["project.json"].isascii()


@pytest.mark.parametrize(
    ("entries", "words"),
    [
        ({"config": {"noise": "9"}}, "项目中有无效的设置"),
        ({"events": "x"}, "无法读取"),
        ({"config": {"v": "7"}}, "该项目的设置是版本"),
    ],
    ids=str,
)
def test_in_another_language_too_a_refused_project_says_nothing_of_what_is_used_instead(
    entries, words
):
    with speaking("zh"), pytest.raises(ValueError, match=words) as reason:
        open_project(changed(GOOD, **entries))
    for used in ("默认", "链接", "忽略"):
        assert used not in str(reason.value)
