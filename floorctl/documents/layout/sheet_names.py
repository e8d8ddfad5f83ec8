"""Names of sheets that every spreadsheet program opens, whatever the name of a lane is. Pure."""

from __future__ import annotations

from collections.abc import Collection

LONGEST = 31
_WIDE = str.maketrans("[]:*?/\\'", "［］：＊？／＼’")


def sheet_name(wanted: str, taken: Collection[str]) -> str:
    """Return ``wanted`` as the name of a sheet: without the signs that none may have, not too long, not ``taken`` already."""
    name = wanted.translate(_WIDE)
    used = {other.casefold() for other in taken}
    found, n = name[:LONGEST], 1
    while found.casefold() in used:
        n += 1
        found = f"{name[: LONGEST - len(str(n)) - 1]} {n}"
    return found
