"""One piece of software: its version, its licence, what floorctl needs it for, and whether its files are as installed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from floorctl.documents.sbom.licences import Licence

# What a component is to floorctl. «excluded»: it lies in the same environment, and floorctl never loads it.
# «unlisted»: files that no package has brought, and that Python could load.
USES = {
    "own": "floorctl 本体",
    "runtime": "実行環境",
    "direct": "直接使う部品",
    "indirect": "部品の部品",
    "optional": "追加の部品",
    "excluded": "使わない（同じ環境にある）",
    "unlisted": "不明（どの部品のものでもない）",
}


class Files(NamedTuple):
    """Files of an installed package, held against the list that was installed with it."""

    listed: int
    changed: int
    missing: int
    digest: str  # SHA-256 over the names and digests of the list: alike on every PC with the same wheel
    unlisted: int = 0  # files that no package has brought; the digest is then over them

    @property
    def as_installed(self) -> bool:
        return not (self.changed or self.missing or self.unlisted)


class Component(NamedTuple):
    """Software with the uses of ``USES``; ``hashes``: SHA-256 by the name of a file that it came as, or consists of."""

    name: str
    version: str
    licence: Licence
    use: str
    summary: str = ""
    needs: tuple[str, ...] = ()  # names of other components
    files: Files | None = None  # None: no list of files was installed with it
    hashes: Mapping[str, str] = {}
    program: str = ""  # SHA-256 over the files of floorctl's program
    archive: str = ""  # SHA-256 of the archive that it was installed from, where that was noted
    damaged: bool = False  # what was noted of it at the installation is not there whole, or cannot be read

    @property
    def as_installed(self) -> bool:
        return not self.damaged and (self.files is None or self.files.as_installed)


def name_of(text: str) -> str:
    """Return a package's name in the one form by which packages are compared."""
    return re.sub(r"[-_.]+", "-", text).lower()
