"""The figures of the live view."""
