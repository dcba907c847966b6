"""Source: which lines of the engine an equation comes from, read off the running generator."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from types import FrameType
from typing import NamedTuple

from engine.equations import Equation

ROOT = Path(__file__).parents[1]


class Source(NamedTuple):
    """A statement as it stands in a file of the engine."""

    file: str  # from the top of the project
    first: int  # the number of its first line
    function: str
    text: str  # its lines, without the indentation they share


def with_source(equations: Iterator[Equation]) -> Iterator[tuple[Equation, Source]]:
    """Each equation of a generator, and the statement that yielded it."""
    for equation in equations:
        yield equation, source_of(equations)


def source_of(generator: Iterator[Equation]) -> Source:
    """The statement where a generator, or the one it has handed over to, waits."""
    while (inner := getattr(generator, "gi_yieldfrom", None)) is not None:
        generator = inner
    frame: FrameType | None = getattr(generator, "gi_frame", None)
    if frame is None:
        raise ValueError("Only a generator that waits at a yield shows where it stands.")
    code = frame.f_code
    return statement(code.co_filename, frame.f_lineno, code.co_name)


def source_of_function(function: Callable) -> Source:
    """The whole of a function of the engine."""
    code = function.__code__
    return statement(code.co_filename, code.co_firstlineno, code.co_name)


@cache
def statement(path: str, line: int, function: str) -> Source:
    """The smallest statement of a file that holds the line, after what it needs right above it."""
    text = Path(path).read_text(encoding="utf-8")
    blocks = [
        block
        for node in ast.walk(ast.parse(text))
        for name in ("body", "orelse")
        if isinstance(block := getattr(node, name, None), list)
    ]
    block, place = min(
        (
            (block, place)
            for block in blocks
            for place, node in enumerate(block)
            if node.lineno <= line <= node.end_lineno
        ),
        key=lambda found: found[0][found[1]].end_lineno - found[0][found[1]].lineno,
    )
    first, last = block[needed_from(block, place)].lineno, block[place].end_lineno
    lines = text.splitlines()[first - 1 : last]
    shared = min(len(one) - len(one.lstrip()) for one in lines if one.strip())
    file = Path(path).resolve().relative_to(ROOT).as_posix()
    return Source(file, first, function, "\n".join(one[shared:] for one in lines))


def needed_from(block: list[ast.stmt], place: int) -> int:
    """Where the assignments begin that stand right above a statement and make what it uses."""
    used = names_in(block[place], ast.Load)
    while place and isinstance(above := block[place - 1], ast.Assign):
        if not names_in(above, ast.Store) & used:
            break
        used |= names_in(above, ast.Load)
        place -= 1
    return place


def names_in(statement: ast.stmt, context: type[ast.expr_context]) -> set[str]:
    """The names that a statement uses (Load) or gives a value (Store)."""
    return {
        node.id
        for node in ast.walk(statement)
        if isinstance(node, ast.Name) and isinstance(node.ctx, context)
    }
