"""Documents of a month, a fiscal year and the contract agree with a recount of the raw facts of all their days."""

from __future__ import annotations

import json
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from floorctl.common.output_file import Exported
from floorctl.models.site.site import Site
from floorctl.rehearsal.simulated_feed import simulated_feed
from floorctl.usecases import period_reports as reports
from floorctl.usecases.closing import Answers, close
from floorctl.usecases.session import Session
from tests import recount as own
from tests.house.test_recount import take_in
from tests.story import Desk, a_day, instant

# Two days of a month, one of the next month, one of the next fiscal year; the second is never closed.
DAYS = (date(2026, 9, 14), date(2026, 9, 15), date(2026, 10, 1), date(2027, 4, 2))
LATE = date(2027, 4, 3)
Json = dict[str, Any]


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory, site: Site) -> Path:
    path = tmp_path_factory.mktemp("periods") / "floor.db"
    desk = Desk(path, site)
    for n, day in enumerate(DAYS):
        desk.at("17:12", day)
        lines = [
            x for x in simulated_feed(site, day, n, "normal").splitlines(keepends=True) if b'"day.closed"' not in x
        ]
        take_in(desk, b"".join(lines))
        desk.does("inquiry.counted", topic="持ち物", count=n + 1)
        desk.does("work.counted", item="photo", count=2)
        if n != 1:
            assert close(desk.session, day, Answers(), path.parent / "out").trouble is None
    # After the close of the first day a ticket of it arrives late.
    desk.at("09:00", LATE)
    late = (
        a_day(DAYS[0], prefix="late").issues("B900", at="10:00").calls("B900", at="10:30").finishes("B900", at="10:40")
    )
    take_in(desk, late.feed())
    desk.close()
    return path


def told(filled: Path, site: Site, span: reports.Span, *, frozen: bool = False) -> Json:
    """The JSON of a period's documents."""
    clock = instant("10:00", LATE)
    session = Session(site, filled, frozen=clock) if frozen else Session(site, filled, clock=lambda: clock)
    try:
        done: Exported = reports.export_period(session, span, filled.parent / ("frozen" if frozen else "out"))
    finally:
        session.close()
    (path,) = [p for p in done.paths if p.suffix == ".json"]
    found: Json = json.loads(path.read_text("utf-8"))
    return found


SPANS = {
    "a month": (lambda site: reports.month_of(date(2026, 9, 1)), DAYS[:2]),
    "a fiscal year": (lambda site: reports.fiscal_year_of(2026), DAYS[:3]),
    "the contract": (reports.contract_of, DAYS),
}


@pytest.mark.parametrize("frozen", [False, True], ids=["now", "frozen"])
@pytest.mark.parametrize("name", SPANS)
def test_a_period(filled: Path, site: Site, name: str, frozen: bool) -> None:
    span, days = SPANS[name]
    record = told(filled, site, span(site), frozen=frozen)
    counted = [own.recount(filled, day) for day in days]
    assert record["issued"] == sum(len(r.everyone) for r in counted)
    for key, figures in (("counts", [r.counts() for r in counted]), ("work", [r.work() for r in counted])):
        total: Counter[str] = Counter()
        for one in figures:
            total.update(one)
        assert record[key] == {code: total[code] for code in figures[0]}, key
    for lane, w in record["waits"].items():
        waits = sorted(t.wait for r in counted for t in r.everyone if t.wait is not None and r.final_lane(t) == lane)
        n = len(waits)
        nearest = waits[-(-9 * n // 10) - 1] if n else None
        assert w == {
            "n": n,
            "mean_s": sum(waits) // n if n else None,
            "p90_s": nearest,
            "max_s": waits[-1] if n else None,
        }
    assert record["moves"] == sum(len(r.moves) for r in counted)
    cases = [e for r in counted for e in r.cases.values()]
    for matter, e in record["escalations"].items():
        mine = [c for c in cases if c["matter"] == matter]
        assert (e["n"], e["outcomes"]) == (len(mine), dict(Counter(c["outcome"] for c in mine if c["outcome"]))), matter
    assert sum(e["n"] for e in record["escalations"].values()) == len(cases)
    topics: Counter[str] = Counter()
    for r in counted:
        topics.update(r.topics)
    assert record["inquiries"] == dict(topics)
    by_day = {d["day"]: d for d in record["days"]}
    assert {day: (d["issued"], d["served"], d["revision"], d["closed"]) for day, d in by_day.items()} == {
        str(r.day): (
            len(r.everyone),
            sum(t.fate == "done" for t in r.everyone),
            r.revision,
            r.report_closed is not None,
        )
        for r in counted
    }
    # «head: … for a longer period, the last within it»
    last = max((f for f in own.facts_in(filled) if f["at"].date() in days), key=lambda f: f["seq"])
    assert record["head"] == {"seq": last["seq"], "hash": last["hash"]}


def test_the_late_ticket_is_in_the_month(filled: Path, site: Site) -> None:
    """The comparison above would notice it: the first day is in its second revision, and the late wait is counted."""
    record = told(filled, site, reports.month_of(DAYS[0]))
    assert [d["revision"] for d in record["days"]] == [2, 1]
    assert own.recount(filled, DAYS[0]).tickets["B900"].wait == 1800
