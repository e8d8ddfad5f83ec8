"""An entry in one line of Japanese, for the journal of the board and ``floorctl log``. Pure."""

from __future__ import annotations

from floorctl.models.day.floor import Floor
from floorctl.models.facts.day import ReceptionResumed, ReceptionStopped, given_reason
from floorctl.models.facts.entry import Entry
from floorctl.models.facts.fact import Fact, with_more
from floorctl.models.facts.memos import MemoDone, MemoMoved
from floorctl.models.site.site import Site


def subject(fact: Fact, site: Site) -> str:
    """Return the subject of the fact, short enough for a column: a terminal, a number, a lane, a person's code."""
    for name in ("terminal", "ticket", "escalation", "incident", "staff"):
        value = getattr(fact, name, None)
        if value:
            return str(value)
    if isinstance(fact, ReceptionStopped | ReceptionResumed):
        known = site.service_by_code.get(fact.service)
        return known.short if known is not None else fact.service
    return ""


def said(fact: Fact, site: Site) -> str:
    """Return the sentence of a fact; one with a code that has left the site file says the code itself."""
    gone = [code for _, table, code in fact.named_codes() if code not in getattr(site, table)]
    return f"{fact.word} {'・'.join(gone)}（会場設定にないコード）" if gone else fact.sentence(site)


def taken_back(entry: Entry, floor: Floor) -> str:
    """Return a retraction in words: the fact that it took back, and the reason."""
    taken = floor.taken_back.get(entry.key)
    if taken is None:
        return said(entry.fact, floor.site)
    what = f"{subject(taken.fact, floor.site)} {said(taken.fact, floor.site)}".strip()
    reason = given_reason(entry.fact)
    return with_more(f"取消し {what}", reason and f"（{reason}）")


def undone(entry: Entry, floor: Floor) -> str:
    """Return what the undo key has written, in words: a retraction, or the move that brings back what was moved."""
    if entry.kind == "retracted":
        return taken_back(entry, floor)
    return (
        f"{subject(entry.fact, floor.site)} {said(entry.fact, floor.site)}（後の記録があるので、逆の操作で戻しました）"
    )


def line(entry: Entry, floor: Floor) -> str:
    """Return the sentence of an entry, without its subject."""
    if entry.kind == "retracted":
        return taken_back(entry, floor)
    if isinstance(entry.fact, MemoDone | MemoMoved):
        memo = floor.memos.get((entry.fact.memo_source, entry.fact.memo))
        return with_more(said(entry.fact, floor.site), memo.text if memo is not None else "")
    return said(entry.fact, floor.site)
