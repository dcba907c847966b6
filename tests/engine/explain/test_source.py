"""Where an equation comes from."""

import re
from pathlib import Path

import pytest

from engine.explain.source import ROOT, source_of, with_source
from engine.nn.optimizers import OPTIMIZERS
from engine.problems.registry import load
from engine.training.config import Config
from engine.training.training import Training


def equations_with_source(**choices):
    config = Config(**choices)
    training = Training(config, load(config))
    batch = training.chunks[0][1].groups[0].batches[0]
    found = list(with_source(training.gradient(batch)))
    return found + list(with_source(training.after_gradient()))


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_every_equation_shows_the_lines_that_compute_it_and_none_that_print(optimizer):
    found = equations_with_source(
        optimizer=optimizer, l1=0.01, l2=0.01, dropout=0.2, clip=1.0, max_norm=2.0
    )
    for _, source in found:
        lines = (ROOT / source.file).read_text().splitlines()[source.first - 1 :]
        for own in source.text.splitlines():
            assert any(own.strip() in line for line in lines)
        assert not re.search(r"\btex\b|\\\\|rf?\"", source.text), source.text  # kind 62
        assert f"def {source.function}(" in (ROOT / source.file).read_text()


def test_the_lines_are_those_of_the_rule():
    found = equations_with_source(dataset="xor", hidden=(3,), optimizer="sgd", l2=0.01)
    place = {(e.rule, e.layer): (s.file, s.function) for e, s in found}
    assert place["affine", 1] == place["affine", 2] == ("engine/nn/program.py", "forward")
    assert place["error", 2] == ("engine/nn/program.py", "output_delta")
    assert place["back", 1] == ("engine/nn/program.py", "hidden_delta")
    assert place["l2", 0] == ("engine/nn/regularizers.py", "penalty_gradient")
    assert place["step", 0] == ("engine/nn/optimizers.py", "sgd")
    assert all((ROOT / Path(file)).exists() for file, _ in place.values())


def test_a_generator_that_has_ended_shows_nothing():
    ended = iter(())
    with pytest.raises(ValueError, match="wait at a yield"):
        source_of(ended)
