"""Step through: one batch or one example with every number, and whether the gradients are right."""

from pages.widgets.shell.frame import frame, notices
from pages.widgets.sidebar.controls import controls
from pages.widgets.step.gradient_check import check_section
from pages.widgets.step.stepping import shown_start_epoch, step_through, wait_for_drawing

frame("step")
notices()
step_through()  # before the side bar: the first equation is what one waits for
wait_for_drawing()
controls()
check_section(shown_start_epoch)
