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
from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime
from pathlib import Path
from typing import Any, NamedTuple

from floorctl.common.clock import iso
from floorctl.models.facts.day_facts import Head

END = ".heads"
REPORT, BACKUP, RESTORE = "report", "backup", "restore"
_MAX_LINE = 1000
_MAX_SEQ = 2**63 - 1
_SHOWN = 5  # differing heads that are told one by one
_HASH = re.compile(r"[0-9a-f]{64}", re.ASCII)
_COPY = re.compile(r"[^/\\\x00-\x1f]{1,120}\.db")


class Note(NamedTuple):
    """A head, and what carried it: the report of a ``day`` with its ``revision``, a backup, or the copy of a restore.

    ``name``: of a backup that floorctl has named itself; '' where somebody else has.
    """

    when: str
    by: str
    head: Head
    day: str = ""
    revision: int = 0
    name: str = ""


class Noted(NamedTuple):
    """What the file of heads holds, in order; ``unreadable``: lines that are none, such as one that a kill has torn."""

    notes: list[Note]
    unreadable: int


class Compared(NamedTuple):
    """``same``: heads that stand in the file; ``before_restore``: heads of facts that a restore has left behind.

    ``differing``: a sentence for each of the first heads that are not those of the file, and one for the rest.
    """

    same: int
    differing_heads: int
    before_restore: int
    differing: list[str]


def place(path: Path) -> Path:
    """Where the heads of a data file are noted, wherever a link to it may lie."""
    path = path.resolve()
    return path.with_name(f"{path.name}{END}")


def report(now: datetime, day: date, revision: int, head: Head) -> Note:
    return Note(iso(now), REPORT, head, day.isoformat(), revision)


def backup(now: datetime, head: Head, name: str = "") -> Note:
    return Note(iso(now), BACKUP, head, name=name)


def restore(now: datetime, head: Head) -> Note:
    return Note(iso(now), RESTORE, head)


def add(path: Path, *notes: Note) -> str:
    """Appends notes that are not there yet, and waits until they are on the disk.

    Returns '' or, where that cannot be done, a sentence: what was to be noted stands, and doctor will not compare it.
    """
    try:
        _append(place(path), notes)
    except OSError:
        return f"先頭の覚え書き {path.name}{END} に書けません。フォルダの権限と空きを確かめてください。記録と控えはできています。"
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
        numbers = all(type(n) is int and 0 <= n <= _MAX_SEQ for n in (seq, revision))
        good = (
            by in (REPORT, BACKUP, RESTORE)
            and numbers
            and _HASH.fullmatch(sealed)
            and (by != REPORT or date.fromisoformat(day))
            and (name == "" or _COPY.fullmatch(name))
            and datetime.fromisoformat(when).tzinfo is not None
        )
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None
    return Note(when, by, Head(seq, sealed), day, revision, name) if good else None


def compare(noted: Noted, hash_at: Callable[[int], str | None]) -> Compared:
    """Looks for every noted head in the chain. ``hash_at``: the hash that seals a file up to a number.

    A restore has left behind what was recorded after its copy: heads beyond it that were noted before it are no longer
    looked for, unless they are there.
    """
    same = left = 0
    wrong: list[str] = []
    end: int | None = None  # the earliest end that a later restore went back to
    for note in reversed(noted.notes):
        held = hash_at(note.head.seq) if note.head.seq else note.head.hash
        if held == note.head.hash:
            same += 1
        elif note.by == RESTORE:
            pass  # a restore that did not come to its end, or one of another history: the notes around it tell
        elif end is not None and note.head.seq > end:
            left += 1
        else:
            wrong.append(_sentence(note, held is None))
        if note.by == RESTORE:
            end = note.head.seq if end is None else min(end, note.head.seq)
    wrong.reverse()
    said = wrong[:_SHOWN]
    if len(wrong) > _SHOWN:
        said.append(f"ほかに {len(wrong) - _SHOWN}件の先頭が記録と合いません")
    return Compared(same, len(wrong), left, said)


def _sentence(note: Note, missing: bool) -> str:
    when = datetime.fromisoformat(note.when)
    of = f"{note.day} の報告書（第{note.revision}版）" if note.by == REPORT else "控え"
    what = "記録がファイルにありません" if missing else "値がファイルと合いません"
    return (
        f"{when:%Y-%m-%d %H:%M} に作った{of}が示す通し番号 {note.head.seq} の{what}（後から変えられたか、別のファイルです。"
        "報告書に印刷された値と照らしてください）"
    )
