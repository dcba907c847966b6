"""The planted faults: each can still be planted, and a run tells killed from survived."""

import sys
from functools import cache

import pytest

from benchmarks import faults
from benchmarks.faults import FAULTS, Fault

HARMLESS = Fault(
    "nothing is wrong",
    "nn/activations.py",
    "ACTIVATIONS: dict",
    "ACTIVATIONS : dict",
    "nn/test_activations.py",  # it imports the least
)


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_every_fault_fits_the_engine_as_it_is(fault):
    assert faults.fits(fault), "its line has changed: renew it in benchmarks/faults.py"
    assert fault.right != fault.wrong


def test_there_are_more_than_a_dozen_in_all_parts_of_the_core():
    assert len({fault.name for fault in FAULTS}) == len(FAULTS) > 12
    names = ("losses", "activations", "program", "optimizers")
    parts = {
        *(f"nn/{name}.py" for name in names),
        "nn/regularizers.py",
        "training/training.py",
        "training/batches.py",
    }
    assert parts <= {fault.file for fault in FAULTS}


killer = cache(faults.killer)


def run(monkeypatch, capsys, *chosen):
    """(exit code, what is printed) of the command with these faults alone."""
    monkeypatch.setattr(faults, "FAULTS", chosen)
    monkeypatch.setattr(faults, "killer", killer)
    monkeypatch.setattr(sys, "argv", ["faults"])
    with pytest.raises(SystemExit) as end:
        faults.main()
    return int(end.value.code), capsys.readouterr().out


def test_a_fault_that_no_test_sees_makes_the_command_fail(monkeypatch, capsys):
    killed = next(fault for fault in FAULTS if fault.test == "nn/test_activations.py")
    code, printed = run(monkeypatch, capsys, killed, HARMLESS)
    lines = printed.splitlines()
    assert code == 1
    assert "killed by nn/test_activations.py::" in lines[0]
    assert lines[1].endswith("SURVIVED")
    assert lines[2].startswith("2 faults, 1 killed, 1 survived")


def test_a_fault_that_a_test_sees_lets_it_pass(monkeypatch, capsys):
    killed = next(fault for fault in FAULTS if fault.test == "nn/test_activations.py")
    code, printed = run(monkeypatch, capsys, killed)
    assert (code, "1 killed, 0 survived" in printed) == (0, True)


def test_a_fault_whose_line_is_gone_is_no_fault():
    gone = HARMLESS._replace(right="no such line")
    assert not faults.fits(gone)
    with pytest.raises(ValueError, match=r"no longer fits engine/nn/activations\.py"):
        faults.killer(gone)
