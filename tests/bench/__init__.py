"""Measurements that are run by hand: all of them with ``python -m tests.bench`` (docs/performance.md)."""
