"""kind 41: text that is not ours reaches Markdown through pages/widgets/shell/foreign.py alone.

Read off the syntax trees, as far as they tell: an argument that Streamlit reads as Markdown may
hold nothing that goes by the name of foreign text, be it through a variable, unless the door stands
between. That nothing was forgotten is what tests/browser/test_hostile.py sees.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tools.syntax import parse

ROOT = Path(__file__).parents[1]
DOOR = "pages/widgets/shell/foreign.py"
# Streamlit's functions that read Markdown, with the arguments in which they do, besides help=.
LABELS = """
markdown caption error info warning success write toast header subheader title badge expander
popover spinner status button download_button link_button checkbox toggle text_input text_area
number_input slider select_slider file_uploader form_submit_button multiselect selectbox metric
"""
SHOWN = {
    **dict.fromkeys(LABELS.split(), (0, "label", "body", "text", "title")),
    **dict.fromkeys(("radio", "pills", "segmented_control"), (0, 1, "options", "format_func")),
    "progress": (1, "text"),
    "page_link": (1, "label"),
    "tabs": (0, "tabs"),
    "table": (0, "data"),
}
ALWAYS = ("help", "caption", "captions")
# Attributes that hold text of a file, a link, a project or a person, or a sentence with such text.
WORDS = """
name names notes note classes input_names target_names features target columns fields labels fault
refused finished diverged ended error evidence said raw cells filename args query_params
session_state own_name unit units delimiter encoding lines
"""
FOREIGN = set(WORDS.split())
INERT = {"literal", "len", "count", "many", "number", "percent", "int", "round", "bool"}


def foreign(node: ast.AST, names: dict[str, list[ast.AST]], seen: tuple[str, ...] = ()) -> bool:
    """Whether an expression may hold foreign text that no door has been put before."""
    match node:
        case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)) if name in INERT:
            return False
        case ast.Call(func=ast.Attribute(value=value), args=args, keywords=keywords):
            parts = (value, *args, *(one.value for one in keywords))
            return any(foreign(part, names, seen) for part in parts)
        case ast.Compare():
            return False
        case ast.ListComp(elt=shown) | ast.GeneratorExp(elt=shown):
            return foreign(shown, names, seen)
        case ast.IfExp(body=body, orelse=other):  # what is asked is not shown
            return foreign(body, names, seen) or foreign(other, names, seen)
        case ast.FormattedValue(format_spec=spec) if spec is not None and of_numbers(spec):
            return False
        case ast.Subscript(value=value):
            return foreign(value, names, seen)
        case ast.Attribute(value=value, attr=word):
            own = registry(value) or ast.unparse(value).endswith("config")
            return not own and (word in FOREIGN or foreign(value, names, seen))
        case ast.Name(id=name):
            if name in seen:
                return False
            return any(foreign(value, names, (*seen, name)) for value in names.get(name, ()))
        case ast.ExceptHandler():
            return True
    return any(foreign(part, names, seen) for part in ast.iter_child_nodes(node))


def registry(node: ast.AST) -> bool:
    """Whether an expression is a table of ours, or an entry of one: CHOICES[name]."""
    while isinstance(node, ast.Subscript | ast.Attribute):
        node = node.value
    return isinstance(node, ast.Name) and node.id.isupper()


def of_numbers(spec: ast.AST) -> bool:
    """Whether a format takes numbers alone, such as :, or :.3g."""
    return any(sign in ast.unparse(spec) for sign in (",", "g", "%", "f'", "d'"))


def bindings(function: ast.AST) -> dict[str, list[ast.AST]]:
    """{name: what it is given} of the names in a function, where the tree shows it."""
    found: dict[str, list[ast.AST]] = {}
    for node in ast.walk(function):
        pairs: list[tuple[ast.AST, ast.AST]] = []
        match node:
            case ast.Assign(targets=targets, value=value):
                pairs = [(target, value) for target in targets]
            case (
                ast.AugAssign(target=target, value=value)
                | ast.NamedExpr(target=target, value=value)
            ):
                pairs = [(target, value)]
            case ast.For() | ast.comprehension():
                pairs = [(node.target, node.iter)]
            case ast.ExceptHandler(name=str(name)):
                found.setdefault(name, []).append(node)
        for target, value in pairs:
            for one, part in unpacked(target, value):
                found.setdefault(one, []).append(part)
    return found


def unpacked(target: ast.AST, value: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    """(name, what it is given) of an assignment, part by part where both sides are written out."""
    if isinstance(target, ast.Name):
        yield target.id, value
    elif isinstance(target, ast.Tuple | ast.List):
        parts = [value] * len(target.elts)
        if isinstance(value, ast.Tuple) and len(value.elts) == len(target.elts):
            parts = value.elts
        elif isinstance(value, ast.Call) and ast.unparse(value.func) == "enumerate":
            parts[0] = ast.Constant(0)
        elif isinstance(value, ast.Call) and ast.unparse(value.func) == "zip":
            parts = value.args
        for one, part in zip(target.elts, parts, strict=True):
            yield from unpacked(one, part)


def unguarded(root: Path) -> list[str]:
    """A sentence for each place where Markdown may be made of text that is not ours."""
    found = []
    for path in [*root.glob("pages/*.py"), *root.glob("pages/widgets/**/*.py")]:
        name = path.relative_to(root).as_posix()
        if name == DOOR:
            continue
        tree = parse(path.read_text())
        functions = [one for one in ast.walk(tree) if isinstance(one, ast.FunctionDef)]
        for function in functions or [tree]:
            names = bindings(function)
            for call in (one for one in ast.walk(function) if isinstance(one, ast.Call)):
                found += [
                    f"{name}: {getattr(function, 'name', '')} shows {ast.unparse(part)[:110]}"
                    for part in markdown_of(call)
                    if foreign(part, names)
                ]
    return sorted(set(found))


def markdown_of(call: ast.Call) -> Iterator[ast.expr]:
    """The arguments of a call of Streamlit that it reads as Markdown."""
    if not isinstance(call.func, ast.Attribute) or ast.unparse(call.func.value) == "foreign":
        return
    places = SHOWN.get(call.func.attr, ())
    if places or call.func.attr.endswith("Column"):
        yield from (part for place, part in enumerate(call.args) if place in places)
        for keyword in call.keywords:
            if keyword.arg in ALWAYS or keyword.arg in places:
                yield keyword.value


def test_foreign_text_reaches_markdown_through_the_door_alone():
    assert unguarded(ROOT) == []


@pytest.mark.parametrize(
    "code",
    [
        "st.caption(f'{table.name} is open')",
        "st.info(' '.join(data.notes))",
        "st.button('x', help=data.target_names[0])",
        "words = f'the class {data.classes[0]}'\n    left.markdown(words)",
        "for name in data.input_names:\n        st.checkbox(name)",
        "st.pills('Class', data.classes)",
        "st.tabs([f'{one}' for one in data.classes])",
        "try:\n        pass\n    except ValueError as reason:\n        st.error(str(reason))",
        "st.markdown(sentence(data.notes))",
        "st.column_config.TextColumn('x', help=column.note)",
        "st.warning('x' if data.n else run.diverged)",
        "a, b = data.name, 1\n    st.subheader(a)",
        "st.progress(0.5, text=own.reading + own.error)",
        "st.table(data.names)",
    ],
)
def test_a_planted_way_past_the_door_is_seen(code, tmp_path):
    assert len(unguarded(planted(tmp_path, code))) == 1


@pytest.mark.parametrize(
    "code",
    [
        "st.caption(f'{literal(table.name)} is open')",
        "foreign.info(' '.join(data.notes))",
        "st.button(foreign.literal(data.name))",
        "st.text(data.notes[0])",
        "st.markdown(f'{len(data.classes)} classes, {data.unit:.3g}')",
        "st.selectbox('Class', data.classes)",
        "st.caption('regression' if data.classes == () else 'classes')",
        "st.markdown(CHOICES[name].name)",
    ],
)
def test_what_is_ours_or_inert_passes(code, tmp_path):
    assert unguarded(planted(tmp_path, code)) == []


def planted(root: Path, code: str) -> Path:
    file = root / "pages/widgets/planted.py"
    file.parent.mkdir(parents=True)
    file.write_text(f"def f(st, left, table, data):\n    {code}\n")
    return root


MARKUP = r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|DOMParser|\beval\(|new Function"


def test_our_javascript_makes_no_markup_of_text():
    found = {
        path.relative_to(ROOT / "static").as_posix()
        for path in (ROOT / "static").rglob("*.js")
        if re.search(MARKUP, path.read_text())
    }
    assert found == {"walker/formula.js"}  # what KaTeX makes of the engine's own formulas
