"""The worksheet as a picture, in words, and on paper, with every given number."""

import re
from html.parser import HTMLParser
from xml.etree import ElementTree

import pytest

from engine.worksheets import Choices, right_values, worksheet_of
from pages.figures.lessons.worksheet_network import worksheet_in_words, worksheet_svg
from pages.figures.lessons.worksheet_print import worksheet_html
from pages.figures.lessons.worksheet_text import cell_label, given_table, plain_number

SMALL = worksheet_of(1, Choices((1, 1, 1, 1)))
LARGE = worksheet_of(1, Choices((3, 3, 2, 3), "tanh", "softmax", "ce", 0.1))
both = pytest.mark.parametrize("sheet", [SMALL, LARGE])


def given_numbers(sheet):
    """Every given number as the app writes it."""
    rows = [*sheet.x, *sheet.y, *sheet.W1, *sheet.W2, sheet.b1, sheet.b2]
    return [f"{value:g}".replace("-", "−") for row in rows for value in row]


def texts(svg):
    root = ElementTree.fromstring(svg)
    return [one.text for one in root.iter("{http://www.w3.org/2000/svg}text")]


@both
def test_the_picture_shows_every_weight_and_bias_once(sheet):
    shown = texts(worksheet_svg(sheet, "#fff", "#000"))
    weights = [f"{w:g}".replace("-", "−") for W in (sheet.W1, sheet.W2) for row in W for w in row]
    biases = [f"b = {b:g}".replace("-", "−") for b in (*sheet.b1, *sheet.b2)]
    for text in {*weights, *biases}:
        assert shown.count(text) >= (weights + biases).count(text)


def test_no_two_numbers_of_weights_cover_each_other():
    root = ElementTree.fromstring(worksheet_svg(LARGE, "#fff", "#000"))
    labels = list(root.iter("{http://www.w3.org/2000/svg}text"))
    places = [(float(one.get("x", 0)), float(one.get("y", 0))) for one in labels]
    for i, (x, y) in enumerate(places):
        for other_x, other_y in places[:i]:
            assert abs(x - other_x) > 20 or abs(y - other_y) >= 12


@both
def test_the_words_hold_every_given_number(sheet):
    words = worksheet_in_words(sheet)
    table = " ".join(text for _, text in given_table(sheet))
    for text in given_numbers(sheet):
        assert text in words
        assert text in table


@both
def test_the_labels_of_the_boxes_are_different(sheet):
    labels = [cell_label(sheet, cell) for cell in sheet.cells()]
    assert len(set(labels)) == len(labels)


class Boxes(HTMLParser):
    """Collects what stands in the boxes of a sheet, and what it would load."""

    def __init__(self, text):
        super().__init__()
        self.boxes, self.inside, self.loads = [], False, []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.loads += [value for name, value in attrs if name in ("src", "href")]
        if tag == "span":
            self.inside = True
            self.boxes.append("")

    def handle_endtag(self, tag):
        self.inside &= tag != "span"

    def handle_data(self, data):
        if self.inside:
            self.boxes[-1] += data


@both
def test_the_sheet_has_empty_boxes_and_the_key_has_the_right_numbers(sheet):
    cells = list(sheet.cells())
    empty = Boxes(worksheet_html(sheet, with_key=False))
    assert empty.boxes == [""] * len(cells)
    filled = Boxes(worksheet_html(sheet, with_key=True, address="https://host/lessons?worksheet=1"))
    right = right_values(sheet)
    shown = sorted(float(text.replace("−", "-")) for text in filled.boxes)
    expected = sorted(float(right[one.quantity][one.row, one.column]) for one in cells)
    assert shown == pytest.approx(expected, rel=1e-3, abs=1e-9)
    assert empty.loads == filled.loads == []
    assert "<script" not in worksheet_html(sheet, with_key=True)


def test_the_address_on_paper_is_inert():
    text = worksheet_html(SMALL, with_key=False, address="https://host/?<b>&amp;")
    assert "<b>&amp;" not in re.sub(r"<b>[^<]*</b>", "", text)
    assert "&lt;b&gt;" in text


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.00041063, "0.0004106"), (-0.2868, "−0.2868"), (0.0, "0"), (12.5, "12.5"), (-1.0, "−1")],
)
def test_a_plain_number_has_no_power_of_ten(value, text):
    assert plain_number(value) == text
