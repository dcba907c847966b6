"""Source: which lines of the engine an equation comes from, read off the running generator."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from pathlib import Path
from types import FrameType
from typing import NamedTuple

from engine.nn import Equation

ROOT = Path(__file__).parents[2]
STEPS = 4  # the place of the steps among what an Equation is made of


class Source(NamedTuple):
    """A statement and its place in a file of the engine."""

    file: str  # from the top of the project
    first: int  # the number of its first line
    function: str
    text: str  # its lines, without the indentation they share


def with_source(equations: Iterator[Equation]) -> Iterator[tuple[Equation, Source]]:
    """Yield each equation of a generator, and the statement that yielded it."""
    for equation in equations:
        yield equation, source_of(equations)


def source_of(generator: Iterator[Equation]) -> Source:
    """Return the statement where a generator, or the one it has handed over to, waits.

    Raises ValueError if the generator does not wait at a yield.
    """
    while (inner := getattr(generator, "gi_yieldfrom", None)) is not None:
        generator = inner
    frame: FrameType | None = getattr(generator, "gi_frame", None)
    if frame is None:
        raise ValueError("The generator must wait at a yield, to show its line.")
    code = frame.f_code
    return statement_source(code.co_filename, frame.f_lineno, code.co_name)


def source_of_function(function: Callable) -> Source:
    """Return the source of a whole function of the engine."""
    code = function.__code__
    return statement_source(code.co_filename, code.co_firstlineno, code.co_name)


@cache
def statement_source(path: str, line: int, function: str) -> Source:
    """Return the statement of a file that holds the line: what of it computes, not what prints.

    Of an equation these are its steps, after the assignments right above that make what they use.
    """
    text = Path(path).read_text(encoding="utf-8")
    block, place = smallest_statement(ast.parse(text), line)
    steps = steps_in(block[place])
    parts = [*assignments_used(block[:place], steps or [block[place]]), *(steps or [block[place]])]
    lines = list[str]()
    for part in parts:
        if not isinstance(part, ast.Name):  # made right above
            lines += dedent_lines(text, part)
    file = Path(path).resolve().relative_to(ROOT).as_posix()
    return Source(file, parts[0].lineno, function, "\n".join(lines))


def smallest_statement(tree: ast.Module, line: int) -> tuple[list[ast.stmt], int]:
    """Return the block, and the place in it, of the smallest statement that holds the line."""
    blocks = [
        block
        for node in ast.walk(tree)
        for name in ("body", "orelse")
        if isinstance(block := getattr(node, name, None), list)
    ]
    return min(
        (
            (block, place)
            for block in blocks
            for place, node in enumerate(block)
            if node.lineno <= line <= (node.end_lineno or node.lineno)
        ),
        key=lambda found: (found[0][found[1]].end_lineno or 0) - found[0][found[1]].lineno,
    )


def steps_in(statement: ast.stmt) -> list[ast.expr]:
    """Return the steps of the equation that a statement yields; [] of any other statement."""
    yielded = getattr(getattr(statement, "value", None), "value", None)
    if not isinstance(yielded, ast.Call) or not isinstance(yielded.func, ast.Name):
        return []
    if yielded.func.id == "update_equation":
        return yielded.args[1:]
    if yielded.func.id != "Equation" or len(yielded.args) <= STEPS:
        return []
    steps = yielded.args[STEPS]
    return list(steps.elts) if isinstance(steps, ast.Tuple) else [steps]


def assignments_used(above: list[ast.stmt], parts: Sequence[ast.AST]) -> list[ast.stmt]:
    """Return the statements right above that give values to what the parts use, in order."""
    used = {name for part in parts for name in used_names(part, ast.Load)}
    found = list[ast.stmt]()
    for statement in reversed(above):
        if not isinstance(statement, (ast.Assign, ast.If, ast.FunctionDef)):
            break
        if used_names(statement, ast.Store) & used and not isinstance(statement, ast.FunctionDef):
            used |= used_names(statement, ast.Load)
            found.append(statement)
    return found[::-1]


def dedent_lines(text: str, part: ast.stmt | ast.expr) -> list[str]:
    """Return the lines of a statement or an expression, without the indentation they share."""
    lines = text.splitlines()[part.lineno - 1 : part.end_lineno]
    if isinstance(part, ast.expr):
        lines = (ast.get_source_segment(text, part, padded=True) or "").splitlines()
    shared = min(len(one) - len(one.lstrip()) for one in lines if one.strip())
    return [one[shared:] for one in lines]


def used_names(statement: ast.AST, context: type[ast.expr_context]) -> set[str]:
    """Return the names that a statement uses (Load) or gives a value (Store)."""
    return {
        node.id
        for node in ast.walk(statement)
        if isinstance(node, ast.Name) and isinstance(node.ctx, context)
    }
