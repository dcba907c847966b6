"""Whether the small edge cases of csv-spectrum are read, told nothing.

`python -m benchmarks.spectrum PATH` takes a folder with csvs/ and json/ of csv-spectrum
(github.com/maxogden/csv-spectrum) and prints a line per case. One case is unsound: the JSON of
location_coordinates names another telephone number than its CSV, so the CSV's own is expected.
"""

import argparse
import json
from pathlib import Path

from engine.tables import read_table

UNSOUND = {"location_coordinates": ("1234567890", "2095257564")}  # what JSON says, what CSV says


def right(folder: Path, name: str) -> list[dict[str, str]]:
    """What a right reader finds in a case."""
    text = (folder / "json" / f"{name}.json").read_text(encoding="utf-8")
    found = json.loads(text.replace(*UNSOUND.get(name, ("", ""))) if name in UNSOUND else text)
    return [found] if isinstance(found, dict) else found


def measure(folder: Path) -> dict[str, bool]:
    """For each case whether it is read right."""
    results = {}
    for path in sorted((folder / "csvs").glob("*.csv")):
        frame = read_table(path.read_bytes()).frame
        rows = [dict(zip(frame.columns, row, strict=True)) for row in frame.to_numpy(object)]
        results[path.stem] = rows == right(folder, path.stem)
    return results


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("path", type=Path, help="the folder with csvs/ and json/")
    options.add_argument("--json", action="store_true", help="print one JSON object")
    given = options.parse_args()
    results = measure(given.path)
    if given.json:
        print(json.dumps(results))
        return
    for name, read in results.items():
        print(f"{'right' if read else 'WRONG'}  {name}")
    print(f"{sum(results.values())} of {len(results)}")


if __name__ == "__main__":
    main()
