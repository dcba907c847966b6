"""Compare: two to six runs side by side, on one clock."""

from engine.language import marked
from pages.widgets.compare.add_runs import choosing, duels
from pages.widgets.compare.experiments import experiments
from pages.widgets.compare.player import compared
from pages.widgets.shell.frame import frame, notices
from pages.widgets.shell.heading import heading

frame("compare")
choosing()
heading(
    marked("Compare runs side by side"),
    marked(
        "The runs differ in one choice. Press <b>Train</b>: all of them show the same epoch, so "
        "what you see comes from this choice."
    ),
)
notices()
duels()
compared()
experiments()
