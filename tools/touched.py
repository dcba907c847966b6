"""Print the tests of the rooms that changed since the last commit: `python -m tools.touched`.

With nothing changed, the last commit itself is looked at. The tests of a room stand at the same
place below tests/; those of a page in tests/pages/. Browser tests are left to `make test`.
"""

from __future__ import annotations

import subprocess
from collections.abc import Iterable
from pathlib import Path, PurePosixPath

ROOT = Path(__file__).parents[1]
ALWAYS = ("tests/test_structure.py", "tests/test_door.py")


def changed(root: Path = ROOT) -> list[str]:
    """Return the files that differ from the last commit, or those of the last commit.

    Raises subprocess.CalledProcessError if `root` is no Git checkout.
    """

    def git(*args: str) -> list[str]:
        command = ["git", "-C", str(root), *args]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.split(
            "\n"
        )

    now = git("diff", "--name-only", "HEAD") + git("ls-files", "--others", "--exclude-standard")
    files = [name for name in now if name]
    return files or [name for name in git("show", "--name-only", "--format=", "HEAD") if name]


def file_tests(file: str, root: Path = ROOT) -> set[str]:
    """Return the tests of a file: itself if it is a test, else those of its room and its page."""
    path = PurePosixPath(file)
    if path.parts[0] == "tests":
        own = path.name.startswith("test_") and "browser" not in path.parts
        return {file} if own and path.suffix == ".py" and (root / file).exists() else set()
    if path.suffix not in (".py", ".md") or path.parts[0] not in ("engine", "pages"):
        return set()
    folders = [one for one in path.parents if (root / "tests" / one).is_dir()]
    found = {f"tests/{one}" for one in folders[:1] if len(one.parts) > 1}
    if path.parts[0] == "pages":  # pages/widgets/train/player.py, pages/train.py
        page = f"tests/pages/test_{path.parent.name if len(path.parts) > 2 else path.stem}.py"
        found |= {page} if (root / page).exists() else set()
        if path.parts[1] == "live":  # what the player of the Train page is answered
            found.add("tests/pages/test_train.py")
    return found


def touched_tests(files: Iterable[str], root: Path = ROOT) -> list[str]:
    """Return the tests for changed files, those that always run among them, none twice."""
    found = {*ALWAYS, *(one for file in files for one in file_tests(file, root))}
    return sorted(one for one in found if not {str(p) for p in PurePosixPath(one).parents} & found)


def main() -> None:
    """Print the tests to run, in one line."""
    print(*touched_tests(changed()))


if __name__ == "__main__":
    main()
