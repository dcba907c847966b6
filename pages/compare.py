"""Compare: two to six runs side by side, on one clock."""

from pages.widgets.comparing import compared
from pages.widgets.duels import choosing, duels
from pages.widgets.experiments import experiments
from pages.widgets.frame import frame, notices
from pages.widgets.heading import heading

frame("compare")
choosing()
heading(
    "Compare runs side by side",
    "Add a run that differs in one choice, then press <b>Train</b>: all runs show the same epoch, "
    "so what you see is the effect of that choice.",
)
notices()
duels()
compared()
experiments()
