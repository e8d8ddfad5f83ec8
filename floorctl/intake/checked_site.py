"""The site that was checked last, kept so that the same file is read without being checked again.

The shipped site is kept among the bytecode of the package, by any process that can write there; any site beside the data file
(``floor.db.site``), by the console alone: other commands leave nothing beside it. The first line is the SHA-256 of all that follows, the second the digest of the site file's text and of the program that
checked it, the third the checked values as JSON. A record that does not match counts as absent, and the file may be deleted
at any time: then the site file is checked.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import stat
import sys
from contextlib import suppress
from dataclasses import fields
from datetime import date, time
from importlib.util import cache_from_source
from pathlib import Path
from typing import Any

from floorctl.common.data_file_names import SITE
from floorctl.common.program import program_digest
from floorctl.models.site import (
    advice_constants,
    calendar_rules,
    city_codes,
    contract,
    duty_rules,
    hall,
    languages,
    settings,
    source,
)
from floorctl.models.site.part import Part
from floorctl.models.site.site import Site

_CHECKS = (
    "models/site", "common/incident_policies.py", "common/constraints.py", "common/frozen.py", "common/schemas.py",
    "intake/toml_lines.py", "intake/toml_model.py", "intake/toml_text.py", "intake/checked_site.py",
)  # fmt: skip
_NO_LINK = getattr(os, "O_NOFOLLOW", 0)  # a link that leads nowhere is somebody's, too; Windows has no such flag
_KIND = ""  # key of the JSON object under which the class of a part stands
_MODULES = (advice_constants, calendar_rules, city_codes, contract, duty_rules, hall, languages, settings, source)
_PARTS: dict[str, type[Any]] = {
    name: part
    for module in _MODULES
    for name, part in vars(module).items()
    if isinstance(part, type) and issubclass(part, Part)
} | {"Site": Site}


def beside(data_file: Path) -> Path:
    """Return the place of the record of a data file, wherever a link to it may lie."""
    path = data_file.resolve()
    return path.with_name(f"{path.name}{SITE}")


def among_bytecode(site_file: Path) -> Path | None:
    """Return the place of the record of a file of the package; None where Python keeps no bytecode."""
    return None if sys.dont_write_bytecode else Path(cache_from_source(str(site_file))).with_suffix(SITE)


def find(place: Path, text: str) -> Site | None:
    """Return the site that was checked from this text; None if it was not, or the record is not as it was written."""
    try:
        sealed, key, values = _bytes(place).split(b"\n", 2)
        if sealed != _digest(key + b"\n" + values) or key != _key(text):
            return None
        found = json.loads(values, object_hook=_made)
    except (OSError, RuntimeError, ValueError, TypeError, LookupError, AttributeError):
        return None  # no record, or JSON that is not of a site
    return found if isinstance(found, Site) else None


def keep(place: Path, text: str, site: Site, mode: int = 0o600) -> bool:
    """Write the record of a site that has just been checked; return False if that cannot be done."""
    values = json.dumps(_plain(site), ensure_ascii=False, separators=(",", ":")).encode()
    body = _key(text) + b"\n" + values
    with suppress(OSError):
        if _is_ours(place):
            place.parent.mkdir(exist_ok=True)
            handle = os.open(place, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | _NO_LINK, mode)
            with os.fdopen(handle, "wb") as file:  # what a kill leaves of it does not match its digest
                file.write(_digest(body) + b"\n" + body)
            return True
    return False


def _is_ours(place: Path) -> bool:
    """Return whether a record, an empty file or nothing is there: somebody's own file is never replaced."""
    try:
        held = _bytes(place)
    except FileNotFoundError:
        return True
    return not held or re.match(rb"[0-9a-f]{64}\n", held) is not None


def _bytes(place: Path) -> bytes:
    """Return what a file holds. Raise OSError, also where something else than a file has the name: it could block."""
    if not stat.S_ISREG(place.stat().st_mode):
        raise IsADirectoryError(place)
    return place.read_bytes()


def _key(text: str) -> bytes:
    """Return the digest of a site file's text and of what checks it."""
    return _digest(text.encode() + program_digest(*_CHECKS).encode())


def _digest(data: bytes) -> bytes:
    return hashlib.sha256(data).hexdigest().encode()


# ---- values as JSON: tuples are lists, a part an object with the name of its class, a dictionary a list of pairs


def _plain(value: Any) -> Any:
    if isinstance(value, Part):
        return {_KIND: type(value).__name__} | {f.name: _plain(getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, dict):
        return {_KIND: "dict", "pairs": [[key, _plain(v)] for key, v in value.items()]}  # a cell may be empty, too
    if isinstance(value, tuple):
        return [_plain(v) for v in value]
    return {_KIND: type(value).__name__, "iso": value.isoformat()} if isinstance(value, date | time) else value


def _made(held: dict[str, Any]) -> Any:
    """Return the value of a JSON object; called for the inner objects first."""
    kind = held.pop(_KIND)
    if kind == "time":
        return time.fromisoformat(held["iso"])
    if kind == "date":
        return date.fromisoformat(held["iso"])
    if kind == "dict":
        return {key: tuple(v) if isinstance(v, list) else v for key, v in held["pairs"]}
    return _PARTS[kind](**{key: tuple(v) if isinstance(v, list) else v for key, v in held.items()})
