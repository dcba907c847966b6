"""The network of a worksheet as a picture: every given number at its place, and the same in words.

The picture is an SVG: it is sharp on paper, and it needs no script.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.language import tr
from engine.worksheets import Worksheet
from pages.figures.base.palette import NEGATIVE, POSITIVE
from pages.figures.base.text import many, number, subscript, superscript

LEFT, TOP, GAP, ROW, RADIUS = 44, 30, 170, 104, 23
SHARES = (0.27, 0.35)  # where on its line the number of a weight stands, for each layer
DIGITS = 6  # of a given number

Place = tuple[float, float]


def worksheet_svg(sheet: Worksheet, background: str, ink: str) -> str:
    """Return the network of a worksheet as an SVG in the colours of a page."""
    columns = unit_places(sheet)
    height = ROW * (max(map(len, columns)) - 1) + TOP + RADIUS + 30
    width = 2 * (LEFT + GAP)
    parts = [*lines(sheet, columns), *weight_labels(sheet, columns), *circles(sheet, columns)]
    style = (
        f"text{{font:15px sans-serif;fill:{ink};text-anchor:middle;dominant-baseline:central}}"
        f".weight{{stroke:{background};stroke-width:9px;stroke-linejoin:round;paint-order:stroke}}"
        f"circle{{fill:{background};stroke:{ink};stroke-width:1.5}}.small{{font-size:13px}}"
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" '
        f'height="{height}"><style>{style}</style>{"".join(parts)}</svg>'
    )


def unit_places(sheet: Worksheet) -> list[list[Place]]:
    """Return the middle of every unit, layer by layer."""
    sizes = sheet.sizes[:3]
    tallest = max(sizes)
    return [
        [(LEFT + GAP * l, TOP + ROW * (j + (tallest - size) / 2)) for j in range(size)]
        for l, size in enumerate(sizes)
    ]


def weights_of(sheet: Worksheet) -> Iterator[tuple[int, int, int, float]]:
    """Yield (layer, unit, unit or input below, weight), the layers and the others from 0."""
    for l, W in enumerate((sheet.W1, sheet.W2)):
        for j, row in enumerate(W):
            for k, weight in enumerate(row):
                yield l, j, k, weight


def lines(sheet: Worksheet, columns: list[list[Place]]) -> Iterator[str]:
    """Yield the line of each weight, in the colour of its sign."""
    for l, j, k, weight in weights_of(sheet):
        (x1, y1), (x2, y2) = columns[l][k], columns[l + 1][j]
        colour = POSITIVE if weight >= 0 else NEGATIVE
        yield (
            f'<line x1="{x1:g}" y1="{y1:g}" x2="{x2:g}" y2="{y2:g}" '
            f'stroke="{colour}" stroke-width="2"/>'
        )


def weight_labels(sheet: Worksheet, columns: list[list[Place]]) -> Iterator[str]:
    """Yield the number of each weight, near the unit that the weight leads away from."""
    for l, j, k, weight in weights_of(sheet):
        (x1, y1), (x2, y2) = columns[l][k], columns[l + 1][j]
        x, y = x1 + SHARES[l] * (x2 - x1), y1 + SHARES[l] * (y2 - y1)
        yield svg_text(x, y, number(weight, DIGITS), "weight")


def circles(sheet: Worksheet, columns: list[list[Place]]) -> Iterator[str]:
    """Yield the circle of each unit with its name, and its input or bias below."""
    alone = sheet.sizes.examples == 1
    below = (
        [number(x, DIGITS) for x in sheet.x[0]] if alone else [""] * sheet.sizes.inputs,
        [f"b = {number(b, DIGITS)}" for b in sheet.b1],
        [f"b = {number(b, DIGITS)}" for b in sheet.b2],
    )
    names = ("x", f"a{superscript(1)}", f"a{superscript(2)}")
    for column, name, texts in zip(columns, names, below, strict=True):
        for j, ((x, y), text) in enumerate(zip(column, texts, strict=True)):
            yield f'<circle cx="{x:g}" cy="{y:g}" r="{RADIUS}"/>'
            yield svg_text(x, y, f"{name}{subscript(j + 1)}")
            if text:
                yield svg_text(x, y + RADIUS + 12, text, "weight small")


def svg_text(x: float, y: float, text: str, kind: str = "") -> str:
    """Return a text at a place; the text is made of our own letters and numbers."""
    return f'<text x="{x:.1f}" y="{y:.1f}" class="{kind}">{text}</text>'


def worksheet_in_words(sheet: Worksheet) -> str:
    """Return every given number of a worksheet as sentences."""
    d, h, K, _ = sheet.sizes
    parts = [
        tr(
            "Network with {inputs}, {hidden_units} and {outputs}.",
            inputs=many(d, "input"),
            hidden_units=many(h, "hidden unit"),
            outputs=many(K, "output"),
        ),
        *(
            tr(
                "Example {number}: x = {x}; target y = {y}.",
                number=i,
                x=listed_numbers(x),
                y=listed_numbers(y),
            )
            for i, (x, y) in enumerate(zip(sheet.x, sheet.y, strict=True), 1)
        ),
    ]
    layers = ((1, sheet.W1, sheet.b1), (2, sheet.W2, sheet.b2))
    for l, W, b in layers:
        for j, (row, bias) in enumerate(zip(W, b, strict=True), 1):
            parts.append(
                tr(
                    "Layer {layer}, unit {unit}: weights {weights}; bias {bias}.",
                    layer=l,
                    unit=j,
                    weights=listed_numbers(row),
                    bias=number(bias, DIGITS),
                )
            )
    return " ".join(parts)


def listed_numbers(values: tuple[float, ...]) -> str:
    """Return numbers one after the other."""
    return ", ".join(number(value, DIGITS) for value in values)
