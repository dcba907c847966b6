"""Inputs with something wrong in them, by the thousand, drawn by a seed that is printed.

`make test` takes a short form; DELTASCOPE_FUZZ=1 takes all: 10,000 links to the readers and 500 to
pages, 2,000 tables, 500 project files.
"""

import os

WHOLE = os.environ.get("DELTASCOPE_FUZZ") == "1"
COUNTS = {
    "links": 10_000 if WHOLE else 2000,
    "pages": 500 if WHOLE else 20,
    "tables": 2000 if WHOLE else 50,
    "projects": 500 if WHOLE else 100,
}
