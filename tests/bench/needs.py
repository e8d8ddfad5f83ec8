"""What a command needs from outside of floorctl: the libraries and parts of Python that it loads, to be loaded by themselves."""

from __future__ import annotations

import json
import subprocess
import sys

from tests.bench.documents import AT

# A module without a spec was put there, not loaded (floorctl/__init__.py).
_ASK = """
import json, sys
before = set(sys.modules)
try:
    exec(sys.argv.pop(1))
except SystemExit:
    pass
print("\\0" + json.dumps([m for m, x in sys.modules.items() if m not in before and getattr(x, "__spec__", None)]), file=sys.stderr)
"""
_LOAD = """
import importlib
for name in {names!r}:
    try:
        importlib.import_module(name)
    except ImportError:
        pass
"""


def modules(*args: str) -> list[str]:
    """Every module that ``floorctl ARGS`` loads beyond what Python starts with, in the order of loading; the first of
    ``args`` is the instant at which its clock stands."""
    done = subprocess.run([sys.executable, "-c", _ASK, AT, *args], capture_output=True, text=True, check=True)
    found: list[str] = json.loads(done.stderr.rpartition("\0")[2])
    return found


def alone(*args: str) -> str:
    """A script that does nothing but ``pass`` and the imports of others that ``floorctl ARGS`` needs."""
    names = [m for m in modules(*args) if m.partition(".")[0] not in ("floorctl", "__main__", "__mp_main__")]
    return f"{_LOAD.format(names=names)}\npass"
