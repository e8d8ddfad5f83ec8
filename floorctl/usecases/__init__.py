"""Whole tasks on one open data file: deciding, closing, backing up, verifying, reporting."""
