"""Which tests `make check` runs for a change, and which files `make test` begins with."""

from pathlib import Path

import pytest

from tests.schedule import LONG
from tools.touched import ALWAYS, touched_tests

ROOT = Path(__file__).parents[1]


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ("engine/nn/program.py", ["tests/engine/nn"]),
        ("engine/tables/reading/rows.py", ["tests/engine/tables/reading"]),
        (
            "pages/widgets/step/stepping.py",
            ["tests/pages/test_step.py", "tests/pages/widgets/step"],
        ),
        (
            "pages/figures/train/curves.py",
            ["tests/pages/figures/train", "tests/pages/test_train.py"],
        ),
        ("pages/figures/base/url.py", ["tests/pages/figures/base"]),
        ("pages/tune.py", ["tests/pages/test_tune.py"]),
        ("tests/engine/nn/test_program.py", ["tests/engine/nn/test_program.py"]),
        ("tests/browser/test_train.py", []),
        ("tests/engine/nn/test_deleted.py", []),
        ("engine/lessons/texts/en/patience.md", ["tests/engine/lessons"]),
        ("README.md", []),
        ("static/player/player.js", []),
    ],
)
def test_a_changed_file_brings_the_tests_of_its_room(changed: str, expected: list[str]):
    found = touched_tests([changed])
    assert found == sorted([*ALWAYS, *expected])
    assert all((ROOT / path).exists() for path in found)


def test_a_room_that_changed_as_a_whole_is_named_once():
    assert touched_tests(["tests/engine/nn/test_program.py", "engine/nn/losses.py"]) == [
        "tests/engine/nn",
        *sorted(ALWAYS),
    ]


def test_the_files_that_come_first_are_there():
    assert [file for file in LONG if not (ROOT / file).exists()] == []
