"""Judge what a scenario expects of its trainee by the facts recorded: acts, hand-offs to the city's staff. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Literal, NamedTuple

from floorctl.common.clock import seconds_between
from floorctl.common.words import hm
from floorctl.models.day.floor import Floor
from floorctl.models.facts.entry import Entry
from floorctl.models.facts.fields import CITY_DECISIONS
from floorctl.models.register.register import Register
from floorctl.models.site.scenario import HAND_OFF, TARGETS, Expectation

State = Literal["met", "late", "missed", "open", "none"]


class Met(NamedTuple):
    """Outcome of an expectation: ``met`` in time, ``late``, ``missed``, ``open`` if the play ended before, or ``none``.

    ``none``: there was nothing to judge (no case, or no act at all). ``seconds``: from ``since`` to the act, or the longest hand-off; None if there was none.
    """

    expectation: Expectation
    state: State
    since: datetime
    done_at: datetime | None = None
    seconds: int | None = None
    note: str = ""


class HandOff(NamedTuple):
    """Case for the city's staff, from the hand-over to the start of its handling (or its end, or that of the play).

    ``outcome``: how it ended without having been handled here (sent on, withdrawn), else ''.
    """

    escalation: str
    matter: str | None
    raised_at: datetime
    taken_at: datetime | None
    seconds: int  # until it was taken or ended, or until the end of the play
    late: bool
    outcome: str = ""


def hand_offs(floor: Floor, since: datetime, until: datetime, limit_s: int) -> list[HandOff]:
    """Return the cases raised from ``since`` to before ``until``; ``late`` beyond ``limit_s`` (仕様書 7(2))."""
    found = []
    for e in floor.escalations.values():
        if e.raised_at is None or not since <= e.raised_at < until:
            continue
        sent = e.outcome or "" if e.taken_at is None and e.outcome not in CITY_DECISIONS else ""
        end = e.taken_at or e.settled_at
        seconds = seconds_between(e.raised_at, min(end, until) if end is not None else until)
        taken = None if sent else end
        found.append(HandOff(e.code, e.matter, e.raised_at, taken, seconds, seconds > limit_s, sent))
    return sorted(found, key=lambda h: h.raised_at)


def judge(
    expectations: Iterable[Expectation],
    acts: Sequence[Entry],
    floor: Floor,
    register: Register,
    since: datetime,
    until: datetime,
) -> list[Met]:
    """Judge each expectation that began within the play. ``acts``: the trainee's facts, without retracted ones."""
    found = []
    for e in expectations:
        start = datetime.combine(floor.day, e.at, since.tzinfo)
        if not since <= start < until:
            continue
        due = start + timedelta(minutes=e.within)
        if HAND_OFF in e.kinds:
            met = _judge_hand_offs(e, floor, start, until)
            if met.state == "met" and not any(a.kind.startswith("escalation.") or a.kind in _STAFFING for a in acts):
                met = met._replace(state="none", note=f"引継ぎの操作なし、{met.note}")
        else:
            met = _judge_acts(e, acts, register, start, due, until)
        if not acts and met.state == "met":  # who recorded nothing has shown nothing
            met = met._replace(state="none", note=f"操作なし、{met.note}")
        found.append(met)
    return found


_STAFFING = ("officials.changed",)


def _judge_acts(
    e: Expectation, acts: Sequence[Entry], register: Register, start: datetime, due: datetime, until: datetime
) -> Met:
    """Judge an expectation by the trainee's facts."""
    seen: set[str] = set()
    done, begun, early = None, not e.after, None
    for act in sorted(acts, key=lambda a: (_at(a), a.seq)):
        begun = begun or act.kind in e.after
        if begun and (act.kind in e.kinds or _corrects(e, act)) and _fits(e, act, register):
            if _at(act) < start:
                early = _at(act)
                continue
            seen.add(_target(act))
            if len(seen) == e.count:
                done = _at(act)
                break
    if e.never:
        if done is not None and done <= due:
            return Met(e, "missed", start, done, None, "した")
        return Met(e, "met" if until >= due else "open", start, note="記録 0件")
    if done is None:
        note = f"{len(seen)}／{e.count}" if e.count > 1 else f"{hm(early)} に記録" if early else ""
        return Met(e, "missed" if until >= due else "open", start, note=note)
    return Met(e, "met" if done <= due else "late", start, done, seconds_between(start, done))


def _at(act: Entry) -> datetime:
    """Return when an act happened: a report's time of reporting, else the fact's instant."""
    reported: datetime | None = getattr(act.fact, "reported_at", None)
    return reported or act.fact.at


def _corrects(e: Expectation, act: Entry) -> bool:
    """Return whether an act gives a recorded incident its category, where one of a category is to be recorded."""
    asked = "incident.opened" in e.kinds and "category" in e.where
    return asked and act.kind == "incident.amended" and getattr(act.fact, "category", None) is not None


def _fits(e: Expectation, act: Entry, register: Register) -> bool:
    """Return whether a fact satisfies the field conditions of an expectation."""
    for name in e.where:
        value = getattr(act.fact, name, None)
        if name == "category" and act.kind.startswith("incident."):
            incident = register.incidents.get(getattr(act.fact, "incident", ""))
            now = incident.category if incident is not None else None
            if act.kind != "incident.opened" or (now is not None and not e.takes(name, now)):
                value = now
        if isinstance(value, tuple):
            if not any(e.takes(name, v) for v in value):
                return False
        elif value is None or not e.takes(name, value):
            return False
    return True


def _target(act: Entry) -> str:
    """Return what a fact is about, so that a repetition counts once; by default the fact's own id."""
    for name in TARGETS:
        if (about := getattr(act.fact, name, None)) is not None:
            return f"{act.kind} {about} {getattr(act.fact, 'unit', '')}"
    return act.fact.id


def _judge_hand_offs(e: Expectation, floor: Floor, start: datetime, until: datetime) -> Met:
    """Judge an expectation on hand-offs by the cases raised."""
    cases = hand_offs(floor, start, until, e.within * 60)
    if not cases:
        return Met(e, "none", start, note="引継ぎ 0件")
    decided = [c for c in cases if c.taken_at is not None or c.late or c.outcome]
    if not decided:
        return Met(e, "open", start, note=f"{len(cases)}件とも対応待ち")
    longest, late = max(c.seconds for c in decided), sum(c.late for c in decided)
    never = any(c.late and c.taken_at is None and not c.outcome for c in decided)
    state: State = "missed" if never else "late" if late else "met"
    note = f"{len(decided)}件のうち{len(decided) - late}件"
    waiting = len(cases) - len(decided)
    return Met(e, state, start, None, longest, note + (f"（ほか対応待ち {waiting}件）" if waiting else ""))
