"""Tests of what is shared: the guard against personal data, values as people type them."""
