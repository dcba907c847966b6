"""Count how well the code explains itself: `python -m tools.house`.

It reads syntax trees and runs nothing. A public function is one without a leading underscore that
stands in engine/ or pages/, methods included.
"""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[1]
FOLDERS = ("engine", "pages")
ARRAYS = re.compile(r"\b(Array|ndarray|NDArray|ArrayLike)\b")
SHAPE = re.compile(r"\([^()\s]*,(?: ?[^()\s,]+,?)*\)|\bscalar\b|\bshape\b|\bshaped\b")
RAISES = re.compile(r"\bRaises?\b|\w*(?:Error|Exception|Stop)\b|\bTableError\b|\bRefused\b")

Function = ast.FunctionDef | ast.AsyncFunctionDef


class Place(NamedTuple):
    """A function or class with the file in which it stands."""

    file: str
    node: Function | ast.ClassDef

    @property
    def docstring(self) -> str:
        """Return the docstring, "" where there is none."""
        return ast.get_docstring(self.node) or ""

    def __str__(self) -> str:
        return f"{self.file}:{self.node.lineno} {self.node.name}"


def sources(root: Path = ROOT) -> Iterator[tuple[str, ast.Module]]:
    """Yield the path from the root and the syntax tree of every file of the product."""
    for folder in FOLDERS:
        for path in sorted((root / folder).rglob("*.py")):
            yield path.relative_to(root).as_posix(), ast.parse(path.read_text())


def functions(root: Path = ROOT) -> list[Place]:
    """Return every function and method of the product."""
    return [
        Place(file, node)
        for file, tree in sources(root)
        for node in ast.walk(tree)
        if isinstance(node, Function)
    ]


def public(places: list[Place]) -> list[Place]:
    """Return the places whose name has no leading underscore."""
    return [one for one in places if not one.node.name.startswith("_")]


def starts_with_nothing(root: Path = ROOT) -> list[str]:
    """Return the docstrings that begin with the word Nothing."""
    return [str(one) for one in functions(root) if one.docstring.startswith("Nothing")]


def arrays_in(node: Function) -> bool:
    """Return whether an argument or the result is annotated as an array."""
    arguments = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
    notes = [one.annotation for one in arguments] + [node.returns]
    return any(note is not None and ARRAYS.search(ast.unparse(note)) for note in notes)


def with_arrays(root: Path = ROOT) -> list[Place]:
    """Return the public functions of the engine that take or give an array."""
    found = [one for one in public(functions(root)) if one.file.startswith("engine/")]
    return [one for one in found if isinstance(one.node, Function) and arrays_in(one.node)]


def without_shape(root: Path = ROOT) -> list[str]:
    """Return the functions with an array whose docstring names no shape."""
    return [str(one) for one in with_arrays(root) if not SHAPE.search(one.docstring)]


def raises(node: Function) -> bool:
    """Return whether the function itself raises an error that it made."""
    todo: list[ast.AST] = [*node.body]
    found = False
    while todo:
        one = todo.pop()
        if isinstance(one, Function | ast.ClassDef | ast.Lambda):
            continue
        found |= isinstance(one, ast.Raise) and one.exc is not None
        todo.extend(ast.iter_child_nodes(one))
    return found


def that_raise(root: Path = ROOT) -> list[Place]:
    """Return the functions that raise an error."""
    return [one for one in functions(root) if isinstance(one.node, Function) and raises(one.node)]


def silent_about_errors(root: Path = ROOT) -> list[str]:
    """Return the functions that raise an error and do not say so."""
    return [str(one) for one in that_raise(root) if not RAISES.search(one.docstring)]


def repeated_classes(root: Path = ROOT) -> dict[str, list[str]]:
    """Return the class names that stand in more than one file, and the files."""
    files: dict[str, list[str]] = defaultdict(list)
    for file, tree in sources(root):
        for node in tree.body:
            if isinstance(node, ast.ClassDef):
                files[node.name].append(file)
    return {name: where for name, where in sorted(files.items()) if len(where) > 1}


def repeated_functions(root: Path = ROOT) -> dict[str, list[str]]:
    """Return the public names of functions that stand in more than one file, and the files."""
    files: dict[str, list[str]] = defaultdict(list)
    for file, tree in sources(root):
        for node in tree.body:
            if isinstance(node, Function) and not node.name.startswith("_"):
                files[node.name].append(file)
    return {name: where for name, where in sorted(files.items()) if len(where) > 1}


def share(bad: int, of: int) -> str:
    """Return the share that is good, as people read it."""
    return f"{1 - bad / of:.1%} of {of:,}"


def crowded(root: Path = ROOT, most: int = 16) -> dict[str, int]:
    """Return the folders that hold more than `most` source files, and how many."""
    counts: dict[str, int] = defaultdict(int)
    for folder in (*FOLDERS, "static"):
        for path in (root / folder).rglob("*"):
            own = path.suffix in (".py", ".js") and path.name != "__init__.py"
            if own and path.name not in ("plotly.min.js", "katex.js"):
                counts[path.parent.relative_to(root).as_posix()] += 1
    return {name: count for name, count in sorted(counts.items()) if count > most}


def main() -> None:
    """Print the counts, and with each what is left to do."""
    shapes, errors = without_shape(), silent_about_errors()
    print(f'docstrings that begin with "Nothing": {len(starts_with_nothing())}')
    print(f"functions with an array that give its shape: {share(len(shapes), len(with_arrays()))}")
    print(*(f"    {one}" for one in shapes), sep="\n")
    print(f"functions that raise and say so: {share(len(errors), len(that_raise()))}")
    print(*(f"    {one}" for one in errors), sep="\n")
    for title, found in (
        ("class names that stand in several files", repeated_classes()),
        ("public function names that stand in several files", repeated_functions()),
        ("folders with more than 16 files", crowded()),
    ):
        print(f"{title}: {len(found)}")
        print(*(f"    {name}: {where}" for name, where in found.items()), sep="\n")


if __name__ == "__main__":
    main()
