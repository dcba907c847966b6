"""The app in another language: nothing stays English, nothing overflows, the choice is kept."""

import re

import pytest
from playwright.sync_api import Page, expect

from engine.language import ENGLISH, LANGUAGES
from tests.browser.driver import Server, go_to, settled

WIDE, NARROW = 1400, 390
PAGES = ("", "step", "data", "compare", "tune", "lessons", "theory")
# Two English words in a row, or one of five letters.
ENGLISH_WORDS = re.compile(r"\b[A-Za-z]{2,}(?: [a-z]{2,})+\b|\b[A-Z]?[a-z]{4,}\b")
FILE = re.compile(r"[\w/]+\.py:\d+")  # a place in the program
NAMES = {  # which stay as they are in every language
    *("tanh", "softmax", "sigmoid", "dropout", "Dropout", "softplus", "swish", "sine"),
    *("momentum", "Nesterov", "Huber", "Mazur", "Deltascope", "English"),
    *("forward", "work"),  # in the program that Step through shows
}
OF_STREAMLIT = {"Skip to main content", "Upload", "50MB per file"}  # the last two are covered
# The visible texts and the names for screen readers; not code, formulas and Streamlit's own parts.
TEXTS = """() => {
  const found = [];
  const skipped = "script, style, code, pre, .katex, noscript, [data-testid=stIconMaterial]";
  const walk = (root) => {
    const tree = document.createTreeWalker(root, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT);
    for (let node = tree.nextNode(); node; node = tree.nextNode()) {
      if (node.nodeType === Node.TEXT_NODE) {
        const parent = node.parentElement;
        if (parent?.checkVisibility() && !parent.closest(skipped)) found.push(node.data.trim());
        continue;
      }
      if (node.shadowRoot) walk(node.shadowRoot);
      if (node.closest("[data-player], [data-walker], main .stHtml")) {
        found.push(node.getAttribute("aria-label") ?? "", node.getAttribute("title") ?? "");
      }
    }
  };
  walk(document.body);
  return found;
}"""


def english(page: Page) -> list[str]:
    """Return the texts on a page with English words in them."""
    return [
        text
        for text in dict.fromkeys(page.evaluate(TEXTS))
        if text not in OF_STREAMLIT
        and not FILE.fullmatch(text)
        and any(words not in NAMES for words in ENGLISH_WORDS.findall(text))
    ]


def overflow(page: Page) -> float:
    """Return by how many pixels the page is wider than the window."""
    return page.evaluate(
        "() => Math.max(...[document.documentElement, "
        "...document.querySelectorAll('[data-testid=stMain]')]"
        ".map((one) => one.scrollWidth - one.clientWidth))"
    )


@pytest.mark.parametrize("language", [name for name in LANGUAGES if name != ENGLISH])
def test_every_page_is_in_the_language_of_the_link(page: Page, server: Server, language):
    """One visit: the first page is that of the link, and the others keep its language.

    Each page begins as wide as the one before ends.
    """
    page.goto(f"{server.url}/?lang={language}")
    widths = (WIDE, NARROW)
    for name in PAGES:
        if name:
            before = page.title()
            go_to(page, f"/{name}")
            expect(page).not_to_have_title(before)
        expect(page.locator("html")).to_have_attribute("lang", language)
        for width in widths:
            page.set_viewport_size({"width": width, "height": 900})
            settled(page)
            assert overflow(page) <= 0, (name, width)
            if width == WIDE:
                expect(page.get_by_test_id("stSidebar")).to_have_attribute(
                    "data-collapsed", "false"
                )
                left = english(page)
                assert not left, (name, left)
        widths = widths[::-1]
