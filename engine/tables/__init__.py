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
    preparation_from_dict,
)
from engine.tables.columns.table_dataset import (
    IMPUTE,
    Prepared,
    TableChoices,
    imbalance_notes,
    prepare,
    to_dataset,
)
from engine.tables.columns.target_suggestion import (
    Candidate,
    Suggestion,
    suggest,
    suggested_settings,
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
    DELIMITER_NAMES,
    Dialect,
    normalize_line,
)
from engine.tables.reading.reader import (
    Note,
    Table,
    read_table,
)
from engine.tables.reading.table_bounds import (
    ReadingOptions,
)

__all__ = [
    "DELIMITER_NAMES",
    "FILLED",
    "IMPUTE",
    "LIMITS",
    "MISSING",
    "NAMED_MARK",
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
    "ReadingOptions",
    "Suggestion",
    "Table",
    "TableChoices",
    "TableError",
    "Values",
    "as_date",
    "column_of",
    "decimal_of",
    "doubts",
    "field_cells",
    "imbalance_notes",
    "is_missing",
    "name_in",
    "normalize_line",
    "one_number",
    "preparation_from_dict",
    "prepare",
    "profile",
    "read_table",
    "read_values",
    "seconds_in",
    "suggest",
    "suggested_settings",
    "to_dataset",
    "values_of",
]
