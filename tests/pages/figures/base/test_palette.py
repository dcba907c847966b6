"""Colours: each has one meaning, and each is seen on both pages."""

import pytest

from pages.figures.base import palette

PAGES = ("#ffffff", "#0e1117", "#14161a")
COLOURS = {
    *palette.CLASSES,
    palette.POSITIVE,
    palette.NEGATIVE,
    palette.TRAIN,
    palette.VALIDATION,
    palette.PENALTY,
}


def luminance(colour: str) -> float:
    """Relative luminance, WCAG 2.2."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    r, g, b = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def contrast(one: str, other: str) -> float:
    """Contrast ratio, WCAG 2.2."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def test_the_contrast_is_the_one_of_the_standard():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.478, abs=1e-3)  # WebAIM's checker


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("colour", sorted(COLOURS))
def test_every_colour_stands_out_from_every_page(colour, page):
    assert contrast(colour, page) >= 3


def test_two_classes_are_negative_and_positive_and_more_have_colours_of_their_own():
    assert palette.class_colours(2) == (palette.NEGATIVE, palette.POSITIVE)
    assert palette.class_colours(3) == ("#0072b2", "#d55e00", "#00966d")
    assert palette.class_symbols(2) == ("circle", "circle")


def test_no_two_of_seventy_classes_look_the_same():
    marks = set(zip(palette.class_colours(70), palette.class_symbols(70), strict=True))
    assert len(marks) == 70


def test_zero_is_the_page_and_the_ends_are_orange_and_blue():
    assert palette.diverging(0.5) == [
        [0, "rgba(208,111,0,0.5)"],
        [0.5, "rgba(208,111,0,0)"],
        [0.5, "rgba(43,115,183,0)"],
        [1, "rgba(43,115,183,0.5)"],
    ]


def test_the_player_gets_every_colour_it_paints_with():
    sent = palette.for_player()
    assert sent["classes"] == list(palette.CLASSES)
    assert {sent[name] for name in ("positive", "negative", "train", "running")} == {
        palette.POSITIVE,
        palette.NEGATIVE,
        palette.TRAIN,
    }
