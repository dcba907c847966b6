"""The syntax trees of Python sources: each is parsed once and walked once, whoever asks for it."""

from __future__ import annotations

import ast
from functools import cache


@cache
def parse(text: str) -> ast.Module:
    """Return the syntax tree of a file's text; every count goes over the same trees."""
    return ast.parse(text)


@cache
def nodes(tree: ast.Module) -> tuple[ast.AST, ...]:
    """Return the nodes of a file's syntax tree, as ast.walk yields them."""
    return tuple(ast.walk(tree))
