"""The page for the waiting hall: one HTML file that a browser shows on a second monitor and that reloads itself."""
