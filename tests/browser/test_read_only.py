"""kind 46: the app starts and answers where it may write nothing into its own folder."""

import os
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.driver import ROOT, Server, serve
from tests.browser.test_compare import opens_with_a_sentence_about_the_nonsense_in_its_link
from tests.browser.test_theory import open_part

# Run by Python before anything else: every way to write below the folder fails, root's too.
GUARD = """
import os, sys
ROOT = {root!r} + os.sep
WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT
def refuse(event, arguments):
    ways = ("os.rename", "os.remove", "os.mkdir", "os.link", "os.symlink", "shutil.copyfile")
    paths = [str(one) for one in arguments if isinstance(one, (str, bytes, os.PathLike))]
    if event == "open":
        path, mode, flags = arguments
        if not (flags or 0) & WRITES:
            return
        paths = [str(path)]
    elif event not in ways:
        return
    if any(os.path.abspath(path).startswith(ROOT) for path in paths):
        raise OSError(30, "Read-only file system", paths[-1])
sys.addaudithook(refuse)
"""


def test_kind_46_every_page_comes_from_a_read_only_folder(tmp_path, tab, page, port, monkeypatch):
    (tmp_path / "sitecustomize.py").write_text(GUARD.format(root=str(ROOT)))
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(tmp_path), *sys.path[:1]]))
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    planted = [sys.executable, "-c", "open('static/planted.js', 'w')"]
    assert b"Read-only" in subprocess.run(planted, cwd=ROOT, capture_output=True).stderr
    before = sorted(Path(ROOT / "static").rglob("*"))
    with serve(port=port) as server:
        # the first request to a server may be for any page
        opens_with_a_sentence_about_the_nonsense_in_its_link(page, server)
        expect(page).to_have_title("Train · Deltascope")
        page.get_by_test_id("stSidebar").get_by_text("Step through", exact=True).click()
        expect(page).to_have_title("Step through · Deltascope")
        page.locator("[data-walker]").wait_for(state="attached")
        opens_the_part_that_a_link_names(page, server)
        tab.leave()  # before the server ends
        assert "Traceback" not in server.log
        assert "Read-only" not in server.log
    assert sorted(Path(ROOT / "static").rglob("*")) == before


def opens_the_part_that_a_link_names(page: Page, server: Server) -> None:
    """With the network of the link."""
    open_part(page, server, "Derivation", "&dataset=xor&hidden=5-3")
    expect(page.get_by_role("tab", name="Derivation")).to_have_attribute("aria-selected", "true")
    page.get_by_role("radio", name="Mine").click()
    expect(page.get_by_text("2 → 5 → 3 → 1 units")).to_be_visible()
    expect(page.get_by_text("is not a known setting")).to_have_count(0)
