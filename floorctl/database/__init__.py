"""The one SQLite file: made, opened, read, appended to, copied, proved. Nothing else in floorctl touches SQLite."""
