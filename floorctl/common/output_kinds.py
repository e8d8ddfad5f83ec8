"""Determine the kind of an output, and whether an existing file is of that kind and as floorctl left it."""

from __future__ import annotations

import hashlib
import io
import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from floorctl.common.written_files import WrittenFiles

_BOM = b"\xef\xbb\xbf"
_CALENDAR = b"BEGIN:VCALENDAR\r\n"
_MOST = 64 * 2**20  # a larger file is not ours and is not read
# The page for the waiting hall begins and ends so; the digest is that of all before it.
_PAGE, _SEAL = b"<!doctype html>\n", b"<!-- floorctl hall page %s -->\n"
# So does the schema file of a head office's lake.
_LAKE, _LAKE_SEAL = b'{\n "floorctl_lake":', b',\n "sha256": "%s"\n}\n'


def is_silent(data: bytes) -> bool:
    """Return whether this content does not reveal later changes: a table, a calendar or a JSON document."""
    return _kind(data) in _SILENT


def is_ours(target: Path, data: bytes, written: WrittenFiles | None) -> bool:
    """Return whether a file is of the kind of ``data`` and as floorctl left it; False if it cannot be read."""
    try:
        if target.stat().st_size > _MOST:
            return False
        there = target.read_bytes()
    except OSError:
        return False
    if there == data:
        return True
    try:
        kind = _kind(data)
        return kind(there, data) and (kind not in _SILENT or (written is not None and written.has(there)))
    except (ValueError, RecursionError, LookupError, TypeError):
        return False


def sealed_page(text: str) -> bytes:
    """Return a page for the waiting hall as UTF-8 bytes with the seal by which it is known as ours and unchanged."""
    data = text.encode()
    return data + _SEAL % hashlib.sha256(data).hexdigest().encode()


def sealed_schema(parts: Mapping[str, Any]) -> bytes:
    """Return the schema of a lake as JSON that ends with the digest of all before it; its first key is floorctl_lake."""
    data = json.dumps(parts, ensure_ascii=False, indent=1).removesuffix("\n}").encode()
    return data + _LAKE_SEAL % hashlib.sha256(data).hexdigest().encode()


def _kind(data: bytes) -> Callable[[bytes, bytes], bool]:
    if data.startswith(b"PK"):
        return _workbook
    if data.startswith(b"PAR1"):
        return _parquet
    if data.startswith(b'{"id":"sim-'):
        return _feed
    if data.startswith(_PAGE):
        return _page
    if data.startswith(_LAKE):
        return _schema
    if data.startswith(_CALENDAR):
        return _calendar
    return _document if data.startswith(b"{") else _table


def _workbook(there: bytes, _: bytes) -> bool:
    """Return whether a workbook was never saved since: saving updates its modification time."""
    import zipfile

    try:
        with zipfile.ZipFile(io.BytesIO(there)) as held, held.open("docProps/core.xml") as file:
            core = file.read(65_536).decode()
    except (zipfile.BadZipFile, NotImplementedError, OSError):
        return False
    times = re.findall(r"<dcterms:(?:created|modified)[^>]*>([^<]*)<", core)
    names = re.findall(r"<(?:dc:creator|cp:lastModifiedBy)>([^<]*)<", core)
    return len(times) == 2 and times[0] == times[1] and times[0].endswith("T00:00:00Z") and len(set(names)) <= 1


def _parquet(there: bytes, _: bytes) -> bool:
    return there.startswith(b"PAR1") and there.endswith(b"PAR1") and b"floorctl.table" in there


def _sealed(there: bytes, begins: bytes, seal: bytes) -> bool:
    """Return whether a file ends with the seal of its bytes."""
    body = there[: -len(seal % bytes(64))]
    return there.startswith(begins) and there == body + seal % hashlib.sha256(body).hexdigest().encode()


def _schema(there: bytes, _: bytes) -> bool:
    return _sealed(there, _LAKE, _LAKE_SEAL)


def _page(there: bytes, _: bytes) -> bool:
    return _sealed(there, _PAGE, _SEAL)


def _feed(there: bytes, _: bytes) -> bool:
    """Return whether every line is simulated: a real feed is nobody's to replace."""
    lines = [json.loads(line) for line in there.split(b"\n") if line.strip()]
    return bool(lines) and all(
        isinstance(x["id"], str)
        and x["id"].startswith("sim-")
        and isinstance(x["kind"], str)
        and isinstance(x["at"], str)
        for x in lines
    )


def _calendar(there: bytes, data: bytes) -> bool:
    """Return whether both are calendars of the same program."""
    return there.startswith(_CALENDAR) and _maker(there) == _maker(data) != []


def _maker(calendar: bytes) -> list[bytes]:
    return [line for line in calendar.split(b"\r\n") if line.startswith(b"PRODID")]


def _document(there: bytes, data: bytes) -> bool:
    """Return whether both have the same first key and one's keys include the other's: versions may add keys."""
    old, new = json.loads(there), json.loads(data)
    if not isinstance(old, dict) or not old:
        return False
    return next(iter(old)) == next(iter(new)) and (bool(old.keys() <= new.keys() or old.keys() >= new.keys()))


def _table(there: bytes, data: bytes) -> bool:
    """Return whether both have the same columns; versions may add columns at the end."""
    old, new = (x.removeprefix(_BOM).partition(b"\n")[0].strip().split(b",") for x in (there, data))
    most = min(len(old), len(new))
    return b"\n" in there and most > 1 and old[:most] == new[:most]


# Kinds that do not reveal later changes.
_SILENT = frozenset((_document, _table, _calendar))
