"""The network as an ONNX graph of standard operations, for any runtime.

The graph takes the columns of a table by their names: numbers as numbers, categories as text. It
fills gaps, encodes categories and scales as the page does, and returns the label and all
probabilities, or the prediction in its own unit.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from functools import reduce
from itertools import product
from typing import Any

import numpy as np
from onnx import NodeProto, TensorProto, ValueInfoProto, checker, helper, numpy_helper

from engine.export.standalone import numbers_as_they_are
from engine.nn import ACTIVATIONS, Array
from engine.tables import MISSING, Field, Preparation, Reading, name_in
from engine.training import Model

OPSET, ML_OPSET, IR = 17, 3, 8  # what runtimes of the last years read
SHORT = 8  # letters of a category that is known in all mixtures of small and capital ones
FAULTS = (  # error values of spreadsheets; a program finds them by a pattern
    *("#n/a", "#na", "#nv", "#null!", "#div/0!", "#value!", "#wert!", "#ref!", "#bezug!"),
    *("#name?", "#num!", "#zahl!", "#spill!", "#calc!", "#error!"),
)
KINDS = {  # units of columns that a graph cannot read as text
    "date": "days since 2000-01-01",
    "time": "hours since midnight",
    "duration": "seconds",
}
TEXT = (
    "Text, written as in the training table or in lower case with single spaces; empty if it is "
    "missing."
)
ABOUT = (
    "A trained network. Its inputs are the columns of a table, each as a tensor of n rows and 1 "
    "column. Give numbers as numbers and without their unit, NaN for a missing one. Give dates as "
    "days since 2000-01-01, times of day as hours since midnight, durations as seconds: a graph "
    "cannot read them as text. Give categories, yes and no as text, written as in the training "
    "table, without spaces around it. Other spellings are recognized in lower case with single "
    "spaces. An empty text means that the value is missing. Missing values and unknown categories "
    "are replaced as in the app. A row in which every value is missing gets an empty label and NaN."
)


class Graph:
    """The operations so far; each value has a name that describes it."""

    def __init__(self, double: bool) -> None:
        self.dtype = np.float64 if double else np.float32
        self.type = TensorProto.DOUBLE if double else TensorProto.FLOAT
        self.nodes: list[NodeProto] = []
        self.constants: dict[str, Array] = {}
        self.inputs: list[ValueInfoProto] = []
        self.names = {"label", "probabilities", "prediction"}  # of the outputs
        self.place = ""  # the part of the network that is being written

    def unused(self, name: str) -> str:
        """Return a name that no value has yet, this one if possible."""
        own, k = name, 2
        while own in self.names:
            own, k = f"{name} ({k})", k + 1
        self.names.add(own)
        return own

    def input(self, name: str, text: bool, about: str) -> str:
        """Return the name of a new input of the graph."""
        plain = remove_unreadable(name)
        own = self.unused(f"{plain} (column)" if plain in self.names else plain)
        kind = TensorProto.STRING if text else self.type
        self.inputs.append(helper.make_tensor_value_info(own, kind, ["n", 1], about))
        return own

    def op(self, kind: str, *inputs: str | float | Array, to: str = "", **choices: Any) -> str:
        """Add an operation and return the name of its result."""
        names = [one if isinstance(one, str) else self.constant(one) for one in inputs]
        domain = "ai.onnx.ml" if kind in ("LabelEncoder", "OneHotEncoder") else ""
        out = self.unused(f"{self.place}/{to or kind.lower()}")
        self.nodes.append(helper.make_node(kind, names, [out], out, domain=domain, **choices))
        return out

    def output(self, name: str, value: str) -> None:
        """Make a value an output of the graph with this name."""
        self.nodes.append(helper.make_node("Identity", [value], [name], f"output {name}"))

    def constant(self, value: float | Array, what: str = "") -> str:
        """Add a constant of any shape and return its name; floats get the dtype of the graph."""
        array = np.asarray(value)
        array = array.astype(self.dtype) if array.dtype.kind == "f" else array
        name = self.unused(f"{self.place}/{what or f'{value:g}'}")
        self.constants[name] = array
        return name

    def cast(self, value: str, to: str, kind: int) -> str:
        """Add a conversion to another type and return the name of its result."""
        own = self.unused(f"{self.place}/{to}")
        self.nodes.append(helper.make_node("Cast", [value], [own], own, to=kind))
        return own


def remove_unreadable(text: str) -> str:
    """Return a text without characters that runtimes cannot read: NUL and lone surrogates."""
    return text.encode("utf-8", "replace").decode().replace("\0", "\ufffd")


# The layers


def activation_output(g: Graph, name: str, z: str) -> str:
    """Return the name of f(z) in the graph, from the nodes that the activation lists."""
    found, last = {"z": z}, z
    for node in ACTIVATIONS[name].onnx:
        inputs = [found[one] if isinstance(one, str) else one for one in node.inputs]
        to = node.name or node.operation.lower()
        if node.dtype:
            kind = TensorProto.FLOAT if node.dtype == "float32" else g.type
            last = g.cast(str(inputs[0]), to, kind)
        else:
            choices = {} if node.axis is None else {"axis": node.axis}
            last = g.op(node.operation, *inputs, to=to, **choices)
        found[to] = last
    return last


def input_column(g: Graph, X: str, i: int) -> str:
    """Return one raw input (n, 1)."""
    return g.op("Gather", X, g.constant(np.array([i]), f"place {i + 1}"), to=f"x{i + 1}", axis=1)


FEATURES: dict[str, Callable[[Graph, str], str]] = {
    "x1": lambda g, X: input_column(g, X, 0),
    "x2": lambda g, X: input_column(g, X, 1),
    "x1x1": lambda g, X: g.op("Mul", input_column(g, X, 0), input_column(g, X, 0)),
    "x2x2": lambda g, X: g.op("Mul", input_column(g, X, 1), input_column(g, X, 1)),
    "x1x2": lambda g, X: g.op("Mul", input_column(g, X, 0), input_column(g, X, 1)),
    "sinx1": lambda g, X: g.op("Sin", input_column(g, X, 0)),
    "sinx2": lambda g, X: g.op("Sin", input_column(g, X, 1)),
}


def network_outputs(g: Graph, model: Model, X: str) -> str:
    """Return the outputs (n, K) of the last layer to raw inputs (n, r)."""
    if model.expand:
        g.place = "features"
        X = g.op("Concat", *(FEATURES[key](g, X) for key in model.expand), to="all", axis=1)
    g.place = "scaling"
    centred = g.op("Sub", X, g.constant(model.mean, "mean"), to="centred")
    a = g.op("Div", centred, g.constant(model.scale, "deviation"), to="scaled")
    for l, ((W, b), name) in enumerate(zip(model.layers, model.activations, strict=True), 1):
        g.place = f"layer {l}"
        weights, biases = g.constant(W, "weights"), g.constant(b, "biases")
        a = activation_output(g, name, g.op("Gemm", a, weights, biases, to="z", transB=1))
    return a


# The columns


def letter_cases(words: Iterable[str]) -> list[str]:
    """Return the words in all ways to write them in small and capital letters."""
    return sorted(
        {
            "".join(letters)
            for word in words
            for letters in product(*({c, c.lower(), c.upper()} for c in word))
        }
    )


def category_codes(g: Graph, field: Field, places: dict[str, int], rest: int) -> tuple[str, str]:
    """Return a number for each text of a column (n,), and whether it is missing (n,)."""
    text = g.input(field.name, True, TEXT)
    g.place = remove_unreadable(f"column {field.name}")
    flat = g.op("Reshape", text, g.constant(np.array([-1]), "flat shape"), to="texts")
    gone = max([rest, *places.values()]) + 1
    words = {*MISSING, *FAULTS} - {*field.reading.words}
    known = {**dict.fromkeys(letter_cases(words), gone), **places}
    keys, values = list(map(remove_unreadable, known)), list(known.values())
    table = {"keys_strings": keys, "values_int64s": values, "default_int64": rest}
    own = g.op("LabelEncoder", flat, to="code", **table)
    return own, g.op("Equal", own, g.constant(np.array(gone), "code of missing"), to="is missing")


def one_hot_inputs(g: Graph, field: Field) -> tuple[str, str]:
    """Return (n, inputs) 1 for the category of each row, and (n, 1) whether it is missing."""
    width = len(field.categories) + field.other + field.gone
    rest = len(field.categories) if field.other else width
    places = spelling_places({name: k for k, name in enumerate(field.categories)}, field)
    if field.base:
        places = {**spelling_places({field.base: width}, field), **places}
    own, missing = category_codes(g, field, places, rest)
    if field.gone:
        last = g.constant(np.array(width - 1), "place of missing")
        own = g.op("Where", missing, last, own, to="place")
    hot = g.op("OneHotEncoder", own, to="one hot", cats_int64s=list(range(width)), zeros=1)
    return g.cast(hot, "inputs", g.type), as_column(g, missing)


def spelling_places(places: dict[str, int], field: Field) -> dict[str, int]:
    """Return the place of each category in the ways to write it that are the same on the page."""
    if field.reading.exact:
        return places
    more = {
        way: place
        for name, place in places.items()
        for way in category_spellings(name, field.reading)
    }
    plain = {name_in(name, field.reading): place for name, place in places.items()}
    return {**more, **plain, **places}


def category_spellings(name: str, reading: Reading) -> Iterable[str]:
    """Return ways to write a category: all capital letters if it is short, 3.0 for 3."""
    if not any(letter.isalpha() for letter in name):
        return (name, f"{name}{reading.decimal}0", f"{name}{reading.decimal}00")
    if len(name) <= SHORT:
        return letter_cases([name])
    return (name.lower(), name.upper(), name.title(), name.capitalize())


def as_column(g: Graph, values: str) -> str:
    """Return values (n,) as (n, 1)."""
    return g.op("Unsqueeze", values, g.constant(np.array([1]), "axis 1"), to="in a column")


def number_inputs(g: Graph, field: Field) -> tuple[str, str]:
    """Return (n, inputs) of a column of numbers, and (n, 1) whether each is missing."""
    value, unread, blank = (yes_no_column if field.reading.kind == "yes/no" else numeric_column)(
        g, field
    )
    if np.isnan(field.fill):
        return value, blank
    filled = g.op(
        "Where", unread, g.constant(float(field.fill), "filled in"), value, to="without gaps"
    )
    if not field.flag:
        return filled, blank
    flag = g.cast(unread, "missing as a number", g.type)
    return g.op("Concat", filled, flag, to="inputs", axis=1), blank


def yes_no_column(g: Graph, field: Field) -> tuple[str, str, str]:
    """Return (n, 1) 1 for yes and 0 for no, whether it is neither, and whether it is missing."""
    no, yes = field.reading.pair
    places = {**dict.fromkeys(letter_cases([no]), 0), **dict.fromkeys(letter_cases([yes]), 1)}
    own, blank = category_codes(g, field, places, 2)
    strange = g.op("Greater", own, g.constant(np.array(1), "code of yes"), to="is neither")
    value = g.cast(own, "value", g.type)
    return as_column(g, value), as_column(g, strange), as_column(g, blank)


def numeric_column(g: Graph, field: Field) -> tuple[str, str, str]:
    """Return (n, 1) numbers, and twice whether each is missing."""
    what = KINDS.get(field.reading.kind) or field.reading.unit
    name = f"{field.name} ({what})" if what else field.name
    value = g.input(name, False, f"A number{f', {what}' if what else ''}; NaN if it is missing.")
    g.place = remove_unreadable(f"column {field.name}")
    missing = g.op("Or", g.op("IsNaN", value), g.op("IsInf", value), to="is missing")
    for number_given in field.reading.codes:
        same = g.op("Equal", value, g.constant(number_given, "code of missing"), to="is a code")
        missing = g.op("Or", missing, same, to="is missing")
    return value, missing, missing


def raw_inputs(g: Graph, fields: Iterable[Field]) -> tuple[str, str]:
    """Return (n, r) the raw inputs, and (n, 1) whether a row has nothing to go by."""
    made = [(one_hot_inputs if one.categories else number_inputs)(g, one) for one in fields]
    g.place = "columns"
    inputs = g.op("Concat", *(own for own, _ in made), to="raw inputs", axis=1)
    strict = any(np.isnan(one.fill) for one in fields)  # no gap can be filled
    kind, to = ("Or", "one is missing") if strict else ("And", "all are missing")
    return inputs, reduce(lambda a, b: g.op(kind, a, b, to=to), (gone for _, gone in made))


# The prediction


def class_probabilities(g: Graph, model: Model, a: str) -> str:
    """Return (n, classes) the probability of each class."""
    if model.output_activation.mixes:
        return a
    no, yes = model.output_activation.class_targets
    if (no, yes) != (0.0, 1.0):
        a = g.op("Mul", g.op("Add", a, -no), 1 / (yes - no))
    a = g.op("Clip", a, 0.0, 1.0, to="from 0 to 1")
    if model.sizes[-1] == 1:
        return g.op("Concat", g.op("Sub", 1.0, a), a, to="both", axis=1)
    total = g.op("ReduceSum", a, g.constant(np.array([1]), "axis 1"), to="total", keepdims=1)
    none = g.op("Equal", total, 0.0, to="all are 0")
    share = g.op("Div", a, g.op("Where", none, 1.0, total))
    return g.op("Where", none, 1 / model.sizes[-1], share, to="shares")


def class_index(g: Graph, model: Model, a: str) -> str:
    """Return the predicted class index (n,)."""
    if model.sizes[-1] > 1:
        return g.op("ArgMax", a, to="class", axis=1, keepdims=0)
    above = g.op("Greater", a, model.output_activation.threshold, to="is the second")
    whole = g.cast(above, "class in a column", TensorProto.INT64)
    return g.op("Reshape", whole, g.constant(np.array([-1]), "flat shape"), to="class")


def add_outputs(g: Graph, model: Model, a: str, blank: str) -> list[ValueInfoProto]:
    """Add the outputs, and return what they are."""
    g.place, K = "answer", model.sizes[-1]
    if not model.classes:
        spread = g.op("Mul", a, g.constant(model.target_scale, "deviation of the target"))
        own = g.op("Add", spread, g.constant(model.target_mean, "mean of the target"))
        g.output("prediction", g.op("Where", blank, np.nan, own, to="except blank rows"))
        return [helper.make_tensor_value_info("prediction", g.type, ["n", K])]
    names = g.constant(
        np.array(list(map(remove_unreadable, model.classes)), dtype=object), "classes"
    )
    label = g.op("Gather", names, class_index(g, model, a), to="class by name")
    flat = g.op("Reshape", blank, g.constant(np.array([-1]), "flat shape"), to="blank rows")
    empty = g.constant(np.array("", dtype=object), "no class")
    g.output("label", g.op("Where", flat, empty, label, to="class except blank rows"))
    own = class_probabilities(g, model, a)
    g.output("probabilities", g.op("Where", blank, np.nan, own, to="shares except blank rows"))
    return [
        helper.make_tensor_value_info("label", TensorProto.STRING, ["n"]),
        helper.make_tensor_value_info("probabilities", g.type, ["n", len(model.classes)]),
    ]


def onnx_file(model: Model, preparation: Preparation | None = None, double: bool = True) -> bytes:
    """Return the model as ONNX, from the columns of a table to the predictions.

    Without a preparation the inputs are numbers with the names of the inputs.
    """
    way, g = preparation or numbers_as_they_are(model), Graph(double)
    inputs, blank = raw_inputs(g, way.fields)
    outputs = add_outputs(g, model, network_outputs(g, model, inputs), blank)
    constants = [numpy_helper.from_array(array, name) for name, array in g.constants.items()]
    graph = helper.make_graph(g.nodes, "deltascope", g.inputs, outputs, constants, ABOUT)
    opsets = [helper.make_opsetid("", OPSET), helper.make_opsetid("ai.onnx.ml", ML_OPSET)]
    proto = helper.make_model(graph, opset_imports=opsets, ir_version=IR, doc_string=ABOUT)
    proto.producer_name = "Deltascope"
    columns = zip((one.name for one in g.inputs), (one.name for one in way.fields), strict=True)
    properties = {"columns": dict(columns), "classes": way.classes, "target": way.target}
    helper.set_model_props(proto, {key: json.dumps(value) for key, value in properties.items()})
    checker.check_model(proto, full_check=True)
    return proto.SerializeToString()
