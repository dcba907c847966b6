"""What axe-core finds wrong on a page for people who use a keyboard or a screen reader."""

from collections.abc import Sequence

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

# Streamlit's own: the area that takes a file is a <section role="presentation"> with a focus.
THEIRS = {"presentation-role-conflict"}
OF_COLOURS = ("color-contrast", "link-in-text-block")  # rules that another scheme can break
SIDE_BAR = "[data-testid=stSidebar]"
RUN = """async ([context, rules, but]) => {
  const only = rules.length ? { runOnly: rules } : {};
  const options = { resultTypes: ["violations"], preload: false, ...only };
  const parts = { include: [context ?? "html"], exclude: [...but] };
  const { violations } = await axe.run(but.length ? parts : (context ?? document), options);
  return violations;
}"""


def faults(
    page: Page, context: str | None = None, rules: Sequence[str] = (), but: Sequence[str] = ()
) -> list[str]:
    """A line for each fault: rule, place, what to do.

    `context` is a part of the page; `rules` are those to look at, by default all; `but` are parts
    that another look has covered.
    """
    if page.evaluate("typeof axe") == "undefined":
        page.evaluate(AXE_SCRIPT)
    return [
        f"{fault['id']} at {' '.join(map(str, node['target']))}: {fault['help']}"
        for fault in page.evaluate(RUN, [context, rules, but])
        if fault["id"] not in THEIRS
        for node in fault["nodes"]
    ]
