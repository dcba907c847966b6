"""Stepping through one batch, the gradient check, and bugs to find."""
