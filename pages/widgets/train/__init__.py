"""The live view and what belongs to it."""
