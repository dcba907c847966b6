"""Your data: a table of one's own, from the file to the report, and everything kept."""

from pages.widgets.data.wizard import draw_wizard
from pages.widgets.shell.frame import frame

frame("data")
draw_wizard()
