"""Propose a description for a file that nobody has described: look at its first rows, guess its form and its columns."""
