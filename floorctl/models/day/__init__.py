"""One business day: the Floor, and how facts fold into it."""
