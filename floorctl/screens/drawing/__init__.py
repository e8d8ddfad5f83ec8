"""Shared drawing of the screens: the canvas, panels and lines, the palette, digits and plots."""
