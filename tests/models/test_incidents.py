"""Incidents: the clocks of their reports, their rules, their history (仕様書 12(8) to (11), A15)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from floorctl.models.board.incident_history import history
from floorctl.models.register.equipment import all_down, units
from floorctl.models.register.incident_deadline import ReportClock, minutes_due, report_clock
from tests.story import Desk, instant, kumagaya

FRIDAY = date(2026, 9, 18)  # the next open day is Thursday the 24th: Silver Week


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    d = Desk(tmp_path / "floor.db", kumagaya(), at="10:00").opens()
    yield d
    d.close()


def clock(desk: Desk, code: str = "I-1") -> ReportClock | None:
    register = desk.session.register()
    return report_clock(register.incidents[code], desk.site, register.calendar(desk.site))


def alerts(desk: Desk) -> dict[str, tuple[str, str]]:
    from floorctl.models.board.alerts import alerts as all_alerts

    session = desk.session
    now = desk.clock()
    return {
        a.code: (a.severity, a.text) for a in all_alerts(desk.floor, session.register(), session.info(desk.day), now)
    }


# ---- clocks


@pytest.mark.parametrize("category", ["personal_info", "disaster"])
def test_what_is_reported_at_once_is_due_after_a_quarter_of_an_hour(desk: Desk, category: str) -> None:
    found = desk.does("incident.opened", category=category, summary="x")[0].fact.found_at  # type: ignore[attr-defined]
    c = clock(desk)
    assert c is not None
    assert (c.word, c.due) == ("直ちに", found + timedelta(minutes=15))


@pytest.mark.parametrize("category", ["complaint", "undue_intervention"])
def test_what_is_reported_without_delay_is_due_on_the_same_day(desk: Desk, category: str) -> None:
    desk.does("incident.opened", category=category, summary="x")
    c = clock(desk)
    assert c is not None
    assert (c.word, c.due) == ("遅滞なく", instant("17:15"))


@pytest.mark.parametrize(("day", "next_day"), [(date(2026, 9, 14), date(2026, 9, 15)), (FRIDAY, date(2026, 9, 24))])
def test_what_is_told_soon_is_due_at_the_end_of_the_next_open_day(desk: Desk, day: date, next_day: date) -> None:
    desk.at("16:00", day).does("incident.opened", category="system_outage", summary="x")
    c = clock(desk)
    assert c is not None and (c.word, c.due) == ("速やかに", instant("17:15", next_day))


def test_without_delay_after_the_hall_has_closed_or_on_a_closed_day_is_the_next_open_day(desk: Desk) -> None:
    desk.at("18:00", FRIDAY).does("incident.opened", category="complaint", summary="x")
    desk.at("10:00", date(2026, 9, 20)).does("incident.opened", category="complaint", summary="x")
    for code in ("I-1", "I-2"):
        c = clock(desk, code)
        assert c is not None and c.due == instant("17:15", date(2026, 9, 24))


def test_an_extra_day_agreed_with_the_city_moves_the_deadline(desk: Desk) -> None:
    desk.at("16:00", FRIDAY).does("incident.opened", category="system_outage", summary="x")
    desk.does("calendar.extra", date=date(2026, 9, 19), reason="増開場", agreed_on=date(2026, 9, 14))
    c = clock(desk)
    assert c is not None and c.due == instant("17:15", date(2026, 9, 19))


def test_damage_switches_an_intervention_to_at_once_and_back(desk: Desk) -> None:
    desk.does("incident.opened", category="undue_intervention", summary="x")
    desk.does("incident.amended", incident="I-1", damage=True)
    c = clock(desk)
    assert c is not None and (c.word, c.left(desk.clock())) == ("直ちに", "あと15分")
    desk.does("incident.amended", incident="I-1", damage=False)
    c = clock(desk)
    assert c is not None and c.word == "遅滞なく"


def test_damage_changes_no_other_category(desk: Desk) -> None:
    desk.does("incident.opened", category="complaint", summary="x")
    desk.does("incident.amended", incident="I-1", damage=True)
    c = clock(desk)
    assert c is not None and c.word == "遅滞なく"


def test_the_clock_runs_in_the_alerts_until_the_report_stands(desk: Desk) -> None:
    desk.does("incident.opened", category="injury", summary="転倒")
    desk.at("10:05:02")
    assert alerts(desk)["incident_unreported"] == ("warning", "I-1 急病・けが 市へ直ちに報告 あと10分")
    desk.at("10:18:02")
    assert alerts(desk)["incident_unreported"] == ("critical", "I-1 急病・けが 市へ直ちに報告 超過 3分")
    desk.does("incident.reported", incident="I-1", to="監督員")
    assert "incident_unreported" not in alerts(desk) and clock(desk) is None


def test_personal_information_is_critical_at_once_and_told_again_after_the_measures(desk: Desk) -> None:
    desk.does("incident.opened", category="personal_info", summary="控えを渡した")
    assert alerts(desk)["incident_unreported"][0] == "critical"
    desk.does("incident.reported", incident="I-1", to="監督員")
    first = desk.session.register().incidents["I-1"].reported_at
    desk.at("10:30").does("incident.amended", incident="I-1", measures="回収した")
    assert any("応急処置も直ちに" in w for w in desk.session.warnings)
    c = clock(desk)
    assert c is not None and c.again and c.left(desk.clock()) == "あと15分"
    assert "応急処置も市へ直ちに報告" in alerts(desk)["incident_unreported"][1]
    desk.does("incident.reported", incident="I-1", to="監督員")
    i = desk.session.register().incidents["I-1"]
    assert (i.reported_at, i.owes_measures, clock(desk)) == (first, False, None)
    assert i.followed_up_at is not None


def test_measures_that_the_first_report_told_owe_no_second(desk: Desk) -> None:
    desk.does("incident.opened", category="personal_info", summary="x")
    desk.does("incident.amended", incident="I-1", measures="回収した")
    desk.does("incident.reported", incident="I-1")
    assert clock(desk) is None


def test_a_later_report_puts_the_time_of_the_first_right(desk: Desk) -> None:
    desk.does("incident.opened", category="injury", summary="x")
    desk.at("10:10").does("incident.reported", incident="I-1")
    desk.does("incident.reported", incident="I-1", reported_at=instant("10:05"))
    assert desk.session.register().incidents["I-1"].reported_at == instant("10:05")


# ---- rules


def test_times_in_their_order_and_nothing_of_the_future(desk: Desk) -> None:
    desk.at("10:00").does("incident.opened", category="undue_intervention", summary="x")
    sooner, later = instant("09:00"), instant("11:00")
    for words, fields in {
        "発生が発見より後": {"occurred_at": instant("10:00:30")},
        "警察への通報が発生より前": {"police_at": sooner},
        "まだ来ていない": {"police_at": later},
    }.items():
        desk.refuses("incident.amended", "I-1 を補えません", words, incident="I-1", **fields)
    desk.refuses("incident.reported", "報告が発見より前", incident="I-1", reported_at=sooner)
    desk.refuses("incident.reported", "まだ来ていない", incident="I-1", reported_at=later)
    desk.does("incident.reported", incident="I-1")
    desk.at("10:30")
    desk.refuses("incident.amended", "報告が発見より前", incident="I-1", found_at=instant("10:20"))


def test_only_what_can_be_restored_is_restored(desk: Desk) -> None:
    desk.does("incident.opened", category="complaint", summary="x")
    desk.does("incident.opened", category="system_outage", summary="x", occurred_at=instant("09:30"))
    desk.refuses("incident.restored", "苦情の事案には復旧がありません", incident="I-1")
    desk.refuses("incident.restored", "復旧が発生より前", incident="I-2", restored_at=instant("09:00"))
    desk.refuses("incident.restored", "まだ来ていない", incident="I-2", restored_at=instant("12:00"))
    desk.does("incident.restored", incident="I-2", restored_at=instant("09:50"))
    assert desk.does("incident.restored", incident="I-2") == []
    desk.refuses("incident.amended", "復旧が発生より前", incident="I-2", occurred_at=instant("09:55"))


def test_what_must_be_there_before_the_close(desk: Desk) -> None:
    desk.does("incident.opened", category="personal_info", summary="x")
    desk.does("incident.opened", category="undue_intervention", summary="x")
    desk.does("incident.opened", category="complaint", summary="x")
    desk.refuses("incident.closed", "市への報告が要ります", incident="I-1")
    desk.refuses("incident.closed", "警察への通報が要ります", incident="I-2")
    desk.does("incident.closed", incident="I-2", text="当事者が立ち去り、市と協議して通報しない")
    desk.does("incident.amended", incident="I-3", serious=True)
    desk.does("incident.closed", incident="I-3")
    assert any("緊急会議の記録がありません" in w for w in desk.session.warnings)
    desk.refuses("incident.amended", "終結した事案", incident="I-3", serious=False)


def test_a_serious_one_asks_for_the_meeting_until_it_was_held(desk: Desk) -> None:
    desk.does("incident.opened", category="complaint", summary="x")
    desk.does("incident.amended", incident="I-1", serious=True)
    assert any("緊急会議" in w for w in desk.session.warnings)
    assert alerts(desk)["incident_serious"] == ("warning", "I-1 重大 緊急会議がまだです（仕様書 9）")
    desk.does("meeting.held", form="emergency", held_on=desk.day, incident="I-1")
    assert "incident_serious" not in alerts(desk)


def test_the_minutes_are_due_after_three_open_days() -> None:
    from floorctl.models.site.calendar import Calendar

    calendar = Calendar(kumagaya())
    assert minutes_due(date(2026, 9, 14), calendar) == date(2026, 9, 17)
    assert minutes_due(FRIDAY, calendar) == date(2026, 9, 26)
    assert minutes_due(date(2028, 6, 30), calendar) is None


# ---- history


def test_nothing_that_was_said_is_lost_over_days(desk: Desk) -> None:
    desk.does("incident.opened", category="complaint", summary="順番への苦情")
    desk.does("incident.amended", incident="I-1", summary="順番と説明への苦情", services=("cert_renewal",))
    wrong = desk.does("incident.amended", incident="I-1", terminals=("T3",))
    desk.takes_back(wrong[0])
    desk.at("09:00", date(2026, 9, 15)).does("incident.reported", incident="I-1", to="監督員")
    desk.does("incident.noted", incident="I-1", text="後日連絡")
    desk.does("incident.closed", incident="I-1")
    said = history(desk.session.register_facts(), "I-1", desk.site)
    assert [(s.kind, s.gone) for s in said] == [
        ("incident.opened", False),
        ("incident.amended", False),
        ("incident.amended", True),
        ("retracted", False),
        ("incident.reported", False),
        ("incident.noted", False),
        ("incident.closed", False),
    ]
    text = "\n".join(s.text for s in said)
    for words in ("順番への苦情", "概要 順番と説明への苦情", "業務 証明書更新", "端末 T3", "監督員", "後日連絡"):
        assert words in text
    assert [i.code for i in desk.session.register().incidents_of(date(2026, 9, 15))] == ["I-1"]


def test_once_the_city_was_told_it_cannot_be_taken_back(desk: Desk) -> None:
    opened = desk.does("incident.opened", category="complaint", summary="x")[0]
    desk.does("incident.reported", incident="I-1")
    desk.refused(lambda: desk.takes_back(opened), "市に伝わった")


# ---- equipment


def test_all_printers_of_a_kind_down_warns_their_lanes(desk: Desk) -> None:
    desk.does("equipment.changed", equipment="furigana_printer", unit=1, state="failed", reason="紙詰まり")
    assert "equipment_down" not in alerts(desk)
    desk.does("equipment.changed", equipment="furigana_printer", unit=2, state="stopped")
    assert alerts(desk)["equipment_down"] == (
        "warning",
        "振り仮名印字プリンタがすべて使えません（証明書とセット 仕様書 7(1)ウ）",
    )
    desk.does("equipment.changed", equipment="furigana_printer", unit=3, state="ok")
    assert "equipment_down" not in alerts(desk)
    register = desk.session.register()
    assert [u.state for u in units(desk.site, register) if u.equipment.code == "furigana_printer"] == [
        "failed",
        "stopped",
        "ok",
    ]
    desk.does("equipment.changed", equipment="terminal_printer", unit=1, state="failed")
    assert [e.code for e in all_down(desk.site, desk.session.register())] == ["terminal_printer"]
