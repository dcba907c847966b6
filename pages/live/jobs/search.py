"""A search on this machine: all candidates over all folds."""

from __future__ import annotations

from engine.search import Rows, Search, Tuning
from pages.live.jobs.process import SLICE, Progress, Report


def search_candidates(report: Report, search: Search, known: Rows) -> Rows:
    """Return the results of all tasks of a search; `known` has those that are done already.

    The results of each group of tasks are reported as soon as they are there. Raises ValueError if
    a candidate cannot be trained.
    """
    tuning = Tuning(search, {"search": search.key, "rows": known})
    sent = set(tuning.rows)
    over = False
    while not over:
        over = tuning.advance(SLICE)
        fresh = {name: row for name, row in tuning.rows.items() if name not in sent}
        sent |= fresh.keys()
        report(Progress(tuning.share, tuning.left, fresh or None))
    return tuning.rows
