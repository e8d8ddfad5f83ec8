"""What is done whole with one open file: deciding, closing, backing up, examining, reporting."""
