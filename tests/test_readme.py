"""What README.md promises holds: its example, its commands, its files."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text()
MAKEFILE = (ROOT / "Makefile").read_text()


def test_the_example_prints_what_stands_below_it():
    (code, printed), *others = re.findall(
        r"```python\n(.*?)```\n+```text\n(.*?)```", README, re.DOTALL
    )
    assert not others
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code], cwd=ROOT, capture_output=True, text=True
    )
    assert done.stderr == ""
    assert done.stdout == printed


def test_the_commands_exist():
    commands = set(re.findall(r"^make ([a-z]+)|`make ([a-z]+)`", README, re.MULTILINE))
    commands = {one or other for one, other in commands}
    assert {"run", "test"} <= commands
    assert commands <= set(re.findall(r"^([a-z]+):", MAKEFILE, re.MULTILINE))


def test_the_plain_lines_install_what_make_installs():
    assert "pip install -r requirements.txt" in README
    assert "streamlit run app.py" in README


@pytest.mark.parametrize("target", sorted(set(re.findall(r"\]\(([^)#:]+)\)", README))))
def test_what_is_linked_is_there(target):
    assert (ROOT / target).exists()


def test_every_folder_is_in_whats_where():
    whats_where = README.partition("## What's where")[2].partition("\n## ")[0]
    for folder in (
        "engine",
        "pages",
        "pages/figures",
        "pages/widgets",
        "static",
        "tests",
        "benchmarks",
        "deploy",
    ):
        assert f"`{folder}/`" in whats_where


def test_the_core_is_as_short_as_stated():
    text = README.split("**The core in")[1].split("\n\n")[0]
    lines, minutes = (
        int(re.search(r"(\d+) lines", text)[1]),
        int(re.search(r"(\d+) minutes", text)[1]),
    )
    files = re.findall(r"`(engine/\S+?\.py)`", text)
    assert lines == sum(len((ROOT / file).read_text().splitlines()) for file in files) <= 450
    assert len(files) == 4
    assert minutes == round(lines / 25)
