"""Step through: one step of the network, and whether its gradients are right."""

from pages.widgets.check import check_section
from pages.widgets.frame import frame, notices
from pages.widgets.session import current, session

frame("step")
notices()
run, _ = current()
check_section(run, min(session().shown, run.epochs))
