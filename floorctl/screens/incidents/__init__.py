"""Incidents and equipment (事案, F5)."""
