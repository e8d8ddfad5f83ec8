"""Power cuts without pulling a plug: from a record of what was asked of the disk, states that a cut could have left.

The model. What was synced is there. Of what was written since the last sync of a file, each sector of 512 bytes may be
there or not, in any order; what a file was lengthened by may be zeros or rubbish; a truncation may be there or not.
Names (create, link, rename, unlink, mkdir) come to the disk in their order, as file systems with a journal keep it
(ext4, XFS, NTFS, APFS), at least up to the last sync of a folder, and not with the sync of a file. Not in the model: a
disk that says that something is safe when it is not, and a sector that is half old and half new.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.reliability.disk import Step

SECTOR = 512


@dataclass
class _Inode:
    """A file without a name: what is on the disk for certain, and what was asked for since."""

    safe: bytes = b""
    asked: list[Step] = field(default_factory=list)


@dataclass
class _Names:
    """The folder tree as it is on the disk after some of the changes of names."""

    files: dict[str, _Inode] = field(default_factory=dict)
    folders: set[str] = field(default_factory=set)

    def change(self, kind: str, path: str, to: str, inode: _Inode | None) -> None:
        if kind == "set":
            assert inode is not None
            self.files[path] = inode
        elif kind == "unlink":
            self.files.pop(path, None)
        elif kind == "mkdir":
            self.folders.add(path)
        elif kind == "rmdir":
            self.folders.discard(path)
        elif kind == "rename":
            for old in [p for p in self.files if p == path or p.startswith(f"{path}/")]:
                self.files[to + old[len(path) :]] = self.files.pop(old)
            for old in [p for p in self.folders if p == path or p.startswith(f"{path}/")]:
                self.folders.discard(old)
                self.folders.add(to + old[len(path) :])


class Cut:
    """The power goes after ``steps[:at]``; ``state`` makes one of the states that this may leave.

    ``base``: what was on the disk before, by path.
    """

    def __init__(self, steps: Sequence[Step], at: int, base: Mapping[str, bytes] | None = None) -> None:
        self.changes: list[tuple[str, str, str, _Inode | None]] = []
        self.certain = 0  # how many changes of names are on the disk
        self.marks: list[bytes] = []
        now = _Names()
        for path, data in (base or {}).items():
            self._name(now, "set", path, "", _Inode(data))
        self.certain = len(self.changes)
        for step in steps[:at]:
            self._take(step, now)

    def _take(self, step: Step, now: _Names) -> None:
        kind, path = step.kind, step.path
        if kind == "mark":
            self.marks.append(step.data)
        elif kind in ("create", "write", "truncate", "sync"):
            inode = now.files.get(path)
            if inode is None:
                inode = _Inode()
                self._name(now, "set", path, "", inode)
            if kind == "sync":
                inode.safe, inode.asked = bytes(_applied(inode.safe, inode.asked)), []
            elif kind != "create":
                inode.asked.append(step)
        elif kind == "link":
            self._name(now, "set", step.to, "", now.files[path])
        elif kind == "folder_sync":
            self.certain = len(self.changes)
        else:
            self._name(now, kind, path, step.to, None)

    def _name(self, now: _Names, kind: str, path: str, to: str, inode: _Inode | None) -> None:
        self.changes.append((kind, path, to, inode))
        now.change(kind, path, to, inode)

    def state(self, chance: random.Random, source: Path, target: Path) -> None:
        """Writes one state into ``target``, an empty folder: what was under ``source`` when it was recorded."""
        names = _Names()
        for change in self.changes[: chance.randint(self.certain, len(self.changes))]:
            names.change(*change)
        root = f"{source.resolve()}/"
        for folder in names.folders:
            (target / folder[len(root) :]).mkdir(parents=True, exist_ok=True)
        held: dict[int, bytes] = {}
        for path, inode in sorted(names.files.items()):
            data = held.get(id(inode))
            if data is None:
                data = held[id(inode)] = left(inode.safe, inode.asked, chance)
            there = target / path[len(root) :]
            there.parent.mkdir(parents=True, exist_ok=True)
            there.write_bytes(data)


def _applied(safe: bytes, asked: Sequence[Step], fill: int = 0) -> bytearray:
    data = bytearray(safe)
    for step in asked:
        if step.kind == "truncate":
            data[:] = data[: step.at] + bytes([fill]) * max(0, step.at - len(data))
        else:
            if len(data) < step.at:
                data += bytes([fill]) * (step.at - len(data))
            data[step.at : step.at + len(step.data)] = step.data
    return data


def left(safe: bytes, asked: Sequence[Step], chance: random.Random) -> bytes:
    """What a file holds after the cut: one of the ways in which some of what was asked for can be on the disk."""
    if not asked:
        return safe
    pieces = [piece for step in asked for piece in _sectors(step)]
    way = chance.choice(("none", "all", "beginning", "some", "most", "few"))
    if way == "none":
        chosen = []
    elif way == "all":
        chosen = pieces
    elif way == "beginning":
        chosen = pieces[: chance.randint(0, len(pieces))]
    else:
        share = {"some": 0.5, "most": 0.9, "few": 0.1}[way]
        chosen = [p for p in pieces if chance.random() < share]
    fill = chance.choice((0, 0, 0xFF, 0xA5))
    data = _applied(safe, chosen, fill)
    whole = len(_applied(safe, asked))
    if len(data) < whole and chance.random() < 0.5:  # the length was on the disk before what it is the length of
        data += bytes([fill]) * (whole - len(data))
    return bytes(data)


def _sectors(step: Step) -> list[Step]:
    if step.kind != "write":
        return [step]
    found, at, data = [], step.at, step.data
    while data:
        some = min(len(data), SECTOR - at % SECTOR)
        found.append(Step("write", step.path, at, data[:some]))
        at, data = at + some, data[some:]
    return found
