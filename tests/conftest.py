"""What holds for every test: one BLAS thread, set before NumPy is loaded, as `make run` has it."""

import gc
import os
import sys
from functools import cache
from typing import Any

import pytest
from xdist.remote import Producer

from tests.schedule import LongestFirst, place_in_run, workers

for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"
os.environ["STREAMLIT_BROWSER_GATHER_USAGE_STATS"] = "false"
os.environ["DELTASCOPE_RUNS"] = ""  # no test goes on from what another one has trained
gc.disable()  # while the tests are collected, nothing becomes garbage


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    return workers()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> LongestFirst | None:
    return LongestFirst(config, log) if config.getoption("dist") == "loadfile" else None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=place_in_run)


def wait_for_end(runner: Any, timeout: float = 3) -> None:
    """Wait until the script of an AppTest has run; its own way looks every millisecond.

    Raises RuntimeError if it takes longer than `timeout` seconds.
    """
    runner._script_thread.join(timeout)
    if not runner.script_stopped():
        runner.request_stop()
        runner.join()
        raise RuntimeError(f"AppTest script run timed out after {timeout}(s)")


def pytest_collection_finish() -> None:
    """Do once what would be done again for every test: both cost more than many a test."""
    if "streamlit.testing.v1" in sys.modules:  # each AppTest reads the metadata of all packages
        from streamlit.components.v2 import manifest_scanner
        from streamlit.testing.v1 import app_test, local_script_runner

        from pages.widgets.web.single_values import look_up_single_values

        look_up_single_values()  # as in the server
        local_script_runner.require_widgets_deltas = wait_for_end
        manifest_scanner.scan_component_manifests = cache(manifest_scanner.scan_component_manifests)
        app_test.ScriptCache = cache(app_test.ScriptCache)  # each run compiles app.py and the page
    gc.collect()
    gc.freeze()  # modules and test items stay; the collector need not visit them again
    gc.set_threshold(20_000, 20, 20)  # a search after each 700 objects finds little
    gc.enable()


def pytest_unconfigure() -> None:
    gc.freeze()  # Python searches for garbage as it exits: everything goes with the process
