"""What more than one screen draws with: the canvas, the palette, digits and plots."""
