"""Tests of all input: feeds, site files, CSV tables."""
