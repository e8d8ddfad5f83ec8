"""What is done whole with one open file: close, backup, restore, backtest, head office."""
