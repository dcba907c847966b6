"""Scripts for those who work on the project: what they print is read by people and by tests."""
