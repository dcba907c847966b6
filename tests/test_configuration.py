"""The server runs as .streamlit/config.toml says, and Streamlit still knows each option in it.

Streamlit ignores an option that it does not know, without a word. `runner.postScriptGC` is hidden
and undocumented, and without it ten learners at once see one frame a second instead of five.
"""

import inspect
import json
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from streamlit.runtime.scriptrunner.script_runner import ScriptRunner

ROOT = Path(__file__).parents[1]
CONFIG = tomllib.loads((ROOT / ".streamlit/config.toml").read_text())

EXPECTED = {
    "runner.postScriptGC": False,
    "runner.fastReruns": False,
    "runner.magicEnabled": False,
    "server.headless": True,
    "server.enableStaticServing": True,
    "server.fileWatcherType": "none",
    "server.maxUploadSize": 50,
    "server.maxMessageSize": 20,
    "server.enableCORS": True,
    "server.enableXsrfProtection": True,
    "browser.gatherUsageStats": False,
    "browser.serverAddress": "localhost",
    "client.toolbarMode": "minimal",
    "client.showErrorDetails": "none",
    "client.showSidebarNavigation": False,
}


def flat(table: dict, start: str = "") -> dict:
    """{"server.headless": True, ...} of the nested tables."""
    found = {}
    for name, value in table.items():
        found |= (
            flat(value, f"{start}{name}.") if isinstance(value, dict) else {start + name: value}
        )
    return found


@pytest.fixture(scope="module")
def in_force() -> dict:
    """What a Streamlit started in this folder holds for each option of the file."""
    names = list(flat(CONFIG))
    code = (
        "import json\nfrom streamlit import config\n"
        f"print(json.dumps({{name: config.get_option(name) for name in {names!r}}}))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr  # get_option raises when there is no such option
    return json.loads(done.stdout)


def test_streamlit_knows_every_option_of_the_file(in_force):
    assert in_force == flat(CONFIG)


@pytest.mark.parametrize("name", EXPECTED)
def test_the_option_is_what_the_product_needs(in_force, name):
    assert in_force[name] == EXPECTED[name]


def test_the_hidden_option_still_switches_the_collection_off():
    source = inspect.getsource(sys.modules[ScriptRunner.__module__])
    before, _, after = source.partition('get_option("runner.postScriptGC")')
    assert "gc.collect" not in before
    assert after.count("gc.collect(") == 1


def luminance(colour: str) -> float:
    """Relative luminance of #rrggbb (WCAG 2.1)."""
    parts = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("front", ["primaryColor", "textColor"])
@pytest.mark.parametrize("back", ["backgroundColor", "secondaryBackgroundColor"])
def test_text_can_be_read_in_both_themes(theme, front, back):
    colours = CONFIG["theme"][theme]
    low, high = sorted((luminance(colours[front]), luminance(colours[back])))
    assert (high + 0.05) / (low + 0.05) >= 4.5
