"""What will be and what to do about it: predictions, the advice, and the study of other ways of working. Pure."""
