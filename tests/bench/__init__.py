"""Measurements that are made by hand: ``python -m tests.bench.documents``. Nothing here belongs to the suite."""
