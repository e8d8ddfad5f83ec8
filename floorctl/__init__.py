"""floorctl: the floor-operations console of a My Number Card counter."""

__version__ = "0.1.0"
