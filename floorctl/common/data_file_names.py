"""The names of what belongs to a data file and lies beside it: known here alone, refused by every output.

``floor.db`` has its journals, ``floor.db.heads``, ``floor.db.written`` and ``floor.db.site`` beside it, ``.floor.db.lock``
and files in the making under names with a dot, ``floor-before-restore-…`` of a restore, and the folders ``backups`` and
``studies``.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

JOURNALS = ("-journal", "-wal", "-shm")  # what SQLite would play back into the data file of that name
HEADS, WRITTEN, SITE = ".heads", ".written", ".site"
BACKUPS, STUDIES = "backups", "studies"
ASIDE = "before-restore"
_IN_THE_MAKING = re.compile(r"\..+\.(lock|copy|new|floorctl-tmp)")
_ASIDE = re.compile(rf".+-{ASIDE}-\d{{8}}-\d{{6}}.*")
_BY_TURNS = re.compile(r".+-[ab]\.db(\.bad\d*)?")


def short_name(data_file: Path) -> str:
    """Return the name from which those of its backups and studies are made: two files of one folder never share it."""
    return data_file.stem if data_file.suffix == ".db" else data_file.name


def belongs(target: Path) -> bool:
    """Return whether a name, or the one that a link leads to, is of a kind that a data file uses beside itself.

    Capitals and the dots and spaces that Windows drops at the end of a name make no difference.
    """
    try:
        return _belongs(target) or _belongs(Path(os.path.realpath(target)))
    except (OSError, ValueError):
        return False  # no name at all: told by whoever opens it


def _belongs(target: Path) -> bool:
    name, folder = (part.casefold().rstrip(". ") for part in (target.name, target.absolute().parent.name))
    return (
        name.endswith((*JOURNALS, HEADS, WRITTEN, SITE))
        or _IN_THE_MAKING.fullmatch(name) is not None
        or _ASIDE.fullmatch(name) is not None
        or (folder == BACKUPS and _BY_TURNS.fullmatch(name) is not None)
        or (folder == STUDIES and name.endswith((".json", ".tmp")))
    )
