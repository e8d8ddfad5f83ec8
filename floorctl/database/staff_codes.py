"""The codes of the roster, for completion: asked of the file as it lies there, which is neither changed nor waited for."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from floorctl.database.schema import REGISTER_KINDS_11
from floorctl.database.sqlite_uri import sqlite_uri


def staff_codes(data_file: Path) -> list[str]:
    """Return the codes of everybody who was ever registered; [] if the file cannot be read without changing it."""
    if not data_file.is_file():
        return []
    sql = (
        f"SELECT DISTINCT json_extract(data, '$.staff') FROM event WHERE kind IN ({REGISTER_KINDS_11}) "
        "AND kind = 'staff.registered'"
    )
    try:
        with closing(sqlite3.connect(sqlite_uri(data_file, "mode=ro"), uri=True, timeout=0.05)) as held:
            return sorted(str(code) for (code,) in held.execute(sql))
    except (sqlite3.Error, ValueError):
        return []
