"""Backtest of predictions over whole past days: each is made from the facts up to its instant, never from later ones.

``floorctl backtest`` prints it (docs/advice.md, "Predicted waits"). The true waits of a day come from the table beside
the feed (``NAME.truth.csv``: ``at,lane,waiting,desks,wait_s``), else from the calls in the feed itself.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from math import inf
from pathlib import Path
from statistics import fmean, median
from typing import Any, NamedTuple

from floorctl.advice.forecast import Forecaster
from floorctl.advice.waits import Wait
from floorctl.commands.fold import apply, fold
from floorctl.common.clock import business_day
from floorctl.common.errors import FloorctlError
from floorctl.intake.demand_table import demand_table
from floorctl.intake.feed import BadLine, lines, open_feed, parse_line
from floorctl.models.board.flow import flows
from floorctl.models.day.floor import Floor
from floorctl.models.facts.entry import Entry, order
from floorctl.models.facts.fields import MOST
from floorctl.models.register.register import Register
from floorctl.models.site.site import Site

_PLAIN_S = 13 * 60  # service time of the plain rule
_STEP = timedelta(minutes=5)
_LONG_S = 15 * 60  # a wait told as so long is one of a busy hour


class TrueWait(NamedTuple):
    """Instant and lane with a known wait: ``wait_s``, seconds until the last person waiting was called."""

    at: datetime
    lane: str
    waiting: int
    desks: int
    wait_s: int


class Prediction(NamedTuple):
    """Prediction for one instant and lane, p50 and p90 of the wait in seconds; p90 inf: beyond the hall's closing."""

    true: TrueWait
    p50_s: int
    p90_s: float
    own_mean_s: float  # mean of today's cases so far, else the plain rule's


@dataclass
class DayResult:
    """Predictions of one day.

    ``unpredicted``: number of instants without a desk at work to predict from. ``halves``: for each half hour forecast
    at a full hour, whether its arrivals were within the interval.
    """

    feed: str
    day: date
    predictions: list[Prediction] = field(default_factory=list)
    unpredicted: int = 0
    halves: list[bool] = field(default_factory=list)


def read_day(path: Path, site: Site) -> list[Entry]:
    """Return the facts of a feed in order. Raise FloorctlError on a line that would be refused, or on several days."""
    found: list[Entry] = []
    ids: set[str] = set()
    with open_feed(path) as stream:
        for batch in lines(stream):
            for number, raw in batch:
                if raw is None or not raw.strip():
                    continue
                try:
                    fact = parse_line(raw, site)
                except BadLine as e:
                    what = f"{path.name} の{number}行目を読めません"
                    raise FloorctlError(what, str(e), "その行を直してください") from None
                if fact.id not in ids:  # a line told twice changes nothing, as when it is taken in
                    ids.add(fact.id)
                    found.append(Entry(number, "feed", fact.at, "feed", fact))
    if not found:
        raise FloorctlError(f"{path.name} に記録がありません", "中身が空です", "別のファイルを指定してください")
    if len({business_day(e.fact.at) for e in found}) > 1:
        what = f"{path.name} には複数の日があります"
        raise FloorctlError(what, "1日ずつ調べます", "日ごとのファイルに分けてください")
    return sorted(found, key=order)


def _count(text: str) -> int:
    """Return a count or seconds of a day. Raise ValueError out of range."""
    n = int(text)
    if not 0 <= n <= MOST:
        raise ValueError("count")
    return n


def read_truth(path: Path, site: Site) -> list[TrueWait]:
    """Return the rows of a table of true waits that have a wait. Raise FloorctlError if it is not such a table."""
    try:
        rows = list(csv.DictReader(path.read_text(encoding="utf-8-sig").splitlines()))
        return [
            TrueWait(
                datetime.fromisoformat(r["at"]), r["lane"], *(_count(r[x]) for x in ("waiting", "desks", "wait_s"))
            )
            for r in rows
            if r["wait_s"] and r["lane"] in site.lane_by_code
        ]
    except (OSError, KeyError, ValueError):
        why = "at,lane,waiting,desks,wait_s の表ではありません"
        raise FloorctlError(f"{path.name} を読めません", why, "ファイルを確かめてください") from None


def truth_of(entries: list[Entry], site: Site) -> list[TrueWait]:
    """Return the true waits every five minutes and lane: the time until the last ticket then waiting was called.

    Tickets that were never called are left out.
    """
    day = business_day(entries[0].fact.at)
    whole = fold(site, day, entries)
    called_at = {t.key: t.called_at for t in whole.tickets.values()}
    instants = _every(entries[0].fact.at, entries[-1].fact.at)
    found = []
    for at, floor in _through(entries, site, day, instants):
        for lane in site.lanes:
            held = floor.lanes[lane.code].tickets.values()
            calls = [c for t in held if (c := called_at.get(t.key)) is not None]
            called = max(calls, default=at)
            if called > at:
                waiting = floor.lanes[lane.code].waiting
                desks = sum(floor.works(t.code) for t in floor.terminals_of(lane.code))
                found.append(TrueWait(at, lane.code, waiting, desks, int((called - at).total_seconds())))
    return found


def _every(start: datetime, end: datetime) -> list[datetime]:
    """Return the instants every five minutes of the clock, after ``start`` and up to ``end``."""
    first = start.replace(minute=start.minute - start.minute % 5, second=0, microsecond=0) + _STEP
    return [first + _STEP * n for n in range(max(0, int((end - first) / _STEP)) + 1)]


def _through(
    entries: list[Entry], site: Site, day: date, instants: Iterable[datetime]
) -> Iterator[tuple[datetime, Floor]]:
    """Yield the Floor at each instant, folded from the facts up to it; one Floor, moved on."""
    gone = fold(site, day, entries).retracted
    floor, n = Floor(site, day), 0
    for at in instants:
        while n < len(entries) and entries[n].fact.at <= at:
            if entries[n].key not in gone:
                apply(floor, entries[n])
            n += 1
        yield at, floor


def backtest(path: Path, site: Site) -> DayResult:
    """Predict a whole past day step by step and return the predictions with the true waits."""
    entries, beside = read_day(path, site), path.with_suffix(".truth.csv")
    return predicted(
        path.stem, entries, read_truth(beside, site) if beside.is_file() else truth_of(entries, site), site
    )


def predicted(name: str, entries: list[Entry], truth: Iterable[TrueWait], site: Site) -> DayResult:
    """Predict the instants of ``truth``, each from the facts up to it, and the arrivals of each half hour."""
    day = business_day(entries[0].fact.at)
    waits_at: dict[datetime, list[TrueWait]] = {}
    for a in truth:
        waits_at.setdefault(a.at, []).append(a)
    result = DayResult(name, day)
    forecaster, register = Forecaster(site, day, demand_table(site)), Register()
    for at, floor in _through(entries, site, day, sorted(waits_at)):
        waits, flow = forecaster.waits(floor, register, at), flows(floor, at)
        for a in waits_at[at]:
            last = waits[a.lane].last
            if last is None:
                result.unpredicted += 1
            else:
                own = flow[a.lane].mean_service_s
                result.predictions.append(Prediction(a, last.p50_s, _most(last), _PLAIN_S if own is None else own))
    result.halves = _arrivals(entries, site, day, forecaster, register)
    return result


def _most(wait: Wait) -> float:
    return inf if wait.p90_s is None else wait.p90_s


def _arrivals(entries: list[Entry], site: Site, day: date, forecaster: Forecaster, register: Register) -> list[bool]:
    """Return, for each half hour ahead of each full hour and lane, whether its arrivals were within the interval."""
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
    """Return figures over days, or only ``n`` 0 and ``unsaid`` if nothing was predicted.

    ``n`` predictions; median errors (s) of the plain rule and of p50 with their ``ratio``, and that of the plain rule
    with the day's own mean; shares of waits at most p90 (``covered``) and p50 (``under_p50``), and of half hours whose
    arrivals were within the interval (``arrivals_within``). ``told_short`` and ``told_long``: the shares of what was told
    as under a quarter of an hour and as more, None if nothing was.
    """
    found = [t for r in results for t in r.predictions]
    halves = [h for r in results for h in r.halves]
    if not found:
        return {"n": 0, "unsaid": sum(r.unpredicted for r in results)}
    plain = median(abs(_rule(t.true, _PLAIN_S) - t.true.wait_s) for t in found)
    own = median(abs(_rule(t.true, t.own_mean_s) - t.true.wait_s) for t in found)
    ours = median(abs(t.p50_s - t.true.wait_s) for t in found)
    return {
        "n": len(found),
        "unsaid": sum(r.unpredicted for r in results),
        "plain_s": round(plain),
        "p50_s": round(ours),
        "ratio": round(ours / plain, 3) if plain else None,
        "own_mean_ratio": round(own / plain, 3) if plain else None,
        **_shares(found),
        "told_short": _of_load([t for t in found if t.p50_s < _LONG_S]),
        "told_long": _of_load([t for t in found if t.p50_s >= _LONG_S]),
        "arrivals_within": round(fmean(halves), 3) if halves else None,
    }


def _shares(found: list[Prediction]) -> dict[str, Any]:
    return {
        "covered": round(fmean(t.true.wait_s <= t.p90_s for t in found), 3),
        "under_p50": round(fmean(t.true.wait_s <= t.p50_s for t in found), 3),
    }


def _of_load(found: list[Prediction]) -> dict[str, Any] | None:
    return {"n": len(found), **_shares(found)} if found else None


def _rule(a: TrueWait, each_s: float) -> float:
    """Return the wait by the plain rule (s): people waiting x service time / desks."""
    return a.waiting * each_s / max(1, a.desks)
