"""Lessons: predict first, then watch the run; alone or with a class."""

from pages.widgets.lessons.page import lessons_page
from pages.widgets.shell.frame import frame

frame("lessons")
lessons_page()
