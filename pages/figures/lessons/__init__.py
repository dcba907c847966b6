"""Figures of the lessons: the network of a worksheet, the sheet and its key on paper."""
