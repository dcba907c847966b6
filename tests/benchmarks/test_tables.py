"""The commands on tables: the scores against hand-worked ones, and that a miss is a miss."""

import json
import sys

import pytest

from benchmarks import big_table, pollock, public_tables, spectrum, target_tables
from benchmarks.pollock import MEASURES, READERS, Loaded, agreement, normal, scores
from engine.tables.reading.reader import read_table


def test_agreement_is_that_of_bags():
    assert agreement(["a", "a", "b"], ["a", "b", "b", "c"]) == pytest.approx((2 / 4, 2 / 3, 4 / 7))
    assert agreement([], ["a"]) == (1, 1, 1)
    assert agreement(["a"], []) == (0, 0, 0)


@pytest.mark.parametrize(
    ("one", "same"),
    [("007", "7"), ("1.50", "1.5"), ("True", "1"), ("ABC", "abc"), ("2020-01-02", "Jan 2 2020")],
)
def test_ways_of_writing_do_not_count(one, same):
    assert normal(one) == normal(same)


def test_a_file_scores_ten_if_all_is_right_and_nothing_if_it_is_not_read():
    right = Loaded(["a", "b"], [["1", "x"], ["2", "y"]])
    assert scores(right, right) == [1.0] * len(MEASURES) == [1.0] * 10
    assert sum(scores(right, None)) == 0
    found = scores(right, Loaded(["a", "c"], [["1", "x"], ["2", "z"]]))
    assert found == [1, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.75, 0.75, 0.75]


@pytest.fixture
def corpus(tmp_path):
    """Two files in the layout of the corpus."""
    for name, polluted in (("sound.csv", b"a,b\n1,x\n2,y\n"), ("space.csv", b"a; b\n1; x\n2; y\n")):
        for folder, data in (
            ("csv", polluted),
            ("clean", b"a,b\n1,x\n2,y\n"),
            ("parameters", b'{"header_lines": 1}'),
        ):
            (tmp_path / folder).mkdir(exist_ok=True)
            end = "_parameters.json" if folder == "parameters" else ""
            (tmp_path / folder / (name + end)).write_bytes(data)
    return tmp_path


@pytest.mark.parametrize("as_json", [True, False])
def test_the_command_measures_every_reader(corpus, as_json, monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["pollock", str(corpus), *(["--json"] if as_json else [])])
    pollock.main()
    printed = capsys.readouterr().out
    if as_json:
        found = json.loads(printed)
        assert list(found) == list(READERS)
        assert found["Deltascope"]["score"] == 10
        assert found["pandas"]["score"] < 10
    else:
        assert len(printed.splitlines()) == 1 + len(READERS)


def test_a_case_of_the_spectrum_that_is_read_wrong_is_said(tmp_path):
    for folder in ("csvs", "json"):
        (tmp_path / folder).mkdir()
    for name, data in (("good", "a,b\n1,2\n"), ("bad", "a,b\n1,3\n")):
        (tmp_path / "csvs" / f"{name}.csv").write_text(data)
        (tmp_path / "json" / f"{name}.json").write_text('[{"a": "1", "b": "2"}]')
    assert spectrum.measure(tmp_path) == {"bad": False, "good": True}


def test_a_public_table_goes_from_file_to_score():
    one = public_tables.Public("sklearn", "datasets/data/iris.csv", "column 5", "classification")
    assert one in public_tables.TABLES
    found = public_tables.measure(one, seeds=2)
    assert found["right"]
    assert found["rows"] == 150
    assert found["ours"] > 0.9
    assert found["mlp"] > 0.85
    wrong = public_tables.measure(one._replace(target="column 4", task="regression"), seeds=1)
    assert not wrong["right"]


def test_there_are_at_least_fifteen_public_tables():
    assert len(set(public_tables.TABLES)) >= 15
    with pytest.raises(ValueError, match="is not installed"):
        public_tables.content(public_tables.Public("nowhere_at_all", "a.csv", "y", "regression"))


def test_the_large_table_is_what_it_says(tmp_path):
    data = big_table.made(rows=300)
    assert read_table(data).frame.shape == (300, big_table.COLUMNS)
    path = tmp_path / "small.csv"
    path.write_bytes(data)
    found = big_table.measure(str(path))
    assert found["examples"] == 300
    assert found["read"] > 0


def test_a_suggestion_without_a_target_is_right_only_as_a_question():
    one = target_tables.made("t ; a:0-1.2|b:0-1.2|*c:0-1.2")
    assert one.targets == ("c",)
    found = [
        public_tables.Judged("sure and right", "c", True, True, True, True),
        public_tables.Judged("a question", "a", False, False, True, True),
        public_tables.Judged("has none", "a", True, False, False, False),
    ]
    own = public_tables.scores(found)
    assert (own["sure"], own["right where sure"], own["right"], own["among three"]) == (
        2,
        0.5,
        0.5,
        1,
    )
    assert own["wrong though sure"] == ["has none: a"]


def test_made_up_tables_are_the_same_each_time_and_hang_on_their_inputs():
    line = "probe ; id:#|a:0-9.1|k:x/y|*c:10-90.1|:E"
    one, again = target_tables.made(line), target_tables.made(line)
    assert one.data == again.data
    table = read_table(one.data, "probe.csv")
    assert list(table.frame.columns)[:4] == ["id", "a", "k", "c"]
    judged = public_tables.judged(*one)
    assert judged.aims
    assert judged.among


def test_no_table_is_in_two_sets():
    lines = target_tables.LIST.read_text(encoding="utf-8").splitlines()
    names = [line.split(": ")[0].split(" ;")[0] for line in lines if line and line[0] != "#"]
    assert len(set(names)) == len(names) > 400
