"""Forms of an activation: the data from which a page, a program or an ONNX graph writes it.

A form is text, numbers, or a function of an array; it does not depend on a page or a library.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from engine.language import tr
from engine.nn import symbols as sym
from engine.nn.equations import Array, Step
from engine.nn.formula import Formula, Terms, write_terms


class Code(NamedTuple):
    """An activation in the code of four libraries."""

    numpy: str  # an expression of z (n, units), of np and of math
    keras: str  # an expression for the argument `activation` of a Dense layer
    torch: str  # an expression for a module
    torch_class: tuple[str, ...] = ()  # the class of the module, if torch.nn does not have it
    sklearn: str = ""  # the name in scikit-learn's MLP, "" if it does not have this activation


class OnnxNode(NamedTuple):
    """One operation of an ONNX graph."""

    operation: str  # of ONNX, such as "Mul"
    inputs: tuple[str | float, ...]  # "z", numbers, and names: the last node of that name
    name: str = ""  # of the result; "" is the operation in small letters
    axis: int | None = None  # (n, units) are the axes 0 and 1
    dtype: str = ""  # of a Cast: "float32", or "model" for the number format of the graph


class OutputRole(NamedTuple):
    """What an activation is good for in the last layer."""

    loss: str  # the loss that is taken where none is chosen
    classes: tuple[float, float] | None = (0.0, 1.0)
    # the targets of a class that is not the answer, and of the one that is; None: not for classes
    numbers: bool = True  # whether it predicts numbers
    counts: bool = False  # whether these are 0 or more, so that targets are not standardised
    others: bool = True  # whether losses other than its own one make sense
    sklearn: str = ""  # the task for which scikit-learn's MLP has this output


class Activation(NamedTuple):
    """One activation with all its forms and the layers that may use it."""

    label: str  # in menus
    forward: Callable[[Array, Array], Iterator[Step]]  # (z, a), both (n_out, n)
    back: Callable[[Array, Array, Array, Array], Iterator[Step]]
    # (z, a, delta, slope): delta <- delta * f'(z); slope is a buffer to work in
    value: Callable[[Array], Array]  # the plain function, for maps and pictures
    terms: Terms  # f(z)
    slope: Terms  # f'(z), written with a or z
    derivation: tuple[str, ...]  # the lines of TeX from f to f'; `slope` is the last line
    note: str  # what the slope means for the error term
    code: Code
    onnx: tuple[OnnxNode, ...]  # the last node is f(z); without nodes f(z) = z
    for_complex: Callable[[Array], Array] | None = None  # f of complex z, if `value` is not
    hidden: bool = True
    output: OutputRole | None = None  # None: not in the last layer
    mixes: bool = False  # whether each output depends on the inputs of all units: f' is a matrix
    straight: bool = False  # whether f consists of straight lines that meet at z = 0 at most
    corner: bool = False  # whether f' or its slope jumps at z = 0
    ends: tuple[float, float] | None = None  # the limits of f at -∞ and ∞ if both are finite

    @property
    def complex_value(self) -> Callable[[Array], Array]:
        """Return f for complex z, which a complex step needs; the shape of z."""
        return self.for_complex or self.value

    @property
    def class_targets(self) -> tuple[float, float]:
        """Return the targets of a class that is not the answer, and of the one that is.

        Raises ValueError if it cannot predict classes.
        """
        if self.output is None or self.output.classes is None:
            raise ValueError(tr("The output {label} cannot predict classes.", label=tr(self.label)))
        return self.output.classes

    @property
    def threshold(self) -> float:
        """Return the middle between the class targets, where one unit decides between two classes.

        Raises ValueError if it cannot predict classes.
        """
        return sum(self.class_targets) / 2

    @property
    def formula(self) -> Formula:
        """Return the formula of f(z), or of its j-th output."""
        return Formula(sym.f_of_one if self.mixes else "f(z)", "=", self.terms)

    @property
    def slope_formula(self) -> Formula:
        """Return the formula of f'(z)."""
        return Formula("f'(z)", "=", self.slope)

    @property
    def tex(self) -> str:
        """Return the TeX of f(z)."""
        return write_terms(self.terms)

    @property
    def slope_tex(self) -> str:
        """Return the TeX of f'(z)."""
        return write_terms(self.slope)

    @property
    def name_tex(self) -> str:
        """Return the TeX of what `tex` is: f(z), or its j-th output."""
        return write_terms(self.formula.left)
