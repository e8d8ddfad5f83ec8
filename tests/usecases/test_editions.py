"""A daily report that is issued again makes the next edition of its month, its year and the hand-over (仕様書 9 to 11)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from floorctl.common.errors import Refused
from floorctl.documents.period.records_json import to_json
from floorctl.documents.period.workbook import PERIOD_TABLES, period_xlsx
from floorctl.models.register.duties import duties
from floorctl.models.register.duty import Duty
from floorctl.models.register.pressing_duties import pressing
from floorctl.usecases import period_reports as reports
from floorctl.usecases.closing import close, export
from floorctl.usecases.day_editions import editions_of
from floorctl.usecases.reissued_days import reissued_days
from tests.story import Desk, a_day, instant, kumagaya
from tests.xlsx import Xlsx

MONDAY, TUESDAY, NEXT = date(2026, 9, 14), date(2026, 9, 15), date(2026, 9, 16)
YEAR, MONTH = reports.fiscal_year_of(2026), reports.month_of(MONDAY)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """Two closed days, each with a ticket that was served after ten minutes, and an inquiry."""
    found = Desk(tmp_path / "floor.db", kumagaya())
    for day in (MONDAY, TUESDAY):
        found.at("08:30", day).opens()
        found.hears(
            a_day(day, str(day)).issues("B001", at="09:00").calls("B001", at="09:10").finishes("B001", at="09:20")
        )
        found.does("inquiry.counted", topic="駐車場")
        found.at("17:30", day).does("day.closed")
    yield found
    found.close()


def amends(desk: Desk, day: date, on: date, reason: str, *acts: tuple[str, dict[str, Any]], at: str = "10:00") -> None:
    """The day is opened again, changed and closed again on a later day."""
    desk.at(at, on)
    session = desk.session
    session.act("day.reopened", {"reason": reason}, day=day)
    for kind, fields in acts:
        session.act(kind, fields, day=day)
    session.act("day.closed", {}, day=day)


def told(desk: Desk, span: reports.Span) -> list[dict[str, Any]]:
    document = to_json(reports.record_of(desk.session, span), desk.site)
    assert document["revision"] == 1 + len(document["revisions"])
    return document["revisions"]


def test_before_anything_is_issued_again_every_document_is_the_first_edition(desk: Desk) -> None:
    assert told(desk, MONTH) == told(desk, YEAR) == []
    assert editions_of(desk.session, MONDAY) == ()


def test_each_edition_says_which_day_why_and_what_it_changed(desk: Desk) -> None:
    """Two days, and one of them twice: the figures of each edition go on from those of the one before."""
    amends(desk, MONDAY, NEXT, "数え忘れ", ("inquiry.counted", {"topic": "駐車場", "count": 2}))
    amends(desk, TUESDAY, NEXT, "写真の件数", ("work.counted", {"item": "photo", "count": 3}))
    amends(desk, MONDAY, NEXT, "二度目", ("inquiry.counted", {"topic": "駐車場", "count": -1}))
    found = told(desk, MONTH)
    assert told(desk, YEAR) == found == told(desk, reports.contract_of(desk.site))
    assert [(r["revision"], r["day"], r["day_revision"], r["reason"]) for r in found] == [
        (2, "2026-09-14", 2, "数え忘れ"),
        (3, "2026-09-15", 2, "写真の件数"),
        (4, "2026-09-14", 3, "二度目"),
    ]
    assert {r["on"] for r in found} == {"2026-09-16"}
    photo = desk.site.work_item_by_code["photo"].name
    assert [[(c["name"], c["before"], c["after"]) for c in r["changed"]] for r in found] == [
        [("問い合わせ 駐車場", "2件", "4件")],
        [(photo, "0件", "3件")],
        [("問い合わせ 駐車場", "4件", "3件")],
    ]
    day = editions_of(desk.session, MONDAY)
    assert [(e.number, e.changed[0].before, e.changed[0].after) for e in day] == [(2, "1件", "3件"), (3, "3件", "2件")]


def test_waits_and_ends_of_numbers_are_figures_too(desk: Desk) -> None:
    """A record that comes after the close is an edition without a reopening; nobody gave a reason."""
    desk.at("10:00", NEXT).hears(
        a_day(MONDAY, source="late").issues("B002", at="09:00").calls("B002", "T4", at="09:30")
    )
    (only,) = told(desk, MONTH)
    assert (only["day_revision"], only["reason"]) == (2, "締めた後に届いた記録 2件")
    changed = {c["name"]: (c["before"], c["after"]) for c in only["changed"]}
    assert changed["番号札の発行"] == ("2枚", "3枚")
    assert changed["電子証明書更新 未終了"] == ("0人", "1人")
    assert changed["電子証明書の待ち時間 平均"] == ("10分00秒", "16分40秒")
    assert changed["電子証明書の待ち時間 最大"] == ("10分00秒", "30分00秒")


def test_what_comes_late_on_another_day_or_before_a_reopening_is_an_edition_of_its_own(desk: Desk) -> None:
    """No two documents that differ have one number, however often the feed brings something."""
    for n, on in enumerate((NEXT, NEXT, date(2026, 9, 17))):
        desk.at(f"1{n}:00", on).hears(a_day(MONDAY, source=f"late-{n}").issues(f"B01{n}", at="09:00"))
    amends(desk, MONDAY, date(2026, 9, 17), "数え忘れ", ("inquiry.counted", {"topic": "駐車場"}), at="13:00")
    assert [(r["day_revision"], r["on"], r["reason"], r["changed"][0]["after"]) for r in told(desk, MONTH)] == [
        (2, "2026-09-16", "締めた後に届いた記録 2件", "4枚"),
        (3, "2026-09-17", "締めた後に届いた記録 1件", "5枚"),
        (4, "2026-09-17", "数え忘れ", "3件"),
    ]


def test_an_incident_after_the_close_is_an_edition_for_the_report_tells_it(desk: Desk) -> None:
    desk.at("18:00", TUESDAY).does("incident.opened", category="complaint", summary="閉場後の苦情")
    assert any("日次報告書の版が改まります" in text for text in desk.session.warnings)
    desk.does("incident.noted", incident="I-1", text="電話で謝罪した")
    desk.at("10:00", NEXT).does("incident.noted", incident="I-1", text="翌日の追記")
    (only,) = told(desk, MONTH)
    assert (only["day"], only["reason"]) == ("2026-09-15", "締めた後の事案の記録 2件")
    assert only["changed"] == [{"name": "事案 苦情", "before": "0件", "after": "1件"}]


def test_minutes_of_an_outage_that_is_corrected_after_the_close_are_figures_that_changed(desk: Desk) -> None:
    desk.at("09:00", NEXT).opens()
    outage = {"category": "system_outage", "summary": "応答しない", "services": ("cert_issue",)}
    desk.does("incident.opened", occurred_at=instant("09:00", NEXT), **outage)
    desk.at("11:00").does("incident.restored", incident="I-1")
    desk.at("17:30").does("day.closed")
    desk.at("18:00").does("incident.amended", incident="I-1", restored_at=instant("10:00", NEXT))
    (only,) = told(desk, MONTH)
    name = desk.site.service_by_code["cert_issue"].name
    assert only["changed"] == [{"name": f"障害による停止（日次報告書の計） {name}", "before": "120分", "after": "60分"}]


def test_late_facts_ask_for_another_submission_before_any_document_is_made(desk: Desk) -> None:
    """Nobody has to export the day to be told; with the clock put back nothing had come yet."""
    desk.at("09:00", date(2026, 10, 5))
    for day in (MONDAY, TUESDAY):
        reports.record_of(desk.session, MONTH)
        desk.does("duty.submitted", duty="daily_report", key=str(day))
    desk.hears(a_day(MONDAY, source="late").issues("B002", at="09:00"))
    assert [(d.key, d.outdated) for d in owed(desk).values()] == [(str(MONDAY), (MONDAY,))]
    assert reissued_days(desk.session.store, instant("08:59")) == {}


def test_a_retraction_after_the_close_of_what_another_day_recorded_is_no_edition(desk: Desk, tmp_path: Path) -> None:
    desk.at("10:00", MONDAY).does("duty.submitted", duty="plan", key="2026-07-01", submitted_on="2026-09-11")
    (submitted,) = (e for e in desk.session.floor(MONDAY).entries if e.kind == "duty.submitted")
    desk.at("17:45", TUESDAY)
    close(desk.session, TUESDAY, out=tmp_path)
    desk.at("18:00", TUESDAY).takes_back(submitted)
    assert desk.session.floor(TUESDAY).revision == 1
    assert reissued_days(desk.session.store) == {}


def test_an_edition_that_changes_no_figure_says_so(desk: Desk) -> None:
    amends(desk, MONDAY, NEXT, "天候の記入", ("report.written", {"head": "weather", "lines": ("晴れ",)}))
    record = reports.record_of(desk.session, MONTH)
    (row,) = PERIOD_TABLES["revisions"].make(record, desk.site).rows
    assert (row["edition"], row["report"], row["why"]) == ("第2版", "R8.9.14 第2版", "天候の記入")
    assert row["changed"] == "数に変わりはありません"
    strings = Xlsx(period_xlsx(record, desk.site)).strings
    assert {"作成日　令和8年9月15日（火）", "改訂日　令和8年9月16日（水）"} <= {*strings}, (
        "not the day of its last record alone"
    )
    assert any("9月15日（火）までの集計" in text for text in strings), "so whether or not the month has gone on"
    assert "版の経過" in strings and any(text.startswith("月次報告書") and "第2版" in text for text in strings)
    (state,) = {r["state"] for r in PERIOD_TABLES["days"].make(record, desk.site).rows if r["date"] == MONDAY}
    assert state == "第2版"


def test_card_stock_and_custody_are_figures_of_the_daily_report(desk: Desk) -> None:
    stock = {"received": 10, "issued": 4, "returned": 1, "left": 5}
    amends(desk, MONDAY, NEXT, "照合の訂正", ("cards.counted", stock), ("custody.counted", {"taken": 3}))
    changed = [(c["name"], c["before"], c["after"]) for c in told(desk, MONTH)[0]["changed"]]
    assert ("カード在庫の残", "照合なし", "5枚") in changed and ("預かったカード", "0枚", "3枚") in changed


# ---- what was handed in, or lies in the folder, is of an earlier edition


def owed(desk: Desk) -> dict[str, Duty]:
    register = desk.session.register()
    found = duties(desk.site, register, register.calendar(desk.site), desk.session.today)
    return {d.duty: d for d in found if d.outdated}


def test_what_was_handed_in_is_to_be_handed_in_again_until_it_is(desk: Desk, tmp_path: Path) -> None:
    """The month, the year and the hand-over, whose figures are of the edition before; never what comes after."""
    desk.at("09:00", date(2026, 10, 5))
    for duty, key in (("daily_report", str(MONDAY)), ("monthly_report", "2026-09")):
        desk.does("duty.submitted", duty=duty, key=key)
    assert owed(desk) == {}
    amends(desk, MONDAY, date(2026, 10, 6), "数え忘れ", ("inquiry.counted", {"topic": "駐車場"}))
    written = export(desk.session, MONDAY, tmp_path)
    found = owed(desk)
    assert {(d.duty, d.state, d.outdated) for d in found.values()} == {
        ("daily_report", "submitted", (MONDAY,)),
        ("monthly_report", "submitted", (MONDAY,)),
    }
    assert found["monthly_report"].to_json()["outdated"] == ["2026-09-14"]
    (note,) = written.notes
    assert "floorctl export --month 2026-09 " in note and "9/14（月）の日次報告書が、提出の後に改められています" in note
    pressed = pressing(desk.site, desk.session.register(), desk.session.calendar, desk.session.today, MONDAY)
    assert {d.duty for d in pressed.outdated} == set(found)
    rows = PERIOD_TABLES["owed"].make(reports.record_of(desk.session, MONTH), desk.site).rows
    assert ("日次報告書", "要再提出") in {(r["name"], r["state"]) for r in rows}
    for d in found.values():
        # The city approves what it was given last, not the figures that hold now.
        with pytest.raises(Refused, match="改められています"):
            desk.does("duty.submitted", duty=d.duty, key=d.key, approved_on="2026-10-06")
        desk.does("duty.submitted", duty=d.duty, key=d.key, submitted_on="2026-10-05")
        assert owed(desk)[d.duty].outdated == (MONDAY,), "handed in before the day was issued again"
        desk.does("duty.submitted", duty=d.duty, key=d.key)
    assert owed(desk) == {}
    amends(desk, MONDAY, date(2026, 10, 6), "同じ日に二度", ("inquiry.counted", {"topic": "駐車場"}), at="11:00")
    assert all(desk.does("duty.submitted", duty=d.duty, key=d.key) for d in owed(desk).values())
    assert owed(desk) == {}


def test_documents_in_the_folder_that_are_of_an_earlier_edition_are_named(desk: Desk, tmp_path: Path) -> None:
    desk.at("09:00", NEXT)
    for span in (MONTH, YEAR):
        reports.export_period(desk.session, span, tmp_path)
    assert export(desk.session, MONDAY, tmp_path).notes == []
    amends(desk, MONDAY, NEXT, "数え忘れ", ("inquiry.counted", {"topic": "駐車場"}))
    assert [(x.partition(" は")[0][len(str(tmp_path)) + 1 :], "第1版" in x, "第2版" in x) for x in export(desk.session, MONDAY, tmp_path).notes] == [
        ("2026-09 の 月次報告書_2026-09.xlsx", True, True),
        ("FY2026 の 年度業務実績報告書_2026.xlsx", True, True),
    ]  # fmt: skip
    reports.export_period(desk.session, YEAR, tmp_path)
    assert [x.partition(" の")[0][-7:] for x in export(desk.session, MONDAY, tmp_path).notes] == ["2026-09"]


def test_a_roster_alone_is_no_beginning_of_the_records(tmp_path: Path) -> None:
    """Days between the import of the roster and the first recorded one owe no daily report."""
    found = Desk(tmp_path / "new.db", kumagaya())
    found.at("09:00", date(2026, 9, 7)).does("staff.registered", staff="S01", role="worker")
    assert found.session.began() is None
    found.at("08:30", MONDAY).opens()
    assert found.session.began() == MONDAY
    found.close()
