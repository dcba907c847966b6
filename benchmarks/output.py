"""How a benchmark prints its figures: as one JSON object, or as lines for people."""

import json
from collections.abc import Mapping


def print_figures(found: Mapping[str, float], as_json: bool) -> None:
    """Print one figure per line."""
    if as_json:
        print(json.dumps(found))
    else:
        print("\n".join(f"{name:36} {value:>12g}" for name, value in found.items()))


def print_columns(
    results: Mapping[str, Mapping[str, float]], as_json: bool, width: int = 14
) -> None:
    """Print one column of `width` characters per result, and one line per figure."""
    if as_json:
        print(json.dumps(results, indent=2))
        return
    print(f"{'':<26}" + "".join(f"{name:>{width}}" for name in results))
    for figure in next(iter(results.values())):
        values = (f"{one[figure]:>{width}g}" for one in results.values())
        print(f"{figure:<26}" + "".join(values))
