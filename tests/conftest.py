"""What holds for every test: one BLAS thread, set before NumPy is loaded, as `make run` has it."""

import gc
import os
import sys
from functools import cache

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


def pytest_collection_finish() -> None:
    """Do once what would be done again for every test: both cost more than many a test."""
    if "streamlit.testing.v1" in sys.modules:  # each AppTest reads the metadata of all packages
        from streamlit.components.v2 import manifest_scanner

        manifest_scanner.scan_component_manifests = cache(manifest_scanner.scan_component_manifests)
    gc.collect()
    gc.freeze()  # modules and test items stay; the collector need not visit them again
    gc.enable()
