"""What a month ahead needs: the forecast shaped by the record, beside the planned shifts; told by the command ``staffing``."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from floorctl.cli.main import cli
from floorctl.common.errors import Refused
from floorctl.documents.period.staff_needs import operators, week_ahead, windows_of
from floorctl.documents.period.visitors_ahead import basis
from floorctl.documents.period.workbook import PERIOD_TABLES
from floorctl.models.register.demand_forecast import MonthForecast
from floorctl.models.site.site import Site
from floorctl.usecases import period_reports as reports
from floorctl.usecases.staffing_ahead import StaffMonth, staffing_month
from tests.story import Desk, a_day

OCTOBER = date(2026, 10, 1)
MONTH = MonthForecast("2026-10", 2400, 600, 120)


def days_of(found: StaffMonth) -> dict[date, Any]:
    return {d.day: d for d in found.days}


def test_the_days_of_a_month_sum_up_to_its_forecast(site: Site) -> None:
    """24 open days, one of them after a long closure would be more than its share."""
    days = [date(2026, 10, n) for n in range(1, 31) if date(2026, 10, n).weekday() < 6]
    lanes = {x.lane: x for x in basis(site, None, [MONTH], days)}
    for lane, whole in (("certificate", 2400), ("issuance", 720)):
        on = [lanes[lane].on(site, d.weekday()) for d in days]
        assert sum(v.persons for v in on) == pytest.approx(whole)
        assert all(sum(share for _, share in v.shares) == pytest.approx(1) for v in on)
    assert lanes["certificate"].on(site, 0).persons > lanes["certificate"].on(site, 2).persons
    assert basis(site, None, [], days) == [], "nothing tells who comes"


def test_the_recorded_hours_draw_the_shape(desk: Desk) -> None:
    """Sixty certificates come at nine on a Monday; the shipped shape weighs as much as a hundred visitors."""
    desk.opens()
    story = a_day(desk.day)
    for n in range(60):
        story.issues(f"B{n:03d}", at=f"09:{n:02d}")
    desk.hears(story)
    record = reports.record_of(desk.session, reports.month_of(desk.day))
    (lane,) = [x for x in basis(desk.site, record, [], [desk.day]) if x.lane == "certificate"]
    shipped = {x.lane: x for x in basis(desk.site, None, [MONTH], [desk.day])}["certificate"]

    def nine(basis_: Any) -> float:
        return sum(share for at, share in basis_.on(desk.site, 0).shares if at // 3600 == 9)

    assert nine(lane) == pytest.approx((60 + 100 * nine(shipped)) / 160)
    assert not lane.by_forecast
    assert lane.on(desk.site, 0).persons == pytest.approx(60)


def test_planned_shifts_stand_beside_what_is_needed(desk: Desk) -> None:
    for n in range(1, 5):
        desk.does("staff.registered", staff=f"S{n:02d}", role="worker")
    hours = {"S01": ("08:15", "17:15"), "S02": ("08:15", "17:15"), "S03": ("08:15", "12:15")}
    shifts = [{"staff": s, "code": "", "starts": a, "ends": b} for s, (a, b) in hours.items()]
    shifts.append({"staff": "S04", "code": "休", "starts": None, "ends": None})
    desk.does("shifts.planned", date="2026-10-05", shifts=shifts)
    found = days_of(staffing_month(desk.session, OCTOBER))
    planned, need = found[date(2026, 10, 5)].planned, found[date(2026, 10, 5)].need
    assert (planned.people, planned.lacking) == (3, need.people - 3)
    windows = windows_of(need, desk.site, lanes=[x.lane for x in need.lanes])
    late = f"{max(windows) // 3600:02d}:{max(windows) // 60 % 60:02d}"
    assert late in planned.short_at, "two are not enough for a window and three posts"
    assert found[date(2026, 10, 6)].planned is None


def test_who_has_the_charge_stands_at_no_window_and_is_not_counted(desk: Desk) -> None:
    desk.does("staff.registered", staff="S00", role="site_manager", deputy=True)
    desk.does("staff.registered", staff="S01", role="worker", deputy=True)
    desk.does("staff.registered", staff="S02", role="worker")
    come = {"code": "", "starts": "08:15", "ends": "17:15"}
    off = {"code": "休", "starts": None, "ends": None}
    shifts = [{"staff": f"S{n:02d}", **come} for n in range(3)]
    desk.does("shifts.planned", date="2026-10-05", shifts=shifts)
    desk.does("shifts.planned", date="2026-10-06", shifts=[{"staff": "S00", **off}, *shifts[1:]])
    found = days_of(staffing_month(desk.session, OCTOBER))
    assert found[date(2026, 10, 5)].planned.people == 2
    assert found[date(2026, 10, 6)].planned.people == 1, "the deputy has the charge"


def test_a_month_that_nobody_knows_anything_of_is_refused(desk: Desk) -> None:
    with pytest.raises(Refused, match="開場日がありません"):
        staffing_month(desk.session, date(2031, 5, 1))


def test_the_report_says_the_windows_by_weekday_and_hour(desk: Desk) -> None:
    desk.opens()
    desk.hears(a_day(desk.day).issues("B001", at="09:00").issues("B002", at="09:05"))
    record = reports.record_of(desk.session, reports.month_of(desk.day))
    day = week_ahead(record, desk.site).days[0]
    assert week_ahead(record, desk.site) is week_ahead(record, desk.site), "computed once"
    rows = list(PERIOD_TABLES["needs_hours"].make(record, desk.site).rows)
    certificate = day.of("certificate")
    assert certificate is not None
    at_ten = next(r for r in rows if (r["hour"], r["lane"]) == ("10時台", "電子証明書"))
    assert at_ten["mon"] == max(h.needed for h in certificate.halves if h.start_s // 3600 == 10)
    assert "tue" not in at_ten, "no Tuesday is recorded"
    lanes = list(PERIOD_TABLES["needs_lanes"].make(record, desk.site).rows)
    assert [r["lane"] for r in lanes] == ["交付", "電子証明書"]
    assert (lanes[0]["people"], lanes[1]["people"]) == (day.people, None), "once a weekday"
    (need,) = operators(record, desk.site)
    assert max(need.operators) == max(windows_of(day, desk.site).values())


def test_the_report_and_the_command_say_the_same_of_the_month_ahead(desk: Desk) -> None:
    desk.opens()
    story = a_day(desk.day)
    for n in range(40):
        story.issues(f"B{n:03d}", at=f"09:{n:02d}")
    desk.hears(story)
    assert staffing_month(desk.session, OCTOBER).recorded is None, "the day goes on: its afternoon would look empty"
    desk.hears(story.closes("17:15"))
    record = reports.record_of(desk.session, reports.month_of(desk.day))
    command = staffing_month(desk.session, OCTOBER).weekdays[0]
    assert week_ahead(record, desk.site).days[0] == command
    row = next(r for r in PERIOD_TABLES["needs_lanes"].make(record, desk.site).rows if r["lane"] == "電子証明書")
    own = command.of("certificate")
    assert own is not None and own.with_less is not None
    most, low, high = own.peak()
    assert (row["windows"], row["range"]) == (most, f"{low}〜{high}")
    assert (row["kept"], row["less_kept"]) == (own.with_needed.percent, own.with_less.percent)
    assert row["people_range"] is None, "once a weekday"


# ---- the command


def said(tmp_path: Path, *args: str) -> str:
    done = CliRunner().invoke(cli, ["--db", str(tmp_path / "none.db"), "--now", "2026-09-14T10:00", "staffing", *args])
    assert done.exit_code == 0, done.output
    return done.output


def test_the_command_prints_the_month_and_what_it_rests_on(tmp_path: Path) -> None:
    text = said(tmp_path, "--month", "2026-10")
    assert text.startswith("令和8年10月の要員の見込み（開場日 24日）")
    assert "10/5（月）" in text and "10時台" in text and "1つ少ないとき" in text
    assert "来庁の記録がないため、曜日と時間帯の形、応対時間は設定と目安によります。" in text
    assert "実績の割合はまだ分かりません" in text


def test_the_command_prints_the_same_as_json(tmp_path: Path) -> None:
    found = json.loads(said(tmp_path, "--month", "2026-10", "--json"))
    assert list(found) == ["month", "basis", "days", "weekdays"]
    assert (found["basis"]["interval"], found["basis"]["recorded"], len(found["days"])) == (0.8, None, 24)
    monday = next(d for d in found["days"] if d["date"] == "2026-10-05")
    assert list(monday) == ["date", "after_break", "persons", "people", "terminals_lacking", "lanes", "planned"]
    whole = next(w for w in found["weekdays"] if w["weekday"] == 0)
    for lane in whole["lanes"]:
        assert lane["windows"]["most"] == max(h["windows"] for h in lane["halves"])
        assert lane["needed"]["within"] >= 0.9
    assert monday["people"] == whole["people"]
