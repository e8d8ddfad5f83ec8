"""What kind of file an output is, and whether a file that is there is of that kind and as floorctl left it."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable
from pathlib import Path

from floorctl.common.written_files import WrittenFiles

_BOM = b"\xef\xbb\xbf"
_MOST = 64 * 2**20  # a file beyond that is none of ours, and is not read to find out


def is_silent(data: bytes) -> bool:
    """Whether what is to be written will not show whether somebody has changed it: a table or a JSON document."""
    return _kind(data) in _SILENT


def is_ours(target: Path, data: bytes, written: WrittenFiles | None) -> bool:
    """Whether a file is of the kind of ``data``, and as floorctl has left it. What cannot be read is not."""
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


def _kind(data: bytes) -> Callable[[bytes, bytes], bool]:
    if data.startswith(b"PK"):
        return _workbook
    if data.startswith(b"PAR1"):
        return _parquet
    if data.startswith(b'{"id":"sim-'):
        return _feed
    return _document if data.startswith(b"{") else _table


def _workbook(there: bytes, _: bytes) -> bool:
    """As it was made: whoever saves a workbook leaves the time at which that was."""
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


def _feed(there: bytes, _: bytes) -> bool:
    """Simulated in every line: what a machine has told is nobody's to replace."""
    told = [json.loads(line) for line in there.split(b"\n") if line.strip()]
    return bool(told) and all(
        isinstance(x["id"], str)
        and x["id"].startswith("sim-")
        and isinstance(x["kind"], str)
        and isinstance(x["at"], str)
        for x in told
    )


def _document(there: bytes, data: bytes) -> bool:
    """The same first key, and no key beside: another version may have more or fewer."""
    old, new = json.loads(there), json.loads(data)
    if not isinstance(old, dict) or not old:
        return False
    return next(iter(old)) == next(iter(new)) and (bool(old.keys() <= new.keys() or old.keys() >= new.keys()))


def _table(there: bytes, data: bytes) -> bool:
    """The same columns; another version may have more or fewer at the end."""
    old, new = (x.removeprefix(_BOM).partition(b"\n")[0].strip().split(b",") for x in (there, data))
    most = min(len(old), len(new))
    return b"\n" in there and most > 1 and old[:most] == new[:most]


# What does not show whether somebody has changed it.
_SILENT = frozenset((_document, _table))
