"""Names of the files that belong to a data file and lie beside it; every output refuses them.

``floor.db`` has its journals, ``floor.db.heads``, ``floor.db.written`` and ``floor.db.site`` beside it, ``.floor.db.lock``
and temporary files under names with a dot, ``floor-before-restore-…`` of a restore, and the folders ``backups`` and
``studies``.
"""

from __future__ import annotations

import os
import re
from contextlib import suppress
from pathlib import Path

from floorctl.common.patience import on_windows

JOURNALS = ("-journal", "-wal", "-shm")  # SQLite would play these back into the data file of that name
HEADS, WRITTEN, SITE = ".heads", ".written", ".site"
BACKUPS, STUDIES = "backups", "studies"
ASIDE = "before-restore"
_IN_THE_MAKING = re.compile(r"\..+\.(lock|copy|new|floorctl-tmp)")
_ASIDE = re.compile(rf".+-{ASIDE}-\d{{8}}-\d{{6}}.*")
_BY_TURNS = re.compile(r".+-[ab]\.db(\.bad\d*)?")


def default_data_file() -> Path:
    """Return the data file where none is named: ``floor.db`` in the user's data folder."""
    from platformdirs import user_data_path

    return user_data_path("floorctl", appauthor=False) / "floor.db"


def short_name(data_file: Path) -> str:
    """Return the stem for names of a data file's backups and studies; two files of one folder never share it."""
    name = _listed(data_file)
    return name.removesuffix(".db") or name


def _listed(data_file: Path) -> str:
    """Return a file's name as its folder lists it: Windows opens it by a name in any case."""
    if on_windows():
        with suppress(OSError):
            names = [path.name for path in data_file.parent.iterdir()]
            if data_file.name not in names:
                same = data_file.name.casefold()
                return next((name for name in names if name.casefold() == same), data_file.name)
    return data_file.name


def belongs(target: Path) -> bool:
    """Return whether a name, or the one that a link leads to, is one that a data file uses beside itself.

    Case, and the dots and spaces that Windows drops at the end of a name, are ignored.
    """
    try:
        return _belongs(target) or _belongs(Path(os.path.realpath(target)))
    except (OSError, ValueError):
        return False  # not a valid name: opening it reports that


def _belongs(target: Path) -> bool:
    name, folder = (part.casefold().rstrip(". ") for part in (target.name, target.absolute().parent.name))
    return (
        name.endswith((*JOURNALS, HEADS, WRITTEN, SITE))
        or _IN_THE_MAKING.fullmatch(name) is not None
        or _ASIDE.fullmatch(name) is not None
        or (folder == BACKUPS and _BY_TURNS.fullmatch(name) is not None)
        or (folder == STUDIES and name.endswith((".json", ".tmp", ".floorctl-tmp")))
    )
