"""Rules of what is recorded: each act, its refusals and its override, on a real file."""
