"""Rehearsals: scenarios, mishaps, the drill and its review."""
