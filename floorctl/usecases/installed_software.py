"""What this environment really holds: every installed package, Python, SQLite, and floorctl's own files."""

from __future__ import annotations

import csv
import hashlib
import json
import platform
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from importlib.metadata import Distribution, distributions
from pathlib import Path

from floorctl import __version__
from floorctl.common.errors import FloorctlError
from floorctl.database.file import library_version
from floorctl.documents.sbom.component import Component, Files, name_of
from floorctl.documents.sbom.licences import Licence, licence_of
from floorctl.documents.sbom.needs import reached
from floorctl.intake.site_file import data_dir

OWN = "floorctl-console"
_PACKAGE = Path(__file__).parent.parent
# Files that an installer adds or changes; the others are alike on every PC with the same wheel.
_OF_THE_INSTALLER = {"INSTALLER", "REQUESTED", "RECORD", "direct_url.json"}


def installed_software() -> tuple[Component, list[Component]]:
    """Return floorctl itself and everything else in its environment. Raise FloorctlError if it was not installed."""
    found: dict[str, Distribution] = {}
    for distribution in distributions():  # in the order of imports: the first of a name is the one that is loaded
        if (name := _said(distribution, "Name")) and _said(distribution, "Version"):
            found.setdefault(name_of(name), distribution)
    if OWN not in found:
        raise FloorctlError(
            "入っているソフトウェアの一覧を作れません",
            "floorctl が部品とともに入れられていません（入れたときの情報がありません）",
            "docs/install.md のとおりに入れた floorctl で、もう一度実行してください",
        )
    requires = {name: list(d.requires or ()) for name, d in found.items()}
    own = found[OWN]
    extras = frozenset(name_of(x) for x in own.metadata.get_all("Provides-Extra") or ()) - {"dev"}
    needed, more = reached(requires, OWN), reached(requires, OWN, extras)
    others = [
        _component(found[name], _use(name, needed, more), tuple(sorted(_needs(name, requires, more))))
        for name in sorted(found.keys() - {OWN})
    ]
    python = platform.python_implementation()
    others += (
        Component(python, platform.python_version(), Licence("PSF-2.0"), "runtime", "Python"),
        Component("SQLite", library_version(), Licence("blessing", "Public Domain"), "runtime", "SQL database engine"),
    )
    return _own(own, tuple(sorted({*needed[OWN], python, "SQLite"}))), others


def _said(distribution: Distribution, key: str) -> str:
    """Return a field of the metadata, '' if it is not there."""
    return str((distribution.metadata.get_all(key) or [""])[0]).strip()


def _use(name: str, needed: dict[str, set[str]], more: dict[str, set[str]]) -> str:
    if name in needed[OWN]:
        return "direct"
    return "indirect" if name in needed else "optional" if name in more else "excluded"


def _needs(name: str, requires: dict[str, list[str]], more: dict[str, set[str]]) -> set[str]:
    return more[name] if name in more else reached(requires, name)[name]


def _component(distribution: Distribution, use: str, needs: tuple[str, ...]) -> Component:
    return Component(
        name_of(_said(distribution, "Name")),
        _said(distribution, "Version"),
        licence_of(distribution.metadata.get_all),
        use,
        _said(distribution, "Summary"),
        needs,
        _files(distribution),
        archive=_archive(distribution),
    )


def _archive(distribution: Distribution) -> str:
    """Return the SHA-256 of the wheel, which an installer notes where it was given a file by its name."""
    try:
        noted = json.loads(distribution.read_text("direct_url.json") or "{}")
        return str(noted["archive_info"]["hashes"]["sha256"])
    except (ValueError, LookupError, TypeError):
        return ""


def _files(distribution: Distribution) -> Files | None:
    """Return how the files on the disk compare with the list that was installed; None without a list."""
    listed = changed = missing = 0
    digest = hashlib.sha256()
    for name, noted in sorted(_listed(distribution)):
        listed += 1
        digest.update(f"{name},{noted}\n".encode())
        try:
            data = Path(str(distribution.locate_file(name))).read_bytes()
        except OSError:
            missing += 1
            continue
        changed += urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode() != noted
    return Files(listed, changed, missing, digest.hexdigest()) if listed else None


def _listed(distribution: Distribution) -> Iterator[tuple[str, str]]:
    """Yield name and SHA-256 (as the list writes it) of the files of a package.

    Without the starters of its commands, which lie elsewhere and name the Python of this PC.
    """
    for name, noted, *_ in (
        row for row in csv.reader((distribution.read_text("RECORD") or "").splitlines()) if row[1:]
    ):
        kind, _, value = noted.partition("=")
        if kind == "sha256" and not name.startswith("..") and name.rpartition("/")[2] not in _OF_THE_INSTALLER:
            yield name, value


def _own(distribution: Distribution, needs: tuple[str, ...]) -> Component:
    """Return floorctl itself: a digest over its program, and each file of its data."""
    digest = hashlib.sha256()
    data = data_dir()
    for path in sorted(p for p in _PACKAGE.rglob("*") if p.is_file() and not p.is_relative_to(data)):
        if "__pycache__" not in path.parts:
            digest.update(path.relative_to(_PACKAGE).as_posix().encode())
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    held = {
        f"data/{path.relative_to(data).as_posix()}": hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(data.rglob("*"))
        if path.is_file() and "__pycache__" not in path.parts
    }
    files = None  # in a checkout no list of its files was installed
    if any(name == "floorctl/__init__.py" for name, _ in _listed(distribution)):
        files = _files(distribution)
    said = _said(distribution, "Summary")
    return Component(OWN, __version__, Licence("MIT"), "own", said, needs, files, held, program=digest.hexdigest())
