"""Lessons: predict first, then watch the run; alone or with a class."""

from pages.widgets.lessons.page import in_lesson, lessons_page
from pages.widgets.shell.frame import frame

frame("lessons", wide=in_lesson())
lessons_page()
