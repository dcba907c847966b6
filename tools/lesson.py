"""Check lesson files: `python -m tools.lesson FILE...`.

It prints a sentence for each fault of a file, or its claims with the measured values and the
evidence. The exit code is 1 if there is a fault. A file with the name of a lesson of the product,
in the folder of a language, is compared with the English lesson.
"""

from __future__ import annotations

import sys
from pathlib import Path

from engine.language import folder_of_language
from engine.lessons import (
    Lesson,
    LessonError,
    evidence_of,
    load_lessons,
    measured_claims,
    read_lesson,
    step_faults,
    trained_runs,
    translation_faults,
)

LOCALES = folder_of_language("").resolve()


def check(path: Path) -> tuple[list[str], list[str]]:
    """Return the faults of a file, and what its runs show."""
    try:
        lesson = read_lesson(path.read_text("utf-8"), path.stem)
        if LOCALES in path.resolve().parents and (original := load_lessons().get(path.stem)):
            faults = translation_faults(original, lesson)
            return (faults, []) if faults else tried(lesson)
        return tried(lesson)
    except LessonError as error:
        return error.faults, []
    except (OSError, UnicodeDecodeError) as reason:
        return [f"The file cannot be read as UTF-8 text: {reason}."], []


def tried(lesson: Lesson) -> tuple[list[str], list[str]]:
    """Return what the trained runs of a lesson say against it, and what they show."""
    faults, shown = [], []
    for number, step in enumerate(lesson.steps, 1):
        runs = trained_runs(step)
        found = step_faults(lesson, step, runs)
        faults += [f"Step {number}: {one}" for one in found]
        if not found:
            shown += [*claim_lines(measured_claims(step, runs)), evidence_of(step, runs)]
    return faults, shown


def claim_lines(claims: list[tuple[str, dict[str, float]]]) -> list[str]:
    """Return a line for each claim with the values that were measured."""
    return [
        f"{text}   [{', '.join(f'{name} = {value:.6g}' for name, value in values.items())}]"
        for text, values in claims
    ]


def main(arguments: list[str]) -> int:
    """Print what is found in each file; return 1 if something is wrong, 2 if none is given."""
    if not arguments:
        print("Give one lesson file or more: python -m tools.lesson FILE...")
        return 2
    wrong = 0
    for name in arguments:
        faults, shown = check(Path(name))
        wrong += len(faults)
        print(f"{name}: {'right' if not faults else f'{len(faults)} faults'}")
        for line in faults or shown:
            print(f"  {line}")
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
