"""The training record of a rehearsal."""
