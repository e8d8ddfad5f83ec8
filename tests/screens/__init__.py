"""The console by pilot: every key, a day by hand, every figure, and pictures of it."""
