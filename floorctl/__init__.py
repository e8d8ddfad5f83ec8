"""floorctl: the floor-operations console of a My Number Card counter."""

import os
import sys
from types import ModuleType

__version__ = "0.1.0"

# Pydantic would search every installed package for plugins, at each start, and run what it finds. Told not to, it loads
# importlib.metadata and with it all of email all the same: its searcher is answered for, with no plugins.
os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
_no_plugins = ModuleType("pydantic.plugin._loader")
_no_plugins.get_plugins = tuple  # type: ignore[attr-defined]
sys.modules.setdefault(_no_plugins.__name__, _no_plugins)
