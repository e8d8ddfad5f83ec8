"""What the board, the commands and the documents say of a Floor and a Register."""
