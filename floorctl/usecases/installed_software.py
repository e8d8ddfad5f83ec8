"""What this environment really holds: every installed package, Python, SQLite, and floorctl's own files."""

from __future__ import annotations

import hashlib
import json
import platform
from email.message import Message
from email.parser import HeaderParser
from importlib.metadata import Distribution, distributions
from pathlib import Path

from floorctl import __version__
from floorctl.common.errors import FloorctlError
from floorctl.database.file import library_version
from floorctl.documents.sbom.component import Component, name_of
from floorctl.documents.sbom.licences import Licence, licence_of
from floorctl.documents.sbom.needs import reached
from floorctl.intake.site_file import data_dir
from floorctl.usecases.installed_files import (
    folder_says,
    has_damaged_list,
    held_files,
    listed_files,
    text_of,
    unlisted_files,
)

OWN = "floorctl-console"
_PACKAGE = Path(__file__).parent.parent


def installed_software() -> tuple[Component, list[Component]]:
    """Return floorctl itself and everything else in its environment. Raise FloorctlError if it was not installed."""
    every = list(distributions())
    found: dict[str, Distribution] = {}
    for distribution in every:  # in the order of imports: the first of a name is the one that is loaded
        if name := _said(distribution, "Name") or folder_says(distribution)[0]:
            found.setdefault(name_of(name), distribution)
    if OWN not in found:
        raise FloorctlError(
            "入っているソフトウェアの一覧を作れません",
            "floorctl が部品とともに入れられていません（入れたときの情報がありません）",
            "docs/install.md のとおりに入れた floorctl で、もう一度実行してください",
        )
    requires = {name: [str(x) for x in _fields(d).get_all("Requires-Dist") or ()] for name, d in found.items()}
    own = found[OWN]
    extras = frozenset(name_of(x) for x in _fields(own).get_all("Provides-Extra") or ()) - {"dev"}
    needed, more = reached(requires, OWN), reached(requires, OWN, extras)
    others = [
        _component(name, found[name], _use(name, needed, more), tuple(sorted(_needs(name, requires, more))))
        for name in sorted(found.keys() - {OWN})
    ]
    python = platform.python_implementation()
    others += (
        Component(python, platform.python_version(), Licence("PSF-2.0"), "runtime", "Python"),
        Component("SQLite", library_version(), Licence("blessing", "Public Domain"), "runtime", "SQL database engine"),
    )
    others += [
        Component(place, "", Licence(), "unlisted", files=files)
        for place, files in sorted(unlisted_files(every).items())
    ]
    return _own(own, tuple(sorted({*needed[OWN], python, "SQLite"}))), others


def _fields(distribution: Distribution) -> Message:
    """Return a package's metadata, without any field where they are not there or cannot be read."""
    return HeaderParser().parsestr(text_of(distribution, "METADATA") or text_of(distribution, "PKG-INFO") or "")


def _said(distribution: Distribution, key: str) -> str:
    """Return a field of the metadata, '' if it is not there."""
    return str((_fields(distribution).get_all(key) or [""])[0]).strip()


def _use(name: str, needed: dict[str, set[str]], more: dict[str, set[str]]) -> str:
    if name in needed[OWN]:
        return "direct"
    return "indirect" if name in needed else "optional" if name in more else "excluded"


def _needs(name: str, requires: dict[str, list[str]], more: dict[str, set[str]]) -> set[str]:
    return more[name] if name in more else reached(requires, name)[name]


def _component(name: str, distribution: Distribution, use: str, needs: tuple[str, ...]) -> Component:
    fields = _fields(distribution)
    version = _said(distribution, "Version")
    return Component(
        name,
        version or folder_says(distribution)[1],
        licence_of(fields.get_all),
        use,
        _said(distribution, "Summary"),
        needs,
        held_files(distribution),
        archive=_archive(distribution),
        damaged=not (fields["Name"] and version) or has_damaged_list(distribution),
    )


def _archive(distribution: Distribution) -> str:
    """Return the SHA-256 of the wheel, which an installer notes where it was given a file by its name."""
    try:
        noted = json.loads(text_of(distribution, "direct_url.json") or "{}")
        return str(noted["archive_info"]["hashes"]["sha256"])
    except (ValueError, LookupError, TypeError):
        return ""


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
    if any(name == "floorctl/__init__.py" for name, _ in listed_files(distribution)):
        files = held_files(distribution)
    said = _said(distribution, "Summary")
    return Component(OWN, __version__, Licence("MIT"), "own", said, needs, files, held, program=digest.hexdigest())
