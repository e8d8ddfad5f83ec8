"""Duties that press: overdue, due today or tomorrow, and those from before the records."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from floorctl.models.register.duties import _Owed, _Rules, duties
from floorctl.models.register.pressing_duties import Pressing, before_records, pressing
from floorctl.models.register.register import Register
from floorctl.models.site.calendar import Calendar
from tests import work
from tests.models.test_duties import END, START, VENUE_DAYS, owed
from tests.story import Desk, kumagaya


def test_a_new_file_is_not_red(desk: Desk) -> None:
    """Of what was owed before the first recorded day nothing is known; a day later its report is due, then overdue."""
    site, register = desk.site, desk.session.register()
    calendar, first = register.calendar(site), date(2026, 9, 14)

    def press(today: date) -> tuple[list[str], list[str]]:
        found = pressing(site, register, calendar, today, first)
        return [d.key for d in found.overdue], [d.key for d in found.due]

    assert press(first) == ([], [])
    assert press(date(2026, 9, 15)) == ([], ["2026-09-14"])
    assert press(date(2026, 9, 16)) == (["2026-09-14"], ["2026-09-15"])
    late, _ = press(date(2026, 10, 10))
    assert "2026-09" in late and "2026-08" not in late  # the report of August was due before the file began
    assert pressing(site, register, calendar, date(2026, 10, 10), None) == Pressing([], [])


def test_reports_of_other_days_are_not_even_listed(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """From the first recorded day to today: nothing else presses, and the contract has two years of days."""
    register, asked = desk.session.register(), list[date]()
    every = _Rules._daily

    def daily(rules: _Rules, first: date, last: date) -> Iterator[_Owed]:
        for owed_report in every(rules, first, last):
            asked.append(owed_report.base)
            yield owed_report

    monkeypatch.setattr(_Rules, "_daily", daily)
    pressing(desk.site, register, register.calendar(desk.site), date(2026, 9, 16), date(2026, 9, 14))
    assert asked == [date(2026, 9, 14), date(2026, 9, 15), date(2026, 9, 16)]


def test_what_presses_is_what_the_list_says(desk: Desk) -> None:
    desk.does("staff.registered", staff="S01", pledge_on="2026-06-20", left_on="2026-11-30")
    desk.does("meeting.held", form="daily", held_on="2026-09-14")
    desk.at("17:15").does("duty.submitted", duty="daily_report", key="2026-09-14")
    register, site = desk.session.register(), desk.site
    began = date(2026, 9, 14)
    for n in range(0, 655, 11):  # every weekday in turn
        today = began + timedelta(days=n)
        found = pressing(site, register, register.calendar(site), today, began)
        whole = [
            d
            for d in owed(register, today).values()
            if d.state != "submitted" and (d.base if d.duty == "daily_report" else d.due) >= began
        ]
        assert found.overdue == [d for d in whole if d.state == "overdue"]
        tomorrow = today + timedelta(days=1)
        begun = [d for d in whole if d.base < today or d.duty not in ("daily_report", "monthly_report")]
        assert found.due == [d for d in begun if today <= d.due <= tomorrow]


def test_what_the_board_needs_is_little_work() -> None:
    """In a process that knows the year."""
    site, register = kumagaya(), Register()
    calendar = Calendar(site)
    duties(site, register, calendar, END)
    register.submitted = {("daily_report", d.isoformat()): [] for d in VENUE_DAYS}  # a diligent contractor
    assert work.lines(lambda: pressing(site, register, calendar, END, START)) < 20_000


def test_what_was_due_before_the_records_is_cleared_at_once_for_a_reason(desk: Desk) -> None:
    desk.does("memo.written", text="はじめ")
    register, site, today = desk.session.register(), desk.site, desk.session.today
    old = before_records(duties(site, register, desk.session.calendar, today), today, today)
    assert len(old) > 50 and {d.duty for d in old} > {"daily_report", "plan", "pledges"}
    fields = {"duty": "before_records", "key": "2026-09-14", "note": "紙で提出済み"}
    desk.refuses("duty.submitted", "理由がありません", **fields | {"note": ""})
    desk.refuses("duty.submitted", "手入力の記録を始めた日 2026-09-14", **fields | {"key": "2026-09-15"})
    desk.refuses("duty.submitted", "1件ずつ記録します", **fields, submitted_on="2026-09-01")
    desk.refuses("duty.submitted", "まだ提出していません", duty="manual", key="2026-07-01", approved_on="2026-09-01")
    desk.does("duty.submitted", **fields)
    found = {(d.duty, d.key): d for d in duties(site, desk.session.register(), desk.session.calendar, today)}
    cleared = [found[d.duty, d.key] for d in old]
    assert {(d.state, d.submitted_on, d.late, d.awaits_approval) for d in cleared} == {
        ("submitted", None, False, False)
    }
    assert found["daily_report", "2026-09-14"].state == "open", "what the records can show is not cleared"
    desk.refuses(
        "duty.submitted", "いつ提出したかの記録がありません", duty="manual", key="2026-07-01", approved_on="2026-09-14"
    )
    desk.refuses("duty.submitted", "未提出のものがありません", **fields)
    desk.does("duty.submitted", duty="manual", key="2026-07-01", submitted_on="2026-06-15")
    manual = {d.duty: d for d in duties(site, desk.session.register(), desk.session.calendar, today)}["manual"]
    assert (manual.submitted_on, manual.awaits_approval) == (date(2026, 6, 15), True)
