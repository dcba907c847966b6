"""Compare: two to six runs side by side, on one clock."""

from pages.widgets.compare.add_runs import choosing, duels
from pages.widgets.compare.experiments import experiments
from pages.widgets.compare.player import compared
from pages.widgets.shell.frame import frame, notices
from pages.widgets.shell.heading import heading

frame("compare")
choosing()
heading(
    "Compare runs side by side",
    "Add a run that differs in one choice, then press <b>Train</b>: all runs show the same epoch, "
    "so their differences come from this choice.",
)
notices()
duels()
compared()
experiments()
