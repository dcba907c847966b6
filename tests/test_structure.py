"""Who may import whom, and how long a thing may get: read off the syntax trees, nothing is run."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

LAYERS = ("engine", "pages/figures", "pages/widgets", "pages", "app.py")  # each sees what is before
# Border files bring data in and results out, so they may use pandas, scikit-learn and the like.
BORDER = {"problems", "pinned", "table", "metrics", "search", "export"}
BORDER |= {"sniff", "dialect", "repair", "header", "rows", "cells", "profile"}
BORDER |= {"cell", "doubts", "gaps", "remarks", "times", "values"}
BORDER |= {"axes", "suggest", "traits", "dependence", "leaks", "preparation", "prepare"}
BORDER |= {"predicting", "writing"}
BORDER |= {"excerpt", "standalone", "script"}
BORDER |= {"layout", "mending", "baselines", "onnx_file", "project", "samples"}
BORDER |= {"endings"}
BORDER |= {"parameters", "descent", "estimators", "trials", "tuning", "cluster", "duels"}
LONGEST_FUNCTION = {"engine": 25, "pages/figures": 40}
LONGEST_PAGE = 80


def sources(root: Path) -> Iterator[tuple[str, ast.Module]]:
    """(path from the root, syntax tree) of every file of the product."""
    for path in [root / "app.py", *root.glob("engine/**/*.py"), *root.glob("pages/**/*.py")]:
        if not path.exists():
            continue
        yield path.relative_to(root).as_posix(), ast.parse(path.read_text())


def layer(path: str) -> int:
    """Index into LAYERS of the file or module path, e.g. 1 for pages/figures/curves.py."""
    found = [i for i, start in enumerate(LAYERS) if path == start or path.startswith(f"{start}/")]
    return min(found)


def imports(tree: ast.Module) -> set[str]:
    """Dotted names of all that is imported; for `from a import b` a and a.b, as b may be a file."""
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            start = "." * node.level + (node.module or "")
            names |= {start} | {f"{start}.{alias.name}" for alias in node.names}
    return names


def wrong_imports(root: Path) -> list[str]:
    """A sentence for each import against the direction engine, figures, widgets, pages, app."""
    return [
        f"{path} imports {name}"
        for path, tree in sources(root)
        for name in imports(tree)
        if not may_import(path, name)
    ]


def may_import(path: str, name: str) -> bool:
    """Whether the file may import the dotted name, as far as the direction goes."""
    package = name.split(".")[0]
    if package == "streamlit":
        return layer(path) >= LAYERS.index("pages/widgets")
    if package == "plotly":
        return layer(path) >= LAYERS.index("pages/figures")
    if package not in {"engine", "pages", "app"} or name == "pages":
        return package != ""  # pages run from the root, so nothing is imported from a leading dot
    imported = layer("app.py" if name == "app" else name.replace(".", "/"))
    one_page_from_another = imported == layer(path) == LAYERS.index("pages")
    return imported <= layer(path) and not one_page_from_another


def wrong_core(root: Path) -> list[str]:
    """A sentence for each core file of the engine that uses more than NumPy, or a border file."""
    return [
        f"{path} imports {name}"
        for path, tree in sources(root)
        if path.startswith("engine/") and Path(path).stem not in BORDER
        for name in imports(tree)
        if not core_may_import(name)
    ]


def core_may_import(name: str) -> bool:
    """Whether the dotted name is core, NumPy, SciPy's ufuncs or Python's own."""
    package, _, rest = name.partition(".")
    if package == "engine":
        return rest.split(".")[0] not in BORDER
    if package == "scipy":
        return rest.split(".")[0] in {"", "special"}
    return package == "numpy" or package in sys.stdlib_module_names


def too_long(root: Path) -> list[str]:
    """A sentence for each function or page over its budget."""
    faults = []
    for path, tree in sources(root):
        limit = LONGEST_FUNCTION.get(LAYERS[layer(path)], sys.maxsize)
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and lines(node) > limit:
                faults.append(f"{path}: {node.name} has {lines(node)} lines, allowed are {limit}")
        count = len((root / path).read_text().splitlines())
        if LAYERS[layer(path)] == "pages" and count > LONGEST_PAGE:
            faults.append(f"{path} has {count} lines, allowed are {LONGEST_PAGE}")
    return faults


def lines(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines from `def` to the end, without the docstring: nobody should save at explaining."""
    whole = (node.end_lineno or node.lineno) - node.lineno + 1
    docstring = ast.get_docstring(node, clean=False)
    return whole - (docstring.count("\n") + 1 if docstring else 0)


def wrong_state(root: Path) -> list[str]:
    """Paths outside pages/widgets that touch st.session_state."""
    return [
        path
        for path, tree in sources(root)
        for node in ast.walk(tree)
        if "session_state"
        in (getattr(node, "attr", ""), getattr(node, "id", ""), getattr(node, "name", ""))
        and not path.startswith("pages/widgets/")
    ]


RULES = (wrong_imports, wrong_core, too_long, wrong_state)


@pytest.mark.parametrize("rule", RULES)
def test_the_product_keeps_the_rule(rule):
    assert rule(ROOT) == []


@pytest.mark.parametrize(
    ("rule", "path", "text"),
    [
        (wrong_imports, "engine/run.py", "import streamlit as st"),
        (wrong_imports, "engine/run.py", "from pages.figures import curves"),
        (wrong_imports, "engine/problems.py", "def f():\n    import streamlit"),
        (wrong_imports, "pages/figures/curves.py", "from streamlit import plotly_chart"),
        (wrong_imports, "pages/figures/curves.py", "from pages.widgets.frame import frame"),
        (wrong_imports, "pages/figures/curves.py", "from pages import widgets"),
        (wrong_imports, "pages/widgets/frame.py", "import pages.train"),
        (wrong_imports, "pages/widgets/frame.py", "import app"),
        (wrong_imports, "pages/train.py", "from pages.lessons import start"),
        (wrong_imports, "pages/train.py", "from .widgets import frame"),
        (wrong_core, "engine/run.py", "import pandas as pd"),
        (wrong_core, "engine/run.py", "from engine import problems"),
        (wrong_core, "engine/run.py", "from engine.problems import load"),
        (wrong_core, "engine/run.py", "from scipy.optimize import minimize"),
        (too_long, "engine/run.py", "def f():\n" + "    x = 1\n" * 25),
        (too_long, "pages/figures/curves.py", "class A:\n  def f():\n" + "    x = 1\n" * 40),
        (too_long, "pages/train.py", "x = 1\n" * 81),
        (wrong_state, "pages/train.py", "import streamlit as st\nst.session_state['run'] = 1"),
        (wrong_state, "pages/train.py", "from streamlit import session_state"),
    ],
)
def test_a_planted_fault_is_seen(rule, path, text, tmp_path):
    file = tmp_path / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)
    assert len(rule(tmp_path)) >= 1


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (
            "engine/run.py",
            "import numpy as np\nfrom scipy.special import expit\nfrom engine.config import Config",
        ),
        (
            "engine/problems.py",
            "import pandas\nfrom sklearn import datasets\nfrom engine import dataset",
        ),
        ("pages/figures/curves.py", "import plotly.graph_objects as go\nfrom engine import run"),
        ("pages/widgets/session.py", "import streamlit as st\nst.session_state.run = 1"),
        (
            "pages/train.py",
            "from pages.widgets.frame import frame\nfrom pages.figures import curves",
        ),
        ("app.py", "import streamlit as st\nfrom pages.widgets import frame"),
    ],
)
def test_what_is_allowed_is_not_called_a_fault(path, text, tmp_path):
    file = tmp_path / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)
    assert [fault for rule in RULES for fault in rule(tmp_path)] == []


def test_there_is_something_to_read():
    assert {layer(path) for path, _ in sources(ROOT)} == set(range(len(LAYERS)))
