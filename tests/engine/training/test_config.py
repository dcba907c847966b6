"""Config: every choice survives a link, and a link typed by a stranger never breaks anything."""

from dataclasses import FrozenInstanceError, fields, replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.nn.activations import ACTIVATIONS
from engine.nn.losses import LOSSES
from engine.problems.registry import PROBLEMS
from engine.training.config import CHOICES, DEFAULTS, LIVE, OWN, VERSION, Config

NUMBERS = [name for name, one in CHOICES.items() if one.high is not None]
WORDS = [name for name, one in CHOICES.items() if one.options]
STEADY = settings(deadline=None, derandomize=True)  # the same examples at each run, however slow


def values(name):
    """A strategy for all that the choice `name` allows."""
    one, like = CHOICES[name], DEFAULTS[name]
    if one.options and isinstance(like, tuple):
        part, unique = st.sampled_from(one.options), one.different
        return st.lists(part, min_size=one.least, max_size=one.most, unique=unique).map(tuple)
    if one.options:
        return st.sampled_from(one.options)
    if isinstance(like, float):
        return st.floats(one.low, one.high)
    numbers = st.floats(one.low, one.high)
    if not one.fractions:
        numbers = st.integers(int(one.low), int(one.high))
    if isinstance(like, tuple):
        return st.lists(numbers, min_size=one.least, max_size=one.most).map(tuple)
    return numbers


def goes_together(choices):
    shares = choices["validation"] + choices["test"]
    return shares <= 0.9 and choices["fold"] <= choices["folds"]


CHOSEN = st.fixed_dictionaries({name: values(name) for name in CHOICES}).filter(goes_together)
TEXTS = st.text(max_size=40) | st.sampled_from(
    ["nan", "inf", "-1", "0", "1e999", "9" * 400, "9" * 5000, "1-2-3", "2.5", "<script>", "--", ","]
)


@STEADY
@given(CHOSEN)
def test_every_config_survives_the_link(choices):
    config = Config(**choices)
    assert Config.from_query(config.to_query()) == (config, [])


@STEADY
@given(CHOSEN)
def test_a_link_holds_the_version_and_only_what_differs(choices):
    query = Config(**choices).to_query()
    different = {name for name in CHOICES if choices[name] != DEFAULTS[name]}
    assert set(query) == {"v", *different}
    assert all(isinstance(text, str) for text in query.values())


@STEADY
@given(st.dictionaries(st.sampled_from([*CHOICES, "v", "epoch"]) | st.text(max_size=40), TEXTS))
def test_a_link_typed_by_a_stranger_gives_a_config_and_sentences(query):
    config, notes = Config.from_query(query)
    assert Config.from_query(config.to_query()) == (config, [])
    assert len(notes) <= len(query) + 1
    for note in notes:
        assert note.endswith(".")
        assert len(note) < 500


def test_a_bare_link_is_the_default_run():
    assert Config.from_query({}) == (Config(), [])
    assert Config().to_query() == {"v": VERSION}


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ({"hidden": "999999"}, "(hidden) must lie between 1 and 128; '999999' was given."),
        ({"hidden": "1-2-3-4-5-6-7"}, "(hidden) takes 0 to 6 entries; '1-2-3-4-5-6-7' was given."),
        ({"hidden": "many"}, "(hidden) must be a whole number; 'many' was given."),
        ({"hidden": "2.5"}, "(hidden) must be a whole number; '2.5' was given."),
        ({"learning_rate": "nan"}, "(learning_rate) must be a number; 'nan' was"),
        ({"learning_rate": "inf"}, "(learning_rate) must be a number; 'inf' was"),
        ({"learning_rate": "1e6"}, "(learning_rate) must lie between 1e-06 and 1,000; '1000000.0'"),
        ({"learning_rate": "fast"}, "(learning_rate) must be a number; 'fast' was given."),
        ({"size": "0"}, "(size) must lie between 1 and 5,000; '0' was given."),
        ({"size": "9" * 400}, f"(size) must lie between 1 and 5,000; '{'9' * 30}…' was given."),
        ({"seed": "9" * 5000}, f"(seed) must be a whole number; '{'9' * 30}…' was given."),
        ({"seed": "1.5"}, "(seed) must be a whole number; '1.5' was given."),
        ({"activation": "<script>"}, "(activation) must be one of linear, sigmoid, tanh, relu, "),
        ({"features": "x1-x1"}, "(features) takes 1 to 7 different entries; 'x1-x1' was given."),
        ({"features": ""}, "(features) takes 1 to 7 different entries;"),
        ({"features": "x9"}, "(features) must be one of x1, x2,"),
        ({"start": "nowhere"}, "(start) must be one of mazur,"),
        ({"test": "0.95"}, "(test) must lie between 0 and 0.8; '0.95' was given."),
        ({"validation": "0.6", "test": "0.6"}, "validation and test must be at most 0.9 together"),
        ({"folds": "4", "fold": "5"}, "must lie between 1 and the number of folds, 4; '5' was"),
        ({"fold": "2"}, "must lie between 1 and the number of folds, 1; '2' was given."),
        ({"dropouts": "0.5,x"}, "(dropouts) must be a number; '0.5,x' was given."),
        ({"dropouts": "0.5,1"}, "(dropouts) must lie between 0 and 0.9; '1.0' was given."),
        ({"activations": "relu-softmax"}, "(activations) must be one of linear, sigmoid, tanh, re"),
        ({"activations": "relu-" * 7}, "(activations) takes 0 to 6 entries; 'relu-relu-relu-re"),
        ({"schedule": "up"}, "(schedule) must be one of constant, step, exponential, cosine, pl"),
        ({"precision": "float16"}, "(precision) must be one of float64, float32; 'float16' was"),
        ({"colour": "red"}, "The link's 'colour' is not a known setting and was ignored."),
        ({"v": "99"}, "This link has version '99'; this app writes version 1"),
    ],
    ids=lambda value: value[:40] if isinstance(value, str) else "-".join(value),
)
def test_what_cannot_be_read_falls_back_to_the_default_with_one_sentence(query, sentence):
    config, notes = Config.from_query(query)
    assert config == Config()
    assert len(notes) == 1
    assert sentence in notes[0]


def test_one_bad_choice_does_not_spoil_the_others():
    config, notes = Config.from_query({"hidden": "8-8", "learning_rate": "nan", "seed": "7"})
    assert config == Config(hidden=(8, 8), seed=7)
    assert len(notes) == 1
    assert notes[0].endswith("The default 0.1 is used.")


@pytest.mark.parametrize(("text", "hidden"), [("0", ()), ("", ()), ("8", (8,)), ("8,4", (8, 4))])
def test_layers_may_be_none_and_are_parted_by_dashes_or_commas(text, hidden):
    assert Config.from_query({"hidden": text}) == (Config(hidden=hidden), [])


@pytest.mark.parametrize(
    ("text", "dropouts"), [("0.5", (0.5,)), ("0,1e-05,.5", (0, 1e-05, 0.5)), ("", ())]
)
def test_shares_per_layer_are_parted_by_commas(text, dropouts):
    config, notes = Config.from_query({"dropouts": text})
    assert (config, notes) == (Config(dropouts=dropouts), [])
    assert Config.from_query(config.to_query()) == (config, [])


def test_layers_that_are_not_named_take_what_holds_for_all():
    config = Config(hidden=(5, 4, 3), activation="elu", activations=("relu", "relu"))
    assert config.layer_activations == ("relu", "relu", "elu")
    config = replace(config, hidden=(5,), dropout=0.2, dropouts=(0.0, 0.5, 0.1))
    assert config.layer_activations == ("relu",)
    assert config.layer_dropouts == (0.0,)
    assert replace(config, hidden=(5, 4, 3), dropouts=(0.4,)).layer_dropouts == (0.4, 0.2, 0.2)
    assert replace(config, hidden=()).layer_dropouts == ()


def test_numbers_that_numpy_made_are_written_as_plain_ones():
    config = Config(learning_rate=np.float64(0.03), size=np.int64(50))
    assert config.to_query() == {"v": VERSION, "learning_rate": "0.03", "size": "50"}


@pytest.mark.parametrize("name", NUMBERS)
def test_a_number_may_reach_its_limits_and_not_pass_them(name):
    one, like = CHOICES[name], DEFAULTS[name]
    for limit, beyond in ((one.low, -1), (one.high, 1)):
        wrap = (lambda value: (value,)) if isinstance(like, tuple) else (lambda value: value)
        others = {"validation": 0.0, "test": 0.0, "folds": 20}
        Config(**{**others, name: wrap(limit)})
        with pytest.raises(ValueError, match=rf"\({name}\) must lie between"):
            Config(**{name: wrap(limit + beyond)})


@pytest.mark.parametrize("name", WORDS)
def test_a_word_must_be_one_of_its_options(name):
    one, like = CHOICES[name], DEFAULTS[name]
    for option in one.options:
        Config(**{name: (option,) if isinstance(like, tuple) else option})
    with pytest.raises(ValueError, match=rf"\({name}\) must be one of"):
        Config(**{name: ("nonsense",) if isinstance(like, tuple) else "nonsense"})


def test_training_keeps_a_tenth_of_the_examples():
    assert Config(validation=0.5, test=0.4).test == 0.4
    with pytest.raises(ValueError, match=r"at most 0\.9"):
        Config(validation=0.5, test=0.41)


def test_a_config_cannot_be_changed_and_equal_ones_are_equal():
    config = Config()
    with pytest.raises(FrozenInstanceError):
        config.seed = 1
    assert hash(replace(config, seed=1)) == hash(Config(seed=1))


def test_every_choice_has_words_limits_and_a_default_within_them():
    assert list(CHOICES) == [one.name for one in fields(Config)]
    for name, one in CHOICES.items():
        assert one.label, name
        assert one.help.endswith("."), name
        assert not (one.options and one.fractions), name
        assert bool(one.options) != (one.low is not None and one.high is not None), name
    assert LIVE == ("learning_rate", "l1", "l2", "dropout")


def test_the_names_of_the_problems_are_those_that_exist():
    assert set(CHOICES["dataset"].options) == {*PROBLEMS, OWN}


def test_every_output_on_offer_has_a_loss_of_its_own():
    for output in set(CHOICES["output"].options) - {"auto"}:
        role = ACTIVATIONS[output].output
        assert role
        assert output in LOSSES[role.loss].outputs
        assert role.numbers or role.classes
