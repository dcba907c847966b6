"""What axe-core finds wrong on a page for people who use a keyboard or a screen reader."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

GRAVE = {"serious", "critical"}
STREAMLITS_OWN: dict[str, str] = {}  # rule -> selector of what Streamlit itself draws so


def faults(page: Page, context: str | None = None) -> list[str]:
    """A line for each grave fault: rule, place, what to do; `context` is a part of the page."""
    found = Axe().run(page, context).response["violations"]
    return [
        f"{fault['id']} at {' '.join(map(str, node['target']))}: {fault['help']}"
        for fault in found
        if fault["impact"] in GRAVE
        for node in fault["nodes"]
        if not is_streamlits(page, fault["id"], node["target"][0])
    ]


def is_streamlits(page: Page, rule: str, target: str) -> bool:
    """Whether the element lies in a part that Streamlit draws and no page can change."""
    own = STREAMLITS_OWN.get(rule)
    return own is not None and page.locator(target).first.evaluate(
        "(element, own) => element.closest(own) !== null", own
    )
