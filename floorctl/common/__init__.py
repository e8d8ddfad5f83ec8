"""Shared by every room: errors, clock, words on the screen, the guard against personal data, output files."""
