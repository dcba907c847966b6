"""Which choices are best: grid and random search over folds, here or on a Dask cluster."""

from engine.search.dask_cluster import (
    ClusterTuning,
    addresses,
    permitted,
    workers_here,
)
from engine.search.local import (
    Tuning,
)
from engine.search.search import (
    Search,
    article,
    table,
)
from engine.search.space import (
    Range,
    Space,
    read_space,
    read_values,
    write_space,
)
from engine.search.tasks import (
    Trials,
)

__all__ = [
    "ClusterTuning",
    "Range",
    "Search",
    "Space",
    "Trials",
    "Tuning",
    "addresses",
    "article",
    "permitted",
    "read_space",
    "read_values",
    "table",
    "workers_here",
    "write_space",
]
