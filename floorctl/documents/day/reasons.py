"""Facts of a day that stand in no other table of its report: reasons given, corrections, entries from paper, equipment."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from floorctl.common.frozen import frozen
from floorctl.common.words import clock_ja_short
from floorctl.models.board.fact_sentence import line, subject
from floorctl.models.day.floor import Floor
from floorctl.models.facts.day import given_reason
from floorctl.models.facts.entry import Entry
from floorctl.models.facts.fact import with_more
from floorctl.models.facts.terminals import TerminalFailed, TerminalPaused, TerminalRepaired, TerminalResumed

# Kinds told where a reason was given, and those told always.
_WITH_REASON = frozenset(
    {
        *("day.opened", "day.reopened", "staff.posted", "terminal.staffed", "terminal.paused", "terminal.resumed"),
        *("reception.resumed", "vacancy.filled", "retracted"),
    }
)
_ALWAYS = frozenset({"paper.entered", "equipment.changed"})


@frozen
class Told:
    """Fact of the day in words: its instant, its kind, its subject, its sentence."""

    at: datetime
    word: str
    subject: str
    text: str


def told(floor: Floor) -> list[Told]:
    """Return the facts of a day that stand in no other table of its report, in their order, without those taken back.

    A pause and its end are one; a repair is told where it says more than the failure did.
    """
    found: list[Told] = []
    paused: dict[str, int] = {}  # terminal: the place of its pause in ``found``
    failed: dict[str, str] = {}
    for e in floor.entries:
        if e.key in floor.retracted:
            continue
        why = given_reason(e.fact)
        match e.fact:
            case TerminalFailed() as f:
                failed[f.terminal] = f.fault
            case TerminalRepaired() as f if f.fault not in ("", failed.get(f.terminal)):
                found.append(_said(e, floor, f.fault))
            case TerminalResumed() as f if f.terminal in paused:
                n = paused.pop(f.terminal)
                found[n] = replace(
                    found[n], text=with_more(f"{clock_ja_short(f.at)}まで {found[n].text}".rstrip(), why)
                )
            case _ if e.kind in _ALWAYS or (e.kind in _WITH_REASON and (why or getattr(e.fact, "decided_by", ""))):
                if isinstance(e.fact, TerminalPaused):
                    paused[e.fact.terminal] = len(found)
                found.append(_said(e, floor, why))
    return found


def _said(e: Entry, floor: Floor, why: str) -> Told:
    text = line(e, floor).removeprefix(e.fact.word).strip()
    return Told(
        e.fact.at, e.fact.word, subject(e.fact, floor.site), text if why in text else with_more(text, why).strip()
    )
