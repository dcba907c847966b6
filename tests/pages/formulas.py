"""Works out a formula as it is printed: its TeX, and a number or an array for each symbol.

It knows nothing of the engine: two matrices side by side are multiplied if they are of different
shapes, \\odot and \\oslash go element by element, a sum goes over all elements.
"""

import re

import numpy as np
from scipy.special import expit, ndtr

TOKEN = re.compile(r"\\[a-zA-Z]+|\\[,;|]|[0-9.]+|[a-zA-Z]|\S")
SPACES = {r"\,", r"\;", r"\left", r"\right", r"\displaystyle", r"\textstyle"}
FUNCTIONS = {r"\ln": np.log, r"\tanh": np.tanh, "sign": np.sign, r"\Phi": ndtr, r"\sigma": expit}
LETTERS = r"\\(?:theta|eta|mu|rho|epsilon|delta|beta|lambda)|[a-zA-Z]"
ENDS = {*"+-)]},|=><", r"\le", r"\rVert"}  # what no product goes on with
SYMBOL = re.compile(
    r"\\frac\{\\partial L\}\{\\partial (?:\\tilde )?[Wabz](?:\^\{\(\d+\)\})?\}"
    rf"|\\lVert [gW](?:\^\{{\(\d+\)\}}_j)? \\rVert|(?:\\hat ?|\\tilde )?(?:{LETTERS})"
    r"(?:\^\{\(\d+\)(?:\\top)?\})?(?:_(?:[a-zA-Z0-9]|\{\w+\}))?"
)


def worked_out(tex, known):
    """The right side of an equation; `known` has a value, or a function, for each symbol."""
    right = re.split(r" = | \\leftarrow ", tex, maxsplit=1)[1]
    formula = Formula(right, known)
    value = formula.sum()
    assert formula.at == len(formula.tex), formula.tex[formula.at :]
    return value


class Formula:
    """A reader of TeX that goes from left to right."""

    def __init__(self, tex, known):
        self.tex, self.known, self.at = tex, known, 0

    def peek(self):
        while True:
            while self.tex[self.at : self.at + 1] == " ":
                self.at += 1
            found = TOKEN.match(self.tex, self.at)
            token = found[0] if found else ""
            if token not in SPACES:
                return token
            self.at += len(token)

    def take(self, *wanted):
        token = self.peek()
        if token in wanted and token:
            self.at += len(token)
            return token
        return ""

    def need(self, token):
        assert self.take(token), (token, self.tex[self.at :])

    def sum(self):
        sign = self.take("-")
        value = -self.product() if sign else self.product()
        while sign := self.take("+", "-"):
            term = self.product()
            value = value + term if sign == "+" else value - term
        return value

    def product(self):
        value = self.power()
        while True:
            if self.take(r"\odot", r"\cdot"):
                value = value * self.power()
            elif self.take(r"\oslash", "/"):
                value = value / self.power()
            elif self.peek() and self.peek() not in ENDS:
                value = beside(value, self.power())
            else:
                return value

    def power(self):
        value = self.factor()
        while self.take("^"):
            value = value ** (self.group() if self.peek() == "{" else self.factor())
        return value

    def group(self):
        self.need("{")
        value = self.sum()
        self.need("}")
        return value

    def factor(self):
        token = self.peek()
        if re.fullmatch(r"[0-9.]+", token):
            return float(self.take(token))
        if token in ("(", "["):
            return self.bracket({"(": ")", "[": "]"}[self.take(token)])
        if self.take("|"):
            value = np.abs(self.sum())
            self.need("|")
            return value
        if token in (r"\sqrt", r"\tfrac", r"\sum", r"\max", r"\min", r"\operatorname", *FUNCTIONS):
            return self.function(self.take(token))
        if self.tex.startswith(r"\mathbf{1}", self.at):
            self.at += len(r"\mathbf{1}")
            return self.known[r"\mathbf{1}"]
        return self.symbol()

    def bracket(self, end):
        value = self.sum()
        if relation := self.take(">", r"\le"):
            other = self.sum()
            value = np.where(value > other if relation == ">" else value <= other, 1.0, 0.0)
        self.need(end)
        return value

    def function(self, name):
        if name == r"\tfrac":
            return self.group() / self.group()
        if name == r"\sqrt":
            return np.sqrt(self.group())
        if name == r"\sum":
            down = self.take("_") and self.take("r")
            value = self.product()
            return value.sum(axis=0, keepdims=True) if down else np.sum(value)
        if name == r"\operatorname":
            self.need("{")
            end = self.tex.index("}", self.at)
            name, self.at = self.tex[self.at : end], end + 1
        if name in FUNCTIONS:
            return FUNCTIONS[name](self.power())
        self.need("(")
        values = [self.sum()]
        while self.take(","):
            values.append(self.sum())
        self.need(")")
        return EXTREMES[name](*values)

    def symbol(self):
        if self.tex.startswith("f'(", self.at):
            self.at = self.tex.index(")", self.tex.index("(z", self.at) + 3) + 1
            if self.tex[self.at : self.at + 2] == "})":
                self.at += 2
            return self.known["f'"]
        for name, value in (("e^", np.e), (r"\pi", np.pi)):
            if self.tex.startswith(name, self.at):
                self.at += len(name.removesuffix("^"))
                return value
        found = SYMBOL.match(self.tex, self.at)
        if self.tex.startswith(r"\frac", self.at) and not found:
            self.at += len(r"\frac")
            return self.group() / self.group()
        assert found, self.tex[self.at :]
        self.at = found.end()
        return self.known[found[0]]


EXTREMES = {
    r"\max": np.maximum,
    r"\min": np.minimum,
    "clip": lambda x, low, high: np.minimum(np.maximum(x, low), high),
}


def beside(left, right):
    """What two symbols side by side mean: a product of matrices where their shapes ask for it."""
    shapes = np.shape(left), np.shape(right)
    apart = len(shapes[0]) == len(shapes[1]) == 2 and shapes[0] != shapes[1]
    return left @ right if apart and shapes[0][1] == shapes[1][0] else left * right
