"""What comes in: feeds, site files, CSV tables."""
