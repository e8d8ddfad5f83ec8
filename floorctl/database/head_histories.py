"""Compare noted heads with a data file or a copy, following its history through every restore."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple

from floorctl.common.data_file_names import HEADS
from floorctl.database.heads import BACKUP, REPORT, RESTORE, Note, Noted
from floorctl.models.facts.entry import Head

_SHOWN = 5  # differing heads that are listed singly


class Compared(NamedTuple):
    """Result: ``same`` heads are in the file; ``before_restore`` belong to a history that a restore has left.

    ``differing``: a sentence for each of the first ``differing_heads``, and one for the rest.
    """

    same: int
    differing_heads: int
    before_restore: int
    differing: list[str]


HashAt = Callable[[int], str | None]  # number of a fact to the hash that seals the file up to it


class _History(NamedTuple):
    """Indices of the notes that a history contains, and of a note that continues none before it."""

    notes: frozenset[int] = frozenset()
    apart: int | None = None

    def until(self, noted: Noted, seq: int) -> _History:
        """Return the history without notes beyond ``seq``."""
        return self._replace(notes=frozenset(n for n in self.notes if noted.notes[n].head.seq <= seq))

    def and_of(self, other: _History) -> _History:
        """Return the union of two histories."""
        return _History(self.notes | other.notes, self.apart if other.apart is None else other.apart)


def _in_chain(head: Head, hash_at: HashAt) -> bool:
    """Return whether a head is in the chain of ``hash_at``."""
    return head.seq == 0 or hash_at(head.seq) == head.hash


def _histories(noted: Noted, hash_at: HashAt) -> tuple[_History, dict[Head, _History]]:
    """Follow the notes in order: the history of the present file, and those that ended at a noted head.

    A restore returns to the history in which the copy's head was noted. If it never was, it returns to the present
    history up to that number. A restore that was killed has changed nothing: its head is not in the file, while all
    notes before and after it are. A file that ended before an earlier note was exchanged without a restore.
    """
    now = _History()
    at: dict[Head, _History] = {}
    notes = noted.notes

    def remember(head: Head) -> None:
        at[head] = at.get(head, now).and_of(now).until(noted, head.seq)

    def shrunk(end: Head) -> bool:
        beyond = (notes[m].head for m in now.notes if notes[m].head.seq > end.seq)
        return _in_chain(end, hash_at) and any(not _in_chain(head, hash_at) for head in beyond)

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
        if not _in_chain(note.head, hash_at) and now.notes and all(_in_chain(notes[m].head, hash_at) for m in around):
            continue
        now = _History(apart=n) if note.apart else at.get(note.head, now).until(noted, note.head.seq)
        now = now._replace(notes=now.notes | {n})
        remember(note.head)
    return now, at


def agrees(noted: Noted, source: HashAt, end: Head, present: HashAt | None, head: Head) -> bool:
    """Return whether a copy shares its history with this file, by the notes or by the present file.

    ``source`` and ``end`` belong to the copy, ``present`` and ``head`` to the file that it replaces (None: unreadable).
    Without notes there is nothing to contradict.
    """
    now, at = _histories(noted, present or source)
    if not noted.notes or end.seq == 0 or end in at:
        return True
    mine = [noted.notes[n].head for n in sorted(now.notes)]
    if present is not None and mine and all(_in_chain(x, present) for x in mine):
        return _in_chain(end, present) or (end.seq > head.seq and _in_chain(head, source))
    below = [x for x in mine if 0 < x.seq <= end.seq]
    return not mine or (bool(below) and all(_in_chain(x, source) for x in below))


def compare(noted: Noted, hash_at: HashAt) -> Compared:
    """Look for every noted head in the chain.

    Notes of a history that a restore has left count only if they are found.
    """
    now, _ = _histories(noted, hash_at)
    same = left = 0
    wrong: list[str] = []
    for n, note in enumerate(noted.notes):
        if n == now.apart:
            wrong.append(_of_no_history(note))
        elif _in_chain(note.head, hash_at):
            same += 1
        elif n in now.notes and note.by != RESTORE:
            wrong.append(_sentence(note, hash_at(note.head.seq) is None))
        elif note.by != RESTORE:
            left += 1
    sentences = wrong[:_SHOWN]
    if len(wrong) > _SHOWN:
        sentences.append(f"ほかに {len(wrong) - _SHOWN}件の照合値が記録と合いません")
    if sentences:
        sentences[-1] += f"。{_ANOTHER}"
    return Compared(same, len(wrong), left, sentences)


_ANOTHER = (
    f"データファイルを自分で新しくした、または別のものに替えたのなら、前のファイルの一覧（…{HEADS}）の名前を変えて"
    "残してください（次の締めか控えから新しく書き留めます）"
)


def _of_no_history(note: Note) -> str:
    when = datetime.fromisoformat(note.when)
    what = f"{'戻した控え' if note.by == RESTORE else '控えを作ったファイル'}（通し番号 {note.head.seq}）"
    return (
        f"{when:%Y-%m-%d %H:%M} に{what}は、それまでに書き留めたどの照合値ともつながりません"
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
