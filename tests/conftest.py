"""What holds for every test: one BLAS thread, set before NumPy is loaded, as `make run` has it."""

import gc
import os
import sys
from functools import cache

for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"
os.environ["STREAMLIT_BROWSER_GATHER_USAGE_STATS"] = "false"


def pytest_collection_finish() -> None:
    """Do once what would be done again for every test: both cost more than many a test."""
    if "streamlit.testing.v1" in sys.modules:  # each AppTest reads the metadata of all packages
        from streamlit.components.v2 import manifest_scanner

        manifest_scanner.scan_component_manifests = cache(manifest_scanner.scan_component_manifests)
    gc.collect()
    gc.freeze()  # modules and test items stay; the collector need not visit them again
