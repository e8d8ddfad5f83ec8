"""The version of a part of the program by its sources, so that no change of a rule can be forgotten."""

from __future__ import annotations

import hashlib
from contextlib import suppress
from functools import cache
from pathlib import Path

from floorctl import __version__

_PACKAGE = Path(__file__).parent.parent


@cache
def program_digest(*rooms: str) -> str:
    """Return the SHA-256 of the version and of the sources of these rooms or files, as paths in the package."""
    digest = hashlib.sha256(__version__.encode())
    for room in rooms:
        place = _PACKAGE / room
        for path in sorted(place.rglob("*.py")) if place.is_dir() else [place]:
            with suppress(OSError):
                digest.update(path.read_bytes())
    return digest.hexdigest()
