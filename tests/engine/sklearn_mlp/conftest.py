"""What scikit-learn's own test set-up gives these tests: a seed, and warnings that do not fail."""

from pathlib import Path

import pytest


@pytest.fixture
def global_random_seed():
    """The seed that scikit-learn takes unless it is told otherwise."""
    return 42


def pytest_collection_modifyitems(items):
    for item in items:
        if item.path.parent == Path(__file__).parent:
            item.add_marker(pytest.mark.filterwarnings("default"), append=False)
