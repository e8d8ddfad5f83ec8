"""The installation as a PC without a network meets it, run by hand: ``python -m tests.install`` (docs/install.md)."""
