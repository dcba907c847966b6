"""List every sentence that a person can see: `python -m tools.sentences [path ...]`.

These are the messages that are translated, and all other texts: in Python the strings of engine/,
pages/ and app.py with at least two words, on a page also one capitalized word, and the headings of
data frames; in JavaScript the strings and templates of static/. Docstrings, formulas, styles,
patterns and addresses are left out. An expression in a text is printed as {expression}.
"""

from __future__ import annotations

import ast
import re
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from tools.catalogue import all_uses, uses
from tools.syntax import nodes, parse

ROOT = Path(__file__).parents[1]
GENERATED = {"plotly.min.js", "katex.js"}
FIELD = "Xx"  # stands for an expression in a text when the text is examined
WORDS = re.compile(r"[^\W\d_]{2,}[’',;:.!?)%]*\s+[(\[*]*[^\W\d_]+|[^\W\d_]{2,}\.$")
LABEL = re.compile(r"^[A-Z][a-z]{2,}$")  # one word on a page
CODE = re.compile(
    r"<style|\\[a-zA-Z]+[{ ]|^[\w.#\[\]\-=:>~*, ]+\{|=>|\bfunction\b|^(import|from) |[{;]\s*$"
    r"|^/|^--"
)
KEYS = {"Enter", "Escape", "Home", "End", "Tab", "Delete", "Shift"}  # names of keys in events
BEFORE_PATTERN = "(,=:[!&|?{};+"  # after one of these a slash begins a pattern, not a division
FRAME_ARGUMENTS = {"columns", "index"}

Nodes = Sequence[ast.AST]


class Sentence(NamedTuple):
    """A text and its place."""

    file: str
    line: int
    text: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.text}"


def is_prose(text: str) -> bool:
    """Return whether a person would read this text, with FIELD for each expression."""
    own_words = text.replace(FIELD, "")
    has_word = re.search(r"[^\W\d_]{2,}", own_words) is not None
    return has_word and bool(WORDS.search(text)) and not CODE.search(text)


def is_label(file: str, text: str) -> bool:
    """Return whether this text is one word on a page; in the engine such words are names."""
    return not file.startswith("engine/") and text not in KEYS and bool(LABEL.search(text))


def exported_names(tree: ast.Module) -> set[int]:
    """Return the identities of the strings in __all__."""
    lists = (
        node.value
        for node in tree.body
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__"
    )
    return {id(one) for value in lists for one in ast.walk(value)}


def docstrings(every: Nodes) -> set[int]:
    """Return the identities of the constants that are docstrings."""
    owners = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    bodies = (node.body for node in every if isinstance(node, owners))
    firsts = (body[0] for body in bodies if body and isinstance(body[0], ast.Expr))
    return {id(first.value) for first in firsts}


def text_of(node: ast.Constant | ast.JoinedStr, field: str = "") -> str:
    """Return the text of a string, with `field` or else {expression} for each expression."""
    if isinstance(node, ast.Constant):
        return " ".join(str(node.value).split())
    parts = (
        str(part.value)
        if isinstance(part, ast.Constant)
        else field or f"{{{ast.unparse(part.value)}}}"
        for part in node.values
        if isinstance(part, ast.Constant | ast.FormattedValue)
    )
    return " ".join("".join(parts).split())


def last_name(node: ast.expr) -> str:
    """Return the last name of a dotted one, "" of anything else: "DataFrame" of pd.DataFrame."""
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def headings(every: Nodes) -> set[int]:
    """Return the identities of the strings that are headings of a data frame."""
    found: set[int] = set()
    for node in every:
        if not isinstance(node, ast.Call):
            continue
        roots = [one.value for one in node.keywords if one.arg in FRAME_ARGUMENTS]
        if last_name(node.func).endswith("DataFrame"):
            roots += node.args
        for root in roots:
            lists = [one for one in ast.walk(root) if isinstance(one, ast.List | ast.Dict)]
            for one in lists:
                items = one.elts if isinstance(one, ast.List) else one.keys
                found |= {id(item) for item in items if isinstance(item, ast.Constant)}
    return found


def of_python(file: str, source: str) -> Iterator[Sentence]:
    """Yield the sentences of a Python file."""
    tree = parse(source)
    every = nodes(tree)
    inside, heads = docstrings(every) | exported_names(tree), headings(every)
    texts = [
        node
        for node in every
        if isinstance(node, ast.JoinedStr)
        or (isinstance(node, ast.Constant) and isinstance(node.value, str))
    ]
    for node in texts:
        if isinstance(node, ast.JoinedStr):
            inside |= {id(part) for part in node.values}
    for node in texts:
        if id(node) in inside:
            continue
        masked = text_of(node, FIELD)
        if is_prose(masked) or is_label(file, masked) or id(node) in heads:
            yield Sentence(file, node.lineno, text_of(node))


def javascript_strings(source: str) -> Iterator[tuple[int, str, str]]:
    """Yield (offset, text, text with FIELD for each expression) of the strings in JavaScript."""
    at, last = 0, "("
    while at < len(source):
        sign = source[at]
        if source.startswith("//", at):
            at = (source.find("\n", at) + len(source) + 1) % (len(source) + 1)
        elif source.startswith("/*", at):
            at = source.index("*/", at) + 2
        elif sign in "\"'`":
            end, text, masked, inner = read_string(source, at)
            yield at, text, masked
            yield from inner
            at, last = end, sign
        elif sign == "/" and last in BEFORE_PATTERN:
            at, last = end_of_pattern(source, at), sign
        else:
            last = sign if not sign.isspace() else last
            at += 1


def read_string(source: str, start: int) -> tuple[int, str, str, list[tuple[int, str, str]]]:
    """Return the end of a string, its text, the text with FIELD, and the strings inside."""
    quote, at, text, masked = source[start], start + 1, "", ""
    inner: list[tuple[int, str, str]] = []
    while at < len(source) and source[at] != quote:
        if quote == "`" and source.startswith("${", at):
            end = end_of_field(source, at + 2)
            field = source[at + 2 : end]
            inner += [(at + 2 + i, one, mask) for i, one, mask in javascript_strings(field)]
            text, masked, at = text + "{" + field + "}", masked + FIELD, end + 1
            continue
        size = 2 if source[at] == "\\" else 1
        text, masked, at = text + source[at : at + size], masked + source[at : at + size], at + size
    return at + 1, text, masked, inner


def end_of_field(source: str, at: int) -> int:
    """Return the offset of the brace that closes an expression in a template."""
    depth = 1
    while at < len(source):
        if source[at] in "\"'`":
            at = read_string(source, at)[0]
            continue
        depth += {"{": 1, "}": -1}.get(source[at], 0)
        if not depth:
            return at
        at += 1
    return at


def end_of_pattern(source: str, at: int) -> int:
    """Return the offset after a regular expression."""
    at, in_class = at + 1, False
    while at < len(source) and (source[at] != "/" or in_class) and source[at] != "\n":
        in_class = source[at] == "[" or (in_class and source[at] != "]")
        at += 2 if source[at] == "\\" else 1
    return at + 1


def of_javascript(file: str, source: str) -> Iterator[Sentence]:
    """Yield the sentences of a JavaScript file."""
    for offset, text, masked in javascript_strings(source):
        masked = " ".join(masked.split())
        if is_prose(masked) or is_label(file, masked):
            line = source.count("\n", 0, offset) + 1
            yield Sentence(file, line, " ".join(text.split()))


def messages(root: Path = ROOT) -> set[Sentence]:
    """Return the texts that are translated, those with a plural in both forms."""
    return {
        Sentence(use.file, use.line, " ".join(text.split()))
        for use in (all_uses() if root == ROOT else uses(root))
        for text in ([use.message] if isinstance(use.message, str) else use.message)
    }


def is_part(one: Sentence, whole: Iterable[str]) -> bool:
    """Return whether a text is one of these, or a piece of two words or more of one of them."""
    return one.text in whole or (" " in one.text and any(one.text in text for text in whole))


def sentences(root: Path = ROOT) -> list[Sentence]:
    """Return every sentence of the product, in the order of files and lines."""
    translated = messages(root)
    of_file: dict[str, set[str]] = defaultdict(set)
    for one in translated:
        of_file[one.file].add(one.text)
    found: list[Sentence] = []
    for pattern, read in (
        ("app.py", of_python),
        ("engine/**/*.py", of_python),
        ("pages/**/*.py", of_python),
        ("static/**/*.js", of_javascript),
    ):
        for path in sorted(root.glob(pattern)):
            if path.name not in GENERATED:
                found += read(path.relative_to(root).as_posix(), path.read_text())
    others = [one for one in found if not is_part(one, of_file[one.file])]
    return sorted({*translated, *others})


def main() -> None:
    """Print the sentences, those of the paths on the command line if there are any."""
    paths = tuple(sys.argv[1:])
    found = [one for one in sentences() if not paths or one.file.startswith(paths)]
    print(*found, sep="\n")
    print(f"{len(found)} sentences", file=sys.stderr)


if __name__ == "__main__":
    main()
