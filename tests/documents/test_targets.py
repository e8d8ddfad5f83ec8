"""The share of people who kept the target in documents: SQL over the tables, the facts of the feed, and what is printed."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from floorctl.documents.day.sentences import day_facts
from floorctl.documents.period.record import PeriodRecord
from floorctl.documents.period.records_json import to_json
from floorctl.documents.period.sentences import period_facts
from floorctl.documents.period.workbook import PERIOD_TABLES
from floorctl.intake.feed import Intake
from floorctl.intake.site_file import load_site
from floorctl.models.board.target_kept import Kept, kept_by_hour
from floorctl.rehearsal.simulated_feed import simulated_feed
from floorctl.usecases import day_tables
from floorctl.usecases import period_reports as reports
from floorctl.usecases.session import Session
from tests.story import a_day, numbered

AUGUST, FIRST, SECOND = date(2026, 8, 31), date(2026, 9, 25), date(2026, 9, 28)
DAYS = {AUGUST: "surge", FIRST: "normal", SECOND: "surge"}
SEPTEMBER = reports.month_of(FIRST)


def taken(session: Session, feed: bytes) -> None:
    Intake(session.store, session.site, "feed", session.clock, lambda n, why: pytest.fail(f"{n}: {why}")).take(
        numbered(feed)
    )


@pytest.fixture(scope="module")
def feeds() -> dict[date, bytes]:
    return {d: simulated_feed(load_site(), d, n, v) for n, (d, v) in enumerate(DAYS.items(), 5)}  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def session(feeds: dict[date, bytes], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    found = Session(load_site(), tmp_path_factory.mktemp("targets") / "floor.db", create=True)
    for data in feeds.values():
        taken(found, data)
    yield found
    found.close()


@pytest.fixture(scope="module")
def record(session: Session) -> PeriodRecord:
    return reports.record_of(session, SEPTEMBER)


def recount(feed: bytes) -> dict[tuple[str, int], Kept]:
    """Count a simulated day from its lines: 20 minutes from issue or later appointment to the first call."""
    began: dict[str, datetime] = {}
    lane: dict[str, str] = {}
    called: dict[str, datetime] = {}
    gone: dict[str, datetime] = {}
    services = {s.code: s.lane for s in load_site().services}
    end = None
    for line in feed.splitlines():
        f = json.loads(line)
        at, ticket = datetime.fromisoformat(f["at"]), f.get("ticket", "")
        match f["kind"]:
            case "ticket.issued":
                due = (
                    at.replace(
                        **dict(zip(("hour", "minute"), map(int, f["appointment"].split(":")), strict=True)), second=0
                    )
                    if f.get("appointment")
                    else at
                )
                began[ticket], lane[ticket] = max(at, due), services[f["service"]]
            case "ticket.transferred":
                lane[ticket] = services[f["service"]]
            case "ticket.called":
                called.setdefault(ticket, at)
            case "ticket.left" | "ticket.no_show":
                gone[ticket] = at
            case "day.closed":
                end = at
    found: dict[tuple[str, int], Kept] = defaultdict(Kept)
    for ticket, start in began.items():
        until = called.get(ticket) or gone.get(ticket) or end
        assert until is not None
        within = until - start <= timedelta(minutes=20)
        if ticket in called or not within:
            found[lane[ticket], start.hour] += Kept(int(within), 1)
    return dict(found)


def test_the_tables_give_what_the_lines_of_the_feed_give(
    session: Session, feeds: dict[date, bytes], record: PeriodRecord
) -> None:
    of_month = {(c.day, c.lane, c.hour): c.kept for c in record.kept}
    assert record.kept_before is not None
    of_month |= {(c.day, c.lane, c.hour): c.kept for c in record.kept_before}
    expected = {(day, *key): kept for day, feed in feeds.items() for key, kept in recount(feed).items()}
    assert of_month == expected and sum(k.of - k.within for k in expected.values()) > 50


def test_the_tables_give_what_the_board_gave(session: Session, record: PeriodRecord) -> None:
    for day in (FIRST, SECOND):
        board = kept_by_hour(session.floor(day), session.clock())
        own = {(lane, h): k for lane, hours in board.items() for h, k in hours.items()}
        assert {(c.lane, c.hour): c.kept for c in record.kept if c.day == day} == own


def test_what_half_is_known_counts_the_same_in_sql(tmp_path: Path) -> None:
    """Numbers as they are called, from the day before, left behind, counted out, given twice and unserved at the close."""
    story = a_day().opens("08:30").staffs("T3", "S03").staffs("T5", "S05")
    story.tells("ticket.issued", "09:00", ticket="B900", service="cert_renewal", no_arrival=True).calls(
        "B900", "T3", "09:00"
    )
    story.issues("B001", at="09:05").issues("B002", at="09:06").leaves("B001", "09:40").calls("B002", "T5", "09:30")
    story.finishes("B002", "T5", "09:35").issues("B002", at="10:50").calls("B002", "T5", "11:20")
    story.issues("A001", "card_issuance", "11:55", appointment="12:30").leaves("A001", "12:55")
    story.calls("B777", "T3", "13:00").issues("B003", at="13:10").counts("certificate", 0, "13:40")
    story.issues("B004", at="16:10").issues("B005", at="16:58").closes("17:00")
    found = Session(load_site(), tmp_path / "floor.db", create=True)
    taken(found, story.feed())
    cells = {(c.lane, c.hour): c.kept for c in reports.record_of(found, SEPTEMBER).kept}
    found.close()
    assert cells == {
        ("certificate", 9): Kept(0, 2, 1),
        ("certificate", 10): Kept(0, 1),
        ("certificate", 13): Kept(0, 0, 1),
        ("certificate", 16): Kept(0, 1),
        ("issuance", 12): Kept(0, 1),
    }


def test_the_month_has_its_shares_by_lane_hour_and_weekday_beside_the_month_before(
    session: Session, record: PeriodRecord
) -> None:
    tables = {
        name: PERIOD_TABLES[name].make(record, session.site).rows
        for name in ("targets", "target_hours", "target_weekdays")
    }
    whole = tables["targets"][-1]
    kept, before = (sum((c.kept for c in cells or ()), Kept()) for cells in (record.kept, record.kept_before))
    assert whole["name"] == "全体" and (whole["within"], whole["of"]) == (kept.within, kept.of)
    assert whole["difference"] == pytest.approx(100 * (kept.within / kept.of - before.within / before.of))
    assert (
        sum(row["of"] for row in tables["target_hours"])
        == sum(row["of"] for row in tables["target_weekdays"])
        == kept.of
    )  # type: ignore[misc]
    assert [row["weekday"] for row in tables["target_weekdays"]] == ["月", "金"]
    document = to_json(record, session.site)["targets"]
    assert sum(lane["of"] for lane in document.values()) == kept.of
    assert period_facts(record, session.site)["target"] == (
        f"目標20分以内 {1000 * kept.within // kept.of / 10:.1f}％（{kept.of:,}人のうち{kept.within:,}人）"
    )


def test_a_month_without_one_before_compares_with_nothing(session: Session) -> None:
    first = reports.record_of(session, reports.month_of(session.site.contract.start))
    assert first.kept_before is None
    august = reports.record_of(session, reports.month_of(AUGUST))
    rows = PERIOD_TABLES["targets"].make(august, session.site).rows
    assert all(row["before"] is None and row["difference"] is None for row in rows)


def test_the_day_says_its_share_in_one_line(session: Session) -> None:
    found = day_tables.record_of(session, SECOND)
    kept = sum((k for hours in found.kept.values() for k in hours.values()), Kept())
    said = day_facts(found, session.site)["target"]
    assert str(said).startswith("目標20分以内 ") and f"{kept.of:,}人のうち{kept.within:,}人" in str(said)
    assert found.to_json()["targets"]["certificate"]["target_s"] == 1200
