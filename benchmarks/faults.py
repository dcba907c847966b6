"""Faults that hide well, planted one at a time: does a test see each of them?
`python -m benchmarks.faults` prints which test killed which fault; exit code 1 if one survives.

Each fault is one changed line in a copy of the project, which then runs the tests that ought to
notice, up to the first that fails. A test that fails without the fault too kills nothing.
"""

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from time import perf_counter
from typing import NamedTuple

ROOT = Path(__file__).parents[1]
COPIED = (
    "engine",
    "tests/engine",
    "tests/references",
    "tests/conftest.py",
    "tests/schedule.py",
    "pyproject.toml",
)
QUIET = ("-q", "--tb=no", "-p", "no:cacheprovider", "-W", "ignore")
FAILED = re.compile(r"^FAILED (tests/[^\n]*?)(?: - .*)?$", re.MULTILINE)


FURTHER = (
    "training/test_training.py::test_epochs_with_the_further_choices_are_those_of_the_plain_network"
)


class Fault(NamedTuple):
    """One line of the engine made wrong, and the tests that ought to notice."""

    name: str
    file: str  # in engine/
    right: str  # stands once in the file
    wrong: str
    test: str  # the file in tests/engine/, or one of its tests: "test_run.py::test_..."


FAULTS = (
    Fault(
        "the error has the wrong sign",
        "nn/losses.py",
        "def difference(a: Array, y: Array, delta: Array) -> Iterator[Step]:\n"
        '    """Yield the step delta = a - y; all are (K, n)."""\n'
        "    yield Step(np.subtract, (a, y, delta))",
        "def difference(a: Array, y: Array, delta: Array) -> Iterator[Step]:\n"
        '    """Yield the step delta = a - y; all are (K, n)."""\n'
        "    yield Step(np.subtract, (y, a, delta))",
        "test_pytorch.py",
    ),
    Fault(
        "1/n is missing: the loss is a sum",
        "nn/losses.py",
        "lambda n, K: 2 / (n * K)",
        "lambda n, K: 2 / K",
        "nn/test_losses.py",
    ),
    Fault(
        "the softmax is not shifted",
        "nn/activations.py",
        "yield Step(np.subtract, (z, below, a))",
        "yield Step(np.positive, (z, a))",
        "nn/test_activations.py",
    ),
    Fault(
        "the slope of tanh is 1 - a",
        "nn/activations.py",
        "yield Step(np.multiply, (a, a, slope))\n    yield Step(np.subtract, (scalar_like(1",
        "yield Step(np.positive, (a, slope))\n    yield Step(np.subtract, (scalar_like(1",
        "nn/test_activations.py",
    ),
    Fault(
        "the slope at the output is forgotten",
        "nn/program.py",
        "if activation != loss.canonical:",
        "if activation not in (loss.canonical, 'sigmoid'):",
        "test_pytorch.py",
    ),
    Fault(
        "the slope of the first layer is forgotten",
        "nn/program.py",
        "    if steps:\n",
        "    if steps and l > 1:\n",
        "test_pytorch.py",
    ),
    Fault(
        "the slope is that of the layer above",
        "nn/program.py",
        "layer, own, network.layers[l - 2], batch.layers[l - 2]",
        "layer, own, network.layers[l - 1], batch.layers[l - 2]",
        "test_pytorch.py",
    ),
    Fault(
        "dW takes what the wrong layer said",
        "nn/program.py",
        "batch.layers[l - 1], batch.inputs[l - 1]",
        "batch.layers[l - 1], batch.inputs[l - 1 - (l > 2)]",
        "nn/test_program.py",
    ),
    Fault(
        "the error goes back through stale weights",
        "nn/program.py",
        "next_layer.Wb.T.dot",
        "next_layer.Wb.T.copy().dot",
        "training/test_training.py",
    ),
    Fault(
        "the gradient of b is a mean",
        "nn/program.py",
        "(Step(own.delta.dot, (inputs.T, layer.dWb)),)",
        "(Step(own.delta.dot, (inputs.T, layer.dWb)),"
        " Step(np.divide, (layer.db, float(inputs.shape[1]), layer.db)))",
        "test_pytorch.py",
    ),
    Fault(
        "the mask is not scaled on the way back",
        "nn/program.py",
        "(own.delta, own.mask, own.delta)",
        "(own.delta, np.sign(own.mask), own.delta)",
        "training/test_training.py",
    ),
    Fault(
        "the mask lies on the layer above",
        "nn/program.py",
        "[*hidden, False]",
        "[False, *hidden]",
        "nn/test_program.py",
    ),
    Fault(
        "L2 pulls at the biases too",
        "nn/regularizers.py",
        "2 * l2 * is_weight",
        "2 * l2 * np.ones_like(theta)",
        "test_pytorch.py",
    ),
    Fault(
        "the 2 of L2's slope is lost",
        "nn/regularizers.py",
        "2 * l2 * is_weight",
        "l2 * is_weight",
        "test_pytorch.py",
    ),
    Fault(
        "the gradient is clipped by its squared length",
        "nn/regularizers.py",
        "factor[()] = most / max(length.item(), most)",
        "factor[()] = most / max(length.item() ** 2, most)",
        FURTHER,
    ),
    Fault(
        "max-norm shortens the output's weights too",
        "nn/regularizers.py",
        "enumerate(network.layers[:-1], 1)",
        "enumerate(network.layers, 1)",
        FURTHER,
    ),
    Fault(
        "class weights are left out of delta",
        "nn/program.py",
        "(own.delta, batch.weights, own.delta)",
        "(own.delta, np.sign(batch.weights), own.delta)",
        FURTHER,
    ),
    Fault(
        "momentum goes uphill",
        "nn/optimizers.py",
        "scaled, slow, Step(np.subtract, (v, move, v))",
        "scaled, slow, Step(np.add, (v, move, v))",
        "nn/test_optimizers.py",
    ),
    Fault(
        "momentum forgets the rate",
        "nn/optimizers.py",
        'if settings.convention == "pytorch":\n        add = Step(np.add, (v, grad, v))',
        'if settings.convention != "keras":\n        add = Step(np.add, (v, grad, v))',
        "nn/test_optimizers.py",
    ),
    Fault(
        "Adam corrects the mean square without the root",
        "nn/optimizers.py",
        "spread = math.sqrt((1 - beta2**age) / (1 - beta2))",
        "spread = (1 - beta2**age) / (1 - beta2)",
        "test_pytorch.py",
    ),
    Fault(
        "Adam's corrections come a step late",
        "nn/optimizers.py",
        "age = t.item() + 1\n    t[()] = age\n    spread",
        "age = t.item() or 1\n    t[()] += 1\n    spread",
        "test_pytorch.py",
    ),
    Fault(
        "Adam's first sum is taken for the average",
        "nn/optimizers.py",
        "rate.item() * spread * (1 - beta1) / (1 - beta1**age)",
        "rate.item() * spread / (1 - beta1**age)",
        "test_pytorch.py",
    ),
    Fault(
        "every block of a long update is the first",
        "nn/buffers.py",
        "block = {key: x[first:end] for key, x in kept.items()}",
        "block = {key: x[: end - first] for key, x in kept.items()}",
        "nn/test_buffers.py",
    ),
    Fault(
        "RMSprop's epsilon is inside the root",
        "nn/optimizers.py",
        "epsilon if keras else None)",
        "epsilon)",
        "nn/test_optimizers.py",
    ),
    Fault(
        "AdamW decays the biases too",
        "nn/optimizers.py",
        "settings.weight_decay) * mask",
        "settings.weight_decay) * 1.0",
        "test_pytorch.py",
    ),
    Fault(
        "AdamW's decay forgets the rate",
        "nn/optimizers.py",
        "Step(np.multiply, (share, rate, move)),",
        "Step(np.positive, (share, move)),",
        "test_pytorch.py",
    ),
    Fault(
        "the answers are not shuffled along",
        "training/batches.py",
        'y.take(order, 1, self.y, "clip")',
        'y.take(np.sort(order), 1, self.y, "clip")',
        "training/test_training.py",
    ),
    Fault(
        "the targets of a batch are cut the wrong way",
        "training/batches.py",
        "np.copyto(self.by_output, y.reshape(K, m, size))",
        "np.copyto(self.y, y.reshape(m, K, size))",
        "training/test_training.py",
    ),
    Fault(
        "a mask of one byte has the threshold of two",
        "training/batches.py",
        "round(share * 2**bits)",
        "round(share * 65536)",
        "training/test_training.py",
    ),
    Fault(
        "the table of one part serves all parts",
        "data/dataset.py",
        "self.tables.setdefault((part, kind), table)",
        'self.tables.setdefault(("train", kind), table)',
        "data/test_dataset.py",
    ),
    Fault(
        "a checkpoint is no copy",
        "training/training.py",
        "State(self.memory.copy(), ",
        "State(self.memory, ",
        "training/test_training.py::test_a_restored_state_goes_on_as_if_nothing_had_happened",
    ),
    Fault(
        "He's spread goes by the units above",
        "nn/initializers.py",
        "np.sqrt(2 / n_in)",
        "np.sqrt(2 / n_out)",
        "nn/test_initializers.py",
    ),
    Fault(
        "the scaling is measured on all examples",
        "data/dataset.py",
        '_moments(plain.part("train")[0])',
        "_moments(plain.network_inputs(self.inputs))",
        "data/test_dataset.py",
    ),
    Fault(
        "examples of the test are learned from",
        "problems/registry.py",
        "split_off(rest, data, validation, config.seed_of_data)",
        "split_off(np.arange(data.n), data, validation, config.seed_of_data)",
        "problems/test_registry.py",
    ),
    Fault(
        "the validation loss counts the training examples",
        "training/evaluator.py",
        "(slice(0, n), slice(n, None))",
        "(slice(0, n), slice(0, None))",
        "training/test_evaluator.py",
    ),
    Fault(
        "early stopping keeps the later of two equal epochs",
        "training/early_stopping.py",
        "if loss < self.loss:",
        "if loss <= self.loss:",
        "training/test_early_stopping.py",
    ),
    Fault(
        "early stopping keeps the last weights",
        "training/run.py",
        "self.rewind(self.live, patience.best)",
        "self.rewind(self.live, epoch)",
        "training/test_run.py::test_a_run_ends_when_patience_does_and_holds_the_best_weights_bit_for_bit",
    ),
    Fault(
        "the step of a schedule comes an epoch early",
        "nn/schedules.py",
        "factor ** (epochs // length)",
        "factor ** ((epochs + 1) // length)",
        FURTHER,
    ),
    Fault(
        "the L2 of scikit-learn is not divided by the batch",
        "estimators/batch_fit.py",
        "rules.alpha / (2 * n)",
        "rules.alpha / 2",
        "estimators/test_estimators.py",
    ),
    Fault(
        "the forward pass of a stack forgets the mask",
        "batched/layers.py",
        "(own.a, own.mask, own.activations_with_bias[:-1])",
        "(own.a, np.sign(own.mask), own.activations_with_bias[:-1])",
        "batched/test_training.py",
    ),
    Fault(
        "the gradient check takes a kink for an error",
        "gradcheck/gradient_check.py",
        "(up - down), right != left",
        "(up - down), False",
        "gradcheck/test_gradient_check.py",
    ),
    Fault(
        "the gradient check leaves a parameter where it put it",
        "gradcheck/gradient_check.py",
        "        theta[i] = w\n",
        "",
        "gradcheck/test_gradient_check.py",
    ),
    Fault(
        "a change takes hold an epoch late",
        "training/run.py",
        "if e.epoch <= epoch))",
        "if e.epoch < epoch))",
        "training/test_run.py::test_any_epoch_is_exact_after_changes_on_the_way",
    ),
    Fault(
        "a run of a crowd keeps its numbers after it has diverged",
        "batched/runs.py",
        "record[lost] = np.nan",
        "record[lost] = 0.0",
        "batched/test_runs.py::test_a_run_that_diverges_is_nan_from_there_and_hurts_no_other",
    ),
    Fault(
        "momentum does not raise the stability limit",
        "nn/optimizers.py",
        "stable=lambda mu: 2 + 2 * mu",
        "stable=lambda mu: 2.0",
        "analysis/test_landscape.py::test_rates_beyond_the_edge_diverge_and_rates_before_it_do_not",
    ),
    Fault(
        "the curvature is divided by one step instead of two",
        "analysis/curvature.py",
        "return (ahead - behind) / (2 * h)",
        "return (ahead - behind) / h",
        "analysis/test_landscape.py::test_the_line_search_of_the_provable_case",
    ),
    Fault(
        "every output decides at one half",
        "nn/activation_forms.py",
        "return sum(self.class_targets) / 2",
        "return 0.5",
        "training/test_output_head.py::test_one_unit_decides_in_the_middle_between_its_two_targets",
    ),
    Fault(
        "the landscape forgets the penalty",
        "analysis/objective.py",
        "return found + self.penalty(thetas)",
        "return found",
        "analysis/test_landscape.py::test_25_points_are_what_the_plain_network_says",
    ),
    Fault(
        "random directions are all of one length",
        "analysis/landscape.py",
        "own *= np.linalg.norm(now, axis=1, keepdims=True) / np.maximum(length, 1e-300)",
        "own /= np.maximum(length, 1e-300)",
        "analysis/test_landscape.py::test_random_directions_are_as_long_unit_by_unit_as_the_weights",
    ),
    Fault(
        "a fork forgets how long its run has waited",
        "comparison/forks.py",
        "    restore_patience(other)\n",
        "",
        "comparison/test_forks.py::test_a_fork_goes_on_as_the_run_itself",
    ),
)


def fits(fault: Fault) -> bool:
    """Whether the fault can be planted: its line stands once in the file, its test is there."""
    file, _, name = fault.test.partition("::")
    code, tests = ROOT / "engine" / fault.file, ROOT / "tests" / "engine" / file
    if not tests.exists() or code.read_text().count(fault.right) != 1:
        return False
    return not name or f"def {name}(" in tests.read_text()


def copy_to(folder: Path) -> None:
    """Copy what the engine's tests need."""
    for name in COPIED:
        source, target = ROOT / name, folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, target)


def pytest(folder: Path, *arguments: str) -> list[str]:
    """The tests that failed."""
    command = [sys.executable, "-m", "pytest", *QUIET, *arguments]
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1", "OPENBLAS_NUM_THREADS": "1"}
    environment.pop("PYTHONPATH", None)
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode not in (0, 1):
        raise RuntimeError(f"pytest could not run in {folder}:\n{done.stdout}{done.stderr}")
    return FAILED.findall(done.stdout)


def killer(fault: Fault) -> str:
    """The test that fails with the fault planted; empty if none does."""
    if not fits(fault):
        raise ValueError(f"'{fault.name}' no longer fits engine/{fault.file}: renew its lines.")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        copy_to(folder)
        path = folder / "engine" / fault.file
        path.write_text(path.read_text().replace(fault.right, fault.wrong))
        failed = pytest(folder, "-x", f"tests/engine/{fault.test}")
    return failed[0] if failed else ""


def failing_anyway(tests: Iterable[str]) -> set[str]:
    """Those of the tests that fail without any fault: they prove nothing."""
    wanted = dict.fromkeys(tests)
    with tempfile.TemporaryDirectory() as name:
        copy_to(Path(name))
        return set(pytest(Path(name), *wanted)) if wanted else set()


def print_killers(
    chosen: Sequence[Fault], killers: Sequence[str], seconds: float, as_json: bool
) -> None:
    """Print which test kills each fault, and how many survive."""
    alive = killers.count("")
    counts = {"faults": len(chosen), "killed": len(chosen) - alive, "survived": alive}
    if as_json:
        named = dict(zip((fault.name for fault in chosen), killers, strict=True))
        print(json.dumps({**counts, "seconds": seconds, "killed_by": named}))
        return
    width = max(len(fault.name) for fault in chosen)
    for fault, test in zip(chosen, killers, strict=True):
        verdict = "killed by " + test.removeprefix("tests/engine/") if test else "SURVIVED"
        print(f"{fault.name:{width}}  {fault.file:15}  {verdict}")
    print(f"{len(chosen)} faults, {len(chosen) - alive} killed, {alive} survived, {seconds:.0f} s")


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("words", nargs="*", help="only faults whose name holds one of these")
    options.add_argument("--jobs", type=int, default=os.cpu_count(), help="test runs at a time")
    options.add_argument("--json", action="store_true", help="print one JSON object")
    given, start = options.parse_args(), perf_counter()
    chosen = [f for f in FAULTS if not given.words or any(word in f.name for word in given.words)]
    with ThreadPoolExecutor(given.jobs) as pool:
        killers = list(pool.map(killer, chosen))
    broken = failing_anyway(test for test in killers if test)
    killers = ["" if test in broken else test for test in killers]
    print_killers(chosen, killers, perf_counter() - start, given.json)
    sys.exit("" in killers)


if __name__ == "__main__":
    main()
