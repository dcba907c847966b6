"""The page Lessons: the list, a lesson for one person, a class, the teacher's notes."""
