"""Pure models: the fold of a day, the board's figures, the calendar, duties, the demand forecast."""
