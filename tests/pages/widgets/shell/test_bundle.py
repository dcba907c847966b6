"""The one file that holds all modules of static/: whole, or the server says why not."""

import re
from pathlib import Path

import pytest

from pages.widgets.shell.assets import OURS
from pages.widgets.shell.bundle import bundle, needed, part

MODULES = {name: file for name, file in OURS.items() if name.endswith(".js")}


def test_every_module_is_there_with_all_that_it_exports():
    text = bundle(MODULES)
    for name, file in MODULES.items():
        source = file.read_text("utf-8")
        inside = text.split(f'\n"{name}": () => {{\n')[1].split("\n},\n")[0]
        returned = re.findall(r"\w+", inside.rpartition("return")[2])
        declared = r"^export (?:async function|function|class|const) (\w+)"
        exported = re.findall(declared, source, re.MULTILINE)
        assert returned == exported, name
        assert len(exported) == source.count("\nexport ") + source.startswith("export "), name
        imported = re.findall(r'^(?:import|\}) .*from "(?:\.+/)+([^"]+)"', source, re.MULTILINE)
        needed = re.findall(r'load\("([^"]+)"\)', inside)
        assert [one.split("/")[-1] for one in needed] == [one.split("/")[-1] for one in imported]
        assert set(needed) <= set(MODULES), name


def test_addresses_are_those_of_the_module_and_not_of_the_bundle():
    text = part("walker/some.js", 'import("../katex.js");\nnew URL("a.css", import.meta.url);\n')
    assert 'import(new URL("katex.js", import.meta.url).href)' in text
    assert 'new URL("a.css", new URL("walker/some.js", import.meta.url).href)' in text


@pytest.mark.parametrize(
    "line",
    [
        'import all from "./other.js";',
        'import * as all from "./other.js";',
        'import "./other.js";',
        "export default 3;",
        "export let count = 0;",
        'export { one } from "./other.js";',
    ],
)
def test_a_line_that_the_bundle_cannot_hold_is_named(line: str, tmp_path: Path):
    file = tmp_path / "some.js"
    file.write_text(f"const a = 1;\n{line}\n", "utf-8")
    with pytest.raises(ValueError, match=re.escape("static/some.js: the bundle cannot hold the")):
        bundle({"some.js": file})


def test_modules_need_each_other_in_one_direction_only():
    needs = {
        name: set(re.findall(r'load\("([^"]+)"\)', part(name, file.read_text("utf-8"))))
        for name, file in MODULES.items()
    }
    while needs:
        free = [name for name, others in needs.items() if not others & set(needs)]
        assert free, f"a circle among {sorted(needs)}"
        for name in free:
            del needs[name]


def test_a_module_that_stands_alone_brings_what_it_loads_at_run_time():
    modules = needed(MODULES, "recording/play.js")
    assert {"player/player.js", "views/stage.js", "picture/menu.js"} <= set(modules)
    assert not any(name.startswith(("walker/", "compare/")) for name in modules)
    text = bundle(modules, alone=True)
    assert 'Promise.resolve(load("picture/menu.js"))' in text
    assert set(re.findall(r'load\("([^"]+)"\)', text)) <= set(modules)
