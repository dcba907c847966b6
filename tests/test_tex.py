"""TeX is written from data and never taken apart: read off the source of the product.

TeX is what is called tex or latex, what `write` and `write_terms` return, and every string with a
command of TeX in it. Only engine/nn/formula.py, which writes it, may work on it as on a string. In
the browser only static/walker/formula.js may have it at all, to hand it to KaTeX as it came.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tools.syntax import parse

ROOT = Path(__file__).parents[1]
WRITER = "engine/nn/formula.py"
NAMES = re.compile(r"(^|_)(tex|latex)$")
WRITERS = {"write", "write_terms"}
SETTER = "static/walker/formula.js"
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
        for node in cuts(parse(path.read_text()))
    ]


# Comments, strings, templates and regular expressions of JavaScript; behind a value a / divides.
LITERAL = re.compile(
    r"""(?P<comment>//[^\n]*|/\*.*?\*/)
    |"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`
    |(?<=[(,=:\[!&|?{};>])\s*/(?:[^/\\\n\[]|\\.|\[(?:[^\]\\\n]|\\.)*\])+/""",
    re.DOTALL | re.VERBOSE,
)
TEX = re.compile(r"(?<![\w-])(?:\w+T|t)ex(?!\w)|(?<![\w-])(?:\w+L|l)atex(?!\w)")
# A member of TeX, its letters one by one, or TeX handed to a method of another value.
CUT = re.compile(
    rf"(?:{TEX.pattern})\s*(?:\?\.|\.|\[)|(?:\.\.\.|\bof\s+)(?:\w+\.)*(?:{TEX.pattern})"
    rf"|\.(?:test|exec|from|split|replace|replaceAll|match)\([^()]*(?:{TEX.pattern})"
)


def cut_up_in_browser(root: Path) -> list[str]:
    """Return the places of static/ that know commands of TeX, or read or cut what is TeX."""
    found = []
    for path in sorted((root / "static").rglob("*.js")):
        name, text = path.relative_to(root).as_posix(), path.read_text()
        for literal in LITERAL.finditer(text):
            if not literal["comment"] and COMMAND.search(literal[0]):
                found.append(f"{name}: {literal[0]}")
        code = LITERAL.sub(lambda own: "" if own["comment"] else own[0], text)
        pattern = CUT if name == SETTER else TEX
        found += [f"{name}: {own[0]}" for own in pattern.finditer(code)]
    return found


def test_tex_is_never_taken_apart():
    assert cut_up(ROOT) == []


def test_the_browser_never_takes_tex_apart():
    assert cut_up_in_browser(ROOT) == []
    assert TEX.search((ROOT / SETTER).read_text())


@pytest.mark.parametrize("path", [SETTER, "static/trace/planted.js"])
@pytest.mark.parametrize(
    "text",
    [
        'const turned = entry.symbol.includes("\\\\top");',
        "const turned = symbol.includes('\\\\top');",
        "const turned = symbol.includes(String.raw`\\top`);",
        "const one = text.replace(/\\\\frac\\{/g, '');",
        'const J = tex.includes("oslash");',
        'const left = line.tex.split(" = ")[0];',
        "const first = line.tex[0];",
        "const end = line.formula?.tex?.length;",
        "const rest = wholeTex.slice(1);",
        "const found = /a/.test(line.tex);",
        "for (const sign of line.tex) put(sign);",
        "const signs = [...tex];",
        "const name = `\\\\delta^{(${layer})}`;",
    ],
)
def test_a_planted_cut_in_the_browser_is_seen(path, text, tmp_path):
    (tmp_path / path).parent.mkdir(parents=True)
    (tmp_path / path).write_text(text)
    assert len(cut_up_in_browser(tmp_path)) >= 1


def test_only_one_module_of_the_browser_has_tex(tmp_path):
    lines = (
        "// a formula set from its \\\\frac",
        "const markup = katex.renderToString(tex, options);",
        "if (shown.get(element)?.tex === own.tex) return;",
        "const half = (a + b) / 2 / vertex.length; const text = 'context'; element.text.trim();",
    )
    for name in (SETTER, "static/trace/other.js"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("\n".join(lines))
    found = cut_up_in_browser(tmp_path)
    assert found == ["static/trace/other.js: tex"] * 3


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
