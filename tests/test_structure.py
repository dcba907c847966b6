"""Who may import whom, and how large a thing may get: read off the syntax trees, nothing is run.

The rooms of the engine and their order stand in engine/__init__.py; this test knows no files.
"""

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tools.syntax import nodes, parse

ROOT = Path(__file__).parents[1]

# Each layer sees those before it.
LAYERS = (
    "engine",
    "pages/figures",
    "pages/live",
    "pages/widgets",
    "pages",
    "app.py",
)  # each sees what is before
# These rooms need NumPy and SciPy's ufuncs alone; the others bring data in or results out.
NUMPY_ONLY = {
    *("nn", "data", "training", "batched", "analysis", "diagnosis"),
    *("explain", "gradcheck", "worksheets"),
}
LONGEST_FUNCTION = {"engine": 25, "pages/figures": 40, "pages/live": 40, "pages/widgets": 40}
LONGEST_PAGE = 80
MOST_FILES = 16  # of one folder
MADE = {"plotly.min.js", "katex.js"}


def sources(root: Path) -> Iterator[tuple[str, ast.Module]]:
    """Yield (path from the root, syntax tree) of every file of the product."""
    for path in [root / "app.py", *root.glob("engine/**/*.py"), *root.glob("pages/**/*.py")]:
        if path.exists():
            yield path.relative_to(root).as_posix(), parse(path.read_text())


def layer(path: str) -> int:
    """Return the index into LAYERS of a file or module path, e.g. 1 for pages/figures/base."""
    found = [i for i, start in enumerate(LAYERS) if path == start or path.startswith(f"{start}/")]
    return min(found)


def room(path: str) -> str:
    """Return the room of a file or module path: "nn" for engine/nn/network.py, "" outside."""
    folder = LAYERS[layer(path)]
    rest = path.removeprefix(folder).strip("/").split("/")
    return rest[0] if len(rest) > 1 else ""


def imports(tree: ast.Module) -> set[str]:
    """Return the dotted modules that are imported; `from a import b` gives a."""
    names: set[str] = set()
    for node in nodes(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            start = "." * node.level + (node.module or "")
            names |= {start} if start not in ("", "engine", "pages") else set()
            if start in ("engine", "pages", "pages.figures", "pages.widgets"):
                names |= {f"{start}.{alias.name}" for alias in node.names}
    return names


def order(root: Path) -> list[str]:
    """Return the rooms of the engine in the order of reading: each uses only rooms before it."""
    text = ast.get_docstring(ast.parse((root / "engine/__init__.py").read_text())) or ""
    return re.findall(r"^    (\w+)  +\S", text, re.MULTILINE)


def wrong_imports(root: Path) -> list[str]:
    """Return a sentence for each import against the direction engine, figures, widgets, pages."""
    return [
        f"{path} imports {name}"
        for path, tree in sources(root)
        for name in imports(tree)
        if not may_import(path, name)
    ]


def may_import(path: str, name: str) -> bool:
    """Return whether the file may import the dotted name, as far as the direction goes."""
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


def wrong_rooms(root: Path) -> list[str]:
    """Return a sentence for each import of a room of the engine that comes later, or of its inside.

    Who stands outside a room takes what its __init__ exports.
    """
    rank = {name: i for i, name in enumerate(order(root))}
    faults = []
    for path, tree in sources(root):
        for name in imports(tree):
            parts = name.split(".")
            if parts[0] != "engine" or len(parts) < 2 or parts[1] not in rank:
                continue
            here = room(path) if path.startswith("engine/") else ""
            if parts[1] == here:
                continue
            if here and rank.get(here, 0) < rank[parts[1]]:
                faults.append(f"{path} imports {name}, a room that comes later")
            if len(parts) > 2:
                faults.append(f"{path} imports {name} past the door of {parts[1]}")
    return faults


def wrong_core(root: Path) -> list[str]:
    """Return a sentence for each file of a NumPy-only room that uses more."""
    return [
        f"{path} imports {name}"
        for path, tree in sources(root)
        if path.startswith("engine/") and room(path) in NUMPY_ONLY
        for name in imports(tree)
        if not core_may_import(name)
    ]


def core_may_import(name: str) -> bool:
    """Return whether the dotted name is of a NumPy-only room, NumPy, SciPy's ufuncs or Python's."""
    package, _, rest = name.partition(".")
    if package == "engine":
        return rest.split(".")[0] in NUMPY_ONLY | {"language", "number_format", "time_slice"}
    if package == "scipy":
        return rest.split(".")[0] in {"", "special"}
    return package == "numpy" or package in sys.stdlib_module_names


def cycles(root: Path) -> list[str]:
    """Return a sentence for rooms of one layer that import each other in a circle."""
    faults = []
    for base in LAYERS[:3]:
        arrows = {
            (room(path), name.split(".")[base.count("/") + 1])
            for path, tree in sources(root)
            if path.startswith(f"{base}/") and room(path)
            for name in imports(tree)
            if name.startswith(base.replace("/", ".") + ".")
        }
        rooms = {start for start, _ in arrows}
        arrows = {(a, b) for a, b in arrows if a != b and b in rooms}
        while free := rooms - {a for a, _ in arrows}:
            rooms -= free
            arrows = {(a, b) for a, b in arrows if b not in free}
        if rooms:
            faults.append(f"{base}: a circle among {', '.join(sorted(rooms))}")
    return faults


def crowded(root: Path) -> list[str]:
    """Return a sentence for each folder with more source files than one can overlook."""
    counts: dict[str, int] = {}
    patterns = ("engine/**/*.py", "pages/**/*.py", "static/**/*.js")
    for path in (path for pattern in patterns for path in root.glob(pattern)):
        if path.name not in MADE | {"__init__.py"}:
            folder = path.parent.relative_to(root).as_posix()
            counts[folder] = counts.get(folder, 0) + 1
    words = f"files, allowed are {MOST_FILES}"
    return [f"{name} has {n} {words}" for name, n in counts.items() if n > MOST_FILES]


def too_long(root: Path) -> list[str]:
    """Return a sentence for each function or page over its budget."""
    faults = []
    for path, tree in sources(root):
        limit = LONGEST_FUNCTION.get(LAYERS[layer(path)], sys.maxsize)
        for node in nodes(tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and lines(node) > limit:
                faults.append(f"{path}: {node.name} has {lines(node)} lines, allowed are {limit}")
        count = len((root / path).read_text().splitlines())
        if LAYERS[layer(path)] == "pages" and count > LONGEST_PAGE:
            faults.append(f"{path} has {count} lines, allowed are {LONGEST_PAGE}")
    return faults


def lines(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Return the lines from `def` to the end, without the docstring: explaining costs nothing.

    A text for people with the values in it counts as one line.
    """
    texts = {
        line
        for call in ast.walk(node)
        if isinstance(call, ast.Call) and getattr(call.func, "id", "") in ("tr", "tr_many")
        for line in range(call.lineno + 1, (call.end_lineno or call.lineno) + 1)
    }
    whole = (node.end_lineno or node.lineno) - node.lineno + 1 - len(texts)
    docstring = ast.get_docstring(node, clean=False)
    return whole - (docstring.count("\n") + 1 if docstring else 0)


def wrong_state(root: Path) -> list[str]:
    """Return the paths outside pages/widgets that touch st.session_state."""
    return [
        path
        for path, tree in sources(root)
        for node in nodes(tree)
        if "session_state"
        in (getattr(node, "attr", ""), getattr(node, "id", ""), getattr(node, "name", ""))
        and not path.startswith("pages/widgets/")
    ]


RULES = (wrong_imports, wrong_rooms, wrong_core, cycles, crowded, too_long, wrong_state)
INDEX = '''"""The engine.

The rooms
    nn         the network
    training   a run
    problems   what to learn
"""'''


@pytest.fixture
def house(tmp_path):
    """A folder with the index of three rooms."""
    (tmp_path / "engine").mkdir()
    (tmp_path / "engine/__init__.py").write_text(INDEX)
    return tmp_path


def put(house: Path, path: str, text: str) -> None:
    """Write a file of the house, its folders too."""
    (house / path).parent.mkdir(parents=True, exist_ok=True)
    (house / path).write_text(text)


@pytest.mark.parametrize("rule", RULES)
def test_the_product_keeps_the_rule(rule):
    assert rule(ROOT) == []


@pytest.mark.parametrize(
    ("rule", "path", "text"),
    [
        (wrong_imports, "engine/training/run.py", "import streamlit as st"),
        (wrong_imports, "engine/training/run.py", "from pages.figures import base"),
        (wrong_imports, "engine/problems/registry.py", "def f():\n    import streamlit"),
        (wrong_imports, "pages/figures/train/curves.py", "from streamlit import plotly_chart"),
        (wrong_imports, "pages/figures/train/curves.py", "from pages.widgets.shell import frame"),
        (wrong_imports, "pages/figures/train/curves.py", "from pages import widgets"),
        (wrong_imports, "pages/widgets/shell/frame.py", "import pages.train"),
        (wrong_imports, "pages/widgets/shell/frame.py", "import app"),
        (wrong_imports, "pages/train.py", "from pages.lessons import start"),
        (wrong_imports, "pages/train.py", "from .widgets import shell"),
        (wrong_rooms, "engine/nn/network.py", "from engine.training import Run"),
        (wrong_rooms, "engine/training/run.py", "from engine.problems import load"),
        (wrong_rooms, "engine/problems/registry.py", "from engine.training.run import Run"),
        (wrong_rooms, "pages/train.py", "from engine.nn.network import Network"),
        (wrong_core, "engine/training/run.py", "import pandas as pd"),
        (wrong_core, "engine/training/run.py", "from engine.problems import load"),
        (wrong_core, "engine/training/run.py", "from scipy.optimize import minimize"),
        (too_long, "engine/training/run.py", "def f():\n" + "    x = 1\n" * 25),
        (too_long, "pages/figures/train/curves.py", "class A:\n  def f():\n" + "    x = 1\n" * 40),
        (too_long, "pages/widgets/train/report.py", "def f():\n" + "    x = 1\n" * 40),
        (too_long, "pages/train.py", "x = 1\n" * 81),
        (wrong_state, "pages/train.py", "import streamlit as st\nst.session_state['run'] = 1"),
        (wrong_state, "pages/train.py", "from streamlit import session_state"),
    ],
)
def test_a_planted_fault_is_seen(rule, path, text, house):
    put(house, path, text)
    assert len(rule(house)) >= 1


def test_a_circle_of_rooms_is_seen(house):
    put(house, "engine/nn/a.py", "from engine.training import b")
    put(house, "engine/training/b.py", "from engine.nn import a")
    assert cycles(house) == ["engine: a circle among nn, training"]


def test_a_crowded_folder_is_seen(house):
    for i in range(MOST_FILES + 1):
        put(house, f"engine/nn/part_{i}.py", "")
    assert crowded(house) == ["engine/nn has 17 files, allowed are 16"]


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (
            "engine/training/run.py",
            "import numpy as np\nfrom scipy.special import expit\nfrom engine.nn import Network\n"
            "from engine.training.config import Config",
        ),
        (
            "engine/problems/registry.py",
            "import pandas\nfrom sklearn import datasets\nfrom engine.training import Run",
        ),
        (
            "pages/figures/train/curves.py",
            "import plotly.graph_objects as go\nfrom engine.training import Run",
        ),
        ("pages/widgets/session/changes.py", "import streamlit as st\nst.session_state.run = 1"),
        (
            "pages/train.py",
            "from pages.widgets.shell.frame import frame\nfrom pages.figures.base import text",
        ),
        ("app.py", "import streamlit as st\nfrom pages.widgets.shell import frame"),
    ],
)
def test_what_is_allowed_is_not_called_a_fault(path, text, house):
    put(house, path, text)
    assert [fault for rule in RULES for fault in rule(house)] == []


def test_there_is_something_to_read():
    assert {layer(path) for path, _ in sources(ROOT)} == set(range(len(LAYERS)))
    assert set(order(ROOT)) >= NUMPY_ONLY
    rooms = {path.name for path in (ROOT / "engine").iterdir() if (path / "__init__.py").exists()}
    assert rooms == set(order(ROOT))
