"""Keeping: what is exported says what the engine says; what is opened again is the same."""

import ast
import csv
import io
import json
import zipfile

import numpy as np
import onnxruntime
import pandas as pd
import pytest

from engine.data.features import FEATURES
from engine.evaluation.prediction import predictions
from engine.export import onnx_graph
from engine.export import source_code as code
from engine.export.csv_writing import as_csv, escape_formula
from engine.export.files import (
    MOST_BYTES,
    model_file,
    npz_bytes,
    read_model,
    read_npz,
    report_html,
    unzip_files,
    zip_bytes,
)
from engine.export.program import code_for
from engine.export.project import Project, open_project, project_file
from engine.export.source_code import LIBRARIES
from engine.nn.activations import ACTIVATIONS
from engine.problems.registry import load_shared
from engine.tables.columns.table_dataset import prepare
from engine.tables.reading.reader import read_table
from engine.training.config import Config
from engine.training.model import model_of, model_to_plain
from engine.training.output_head import output_loss_pairs
from engine.training.run import Run
from tests.test_structure import ROOT

HIDDEN = [name for name, one in ACTIVATIONS.items() if one.hidden]
ALL_FEATURES = ("x1", "x2", "x1x1", "x2x2", "x1x2", "sinx1", "sinx2")
PENGUINS = "mass;wing;sort\n" + "".join(
    f"{3 + i % 5},{i % 7};{180 + 3 * (i % 11)};{'AB'[(i % 5 + i % 11) // 8]}\n" for i in range(80)
)


def trained(epochs=4, **choices):
    """A run of a few epochs."""
    config = Config(**{"hidden": (5, 4), **choices})
    run = Run(config, load_shared(config))
    run.advance(epochs)
    return run


CASES = {
    **{f"circle {name}": {"activation": name, "features": ALL_FEATURES} for name in HIDDEN},
    **{f"iris {name}": {"dataset": "iris", "activation": name} for name in HIDDEN},
    **{f"diabetes {name}": {"dataset": "diabetes", "activation": name} for name in HIDDEN},
    **{
        f"iris {output} {loss}": {"dataset": "iris", "output": output, "loss": loss}
        for output, loss in output_loss_pairs("classification")
    },
    **{
        f"diabetes {output} {loss}": {"dataset": "diabetes", "output": output, "loss": loss}
        for output, loss in output_loss_pairs("regression")
    },
    "no hidden layer": {"dataset": "wine", "hidden": ()},
    "not scaled": {"dataset": "iris", "scaling": "none"},
    "float32": {"precision": "float32"},
}


@pytest.fixture(params=CASES, scope="module")
def run(request):
    return trained(**CASES[request.param])


def page(run):
    """(K, n) what the pages show for all examples, in own units."""
    a = run.at(run.epochs, np.arange(run.dataset.n)).layers[-1].a
    return a if run.dataset.classes else run.dataset.own_units(a)


def agree(found, right):
    scale = np.abs(right).max()
    np.testing.assert_allclose(found, right, atol=1e-6 * max(1.0, scale), rtol=1e-6)


def test_a_model_says_what_the_page_says(run):
    agree(model_of(run).outputs(run.dataset.inputs), page(run))


def test_a_model_file_gives_the_same_model_bit_for_bit(run):
    model = model_of(run)
    same, preparation = read_model(model_file(model))
    assert preparation is None
    assert model_to_plain(same) == model_to_plain(model)
    np.testing.assert_array_equal(
        same.outputs(run.dataset.inputs), model.outputs(run.dataset.inputs)
    )


@pytest.mark.parametrize("double", [True, False], ids=["double", "single"])
def test_onnx_says_what_the_page_says(run, double):
    model, data = model_of(run), run.dataset
    session = onnxruntime.InferenceSession(onnx_graph.onnx_file(model, double=double))
    kind = np.float64 if double else np.float32
    names = [one.name for one in session.get_inputs()]
    given = {name: x[:, None].astype(kind) for name, x in zip(names, data.inputs, strict=True)}
    found = session.run(None, given)
    a, near = page(run), 1e-6 if double else 2e-4
    right = model.shares(a).T if data.classes else a.T
    assert found[-1].dtype == kind
    scale = max(1.0, np.abs(right).max())
    np.testing.assert_allclose(found[-1] / scale, right / scale, atol=near)
    if data.classes:
        sure = np.abs(np.diff(np.sort(right, axis=1)[:, -2:])).ravel() > near
        labels = np.array(model.classes)[model.decide(a)]
        assert found[0][sure].tolist() == labels[sure].tolist()


@pytest.mark.parametrize("library", ["numpy", "sklearn"])
def test_the_program_says_what_the_page_says(run, library):
    model = model_of(run)
    try:
        text = code_for(library, model)
    except ValueError as reason:
        told = str(reason)
        assert library == "sklearn"
        hidden = set(model.activations[:-1])
        assert "has no network with" in told
        usual = ("softmax", "sigmoid") if model.classes else ("linear", "exp")
        assert (
            not hidden <= {"linear", "sigmoid", "tanh", "relu"}
            or model.activations[-1] not in usual
        )
        return
    names = {}
    exec(compile(text, library, "exec"), names)
    agree(names["outputs"](run.dataset.inputs.T).T, page(run))


@pytest.mark.parametrize("library", ["keras", "torch"])
def test_the_program_for_others_is_python_with_the_same_numbers(run, library):
    text = code_for(library, model_of(run))
    tree = ast.parse(text)
    given = {
        node.targets[0].id: ast.literal_eval(node.value.args[0])
        for node in tree.body
        if isinstance(node, ast.Assign)
        and isinstance(node.value, ast.Call)
        and getattr(node.value.func, "attr", "") == "array"
    }
    for l, (W, b) in enumerate(model_of(run).layers, 1):
        np.testing.assert_array_equal(given[f"W{l}"], W)
        np.testing.assert_array_equal(given[f"b{l}"], b)


def test_every_activation_and_input_is_written_for_every_library():
    for name, f in ACTIVATIONS.items():
        assert f.code.numpy, name
        assert f.code.keras, name
        assert f.code.torch, name
        assert f.onnx or f.code.numpy == "z", name
    names = {"identity", "logistic", "tanh", "relu", "exp", "softmax"}
    assert {f.code.sklearn for f in ACTIVATIONS.values()} == {"", *names}
    for own in (code.FEATURES, onnx_graph.FEATURES):
        assert set(own) == set(FEATURES)
    assert set(LIBRARIES) == {"numpy", "sklearn", "keras", "torch"}


def test_a_library_that_is_not_there_is_a_sentence():
    with pytest.raises(ValueError, match="There is code for numpy"):
        code_for("abacus", model_of(trained()))


# Files from outside


BAD = {
    "nothing": b"",
    "no ZIP": b"PK\x03\x04 broken",
    "pickle": b"\x80\x04\x95\x00",
    "empty ZIP": zip_bytes({}),
    "other files": zip_bytes({"a.txt": b"1"}),
    "no JSON": zip_bytes({"model.json": b"{", "weights.npz": b""}),
    "a list": zip_bytes({"model.json": b"[1]", "weights.npz": zip_bytes({})}),
    "NaN": zip_bytes({"model.json": b'{"format": NaN}', "weights.npz": zip_bytes({})}),
    "deep": zip_bytes({"model.json": b"[" * 100_000, "weights.npz": zip_bytes({})}),
}


@pytest.mark.parametrize("kind", BAD)
def test_a_file_that_is_no_model_is_a_sentence(kind):
    with pytest.raises(ValueError, match=r"\.$"):
        read_model(BAD[kind])


@pytest.mark.parametrize("kind", BAD)
def test_a_file_that_is_no_project_is_a_sentence(kind):
    with pytest.raises(ValueError, match=r"\.$"):
        open_project(BAD[kind])


@pytest.mark.parametrize(
    "change",
    [
        {"format": "deltascope-model-9"},
        {"sizes": [2, 5, 4, 10**9]},
        {"sizes": [2, 5, 4]},
        {"sizes": [2, 5, 5, 1]},
        {"activations": ["tanh", "tanh", "eval"]},
        {"activations": ["tanh", "tanh", "exp"]},  # not for classes
        {"activations": ["tanh", "tanh", "relu"]},  # not an output
        {"expand": ["__import__"]},
        {"activations": [["tanh"], {}, None]},
        {"sizes": [2, True, 4, 1]},
        {"sizes": 5},
        {"input_names": "ab"},
        {"classes": [1, 2]},
        {"surprise": 1},
    ],
)
def test_a_model_that_does_not_hang_together_is_a_sentence(change):
    files = unzip_files(model_file(model_of(trained())), ["model.json", "weights.npz"])
    files["model.json"] = json.dumps(json.loads(files["model.json"]) | change).encode()
    with pytest.raises(ValueError, match=r"^The model.*\.$|^This file is not a model.*\.$"):
        read_model(zip_bytes(files))


def test_a_model_whose_preparation_is_damaged_is_a_sentence():
    files = unzip_files(model_file(model_of(trained())), ["model.json", "weights.npz"])
    for damaged in ({}, {"fields": 5}, {"fields": [{"reading": {"pair": 1}}]}, {"left_out": [1]}):
        files["preparation.json"] = json.dumps(damaged).encode()
        with pytest.raises(ValueError, match="The model's preparation is not complete"):
            read_model(zip_bytes(files))


def test_an_array_of_objects_is_never_opened():
    out = io.BytesIO()
    np.save(out, np.array([{"a": 1}], dtype=object), allow_pickle=True)
    with pytest.raises(ValueError, match="cannot be read"):
        read_npz(zip_bytes({"theta.npy": out.getvalue()}), ["theta"])


def test_a_file_that_grows_too_large_is_not_unpacked():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr("a", bytes(MOST_BYTES + 1))
    with pytest.raises(ValueError, match="too large"):
        unzip_files(out.getvalue(), ["a"])


def test_nothing_is_pickled_anywhere():
    banned = {"pickle", "joblib", "dill", "cloudpickle", "shelve", "marshal"}
    for path in (ROOT / "engine").rglob("*.py"):
        text = path.read_text()
        if any(name in text for name in banned):  # only then is it worth parsing
            names = {
                alias.name
                for node in ast.walk(ast.parse(text))
                if isinstance(node, ast.Import | ast.ImportFrom)
                for alias in node.names
            }
            assert not names & banned, path
        assert "allow_pickle=True" not in text


# Projects


def same_run(one, other):
    assert one.losses.tobytes() == other.losses.tobytes()
    for epoch in {0, one.epochs // 2, one.epochs}:
        np.testing.assert_array_equal(one.at(epoch).theta, other.at(epoch).theta)
    assert (one.finished, one.diverged, one.best) == (other.finished, other.diverged, other.best)


@pytest.mark.parametrize(
    "choices",
    [
        {},
        {"dropout": 0.3, "optimizer": "adam", "schedule": "plateau", "schedule_length": 3},
        {"optimizer": "adam", "learning_rate": 0.1, "patience": 3},
        {"learning_rate": 1000.0, "activation": "relu", "dataset": "diabetes"},
        {"precision": "float32", "input_dropout": 0.2},
    ],
)
def test_a_project_opens_with_the_same_losses_bit_for_bit_and_goes_on_alike(choices):
    run = trained(30, **choices)
    if not run.ended:
        run.change(20, learning_rate=0.03)
        run.edit(20, "W1.0.1", 0.5)
        run.advance(15)
    data = project_file(Project(run))
    opened = open_project(data).run
    same_run(run, opened)
    assert project_file(Project(opened)) == data
    assert opened.events == run.events
    assert run.advance(7) == opened.advance(7)
    same_run(run, opened)


def test_a_project_with_a_table_opens_as_it_was():
    data = PENGUINS.encode("latin-1")
    table = read_table(data, "my birds", delimiter=";")
    choices = {"target": "sort", "impute": "mean"}
    config = Config(seed=5, hidden=(4,))
    made = prepare(table, config=config, **choices)
    run = Run(config, made.dataset)
    run.advance(20)
    opened = open_project(project_file(Project(run, table, made, data, choices)))
    same_run(run, opened.run)
    assert opened.data == data
    assert opened.table.name == "my birds"
    assert dict(opened.table.overrides) == {"delimiter": ";"}
    assert opened.prepared.preparation == made.preparation
    assert dict(opened.choices) == choices


def test_a_project_whose_numbers_are_another_runs_is_a_sentence():
    one, other = trained(), trained(hidden=(3,))
    files = unzip_files(project_file(Project(one)), ["project.json", "run.npz"])
    files["run.npz"] = unzip_files(project_file(Project(other)), ["run.npz"])["run.npz"]
    with pytest.raises(ValueError, match="do not fit"):
        open_project(zip_bytes(files))


@pytest.mark.parametrize("part", ["config", "events", "patience", "head", "stride"])
def test_a_project_without_a_part_is_a_sentence(part):
    files = unzip_files(project_file(Project(trained())), ["project.json", "run.npz"])
    told = json.loads(files["project.json"])
    del told[part]
    with pytest.raises(ValueError, match=r"\.$"):
        open_project(zip_bytes({**files, "project.json": json.dumps(told).encode()}))


# Predictions and report


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t=", "\r", " =", "＝"])
def test_no_cell_is_a_formula(start):
    assert escape_formula(f"{start}cmd|' /C calc'!A0").startswith("'")


@pytest.mark.parametrize("cell", ["-1.5", "+3", "2e-5", -4, 1.25, "plain", "a=b"])
def test_a_number_and_a_plain_text_stay_as_they_are(cell):
    assert escape_formula(cell) == cell


def test_predictions_are_those_of_the_model_and_safe_to_open():
    table = read_table(PENGUINS.encode())
    made = prepare(table, "sort")
    run = Run(Config(hidden=(4,)), made.dataset)
    run.advance(30)
    model = model_of(run)
    found = predictions(model, made.preparation, table.frame)
    assert all("outside the range" in note for note in found.notes)
    frame = pd.concat([table.frame, found.added], axis=1)
    shares = frame[["probability of A", "probability of B"]].to_numpy()
    np.testing.assert_allclose(shares.sum(axis=1), 1)
    right = np.array(["A", "B"])[model.decide(model.outputs(made.dataset.inputs))]
    assert frame["predicted sort"].tolist() == right.tolist()
    rows = list(csv.reader(io.StringIO(as_csv(frame).decode("utf-8-sig"), newline="")))
    assert rows[0] == list(frame.columns)
    assert len(rows) == 81
    evil = as_csv(pd.DataFrame({"=1+1": ["@x", "ok"]})).decode("utf-8-sig")
    assert list(csv.reader(io.StringIO(evil))) == [["'=1+1"], ["'@x"], ["ok"]]


def test_a_report_shows_everything_as_text():
    evil = "<script>alert(1)</script>"
    parts = [
        (evil, evil),
        ("List", [evil, "plain"]),
        ("Table", pd.DataFrame({evil: [evil, 1.5]}, index=[evil, "b"])),
    ]
    page = report_html(evil, parts)
    assert "<script" not in page
    assert page.count("&lt;script&gt;") == 8
    assert "default-src 'none'" in page
    assert "http" not in page.replace("http-equiv", "")


def test_equal_content_gives_equal_bytes():
    arrays = {"a": np.arange(5), "b": np.eye(2)}
    assert npz_bytes(arrays) == npz_bytes(arrays)
