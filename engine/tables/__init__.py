"""Tables of strangers: from the bytes of a CSV to a data set, with all that was guessed."""

from engine.tables.columns.cell import (
    MISSING,
    Reading,
    is_missing,
    name_in,
    one_number,
    seconds_in,
)
from engine.tables.columns.cell_types import (
    NAMED_MARK,
    OTHER_MARK,
    Array,
    decimal_of,
    read_values,
)
from engine.tables.columns.column_profile import (
    Column,
    column_of,
    profile,
)
from engine.tables.columns.doubts import (
    Doubt,
    doubts,
)
from engine.tables.columns.preprocessor import (
    FILLED,
    NEW,
    OUTSIDE,
    Cells,
    Field,
    Preparation,
    field_cells,
    from_plain,
)
from engine.tables.columns.table_dataset import (
    IMPUTE,
    Prepared,
    imbalance,
    prepare,
    to_dataset,
)
from engine.tables.columns.target_suggestion import (
    Candidate,
    Suggestion,
    settings,
    suggest,
)
from engine.tables.columns.times import (
    as_date,
)
from engine.tables.columns.values import (
    Values,
    values_of,
)
from engine.tables.reading.decoding import (
    LIMITS,
    TableError,
)
from engine.tables.reading.dialect import (
    NAMES,
    Dialect,
    prepared,
)
from engine.tables.reading.reader import (
    Note,
    Table,
    read_table,
)

__all__ = [
    "FILLED",
    "IMPUTE",
    "LIMITS",
    "MISSING",
    "NAMED_MARK",
    "NAMES",
    "NEW",
    "OTHER_MARK",
    "OUTSIDE",
    "Array",
    "Candidate",
    "Cells",
    "Column",
    "Dialect",
    "Doubt",
    "Field",
    "Note",
    "Preparation",
    "Prepared",
    "Reading",
    "Refused",
    "Suggestion",
    "Table",
    "Values",
    "as_date",
    "column_of",
    "decimal_of",
    "doubts",
    "field_cells",
    "from_plain",
    "imbalance",
    "is_missing",
    "name_in",
    "one_number",
    "prepare",
    "prepared",
    "profile",
    "read_table",
    "read_values",
    "seconds_in",
    "settings",
    "suggest",
    "to_dataset",
    "values_of",
]
