"""The records of the day: the journal, inquiries, the tally."""
