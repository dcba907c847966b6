"""What axe-core finds wrong on a page for people who use a keyboard or a screen reader."""

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

# Streamlit's own: the area that takes a file is a <section role="presentation"> with a focus.
THEIRS = {"presentation-role-conflict"}
RUN = """async (context) => {
  const { violations } = await axe.run(context ?? document, { resultTypes: ["violations"] });
  return violations;
}"""


def faults(page: Page, context: str | None = None) -> list[str]:
    """A line for each fault: rule, place, what to do; `context` is a part of the page."""
    if page.evaluate("typeof axe") == "undefined":
        page.evaluate(AXE_SCRIPT)
    return [
        f"{fault['id']} at {' '.join(map(str, node['target']))}: {fault['help']}"
        for fault in page.evaluate(RUN, context)
        if fault["id"] not in THEIRS
        for node in fault["nodes"]
    ]
