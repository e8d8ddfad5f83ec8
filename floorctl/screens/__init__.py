"""Screens: one folder each, with its acts.

A screen shows the state and calls the engine; it opens neither the file nor another screen.
"""
