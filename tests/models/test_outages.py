"""Outages: which services stand still, and the minutes with cause for the monthly report (仕様書 12(9)③イ)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from floorctl.models.board.alert import Alert
from floorctl.models.board.alerts import alerts as all_alerts
from floorctl.models.register.outages import lost_minutes, outage_minutes
from tests.story import MONDAY, Desk, instant, kumagaya

TUESDAY, FRIDAY, NEXT = date(2026, 9, 15), date(2026, 9, 18), date(2026, 9, 24)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    d = Desk(tmp_path / "floor.db", kumagaya(), at="08:30").opens()
    yield d
    d.close()


def stops(desk: Desk, since: str, *services: str, until: str = "", code: str = "I-1", **amended: object) -> None:
    desk.does("incident.opened", category="system_outage", summary="停止", occurred_at=instant(since, desk.day))
    desk.does("incident.amended", incident=code, services=services, **amended)
    if until:
        desk.does("incident.restored", incident=code, restored_at=instant(until, desk.day))


def minutes(desk: Desk, first: date, last: date, now: str = "") -> list[tuple[str, str, int, str]]:
    register = desk.session.register()
    at = instant(now, desk.day) if now else None
    rows = outage_minutes(register, desk.site, register.calendar(desk.site), first, last, at)
    return [(r.incident, r.service, r.minutes, r.cause) for r in rows]


def found(desk: Desk, code: str) -> list[Alert]:
    s = desk.session
    return [a for a in all_alerts(desk.floor, s.register(), s.info(desk.day), desk.clock()) if a.code == code]


def test_minutes_of_each_service_with_the_cause(desk: Desk) -> None:
    desk.at("12:00")
    stops(desk, "09:30", "cert_issue", "cert_renewal", until="10:15", cause="national")
    assert minutes(desk, MONDAY, MONDAY) == [
        ("I-1", "cert_issue", 45, "国のシステム"),
        ("I-1", "cert_renewal", 45, "国のシステム"),
    ]
    assert minutes(desk, TUESDAY, TUESDAY) == []


def test_only_reception_hours_count(desk: Desk) -> None:
    desk.at("09:30")
    stops(desk, "08:00", "card_issuance", "cert_issue", until="09:20")
    assert minutes(desk, MONDAY, MONDAY) == [
        ("I-1", "card_issuance", 20, "原因未記入"),
        ("I-1", "cert_issue", 50, "原因未記入"),
    ]


def test_over_closed_days_only_open_days_count(desk: Desk) -> None:
    desk.at("17:30", FRIDAY)
    stops(desk, "16:00", "cert_issue", cause="power")
    desk.at("09:30", NEXT).does("incident.restored", incident="I-1", restored_at=instant("09:00", NEXT))
    assert minutes(desk, FRIDAY, NEXT) == [("I-1", "cert_issue", 60 + 30, "停電")]
    assert minutes(desk, NEXT, NEXT) == [("I-1", "cert_issue", 30, "停電")]


def test_what_lasts_counts_until_now_and_a_close_ends_it(desk: Desk) -> None:
    desk.at("10:00")
    stops(desk, "09:00", "cert_issue")
    assert minutes(desk, MONDAY, MONDAY, now="09:40") == [("I-1", "cert_issue", 40, "原因未記入")]
    desk.at("11:00").does("incident.closed", incident="I-1", text="自然に復旧", reason="数分で復旧")
    assert minutes(desk, MONDAY, MONDAY) == [("I-1", "cert_issue", 120, "原因未記入")]


def test_overlapping_incidents_lose_a_minute_once(desk: Desk) -> None:
    desk.at("12:00")
    stops(desk, "09:00", "cert_issue", until="10:00")
    stops(desk, "09:30", "cert_issue", "pin_reset", until="10:30", code="I-2")
    register = desk.session.register()
    lost = lost_minutes(register, desk.site, register.calendar(desk.site), MONDAY, MONDAY)
    assert {k: n for k, n in lost.items() if n} == {"cert_issue": 90, "pin_reset": 60}


def test_an_equipment_failure_stops_a_service_only_once_its_cause_says_so(desk: Desk) -> None:
    desk.at("12:00")
    desk.does(
        "incident.opened", category="equipment", summary="R/W", services=["cert_issue"], occurred_at=instant("11:00")
    )
    assert minutes(desk, MONDAY, MONDAY) == []
    desk.does("incident.amended", incident="I-1", cause="equipment")
    assert minutes(desk, MONDAY, MONDAY, now="11:30") == [("I-1", "cert_issue", 30, "機器")]


def test_at_night_an_outage_is_a_warning(desk: Desk) -> None:
    desk.at("18:00")
    stops(desk, "17:30", "cert_issue")
    assert [a.severity for a in found(desk, "service_outage")] == ["warning"]


def test_a_planned_outage_is_shown_the_day_before_and_while_it_lasts(desk: Desk) -> None:
    desk.does(
        "calendar.outage",
        services=("cert_issue", "cert_renewal"),
        from_at=instant("12:00", FRIDAY),
        until_at=instant("13:00", FRIDAY),
        reason="国の保守",
    )
    assert found(desk, "planned_outage") == []
    thursday = date(2026, 9, 17)
    for day, at, severity in ((thursday, "10:00", "info"), (FRIDAY, "11:00", "info"), (FRIDAY, "12:30", "warning")):
        [alert] = found(desk.at(at, day), "planned_outage")
        assert alert.severity == severity and "国の保守" in alert.text
    assert found(desk.at("13:00", FRIDAY), "planned_outage") == []
    assert minutes(desk, FRIDAY, FRIDAY) == [
        ("", "cert_issue", 60, "計画停止 国の保守"),
        ("", "cert_renewal", 60, "計画停止 国の保守"),
    ]
