"""How good a trained network is: reports, baselines, and the projection of a picture."""

from engine.evaluation.baselines import (
    OURS,
    Baselines,
    Importance,
    fold_run,
    fold_scores,
    spread,
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
)
from engine.evaluation.prediction import (
    Predicted,
    Predicting,
    unused,
)
from engine.evaluation.projection import (
    COMPONENTS,
    Axes,
    Pair,
    axes_of,
    one_column,
    telling_pair,
    usual,
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
    "fold_run",
    "fold_scores",
    "never_predicted",
    "one_column",
    "precision_recall",
    "regression_report",
    "residuals",
    "roc",
    "roc_area",
    "spread",
    "telling_pair",
    "unused",
    "usual",
]
