"""Which choices are best: grid and random search over folds, here or on a Dask cluster."""

from engine.search.dask_cluster import (
    ClusterTuning,
    allowed_addresses,
    permitted_address,
    workers_here,
)
from engine.search.local import SearchState, Tuning
from engine.search.search import (
    Rows,
    Search,
    article_search,
    results_table,
)
from engine.search.space import (
    Range,
    Space,
    read_choice_values,
    read_space,
    write_space,
)
from engine.search.tasks import (
    TrainingPlan,
)

__all__ = [
    "ClusterTuning",
    "Range",
    "Rows",
    "Search",
    "SearchState",
    "Space",
    "TrainingPlan",
    "Tuning",
    "allowed_addresses",
    "article_search",
    "permitted_address",
    "read_choice_values",
    "read_space",
    "results_table",
    "workers_here",
    "write_space",
]
