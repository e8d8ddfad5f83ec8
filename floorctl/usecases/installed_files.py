"""Files of installed packages, held against the lists that were installed with them, and files that no list names."""

from __future__ import annotations

import csv
import hashlib
import os
import site
import sysconfig
from base64 import urlsafe_b64encode
from collections.abc import Iterable, Iterator
from importlib.machinery import all_suffixes
from importlib.metadata import Distribution
from pathlib import Path, PurePosixPath

from floorctl.documents.sbom.component import Files

# Files that an installer adds or changes; the others are alike on every PC with the same wheel.
_OF_THE_INSTALLER = {"INSTALLER", "REQUESTED", "RECORD", "direct_url.json"}
# What Python or Windows can load; a note that somebody has put there is no software.
_LOADED = (*all_suffixes(), ".pth", ".dll", ".exe", ".egg")


def text_of(distribution: Distribution, name: str) -> str | None:
    """Return a file of a package's metadata, '' where it is not there, None where it cannot be read."""
    try:
        return distribution.read_text(name) or ""
    except (OSError, ValueError):
        return None


def folder_says(distribution: Distribution) -> tuple[str, str]:
    """Return name and version as the folder of the metadata is called; '' where that is not known.

    The library that finds the folder keeps its place to itself.
    """
    name, _, version = Path(str(getattr(distribution, "_path", ""))).stem.partition("-")
    return name, version


def held_files(distribution: Distribution) -> Files | None:
    """Return how the files on the disk compare with the list that was installed; None without a list."""
    listed = changed = missing = 0
    digest = hashlib.sha256()
    for name, noted in sorted(listed_files(distribution)):
        listed += 1
        digest.update(f"{name},{noted}\n".encode())
        try:
            data = Path(str(distribution.locate_file(name))).read_bytes()
        except (OSError, ValueError):  # also a name that can be none
            missing += 1
            continue
        changed += urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode() != noted
    return Files(listed, changed, missing, digest.hexdigest()) if listed else None


def listed_files(distribution: Distribution) -> Iterator[tuple[str, str]]:
    """Yield name and SHA-256 (as the list writes it) of the files of a package.

    Without the starters of its commands, which lie elsewhere and name the Python of this PC.
    """
    for name, noted, *_ in (row for row in _rows(distribution) if row[1:]):
        kind, _, value = noted.partition("=")
        if kind == "sha256" and not name.startswith("..") and name.rpartition("/")[2] not in _OF_THE_INSTALLER:
            yield name, value


def has_damaged_list(distribution: Distribution) -> bool:
    """Return whether the list of a package's files is there and cannot be read."""
    text = text_of(distribution, "RECORD")
    return text is None or (bool(text) and not _rows(distribution))


def _rows(distribution: Distribution) -> list[list[str]]:
    try:
        return list(csv.reader((text_of(distribution, "RECORD") or "").splitlines()))
    except csv.Error:
        return []


def unlisted_files(distributions: Iterable[Distribution]) -> dict[str, Files]:
    """Return what Python could load and no package has brought, by its place below the folder of the packages.

    Several files of one folder are one entry, ``folder/``.
    """
    owned: dict[Path, set[str]] = {folder: set() for folder in package_folders() if folder.is_dir()}
    for distribution in distributions:
        folder = Path(str(distribution.locate_file(""))).resolve()
        if folder in owned:
            owned[folder].update(_brought(distribution))
    groups: dict[str, dict[str, Path]] = {}
    for folder, brought in owned.items():
        for name, path in _loadable(folder):
            known = {os.path.normcase(x) for x in (name, *(f"{p}/" for p in PurePosixPath(name).parents))}
            if not known & brought:
                groups.setdefault(name.partition("/")[0], {})[name] = path
    return {_place([*group]): _unlisted(group) for group in groups.values()}


def package_folders() -> set[Path]:
    """Return the folders into which packages of this Python are installed."""
    found = {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}
    if site.ENABLE_USER_SITE:
        found.add(site.getusersitepackages())
    return {Path(x).resolve() for x in found}


def _brought(distribution: Distribution) -> Iterator[str]:
    """Yield the files that a package lists; of one without a list the names that it is imported by, folders with ``/``."""
    rows = _rows(distribution)
    for row in rows:
        yield os.path.normcase(str(PurePosixPath(row[0])) if row else "")
    if not rows:
        names = (text_of(distribution, "top_level.txt") or "").split() or [folder_says(distribution)[0]]
        for name in names:
            yield from (os.path.normcase(x) for x in (f"{name}/", f"{name}.py"))


def _loadable(folder: Path) -> Iterator[tuple[str, Path]]:
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder)
        if path.suffix in _LOADED and "__pycache__" not in name.parts and path.is_file():
            yield name.as_posix(), path


def _place(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{os.path.commonpath(names)}/".replace(os.sep, "/")


def _unlisted(group: dict[str, Path]) -> Files:
    digest = hashlib.sha256()
    for name, path in sorted(group.items()):
        digest.update(f"{name},{hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode())
    return Files(0, 0, 0, digest.hexdigest(), len(group))
