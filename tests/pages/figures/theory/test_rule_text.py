"""Every line that a step can have is put into words, and every symbol in it is explained."""

import re

import pytest

from engine.explain.derivation import derive
from engine.explain.index_forms import UNIT_FORMS
from engine.explain.likelihood import NOISE_MODELS as PICTURES
from engine.nn.losses import LOSSES
from engine.nn.optimizers import OPTIMIZERS
from engine.problems.registry import load
from engine.training.config import Config
from engine.training.training import Training
from pages.figures.theory.frameworks import HERE, OPTIMIZER_NOTES, OTHERS, framework_table
from pages.figures.theory.proofs import CANCELLED, LOSS_PROOFS, MORE_LOSS_PROOFS
from pages.figures.theory.remedies import REMEDIES
from pages.figures.theory.rule_text import (
    PHASES,
    RULE_NAMES,
    RULE_SENTENCES,
    STEP_SENTENCES,
    rule_sentence,
)
from pages.figures.theory.symbols import shape_words, symbol_table
from tests.engine.programs import PROGRAMS

GREEK = ("delta", "eta", "theta", "mu", "rho", "beta", "epsilon", "lambda", "sigma", "Phi")
OPERATORS = set("odfeh")  # d/dz, f, e, h(d) are said where they stand
NAMES = re.compile(r"\\(?:text|operatorname|begin|end)\{\w*\}|\\[a-zA-Z]+")


def test_every_rule_has_its_words_and_no_words_are_idle():
    assert set(RULE_SENTENCES) == set(UNIT_FORMS)
    assert set(RULE_NAMES) == set(RULE_SENTENCES)
    assert set(STEP_SENTENCES) == set(OPTIMIZERS) == set(OPTIMIZER_NOTES)
    assert set(PHASES) == {phase for phase, _ in RULE_SENTENCES}


def test_every_registry_is_explained():
    assert set(CANCELLED) == set(LOSSES)
    told = [loss for one in (LOSS_PROOFS | MORE_LOSS_PROOFS).values() for loss in one.losses]
    assert sorted(told) == sorted(LOSSES)
    assert set(LOSS_PROOFS) == set(PICTURES)
    assert all(PICTURES[name].loss in LOSS_PROOFS[name].losses for name in PICTURES)


def test_every_line_is_a_sentence_of_its_layer():
    for training in PROGRAMS:
        layers = len(training.network.layers)
        for line in derive(training):
            said = rule_sentence(line.equation, training.config.optimizer, layers)
            assert said.endswith("."), said
            assert not re.search(r"[{}\\]|  ", said), said


def table_of(lines, unit, sizes):
    formulas = [line.unit_formula if unit else line.equation.formula for line in lines]
    return symbol_table(formulas, unit, sizes, 10)


@pytest.mark.parametrize("unit", [False, True])
def test_every_symbol_of_every_line_stands_in_the_table(unit):
    for training in PROGRAMS:
        lines = derive(training)
        tex = [line.unit if unit else line.equation.tex for line in lines]
        table = table_of(lines, unit, training.network.sizes)
        first = "\n".join(row.split("|")[1] for row in table.splitlines())
        text = "\n".join(tex)
        for name in GREEK:
            if re.search(rf"\\{name}\b", text):
                assert f"\\{name}" in first, (name, table)
        text = re.sub("c_[gW]", "c", text)
        for letter in set(re.findall("[a-zA-Z]", NAMES.sub(" ", text))) - OPERATORS:
            assert re.search(rf"(?<![a-z\\]){letter}", first), (letter, text, table)


@pytest.mark.parametrize("unit", [False, True])
def test_a_letter_has_one_meaning_in_a_table(unit):  # kind 62
    for training in PROGRAMS:
        lines = derive(training)
        tex = [line.unit if unit else line.equation.tex for line in lines]
        table = table_of(lines, unit, training.network.sizes)
        rows = [row.split("|")[1].strip(" $") for row in table.splitlines()[2:]]
        alone = [one for row in rows for one in row.split(r",\ ")]
        assert len(alone) == len(set(alone)), table
        text = "\n".join(tex)
        assert not ("1 - p" in text and re.search(r"_p\b|_\{p", text))
        assert not (r"\beta" in text and re.search(r"_\{?m", text))
        assert not re.search(r"(?<![a-z\\])c(?!_[gW])\b", NAMES.sub(" ", text)), text


def test_the_table_says_only_what_occurs():
    config = Config(hidden=(4,))
    training = Training(config, load(config))
    table = table_of(derive(training), False, (2, 4, 1))
    assert "index" not in table
    for absent in ("beta", "epsilon", "tilde", "lambda", "| $J$", "| $w$"):
        assert absent not in table


def test_shapes_are_those_of_the_arrays():
    config = Config(dataset="iris", hidden=(5, 3), batch_size=12)
    training = Training(config, load(config))
    told = shape_words(training.network.sizes, 12)
    batch = training.chunks[0][1].groups[0].batches[0]
    for l, (layer, own) in enumerate(zip(training.network.layers, batch.layers, strict=True)):
        for name, array in (("W", layer.W), ("b", layer.b), ("z", own.z), ("delta", own.delta)):
            rows, columns = array.shape
            assert told[name].split(", ")[l].endswith(f" {rows} × {columns}")
    assert told["P"] == str(len(training.network.theta))
    assert told["y"] == "3 × 12"


def test_a_network_of_masks_and_straight_lines_is_told_so():
    config = Config(dataset="iris", hidden=(4,), dropout=0.5, activation="linear")
    training = Training(config, load(config))
    said = {
        (one.equation.phase, one.equation.rule, one.equation.layer): rule_sentence(
            one.equation, "sgd", 2
        )
        for one in derive(training)
    }
    assert "ã⁽¹⁾" in said["forward", "affine", 2]
    assert "so this is already δ⁽¹⁾" in said["backward", "mask", 1]
    assert "the slope of f cancels out" in said["backward", "error", 2]
    assert "the inputs x" in said["backward", "gradient", 1]


def test_remedies_name_rules_that_there_are():
    for one in REMEDIES:
        config = Config(hidden=(4,), **one.choices)
        found = {
            (line.equation.phase, line.equation.rule)
            for line in derive(Training(config, load(config)))
        }
        assert set(one.rules) <= found, one.title


def test_comparisons_keep_to_the_topics():
    for who, topics in OTHERS.items():
        assert set(topics) <= set(HERE)
        assert framework_table(who).count("\n") == len(topics) + 1
    assert all(set(OTHERS[who]) == set(HERE) for who in ("Keras", "PyTorch", "scikit-learn"))


def test_what_is_said_of_this_engine_is_what_it_does():
    config = Config()
    assert HERE["SGD rate"] == f"{config.learning_rate:g}"
    assert HERE["Batch size"] == str(config.batch_size)
    assert config.init == "glorot_uniform"
