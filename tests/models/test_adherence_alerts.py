"""What does not go by the plan of the people is an alert with the key that answers it, once, and only while it lasts."""

from __future__ import annotations

from typing import Any

import pytest

from floorctl.commands.fold import fold_register
from floorctl.console.keys import BY_ID
from floorctl.models.board.alert import Alert
from floorctl.models.board.alerts import alerts
from floorctl.models.register.register import Register
from tests.story import MONDAY, Story, a_day, instant, kumagaya

SITE = kumagaya()
ABLE: dict[str, Any] = {"pledge_on": "2026-06-01", "authority_on": "2026-07-01", "vein_on": "2026-07-01"}
CODES = ("not_back", "break_over", "paused_back", "unused_back", "person_idle", "shift_missing", "shift_over", "unskilled", "newcomer_alone")  # fmt: skip


def roster(**people: dict[str, Any]) -> Register:
    story = Story(source="console", prefix="r")
    for code, fields in people.items():
        story.tells("staff.registered", "07:00", staff=code, **(ABLE | fields))
    return fold_register(story.entries())


def told(story: Story, at: str, register: Register | None = None) -> dict[str, Alert]:
    """The alerts of these codes at an instant; none comes twice."""
    register = register or Register()
    info = register.calendar(SITE).day_info(MONDAY)
    found = [a for a in alerts(story.floor(at), register, info, instant(at)) if a.code in CODES]
    assert len({a.code for a in found}) == len(found)
    for a in found:
        assert a.key in BY_ID[a.answer].keys or (a.key == "Enter" and (a.people or a.answer == "roll_call"))
    return {a.code: a for a in found}


def present(story: Story, *codes: str, at: str = "08:20") -> Story:
    for code in codes:
        story.tells("staff.changed", at, staff=code, status="present")
    return story


def test_a_break_is_over_three_minutes_after_its_announced_end() -> None:
    story = present(a_day().opens("08:30"), "S3", "S4")
    story.tells("staff.changed", "12:00", staff="S3", status="on_break", until="12:45")
    assert told(story, "12:47:59") == {}
    assert told(story, "12:48")["break_over"].text == "S3 休憩 12:45まで 3分超過"
    story.tells("staff.changed", "12:01", staff="S4", status="on_break", until="12:30")
    both = told(story, "12:50")["break_over"]
    assert (both.text, both.people, both.answer) == ("S4・S3 休憩 12:30まで 20分超過", ("S4", "S3"), "is_present")
    back = story.tells("staff.changed", "12:51", staff="S4", status="present")
    assert told(back, "12:52")["break_over"].people == ("S3",)


def test_of_a_break_without_an_announced_end_nothing_is_said() -> None:
    story = present(a_day().opens("08:30"), "S3").tells("staff.changed", "12:00", staff="S3", status="on_break")
    assert told(story, "15:00") == {}
    breaks = [{"staff": "S3", "start": "12:00", "minutes": 60, "fixed": False}]
    story.tells("breaks.planned", "12:01", "console", breaks=breaks, removed=[])
    assert told(story, "13:02") == {}
    assert told(story, "13:03")["break_over"].text == "S3 休憩 13:00まで 3分超過"


def test_who_is_late_before_the_doors_open_is_told_too() -> None:
    story = a_day().tells("staff.changed", "08:05", staff="S3", status="late", until="08:20")
    assert told(story, "08:20") == {}
    found = told(story, "08:21")["not_back"]
    assert (found.people, found.answer) == (("S3",), "people")
    assert told(story.opens("08:22").closes("08:23"), "08:24") == {}


def test_of_two_who_are_awaited_each_is_said_with_their_own_status_and_time() -> None:
    story = present(a_day().opens("08:30"), "S4").tells(
        "staff.changed", "08:35", staff="S3", status="late", until="08:40"
    )
    story.tells("staff.changed", "08:50", staff="S4", status="away", until="09:10")
    found = told(story, "09:15")["not_back"]
    assert found.text == "S3 遅刻 8:40まで・S4 離席 9:10まで 過ぎています"
    assert found.people == ("S3", "S4")


def test_a_terminal_stays_paused_though_its_person_is_back() -> None:
    story = present(a_day().opens("08:30"), "S3").staffs("T3", "S3", "08:31")
    story.tells("terminal.paused", "12:00", terminal="T3", reason="休憩")
    assert told(story, "12:30") == {}, "who has been here all the time has paused it for a reason"
    story.tells("staff.changed", "12:01", staff="S3", status="on_break", until="12:45")
    story.tells("staff.changed", "12:44", staff="S3", status="present").staffs("T3", "S3", "12:44")
    assert told(story, "12:44:59") == {}
    found = told(story, "12:46")["paused_back"]
    assert (found.text, found.key, found.terminal) == ("T3 S3 が 12:44 に戻り、休止のまま 2分", "s", "T3")
    assert told(story.tells("terminal.resumed", "12:47", terminal="T3"), "12:48") == {}


def test_a_terminal_that_calls_nobody_though_its_person_is_back() -> None:
    story = present(a_day().opens("08:30"), "S3").staffs("T3", "S3", "08:31")
    story.tells("staff.changed", "12:01", staff="S3", status="on_break", until="12:45")
    story.tells("staff.changed", "12:44", staff="S3", status="present").staffs("T3", "S3", "12:44:30")
    assert told(story, "12:55") == {}, "nobody waits"
    story.issues("B001", at="12:50")
    assert told(story, "12:53") == {}
    assert told(story, "12:55")["unused_back"].text == "T3 S3 が 12:44 に戻り、呼出しなし 11分"
    assert told(story.calls("B001", "T3", "12:56"), "12:57") == {}


def test_who_stands_about_while_people_wait_beyond_the_target() -> None:
    register = roster(S3={}, S4={"skills": ["issuance"]}, S5={"shift_from": "08:00", "shift_to": "09:00"}, S6={}, S7={})
    story = (
        present(a_day().opens("08:30"), "S3", "S4", "S5", "S6").staffs("T3", "S6", "08:31").staffs("T1", "S7", "08:31")
    )
    story.tells("staff.posted", "08:32", staff="S3", post="reception").issues("B001", at="08:40")
    story.tells("staff.posted", "09:10", staff="S3", post=None)
    assert "person_idle" not in told(story, "09:19", register), "the post was left nine minutes ago"
    found = told(story, "09:21", register)["person_idle"]
    assert found.text == "S3 持ち場なし  電子証明書 最長 41分、T5 は担当なし"
    assert (found.people, found.answer) == (("S3",), "stand")
    assert "person_idle" not in told(story.calls("B001", "T3", "09:22"), "09:23", register), "nobody waits"


def test_a_place_is_left_when_it_goes_to_somebody_else_and_not_when_it_is_told_again() -> None:
    story = present(a_day().opens("08:30"), "S3", "S4").staffs("T3", "S3", "08:31").staffs("T3", "S3", "08:40")
    assert story.floor().left_place == {}
    assert story.staffs("T3", "S4", "08:50").floor().left_place == {"S3": instant("08:50")}
    story.tells("staff.posted", "08:55", staff="S3", post="reception")
    assert story.tells("staff.posted", "09:05", staff="S3", post=None).floor().left_place == {"S3": instant("09:05")}


def test_who_stands_where_they_lack_the_skill_and_a_newcomer_alone() -> None:
    register = roster(S1={"skills": ["certificate"]}, S2={"skills": ["issuance"], "newcomer": True}, S3={})
    story = present(a_day().opens("08:30"), "S1", "S2", "S3").staffs("T2", "S2", "08:31").staffs("T1", "S1", "08:32")
    found = told(story, "08:40", register)
    assert (found["unskilled"].text, found["unskilled"].terminal) == ("S1 T1 交付の技能がありません", "T1")
    assert "newcomer_alone" not in found, "somebody of experience stands beside"
    story.staffs("T1", None, "08:41")
    story.tells("ticket.issued", "08:42", ticket="A001", service="card_issuance")
    assert told(story, "09:30", register)["newcomer_alone"].text == "交付 新人だけです S2"
    posted = story.tells("staff.posted", "09:31", staff="S1", post="reception")
    found = told(posted, "09:32", register)
    assert (found["unskilled"].text, found["unskilled"].people) == ("S1 会場案内の技能がありません", ("S1",))


@pytest.mark.parametrize(("unseen", "answer"), [(("S1",), "people"), (("S1", "S2"), "roll_call")])
def test_of_one_who_has_not_come_it_is_asked_and_of_several_the_roll_is_called(
    unseen: tuple[str, ...], answer: str
) -> None:
    register = roster(**{code: {"shift_from": "08:15", "shift_to": "17:15"} for code in unseen})
    assert told(a_day().opens("08:30"), "08:40", register)["shift_missing"].answer == answer
