"""Adding an activation, also for the output, takes its registry entry and its JavaScript twin."""

import subprocess
import sys
from pathlib import Path

from engine.nn.activations import ACTIVATIONS
from tests.new_activation.twins import FORWARD_PASS, missing_twins

ROOT = Path(__file__).parents[1]
CHECKS = ROOT / "tests/new_activation/checks.py"


def test_every_activation_has_its_twin_in_the_browser():
    assert missing_twins(ACTIVATIONS, FORWARD_PASS.read_text()) == []


def test_an_activation_that_is_only_in_the_registry_is_everywhere():
    # What is built on import has to see the entry, so the registry is extended before the rest.
    command = [sys.executable, "-m", "pytest", "-q", "-p", "tests.new_activation.softsign"]
    done = subprocess.run(
        [*command, "-p", "no:cacheprovider", str(CHECKS)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "47 passed" in done.stdout
