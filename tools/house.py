"""Count how well the code explains itself: `python -m tools.house`.

It reads syntax trees and runs no code of the project. A public function is a function or method of
engine/ or pages/ whose name has no leading underscore.
"""

from __future__ import annotations

import ast
import re
from collections import defaultdict, deque
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

from tools.syntax import parse

ROOT = Path(__file__).parents[1]
FOLDERS = ("engine", "pages")
DOCUMENTED = (*FOLDERS, "tools", "tests", "benchmarks")  # where no docstring begins with Nothing
ARRAYS = re.compile(r"\b(Array|ndarray|NDArray|ArrayLike)\b")
# One length of a shape: n_units, K, 2, 4 * H or "..."; a name of three or more capitals is none.
LENGTH = r"(?:[a-z]\w*|[A-Z]\w?|\d+|\.\.\.|…)(?: ?[*+/-] ?\w+)*"
SHAPE = re.compile(rf"\({LENGTH},(?: ?{LENGTH}(?:, ?{LENGTH})*,?)?\)|\bscalars?\b|\bshaped?\b")
RAISES = re.compile(r"\b[Rr]aises?\b|\b\w+(?:Error|Exception)\b")
# What a sentence begins with that states a thing; an imperative begins with a verb.
NO_VERB = re.compile(
    r"(The|An?|One|Two|No|All|Every|Each|Its?|This|These|What|How|Where|Whether|Which|When|By|As|In"
    r"|[A-Za-z])\b|[^A-Za-z]"
)
CONSTRUCTORS = {"__init__", "__post_init__"}  # the docstring of their class may name the errors

Function = ast.FunctionDef | ast.AsyncFunctionDef
Documented = ast.Module | ast.ClassDef | Function


class Place(NamedTuple):
    """A function with its file and, for a method, its class."""

    file: str
    node: Function
    owner: ast.ClassDef | None = None

    @property
    def docstring(self) -> str:
        """Return the docstring, with that of the class for a constructor; "" if there is none."""
        own = ast.get_docstring(self.node) or ""
        if self.owner is not None and self.node.name in CONSTRUCTORS:
            own += ast.get_docstring(self.owner) or ""
        return own

    def __str__(self) -> str:
        return f"{self.file}:{self.node.lineno} {self.node.name}"


def sources(
    root: Path = ROOT, folders: tuple[str, ...] = FOLDERS, word: str = ""
) -> Iterator[tuple[str, ast.Module]]:
    """Yield the path from the root and the syntax tree of every Python file in the folders.

    With a word only the files that contain it: to parse the others takes most of the time.
    """
    for folder in folders:
        for path in sorted((root / folder).rglob("*.py")):
            text = path.read_text()
            if word in text:
                yield path.relative_to(root).as_posix(), parse(text)


def statements(node: ast.AST) -> Iterator[ast.AST]:
    """Yield the statements directly in a node; no expression holds one."""
    for one in ast.iter_child_nodes(node):
        if isinstance(one, ast.stmt | ast.excepthandler | ast.match_case):
            yield one


@cache
def documented(tree: ast.Module) -> list[Documented]:
    """Return the module and every class, function and method in it, outer ones first."""
    found, todo = list[Documented](), deque[ast.AST]([tree])
    while todo:
        one = todo.popleft()
        if isinstance(one, Documented):
            found.append(one)
        todo.extend(statements(one))
    return found


def functions(root: Path = ROOT) -> list[Place]:
    """Return every function and method of the product."""
    found = []
    for file, tree in sources(root):
        owners = {
            id(node): one
            for one in documented(tree)
            if isinstance(one, ast.ClassDef)
            for node in one.body
        }
        found += [
            Place(file, node, owners.get(id(node)))
            for node in documented(tree)
            if isinstance(node, Function)
        ]
    return found


def public(places: list[Place]) -> list[Place]:
    """Return the places whose name has no leading underscore."""
    return [one for one in places if not one.node.name.startswith("_")]


def starts_with_nothing(root: Path = ROOT) -> list[str]:
    """Return the docstrings of all Python files that begin with the word Nothing."""
    return [
        f"{file}:{getattr(node, 'lineno', 1)} {getattr(node, 'name', '')}".rstrip()
        for file, tree in sources(root, DOCUMENTED, "Nothing")
        for node in documented(tree)
        if (ast.get_docstring(node) or "").startswith("Nothing")
    ]


def without_verb(root: Path = ROOT, folders: tuple[str, ...] = FOLDERS) -> list[str]:
    """Return the functions in the folders whose docstring does not begin with a verb.

    A property may be described by a noun. A bare noun ("Names of units.") looks like a verb and is
    not found.
    """
    return [
        f"{file}:{node.lineno} {node.name}"
        for file, tree in sources(root, folders)
        for node in documented(tree)
        if isinstance(node, Function)
        and not any("property" in ast.unparse(one) for one in node.decorator_list)
        and NO_VERB.match(ast.get_docstring(node) or "")
    ]


def arrays_in(node: Function) -> bool:
    """Return whether an argument or the result is annotated as an array."""
    arguments = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
    notes = [one.annotation for one in arguments] + [node.returns]
    return any(note is not None and ARRAYS.search(ast.unparse(note)) for note in notes)


def with_arrays(root: Path = ROOT) -> list[Place]:
    """Return the public functions of the engine that take or return an array."""
    found = [one for one in public(functions(root)) if one.file.startswith("engine/")]
    return [one for one in found if arrays_in(one.node)]


def without_shape(root: Path = ROOT) -> list[str]:
    """Return the functions with an array whose docstring names no shape."""
    return [str(one) for one in with_arrays(root) if not SHAPE.search(one.docstring)]


def raises(node: Function) -> bool:
    """Return whether the function itself raises an error; passing one on does not count."""
    todo: list[ast.AST] = [*node.body]
    found = False
    while todo:
        one = todo.pop()
        if isinstance(one, Function | ast.ClassDef):
            continue
        found |= isinstance(one, ast.Raise) and one.exc is not None
        todo.extend(statements(one))
    return found


def that_raise(root: Path = ROOT) -> list[Place]:
    """Return the functions that raise an error."""
    return [one for one in functions(root) if raises(one.node)]


def silent_about_errors(root: Path = ROOT) -> list[str]:
    """Return the functions that raise an error and do not say so."""
    return [str(one) for one in that_raise(root) if not RAISES.search(one.docstring)]


def repeated_classes(root: Path = ROOT) -> dict[str, list[str]]:
    """Return the class names in more than one file, and the files."""
    files: dict[str, list[str]] = defaultdict(list)
    for file, tree in sources(root):
        for node in tree.body:
            if isinstance(node, ast.ClassDef):
                files[node.name].append(file)
    return {name: where for name, where in sorted(files.items()) if len(where) > 1}


def repeated_functions(root: Path = ROOT) -> dict[str, list[str]]:
    """Return the public module-level function names in more than one file, and the files."""
    files: dict[str, list[str]] = defaultdict(list)
    for file, tree in sources(root):
        for node in tree.body:
            if isinstance(node, Function) and not node.name.startswith("_"):
                files[node.name].append(file)
    return {name: where for name, where in sorted(files.items()) if len(where) > 1}


def percentage(missing: int, total: int) -> str:
    """Return how many of the total are not missing, as a percentage."""
    return f"{1 - missing / total:.1%} of {total:,}"


def crowded(root: Path = ROOT, limit: int = 16) -> dict[str, int]:
    """Return the folders that hold more than `limit` source files, and how many."""
    counts: dict[str, int] = defaultdict(int)
    for folder in (*FOLDERS, "static"):
        for path in (root / folder).rglob("*"):
            is_source = path.suffix in (".py", ".js") and path.name != "__init__.py"
            if is_source and path.name not in ("plotly.min.js", "katex.js"):
                counts[path.parent.relative_to(root).as_posix()] += 1
    return {name: count for name, count in sorted(counts.items()) if count > limit}


def main() -> None:
    """Print the counts, and below each the places that are left to do."""
    nothing, shapes, errors = starts_with_nothing(), without_shape(), silent_about_errors()
    print(f'docstrings that begin with "Nothing": {len(nothing)}')
    print(*(f"    {one}" for one in nothing), sep="\n")
    nouns = without_verb()
    print(f"docstrings of functions that begin with no verb: {len(nouns)}")
    print(*(f"    {one}" for one in nouns), sep="\n")
    print(
        "functions with an array that give its shape:", percentage(len(shapes), len(with_arrays()))
    )
    print(*(f"    {one}" for one in shapes), sep="\n")
    print("functions that raise and say so:", percentage(len(errors), len(that_raise())))
    print(*(f"    {one}" for one in errors), sep="\n")
    for title, found in (
        ("class names in several files", repeated_classes()),
        ("public function names in several files", repeated_functions()),
        ("folders with more than 16 files", crowded()),
    ):
        print(f"{title}: {len(found)}")
        print(*(f"    {name}: {where}" for name, where in found.items()), sep="\n")


if __name__ == "__main__":
    main()
