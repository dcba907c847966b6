"""The figures of the gradient check."""
