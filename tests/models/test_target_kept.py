"""The share of people who waited at most the target: who counts, in which hour, and what nobody knows."""

from __future__ import annotations

from floorctl.cli.text import status_text
from floorctl.models.board.grounds import grounds
from floorctl.models.board.status import status
from floorctl.models.board.target_kept import NOBODY, Kept, by_lane, hall_words, kept_by_hour, share_word, together
from floorctl.models.day.floor import Floor
from floorctl.models.facts.entry import Head
from floorctl.models.register.register import Register
from tests.story import Story, a_day, instant, kumagaya

SITE = kumagaya()


def counted(floor: Floor, now: str) -> Kept:
    at = instant(now)
    return by_lane(kept_by_hour(floor, at, grounds(floor, Register(), at)))["certificate"]


def opened() -> Story:
    return a_day().opens("08:30").staffs("T3", "S03").staffs("T5", "S05")


def test_a_wait_of_exactly_the_target_keeps_it_and_a_second_more_does_not() -> None:
    story = opened().issues("B001", at="09:00").issues("B002", at="09:00")
    story.calls("B001", "T3", "09:20").calls("B002", "T5", "09:20:01")
    assert counted(story.floor(), "09:30") == Kept(1, 2)


def test_who_waits_or_has_gone_counts_only_once_beyond_the_target() -> None:
    story = (
        opened()
        .issues("B001", at="09:00")
        .issues("B002", at="09:00")
        .leaves("B002", "09:10")
        .issues("B004", at="09:19")
    )
    assert counted(story.floor(), "09:20") == NOBODY
    assert counted(story.floor(), "09:21") == Kept(0, 1), "B001 waits on; B002 went away in time and tells nothing"
    story.issues("B003", at="09:21").leaves("B001", "09:25").leaves("B003", "09:45").calls("B004", "T3", "09:45")
    assert counted(story.floor(), "09:46") == Kept(0, 3), "B001 and B003 went too late; B004 was called too late"


def test_an_appointment_waits_from_its_time_on_and_counts_in_that_hour() -> None:
    story = opened().issues("A001", "card_issuance", "09:40", appointment="10:30").calls("A001", "T1", "10:45")
    assert kept_by_hour(story.floor(), instant("11:00"))["issuance"] == {10: Kept(1, 1)}


def test_people_count_in_the_hour_in_which_they_came() -> None:
    story = opened().issues("B001", at="09:50").calls("B001", "T3", "10:20")
    assert kept_by_hour(story.floor(), instant("11:00"))["certificate"] == {9: Kept(0, 1)}


def test_the_close_ends_the_wait_of_who_was_not_served() -> None:
    story = opened().issues("B001", at="16:30").issues("B002", at="16:55").closes("17:00")
    assert counted(story.floor(), "18:30") == Kept(0, 1), "B002 had waited five minutes when the hall closed"


def test_numbers_that_nobody_holds_and_those_of_a_head_count_say_nothing() -> None:
    story = opened().issues("B001", at="09:00")
    for n in range(2, 16):
        story.issues(f"B{n:03d}", at=f"09:{n:02d}").calls(f"B{n:03d}", "T3", f"09:{n:02d}:30")
    found = counted(story.floor(), "10:30")
    assert found == Kept(14, 14), "B001 was overtaken by fourteen: nobody knows when its holder went"
    taken = opened().issues("B001", at="09:00").counts("certificate", 0, "09:40").floor()
    assert counted(taken, "09:50") == NOBODY


def test_a_silent_source_is_counted_up_to_its_last_record() -> None:
    story = opened().issues("B001", at="09:00").issues("B002", at="09:10").calls("B001", "T3", "09:11")
    floor = story.floor()
    assert counted(floor, "11:30") == Kept(1, 1), "whether B002 was called since 09:11 nobody told"
    at = instant("11:30")
    g = grounds(floor, Register(), at)
    said = hall_words(SITE, by_lane(kept_by_hour(floor, at, g)), g)
    assert said == ("目標20分以内", "1人のうち1人（9:11まで）")
    assert counted(story.tells("day.closed", "17:15", "console").floor(), "18:00") == Kept(1, 1)


def test_a_share_is_never_more_exact_than_its_people_and_hundred_is_everybody() -> None:
    assert share_word(Kept(6, 7)) == "7人のうち6人"
    assert share_word(Kept(199, 200)) == "99％" and share_word(Kept(200, 200)) == "100％"
    assert (share_word(NOBODY), share_word(Kept(0, 0, 3))) == ("-", "不明")
    assert together([Kept(1, 2), Kept(3, 4, 5)]) == Kept(4, 6, 5)


def test_a_lane_of_which_nobody_tells_is_named_as_left_out() -> None:
    lanes = {"issuance": Kept(18, 20), "certificate": Kept(0, 0, 9), "application": NOBODY}
    assert hall_words(SITE, lanes) == ("目標20分以内", "90％（交付だけ）")
    assert hall_words(SITE, {"certificate": Kept(0, 0, 9)}) == ("目標20分以内", "不明")
    assert hall_words(SITE, {"certificate": NOBODY}) is None


def test_status_tells_the_share_of_each_lane() -> None:
    story = opened().issues("B001", at="09:00").calls("B001", "T3", "09:05").issues("B002", at="09:01")
    floor, register = story.issues("A001", "card_issuance", "09:25").floor(), Register()
    info = register.calendar(SITE).day_info(floor.day)
    document = status(floor, register, info, instant("09:26"), Head(1, ""))
    lanes = {x["lane"]: x["target"] for x in document["lanes"]}
    assert lanes["certificate"] == {"target_s": 1200, "within": 1, "of": 2, "unknown": 0}
    assert lanes["issuance"] == {"target_s": 1200, "within": 0, "of": 0, "unknown": 0}
    assert "2人のうち1人" in next(x for x in status_text(document, SITE).splitlines() if x.startswith("電子証明書  "))
