"""The worksheet of the page Lessons without a browser: open, type, check, correct, move on."""

import pytest
from streamlit.testing.v1 import AppTest

from engine.worksheets import right_values, to_query, worksheet_of
from pages.figures.lessons.worksheet_text import cell_label
from tests.engine.worksheets.test_computation import MAZUR

SHEET = worksheet_of(1)


def page() -> None:
    """Draw the worksheet alone."""
    from pages.widgets.lessons.worksheet import worksheet_section

    worksheet_section()


def opened(**query: str) -> AppTest:
    """The worksheet that a link opens."""
    app = AppTest.from_function(page, default_timeout=60)
    app.query_params.update(query)
    app.run()
    assert not app.exception
    return app


def field(app: AppTest, label: str):
    return next(one for one in app.text_input if one.label == label)


def button(app: AppTest, label: str, number: int = 0):
    return [one for one in app.button if one.label == label][number]


def said(app: AppTest) -> str:
    return "\n".join(one.value for one in app.markdown)


def fill(app: AppTest, sheet, groups: dict[str, int]) -> None:
    """Type the right numbers, rounded, and press Check in each group."""
    right = right_values(sheet)
    for group, place in groups.items():
        for cell in sheet.cells(group):
            number = right[cell.quantity][cell.row, cell.column]
            field(app, cell_label(sheet, cell)).set_value(f"{number:.4f}".replace(".", ","))
        button(app, "Check", place).click().run()


def test_a_mistake_is_named_corrected_and_the_sheet_is_completed():
    app = opened(worksheet="1")
    first = cell_label(SHEET, next(SHEET.cells()))
    without_bias = SHEET.W1[0][0] * SHEET.x[0][0]
    field(app, first).set_value(f"{without_bias:.3f}")
    button(app, "Check").click().run()
    assert "without the bias. Add b⁽¹⁾." in said(app)
    assert "Answer:" not in said(app)
    fill(app, SHEET, {"Forward": 0, "Error terms": 1, "Gradients": 2, "New weights": 3})
    assert "without the bias" not in said(app)
    assert "Every number is right" in app.success[0].value
    assert not app.exception


def test_the_answers_come_only_when_asked_for():
    app = opened(worksheet="1")
    button(app, "Check", 1).click().run()
    assert "Answer:" not in said(app)
    button(app, "Show the answers", 1).click().run()
    assert said(app).count("Answer:") == len(list(SHEET.cells("Error terms")))


def test_what_was_typed_is_still_there_after_another_worksheet():
    app = opened(worksheet="1")
    label = cell_label(SHEET, next(SHEET.cells()))
    field(app, label).set_value("0,5")
    button(app, "Check").click().run()
    button(app, "New numbers").click().run()
    assert app.query_params["worksheet"] != "1"
    assert field(app, "L").value == ""
    app.query_params.clear()
    app.query_params["worksheet"] = "1"
    app.run()
    assert field(app, label).value == "0,5"


def test_a_link_with_own_numbers_opens_and_is_passed_on():
    query = to_query(MAZUR)
    app = opened(**query)
    fill(app, MAZUR, {"Forward": 0})
    assert said(app).count("Right.") == len(list(MAZUR.cells("Forward")))
    address = app.code[0].value
    assert all(f"{name}={text}" in address for name, text in query.items())


@pytest.mark.parametrize("text", ["-1", "one", "<b>hello</b>", "9" * 400])
def test_a_wrong_link_is_explained_and_another_worksheet_is_there(text):
    app = opened(worksheet=text)
    assert "worksheet must be a number" in app.warning[0].value
    assert "<b>" not in app.warning[0].value.replace(r"\<b\>", "")
    assert field(app, "L").value == ""


def test_own_numbers_are_taken_with_a_decimal_comma():
    app = opened(**to_query(MAZUR))
    field(app, "b⁽¹⁾").set_value("0,5; 1")
    button(app, "Use these numbers").click().run()
    assert "b1 must be one row" in app.warning[0].value
    field(app, "b⁽¹⁾").set_value("0,5 -1.25")
    button(app, "Use these numbers").click().run()
    assert app.query_params["sheet_b1"] == "0.5,-1.25"
    assert not app.warning


@pytest.mark.parametrize(
    ("label", "choice", "part", "text"),
    [
        ("Hidden units", 3, "sheet_sizes", "1-3-1-1"),
        ("Outputs", 2, "sheet_sizes", "1-2-2-1"),
        ("Hidden activation", "tanh", "sheet_activation", "tanh"),
        ("Output and loss", ("softmax", "ce"), "sheet_sizes", "1-2-2-1"),
        ("Output and loss", ("sigmoid", "bce"), "sheet_loss", "bce"),
        ("L2, λ₂", "0.1", "sheet_l2", "0.1"),
    ],
)
def test_another_choice_opens_a_worksheet_that_has_it(label, choice, part, text):
    app = opened(worksheet="1")
    next(one for one in app.selectbox if one.label == label).set_value(choice).run()
    assert app.query_params[part] == text
    assert not app.warning
    assert not app.exception
