"""Check what is agreed with the city: extra days, emergency closures, planned outages, their withdrawal; the calendar follows."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from tests.story import MONDAY, Desk, instant, kumagaya

SATURDAY, SUNDAY = date(2026, 9, 19), date(2026, 9, 20)
AGREED = {"reason": "更新の混雑", "agreed_on": date(2026, 9, 1)}


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path / "f.db", kumagaya(), at="08:00")


def outage(start: str = "13:00", end: str = "15:00", day: date = SUNDAY) -> dict[str, object]:
    return {"from_at": instant(start, day), "until_at": instant(end, day), "reason": "国の保守"}


def test_an_extra_day_opens_and_its_withdrawal_closes_it(desk: Desk) -> None:
    assert desk.session.info(SUNDAY).kind == "sunday"
    (entry,) = desk.does("calendar.extra", date=SUNDAY, **AGREED)
    info = desk.session.info(SUNDAY)
    assert (info.open, info.kind, info.reason, len(info.services)) == (True, "extra", "更新の混雑", 8)
    desk.at("08:30", SUNDAY).opens()
    assert desk.floor.is_open
    desk.refused(lambda: desk.takes_back(entry), "その追加就業日に開場しています")
    desk.at("08:00", date(2026, 9, 24))
    desk.takes_back(entry, "取りやめ")
    assert desk.session.info(SUNDAY).kind == "sunday"
    desk.refused(lambda: desk.takes_back(entry), "もう取り消されています")
    desk.at("08:00", date(2026, 9, 25))
    desk.refused(lambda: desk.takes_back(entry), "もう取り消されています")


def test_a_day_outside_the_calendar_says_how_to_agree_on_it(desk: Desk) -> None:
    desk.at("08:30", SUNDAY)
    desk.refuses(
        "day.opened",
        "日曜日",
        "floorctl do calendar.extra date=2026-09-20 reason=理由 agreed_on=協議した日",
        ". 暦",
        officials=1,
    )
    desk.refuses("officials.changed", "calendar.extra date=2026-09-20", present=1)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"date": MONDAY}, "もともと開場日です（平日）"),
        ({"date": date(2026, 9, 12)}, "もともと開場日です（第2土曜日）"),
        ({"date": date(2028, 7, 1)}, "契約期間"),
        ({"date": SUNDAY, "agreed_on": date(2026, 9, 15)}, "協議した日がまだ来ていません"),
        ({"date": date(2026, 8, 30), "agreed_on": date(2026, 8, 31)}, "協議した日がその日より後です"),
    ],
)
def test_extra_days_that_are_refused(desk: Desk, fields: dict[str, object], words: str) -> None:
    desk.refuses("calendar.extra", words, **{**AGREED, **fields})


def test_the_same_agreement_again_is_no_fact_and_another_one_asks_for_the_withdrawal(desk: Desk) -> None:
    desk.does("calendar.extra", date=SUNDAY, **AGREED)
    assert desk.does("calendar.extra", date=SUNDAY, **AGREED) == []
    desk.refuses("calendar.extra", "すでに追加就業日です", "取り消してから", date=SUNDAY, **{**AGREED, "reason": "別"})


def test_a_past_extra_day_is_recorded_with_a_warning(desk: Desk) -> None:
    desk.does("calendar.extra", date=date(2026, 9, 13), **AGREED)
    assert "過ぎた日" in desk.session.warnings[0]


def test_an_emergency_closure_closes_the_day_and_goes_before_an_extra_day(desk: Desk) -> None:
    desk.does("calendar.extra", date=SUNDAY, **AGREED)
    desk.does("calendar.closed", date=SUNDAY, reason="台風", agreed_on=MONDAY)
    info = desk.session.info(SUNDAY)
    assert (info.open, info.kind, info.reason, info.services) == (False, "closed_emergency", "台風", {})
    assert desk.does("calendar.closed", date=SUNDAY, reason="台風", agreed_on=MONDAY) == []
    desk.refuses("calendar.closed", "すでに臨時休止です", date=SUNDAY, reason="停電", agreed_on=MONDAY)
    desk.refuses("calendar.closed", "もともと開場日ではありません", date=SATURDAY, reason="台風", agreed_on=MONDAY)
    desk.refuses("calendar.closed", "まだ来ていません", date=date(2026, 9, 16), reason="台風", agreed_on=SATURDAY)
    desk.at("08:30", SUNDAY)
    desk.refuses("day.opened", "台風", "臨時休止の登録を取り消して", officials=1)


def test_no_extra_day_over_a_closure(desk: Desk) -> None:
    desk.does("calendar.closed", date=date(2026, 9, 16), reason="台風", agreed_on=MONDAY)
    desk.refuses("calendar.extra", "臨時休止が登録されています", date=date(2026, 9, 16), **AGREED)


def test_a_closure_of_today_says_what_to_do_in_the_open_hall(desk: Desk) -> None:
    desk.at("08:30").opens()
    desk.at("11:00").does("calendar.closed", date=MONDAY, reason="停電", agreed_on=MONDAY)
    assert "閉場して、市に知らせてください" in desk.session.warnings[0]
    assert desk.floor.is_open, "the closing is the manager's own act"
    desk.does("day.closed")
    assert not desk.floor.is_open


def test_a_closure_before_the_doors_needs_no_words(desk: Desk) -> None:
    desk.does("calendar.closed", date=MONDAY, reason="台風", agreed_on=MONDAY)
    assert desk.session.warnings == []


def test_a_planned_outage_stands_on_its_days_and_closes_none(desk: Desk) -> None:
    desk.does("calendar.outage", services=["cert_renewal", "cert_issue"], **outage(day=MONDAY))
    info = desk.session.info(MONDAY)
    assert info.open and [o.services for o in info.outages] == [("cert_issue", "cert_renewal")], "the site's order"
    assert desk.does("calendar.outage", services=["cert_issue", "cert_renewal"], **outage(day=MONDAY)) == []
    assert desk.session.info(SUNDAY).outages == ()


def test_an_outage_to_midnight_does_not_reach_the_next_day(desk: Desk) -> None:
    times = {"from_at": instant("22:00"), "until_at": instant("00:00", date(2026, 9, 15)), "reason": "保守"}
    desk.does("calendar.outage", services=["other"], **times)
    assert [bool(desk.session.info(d).outages) for d in (MONDAY, date(2026, 9, 15))] == [True, False]


def test_outages_that_are_refused(desk: Desk) -> None:
    desk.refuses("calendar.outage", "終わりが始まりより前", services=["other"], **outage("15:00", "13:00"))
    desk.refuses("calendar.outage", "もう過ぎています", services=["other"], **outage("06:00", "07:00", MONDAY))
    desk.refuses("calendar.outage", "会場設定にありません", services=["nothing"], **outage())
    desk.refuses("calendar.outage", services=[], **outage())
    desk.does("calendar.outage", services=["other"], **outage("07:00", "09:00", MONDAY))  # under way


def test_everybody_sees_the_same_calendar(desk: Desk) -> None:
    other = desk.beside()
    assert other.session.info(SUNDAY).kind == "sunday"
    desk.at("10:00").does("calendar.extra", date=SUNDAY, **AGREED)
    other.session.refresh()
    assert other.session.info(SUNDAY).kind == "extra"
    assert desk.session.calendar is desk.session.calendar, "one calendar until something is agreed"
