"""Alerts: what is awaited and does not come, what is foreseen, the order, and one line for one thing."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import pairwise

import pytest

from floorctl.advice.forecast import Forecaster
from floorctl.advice.foresight import foresee
from floorctl.commands.fold import fold, fold_register
from floorctl.intake.demand_table import demand_table
from floorctl.models.board.alert import ORDER, SEVERITIES, Alert, in_order, said_once
from floorctl.models.board.alerts import alerts
from floorctl.models.board.foreseen import Foreseen
from floorctl.models.day.floor import Floor
from floorctl.models.register.register import Register
from floorctl.rehearsal.simulated_feed import simulated_feed
from tests import halls
from tests.story import MONDAY, Story, a_day, entries_of, instant, kumagaya

SITE = kumagaya()


def roster(**shifts: str) -> Register:
    """People of the roster with their shift: ``S01="08:15-17:15"``."""
    story = Story(source="console", prefix="r")
    for code, hours in shifts.items():
        begins, ends = hours.split("-")
        role = "site_manager" if code == "S00" else "worker"
        story.tells("staff.registered", "07:00", staff=code, role=role, shift_from=begins, shift_to=ends)
    return fold_register(story.entries())


def told(
    story: Story, at: str, register: Register | None = None, ahead: dict[str, Foreseen] | None = None
) -> dict[str, str]:
    """The text of each alert at an instant, by its code."""
    register = register or Register()
    info = register.calendar(SITE).day_info(MONDAY)
    return {a.code: a.text for a in alerts(story.floor(at), register, info, instant(at), ahead=ahead)}


# ---- what is awaited


def test_doors_that_are_shut_when_the_reception_has_begun() -> None:
    before = a_day().tells("staff.changed", "08:20", staff="S01", status="present")
    assert "not_opened" not in told(before, "08:29:59")
    assert told(before, "08:45")["not_opened"] == "まだ開場していません 受付開始 8:30 から 15分"
    assert "not_opened" not in told(before, "17:01"), "nobody opens after the last window"
    assert "not_opened" not in told(before.opens("08:46"), "08:47")


@pytest.mark.parametrize(("status", "word"), [("late", "遅刻"), ("away", "離席")], ids=lambda x: str(x))
def test_who_is_not_back_at_the_time_that_they_named(status: str, word: str) -> None:
    story = a_day().opens("08:30").tells("staff.changed", "09:00", staff="S03", status=status, until="09:40")
    assert "not_back" not in told(story, "09:40")
    assert told(story, "09:41")["not_back"] == f"S03 {word} 9:40まで 過ぎています"
    assert "not_back" not in told(story.tells("staff.changed", "09:45", staff="S03", status="present"), "09:46")


def test_a_shift_that_has_begun_and_one_that_is_over() -> None:
    register = roster(S01="08:15-13:00", S02="13:00-17:15", S03="13:00-17:15")
    story = a_day().opens("08:30").tells("staff.changed", "08:10", staff="S01", status="present")
    assert {"shift_missing", "shift_over"}.isdisjoint(told(story, "13:00", register))
    found = told(story, "13:10", register)
    assert found["shift_missing"] == "S02・S03 勤務 13:00から 在席の記録がありません"
    assert found["shift_over"] == "S01 勤務は 13:00まで まだ在席です"
    story.tells("staff.changed", "13:11", staff="S01", status="gone").staffs("T1", "S02", "13:11")
    story.tells("staff.changed", "13:11", staff="S03", status="absent")
    assert {"shift_missing", "shift_over"}.isdisjoint(told(story, "13:12", register)), "a place shows who has come"


def test_one_count_of_the_minutes_in_which_nobody_was_in_charge() -> None:
    """Those of the reception, of all absences of the day: as F4, the hand-over and the report say them."""
    story = a_day().opens("08:25").tells("charge.taken", "08:50", "console", charge="site_manager", staff="S00")
    story.tells("staff.changed", "09:30", staff="S00", status="away", reason="急用")
    assert "受付中の不在 30分" in told(story, "09:40")["no_site_manager"], "20 minutes before, 10 since"


# ---- what is foreseen


def test_what_is_foreseen_is_told_until_it_has_come() -> None:
    ahead = {"certificate": Foreseen(3, instant("10:42"), 30, 12, 8, instant("16:10"))}
    story = halls.queue(halls.opened(), "B", 5, "10:30")
    found = told(story, "10:35", ahead=ahead)
    assert found["wait_forecast"] == "電子証明書 3人が10:42から目標 20分超過の見込み"
    assert found["not_all_served"] == "電子証明書 約12人 閉庁に間に合わない見込み 発券はあと8枚 16:10まで"
    found = told(story, "10:51", ahead=ahead)
    assert "wait_over_target" in found and "wait_forecast" not in found
    story = halls.queue(halls.opened(), "B", 5, "16:40")
    late = told(story, "16:41", ahead={"certificate": Foreseen(late=True)})
    assert late["past_closing"] == "電子証明書 最後の人は閉庁 17:15 に間に合わないおそれ"
    assert "past_closing" not in told(story, "17:15", ahead={"certificate": Foreseen(late=True)})
    none_left = {"certificate": Foreseen(servable=3, short=2, may_give=0)}
    assert told(story, "16:45", ahead=none_left)["last_call"].endswith("待ち 5人 閉庁までに約3人 発券を止める時です"), (
        "the last call tells the same figure, once"
    )
    assert "not_all_served" not in told(story, "16:45", ahead=none_left)


def test_more_wait_than_can_be_served() -> None:
    """Known before anybody has waited long: so many are left over, so many numbers may still be given."""
    floor, now = halls.too_many_before_the_end().floor("15:45"), instant("15:45")
    forecaster, register = Forecaster(SITE, MONDAY, demand_table(SITE)), Register()
    closings = forecaster.closings(floor, register, now)
    found = foresee(floor, {}, closings, now)["certificate"]
    c = next(c for c in closings if c.lane == "certificate")
    assert found.short == c.short > 0 and found.may_give == c.may_give and found.stop_at == c.stop_at
    assert found.servable == c.servable


def test_at_a_surge_the_forecast_stands_before_the_event() -> None:
    """The morning of a surge: the first wait beyond the target was foreseen at least five minutes before."""
    entries = entries_of(map(parsed, simulated_feed(SITE, MONDAY, 7, "surge").splitlines()))
    entries.sort(key=lambda e: e.fact.at)
    forecaster, register = Forecaster(SITE, MONDAY, demand_table(SITE)), Register()
    info, foretold, now = register.calendar(SITE).day_info(MONDAY), dict[str, datetime](), instant("09:30")
    while now < instant("10:45"):
        floor = fold(SITE, MONDAY, [e for e in entries if e.fact.at <= now])
        ahead = foresee(floor, forecaster.waits(floor, register, now), (), now)
        for a in alerts(floor, register, info, now, ahead=ahead):
            lane = a.text.split()[0]
            if a.code == "wait_forecast":
                foretold.setdefault(lane, now)
            if a.code == "wait_over_target":
                assert now - foretold[lane] >= timedelta(minutes=5)
                return
        now += timedelta(minutes=3)
    raise AssertionError("the day has no surge")


def parsed(line: bytes) -> dict[str, object]:
    import json

    found: dict[str, object] = json.loads(line)
    return found


# ---- the order, and one line for one thing


def test_what_decides_now_comes_first() -> None:
    found = in_order(Alert(code, severity, "", "") for code in reversed(ORDER) for severity in reversed(SEVERITIES))
    places = [(SEVERITIES.index(a.severity), ORDER.index(a.code)) for a in found]
    assert all(a < b for a, b in pairwise(places))
    for first, then in (("seats_over", "wait_over_target"), ("wait_over_target", "wait_forecast")):
        assert ORDER.index(first) < ORDER.index(then)


def test_every_code_has_its_place() -> None:
    """Also those of the contract's additions: a code without a place would fall to the end unseen."""
    import re
    from pathlib import Path

    root = Path(__file__).parents[2] / "floorctl"
    sources = [
        *(root / "models/board").glob("*alerts.py"),
        root / "console/file_alerts.py",
        root / "models/board/foreseen.py",
    ]
    text = "\n".join(path.read_text("utf-8") for path in sources)
    assert set(re.findall(r'Alert\(\s*"(\w+)"', text)) <= set(ORDER)
    assert [code for code in ORDER if f'"{code}"' not in text] == [], "nobody raises it any more"


def test_what_a_panel_lists_is_one_line_with_its_count() -> None:
    story = a_day().opens("08:30")
    for n, at in enumerate(("09:00", "09:01", "09:02"), 1):
        story.tells("escalation.raised", at, escalation=f"E-{n}", matter="fee", terminal=f"T{n}")
    register, floor = Register(), story.floor("09:07")
    each = alerts(floor, register, register.calendar(SITE).day_info(MONDAY), instant("09:07"))
    assert sum(a.code == "escalation_overdue" for a in each) == 3, "a program is told of each"
    (once,) = [a for a in said_once(each) if a.code == "escalation_overdue"]
    assert (once.text, once.many, once.terminal) == ("T1 決定待ち 7分（基準 5分） ほか2件", 3, "T1")


def test_a_case_that_the_city_has_taken_waits_no_more() -> None:
    story = a_day().opens("08:30").tells("escalation.raised", "09:00", escalation="E-1", matter="fee", terminal="T1")
    floor, register = story.tells("escalation.taken", "09:02", escalation="E-1").floor(), Register()
    info = register.calendar(SITE).day_info(MONDAY)
    (told,) = [a for a in alerts(floor, register, info, instant("09:20")) if a.code.startswith("escalation")]
    assert (told.severity, told.word, told.text) == ("info", "市職員", "T1 対応中 18分")
    assert not [a for a in alerts(floor, register, info, instant("09:04")) if a.code.startswith("escalation")]


def test_floors_without_facts_have_no_people_to_miss() -> None:
    register = roster(S01="08:15-17:15")
    info = register.calendar(SITE).day_info(MONDAY)
    found = [a.code for a in alerts(Floor(SITE, MONDAY), register, info, instant("08:20"))]
    assert found == ["shift_missing"], "the roll call is due before the doors open"


@pytest.mark.parametrize(
    ("alert", "last"),
    [
        (Alert("x", "info", "待ち", "電子証明書 最長 30分（目標 20分・超過 5人）"), "電子証明書 最長 30分"),
        (
            Alert("x", "info", "記録", "呼ばれないまま B002・B041・B078（b の p でまとめて終える）"),
            "呼ばれないまま B002ほか",
        ),
        (
            Alert("x", "info", "事案", "I-1 システム障害 市へ速やかに報告 9/15", short="I-1 市へ報告 9/15"),
            "I-1 市へ報告 9/15",
        ),
    ],
)
def test_an_alert_with_little_room_keeps_whole_words(alert: Alert, last: str) -> None:
    """Wordings grow shorter by whole words and by whole numbers of a list; the remark in brackets goes first."""
    assert alert.wordings()[0] == alert.text
    assert last in alert.wordings()
