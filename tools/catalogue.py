"""Keep the catalogues of translations: `python -m tools.catalogue [--check]`.

It collects the messages of the product, the literals in `tr`, `tr_many`, `marked` and `many` of
engine/, pages/ and app.py, and in `tr` and `trMany` of static/. Without --check it writes them
into each language's messages.po: new ones without a translation, and none that is no longer used.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_javascript
from babel.messages.pofile import read_po, write_po

from engine.language import ENGLISH, LANGUAGES, folder_of_language

ROOT = Path(__file__).parents[1]
FILE = "messages.po"
PATTERNS = ("app.py", "engine/**/*.py", "pages/**/*.py", "static/**/*.js")
JAVASCRIPT_CALLS = {"tr": (1,), "trMany": (2, 3)}
OWN_ROOM = "engine/language/"  # passes on messages that it is given


class Use(NamedTuple):
    """A message where it is used: its English text, with the plural if it has one."""

    file: str
    line: int
    message: str | tuple[str, str]


def uses(root: Path = ROOT) -> Iterator[Use]:
    """Yield every use of a message in the product."""
    for pattern in PATTERNS:
        for path in sorted(root.glob(pattern)):
            name = path.relative_to(root).as_posix()
            if name.endswith(".js"):
                yield from uses_in_javascript(name, path)
            elif not name.startswith(OWN_ROOM) or name.endswith("/messages.py"):
                yield from uses_in_python(name, path.read_text("utf-8"))


def uses_in_javascript(name: str, path: Path) -> Iterator[Use]:
    """Yield the messages of a module."""
    options = {"encoding": "utf-8", "template_string": False}
    with path.open("rb") as source:
        for line, call, found, _ in extract_javascript(source, list(JAVASCRIPT_CALLS), [], options):
            texts = found if isinstance(found, tuple) else (found,)
            literals = [text for text in texts if text]
            if call == "tr":
                yield Use(name, line, literals[0])
            elif len(literals) >= 2:
                yield Use(name, line, (literals[0], literals[1]))


def uses_in_python(name: str, source: str) -> Iterator[Use]:
    """Yield the messages of a file. Raises ValueError where one is no literal."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
            continue
        texts = [literal(argument) for argument in node.args]
        message = message_of_call(node.func.id, texts)
        if message:
            yield Use(name, node.lineno, message)


def message_of_call(call: str, texts: list[str]) -> str | tuple[str, str] | None:
    """Return the message of a call whose arguments are these literals, "" for no literal."""
    if call in ("tr", "marked") and texts:
        return texts[0] or None
    if call == "tr_many" and len(texts) > 2 and texts[1]:
        return texts[1], texts[2]
    if call == "many" and len(texts) > 1 and texts[1]:
        plural = texts[2] if len(texts) > 2 else ""
        return f"{{n}} {texts[1]}", f"{{n}} {plural or texts[1] + 's'}"
    return None


def literal(node: ast.expr) -> str:
    """Return the text of a string, "" of anything else."""
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def catalogue_of_uses(found: Iterator[Use], language: str) -> Catalog:
    """Return a catalogue of these messages without translations, in the order of the files."""
    made = Catalog(language, project="Deltascope", charset="utf-8", header_comment="")
    for use in found:
        made.add(use.message, locations=[(use.file, use.line)])
    return made


def translated(made: Catalog, language: str) -> Catalog:
    """Return a catalogue with the translations that a language has."""
    for path in sorted(folder_of_language(language).glob("*.po")):
        with path.open("rb") as lines:
            for old in read_po(lines):
                new = made.get(old.id)
                if old.id and new is not None:
                    new.string = old.string
    return made


def texts_of(message: object) -> tuple[str, ...]:
    """Return the texts of a message or of its translation, one or several forms."""
    return (message,) if isinstance(message, str) else tuple(message)  # type: ignore[arg-type]


def untranslated(language: str) -> list[str]:
    """Return the messages that a language lacks."""
    made = translated(catalogue_of_uses(uses(), language), language)
    return [texts_of(one.id)[0] for one in made if one.id and not all(texts_of(one.string))]


def unused(language: str) -> list[str]:
    """Return the messages of a language's catalogues that the product does not use."""
    made = catalogue_of_uses(uses(), language)
    found = []
    for path in sorted(folder_of_language(language).glob("*.po")):
        with path.open("rb") as lines:
            found += [one for one in read_po(lines) if one.id and made.get(one.id) is None]
    return [texts_of(one.id)[0] for one in found]


def write(language: str) -> None:
    """Write the catalogue of a language anew, with the translations that it has."""
    made = translated(catalogue_of_uses(uses(), language), language)
    with (folder_of_language(language) / FILE).open("wb") as file:
        write_po(file, made, width=100, omit_header=False)


def main() -> None:
    """Write the catalogues, or list what is missing or unused in them."""
    faults = 0
    for language in LANGUAGES:
        if language == ENGLISH:
            continue
        if "--check" not in sys.argv[1:]:
            write(language)
        for what, texts in (("untranslated", untranslated), ("unused", unused)):
            for text in texts(language):
                print(f"{language}: {what}: {text}")
                faults += 1
    sys.exit(min(faults, 1))


if __name__ == "__main__":
    main()
