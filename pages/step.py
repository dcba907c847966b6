"""Step through: one batch or one example with every number, and whether the gradients are right."""

from pages.widgets.check import check_section
from pages.widgets.controls import controls
from pages.widgets.frame import frame, notices
from pages.widgets.stepping import epoch_walked, step_through

frame("step")
controls()
notices()
step_through()
check_section(epoch_walked)
