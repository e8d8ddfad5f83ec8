"""Document of ``floorctl status --json``: the board as data (contract 3). Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from floorctl.common.clock import iso, seconds_between
from floorctl.models.board.alert import Alert
from floorctl.models.board.alerts import alerts
from floorctl.models.board.foreseen import Foreseen
from floorctl.models.board.grounds import grounds
from floorctl.models.board.longest import longest_known, longest_wait
from floorctl.models.board.lost_time import lost_today
from floorctl.models.board.reception_hours import service_state
from floorctl.models.board.reception_notice import notices
from floorctl.models.board.target_kept import by_lane, kept_by_hour
from floorctl.models.board.told import busy_untold, untold
from floorctl.models.day.floor import Floor
from floorctl.models.day.terminal import TerminalState
from floorctl.models.facts.entry import Head
from floorctl.models.register.contract_end import contract_end
from floorctl.models.register.pressing_duties import pressing
from floorctl.models.register.register import Register
from floorctl.models.site.calendar import DayInfo


@dataclass(repr=False)
class LaneCounts:
    """Tickets of a lane so far: all of them as ``issued``, and those finished, absent and gone."""

    issued: int = 0
    served: int = 0
    incomplete: int = 0
    desk3: int = 0
    no_show: int = 0
    left: int = 0
    counted_out: int = 0
    recalls: int = 0  # further calls of a number at the terminal that served it


def lane_counts(floor: Floor) -> dict[str, LaneCounts]:
    """Return the day's totals by lane, for every screen; a finish counts in the lane of its service at that time."""
    counts = {lane: LaneCounts() for lane in floor.lanes}
    for t in floor.tickets.values():
        c = counts[floor.counted_lane(t)]
        c.issued += 1
        if t.state == "waiting" and t.outcome is None:
            continue
        c.recalls += t.recalls
        if t.outcome == "done":
            c.served += 1
        elif t.state == "no_show":
            c.no_show += 1
        elif t.state == "left":
            c.left += 1
        elif t.state == "counted_out":
            c.counted_out += 1
        elif t.outcome == "incomplete":
            c.incomplete += 1
        elif t.outcome == "desk3":
            c.desk3 += 1
    return counts


def status(
    floor: Floor,
    register: Register,
    info: DayInfo,
    now: datetime,
    head: Head,
    began: date | None = None,
    predicted: Mapping[str, tuple[int, int | None]] | None = None,
    ahead: Mapping[str, Foreseen] | None = None,
) -> dict[str, Any]:
    """Return the contract's document of the board at ``now``; ``began``: first day of hand-made records.

    ``predicted``: by lane with waiting people, p50 and p90 of the rest of the last person's wait (s; p90 None: after
    the close). ``ahead``: what is foreseen by lane.
    """
    site = floor.site
    owed = pressing(site, register, register.calendar(site), floor.day, began)
    counts = lane_counts(floor)
    g = grounds(floor, register, now)
    ending = contract_end(site, register, floor.day)
    found: list[Alert] = alerts(floor, register, info, now, owed=owed, ending=ending, ahead=ahead, g=g)
    states = {s.code: service_state(floor, info, s.code, now) for s in site.services}
    services = []
    for s in site.services:
        opens, closes = site.hours(s.code, floor.day.weekday())
        services.append(
            {
                "service": s.code,
                "lane": s.lane,
                "accepting": states[s.code] == "open",
                "state": states[s.code],
                "from": opens.strftime("%H:%M"),
                "to": closes.strftime("%H:%M"),
                "decided_by": stop.decided_by or None if (stop := floor.stopped.get(s.code)) else None,
                **_still_given((ahead or {}).get(s.lane), states[s.code]),
            }
        )
    kept = by_lane(kept_by_hour(floor, now, g))
    lanes = []
    for lane in site.lanes:
        longest, c = longest_wait(floor, lane.code, now, g), counts[lane.code]
        known = longest_known(floor, lane.code, now, g)
        withheld = g.withheld.get(lane.code)
        if withheld is not None and withheld.code == "silent" and not floor.lanes[lane.code].waiting:
            withheld = None  # no figure of this lane rests on the silent source
        lanes.append(
            {
                "lane": lane.code,
                "waiting": floor.lanes[lane.code].waiting,
                "never_called": len(g.never_called(lane.code)),
                "longest_wait_s": longest[1] if longest else None,
                "longest_wait_at_least_s": known.seconds if known else None,
                "uncounted": floor.lanes[lane.code].uncounted,
                "predicted_wait_s": _predicted((predicted or {}).get(lane.code)) if withheld is None else None,
                "withheld": withheld.to_json() if withheld else None,
                "untold": untold(floor.lanes[lane.code], now),
                "served": c.served,
                "incomplete": c.incomplete,
                "desk3": c.desk3,
                "no_show": c.no_show,
                "left": c.left,
                "counted_out": c.counted_out,
                "recalls": c.recalls,
                "target": kept[lane.code].to_json(site.wait_target_s(lane.code)),
                "terminals": [t.code for t in floor.terminals_of(lane.code)],
            }
        )
    return {
        "day": floor.day.isoformat(),
        "now": iso(now),
        "open": floor.is_open,
        "last_fact_at": iso(floor.last_fact_at) if floor.last_fact_at else None,
        "services": services,
        "lanes": lanes,
        "terminals": [_terminal(floor, t, now) for t in floor.terminals.values()],
        "escalations": [
            {
                "escalation": e.code,
                "matter": e.matter,
                "terminal": e.terminal,
                "ticket": e.ticket,
                "state": e.state,
                "age_s": (age := seconds_between(e.raised_at, floor.moment(now))),
                "overdue": age >= site.thresholds.escalation_red_s,
            }
            for e in floor.open_escalations()
            if e.raised_at is not None
        ],
        "lend_permit": [t.code for t in site.terminals if t.code in floor.lend_permit],
        "officials": floor.officials,
        "seats": {"capacity": site.seats.capacity, "waiting": floor.persons},
        "staff": _staff(floor, register, info),
        "manager": _holder(floor, "site_manager"),
        "general_manager": _holder(floor, "general_manager"),
        "contract": ending.to_json(),
        "incidents": [i.to_json() for i in register.open_incidents()],
        "lost_minutes": lost_today(floor, register, now).to_json(),
        "notices": [
            {"lane": x.lane, "service": x.service or None, "text": x.text_full}
            for x in notices(floor, ahead or {}, now)
        ],
        "alerts": [{"code": a.code, "severity": a.severity, "text": a.text} for a in found],
        "anomalies": len(floor.anomalies),
        "head": {"seq": head.seq, "hash": head.hash},
    }


def _predicted(wait: tuple[int, int | None] | None) -> dict[str, int | None] | None:
    return None if wait is None else {"p50": wait[0], "p90": wait[1]}


def _still_given(seen: Foreseen | None, state: str) -> dict[str, Any]:
    """Return how many numbers of a service's lane may still be given, and until when; null where nothing is foreseen."""
    told = seen if seen is not None and state == "open" and seen.short else None
    return {
        "may_give": told.may_give if told else None,
        "stop_at": iso(told.stop_at) if told and told.may_give is not None and told.stop_at else None,
    }


def _staff(floor: Floor, register: Register, info: DayInfo) -> list[dict[str, Any]]:
    """Return everybody named by a fact today, and on an open day the rest of the roster as expected, by code."""
    found: dict[str, tuple[str, str | None]] = {}
    if info.open or floor.opened_at is not None:
        found = {p.code: ("expected", None) for p in register.team(floor.day)}
    found |= {s.code: (s.status, s.until) for s in floor.staff.values()}
    people = register.people
    return [
        {"staff": code, "role": people[code].role if code in people else None, "status": status, "until": until}
        for code, (status, until) in sorted(found.items())
    ]


def _holder(floor: Floor, charge: str) -> dict[str, Any]:
    """Return who holds a charge and since when (仕様書 5(1)); null with a time: nobody since then."""
    log = floor.charge_log(charge)
    return {"staff": floor.holder(charge), "since": iso(log[-1].at) if log else None}


def _terminal(floor: Floor, t: TerminalState, now: datetime) -> dict[str, Any]:
    return {
        "terminal": t.code,
        "lane": t.lane,
        "next_lane": t.next_lane,
        "home": t.home,
        "state": floor.state(t.code),
        "ticket": t.ticket,
        "staff": t.staff,
        "since": iso(t.since) if t.since else None,
        "untold": floor.is_open and busy_untold(floor, t, now),
    }
