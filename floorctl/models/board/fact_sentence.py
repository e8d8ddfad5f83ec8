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
        return site.service_by_code[fact.service].short
    return ""


def taken_back(entry: Entry, floor: Floor) -> str:
    """Return a retraction in words: the fact that it took back, and the reason."""
    taken = floor.taken_back.get(entry.key)
    if taken is None:
        return entry.fact.sentence(floor.site)
    what = f"{subject(taken.fact, floor.site)} {taken.fact.sentence(floor.site)}".strip()
    reason = given_reason(entry.fact)
    return with_more(f"取消し {what}", reason and f"（{reason}）")


def line(entry: Entry, floor: Floor) -> str:
    """Return the sentence of an entry, without its subject."""
    if entry.kind == "retracted":
        return taken_back(entry, floor)
    if isinstance(entry.fact, MemoDone | MemoMoved):
        memo = floor.memos.get((entry.fact.memo_source, entry.fact.memo))
        return with_more(entry.fact.sentence(floor.site), memo.text if memo is not None else "")
    return entry.fact.sentence(floor.site)
