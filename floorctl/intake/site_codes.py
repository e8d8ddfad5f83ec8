"""The codes of a site file with their names, for completion: read without any check, so that a faulty file gives what it has."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from floorctl.intake.site_file import data_dir

_MOST_BYTES = 4 * 2**20


def site_codes(site_file: Path | None, table: str) -> dict[str, str]:
    """Return the codes of a table of the file (``terminals``) with their names, in its order; {} if it cannot be read."""
    path = site_file.expanduser() if site_file is not None else data_dir() / "kumagaya.toml"
    try:
        if not path.is_file() or path.stat().st_size > _MOST_BYTES:
            return {}
        rows: Any = tomllib.loads(path.read_text("utf-8-sig")).get(table, [])
        return {str(row["code"]): str(row.get("name", "")) for row in rows}
    except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return {}
