"""Runs side by side, many seeds, the landscape."""
