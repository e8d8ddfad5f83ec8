"""Documents of a month, a fiscal year and the whole contract, from the derived tables."""
