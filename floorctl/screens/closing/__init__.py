"""The end of the day (締め, F9) and the checklists."""
