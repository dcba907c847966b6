"""Expressions over measures: what a claim compares and what an evidence sentence shows.

    claim   = sum (("<" | "<=" | ">" | ">=" | "==" | "!=") sum)+ ("and" claim)?
    sum     = product (("+" | "-") product)*
    product = factor (("*" | "/") factor)*
    factor  = "-" factor | number | "(" sum ")" | function "(" sum ")" | A.measure ["(" epoch ")"]

Without an epoch a measure is that of the last epoch that is played. The text is read by a parser of
its own, so it can call nothing but what is listed here.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable
from math import inf, log, nan, sqrt
from typing import NamedTuple

from engine.language import tr

MOST_CHARACTERS, DEEPEST = 300, 40
TOKEN = re.compile(
    r"\s*(?:(?P<number>(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:e[+-]?[0-9]{1,3})?)(?![\w.])"
    r"|(?P<name>[A-Za-z][A-Za-z0-9_]*)|(?P<sign><=|>=|==|!=|[-+*/().<>]))",
    re.ASCII,
)
COMPARISONS: dict[str, Callable[[float, float], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "==": operator.eq,
    "!=": operator.ne,
}
FUNCTIONS: dict[str, Callable[[float], float]] = {"abs": abs, "log": log, "sqrt": sqrt}
RUNS = "ABCDEF"

Measured = Callable[[str, str, int | None], float]  # (run, measure, epoch or None) -> value


class Lookup(NamedTuple):
    """A measure of a run: A.train_loss(84)."""

    run: str
    measure: str
    epoch: int | None


class Operation(NamedTuple):
    """A sign or a function, and what it is applied to."""

    sign: str
    parts: tuple[Node, ...]


Node = float | Lookup | Operation


class Parser:
    """Reads one expression from left to right."""

    def __init__(self, text: str) -> None:
        self.text, self.tokens, self.place = text, tokens_of(text), 0

    def next_is(self, *words: str) -> bool:
        """Return whether the next token is one of these."""
        return self.place < len(self.tokens) and self.tokens[self.place] in words

    def take(self, what: str, *words: str) -> str:
        """Return the next token and go on; raises ValueError if it is none of these words."""
        if self.place == len(self.tokens):
            raise ValueError(
                tr("'{text}' ends where {what} is expected.", text=self.text, what=what)
            )
        if words and not self.next_is(*words):
            raise ValueError(
                tr(
                    "'{text}' needs {what} instead of '{here}'.",
                    text=self.text,
                    what=what,
                    here=self.here,
                )
            )
        self.place += 1
        return self.tokens[self.place - 1]

    @property
    def here(self) -> str:
        """Return the rest of the text from the next token on, as tokens."""
        return " ".join(self.tokens[self.place : self.place + 3])

    def end(self) -> None:
        """Raise ValueError if something is left."""
        if self.place < len(self.tokens):
            raise ValueError(
                tr("'{text}' should end before '{here}'.", text=self.text, here=self.here)
            )

    def claim(self) -> list[Operation]:
        """Return the comparisons, all of which must hold."""
        found = list[Operation]()
        while True:
            left = self.sum()
            sign = self.take(tr("a comparison such as < or >"), *COMPARISONS)
            right = self.sum()
            found.append(Operation(sign, (left, right)))
            while self.next_is(*COMPARISONS):
                sign, left = self.take("a comparison", *COMPARISONS), right
                right = self.sum()
                found.append(Operation(sign, (left, right)))
            if not self.next_is("and"):
                self.end()
                return found
            self.take("and", "and")

    def sum(self) -> Node:
        return self.chain(("+", "-"), self.product)

    def product(self) -> Node:
        return self.chain(("*", "/"), self.factor)

    def chain(self, signs: tuple[str, ...], part: Callable[[], Node]) -> Node:
        """Return parts that these signs join, from the left."""
        found = part()
        while self.next_is(*signs):
            sign = self.take("a sign", *signs)
            found = Operation(sign, (found, part()))
        return found

    def factor(self) -> Node:
        """Return a number, a measure, or what stands in parentheses. Raises ValueError."""
        token = self.take(tr("a number or a measure such as A.train_loss"))
        if token == "-":
            return Operation("0-", (self.factor(),))
        if token == "(" or token in FUNCTIONS:
            if token != "(":
                self.take("'('", "(")
            inside = self.sum()
            self.take("')'", ")")
            return inside if token == "(" else Operation(token, (inside,))
        if token[0] in "0123456789.":
            return parse_number(token, self.text)
        if token not in RUNS:
            raise ValueError(
                tr(
                    "'{text}' needs a number, a run from A to F, or one of {functions} "
                    "instead of '{token}'.",
                    text=self.text,
                    functions=", ".join(FUNCTIONS),
                    token=token,
                )
            )
        return self.lookup(token)

    def lookup(self, run: str) -> Lookup:
        """Return the measure that follows the name of a run. Raises ValueError."""
        self.take(tr("'.' and a measure"), ".")
        measure, epoch = self.take(tr("the name of a measure")), None
        if not measure[0].isalpha():
            raise ValueError(
                tr(
                    "'{text}' needs the name of a measure, not '{measure}'.",
                    text=self.text,
                    measure=measure,
                )
            )
        if self.next_is("("):
            self.take("'('", "(")
            token = self.take(tr("an epoch"))
            if not re.fullmatch("[0-9]{1,7}", token):
                raise ValueError(
                    tr(
                        "'{text}' needs a whole number as the epoch, not '{token}'.",
                        text=self.text,
                        token=token,
                    )
                )
            epoch = int(token)
            self.take("')'", ")")
        return Lookup(run, measure, epoch)


def parse_number(token: str, text: str) -> float:
    """Return a number, or raise ValueError if the token is only a point."""
    if token == ".":
        raise ValueError(
            tr("'{text}' has a '.' where a number or a measure is expected.", text=text)
        )
    return float(token)


def tokens_of(text: str) -> list[str]:
    """Return the numbers, names and signs of a text. Raises ValueError for anything else."""
    if len(text) > MOST_CHARACTERS:
        raise ValueError(
            tr(
                "An expression may have {most} characters; '{text}…' has {length}.",
                most=MOST_CHARACTERS,
                text=text[:30],
                length=len(text),
            )
        )
    found, place = list[str](), 0
    text = text.rstrip()
    while place < len(text):
        match = TOKEN.match(text, place)
        if match is None:
            raise ValueError(
                tr(
                    "'{text}' cannot be read from '{rest}' on.",
                    text=text,
                    rest=text[place:].strip()[:20],
                )
            )
        found.append(match[match.lastgroup or 0])
        place = match.end()
    if found.count("(") + found.count("-") > DEEPEST:
        raise ValueError(
            tr(
                "'{text}…' has more than {most} parentheses and minus signs.",
                text=text[:30],
                most=DEEPEST,
            )
        )
    return found


def parse_claim(text: str) -> list[Operation]:
    """Return the comparisons of a claim. Raises ValueError with a sentence if it is none."""
    return Parser(text).claim()


def parse_value(text: str) -> Node:
    """Return the tree of an expression. Raises ValueError with a sentence if it is none."""
    parser = Parser(text)
    found = parser.sum()
    parser.end()
    return found


def lookups(node: Node) -> list[Lookup]:
    """Return the measures in an expression, from left to right."""
    if isinstance(node, Lookup):
        return [node]
    parts = node.parts if isinstance(node, Operation) else ()
    return [one for part in parts for one in lookups(part)]


def evaluate(node: Node, measured: Measured) -> float:
    """Return the value of an expression; nan or an infinity where it has none."""
    if isinstance(node, Lookup):
        return measured(*node)
    if not isinstance(node, Operation):
        return node
    parts = [evaluate(part, measured) for part in node.parts]
    try:
        return OPERATIONS[node.sign](*parts)
    except (ValueError, ZeroDivisionError):
        return nan
    except OverflowError:
        return inf


OPERATIONS: dict[str, Callable[..., float]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "0-": operator.neg,
    **FUNCTIONS,
}


def holds(comparisons: list[Operation], measured: Measured) -> bool:
    """Return whether all comparisons hold; one with nan does not."""
    return all(
        COMPARISONS[sign](evaluate(left, measured), evaluate(right, measured))
        for sign, (left, right) in comparisons
    )
