"""What more than one screen draws with: the canvas, the palette, the panels of the board."""
