"""The words, tables and figures of the Theory page."""
