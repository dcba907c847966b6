"""TeX is written from data and never taken apart: read off the syntax trees of the product.

TeX is what is called tex or latex, what `write` and `write_terms` return, and every string with a
command of TeX in it. Only engine/nn/formula.py, which writes it, may work on it as on a string.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
WRITER = "engine/nn/formula.py"
NAMES = re.compile(r"(^|_)(tex|latex)$")
WRITERS = {"write", "write_terms", "unit_form", "chain_rule"}
COMMAND = re.compile(
    r"\\(frac|sum|partial|odot|oslash|top|left|right|leftarrow|quad|sqrt|hat|tilde|mathbf|text"
    r"|delta|eta|theta|mu|rho|beta|epsilon|lambda|sigma|Phi|lVert|operatorname)(?![a-zA-Z])"
)
CUTS = {
    *("replace", "split", "rsplit", "partition", "rpartition", "removeprefix", "removesuffix"),
    *("strip", "lstrip", "rstrip", "startswith", "endswith", "find", "rfind", "index", "translate"),
}
PATTERNS = {"sub", "subn", "search", "match", "fullmatch", "findall", "finditer", "compile"}


def is_tex(node: ast.AST) -> bool:
    """Return whether an expression is TeX by its name, by what it calls or by what it says."""
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return bool(NAMES.search(name))
        case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)):
            return name in WRITERS or (name in CUTS and is_tex(node.func.value))
        case ast.Constant(value=str(text)):
            return bool(COMMAND.search(text))
        case ast.JoinedStr(values=values):
            return any(is_tex(one) for one in values)
        case ast.FormattedValue(value=value) | ast.Subscript(value=value):
            return is_tex(value)
        case ast.BinOp(left=left, right=right):
            return is_tex(left) or is_tex(right)
    return False


def cuts(tree: ast.Module) -> Iterator[ast.expr]:
    """Yield every expression that takes TeX apart or looks for something in it."""
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Attribute(value=value, attr=name), args=args):
                known = {*CUTS, *PATTERNS} if isinstance(value, ast.Name | ast.Attribute) else CUTS
                if name in known and any(is_tex(one) for one in (value, *args)):
                    yield node
            case ast.Subscript(value=value, slice=ast.Slice()) if is_tex(value):
                yield node
            case ast.Compare(left=left, ops=[ast.In() | ast.NotIn()], comparators=[right]):
                if (is_tex(right) and not isinstance(right, ast.Constant)) or (
                    isinstance(left, ast.Constant) and is_tex(left)
                ):
                    yield node


def cut_up(root: Path) -> list[str]:
    """Return the places of the product where TeX is taken apart."""
    return [
        f"{path.relative_to(root).as_posix()}:{node.lineno} {ast.unparse(node)}"
        for folder in ("engine", "pages")
        for path in sorted((root / folder).rglob("*.py"))
        if path.relative_to(root).as_posix() != WRITER
        for node in cuts(ast.parse(path.read_text()))
    ]


def test_tex_is_never_taken_apart():
    assert cut_up(ROOT) == []


@pytest.mark.parametrize(
    "text",
    [
        "def f(tex): return tex.replace('a', 'b')",
        "left = equation.tex.split(' = ')[0]",
        "left, _, right = loss.delta_tex.partition(' = ')",
        r"def f(text): return text.replace(r'\odot', '')",
        r"def f(l, text): return text.replace(rf'W^{{({l})\top}}', '')",
        r"import re; SYMBOL = re.compile(r'(\\tilde a|\\delta)')",
        "import re; found = re.search('a', equation.tex)",
        "found = PLACED.sub('b', line.unit_tex)",
        "parts = write(formula).split(', ')",
        "masked = r'\\tilde a' in text",
        "linear = equation.tex.endswith('= z')",
        "rest = equation.tex[1:]",
        "J = 'J' in equation.tex",
    ],
)
def test_a_planted_cut_is_seen(text, tmp_path):
    (tmp_path / "engine").mkdir()
    (tmp_path / "engine/planted.py").write_text(text)
    assert len(cut_up(tmp_path)) >= 1


@pytest.mark.parametrize(
    "text",
    [
        "words = text.split(' ')",
        "tab = told[2].replace('\\\\t', '\\t')",
        r"right = (sym.J.T, r' \left[ ', right)",
        "print(f'${one.tex}$')",
        "tex = ', '.join(one.tex for one in parts)",
    ],
)
def test_other_work_on_strings_is_allowed(text, tmp_path):
    (tmp_path / "engine").mkdir()
    (tmp_path / "engine/allowed.py").write_text(text)
    assert cut_up(tmp_path) == []
