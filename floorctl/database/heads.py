"""Note the heads that documents and backups carry, in ``floor.db.heads`` beside the data file.

The chain alone cannot reveal that somebody has recomputed all of it; a head noted earlier can. The notes lie beside the
file and not in it, so that they survive its replacement, and not among the backups, which are deleted for space or kept
elsewhere. JSON Lines, append-only. They are neither secret nor proof: who rewrites the chain can rewrite them too.
"""

from __future__ import annotations

import json
import re
from contextlib import suppress
from datetime import date, datetime
from pathlib import Path
from typing import Any, NamedTuple

from floorctl.common import durable, patience
from floorctl.common.clock import iso
from floorctl.common.data_file_names import HEADS
from floorctl.models.facts.entry import Head

REPORT, BACKUP, RESTORE = "report", "backup", "restore"
_MAX_LINE = 1000
_MAX_SEQ = 2**63 - 1
_HASH = re.compile(r"[0-9a-f]{64}", re.ASCII)
_COPY = re.compile(r"[^/\\\x00-\x1f]{1,120}\.db")


class Note(NamedTuple):
    """Head and its carrier: the report of a ``day`` with its ``revision``, a backup, or the copy of a restore.

    ``name``: file name that floorctl gave to a backup, else ''. For a restore, ``left`` is the head of the file put
    aside, and ``apart`` is true if no earlier note agreed with the copy.
    """

    when: str
    by: str
    head: Head
    day: str = ""
    revision: int = 0
    name: str = ""
    left: Head | None = None
    apart: bool = False


class Noted(NamedTuple):
    """Notes in order, and the number of unreadable lines, such as one torn by a kill."""

    notes: list[Note]
    unreadable: int


def place(path: Path) -> Path:
    """Return the path of a data file's notes: beside the file itself, not beside a link to it."""
    path = path.resolve()
    return path.with_name(f"{path.name}{HEADS}")


def report(now: datetime, day: date, revision: int, head: Head) -> Note:
    """Return the note of a day's report."""
    return Note(iso(now), REPORT, head, day.isoformat(), revision)


def backup(now: datetime, head: Head, name: str = "") -> Note:
    """Return the note of a backup."""
    return Note(iso(now), BACKUP, head, name=name)


def restore(now: datetime, head: Head, left: Head | None = None, *, apart: bool = False) -> Note:
    """Return the note of a restore."""
    return Note(iso(now), RESTORE, head, left=left, apart=apart)


def add(path: Path, *notes: Note) -> str:
    """Append new notes and wait until they are on the disk.

    Return '' or, if that fails, a warning: what was to be noted is valid, but doctor cannot compare it.
    """
    try:
        _append(place(path), notes)
    except OSError:
        return f"照合値の一覧 {path.name}{HEADS} に書けません。フォルダーの権限と空きを確かめてください。記録と控えはできています。"
    return ""


def _append(target: Path, notes: tuple[Note, ...]) -> None:
    held = read_file(target).notes
    # After a restore a head may be noted again that was noted before it.
    after = max((n for n, note in enumerate(held, 1) if note.by == RESTORE), default=0)
    known = {note._replace(when="") for note in held[after:]}
    fresh = [note for note in notes if (note.head.seq or note.by == RESTORE) and note._replace(when="") not in known]
    if fresh:
        durable.append(target, "".join(map(_line, fresh)).encode())


def _line(note: Note) -> str:
    fields: dict[str, Any] = {"when": note.when, "by": note.by, "seq": note.head.seq, "hash": note.head.hash}
    if note.by == REPORT:
        fields |= {"day": note.day, "revision": note.revision}
    if note.name:
        fields["name"] = note.name
    if note.left is not None:
        fields["left"] = note.left._asdict()
    if note.apart:
        fields["apart"] = True
    return json.dumps(fields, ensure_ascii=False) + "\n"


def read(path: Path) -> Noted:
    """Return the notes of a data file; none if there is no such file or it cannot be read."""
    try:
        return read_file(place(path))
    except (OSError, RuntimeError):  # a loop of links: the data file cannot be opened either
        return Noted([], 0)


def read_file(target: Path) -> Noted:
    """Return the notes in ``target``."""
    notes: list[Note] = []
    unreadable = 0
    if not target.is_file():  # a pipe of that name would block
        return Noted(notes, unreadable)
    with suppress(OSError), patience.open_to_read(target) as file:
        while line := file.readline(_MAX_LINE):
            note = _note(line)
            if note is not None:
                notes.append(note)
            elif line.strip():
                unreadable += 1
    return Noted(notes, unreadable)


def _note(line: bytes) -> Note | None:
    """Parse a line; return None if it is no note."""
    try:
        fields = json.loads(line)
        when, by, seq, sealed = fields["when"], fields["by"], fields["seq"], fields["hash"]
        day, revision, name = fields.get("day", ""), fields.get("revision", 0), fields.get("name", "")
        left = Head(fields["left"]["seq"], fields["left"]["hash"]) if "left" in fields else None
        numbers = all(type(n) is int and 0 <= n <= _MAX_SEQ for n in (seq, revision, left.seq if left else 0))
        good = (
            by in (REPORT, BACKUP, RESTORE)
            and numbers
            and _HASH.fullmatch(sealed)
            and (left is None or _HASH.fullmatch(left.hash))
            and (by != REPORT or date.fromisoformat(day))
            and (name == "" or _COPY.fullmatch(name))
            and datetime.fromisoformat(when).tzinfo is not None
        )
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None
    if not good:
        return None
    return Note(when, by, Head(seq, sealed), day, revision, name, left, fields.get("apart") is True)
