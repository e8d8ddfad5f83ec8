"""Measurements that are run by hand (``python -m tests.bench.documents``): their tables stand in docs/."""
