"""The console without Textual: the worker that owns the file."""
