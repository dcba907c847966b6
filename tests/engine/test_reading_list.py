"""The reading list in engine/__init__.py: complete, and in an order in which one can read."""

import ast
import re

import pytest

import engine
from tests.test_structure import BORDER, ROOT, imports

ENTRY = re.compile(r"^    (\w+)  +(\S.*)$", re.MULTILINE)
LISTED = [name for name, _ in ENTRY.findall(engine.__doc__ or "")]
FILES = {path.stem: path for path in (ROOT / "engine").glob("*.py") if path.stem != "__init__"}


def test_it_names_every_file_once():
    assert sorted(LISTED) == sorted(FILES)


def test_the_core_comes_before_the_border():
    border = [name in BORDER for name in LISTED]
    assert border == sorted(border)


@pytest.mark.parametrize("name", LISTED)
def test_a_file_uses_only_files_above_it(name):
    used = {found.split(".")[1] for found in imports(tree(name)) if found.startswith("engine.")}
    assert used <= set(LISTED[: LISTED.index(name)])


@pytest.mark.parametrize("name", LISTED)
def test_a_file_opens_with_a_sentence(name):
    first = (ast.get_docstring(tree(name)) or "").split("\n\n")[0]
    assert first.endswith(".")


def tree(name):
    """The syntax tree of a file of the engine."""
    return ast.parse(FILES[name].read_text())
