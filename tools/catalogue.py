"""Keep the catalogues of translations: `python -m tools.catalogue [--check]`.

It collects the messages of the product, the literals in `tr`, `tr_many`, `marked` and `many` of
engine/, pages/ and app.py, and in `tr` and `trMany` of static/. Without --check it writes them
into each language's messages.po: new ones without a translation, and none that is no longer used.
From this file it makes what the app reads: messages.mo, and browser.json for static/.
"""

from __future__ import annotations

import ast
import gettext
import json
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_javascript
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from engine.language import ENGLISH, LANGUAGES, folder_of_language
from engine.language.catalogue import COMPILED, OF_BROWSER
from tools.syntax import nodes, parse

ROOT = Path(__file__).parents[1]
SOURCE = "messages.po"
PATTERNS = ("app.py", "engine/**/*.py", "pages/**/*.py", "static/**/*.js")
JAVASCRIPT_CALLS = ("tr", "trMany")


class Use(NamedTuple):
    """A message where it is used: its English text, with the plural if it has one."""

    file: str
    line: int
    message: str | tuple[str, str]


@cache
def all_uses() -> tuple[Use, ...]:
    """Return every use of a message in this project."""
    return tuple(uses())


def uses(root: Path = ROOT) -> Iterator[Use]:
    """Yield every use of a message in the product."""
    for pattern in PATTERNS:
        for path in sorted(root.glob(pattern)):
            name = path.relative_to(root).as_posix()
            if name.endswith(".js"):
                yield from uses_in_javascript(name, path)
            else:
                yield from uses_in_python(name, path.read_text("utf-8"))


def uses_in_javascript(name: str, path: Path) -> Iterator[Use]:
    """Yield the messages of a module."""
    options = {"encoding": "utf-8", "template_string": False}
    with path.open("rb") as source:
        for line, call, found, _ in extract_javascript(source, JAVASCRIPT_CALLS, [], options):
            texts = found if isinstance(found, tuple) else (found,)
            literals = [text for text in texts if text]
            if call == "tr":
                yield Use(name, line, literals[0])
            elif len(literals) >= 2:
                yield Use(name, line, (literals[0], literals[1]))


def uses_in_python(name: str, source: str) -> Iterator[Use]:
    """Yield the messages of a file; a call without a literal passes on what it was given."""
    for node in nodes(parse(source)):
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


def catalogue_of_uses(language: str) -> Catalog:
    """Return a catalogue of all messages, with the translations that a language has."""
    old = read(language)
    made = Catalog(language, charset="utf-8", fuzzy=False)
    made.header_comment = old.header_comment
    made.mime_headers = old.mime_headers  # with the rule for plurals and the language's name
    for use in all_uses():
        known = old.get(use.message)
        string = known.string if known is not None else None
        made.add(use.message, string, locations=[(use.file, use.line)])
    return made


def read(language: str) -> Catalog:
    """Return the catalogue of a language as it is."""
    with (folder_of_language(language) / SOURCE).open("rb") as lines:
        return read_po(lines)


def forms(message: Message) -> tuple[str, ...]:
    """Return the translation of a message in each form of the plural; "" where it is missing."""
    string = message.string
    return tuple(string or ("",)) if isinstance(string, tuple | list) else (string or "",)


def first_form(message: Message) -> str:
    """Return the English text of a message, for one thing if it has a plural."""
    return message.id if isinstance(message.id, str) else message.id[0]


def untranslated(language: str) -> list[str]:
    """Return the messages that a language lacks."""
    made = catalogue_of_uses(language)
    return [first_form(one) for one in made if one.id and not all(forms(one))]


def unused(language: str) -> list[str]:
    """Return the messages of a language's catalogue that the product does not use."""
    used = {use.message for use in all_uses()}
    found = (one for one in read(language) if one.id)
    ids = {one.id if isinstance(one.id, str) else tuple(one.id): one for one in found}
    return [first_form(one) for name, one in ids.items() if name not in used]


def of_browser(language: str) -> dict[str, object]:
    """Return what static/shared/language.js needs of a language.

    `forms` has the place of the plural form for each count below 200; then it repeats every 100.
    """
    made = catalogue_of_uses(language)
    form = gettext.c2py(made.plural_expr)
    texts = {
        first_form(one): forms(one)
        for one in made
        if one.id and all(forms(one)) and is_of_browser(one)
    }
    return {"forms": [form(n) for n in range(200)], "texts": texts}


def is_of_browser(message: Message) -> bool:
    """Return whether a module of static/ uses a message."""
    return any(path.startswith("static/") for path, _ in message.locations)


def write(language: str) -> None:
    """Write the catalogue of a language anew, and what is made from it."""
    folder, made = folder_of_language(language), catalogue_of_uses(language)
    with (folder / SOURCE).open("wb") as file:
        write_po(file, made, width=100, include_lineno=False)  # lines change all the time
    with (folder / COMPILED).open("wb") as file:
        write_mo(file, made)
    texts = json.dumps(of_browser(language), ensure_ascii=False, indent=0)
    (folder / OF_BROWSER).write_text(f"{texts}\n", "utf-8")


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
