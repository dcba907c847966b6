"""The link of a worksheet: its seed and choices, or all of its own numbers."""

from __future__ import annotations

from collections.abc import Mapping

from engine.language import tr
from engine.training import quoted, read_number, read_whole
from engine.worksheets.generate import LARGEST_SEED, Choices, worksheet_of
from engine.worksheets.sheet import Numbers, Rows, Worksheet

OWN_NUMBERS = "own"
ROWS = {"x": "sheet_x", "y": "sheet_y", "W1": "sheet_w1", "W2": "sheet_w2"}
SINGLE_ROWS = {"b1": "sheet_b1", "b2": "sheet_b2"}
SCALARS = {"learning_rate": ("sheet_rate", "0.5"), "l2": ("sheet_l2", "0")}  # with defaults
WORDS = {
    "activation": ("sheet_activation", "sigmoid"),
    "output": ("sheet_output", "sigmoid"),
    "loss": ("sheet_loss", "half_mse"),
}
SIZES = "sheet_sizes"  # inputs-hidden-outputs-examples
SEED_NAMES = ("worksheet", SIZES, *(name for name, _ in WORDS.values()), "sheet_l2")
MOST_TEXT = 600  # characters of one part of a link
QUERY_NAMES = (
    *("worksheet", SIZES),
    *(*ROWS.values(), *SINGLE_ROWS.values()),
    *(name for name, _ in (*SCALARS.values(), *WORDS.values())),
)


def to_query(sheet: Worksheet) -> dict[str, str]:
    """Return the query of a link that carries every number of the worksheet."""
    query = {"worksheet": OWN_NUMBERS}
    for field, name in ROWS.items():
        query[name] = ";".join(map(write_row, getattr(sheet, field)))
    for field, name in SINGLE_ROWS.items():
        query[name] = write_row(getattr(sheet, field))
    for field, (name, _) in SCALARS.items():
        query[name] = write_number(getattr(sheet, field))
    return query | {name: getattr(sheet, field) for field, (name, _) in WORDS.items()}


def used_query(query: Mapping[str, str], sheet: Worksheet) -> dict[str, str]:
    """Return the parts of a link that its worksheet depends on."""
    if query.get("worksheet") == OWN_NUMBERS:
        return to_query(sheet)
    return {name: text for name, text in query.items() if name in SEED_NAMES}


def write_row(row: Numbers) -> str:
    """Return numbers as a link has them."""
    return ",".join(map(write_number, row))


def write_number(value: float) -> str:
    """Return the shortest text of a number that reads back as the same."""
    return repr(float(value)).removesuffix(".0")


def read_worksheet(query: Mapping[str, str]) -> Worksheet:
    """Return the worksheet of a link.

    Raises ValueError with one sentence per line for all that cannot be read or is not possible.
    """
    text = query.get("worksheet", "")
    if text == OWN_NUMBERS:
        return read_own(query)
    try:
        seed = read_whole(text)
    except ValueError:
        seed = -1
    if not 0 <= seed <= LARGEST_SEED:
        raise ValueError(
            tr(
                "worksheet must be a number from 0 to {most} or the word own; {text} was given.",
                most=LARGEST_SEED,
                text=quoted(text),
            )
        )
    return worksheet_of(seed, read_sheet_choices(query))


def read_sheet_choices(query: Mapping[str, str]) -> Choices:
    """Return the choices of a link for a worksheet that is made from a seed.

    Raises ValueError for sizes that are not four whole numbers; `worksheet_of` checks the rest.
    """
    sizes = tuple[int, ...]()
    if text := query.get(SIZES, ""):
        try:
            sizes = tuple(map(read_whole, text[:MOST_TEXT].split("-")))
        except ValueError:
            sizes = (0,)
        if len(sizes) != 4:
            raise ValueError(
                tr(
                    "{name} must be four numbers such as 2-2-1-1 (inputs, hidden units, "
                    "outputs, examples); {text} was given.",
                    name=SIZES,
                    text=quoted(text),
                )
            )
    activation, output, loss = (query.get(name, "") for name, _ in WORDS.values())
    l2 = query.get("sheet_l2", "")
    return Choices(sizes, activation, output, loss, read_number(l2) if l2 else None)


def read_own(query: Mapping[str, str]) -> Worksheet:
    """Return the worksheet with the numbers of a link.

    Raises ValueError with one sentence per line for all that cannot be read or is not possible.
    """
    faults: list[str] = []
    rows = {field: read_rows_of(query, name, faults) for field, name in ROWS.items()}
    b1, b2 = (read_single_row(query, name, faults) for name in SINGLE_ROWS.values())
    numbers = {
        field: read_row(query.get(name, default), name, faults)
        for field, (name, default) in SCALARS.items()
    }
    activation, output, loss = (query.get(name, default) for name, default in WORDS.values())
    if faults or not all(numbers.values()):
        raise ValueError("\n".join(faults))
    rate, l2 = (numbers[field][0] for field in SCALARS)
    return Worksheet(
        **rows,
        b1=b1,
        b2=b2,
        activation=activation,
        output=output,
        loss=loss,
        learning_rate=rate,
        l2=l2,
    )


def read_rows_of(query: Mapping[str, str], name: str, faults: list[str]) -> Rows:
    """Return the rows of a part of a link; a sentence for each bad number is added to `faults`."""
    text = query.get(name, "")
    if not text or len(text) > MOST_TEXT:
        own = name.removeprefix("sheet_")
        missing = tr("{name} is missing.", name=own)
        faults.append(tr("{name} is too long.", name=own) if text else missing)
        return ()
    return tuple(read_row(part, name, faults) for part in text.split(";"))


def read_single_row(query: Mapping[str, str], name: str, faults: list[str]) -> Numbers:
    """Return a part of a link that is one row; a sentence for each fault is added to `faults`."""
    found = read_rows_of(query, name, faults)
    if len(found) > 1:
        faults.append(
            tr(
                "{name} must be one row of numbers.",
                name=name.removeprefix("sheet_"),
            )
        )
    return found[0] if found else ()


def read_row(text: str, name: str, faults: list[str]) -> Numbers:
    """Return the numbers of a row; a sentence for each bad number is added to `faults`."""
    numbers: list[float] = []
    for word in text[:MOST_TEXT].split(",") if text else ():
        try:
            numbers.append(read_number(word.strip()))
        except ValueError:
            faults.append(
                tr(
                    "{name} must hold numbers; {word} was given.",
                    name=name.removeprefix("sheet_"),
                    word=quoted(word),
                )
            )
    return tuple(numbers)
