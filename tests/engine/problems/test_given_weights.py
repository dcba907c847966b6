"""Given start weights: training knows none, the problems add theirs, and every link finds them."""

import json
import subprocess
import sys
from itertools import takewhile
from pathlib import Path

import numpy as np
import pytest

from engine.problems.given_weights import GIVEN_WEIGHTS
from engine.problems.registry import load
from engine.training.config import CHOICES, Config, add_starts
from engine.training.start_weights import STARTS
from engine.training.training import Training

ROOT = Path(__file__).parents[3]
ONE: dict = {"one_more": ((((2.0, 3.0),), (0.5,)),)}


# Each code runs in a process of its own, the copy of one that has loaded no module of the project,
# but libraries that take a second.
STARTER = """
import json, os, sys
import pandas, sklearn.datasets, sklearn.model_selection
for line in sys.stdin:
    if not os.fork():
        exec(json.loads(line), {})
        sys.stdout.flush()
        os._exit(0)
    os.wait()
    print("end", flush=True)
"""


@pytest.fixture(scope="module")
def starter():
    """Return the process that starts others."""
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen([sys.executable, "-c", STARTER], cwd=ROOT, **pipes) as process:
        yield process
        process.stdin.close()


def printed(starter: subprocess.Popen, code: str) -> list[str]:
    """Return what code prints in a new process, line by line."""
    print(json.dumps(code), file=starter.stdin, flush=True)
    return [line.rstrip("\n") for line in takewhile("end\n".__ne__, starter.stdout)]


def names_after(starter: subprocess.Popen, module: str) -> list[str]:
    """Return the names that `Config.start` knows in a new process that imports one module."""
    return printed(
        starter,
        f"import {module}\nfrom engine.training import CHOICES\n"
        "print(*CHOICES['start'].options, sep='\\n')",
    )


@pytest.fixture
def one_more(monkeypatch):
    """Start weights that are added for one test."""
    monkeypatch.setitem(CHOICES, "start", CHOICES["start"])  # puts it back afterwards
    add_starts(ONE)
    yield
    del STARTS["one_more"]


def test_training_knows_no_start_and_imports_no_problem(starter):
    assert names_after(starter, "engine.training") == [""]
    code = "import sys, engine.training\nprint('engine.problems' in sys.modules)"
    assert printed(starter, code) == ["False"]


@pytest.mark.parametrize("module", ["engine.export", "engine.search", "pages.figures.base.url"])
def test_what_opens_a_link_or_a_file_knows_the_starts_of_all_examples(module, starter):
    assert names_after(starter, module) == ["", *GIVEN_WEIGHTS]


def test_added_start_weights_are_found_by_the_link_the_checks_and_training(one_more):
    config = Config(dataset="circle", hidden=(), start="one_more")
    assert Config.from_query(config.to_query()) == (config, [])
    assert Training(config, load(config)).network.theta.tolist() == [2, 3, 0.5]
    with pytest.raises(ValueError, match=r"xor_goodfellow, one_more; 'one' was given"):
        Config(start="one")


def test_a_name_stands_for_one_set_of_weights_only():
    add_starts({"mazur": GIVEN_WEIGHTS["mazur"]})  # the same once more
    with pytest.raises(ValueError, match="already used: mazur"):
        add_starts({"mazur": ONE["one_more"]})
    assert np.shape(STARTS["mazur"][0][0]) == (2, 2)
