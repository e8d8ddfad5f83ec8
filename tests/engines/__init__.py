"""The head office's questions (docs/head_office/*.sql) on several engines: the same answer, and that of a plain recount."""
