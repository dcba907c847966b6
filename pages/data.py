"""Your data: a table from a person, from the file to the report and the saved files."""

from pages.widgets.data.wizard import draw_wizard
from pages.widgets.shell.frame import frame

frame("data")
draw_wizard()
