"""kind 46: the app starts and answers where it may write nothing into its own folder."""

import os
import subprocess
import sys
from pathlib import Path

from tests.browser.driver import ROOT, serve

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
        for path in ("/", "/step", "/compare"):
            page.goto(server.url + path)
            page.locator("[data-player], [data-walker]").first.wait_for(state="attached")
        page.goto(f"{server.url}/theory")
        page.locator(".katex").first.wait_for(state="attached")
        tab.leave()  # before the server ends
        assert "Traceback" not in server.log
        assert "Read-only" not in server.log
    assert sorted(Path(ROOT / "static").rglob("*")) == before
