"""Documents of one business day."""
