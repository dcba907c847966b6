"""The activations that the browser computes itself, read from static/run/forward_pass.js."""

import re
from collections.abc import Iterable
from pathlib import Path

FORWARD_PASS = Path(__file__).parents[2] / "static/run/forward_pass.js"
TABLES = ("ACTIVATIONS", "SLOPES")  # name -> value, name -> slope


def twins(javascript: str, table: str) -> set[str]:
    """Return the names of the activations in a table of the browser's forward pass."""
    start = javascript.index(f"const {table} = {{")
    body = javascript[start : javascript.index("\n};", start)]
    own = set(re.findall(r"^  (\w+)[(:]", body, re.MULTILINE))
    # Softmax mixes the units of a column, so it is a function of its own.
    return own | set(re.findall(r'name === "(\w+)"', javascript))


def missing_twins(names: Iterable[str], javascript: str) -> list[str]:
    """Return a sentence for each activation without a value or a slope in the browser."""
    return [
        f"{name} is missing in {table} of static/run/forward_pass.js"
        for table in TABLES
        for name in sorted(set(names) - twins(javascript, table))
    ]
