"""Duties to the city (期限, F8) and the calendar."""
