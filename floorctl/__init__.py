"""floorctl: the floor-operations console of a My Number Card counter."""

import os

__version__ = "0.1.0"

# Pydantic would search every installed package for plugins, at each start, and run what it finds.
os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
