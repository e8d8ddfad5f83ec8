"""A daily report that is issued again makes the next edition of its month, its year and the hand-over (仕様書 9 to 11)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from floorctl.documents.period.records_json import to_json
from floorctl.documents.period.workbook import PERIOD_TABLES, period_xlsx
from floorctl.usecases import period_reports as reports
from floorctl.usecases.reissued_days import editions_of
from tests.story import Desk, a_day, kumagaya
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


def amends(desk: Desk, day: date, on: date, reason: str, *acts: tuple[str, dict[str, Any]]) -> None:
    """The day is opened again, changed and closed again on a later day."""
    desk.at("10:00", on)
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


def test_an_edition_that_changes_no_figure_says_so(desk: Desk) -> None:
    amends(desk, MONDAY, NEXT, "天候の記入", ("report.written", {"head": "weather", "lines": ("晴れ",)}))
    record = reports.record_of(desk.session, MONTH)
    (row,) = PERIOD_TABLES["revisions"].make(record, desk.site).rows
    assert (row["edition"], row["report"], row["why"]) == ("第2版", "R8.9.14 第2版", "天候の記入")
    assert row["changed"] == "数に変わりはありません"
    strings = Xlsx(period_xlsx(record, desk.site)).strings
    assert "版の経過" in strings and any(text.startswith("月次報告書") and "第2版" in text for text in strings)
    (state,) = {r["state"] for r in PERIOD_TABLES["days"].make(record, desk.site).rows if r["date"] == MONDAY}
    assert state == "第2版"
