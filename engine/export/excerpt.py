"""Functions of the engine as text that runs without it, with everything that they use.

An exported program has to do what the engine does; a second version of it could become different.
"""

from __future__ import annotations

import ast
import importlib
import inspect
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from graphlib import TopologicalSorter
from typing import NamedTuple

TYPES = frozenset(("Any", "Iterable", "Mapping", "Sequence"))  # that annotations name
Part = tuple[str, str]  # a module of the engine, and a name that is defined in it


class Piece(NamedTuple):
    """One statement of a module: its text, the names that it defines, the names that it uses."""

    text: str
    defines: frozenset[str]
    uses: frozenset[str]
    annotations: frozenset[str]  # names that only annotations use


class Module(NamedTuple):
    """A module of the engine: its statements, and where its imported names come from."""

    pieces: tuple[Piece, ...]
    imports: dict[str, Part]  # name -> (module, name there; "" for the module itself)


def excerpt(
    parts: Iterable[Part], leave: Iterable[Part] = (), taken: Iterable[str] = ()
) -> tuple[str, str]:
    """Return the imports, and the definitions of `parts` and of all that they use.

    Parts in `leave` are left out; the caller defines them. A name that is already used by one of
    `parts`, in `taken` or in an earlier module gets the name of its module as a prefix.
    """
    roots = set(parts)
    chosen = find_needed(roots, set(leave))
    own = {part for part in chosen if part[0].startswith("engine.")}
    modules = {module for module, _ in own}
    before = {
        module: {source for source, _ in read_module(module).imports.values()} & modules
        for module in sorted(modules)
    }
    order = tuple(TopologicalSorter(before).static_order())
    names = new_names(sorted(own, key=lambda part: order.index(part[0])), roots, taken)
    text = [
        rename_in(piece.text, module, names)
        for module in order
        for piece in read_module(module).pieces
        if any((module, name) in own for name in piece.defines)
    ]
    return "\n".join(import_lines(chosen - own)), join_pieces(text)


def new_names(parts: Iterable[Part], roots: set[Part], taken: Iterable[str]) -> dict[Part, str]:
    """Return new names for the parts whose name is already used."""
    found, used = {}, {name for _, name in roots} | set(taken)
    for part in parts:
        module, name = part
        if part in roots or name not in used:
            used.add(name)
            continue
        stem = module.rpartition(".")[2]
        found[part] = f"{stem.upper() if name.isupper() else stem}_{name}"
    return found


def rename_in(text: str, module: str, names: Mapping[Part, str]) -> str:
    """Return the text of a module with the new names, outside quoted text."""
    known = {own: part for own, part in read_module(module).imports.items() if part in names}
    known |= {part[1]: part for part in names if part[0] == module}
    for name, part in known.items():
        text = re.sub(rf"(?<![\w.\"'])\b{name}\b(?![\"'])", names[part], text)
    return text


def find_needed(todo: set[Part], leave: set[Part]) -> set[Part]:
    """Return the parts and all that they use, without the names of Python itself."""
    chosen = set[Part]()
    while todo:
        part = todo.pop()
        if part in chosen or part in leave:
            continue
        module, name = part
        if not module.startswith("engine."):
            chosen.add(part)
            continue
        own, found = read_module(module), False
        for piece in own.pieces:
            if name in piece.defines:
                todo |= {(module, used) for used in piece.uses}
                chosen |= {own.imports[one] for one in piece.annotations & TYPES}
                found = True
        if found:
            chosen.add(part)
        elif name in own.imports:
            todo.add(own.imports[name])
    return chosen


@cache
def read_module(module: str) -> Module:
    """Return the statements of a module."""
    text = inspect.getsource(importlib.import_module(module))
    lines, tree = text.splitlines(), ast.parse(text)
    found = (one for node in tree.body for one in imported_names(node))
    imports = {name: defining_part(part) for name, part in found}
    pieces = []
    for node in tree.body:
        defines = frozenset(names_defined(node))
        if defines:
            start = min([node.lineno, *(d.lineno for d in getattr(node, "decorator_list", ()))])
            own = "\n".join(lines[start - 1 : node.end_lineno])
            uses = frozenset(names_used(node))
            pieces.append(Piece(own, defines, uses, frozenset(names_mentioned(node)) - uses))
    return Module(tuple(pieces), imports)


def defining_part(part: Part) -> Part:
    """Return where a name is defined that the __init__ of a room exports."""
    module, name = part
    if module.startswith("engine.") and hasattr(importlib.import_module(module), "__path__"):
        return read_module(module).imports.get(name, part)
    return part


def imported_names(node: ast.stmt) -> Iterator[tuple[str, Part]]:
    """Return the names that a statement imports, and where from."""
    if isinstance(node, ast.Import):
        for one in node.names:
            yield one.asname or one.name, (import_text(one), "")
    elif isinstance(node, ast.ImportFrom) and node.module != "__future__":
        for one in node.names:
            yield one.asname or one.name, (node.module or "", import_text(one))


def import_text(one: ast.alias) -> str:
    """Return an imported name as the statement writes it, with `as` if it has one."""
    return f"{one.name} as {one.asname}" if one.asname else one.name


def names_defined(node: ast.stmt) -> Iterator[str]:
    """Return the names that a statement defines."""
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        yield node.name
    elif isinstance(node, ast.Assign):
        yield from (
            one.id for one in ast.walk(ast.Tuple(node.targets)) if isinstance(one, ast.Name)
        )
    elif isinstance(node, ast.AugAssign | ast.AnnAssign) and isinstance(node.target, ast.Name):
        yield node.target.id


def names_used(node: ast.AST) -> Iterator[str]:
    """Return the names that are read when a statement or what it defines runs."""
    if isinstance(node, ast.Name):
        yield node.id
    for name, value in ast.iter_fields(node):
        if name in ("annotation", "returns"):  # text for people
            continue
        for one in value if isinstance(value, list) else [value]:
            if isinstance(one, ast.AST):
                yield from names_used(one)


def names_mentioned(node: ast.AST) -> Iterator[str]:
    """Return all names in a statement."""
    return (one.id for one in ast.walk(node) if isinstance(one, ast.Name))


def import_lines(parts: Iterable[Part]) -> list[str]:
    """Return import statements, Python's own first."""
    modules = sorted({module for module, name in parts if not name})
    names: dict[str, list[str]] = {}
    for module, name in sorted(parts):
        if name:
            names.setdefault(module, []).append(name)
    return [f"import {module}" for module in modules] + [
        f"from {module} import {', '.join(own)}" for module, own in sorted(names.items())
    ]


def join_pieces(pieces: Iterable[str]) -> str:
    """Return the pieces as one text, with two blank lines around functions and classes (PEP 8)."""
    text, before = "", ""
    for piece in pieces:
        block = piece.startswith(("def ", "class ", "@"))
        gap = "\n\n\n" if block or before.startswith(("def ", "class ", "@")) else "\n"
        text, before = text + gap + piece if text else piece, piece
    return text
