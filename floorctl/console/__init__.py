"""The console without Textual: its thread, its state, the registry of keys and when each can act."""
