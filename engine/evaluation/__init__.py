"""How good a trained network is: reports, baselines, and the projection of a picture."""

from engine.evaluation.baselines import (
    OURS,
    Baselines,
    Importance,
    fold_run,
    fold_scores,
    fold_summary,
)
from engine.evaluation.metrics import (
    calibration,
    classification_report,
    confusion_matrix,
    never_predicted,
    precision_recall,
    regression_report,
    residuals,
    roc,
    roc_area,
    shown_scores,
)
from engine.evaluation.prediction import (
    Predicted,
    Predicting,
    shown_columns,
    unused_names,
)
from engine.evaluation.projection import (
    COMPONENTS,
    Axes,
    Pair,
    axes_of,
    default_axes,
    from_same_column,
    most_informative_pair,
)

__all__ = [
    "COMPONENTS",
    "OURS",
    "Axes",
    "Baselines",
    "Importance",
    "Pair",
    "Predicted",
    "Predicting",
    "axes_of",
    "calibration",
    "classification_report",
    "confusion_matrix",
    "default_axes",
    "fold_run",
    "fold_scores",
    "fold_summary",
    "from_same_column",
    "most_informative_pair",
    "never_predicted",
    "precision_recall",
    "regression_report",
    "residuals",
    "roc",
    "roc_area",
    "shown_columns",
    "shown_scores",
    "unused_names",
]
