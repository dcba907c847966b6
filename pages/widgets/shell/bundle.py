"""All JavaScript modules of static/ in one file, so that a browser fetches them with one request.

The sources stay as they are, and can be fetched one by one, too. In the bundle each module is a
function that returns what it exports; it runs when it is first needed.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from pathlib import Path

NAME = "bundle.js"
IMPORT = re.compile(r'^import \{([^}]*)\} from "(\.{1,2}/[^"]+)";$', re.MULTILINE)
EXPORT = re.compile(r"^export (?=(?:async )?(?:function|class|const) (\w+))", re.MULTILINE)
LOADED = re.compile(r'\bimport\("(\.{1,2}/[^"]+)"\)')  # at run time
LEFT = re.compile(r"^(?:import\b(?!\()|export\b).*", re.MULTILINE)
HEAD = """const made = {};
/** @param {string} name of a module, relative to static/ */
export const load = (name) => (made[name] ??= modules[name]());
const modules = {
"""


def bundle(modules: Mapping[str, Path], alone: bool = False) -> str:
    """Return one module that holds these, given by name, and exports `load(name)`.

    What a module loads at run time comes from a server, or, if the bundle is `alone`, from itself.
    Raises ValueError for an import or export of another form than those of static/.
    """
    parts = [part(name, file.read_text("utf-8"), alone) for name, file in modules.items()]
    return HEAD + "".join(parts) + "};\n"


def needed(modules: Mapping[str, Path], first: str) -> dict[str, Path]:
    """Return a module, and all that it imports or loads at run time, directly or not."""
    found: dict[str, Path] = {}
    waiting = [first]
    while waiting:
        name = waiting.pop()
        if name in found:
            continue
        found[name] = modules[name]
        source = modules[name].read_text("utf-8")
        others = [path for _, path in IMPORT.findall(source)] + LOADED.findall(source)
        waiting += [resolved(name, other) for other in others]
    return {name: found[name] for name in sorted(found)}


def resolved(name: str, other: str) -> str:
    """Return the name of a module that the module `name` calls `other`."""
    return posixpath.normpath(posixpath.join(posixpath.dirname(name), other))


def part(name: str, source: str, alone: bool = False) -> str:
    """Return a module as a function of the bundle. Raises ValueError as `bundle` does."""

    def from_here(other: str) -> str:
        return resolved(name, other)

    def loaded(found: re.Match[str]) -> str:
        other = from_here(found[1])
        return f'Promise.resolve(load("{other}"))' if alone else f"import({located(other)})"

    def taken(found: re.Match[str]) -> str:
        names = found[1].replace(" as ", ": ")
        return f'const {{{names}}} = load("{from_here(found[2])}");'

    exported = EXPORT.findall(source)
    text = EXPORT.sub("", IMPORT.sub(taken, source))
    text = text.replace("import.meta.url", located(name))
    text = LOADED.sub(loaded, text)
    left = LEFT.search(text)
    if left:
        raise ValueError(f"static/{name}: the bundle cannot hold the line {left[0]!r}.")
    returned = f"return {{ {', '.join(exported)} }};"
    return f'"{name}": () => {{\n{text}{returned}\n}},\n'


def located(name: str) -> str:
    """Return the expression for the address of a file beside the bundle."""
    return f'new URL("{name}", import.meta.url).href'
