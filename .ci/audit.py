"""Looks up known vulnerabilities of what the image is made of, and says which of three came out.

0: advisories were had, and none is of a version in requirements.lock.
1: there are vulnerabilities; each is named.
2: no advisories could be had, for all or for some packages: nothing is known about them.

pip-audit alone ends with 0 where it has not found a package at all.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

LOCK = Path(__file__).parents[1] / "requirements.lock"
COMMAND = ["--requirement", str(LOCK), "--disable-pip", "--require-hashes"]
COMMAND += ["--format", "json", "--progress-spinner", "off", "--timeout", "30"]


def verdict(answer: str, trouble: str = "") -> tuple[int, str]:
    """Return the exit code and the words for pip-audit's JSON, or for its trouble without one.

    Args:
        answer: what pip-audit has printed.
        trouble: what it has printed as an error.
    """
    try:
        found = json.loads(answer)["dependencies"]
    except (ValueError, KeyError, TypeError):
        last = (trouble.strip().splitlines() or ["pip-audit gave no answer"])[-1]
        return 2, f"NOT AUDITED: no advisories could be had. {last}"
    bad = [
        f"{one['name']} {one['version']}: {flaw['id']}, fixed in "
        f"{', '.join(flaw['fix_versions']) or 'no version yet'}"
        for one in found
        for flaw in one.get("vulns", ())
    ]
    unknown = [one["name"] for one in found if "skip_reason" in one]
    if bad:
        return 1, "\n".join(["VULNERABLE:", *bad])
    if unknown or not found:
        share = f"{len(unknown)} of {len(found)} packages"
        return 2, f"NOT AUDITED: no advisories could be had for {share}: {', '.join(unknown)}"
    return 0, f"AUDITED: no known vulnerability in {len(found)} packages."


def main() -> int:
    """Run pip-audit and print what came out."""
    try:
        done = subprocess.run(
            [sys.executable, "-m", "pip_audit", *COMMAND],
            capture_output=True,
            text=True,
            timeout=600,
        )
        code, words = verdict(done.stdout, done.stderr)
    except (OSError, subprocess.TimeoutExpired) as reason:
        code, words = verdict("", str(reason))
    print(words)
    return code


if __name__ == "__main__":
    sys.exit(main())
