"""Memos: written, moved to a later time, done."""

from __future__ import annotations

from floorctl.commands.context import CHECK_TIME, Context, Wish, as_wished, need
from floorctl.commands.deciders import decides, evolves
from floorctl.common.action_keys import keyed
from floorctl.common.errors import Refused, by_door
from floorctl.common.words import hm
from floorctl.models.day.floor import Floor
from floorctl.models.day.memo import Memo
from floorctl.models.facts import kinds as ev
from floorctl.models.facts.entry import Entry

_FIND = by_door(
    "{brief} の申し送りで、済んでいないメモを確かめてください", "floorctl log で、メモの id を確かめてください"
)
_WHOSE = by_door("職員の画面（{people}）でコードを確かめてください", "floorctl roster list でコードを確かめてください")


@decides(ev.MemoWritten, any_day=True)
def decide_written(c: Context, f: ev.MemoWritten) -> list[Wish]:
    """Write a memo, on any day; its owner is somebody of the roster, where there is one."""
    what = "このメモを残せません"
    _need_known(c, f.owner, what)
    _need_ahead(f, what)
    return as_wished(f)


def _need_known(c: Context, owner: str | None, what: str) -> None:
    people = c.register.people
    need(owner is None or not people or owner in people, what, "担当が名簿にない職員コードです", _WHOSE)


def _need_ahead(f: ev.MemoWritten | ev.MemoMoved, what: str) -> None:
    """Refuse a time that is over when the memo is written: it would never come up before it."""
    need(not f.due or f.due > f"{f.at:%H:%M}", what, f"{hm(f.due or '')} は過ぎています", CHECK_TIME)


@evolves(ev.MemoWritten)
def evolve_written(floor: Floor, entry: Entry, f: ev.MemoWritten) -> None:
    memo = Memo(entry.key, f.at, f.text, f.due, f.owner, asks=bool(f.due or f.owner))
    floor.memos[entry.key] = memo
    # Of one instant the kinds come by their names: what became of it may have come first.
    memo.done_at = floor.settled_before.pop(entry.key, None)
    if (moved := floor.moved_before.pop(entry.key, None)) is not None:
        _move(memo, moved)


def _open(c: Context, source: str, memo: str, what: str) -> Memo:
    found = c.floor.memos.get((source, memo)) or c.memos_before().get((source, memo))
    if found is None or not found.asks:
        raise Refused(f"このメモ{what}", "時刻か担当のある今日のメモではありません", _FIND)
    if found.done_at is not None or (source, memo) in c.floor.settled_before:
        said = f"{hm(found.done_at)} に済んでいます" if found.done_at else "もう済んでいます"
        raise Refused(f"このメモ{what}", said, _FIND)
    return found


@decides(ev.MemoMoved, any_day=True)
def decide_moved(c: Context, f: ev.MemoMoved) -> list[Wish]:
    """Give an open memo of the day another time."""
    held = _open(c, f.memo_source, f.memo, "の時刻を変えられません")
    if (f.memo_source, f.memo) not in c.floor.memos:
        raise Refused(
            "このメモの時刻を変えられません", "前の日のメモです", keyed("新しいメモとして書いてください（{memo}）")
        )
    _need_known(c, f.owner, "このメモの担当を変えられません")
    if f.due != held.due:
        _need_ahead(f, "このメモの時刻を変えられません")
    return [] if (f.due, f.owner or held.owner) == (held.due, held.owner) else as_wished(f)


@evolves(ev.MemoMoved)
def evolve_moved(floor: Floor, entry: Entry, f: ev.MemoMoved) -> None:
    memo = floor.memos.get((f.memo_source, f.memo))
    if memo is None:
        floor.moved_before[f.memo_source, f.memo] = f
    else:
        _move(memo, f)


def _move(memo: Memo, f: ev.MemoMoved) -> None:
    memo.due, memo.owner = f.due, f.owner or memo.owner


@decides(ev.MemoDone, any_day=True)
def decide_done(c: Context, f: ev.MemoDone) -> list[Wish]:
    """End an open memo, of the day or of the days before."""
    _open(c, f.memo_source, f.memo, "を済みにできません")
    return as_wished(f)


@evolves(ev.MemoDone)
def evolve_done(floor: Floor, entry: Entry, f: ev.MemoDone) -> None:
    key = (f.memo_source, f.memo)
    memo = floor.memos.get(key)
    if memo is None:
        floor.settled_before[key] = f.at
    elif memo.open:
        memo.done_at = f.at
    else:
        floor.odd(entry, "impossible")
