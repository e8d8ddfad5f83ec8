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
from floorctl.common.data_file_names import HEADS
from floorctl.models.facts.day_facts import Head

REPORT, BACKUP, RESTORE = "report", "backup", "restore"
_MAX_LINE = 1000
_MAX_SEQ = 2**63 - 1
_SHOWN = 5  # differing heads that are told one by one
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


class Compared(NamedTuple):
    """``same``: heads that stand in the file; ``before_restore``: heads of a history that a restore has left.

    ``differing``: a sentence for each of the first heads that are not those of the file, and one for the rest.
    """

    same: int
    differing_heads: int
    before_restore: int
    differing: list[str]


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


HashAt = Callable[[int], str | None]  # the hash that seals a file up to a number


class _History(NamedTuple):
    """The numbers of the notes that a file's history holds, and of the one that agreed with none before it."""

    notes: frozenset[int] = frozenset()
    apart: int | None = None

    def until(self, noted: Noted, seq: int) -> _History:
        return self._replace(notes=frozenset(n for n in self.notes if noted.notes[n].head.seq <= seq))

    def and_of(self, other: _History) -> _History:
        return _History(self.notes | other.notes, self.apart if other.apart is None else other.apart)


def _stands(head: Head, hash_at: HashAt) -> bool:
    return head.seq == 0 or hash_at(head.seq) == head.hash


def _histories(noted: Noted, hash_at: HashAt) -> tuple[_History, dict[Head, _History]]:
    """Follows the notes in their order: the history of the present file, and those that ended at a noted head.

    A restore goes back to the history in which its end was noted, whatever was worked on since. One whose end was never
    noted goes back along the history of its time. One that was killed before its end has changed nothing: its end does
    not stand in the file, and everything noted before and after it does. A file that once ended before what had been
    noted of it was exchanged without a restore.
    """
    now = _History()
    at: dict[Head, _History] = {}
    notes = noted.notes

    def remember(head: Head) -> None:
        at[head] = at.get(head, now).and_of(now).until(noted, head.seq)

    def shrunk(end: Head) -> bool:
        beyond = (notes[m].head for m in now.notes if notes[m].head.seq > end.seq)
        return _stands(end, hash_at) and any(not _stands(head, hash_at) for head in beyond)

    for n, note in enumerate(notes):
        end = note.left if note.by == RESTORE else note.head if note.by == BACKUP else None
        if end is not None and shrunk(end):
            now = now._replace(apart=n)
        if note.by != RESTORE:
            now = now._replace(notes=now.notes | {n})
            remember(note.head)
            continue
        if note.left is not None:
            remember(note.left)
        since = next((m for m in range(n + 1, len(notes)) if notes[m].by == RESTORE), len(notes))
        around = [*now.notes, *range(n + 1, since)]
        if not _stands(note.head, hash_at) and now.notes and all(_stands(notes[m].head, hash_at) for m in around):
            continue
        now = _History(apart=n) if note.apart else at.get(note.head, now).until(noted, note.head.seq)
        now = now._replace(notes=now.notes | {n})
        remember(note.head)
    return now, at


def agrees(noted: Noted, source: HashAt, end: Head, present: HashAt | None, head: Head) -> bool:
    """Whether something that was noted, or the present file, says of a copy that it is of one history with this file.

    ``source`` and ``end`` are of the copy, ``present`` and ``head`` of the file whose place it takes (None: it cannot be
    read). With nothing noted there is nothing to differ from.
    """
    now, at = _histories(noted, present or source)
    if not noted.notes or end.seq == 0 or end in at:
        return True
    mine = [noted.notes[n].head for n in sorted(now.notes)]
    if present is not None and mine and all(_stands(x, present) for x in mine):
        return _stands(end, present) or (end.seq > head.seq and _stands(head, source))
    below = [x for x in mine if 0 < x.seq <= end.seq]
    return not mine or (bool(below) and all(_stands(x, source) for x in below))


def compare(noted: Noted, hash_at: HashAt) -> Compared:
    """Looks for every noted head in the chain. ``hash_at``: the hash that seals a file up to a number.

    What was noted of a history that a restore has left is no longer looked for, unless it is there.
    """
    now, _ = _histories(noted, hash_at)
    same = left = 0
    wrong: list[str] = []
    for n, note in enumerate(noted.notes):
        if n == now.apart:
            wrong.append(_of_no_history(note))
        elif _stands(note.head, hash_at):
            same += 1
        elif n in now.notes and note.by != RESTORE:
            wrong.append(_sentence(note, hash_at(note.head.seq) is None))
        elif note.by != RESTORE:
            left += 1
    said = wrong[:_SHOWN]
    if len(wrong) > _SHOWN:
        said.append(f"ほかに {len(wrong) - _SHOWN}件の先頭が記録と合いません")
    if said:
        said[-1] += f"。{_ANOTHER}"
    return Compared(same, len(wrong), left, said)


_ANOTHER = (
    f"データファイルを自分で新しくした、または別のものに替えたのなら、前のファイルの覚え書き（…{HEADS}）の名前を変えて"
    "残してください（次の締めか控えから新しく書き留めます）"
)


def _of_no_history(note: Note) -> str:
    when = datetime.fromisoformat(note.when)
    what = f"{'戻した控え' if note.by == RESTORE else '控えを作ったファイル'}（通し番号 {note.head.seq}）"
    return (
        f"{when:%Y-%m-%d %H:%M} に{what}は、それまでに書き留めたどの先頭とも続きません"
        "（報告書に印刷された値と照らしてください）"
    )


def _sentence(note: Note, missing: bool) -> str:
    when = datetime.fromisoformat(note.when)
    of = f"{note.day} の報告書（第{note.revision}版）" if note.by == REPORT else "控え"
    what = "記録がファイルにありません" if missing else "値がファイルと合いません"
    return (
        f"{when:%Y-%m-%d %H:%M} に作った{of}が示す通し番号 {note.head.seq} の{what}（後から変えられたか、別のファイルです。"
        "報告書に印刷された値と照らしてください）"
    )
