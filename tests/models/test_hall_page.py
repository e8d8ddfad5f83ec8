"""What visitors are shown on the hall's page: numbers called, waits, hours, stops; and what is not shown."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date, time
from pathlib import Path
from typing import Any

import pytest

from floorctl.commands.calling import next_visitor
from floorctl.commands.fact_checks import make_fact
from floorctl.commands.fold import fold, fold_register
from floorctl.intake.hall_words import hall_languages
from floorctl.models.board.foreseen import Foreseen
from floorctl.models.board.grounds import grounds
from floorctl.models.board.hall_page import HallNotice, HallPage, ShownWait, hall_page
from floorctl.models.board.hall_words import worded
from floorctl.models.board.outlook import Coming
from floorctl.models.day.floor import Floor
from floorctl.models.facts import kinds as ev
from floorctl.models.facts.entry import Entry
from floorctl.models.facts.fact import free_texts
from floorctl.models.register.register import Register
from floorctl.models.site.languages import READING, SHIPPED, HallPageSettings
from floorctl.models.site.site import Site
from tests.house.test_personal_data_leaks import put
from tests.other_sites import KUMAGAYA_WORDS, OTHERS, lines, site_of
from tests.story import MONDAY, Desk, Story, a_day, busy_day, fact, instant, kumagaya

CERT, CARDS = "certificate", "issuance"
SATURDAY = date(2026, 9, 19)  # a third one, closed
TOLD = {
    CARDS: Coming(1500, 500, both=True, walk_in_most_s=3700, booked_most_s=550),
    CERT: Coming(30, walk_in_most_s=200),
}


def page_of(
    story: Story, at: str, ahead: dict[str, Foreseen] | None = None, site: Site | None = None, **more: Any
) -> HallPage:
    """The page of a day as it was at a time of it; waits as they were predicted: ``TOLD``."""
    now, site = instant(at, story.day), site or kumagaya()
    entries = [e for e in story.entries() if e.fact.at <= now]
    floor = fold(site, story.day, entries)
    register = fold_register(e for e in story.entries() if e.kind in ev.REGISTER_KINDS or e.kind == "retracted")
    return shown(floor, register, at, ahead, **more)


def shown(floor: Floor, register: Register, at: str, ahead: dict[str, Foreseen] | None = None, **more: Any) -> HallPage:
    now, calendar = instant(at, floor.day), register.calendar(floor.site)
    info = calendar.day_info(floor.day)
    return hall_page(floor, register, info, calendar, grounds(floor, register, now), TOLD, ahead or {}, now, **more)


def staffed(day: date = MONDAY) -> Story:
    """A hall at work: T1 for cards, T3 and T5 for certificates."""
    story = a_day(day).opens("08:20", T1=CARDS, T3=CERT, T5=CERT)
    return story.staffs("T1", "S01", "08:21").staffs("T3", "S03", "08:22").staffs("T5", "S05", "08:23")


def working() -> Story:
    """Five to nine: B001 done, B002 and B003 at their desks, B004 waits."""
    story = staffed().issues("B001", at="08:31").calls("B001", "T3", "08:32").issues("B002", at="08:33")
    story.issues("B003", at="08:34").calls("B002", "T5", "08:35").finishes("B001", "T3", "08:44")
    return story.calls("B003", "T3", "08:45").issues("B004", at="08:50")


def called(page: HallPage) -> list[str]:
    return [f"{x.number}>{x.place}{'!' if x.again else ''}" for x in page.calls]


def waits(page: HallPage, lane: str) -> tuple[ShownWait, ...]:
    return next(x.waits for x in page.lanes if x.code == lane)


# ---- the numbers called


CALLS: dict[str, tuple[Story, str, list[str]]] = {
    "newest first": (working(), "08:55", ["B003>T3", "B002>T5", "B001>T3"]),
    "called again": (working().calls("B002", "T5", "08:52"), "08:55", ["B002>T5!", "B003>T3", "B001>T3"]),
    "absent": (working().misses("B003", "08:50"), "08:55", ["B002>T5", "B001>T3"]),
    "absent and called once more": (
        working().misses("B003", "08:50").requeues("B003", "08:52").calls("B003", "T3", "08:53"),
        "08:55",
        ["B003>T3!", "B002>T5", "B001>T3"],
    ),
    "has left": (working().finishes("B003", "T3", "08:51").issues("B005", at="08:52").leaves("B005", "08:53"), "08:55", ["B003>T3", "B002>T5", "B001>T3"]),
    "sent to the city's desk": (working().finishes("B003", "T3", "08:51", outcome="desk3"), "08:55", ["B002>T5", "B001>T3"]),
    "sent on by a case, not finished yet": (
        working().tells("escalation.raised", "08:46", escalation="E-1", matter="identity", terminal="T3").tells("escalation.settled", "08:50", escalation="E-1", outcome="desk3", official=""),
        "08:55",
        ["B002>T5", "B001>T3"],
    ),
    "back from the city's desk": (
        working().tells("escalation.raised", "08:46", escalation="E-1", matter="identity", ticket="B003").tells("escalation.settled", "08:50", escalation="E-1", outcome="desk3", official="").calls("B003", "T3", "08:53"),
        "08:55",
        ["B003>T3!", "B002>T5", "B001>T3"],
    ),
    "passed on while it is served": (working().transfers("B003", "pin_reset", "08:51"), "08:55", ["B003>T3", "B002>T5", "B001>T3"]),
    "taken back": (
        (s := working()).takes_back(next(x["id"] for x in s.lines if x.get("ticket") == "B003" and x["kind"] == "ticket.called"), "08:50"),
        "08:55",
        ["B002>T5", "B001>T3"],
    ),
    "several in one second": (
        working().finishes("B002", "T5", "08:51").finishes("B003", "T3", "08:51").issues("B005", at="08:51").calls("B004", "T3", "08:52").calls("B005", "T5", "08:52"),
        "08:55",
        ["B005>T5", "B004>T3", "B003>T3", "B002>T5", "B001>T3"],
    ),
    "at a lent terminal": (
        working().lends("T1", CERT, "08:51").calls("B004", "T1", "08:53"),
        "08:55",
        ["B004>T1", "B003>T3", "B002>T5", "B001>T3"],
    ),
    "issued as it was called": (
        working().tells("ticket.issued", "08:52", ticket="B009", service="cert_renewal", no_arrival=True).calls("B009", "T5", "08:52"),
        "08:55",
        ["B009>T5", "B003>T3", "B002>T5", "B001>T3"],
    ),
    "nobody tells where": (
        working().tells("ticket.called", "08:52", ticket="B004"),
        "08:55",
        ["B004>", "B003>T3", "B002>T5", "B001>T3"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CALLS)
def test_numbers_called(name: str) -> None:
    story, at, expected = CALLS[name]
    page = page_of(story, at)
    assert (called(page), page.calls_why) == (expected, "")
    assert page.calls[0].lane == CERT


def test_the_last_six_of_a_number_that_is_issued_again() -> None:
    story = staffed()
    for n in range(8):
        story.issues(f"B{n % 7:03d}", at=f"09:{n * 5:02d}").calls(f"B{n % 7:03d}", "T3", f"09:{n * 5 + 1:02d}")
        story.finishes(f"B{n % 7:03d}", "T3", f"09:{n * 5 + 4:02d}")
    assert called(page_of(story, "09:42")) == [f"{x}>T3" for x in ("B000", "B006", "B005", "B004", "B003", "B002")]
    story.issues("B006", at="09:43")
    assert "B006>T3" not in called(page_of(story, "09:44")), "the number waits again"


def test_the_place_is_that_of_the_sign() -> None:
    site = kumagaya()
    signed = replace(site, terminals=tuple(replace(t, place="3" if t.code == "T3" else None) for t in site.terminals))
    assert called(page_of(working(), "08:55", site=signed))[0] == "B003>3"


def test_what_is_no_number_is_not_shown_and_said() -> None:
    """A name that somebody typed as a number."""
    story = working().finishes("B002", "T5", "08:51").issues("スズキ", at="08:51").calls("スズキ", "T5", "08:52")
    page = page_of(story, "08:55")
    assert called(page) == ["B003>T3", "B002>T5", "B001>T3"]
    assert page.notices == (HallNotice("calls_unsure", CERT),)
    for number in ("B001", "012", "R-12", "A12-3", "あ012", "AB7"):
        other = staffed().issues(number, at="08:31").calls(number, "T3", "08:32")
        assert called(page_of(other, "08:40")) == [f"{number}>T3"]


# ---- what is not sure


def test_a_silent_source_takes_numbers_and_waits_away() -> None:
    story = working()
    assert page_of(story, "08:59").state == "open"
    page = page_of(story, "09:12")
    assert (page.state, page.why, page.calls, page.calls_why) == ("unsure", "silent", (), "silent")
    assert waits(page, CERT) == (ShownWait("all", "not_known", None, "silent"),)
    assert page.lanes[1].receives == (time(8, 30), time(17)), "the hours are those of the calendar"


def test_a_silent_source_of_one_lane_takes_its_numbers_alone() -> None:
    """Cards are called by a machine of their own, which goes on."""
    story = working()
    for n, minute in enumerate(range(0, 25, 4), 1):
        story.tells("ticket.issued", f"09:{minute:02d}", "cards", ticket=f"A{n:03d}", service="card_issuance")
        story.tells("ticket.called", f"09:{minute + 1:02d}", "cards", ticket=f"A{n:03d}", terminal="T1")
        story.tells("ticket.finished", f"09:{minute + 3:02d}", "cards", ticket=f"A{n:03d}", terminal="T1")
    page = page_of(story, "09:28")
    assert (page.state, called(page)[0]) == ("open", "A007>T1")
    assert not any(x.lane == CERT for x in page.calls)
    assert HallNotice("calls_unsure", CERT) in page.notices
    assert [w.kind for w in waits(page, CARDS)] == ["minutes", "minutes"]


def test_who_calls_by_hand_is_sure_though_the_machine_has_stopped() -> None:
    story = working().finishes("B002", "T5", "08:55")
    story.tells("ticket.finished", "09:10", "console", ticket="B003", terminal="T3")
    story.tells("ticket.called", "09:10", "console", ticket="B004", terminal="T3")
    page = page_of(story, "09:12")
    assert called(page)[0] == "B004>T3"
    assert waits(page, CERT)[0].why == "silent", "who came since the machine stopped is not known"


def test_who_called_by_hand_and_does_not_any_more_is_not_sure() -> None:
    """The machine gives numbers, the hand that called them goes on by voice: forty wait in the records alone."""
    story = staffed()
    for n in range(40):
        story.issues(f"B{n:03d}", at=f"{8 + (31 + n * 5) // 60}:{(31 + n * 5) % 60:02d}")
        if n < 8:
            story.tells("ticket.called", f"08:{32 + n * 3}", "console", ticket=f"B{n:03d}", terminal="T3")
    assert called(page_of(story, "10:30"))[0] == "B007>T3"
    page = page_of(story, "10:45")
    assert (page.calls, page.calls_why, waits(page, CERT)[0].why) == ((), "silent", "silent")
    story.tells("ticket.called", "10:46", "console", ticket="B030", terminal="T3")
    assert called(page_of(story, "10:47"))[0] == "B030>T3"


def test_a_record_of_a_time_to_come_proves_no_live_source_and_shows_no_time() -> None:
    story = working().calls("B004", "T3", "11:50")
    page = shown(story.floor(), Register(), "08:55")
    assert called(page)[0] == "B004>T3"
    assert [x.at for x in worded(page, kumagaya(), hall_languages(kumagaya())[0]).calls] == ["", "8:45", "8:35", "8:32"]
    page = shown(story.floor(), Register(), "09:12")
    assert (page.state, page.why, page.calls) == ("unsure", "silent", ())


def test_head_counts_alone_show_no_number() -> None:
    story = staffed()
    for n in range(12):
        story.counts(CERT, n % 4, f"08:{31 + n * 2:02d}")
    page = page_of(story, "08:55")
    assert (page.state, page.calls, page.calls_why) == ("open", (), "no_numbers")
    assert waits(page, CERT)[0].kind == "soon", "as the board predicts it"


def test_a_number_that_nobody_holds_is_not_shown() -> None:
    """``n`` calls somebody known by a head count alone: the number is given as they are called, and they never see it."""
    story = staffed().counts(CERT, 3, "08:31")
    act = [
        ("ticket.issued", {"ticket": "B001", "service": "cert_renewal"}),
        ("ticket.called", {"ticket": "B001", "terminal": "T3"}),
        ("queue.counted", {"lane": CERT, "waiting": 2}),
    ]
    story.lines += [
        {"id": f"x1.{n}", "at": instant("08:33").isoformat(), "kind": kind, **more}
        for n, (kind, more) in enumerate(act)
    ]
    story.sources += ["console"] * 3
    page = page_of(story, "08:35")
    assert (page.calls, page.calls_why) == ((), "no_numbers")
    story.issues("B002", at="08:36").calls("B002", "T5", "08:37")
    assert called(page_of(story, "08:38")) == ["B002>T5"]


def test_before_the_first_call_and_where_nobody_tells_of_calls() -> None:
    story = staffed().issues("B001", at="08:31")
    assert page_of(story, "08:35").calls_why == "none_yet"
    story.issues("B002", at="08:50").issues("B003", at="08:55")
    assert page_of(story, "08:56").calls_why == "no_numbers", "somebody has been called in so long"


def test_a_past_view_and_a_day_that_is_over_tell_nothing() -> None:
    page = page_of(working(), "08:55", past=True)
    assert (page.state, page.why, page.calls, page.lanes, page.notices) == ("unsure", "past", (), (), ())
    story = working()
    later = shown(story.floor(), Register(), "08:55")
    now = instant("08:55", date(2026, 9, 15))
    calendar = Register().calendar(kumagaya())
    after = hall_page(
        story.floor(), Register(), calendar.day_info(MONDAY), calendar, grounds(story.floor(), Register(), now), {}, {}, now
    )  # fmt: skip
    assert (later.state, after.why) == ("open", "past")


def test_what_was_typed_from_paper_afterwards_is_no_call() -> None:
    story = staffed()
    story.lines += [
        {"id": "x1.1", "at": instant("08:58").isoformat(), "kind": "ticket.issued", "ticket": "B031", "service": "cert_renewal"},
        {"id": "x1.2", "at": instant("09:00").isoformat(), "kind": "ticket.called", "ticket": "B031", "terminal": "T3"},
        {"id": "x1.3", "at": instant("09:02").isoformat(), "kind": "ticket.finished", "ticket": "B031", "terminal": "T3"},
    ]  # fmt: skip
    story.sources += ["console"] * 3
    floor = story.floor()
    assert called(shown(floor, Register(), "09:05")) == ["B031>T3"]
    floor.paper_acts.add(("console", "x1"))
    assert called(shown(floor, Register(), "09:05")) == []


# ---- waits and hours


def test_waits_are_rounded_up_and_an_interval() -> None:
    page = page_of(working().issues("A001", "card_issuance", "08:56"), "09:01")
    assert waits(page, CARDS) == (
        ShownWait("with_appointment", "minutes", (10, 10)),
        ShownWait("without", "minutes", (25, 65)),
    )
    assert waits(page, CERT) == (ShownWait("all", "soon"),)


def test_a_wait_up_to_the_closing_and_beyond() -> None:
    story, now = working(), instant("08:55")
    floor, register = story.floor("08:55"), Register()
    calendar = register.calendar(kumagaya())
    told = {CERT: Coming(1801), CARDS: Coming(None, 60, both=True)}
    page = hall_page(
        floor, register, calendar.day_info(MONDAY), calendar, grounds(floor, register, now), told, {}, now
    )  # fmt: skip
    assert waits(page, CERT) == (ShownWait("all", "minutes", (35, None)),)
    assert waits(page, CARDS) == (ShownWait("all", "not_received", None, "before", time(9)),)
    late, story = instant("09:01"), story.issues("B009", at="08:58")
    floor = story.floor("09:01")
    page = hall_page(
        floor, register, calendar.day_info(MONDAY), calendar, grounds(floor, register, late), told, {}, late
    )  # fmt: skip
    assert [w.kind for w in waits(page, CARDS)] == ["soon", "beyond_closing"]


@pytest.mark.parametrize(("most_s", "high"), [(95 * 60, 95), (95 * 60 + 1, None)])
def test_an_end_of_a_wait_that_is_more_than_an_hour_off_is_not_shown(most_s: int, high: int | None) -> None:
    """«35 to 330 minutes» tells nobody anything."""
    story, now, register = working(), instant("08:55"), Register()
    floor, calendar = story.floor("08:55"), register.calendar(kumagaya())
    g, told = grounds(floor, register, now), {CERT: Coming(35 * 60, None, False, most_s)}
    page = hall_page(floor, register, calendar.day_info(MONDAY), calendar, g, told, {}, now)
    assert waits(page, CERT) == (ShownWait("all", "minutes", (35, high)),)


def test_a_lane_without_any_terminal_and_without_a_forecast() -> None:
    page = page_of(working().issues("B009", at="08:58"), "09:01")
    assert waits(page, "application") == (ShownWait("all", "not_known", None, "nobody"),)
    story = a_day().opens("08:25").issues("B001", at="08:31").issues("B002", at="08:58")
    assert waits(page_of(story, "08:59"), "application") == (ShownWait("all", "not_received", None, "before", time(9)),)
    assert waits(page_of(story, "09:01"), "application") == (ShownWait("all", "not_known", None, ""),)


def test_before_the_first_reception_after_the_last_and_on_a_closed_day() -> None:
    page = page_of(a_day(), "07:40")
    assert (page.state, page.opens, page.calls_why) == ("before", instant("08:30"), "")
    assert {w.why for lane in page.lanes for w in lane.waits} == {"before"}
    assert page_of(a_day().opens("08:20"), "08:25").state == "before", "the doors are open, the reception is not"
    page = page_of(staffed(), "17:01")
    assert (page.state, page.opens) == ("after", instant("08:30", date(2026, 9, 15)))
    assert {w.why for lane in page.lanes for w in lane.waits} == {"ended"}
    page = page_of(a_day(SATURDAY), "10:00")
    assert (page.state, page.why, page.lanes) == ("closed_day", "saturday_closed", ())
    assert page.opens == instant("08:30", date(2026, 9, 24)), "after five closed days"
    assert page_of(a_day(), "10:00").why == "no_records"


def test_holders_of_numbers_are_called_after_the_reception() -> None:
    story = working()
    for n, at in enumerate(("16:50", "16:55", "17:00")):
        story.issues(f"B10{n}", at=at)
    page = page_of(story, "17:05")
    assert (page.state, waits(page, CERT)[0].why) == ("open", "ended")
    assert called(page)[0] == "B003>T3"
    assert page_of(story.closes("17:20"), "17:21").state == "after"


def test_a_closure_in_an_emergency_is_told_at_once() -> None:
    story = working().tells(
        "calendar.closed", "08:40", "console", date="2026-09-14", reason="停電", agreed_on="2026-09-14"
    )
    page = page_of(story, "08:55")
    assert (page.state, page.why, page.opens) == ("closed_day", "closed_emergency", instant("08:30", date(2026, 9, 15)))
    assert called(page)[0] == "B003>T3", "who holds a number is called all the same"
    assert {w.why for lane in page.lanes for w in lane.waits} == {"not_today"}


def test_a_stop_of_one_service_and_of_a_lane() -> None:
    story = working().tells("reception.stopped", "08:52", service="cert_renewal", reason="満員", decided_by="city")
    page = page_of(story, "08:55")
    assert page.notices == (HallNotice("reception_ended", CERT, ("cert_renewal",), since=instant("08:52")),)
    assert waits(page, CERT)[0].kind == "soon"
    for s in kumagaya().services:
        if s.lane == CERT and s.code != "cert_renewal":
            story.tells("reception.stopped", "08:54", service=s.code)
    page = page_of(story, "08:55")
    assert page.notices == (HallNotice("reception_ended", CERT, since=instant("08:54")),)
    assert waits(page, CERT) == (ShownWait("all", "not_received", None, "stopped"),)


def test_how_many_more_can_be_taken() -> None:
    ahead = {CERT: Foreseen(servable=8, short=6, may_give=12, stop_at=instant("16:10"))}
    page = page_of(working(), "08:55", ahead)
    assert page.notices == (HallNotice("few_more", CERT, until=instant("16:10"), more=12),)
    assert page_of(working(), "09:12", ahead).notices == (), "a forecast that rests on a silent source"


def test_outages_recorded_and_planned() -> None:
    certificates = [s.code for s in kumagaya().services if s.lane == CERT]
    story = working().tells(
        "incident.opened", "08:52", "console", incident="I-1", category="system_outage", summary="全国の障害",
        occurred_at=instant("08:51").isoformat(), found_at=instant("08:52").isoformat(), services=certificates,
    )  # fmt: skip
    page = page_of(story, "08:55")
    assert page.notices == (HallNotice("outage", CERT, since=instant("08:51")),)
    assert waits(page, CERT) == (ShownWait("all", "not_known", None, "outage"),)
    assert called(page)[0] == "B003>T3"
    planned = working().tells(
        "calendar.outage", "08:40", "console", services=["card_issuance", "cert_issue"], reason="保守",
        from_at=instant("13:00").isoformat(), until_at=instant("15:00").isoformat(),
    )  # fmt: skip
    expected = (
        HallNotice("planned_outage", CARDS, since=instant("13:00"), until=instant("15:00")),
        HallNotice("planned_outage", CERT, ("cert_issue",), instant("13:00"), instant("15:00")),
    )
    assert page_of(planned, "08:55").notices == expected
    assert not [x for x in page_of(planned, "15:00").notices if x.code == "planned_outage"]


def test_a_reception_beyond_the_closing_of_the_hall() -> None:
    site = site_of("hitotsu")
    story = Story(date(2026, 9, 15))
    (lane,), terminal = site.lanes, site.terminals[0].code
    story.tells("day.opened", "12:50", allocation={terminal: lane.code}, officials=1)
    story.issues("X001", site.services[0].code, "18:20").calls("X001", terminal, "18:21")
    page = page_of(story, "18:22", site=site)
    assert (site.hall.closes, page.state, called(page)) == (time(17), "open", [f"X001>{terminal}"])
    assert waits(page, lane.code) == (ShownWait("all", "not_known"),)


def test_a_site_of_one_lane() -> None:
    site = site_of("hitotsu")
    day = date(2026, 9, 15)
    (lane,) = site.lanes
    story = Story(day)
    story.tells("day.opened", "09:00", allocation={site.terminals[0].code: lane.code}, officials=1)
    story.tells("ticket.issued", "10:05", ticket=f"{lane.letter}001", service=site.services[0].code)
    story.tells("ticket.called", "10:06", ticket=f"{lane.letter}001", terminal=site.terminals[0].code)
    page = page_of(story, "10:07", site=site)
    assert (page.state, called(page)) == ("open", [f"{lane.letter}001>{site.terminals[0].code}"])
    said = [worded(page, site, x) for x in hall_languages(site)]
    assert [x.lang for x in said] == ["ja", "en"], "of a site that says nothing of the page"
    assert (said[0].lanes[0].name, said[0].lanes[0].name_lang) == (lane.name, "ja")


@pytest.mark.parametrize("name", OTHERS)
def test_other_sites_show_their_own_hall(name: str) -> None:
    """Their lanes, signs and hours, and no word of another city, in every shipped language."""
    site = replace(site_of(name), hall_page=HallPageSettings(languages=SHIPPED))
    story = Story(date(2026, 9, 15))
    story.lines, at = lines(name, "14:30"), "14:30"
    story.sources = ["feed"] * len(story.lines)
    page = page_of(story, at, site=site)
    assert page.state == "open" and len(page.calls) > 2
    assert {x.code for x in page.lanes} == {x.code for x in site.lanes}
    assert {x.place for x in page.calls} <= {t.code for t in site.terminals}
    said = [worded(page, site, x) for x in hall_languages(site)]
    assert [x.reception for x in said[0].lanes] and not any(w in repr(said) for w in KUMAGAYA_WORDS if len(w) > 2)


def test_a_hall_without_a_machine(tmp_path: Path) -> None:
    """docs/manual/calling.md: a number by ``t``, ``n``, ``z``, the absent called again, ``u``; and when the hand is silent."""
    desk = Desk(tmp_path / "floor.db", kumagaya(), "08:31").opens()
    seen = Register()

    def now_shows(at: str) -> HallPage:
        return shown(desk.session.floor(), seen, at)

    for service in ("cert_renewal", "cert_renewal"):
        desk.does("ticket.issued", service=service)
    desk.at("08:35").runs(next_visitor, "T3")
    assert called(now_shows("08:36")) == ["B001>T3"]
    desk.at("08:37").does("ticket.no_show", ticket="B001")
    assert (called(now_shows("08:38")), now_shows("08:38").calls_why) == ([], "no_numbers")
    desk.at("08:39").does("ticket.called", ticket="B001", terminal="T5")
    assert called(now_shows("08:40")) == ["B001>T5!"]
    desk.at("08:41").runs(next_visitor, "T3")
    assert called(now_shows("08:42")) == ["B002>T3", "B001>T5!"]
    desk.at("08:43").undoes()
    assert called(now_shows("08:44")) == ["B001>T5!"], "a mistaken call"
    assert called(now_shows("10:05")) == ["B001>T5!"]
    assert (called(now_shows("10:15")), now_shows("10:15").calls_why) == ([], "silent"), "somebody waits for 90 minutes"
    desk.close()


@pytest.mark.parametrize("seed", (1, 2))
def test_a_busy_day_at_every_hour(seed: int) -> None:
    """Six numbers at most, each once, all of them called; a page in every language at any time of the day."""
    entries = [Entry(n, "feed", instant("23:00"), "feed", fact(x)) for n, x in enumerate(busy_day(seed), 1)]
    languages, site, seen = hall_languages(kumagaya()), kumagaya(), set()
    for minute in range(8 * 60, 18 * 60, 25):
        at = f"{minute // 60}:{minute % 60:02d}"
        floor = fold(site, MONDAY, [e for e in entries if e.fact.at <= instant(at)])
        page = shown(floor, Register(), at)
        numbers = [x.number for x in page.calls]
        assert len(numbers) == len({*numbers}) <= 6
        assert all(floor.tickets[n].called_at and floor.tickets[n].terminal for n in numbers)
        assert [x.at for x in page.calls] == sorted((x.at for x in page.calls), reverse=True)
        seen.add(page.state)
        for language in languages:
            assert "{" not in READING.sub("", repr(worded(page, site, language)))
    assert {"before", "open"} <= seen


# ---- nothing that anybody typed, nothing of the staff

SENTINEL = "ひみつの文"
TYPED = sorted((k, f) for k, m in ev.KINDS.items() for f in free_texts(k) if f != "ticket")


def test_nothing_that_was_typed_and_nothing_of_the_staff_reaches_the_page() -> None:
    """A text in every free field of every kind of fact, staff and officials at work: none of it is in any language."""
    assert len(TYPED) > 30
    site, story = kumagaya(), working()
    entries = story.entries()
    for n, (kind, field) in enumerate(TYPED):
        typed = make_fact(kind, put(kind, field, SENTINEL), f"typed-{n}", instant("08:54"), site)
        entries.append(Entry(len(entries) + 1, "console", instant("08:54"), "現場責任者", typed))
    case = {"id": "e1", "at": instant("08:53").isoformat(), "kind": "escalation.raised", "escalation": "E-1", "matter": "proxy", "terminal": "T3", "note": SENTINEL}  # fmt: skip
    taken = {"id": "e2", "at": instant("08:53:30").isoformat(), "kind": "escalation.taken", "escalation": "E-1", "official": "C7"}  # fmt: skip
    entries += [Entry(900 + n, "feed", instant("08:54"), "feed", fact(x)) for n, x in enumerate((case, taken))]
    floor = fold(site, MONDAY, entries)
    register = fold_register(e for e in entries if e.kind in ev.REGISTER_KINDS)
    floor.closed_at = None  # some of these facts close the day
    page = shown(floor, register, "08:55")
    texts = json.dumps([repr(page), *(repr(worded(page, site, x)) for x in hall_languages(site))], ensure_ascii=False)
    assert page.calls
    assert "ひみつ" not in texts
    assert not re.search(r"\bS0\d\b|\bC7\b|E-1", texts)
