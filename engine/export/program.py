"""A trained network as a program that reads a table and writes the predictions.

Names of columns and classes come from a table of unknown origin. They occur in a program only as
ASCII literals, never in a comment, a docstring or a name; the first line gives the encoding.
"""

from __future__ import annotations

import math
import re
import sys

from engine.export.excerpt import excerpt
from engine.export.source_code import LIBRARIES, network_lines
from engine.export.standalone import (
    VALUE_OF,
    TextForm,
    inputs_of,
    numbers_as_they_are,
    plain_form,
    read_rows,
    write_rows,
)
from engine.tables import Dialect, Field, Preparation, Reading
from engine.training import Model

TAKEN = (  # names in the lines below, which no copied function may have
    *("np", "keras", "torch", "nn", "VALUE_OF", "FORM", "FIELDS", "CLASSES", "TARGET", "HEADER"),
    *("predict", "result_rows", "main"),
)


def code_for(
    library: str,
    model: Model,
    preparation: Preparation | None = None,
    form: TextForm | None = None,
) -> str:
    """Return the program. Raises ValueError if the library has no such network.

    `preparation` turns a row of text into inputs, `form` is the format of its table; without them
    the inputs are numbers in columns with the names of the inputs.
    """
    network = network_lines(library, model)
    own, way = LIBRARIES[library], preparation or numbers_as_they_are(model)
    leave = [(inputs_of.__module__, "VALUE_OF")]
    imports, reading = excerpt(needed_functions(way), leave, {*TAKEN, *defined_names(network)})
    whole = [
        "# -*- coding: utf-8 -*-",  # Python reads the rest with this encoding
        program_docstring(own.title, model),
        "from __future__ import annotations\n",
        sort_imports({*imports.split("\n"), "import sys", "import numpy as np", *own.imports}),
        heading_lines("The network"),
        *network,
        heading_lines("Reading a table"),
        reading,
        heading_lines("The columns and the predictions"),
        *column_lines(way, form or plain_form([field.name for field in way.fields])),
        *predict_lines(model, way),
        MAIN,
    ]
    return "\n".join(whole)


def needed_functions(way: Preparation) -> list[tuple[str, str]]:
    """Return the functions of the engine that a program needs for these columns."""
    kinds = {field.reading.kind for field in way.fields if not field.categories}
    used = [read_rows, inputs_of, write_rows, TextForm, Dialect, Field, Reading]
    used += [one for kind, one in VALUE_OF.items() if kind in kinds]
    return [(one.__module__, one.__name__) for one in used]


def defined_names(lines: list[str]) -> list[str]:
    """Return the names that lines of a program define, and perhaps some more."""
    return re.findall(r"^(?:def |class )?(\w+)", "\n".join(lines), re.MULTILINE)


def sort_imports(imports: set[str]) -> str:
    """Return the imports: Python's own, then those of libraries."""
    lines = sorted(filter(None, imports), key=lambda line: (line.startswith("from"), line))
    own = [line for line in lines if line.split()[1].split(".")[0] in sys.stdlib_module_names]
    return "\n".join([*own, "", *(line for line in lines if line not in own)])


def heading_lines(text: str) -> str:
    """Return a heading in a program."""
    return f"\n\n# {text}\n\n"


def program_docstring(library: str, model: Model) -> str:
    """Return the docstring of the program; it contains no name from the table."""
    given = "the label and the probability of each class" if model.classes else "a number"
    called = "(labels, probabilities)" if model.classes else "an array of numbers"
    needs = "NumPy" if library == "NumPy" else f"NumPy and {library}"
    return f'''"""A trained network as a program. It computes {given} for each row of a table.

It needs Python 3.10 or later and {needs}, but not the app that wrote it.

    python program.py table.csv                   shows the predictions
    python program.py table.csv predictions.csv   writes them to a file

`predict(rows)` takes a list of dictionaries (column name: cell) and returns {called}.
`outputs(X)` takes the inputs of the network, one row per example, and returns its outputs.
A row in which every cell is empty gets no prediction. A row of totals counts as a normal row.
"""
'''


def python_literal(value: object) -> str:
    """Return a value as Python text in ASCII; a named tuple without its default values."""
    if names := getattr(value, "_fields", ()):
        entries = {name: getattr(value, name) for name in names}
        plain = getattr(value, "_field_defaults", {})
        own = [
            f"{k}={python_literal(one)}"
            for k, one in entries.items()
            if k not in plain or one != plain[k]
        ]
        return f"{type(value).__name__}({', '.join(own)})"
    if isinstance(value, tuple | list):
        return f"({', '.join(map(python_literal, value))}{',' * (len(value) == 1)})"
    if isinstance(value, float) and not math.isfinite(value):
        return f'float("{value}")'
    return ascii(value)


def column_lines(way: Preparation, form: TextForm) -> list[str]:
    """Return the lines with the columns of the table, as ASCII literals."""
    kinds = {field.reading.kind for field in way.fields if not field.categories}
    own = {kind: one.__name__ for kind, one in VALUE_OF.items() if kind in kinds}
    return [
        "VALUE_OF = {" + ", ".join(f'"{kind}": {name}' for kind, name in own.items()) + "}",
        f"FORM = {python_literal(form)}",
        "FIELDS = (",
        *(f"    {python_literal(field)}," for field in way.fields),
        ")",
        f"{'CLASSES' if way.classes else 'TARGET'} = {python_literal(way.classes or way.target)}",
    ]


def predict_lines(model: Model, way: Preparation) -> list[str]:
    """Return the lines of `predict(rows)` and of the names of its columns."""
    head = [
        "",
        "",
        "def predict(rows):",
        '    """Return the predictions for rows, each of which is a dictionary."""',
        f"    X = np.array(inputs_of(rows, FIELDS)).reshape(len(rows), {len(way.input_names)})",
        "    known = ~np.isnan(X).any(axis=1)",
        f"    a = np.full((len(rows), {model.sizes[-1]}), np.nan)",
        "    if known.any():",
        "        with np.errstate(all='ignore'):",
        "            a[known] = outputs(X[known])",
    ]
    if not model.classes:
        names = [f"predicted {name}" for name in model.target_names]
        tail = ["    return a[:, 0]" if model.sizes[-1] == 1 else "    return a"]
        return [*head, *tail, "", "", f"HEADER = {python_literal(names)}", ROWS_OF_NUMBERS]
    names = [f"predicted {way.target}", *(f"probability of {name}" for name in model.classes)]
    tail = [
        *decision_lines(model),
        "    labels = [CLASSES[k] if one else '' for k, one in zip(chosen, known)]",
        "    return labels, p",
    ]
    return [*head, *tail, "", "", f"HEADER = {python_literal(names)}", ROWS_OF_CLASSES]


def decision_lines(model: Model) -> list[str]:
    """Return the lines from outputs a (n, K) to the chosen class and to probabilities p."""
    if model.sizes[-1] == 1:
        lines = [f"    chosen = (a[:, 0] > {model.output_activation.threshold}).astype(int)"]
    else:
        lines = ["    chosen = a.argmax(axis=1)"]
    if model.output_activation.mixes:
        return [*lines, "    p = a"]
    no, yes = model.output_activation.class_targets
    share = "a"
    if (no, yes) != (0.0, 1.0):
        share = f"(a {'+' if no < 0 else '-'} {abs(no):g}) / {yes - no:g}"
    lines.append(f"    p = np.clip({share}, 0.0, 1.0)")
    if model.sizes[-1] == 1:
        return [*lines, "    p = np.column_stack([1 - p, p])"]
    total, even = "p.sum(axis=1, keepdims=True)", 1 / model.sizes[-1]
    return [
        *lines,
        f"    total = {total}",
        f"    p = np.where(total == 0, {even}, p / np.where(total == 0, 1, total))",
    ]


ROWS_OF_CLASSES = """

def result_rows(rows):
    \"\"\"Return the cells to write for each row.\"\"\"
    labels, p = predict(rows)
    return [[label, *share] for label, share in zip(labels, p.tolist())]
"""
ROWS_OF_NUMBERS = """

def result_rows(rows):
    \"\"\"Return the cells to write for each row.\"\"\"
    return np.reshape(predict(rows), (len(rows), -1)).tolist()
"""
MAIN = """
def main():
    \"\"\"Read a table and write the predictions for its rows.\"\"\"
    if len(sys.argv) not in (2, 3):
        sys.exit("Usage: python program.py table.csv [predictions.csv]")
    try:
        lines, rows = read_rows(sys.argv[1], FORM, [field.name for field in FIELDS])
        results = [[line, *cells] for line, cells in zip(lines, result_rows(rows))]
        write_rows([["line", *HEADER], *results], *sys.argv[2:])
    except (ValueError, OSError) as reason:
        sys.exit(str(reason))


if __name__ == "__main__":
    main()
"""
