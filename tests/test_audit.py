"""kind 53: the audit says which of its three outcomes came out, and never passes in silence."""

import importlib.util
import json
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SPEC = importlib.util.spec_from_file_location("audit", ROOT / ".ci/audit.py")
assert SPEC
assert SPEC.loader
audit = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(audit)

CLEAN = {"name": "numpy", "version": "2.4.6", "vulns": []}
BAD = {
    "name": "pillow",
    "version": "1.0",
    "vulns": [{"id": "CVE-1", "fix_versions": ["1.1", "2.0"]}, {"id": "CVE-2", "fix_versions": []}],
}
UNKNOWN = {"name": "dask", "skip_reason": "Dependency not found on PyPI and could not be audited"}


def found(*packages):
    return json.dumps({"dependencies": packages, "fixes": []})


def test_without_a_flaw_it_passes_and_says_how_many_were_looked_up():
    assert audit.verdict(found(CLEAN, CLEAN)) == (
        0,
        "AUDITED: no known vulnerability in 2 packages.",
    )


def test_a_flaw_fails_and_is_named():
    code, words = audit.verdict(found(CLEAN, BAD))
    assert code == 1
    assert "pillow 1.0: CVE-1, fixed in 1.1, 2.0" in words
    assert "CVE-2, fixed in no version yet" in words


@pytest.mark.parametrize(
    ("answer", "trouble", "said"),
    [
        ("", "ConnectionError: no such host", "no such host"),
        ("", "", "gave no answer"),
        ("[]", "", "NOT AUDITED"),
        ('{"x": 1}', "", "NOT AUDITED"),
        (found(UNKNOWN), "", "1 of 1 packages: dask"),
        (found(CLEAN, UNKNOWN), "", "1 of 2 packages: dask"),
        (found(), "", "0 of 0 packages"),
    ],
)
def test_without_advisories_it_says_so(answer, trouble, said):
    code, words = audit.verdict(answer, trouble)
    assert code == 2
    assert words.startswith("NOT AUDITED")
    assert said in words


def test_a_flaw_is_said_although_others_could_not_be_looked_up():
    assert audit.verdict(found(BAD, UNKNOWN))[0] == 1


def test_without_the_tool_it_says_so(monkeypatch, capsys):
    def gone(*_, **__):
        raise OSError("No such file: pip-audit")

    monkeypatch.setattr(audit.subprocess, "run", gone)
    assert audit.main() == 2
    assert "NOT AUDITED" in capsys.readouterr().out
