"""The daily documents as data: the content of the report, ``records_D.json`` and the tables of one day. Pure."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from copy import copy
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any, Protocol

from floorctl.common.clock import iso
from floorctl.common.frozen import frozen
from floorctl.common.lengths import mean_s
from floorctl.common.percentile import p90
from floorctl.documents.day.attendance import Acting, StaffDay, acting, staff_days
from floorctl.documents.day.doubts import doubts
from floorctl.documents.day.hourly import Effect, Hour, effects_of, hours_of
from floorctl.documents.day.loans import Lend, lends_of
from floorctl.documents.day.reasons import Told, told
from floorctl.documents.day.ticket_lines import TicketLine, ticket_lines
from floorctl.documents.layout.material import Row
from floorctl.models.board.breaks_kept import BreakKept, breaks_kept
from floorctl.models.board.flow import charge_vacant_s, officials_absent_s, uncovered_s
from floorctl.models.board.grounds import NONE, grounds
from floorctl.models.board.officials_plan import PlannedNumber, below_s, planned_officials
from floorctl.models.board.places_missed import PlaceMissed, places_missed
from floorctl.models.board.presence import attended
from floorctl.models.board.remarks import marks_of
from floorctl.models.board.stops import Stop, stops
from floorctl.models.board.target_kept import Kept, kept_by_hour, together, waited_unserved
from floorctl.models.board.told import heads_alone, never_seen
from floorctl.models.day.escalation import Escalation
from floorctl.models.day.floor import Floor
from floorctl.models.day.staff import Handover, StaffChange
from floorctl.models.day.terminal import Move
from floorctl.models.facts import kinds as ev
from floorctl.models.register.incident import Incident
from floorctl.models.register.outages import OutageMinutes, outage_minutes
from floorctl.models.register.register import Register


class Sealed(Protocol):
    """A fact's number in the chain of the file and the hash up to it."""

    @property
    def seq(self) -> int: ...
    @property
    def hash(self) -> str: ...


@frozen
class Waits:
    """Waits of the tickets called in a lane, in whole seconds; None if ``n`` is 0 (contract 5)."""

    n: int
    mean_s: int | None
    p90_s: int | None
    max_s: int | None


@frozen
class VacancyLine:
    """Sudden vacancy with the seconds of reception without a substitute (仕様書 5(4)②)."""

    staff: str
    opened_at: datetime
    closed_at: datetime | None
    substitute: str | None
    reason: str
    uncovered_s: int


@frozen
class Tie:
    """Work item with the count of the records and that of its ledger (``read`` None: not read yet)."""

    item: str
    ledger: str
    recorded: int
    read: int | None
    note: str

    @property
    def difference(self) -> int | None:
        """The ledger's count minus that of the records; None if it was not read."""
        return None if self.read is None else self.read - self.recorded


@dataclass(frozen=True)
class DayRecord:
    """One business day as its documents report it; dicts by code have every code of the site, in its order."""

    day: date
    revision: int
    seq: int  # head of the chain for this day; 0 and "" if there is none
    hash: str
    opened_at: datetime | None
    closed_at: datetime | None
    counts: dict[str, int]  # service: tickets finished as done, by their final service
    work: dict[str, int]  # work item: count, tickets and hand tallies together
    tallied: dict[str, int]  # work item: the hand tallies (and corrections) alone
    waits: dict[str, Waits]  # lane
    kept: dict[str, dict[int, Kept]]  # lane: by the hour in which waits began, how many kept the target
    targets_s: dict[str, int]  # lane: the longest wait that keeps the target
    peaks: dict[str, tuple[int, datetime] | None]  # lane: most persons waiting, and since when
    unseen: frozenset[str]  # lanes of which nobody told who waited: nothing is known of their queues
    heads_alone: frozenset[str]  # lanes of which nothing but the number waiting is known
    tickets: tuple[TicketLine, ...]
    from_machine: bool  # a feed issued numbers: it knows appointments and wishes for an accommodation
    allocation: dict[str, str]  # terminal: the lane it had before the first move of the day
    moves: tuple[Move, ...]
    lends: tuple[Lend, ...]
    escalations: tuple[Escalation, ...]
    incidents: tuple[Incident, ...]
    inquiries: dict[str, int]
    staff: tuple[StaffChange, ...]
    attended: tuple[str, ...]  # codes of the staff seen at work
    officials_max: int
    officials_absent_s: int | None  # of the reception hours; None if city staff was never recorded
    officials_plan: tuple[PlannedNumber, ...]  # of the city's staff, by time; () if none is known
    officials_below_s: int  # of the reception hours, with somebody there but fewer than planned
    told: tuple[Told, ...]  # what no table of figures shows: reasons, corrections, paper
    card_stock: ev.CardsCounted | None  # as it was counted on the day
    hours: dict[str, tuple[Hour, ...]]  # lane: each hour of the day
    effects: tuple[Effect, ...]  # of the moves, in their order
    staff_days: tuple[StaffDay, ...]
    handovers: tuple[Handover, ...]  # of the charge of 現場責任者
    acting: tuple[Acting, ...]  # of the charge of 統括責任者
    charge_vacant_s: int | None  # of the reception hours; None if the charge was never recorded
    vacancies: tuple[VacancyLine, ...]
    breaks_kept: tuple[BreakKept, ...]  # planned, and taken
    places_missed: tuple[PlaceMissed, ...]  # of the plan of places
    stops: tuple[Stop, ...]
    outages: tuple[OutageMinutes, ...]
    ties: tuple[Tie, ...]  # work items that a terminal or a register counts too, in the site's order
    report: dict[str, ev.ReportWritten]  # texts by head of the daily report
    slots: tuple[ev.Slot, ...]  # appointments of the day
    marks: dict[str, int]  # remarks on tickets, by their words
    accommodations: dict[str, int]
    referrals: dict[str, int]
    custody: tuple[int, int]  # cards taken into custody during an outage, and given back
    report_closed_at: datetime | None
    doubts: tuple[str, ...]  # inconsistencies of the record, as sentences
    editions: tuple[Row, ...] = ()  # rows of ``revisions.rows``, of a day whose report was issued again

    def to_json(self) -> dict[str, Any]:
        """Return ``records_D.json`` as data, keys in the order of the contract (5)."""
        return {
            "day": self.day.isoformat(),
            "revision": self.revision,
            "counts": self.counts,
            "work": self.work,
            "waits": {lane: asdict(w) for lane, w in self.waits.items()},
            "targets": {
                lane: {
                    **together(hours.values()).to_json(self.targets_s[lane]),
                    "hours": {f"{h:02d}": k.counts() for h, k in sorted(hours.items())},
                }
                for lane, hours in self.kept.items()
            },
            "moves": [
                {"at": iso(m.at), "terminal": m.terminal, "from": m.origin, "to": m.to, "reason": m.reason}
                for m in self.moves
            ],
            "lends": [
                {
                    "at": iso(x.at),
                    "terminal": x.terminal,
                    "home": x.home,
                    "to": x.to,
                    "went": _iso(x.went),
                    "back": _iso(x.back),
                    "reason": x.reason,
                }
                for x in self.lends
            ],
            "escalations": [
                {
                    "escalation": e.code,
                    "matter": e.matter,
                    "raised_at": _iso(e.raised_at),
                    "taken_at": _iso(e.taken_at),
                    "settled_at": _iso(e.settled_at),
                    "outcome": e.outcome,
                }
                for e in self.escalations
            ],
            "incidents": [i.to_json() | i.details() for i in self.incidents],
            "inquiries": self.inquiries,
            "staff": [{"staff": s.staff, "status": s.status, "at": iso(s.at), "reason": s.reason} for s in self.staff],
            "head": {"seq": self.seq, "hash": self.hash},
        }


def day_record(
    floor: Floor, register: Register, head: Sealed | None, *, revision: int, now: datetime | None = None
) -> DayRecord:
    """Return the record of the day of ``floor``, a snapshot that does not change when the fold goes on.

    ``register`` should be folded up to the end of the day, so that a report made again later is the same. ``head`` is
    the last fact of the day; ``revision`` counts late facts after the close. What goes on in an open day ends with its
    last fact, on a screen at ``now``, as on the board.
    """
    site = floor.site
    until = floor.closed_at or now or floor.last_fact_at
    g = grounds(floor, register, until) if until else NONE
    unserved = waited_unserved(floor, until, g)
    lines = ticket_lines(floor, unserved)
    work, counts = floor.work_done(), Counter(t.service for t in lines if t.fate == "done")
    escalations = sorted(floor.escalations.values(), key=lambda e: (_iso(e.raised_at) or "", e.code))
    return DayRecord(
        day=floor.day,
        revision=revision,
        seq=head.seq if head else 0,
        hash=head.hash if head else "",
        opened_at=floor.opened_at,
        closed_at=floor.closed_at,
        counts={s.code: counts[s.code] for s in site.services},
        work=_by_code(site.work_item_by_code, work),
        tallied=_by_code(site.work_item_by_code, floor.work),
        waits=_waits(floor, lines),
        kept=kept_by_hour(floor, until, g, unserved),
        targets_s={lane: site.wait_target_s(lane) for lane in floor.lanes},
        peaks={q.code: _peak(q.history) for q in floor.lanes.values()},
        unseen=frozenset(q.code for q in floor.lanes.values() if never_seen(q)),
        heads_alone=frozenset(q.code for q in floor.lanes.values() if heads_alone(q)),
        tickets=lines,
        from_machine=any(e.kind == "ticket.issued" and e.source not in ("console", "paper") for e in floor.entries),
        allocation={t.code: t.own_lane for t in floor.terminals.values()}
        | {m.terminal: m.origin for m in floor.moves[::-1]},
        moves=tuple(floor.moves),
        lends=lends_of(floor, until),
        escalations=tuple(copy(e) for e in escalations),
        incidents=tuple(incident_copy(i) for i in register.incidents_of(floor.day)),
        inquiries=dict(floor.inquiries),
        staff=tuple(floor.staff_changes),
        attended=attended(floor),
        officials_max=max((n for _, n in floor.officials_history), default=0),
        officials_absent_s=officials_absent_s(floor, until) if until else None,
        officials_plan=planned_officials(site, register, floor.day),
        officials_below_s=below_s(floor, planned_officials(site, register, floor.day), until) if until else 0,
        told=tuple(told(floor)),
        card_stock=register.cards.get(floor.day),
        hours=hours_of(floor, lines),
        effects=effects_of(floor),
        staff_days=staff_days(floor, register, until) if until else (),
        handovers=tuple(floor.charge_log()),
        acting=acting(floor, register),
        charge_vacant_s=charge_vacant_s(floor, until) if until else None,
        vacancies=_vacancies(floor, until),
        stops=stops(floor, until),
        breaks_kept=breaks_kept(floor, until) if until else (),
        places_missed=places_missed(floor, until) if until else (),
        outages=_outages(floor, register, until),
        ties=tuple(
            Tie(w.code, w.ledger, work[w.code], read.count if read else None, read.note if read else "")
            for w in site.work_items
            if w.ledger
            for read in [floor.totals.get(w.code)]
        ),
        report=dict(floor.report),
        slots=register.slots(floor.day),
        marks=marks_of(floor),
        accommodations=dict(floor.accommodations),
        referrals=dict(floor.referrals),
        custody=(floor.custody_taken, floor.custody_returned),
        report_closed_at=floor.report_closed_at,
        doubts=tuple(doubts(floor, lines, work, escalations)),
    )


def _iso(at: datetime | None) -> str | None:
    return iso(at) if at else None


def incident_copy(incident: Incident) -> Incident:
    """Return a copy of an incident that the fold does not change."""
    held = copy(incident)
    held.notes = list(incident.notes)
    return held


def _by_code(codes: Iterable[str], counted: Counter[str]) -> dict[str, int]:
    """Return the count of every code, 0 included, then of codes that the site no longer has."""
    codes = list(codes)
    return {c: counted[c] for c in [*codes, *sorted(c for c in counted if c not in codes)]}


def _waits(floor: Floor, lines: tuple[TicketLine, ...]) -> dict[str, Waits]:
    """Return the waits of the tickets called, by lane (contract 5)."""
    return {lane: waits_of(t.wait_s for t in lines if t.lane == lane and t.wait_s is not None) for lane in floor.lanes}


def waits_of(seconds: Iterable[int]) -> Waits:
    """Return number, mean (floored), 90th percentile (nearest rank) and maximum of waits."""
    ordered = sorted(seconds)
    n = len(ordered)
    if n == 0:
        return Waits(0, None, None, None)
    return Waits(n, mean_s(sum(ordered), n), p90(ordered), ordered[-1])


def waits_untold(record: DayRecord, lane: str) -> bool:
    """Return whether people were served in a lane of whose waits nothing is known."""
    return lane in record.heads_alone or any(t.lane == lane and t.called_at for t in record.tickets)


def no_waits_word(record: DayRecord, lane: str) -> str:
    """Return why a lane has no wait to show: nobody was called, or nobody told how long they had waited."""
    return "待ち時間の記録なし" if waits_untold(record, lane) else "呼出しなし"


def _peak(history: list[tuple[datetime, int]]) -> tuple[int, datetime] | None:
    """Return the most people waiting at once and since when; None if nobody waited."""
    if not history:
        return None
    at, n = max(history, key=lambda change: change[1])
    return (n, at) if n else None


def _vacancies(floor: Floor, until: datetime | None) -> tuple[VacancyLine, ...]:
    return tuple(
        VacancyLine(
            v.staff, v.opened_at, v.closed_at, v.substitute, v.reason, uncovered_s(floor, v, until) if until else 0
        )
        for v in floor.vacancies
    )


def _outages(floor: Floor, register: Register, until: datetime | None) -> tuple[OutageMinutes, ...]:
    """Return the minutes of reception that outages cost each service on this day."""
    if until is None:
        return ()
    day, calendar = floor.day, register.calendar(floor.site)
    return tuple(outage_minutes(register, floor.site, calendar, day, day, until))


def records_json(record: DayRecord) -> bytes:
    """Return ``records_D.json``, keys in the order of the contract."""
    return json_bytes(record.to_json())


def json_bytes(document: Any) -> bytes:
    """Return UTF-8 JSON, indented, with a newline at the end; lone surrogates become ``?``."""
    text = json.dumps(document, ensure_ascii=False, indent=2, allow_nan=False)
    return f"{text}\n".encode(errors="replace")
