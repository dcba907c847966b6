"""From a table of the visitor's to predictions, step by step."""
