"""Nothing lost, nothing half done: kills, power cuts, several at once, accidents, evidence (docs/reliability.md).

The short form is part of the suite; ``python -m tests.reliability`` is the long form and prints a table.
"""
