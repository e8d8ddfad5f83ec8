"""What every room needs: the errors, the clock, the words on the screen, the guard against personal data."""
