"""Compare: two to six runs side by side, on one clock."""

from pages.widgets.comparing import compared
from pages.widgets.duels import choosing, duels
from pages.widgets.frame import frame, notices

frame("compare")
choosing()
notices()
duels()
compared()
