"""The code explains itself: the counts of `python -m tools.house`, and that they count right."""

import ast

import pytest

from tools import house

LEAST_DESCRIBED = 0.95  # of the functions with an array, and of those that raise an error
MOST_REPEATED_FUNCTIONS = 3


def test_no_docstring_begins_with_nothing():
    assert house.starts_with_nothing() == []


def test_docstrings_of_functions_begin_with_a_verb():
    assert house.without_verb() == []


def test_functions_with_an_array_give_its_shape():
    missing = house.without_shape()
    assert len(missing) <= (1 - LEAST_DESCRIBED) * len(house.with_arrays()), missing


def test_functions_that_raise_an_error_name_it():
    missing = house.silent_about_errors()
    assert len(missing) <= (1 - LEAST_DESCRIBED) * len(house.that_raise()), missing


def test_no_class_name_is_used_twice():
    assert house.repeated_classes() == {}


def test_few_public_function_names_are_in_several_files():
    repeated = house.repeated_functions()
    assert len(repeated) <= MOST_REPEATED_FUNCTIONS, repeated


@pytest.fixture
def product(tmp_path):
    """Return a function that writes a file of a small product below the root that it returns."""

    def write(path: str, text: str):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
        return tmp_path

    return write


@pytest.mark.parametrize(
    ("docstring", "found"),
    [
        ("Return the loss (n_samples,).", True),
        ("Return the outputs (K, m) of a part.", True),
        ("Return (n_layers, 2 * n_units, 1) weights.", True),
        ("Return the mean as a scalar.", True),
        ("Return the loss of each example.", False),
        ("Return the rate (Keras, PyTorch).", False),
        ("Return the loss (small, as a rule).", False),
    ],
)
def test_a_shape_is_recognized(docstring, found, product):
    root = product("engine/a.py", f'def f(x: Array) -> float:\n    """{docstring}"""')
    assert (house.without_shape(root) == []) is found


def test_only_arrays_need_a_shape(product):
    root = product("engine/a.py", 'def f(x: int) -> float:\n    """Return x."""')
    assert house.with_arrays(root) == []


@pytest.mark.parametrize(
    ("code", "count"),
    [
        ('def f():\n    """Raise ValueError."""\n    raise ValueError', 0),
        ('def f():\n    """Return x. Raises KeyError if x is missing."""\n    raise KeyError', 0),
        ('def f():\n    """Return x."""\n    raise ValueError', 1),
        ('def f():\n    """Return x."""\n    try:\n        g()\n    except E:\n        raise', 0),
        ('def f():\n    """Return x."""\n    def g():\n        raise ValueError', 1),
        ('class A:\n    """Raises ValueError."""\n    def __init__(self):\n        raise E("")', 0),
        ('class A:\n    """Raises ValueError."""\n    def run(self):\n        raise E("")', 1),
    ],
)
def test_a_silent_error_is_found(code, count, product):
    assert len(house.silent_about_errors(product("engine/a.py", code))) == count


def test_an_error_of_an_inner_function_is_not_one_of_the_outer(product):
    code = "def f():\n    def g():\n        raise ValueError"
    outer = ast.parse(code).body[0]
    assert isinstance(outer, ast.FunctionDef)
    assert not house.raises(outer)


def test_a_docstring_that_begins_with_nothing_is_found_in_tests_too(product):
    root = product("tests/test_a.py", 'def test_a():\n    """Nothing; a test."""')
    assert house.starts_with_nothing(root) == ["tests/test_a.py:1 test_a"]


@pytest.mark.parametrize(
    ("docstring", "found"),
    [
        ("Return the loss.", False),
        ("Announce the loss.", False),
        ("", False),
        ("The loss.", True),
        ("A figure of the loss.", True),
        ("What a unit is called.", True),
        ("Whether it has ended.", True),
        ("(n,) the loss.", True),
        ("W of each layer.", True),
        ("`name` in capitals.", True),
    ],
)
def test_a_docstring_that_begins_with_no_verb_is_found(docstring, found, product):
    root = product("pages/a.py", f'class A:\n    def f(self):\n        """{docstring}"""')
    assert house.without_verb(root) == ["pages/a.py:2 f"] * found


def test_a_property_may_be_described_by_a_noun(product):
    code = 'class A:\n    @cached_property\n    def f(self):\n        """The loss."""'
    assert house.without_verb(product("engine/a.py", code)) == []


def test_repeated_names_are_found_with_their_files(product):
    product("engine/a.py", "class A: ...\ndef f(): ...\ndef _g(): ...\ndef h(): ...")
    root = product("pages/b.py", "class A: ...\ndef f(): ...\ndef _g(): ...")
    assert house.repeated_classes(root) == {"A": ["engine/a.py", "pages/b.py"]}
    assert house.repeated_functions(root) == {"f": ["engine/a.py", "pages/b.py"]}
