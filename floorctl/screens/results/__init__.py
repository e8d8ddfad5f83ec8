"""Today, the week and the month in plots (実績, F7); the forecast (見込み, F6)."""
