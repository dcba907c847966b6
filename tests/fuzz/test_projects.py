"""Damaged project files: each opens, or is refused with one sentence, and none takes long."""

import io
import json
from pathlib import Path
from random import Random

import numpy as np
import pytest

from engine.export.project import open_project
from tests.fuzz import COUNTS
from tests.fuzz.mutations import (
    array_changed,
    bytes_changed,
    check_refused_or_taken,
    json_changed,
    text_changed,
    unzipped,
    zipped,
)

COUNT, SEED = COUNTS["projects"], 12
SAVED = {
    p.stem: p.read_bytes() for p in Path(__file__).parents[1].glob("engine/export/projects/*.zip")
}


def changed(data, draw):
    """(what was done, a project file with something wrong in it)."""
    files, how = (
        unzipped(data),
        draw.choice(["bytes", "json", "json", "json", "array", "csv", "files"]),
    )
    if how == "bytes":
        return how, bytes_changed(data, draw)
    if how == "json":
        told = json.loads(files["project.json"])
        for _ in range(draw.choice([1, 1, 3])):
            told = json_changed(told, draw)
        files["project.json"] = json.dumps(told).encode("utf-8", "replace")
        if draw.random() < 0.2:
            files["project.json"] = bytes_changed(files["project.json"], draw)
    elif how == "csv" and "data.csv" in files:
        text = text_changed(files["data.csv"].decode("latin-1"), draw)
        files["data.csv"] = text.encode("utf-8", "replace")
    elif how == "files":
        name = draw.choice(list(files))
        other = unzipped(SAVED[draw.choice(list(SAVED))])
        files[name] = other.get(name, b"") if draw.random() < 0.6 else b""
        if draw.random() < 0.3:
            del files[name]
    else:
        files["run.npz"] = numbers_changed(files["run.npz"], draw)
    return how, zipped(files, draw)


def numbers_changed(data, draw):
    """An NPZ with something wrong in one of its arrays."""
    arrays = unzipped(data)
    name = draw.choice(list(arrays))
    if draw.random() < 0.3:
        arrays[name] = bytes_changed(arrays[name], draw)
    else:
        out = io.BytesIO()
        np.save(out, array_changed(np.load(io.BytesIO(arrays[name])), draw), allow_pickle=False)
        arrays[name] = out.getvalue()
    return zipped(arrays, draw)


def look(project):
    """The project is looked at and trained on as the page would do it; nothing may fail."""
    run = project.run
    for epoch in (0, run.epochs // 2, run.epochs):
        run.at(epoch)
    run.advance(2, seconds=1)


def test_damaged_projects_open_or_are_refused_with_a_sentence(capsys):  # kind_49
    taken = 0
    with capsys.disabled():
        print(f"\n{COUNT} project files, seed {SEED}")
    for i in range(COUNT):
        draw = Random(f"{SEED} {i}")
        how, data = changed(SAVED[draw.choice(sorted(SAVED))], draw)
        try:
            project = check_refused_or_taken(open_project, data, how)
            if project is not None:
                taken += 1
                look(project)
        except Exception as reason:
            reason.add_note(f"project {i} of seed {SEED}, {how}")
            raise
    assert 10 < taken < COUNT / 2  # most of them are damaged, and some harmlessly


@pytest.mark.parametrize("name", SAVED)
def test_what_is_not_damaged_opens(name):
    project = open_project(zipped(unzipped(SAVED[name])))
    look(project)
    assert not project.run.dataset.notes or "another way" not in project.run.dataset.notes[-1]
