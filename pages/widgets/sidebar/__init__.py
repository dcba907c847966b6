"""The controls of a run."""
