"""Documents of a day and of a period, their layout and their drafts, against figures worked out by hand."""
