"""The one SQLite file: created, opened, read, appended to, copied, verified. Nothing else in floorctl uses SQLite."""
