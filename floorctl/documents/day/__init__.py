"""The documents of one business day."""
