"""Figures that the board, the commands and the documents derive from a Floor and a Register."""
