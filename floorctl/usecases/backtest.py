"""Predictions against what came of them, over whole days: made from the facts up to each instant, never from later ones.

``floorctl backtest`` prints it (docs/advice.md, "Predicted waits"). A day comes with its truth in a table beside the feed
(``NAME.truth.csv``: ``at,lane,waiting,desks,wait_s``), or else the feed itself tells what became of whoever was last.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from statistics import fmean, median
from typing import Any, NamedTuple

from floorctl.advice.forecast import Forecaster
from floorctl.commands.fold import apply, fold
from floorctl.common.clock import business_day
from floorctl.common.errors import FloorctlError
from floorctl.intake.demand_table import demand_table
from floorctl.intake.feed import BadLine, lines, open_feed, parse_line
from floorctl.models.board.breaks import WORKING
from floorctl.models.board.flow import flows
from floorctl.models.day.floor import Floor
from floorctl.models.facts.day_facts import Entry, order
from floorctl.models.facts.fields import MOST
from floorctl.models.register.register import Register
from floorctl.models.site.site import Site

_PLAIN_S = 13 * 60  # the plain rule: so long a case
_STEP = timedelta(minutes=5)


class Asked(NamedTuple):
    """An instant and a lane for which the truth is known: ``wait_s``, what the last person had still to wait."""

    at: datetime
    lane: str
    waiting: int
    desks: int
    wait_s: int


class Told(NamedTuple):
    """What was asked, and what the predictions said."""

    asked: Asked
    p50_s: int
    p90_s: int
    own_mean_s: float  # of today's cases so far; the plain rule's where there are none


@dataclass
class DayResult:
    """A day's answers; ``unsaid``: asked, but no desk was at work to predict from. ``halves``: for each half hour ahead
    that was forecast at a full hour, whether the arrivals lay within the interval."""

    feed: str
    day: date
    told: list[Told] = field(default_factory=list)
    unsaid: int = 0
    halves: list[bool] = field(default_factory=list)


def read_day(path: Path, site: Site) -> list[Entry]:
    """The facts of a feed in their order. Raises FloorctlError on a line that would be refused, or on several days."""
    found: list[Entry] = []
    with open_feed(path) as stream:
        for some in lines(stream):
            for number, raw in some:
                if raw is None or not raw.strip():
                    continue
                try:
                    fact = parse_line(raw, site)
                except BadLine as e:
                    raise FloorctlError(
                        f"{path.name} の{number}行目を読めません", str(e), "その行を直してください"
                    ) from None
                found.append(Entry(number, "feed", fact.at, "feed", fact))
    if not found:
        raise FloorctlError(f"{path.name} に記録がありません", "空のフィードです", "別のフィードを指定してください")
    if len({business_day(e.fact.at) for e in found}) > 1:
        raise FloorctlError(
            f"{path.name} には複数の日があります", "1日ずつ調べます", "日ごとのフィードに分けてください"
        )
    return sorted(found, key=order)


def _count(text: str) -> int:
    """A count or seconds of a day. Raises ValueError for what can be none."""
    n = int(text)
    if not 0 <= n <= MOST:
        raise ValueError("count")
    return n


def read_truth(path: Path, site: Site) -> list[Asked]:
    """The rows of a table of truth that know the wait. Raises FloorctlError where it is no such table."""
    try:
        rows = list(csv.DictReader(path.read_text(encoding="utf-8-sig").splitlines()))
        return [
            Asked(
                datetime.fromisoformat(r["at"]),
                r["lane"],
                _count(r["waiting"]),
                _count(r["desks"]),
                _count(r["wait_s"]),
            )
            for r in rows
            if r["wait_s"] and r["lane"] in site.lane_by_code
        ]
    except (OSError, KeyError, ValueError):
        raise FloorctlError(
            f"{path.name} を読めません",
            "at,lane,waiting,desks,wait_s の表ではありません",
            "ファイルを確かめてください",
        ) from None


def truth_of(entries: list[Entry], site: Site) -> list[Asked]:
    """Every five minutes and lane, from the feed itself: when the last of those who waited was called. Who was never
    called is left out."""
    day = business_day(entries[0].fact.at)
    whole = fold(site, day, entries)
    instants = _every(entries[0].fact.at, entries[-1].fact.at)
    found = []
    for at, floor in _through(entries, site, day, instants):
        for lane in site.lanes:
            calls = [c for n in floor.lanes[lane.code].tickets if (c := whole.tickets[n].called_at) is not None]
            called = max(calls, default=at)
            if called > at:
                found.append(
                    Asked(
                        at,
                        lane.code,
                        floor.lanes[lane.code].waiting,
                        sum(floor.state(t.code) in WORKING for t in floor.terminals_of(lane.code)),
                        int((called - at).total_seconds()),
                    )
                )
    return found


def _every(start: datetime, end: datetime) -> list[datetime]:
    first = start.replace(minute=start.minute - start.minute % 5, second=0, microsecond=0) + _STEP
    return [first + _STEP * n for n in range(max(0, int((end - first) / _STEP)) + 1)]


def _through(
    entries: list[Entry], site: Site, day: date, instants: Iterable[datetime]
) -> Iterator[tuple[datetime, Floor]]:
    """The Floor at each instant, from the facts up to it: the same one, moved on."""
    gone = fold(site, day, entries).retracted
    floor, n = Floor(site, day), 0
    for at in instants:
        while n < len(entries) and entries[n].fact.at <= at:
            if entries[n].key not in gone:
                apply(floor, entries[n])
            n += 1
        yield at, floor


def backtest(path: Path, site: Site) -> DayResult:
    """Predicts a whole day as it went, and keeps what was said beside what came."""
    entries = read_day(path, site)
    day = business_day(entries[0].fact.at)
    beside = path.with_suffix(".truth.csv")
    asked: dict[datetime, list[Asked]] = {}
    for a in read_truth(beside, site) if beside.is_file() else truth_of(entries, site):
        asked.setdefault(a.at, []).append(a)
    result = DayResult(path.stem, day)
    forecaster, register = Forecaster(site, day, demand_table(site)), Register()
    for at, floor in _through(entries, site, day, sorted(asked)):
        waits, flow = forecaster.waits(floor, register, at), flows(floor, at)
        for a in asked[at]:
            last = waits[a.lane].last
            if last is None:
                result.unsaid += 1
            else:
                own = flow[a.lane].mean_service_s
                result.told.append(Told(a, last.p50_s, last.p90_s, _PLAIN_S if own is None else own))
    result.halves = _arrivals(entries, site, day, forecaster, register)
    return result


def _arrivals(entries: list[Entry], site: Site, day: date, forecaster: Forecaster, register: Register) -> list[bool]:
    """At each full hour of the reception, each half hour ahead of each lane: within the interval or not."""
    whole = fold(site, day, entries)
    came = [(t.issued_at, whole.lane_of(t)) for t in whole.tickets.values() if t.issued_at is not None]
    first, last = entries[0].fact.at, entries[-1].fact.at
    hours = [first.replace(minute=0, second=0, microsecond=0) + timedelta(hours=n) for n in range(1, 14)]
    found = []
    for at, floor in _through(entries, site, day, [h for h in hours if h < last]):
        if not floor.is_open:
            continue
        for code, lane in forecaster.demand(floor, register, at).lanes.items():
            found += [
                h.low <= sum(h.start <= x < h.end and c == code for x, c in came) <= h.high
                for h in lane.halves
                if h.start >= at and h.prior
            ]
    return found


def summary(results: list[DayResult]) -> dict[str, Any]:
    """Figures over days: ``n`` answers, median errors in seconds of the plain rule and of p50, their ``ratio``, that of
    the plain rule with today's own mean, the share of waits at or under p90 (``covered``) and at or under p50
    (``under_p50``), and of half hours whose arrivals lay within the interval (``arrivals_within``). None where nothing
    was asked."""
    told = [t for r in results for t in r.told]
    halves = [h for r in results for h in r.halves]
    if not told:
        return {"n": 0, "unsaid": sum(r.unsaid for r in results)}
    plain = median(abs(_rule(t.asked, _PLAIN_S) - t.asked.wait_s) for t in told)
    own = median(abs(_rule(t.asked, t.own_mean_s) - t.asked.wait_s) for t in told)
    ours = median(abs(t.p50_s - t.asked.wait_s) for t in told)
    return {
        "n": len(told),
        "unsaid": sum(r.unsaid for r in results),
        "plain_s": round(plain),
        "p50_s": round(ours),
        "ratio": round(ours / plain, 3) if plain else None,
        "own_mean_ratio": round(own / plain, 3) if plain else None,
        "covered": round(fmean(t.asked.wait_s <= t.p90_s for t in told), 3),
        "under_p50": round(fmean(t.asked.wait_s <= t.p50_s for t in told), 3),
        "arrivals_within": round(fmean(halves), 3) if halves else None,
    }


def _rule(a: Asked, each_s: float) -> float:
    """The plain rule: those who wait, times the length of a case, by the desks."""
    return a.waiting * each_s / max(1, a.desks)
