"""Training record of a rehearsal."""
