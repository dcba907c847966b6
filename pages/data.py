"""Your data: a table of one's own, from the file to the report, and everything kept."""

from pages.widgets.frame import frame
from pages.widgets.steps import steps

frame("data")
steps()
