"""The command that makes the stored figures: what it says where PyTorch and Keras are missing."""

import sys

import pytest

from benchmarks import references


@pytest.fixture
def nothing_installed(monkeypatch, tmp_path):
    monkeypatch.setattr(references, "installed", lambda package: False)
    monkeypatch.setattr(references, "FOLDER", tmp_path)
    return tmp_path


def test_without_the_libraries_the_figures_stay_as_they_are(nothing_installed, monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["references"])
    references.main()
    assert capsys.readouterr().out.splitlines() == [
        "gradients: torch is not installed; its stored figures stay as they are.",
        "trajectories: torch is not installed; its stored figures stay as they are.",
        "article: keras is not installed; its stored figures stay as they are.",
    ]
    assert list(nothing_installed.iterdir()) == []


def test_one_file_can_be_made_alone(nothing_installed, monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["references", "--only", "article"])
    references.main()
    assert capsys.readouterr().out.startswith("article: keras is not installed")


def test_the_stored_files_are_those_it_makes_and_small():
    stored = {path.stem: path.stat().st_size for path in references.FOLDER.iterdir()}
    assert set(stored) == set(references.FILES)
    assert sum(stored.values()) < 300_000
