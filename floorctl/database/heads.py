"""The heads that documents and backups of this PC carry, noted outside the data file: ``floor.db.heads`` beside it.

The chain alone cannot show that somebody has written all of it anew; a head that was noted before can. The note lies
beside the file and not in it, so that it outlives any exchange of the file (no command replaces it); not among the
backups, which are cleared away for room, or made elsewhere. One file of lines only grows: JSON Lines, a line for what
carried a head. It is no secret and no proof by itself: who writes the chain anew may write this file anew as well.
"""

from __future__ import annotations

import json
import os
import re
from contextlib import suppress
from datetime import date, datetime
from pathlib import Path
from typing import Any, NamedTuple

from floorctl.common.clock import iso
from floorctl.common.data_file_names import HEADS
from floorctl.models.facts.entry import Head

REPORT, BACKUP, RESTORE = "report", "backup", "restore"
_MAX_LINE = 1000
_MAX_SEQ = 2**63 - 1
_HASH = re.compile(r"[0-9a-f]{64}", re.ASCII)
_COPY = re.compile(r"[^/\\\x00-\x1f]{1,120}\.db")


class Note(NamedTuple):
    """A head, and what carried it: the report of a ``day`` with its ``revision``, a backup, or the copy of a restore.

    ``name``: of a backup that floorctl has named itself; '' where somebody else has. Of a restore ``left`` is the end of
    the file that it has put aside, and ``apart`` tells that nothing noted until then agreed with the copy.
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
    """What the file of heads holds, in order; ``unreadable``: lines that are none, such as one that a kill has torn."""

    notes: list[Note]
    unreadable: int


def place(path: Path) -> Path:
    """Where the heads of a data file are noted, wherever a link to it may lie."""
    path = path.resolve()
    return path.with_name(f"{path.name}{HEADS}")


def report(now: datetime, day: date, revision: int, head: Head) -> Note:
    return Note(iso(now), REPORT, head, day.isoformat(), revision)


def backup(now: datetime, head: Head, name: str = "") -> Note:
    return Note(iso(now), BACKUP, head, name=name)


def restore(now: datetime, head: Head, left: Head | None = None, *, apart: bool = False) -> Note:
    return Note(iso(now), RESTORE, head, left=left, apart=apart)


def add(path: Path, *notes: Note) -> str:
    """Appends notes that are not there yet, and waits until they are on the disk.

    Returns '' or, where that cannot be done, a sentence: what was to be noted stands, and doctor will not compare it.
    """
    try:
        _append(place(path), notes)
    except OSError:
        return f"先頭の覚え書き {path.name}{HEADS} に書けません。フォルダの権限と空きを確かめてください。記録と控えはできています。"
    return ""


def _append(target: Path, notes: tuple[Note, ...]) -> None:
    held = read_file(target).notes
    # After a restore everything counts anew: a head may be noted again that was noted before it.
    after = max((n for n, note in enumerate(held, 1) if note.by == RESTORE), default=0)
    known = {note._replace(when="") for note in held[after:]}
    fresh = [note for note in notes if (note.head.seq or note.by == RESTORE) and note._replace(when="") not in known]
    if not fresh:
        return
    new = not target.exists()
    if not new and not target.is_file():
        raise IsADirectoryError(target)
    handle = os.open(target, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        size = os.lseek(handle, 0, os.SEEK_END)
        torn = False
        if size:
            os.lseek(handle, size - 1, os.SEEK_SET)
            torn = os.read(handle, 1) != b"\n"
        data = (b"\n" if torn else b"") + "".join(map(_line, fresh)).encode()
        if os.write(handle, data) != len(data):
            raise OSError("no space left")
        os.fsync(handle)
    finally:
        os.close(handle)
    if new and hasattr(os, "O_DIRECTORY"):
        folder = os.open(target.parent, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


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
    """The heads noted beside a data file; none where there is no such file, or it cannot be read."""
    try:
        return read_file(place(path))
    except (OSError, RuntimeError):  # links that lead in a circle: the file itself cannot be opened either
        return Noted([], 0)


def read_file(target: Path) -> Noted:
    notes: list[Note] = []
    unreadable = 0
    if not target.is_file():  # whatever else has that name is not waited for
        return Noted(notes, unreadable)
    with suppress(OSError), target.open("rb") as file:
        while line := file.readline(_MAX_LINE):
            note = _note(line)
            if note is not None:
                notes.append(note)
            elif line.strip():
                unreadable += 1
    return Noted(notes, unreadable)


def _note(line: bytes) -> Note | None:
    """A line as a note; None where it is none, whatever it is."""
    try:
        said = json.loads(line)
        when, by, seq, sealed = said["when"], said["by"], said["seq"], said["hash"]
        day, revision, name = said.get("day", ""), said.get("revision", 0), said.get("name", "")
        left = Head(said["left"]["seq"], said["left"]["hash"]) if "left" in said else None
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
    return Note(when, by, Head(seq, sealed), day, revision, name, left, said.get("apart") is True)
