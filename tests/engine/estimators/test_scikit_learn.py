"""scikit-learn's own tests of its networks, from the installed package, on these estimators."""

import inspect
from collections.abc import Callable
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from unittest.mock import patch

import pytest
import sklearn.neural_network
from sklearn.neural_network import _base, _stochastic_optimizers

from tests.engine.estimators import scikit_learn_names as ours

FOLDER = Path(sklearn.neural_network.__file__).parent / "tests"
# What each file of tests imports from scikit-learn and gets from this engine instead.
FILES = {
    "test_mlp": (sklearn.neural_network, ("MLPClassifier", "MLPRegressor")),
    "test_base": (_base, ("binary_log_loss", "log_loss", "poisson_loss")),
    "test_stochastic_optimizers": (
        _stochastic_optimizers,
        ("AdamOptimizer", "BaseOptimizer", "SGDOptimizer"),
    ),
}
# It holds Adam's result to the last bit, and beta_2 = 1. This engine adds up what scikit-learn
# averages, so its last bits differ; test_optimizers.py holds Adam against PyTorch and the paper.
LEFT_OUT = {"test_adam_optimizer"}

pytestmark = pytest.mark.filterwarnings("default")  # as in scikit-learn's own set-up


@pytest.fixture
def global_random_seed() -> int:
    """Return the seed that scikit-learn takes by default."""
    return 42


def load(name: str) -> ModuleType:
    """Return an installed file of tests, imported with this engine's names in place."""
    owner, names = FILES[name]
    spec = spec_from_file_location(f"installed_{name}", FOLDER / f"{name}.py")
    module = module_from_spec(spec)
    with patch.multiple(owner, **{one: getattr(ours, one) for one in names}):
        spec.loader.exec_module(module)
    return module


def installed_tests(module: ModuleType) -> dict[str, Callable]:
    """Return the tests of a module by name."""
    found = inspect.getmembers(module, inspect.isfunction)
    return {name: one for name, one in found if name.startswith("test_") and name not in LEFT_OUT}


MODULES = {name: load(name) for name in FILES}
for loaded in MODULES.values():
    globals().update(installed_tests(loaded))


@pytest.mark.parametrize("name", FILES)
def test_the_installed_tests_run_on_this_engine(name: str):
    _, names = FILES[name]
    assert all(getattr(MODULES[name], one) is getattr(ours, one) for one in names)
    assert installed_tests(MODULES[name])
