"""List every sentence that a person can see: `python -m tools.sentences`.

Python's texts are the string constants of at least two words in engine/ and pages/ that are no
docstrings; what stands in braces is filled in at run time. JavaScript's are the string and
template literals of static/. Formulas, styles and patterns are left out.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[1]
MADE = {"plotly.min.js", "katex.js"}
WORDS = re.compile(r"[^\W\d_]{2,}[’',;:.!?]*\s+[^\W\d_]+|[^\W\d_]{2,}\.$")
CODE = re.compile(
    r"<style|\\[a-zA-Z]+[{ ]|^[\w.#\[\]\-=:>~*, ]+\{|=>|\bfunction\b|^(import|from) |[{;]\s*$"
)
# A comment or a string: whichever begins first ends before the other can begin.
TOKEN = re.compile(r"""//[^\n]*|/\*.*?\*/|(["'`])((?:\\.|(?!\1)[^\\])*)\1""", re.DOTALL)


class Sentence(NamedTuple):
    """A text and where it stands."""

    file: str
    line: int
    text: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.text}"


def is_prose(text: str) -> bool:
    """Return whether a person would read this text."""
    return bool(WORDS.search(text)) and not CODE.search(text)


def docstrings(tree: ast.Module) -> set[int]:
    """Return the identities of the constants that are docstrings."""
    owners = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    bodies = (node.body for node in ast.walk(tree) if isinstance(node, owners))
    firsts = (body[0] for body in bodies if body and isinstance(body[0], ast.Expr))
    return {id(first.value) for first in firsts}


def text_of(node: ast.Constant | ast.JoinedStr) -> str:
    """Return the text of a string or an f-string, its fields as {expression}."""
    if isinstance(node, ast.Constant):
        return str(node.value)
    parts = (
        part.value if isinstance(part, ast.Constant) else "{" + ast.unparse(part.value) + "}"
        for part in node.values
        if isinstance(part, ast.Constant | ast.FormattedValue)
    )
    return "".join(map(str, parts))


def of_python(file: str, source: str) -> Iterator[Sentence]:
    """Yield the sentences of a Python file."""
    tree = ast.parse(source)
    inside = docstrings(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            inside |= {id(part) for part in node.values}
    for node in ast.walk(tree):
        string = isinstance(node, ast.Constant) and isinstance(node.value, str)
        if (string or isinstance(node, ast.JoinedStr)) and id(node) not in inside:
            text = " ".join(text_of(node).split())
            if is_prose(text):
                yield Sentence(file, node.lineno, text)


def of_javascript(file: str, source: str) -> Iterator[Sentence]:
    """Yield the sentences of a JavaScript file."""
    for found in TOKEN.finditer(source):
        text = " ".join((found.group(2) or "").split())
        if is_prose(text):
            yield Sentence(file, source.count("\n", 0, found.start()) + 1, text)


def sentences(root: Path = ROOT) -> list[Sentence]:
    """Return every sentence of the product, in the order of files and lines."""
    found: list[Sentence] = []
    for folder, suffix, read in (
        ("engine", "*.py", of_python),
        ("pages", "*.py", of_python),
        ("static", "*.js", of_javascript),
    ):
        for path in sorted((root / folder).rglob(suffix)):
            if path.name not in MADE:
                found += read(path.relative_to(root).as_posix(), path.read_text())
    return sorted(found)


def main() -> None:
    """Print the sentences, those of the files named on the command line alone if there are any."""
    wanted = sys.argv[1:]
    found = [
        one for one in sentences() if not wanted or any(one.file.startswith(w) for w in wanted)
    ]
    print(*found, sep="\n")
    print(f"{len(found)} sentences", file=sys.stderr)


if __name__ == "__main__":
    main()
