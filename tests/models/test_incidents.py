"""Incidents: the clocks of their reports, their rules, their history (仕様書 12(8) to (11), A15)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from floorctl.common.errors import NeedsReason
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


def test_the_report_of_the_measures_is_owed_beyond_the_close(desk: Desk) -> None:
    desk.does("incident.opened", category="personal_info", summary="x")
    desk.does("incident.reported", incident="I-1")
    desk.does("incident.amended", incident="I-1", measures="回収した", prevention="二人で照合")
    desk.does("incident.closed", incident="I-1")
    assert clock(desk) is not None and "incident_unreported" in alerts(desk)
    desk.does("incident.reported", incident="I-1")
    assert clock(desk) is None and "incident_unreported" not in alerts(desk)
    desk.refuses("incident.reported", "終結", incident="I-1")


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


def test_what_was_restored_is_not_restored_again_nor_later_than_that_begun(desk: Desk) -> None:
    desk.does("incident.opened", category="system_outage", summary="x", occurred_at=instant("09:30"))
    desk.does("incident.restored", incident="I-1", restored_at=instant("09:50"))
    assert desk.does("incident.restored", incident="I-1") == []
    desk.refuses("incident.amended", "復旧が発生より前", incident="I-1", occurred_at=instant("09:55"))


def test_what_must_be_there_before_the_close_may_be_said_in_words_or_is_warned_of(desk: Desk) -> None:
    desk.does("incident.opened", category="undue_intervention", summary="x")
    desk.does("incident.opened", category="complaint", summary="x")
    desk.does("incident.reported", incident="I-1")
    desk.does("incident.closed", incident="I-1", text="当事者が立ち去り、市と協議して通報しない")
    desk.does("incident.amended", incident="I-2", serious=True)
    desk.does("incident.reported", incident="I-2")
    desk.does("incident.closed", incident="I-2")
    assert any("緊急会議の記録がありません" in w for w in desk.session.warnings)
    desk.does("incident.opened", category="personal_info", summary="x")
    desk.refuses("incident.closed", "先に市へ報告", incident="I-3", reason="軽微")
    desk.does("incident.reported", incident="I-3")
    desk.does("incident.closed", incident="I-3")
    assert any("応急処置と再発防止の記録がありません" in w for w in desk.session.warnings)


@pytest.mark.parametrize("category", ["complaint", "system_outage", "labour_accident", "undue_intervention"])
def test_what_must_be_reported_is_closed_unreported_only_for_a_reason(desk: Desk, category: str) -> None:
    desk.does("incident.opened", category=category, summary="x")
    if category == "undue_intervention":
        desk.does("incident.amended", incident="I-1", police_at=desk.clock())
    e = desk.refuses("incident.closed", "市への報告が要ります", "--reason", incident="I-1", text="済")
    assert isinstance(e, NeedsReason)
    desk.does("incident.closed", incident="I-1", reason="相手がその場で取り下げた")
    i = desk.session.register().incidents["I-1"]
    assert (i.untold, i.untold_because, i.state) == (True, "相手がその場で取り下げた", "closed")


@pytest.mark.parametrize("category", ["equipment", "disaster", "injury", "other"])
def test_the_others_close_without_a_report(desk: Desk, category: str) -> None:
    desk.does("incident.opened", category=category, summary="x")
    desk.does("incident.closed", incident="I-1")


def test_handing_a_complaint_over_is_not_reporting_it(desk: Desk) -> None:
    desk.does("incident.opened", category="complaint", summary="x")
    desk.refuses("incident.amended", "発見より前", incident="I-1", handed_over_at=desk.clock() - timedelta(minutes=30))
    desk.does("incident.amended", incident="I-1", handed_over_to="監督員")  # without a time: now
    assert any("報告がまだ" in w for w in desk.session.warnings)
    i = desk.session.register().incidents["I-1"]
    assert (i.state, i.stage, i.untold, clock(desk) is None) == ("open", "open", True, False)
    desk.does("incident.reported", incident="I-1")
    i = desk.session.register().incidents["I-1"]
    assert (i.state, i.stage, i.handed_over_to) == ("reported", "handed_over", "監督員")
    assert "市へ引継ぎ" in desk.session.register_facts()[1].fact.sentence(desk.site)


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


# ---- equipment


def test_units_of_equipment_and_kinds_of_which_all_are_down(desk: Desk) -> None:
    for unit, state in enumerate(("failed", "stopped", "ok"), 1):
        desk.does("equipment.changed", equipment="furigana_printer", unit=unit, state=state)
    desk.does("equipment.changed", equipment="terminal_printer", unit=1, state="failed")
    register = desk.session.register()
    printers = [u.state for u in units(desk.site, register) if u.equipment.code == "furigana_printer"]
    assert printers == ["failed", "stopped", "ok"]
    assert [e.code for e in all_down(desk.site, register)] == ["terminal_printer"]


def test_times_are_set_in_any_order_and_checked_together(desk: Desk) -> None:
    desk.at("10:05:30").does("incident.opened", category="equipment", summary="x")
    # Typed in whole minutes, in the minute in which it was found.
    desk.does("incident.reported", incident="I-1", to="監督員", reported_at=instant("10:05"))
    i = desk.session.register().incidents["I-1"]
    reported = i.reported_at
    assert reported == i.found_at > instant("10:05:29")
    desk.does("incident.amended", incident="I-1", found_at=instant("09:50"))
    i = desk.session.register().incidents["I-1"]
    assert (i.occurred_at, i.found_at, i.reported_at) == (instant("09:50"), instant("09:50"), reported)
    desk.does("incident.amended", incident="I-1", occurred_at=instant("09:40"))
    desk.refuses("incident.amended", "発生 9/14 9:40、発見 9/14 9:30", incident="I-1", found_at=instant("09:30"))
    desk.does("incident.amended", incident="I-1", found_at=instant("09:30"), occurred_at=instant("09:30"))
    desk.refuses("incident.amended", "復旧の記録がまだありません", incident="I-1", restored_at=instant("10:00"))
    desk.at("10:30").does("incident.restored", incident="I-1", restored_at=instant("10:20"))
    # The whole is moved at once: each alone would contradict what is recorded.
    later = {"found_at": "10:10", "occurred_at": "10:08", "reported_at": "10:12", "restored_at": "10:25"}
    desk.does("incident.amended", incident="I-1", **{name: instant(at) for name, at in later.items()})
    i = desk.session.register().incidents["I-1"]
    assert {name: at for name, at in i.times().items() if at} == {name: instant(at) for name, at in later.items()}
    desk.refuses("incident.closed", "終結が復旧（9/14 10:25）より前", incident="I-1", at=instant("10:15"))
    desk.does("incident.closed", incident="I-1")
