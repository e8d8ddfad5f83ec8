"""What the queue comes to, computed by hand beside the program: waits, the next half hour, last call, appointments, the
order of calling, clocks of feeds, hours without city staff or without a 現場責任者."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from floorctl.commands.fold import fold, fold_register
from floorctl.models.board.appointments import SlotState, booked_minutes, due_within, late, slot_minutes, slot_states
from floorctl.models.board.flow import LaneFlow, charge_vacant_s, clock_skews, flows, officials_absent_s, spans_s
from floorctl.models.board.outlook import (
    Coming,
    LastCall,
    entrance_lines,
    expected_wait_s,
    idle_terminals,
    last_call,
    last_call_text,
    service_s,
    waiting_ahead,
)
from floorctl.models.day.floor import Floor
from floorctl.models.facts.entry import Entry
from floorctl.models.register.register import Register
from floorctl.models.site.site import Site
from tests.story import MONDAY, Story, a_day, fact, instant, kumagaya

CERT, CARD = "certificate", "issuance"
NO_FLOW = LaneFlow()
MINUTE = 60


def queue_of(n: int, service: str = "cert_renewal", at: str = "09:00", letter: str = "B") -> Story:
    """A day that is open with ``n`` persons waiting for a service."""
    story = a_day().opens("08:30")
    for i in range(1, n + 1):
        story.issues(f"{letter}{i:03d}", service, at)
    return story


def serving(story: Story, *terminals: str, at: str = "09:10") -> Story:
    """The first of the queue at each of these terminals."""
    for i, terminal in enumerate(terminals, 1):
        story.calls(f"B{i:03d}", terminal, at)
    return story


def changed(site: Site, **thresholds: int) -> Site:
    """The site with other settings."""
    return replace(site, thresholds=replace(site.thresholds, **thresholds))


# ---- the length of a case


def test_a_case_lasts_what_the_services_asked_for_take_until_there_are_cases() -> None:
    story = a_day().opens("08:30")
    story.issues("B001", "cert_renewal", "09:00").issues("B002", "reissue_application", "09:00")
    assert service_s(story.floor(), CERT, NO_FLOW) == 10 * MINUTE  # 12 and 8 minutes
    assert service_s(a_day().opens("08:30").floor(), CARD, NO_FLOW) == 15 * MINUTE  # nobody waits: the lane's services


def test_one_odd_case_moves_little_and_many_cases_count_for_themselves() -> None:
    floor = queue_of(1).floor()
    one = service_s(floor, CERT, LaneFlow(finished=1, mean_service_s=3600))
    assert one == (3600 + 5 * 12 * MINUTE) / 6
    many = service_s(floor, CERT, LaneFlow(finished=95, mean_service_s=360))
    assert many == pytest.approx((95 * 360 + 5 * 720) / 100)


# ---- expected waits


def test_nobody_at_work_means_no_expected_wait() -> None:
    story = queue_of(3).staffs("T1", "S01", "08:31")  # T1 serves the other lane; nobody stands in this one
    assert expected_wait_s(story.floor(), CERT, NO_FLOW) is None
    paused = queue_of(1)
    for terminal in ("T3", "T5", "T6", "T7", "T8"):
        paused.tells("terminal.paused", "09:05", terminal=terminal)
    assert expected_wait_s(paused.floor(), CERT, NO_FLOW) is None


def test_a_free_desk_without_anybody_before_means_no_wait() -> None:
    assert expected_wait_s(a_day().opens("08:30").floor(), CERT, NO_FLOW) == 0
    assert expected_wait_s(queue_of(4).floor(), CERT, NO_FLOW) == 0  # five desks


def test_where_as_many_wait_as_desks_are_free_who_comes_now_waits() -> None:
    # All five are being called; who comes now waits for half a case at one of five desks.
    assert expected_wait_s(queue_of(5).floor(), CERT, NO_FLOW) == round(0.5 * 12 * MINUTE / 5)


def test_the_wait_grows_by_a_case_over_the_desks_for_everybody_before() -> None:
    terminals = ("T3", "T5", "T6", "T7", "T8")
    floor = serving(queue_of(15), *terminals).floor()
    assert floor.lanes[CERT].waiting == 10
    assert expected_wait_s(floor, CERT, NO_FLOW) == round(10.5 * 12 * MINUTE / 5)
    failed = serving(queue_of(15), *terminals).tells("terminal.failed", "09:20", terminal="T8").floor()
    assert expected_wait_s(failed, CERT, NO_FLOW) == round(10.5 * 12 * MINUTE / 4)


def test_persons_without_a_number_wait_too() -> None:
    story = a_day().opens("08:30").counts(CERT, 20, "09:00")
    assert expected_wait_s(story.floor(), CERT, NO_FLOW) == round(15.5 * service_s(story.floor(), CERT, NO_FLOW) / 5)


# ---- the next half hour


def test_arrivals_go_on_and_desks_take_their_share() -> None:
    floor = queue_of(30).floor()
    flow = LaneFlow(issued_hour=24)
    # In half an hour 12 come, five desks take 12.5 cases of 12 minutes.
    assert waiting_ahead(floor, CERT, flow, instant("10:00")) == round(30 + 12 - 12.5)
    assert waiting_ahead(queue_of(2).floor(), CERT, flow, instant("10:00")) == 2  # 1.5, and never below none
    assert waiting_ahead(queue_of(0).floor(), CERT, NO_FLOW, instant("10:00")) == 0


def test_nobody_comes_after_the_reception_has_ended_or_is_stopped() -> None:
    floor, flow = queue_of(30).floor(), LaneFlow(issued_hour=60)
    assert waiting_ahead(floor, CERT, flow, instant("16:50")) == round(30 + 10 - 12.5)  # ten minutes are left
    assert waiting_ahead(floor, CERT, flow, instant("17:01")) == round(30 - 12.5)
    stopped = queue_of(30)
    for s in kumagaya().services:
        if s.lane == CERT:
            stopped.tells("reception.stopped", "09:30", service=s.code)
    assert waiting_ahead(stopped.floor(), CERT, flow, instant("10:00")) == round(30 - 12.5)


# ---- last call


def test_last_call_from_twenty_minutes_before_the_end() -> None:
    floor = serving(queue_of(10), "T3").floor()
    assert last_call(floor, CERT, NO_FLOW, instant("16:39:59")) is None
    call = last_call(floor, CERT, NO_FLOW, instant("16:45"))
    # Until 17:15 each of four free desks takes two cases of 12 minutes; T3, which serves, two as well: (30 - 6) / 12.
    assert call == LastCall(CERT, instant("17:00").time(), 15 * MINUTE, 9, 10)
    assert call is not None and call.too_many == 0
    assert last_call_text(call) == "受付終了 17:00 まで 15分 待ち 9人 閉庁までに約10人"


def test_last_call_names_how_many_are_too_many() -> None:
    call = last_call(queue_of(30).floor(), CERT, NO_FLOW, instant("17:05"))
    assert call is not None and (call.left_s, call.servable, call.too_many) == (0, 0, 30)  # ten minutes, cases of 12
    assert last_call_text(call) == "受付終了（17:00） 待ち 30人 閉庁までに約0人"


def test_last_call_ends_with_the_queue_or_with_the_hall() -> None:
    assert last_call(queue_of(0).floor(), CERT, NO_FLOW, instant("17:00")) is not None
    assert last_call(queue_of(0).floor(), CERT, NO_FLOW, instant("17:00:01")) is None
    assert last_call(queue_of(3).floor(), CERT, NO_FLOW, instant("17:14:59")) is not None
    assert last_call(queue_of(3).floor(), CERT, NO_FLOW, instant("17:15")) is None
    assert last_call(queue_of(3).closes("16:50").floor(), CERT, NO_FLOW, instant("16:55")) is None
    assert last_call(queue_of(3).floor(), CARD, NO_FLOW, instant("16:20")) is not None  # its own end: 16:30


# ---- terminals that another lane could use


def test_terminals_stand_idle_outside_the_hours_of_their_lane() -> None:
    floor = a_day().opens("08:30").floor()
    assert idle_terminals(floor, instant("08:45")) == ["T1", "T2", "T4"]  # issuance is received from 9:00
    assert idle_terminals(floor, instant("09:00")) == []
    assert idle_terminals(floor, instant("16:31")) == ["T1", "T2", "T4"]
    assert idle_terminals(floor, instant("17:01")) == []  # no lane receives


def test_a_terminal_with_work_or_without_anybody_is_not_idle() -> None:
    waiting = queue_of(1, "card_issuance", "16:29", "A").floor()
    assert idle_terminals(waiting, instant("16:31")) == []
    busy = queue_of(1, "card_issuance", "16:29", "A").calls("A001", "T1", "16:30").floor()
    assert idle_terminals(busy, instant("16:31")) == ["T2", "T4"]
    moving = a_day().opens("08:30").tells("terminal.paused", "16:20", terminal="T2").moves("T4", CERT, "16:25").floor()
    assert idle_terminals(moving, instant("16:31")) == ["T1"]
    lent = a_day().opens("08:30").tells("terminal.lent", "08:40", terminal="T2", lane=CERT).floor()
    assert idle_terminals(lent, instant("08:45")) == ["T1", "T4"]
    helping = a_day().opens("08:30").tells("terminal.lent", "16:20", terminal="T5", lane=CARD).floor()
    assert idle_terminals(helping, instant("16:31")) == ["T1", "T2", "T4"]  # T5 is lent already: it goes home


# ---- the line at the entrance


def entrance(story: Story, at: str) -> str:
    floor, now = story.floor(), instant(at)
    return next(iter(entrance_lines(floor, flows(floor, now), now)), "")


def test_the_entrance_hears_steps_of_five_minutes_upwards() -> None:
    terminals = ("T3", "T5", "T6", "T7", "T8")
    # (1 + 0.5) x 12 / 5 = 3.6 minutes; (4.5) x 12 / 5 = 10.8 minutes
    one, four = serving(queue_of(6), *terminals), serving(queue_of(9), *terminals)
    assert entrance(one, "09:15") == "ただいまの待ち（いま来た人）  交付 待ちなし  電子証明書 約5分"
    assert entrance(four, "09:15") == "ただいまの待ち（いま来た人）  交付 待ちなし  電子証明書 約15分"
    exact = serving(queue_of(5), *terminals)
    flow = {**flows(exact.floor(), instant("09:15")), CERT: LaneFlow(finished=10**9, mean_service_s=3000.0)}
    assert entrance_lines(exact.floor(), flow, instant("09:15"))[0].endswith("電子証明書 約5分")  # 300 s, to the second
    flow[CERT] = LaneFlow(finished=10**9, mean_service_s=3010.0)
    assert entrance_lines(exact.floor(), flow, instant("09:15"))[0].endswith("電子証明書 約10分")


def test_the_entrance_hears_of_both_kinds_where_both_come() -> None:
    floor, now = a_day().opens("08:30").floor(), instant("09:15")
    told = {"issuance": Coming(3300, 500, both=True), CERT: Coming(None)}
    assert entrance_lines(floor, flows(floor, now), now, told) == [
        "ただいまの待ち（いま来た人）  交付 予約のある人 約10分 予約のない人 約55分  電子証明書 閉庁後",
        "いま来た人  交付 予約あり約10分 予約なし約55分  電子証明書 閉庁後",
    ]


def test_the_entrance_hears_why_nobody_is_taken() -> None:
    unstaffed = a_day().opens("08:30").staffs("T1", "S01", "08:31")
    assert entrance(unstaffed, "09:15") == "ただいまの待ち（いま来た人）  交付 待ちなし  電子証明書 受けられません"
    stopped = a_day().opens("08:30").tells("reception.stopped", "14:00", service="card_issuance", reason="本日分終了")
    assert entrance(stopped, "14:05") == "ただいまの待ち（いま来た人）  交付 14:00で受付終了  電子証明書 待ちなし"
    one_service = a_day().opens("08:30").tells("reception.stopped", "14:00", service="cert_issue")
    assert "電子証明書 待ちなし" in entrance(one_service, "14:05")  # the others of the lane go on


def test_the_entrance_hears_only_of_lanes_that_receive() -> None:
    story = a_day().opens("08:20")
    assert entrance(story, "08:45") == "ただいまの待ち（いま来た人）  電子証明書 待ちなし"
    assert entrance(story, "16:45") == "ただいまの待ち（いま来た人）  電子証明書 待ちなし"
    assert entrance(story, "17:05") == ""
    assert entrance(a_day().opens("08:30").closes("12:00"), "12:05") == ""


# ---- appointments


def register(*slots: tuple[str, int, int]) -> Register:
    """A Register that knows these appointments of the Monday: (time, cards, count)."""
    line = {
        "id": "a-1",
        "at": instant("08:00").isoformat(),
        "kind": "appointments.imported",
        "date": MONDAY.isoformat(),
        "slots": [{"time": t, "cards": cards, "count": n} for t, cards, n in slots],
    }
    return fold_register([Entry(1, "console", instant("08:00"), "cli", fact(line))])


def booked(story: Story, ticket: str, appointment: str, at: str, **more: Any) -> Story:
    return story.issues(ticket, "card_issuance", at, appointment=appointment, **more)


def test_slots_count_who_was_booked_who_came_and_who_waits() -> None:
    story = a_day().opens("08:30")
    booked(story, "A001", "09:30", "09:10", cards=3)
    booked(story, "A002", "09:30", "09:20")
    booked(story, "A003", "10:00", "09:50")  # on a ticket alone
    story.calls("A001", "T1", "09:55")
    states = slot_states(story.floor(), register(("09:30", 1, 2), ("09:30", 3, 1), ("10:30", 2, 4)))
    assert states == [
        SlotState(instant("09:30"), 3, 5, 2, 1),
        SlotState(instant("10:00"), 0, 0, 1, 1),
        SlotState(instant("10:30"), 4, 8, 0, 0),
    ]
    assert [s.missing for s in states] == [1, 0, 4]
    assert slot_states(a_day().opens("08:30").floor(), Register()) == []


def test_due_is_what_comes_within_thirty_minutes() -> None:
    floor = a_day().opens("08:30").floor()
    states = slot_states(floor, register(("09:59", 1, 1), ("10:00", 1, 1), ("10:30", 1, 1), ("10:31", 1, 1)))
    assert [f"{s.at:%H:%M}" for s in due_within(states, instant("10:00"))] == ["10:00", "10:30"]
    assert [f"{s.at:%H:%M}" for s in due_within(states, instant("10:00"), 31)] == ["10:00", "10:30", "10:31"]


def test_late_is_who_is_missing_more_than_five_minutes() -> None:
    floor = booked(a_day().opens("08:30"), "A001", "10:10", "10:00").floor()
    states = slot_states(floor, register(("10:00", 1, 1), ("10:10", 1, 1)))
    assert late(floor, states, instant("10:05")) == []
    assert [f"{s.at:%H:%M}" for s in late(floor, states, instant("10:05:01"))] == ["10:00"]
    assert [f"{s.at:%H:%M}" for s in late(floor, states, instant("11:00"))] == ["10:00"]  # who came is not missing


def test_how_long_the_site_waits_is_a_setting() -> None:
    site = changed(kumagaya(), appointment_late_s=900)
    story = booked(a_day().opens("08:30"), "A001", "10:00", "10:14").issues("A002", "card_issuance", "10:05")
    floor = fold(site, MONDAY, story.entries())
    states = slot_states(floor, register(("10:00", 1, 2)))
    assert late(floor, states, instant("10:15")) == []
    assert late(floor, states, instant("10:15:01")) == states
    assert next_of(floor, "10:20") == "A001"  # fourteen minutes late is in time here
    assert next_of(story.floor(), "10:20") == "A002"


def test_ten_minutes_and_five_for_each_further_card() -> None:
    service = kumagaya().service_by_code["card_issuance"]
    assert [slot_minutes(service, n) for n in (0, 1, 2, 5)] == [10, 10, 15, 30]
    floor = a_day().opens("08:30").floor()
    known = register(("10:00", 1, 2), ("10:00", 3, 1), ("10:20", 2, 3), ("11:00", 1, 9))
    states = due_within(slot_states(floor, known), instant("10:00"))
    assert booked_minutes(floor, known, states) == 2 * 10 + 20 + 3 * 15
    assert booked_minutes(floor, known, []) == 0


# ---- who is called next


def next_of(floor: Floor, at: str, lane: str = CARD) -> str | None:
    found = floor.next_ticket(lane, instant(at))
    return found.number if found else None


def order_of(story: Story, at: str, lane: str = CARD) -> list[str]:
    floor = story.floor()
    tickets = floor.lanes[lane].tickets.values()
    return [t.number for t in sorted(tickets, key=lambda t: floor.turn(t, instant(at)))]


def test_an_appointment_that_is_due_comes_first_then_who_came_first() -> None:
    story = a_day().opens("08:30")
    story.issues("A001", "card_issuance", "09:00").issues("A002", "card_issuance", "09:05")
    booked(story, "A003", "09:30", "09:25")
    booked(story, "A004", "09:20", "09:24")  # four minutes late: in time
    assert order_of(story, "09:29") == ["A004", "A001", "A002", "A003"]  # 9:30 is still ahead
    assert order_of(story, "09:30") == ["A004", "A003", "A001", "A002"]
    assert next_of(story.floor(), "09:30") == "A004"


def test_a_late_appointment_stands_among_the_walk_ins_by_its_arrival() -> None:
    story = a_day().opens("08:30")
    story.issues("A001", "card_issuance", "09:30").issues("A003", "card_issuance", "09:40")
    booked(story, "A002", "09:29", "09:34:01")  # five minutes and a second
    assert order_of(story, "09:45") == ["A001", "A002", "A003"]
    in_time = a_day().opens("08:30").issues("A001", "card_issuance", "09:30")
    booked(in_time, "A002", "09:29", "09:34")  # five minutes to the second
    assert order_of(in_time, "09:45") == ["A002", "A001"]


def test_early_appointments_come_last_in_the_order_of_their_times() -> None:
    story = a_day().opens("08:30")
    booked(story, "A001", "11:00", "09:00")
    booked(story, "A002", "10:30", "09:10")
    story.issues("A003", "card_issuance", "09:50")
    assert order_of(story, "10:00") == ["A003", "A002", "A001"]
    assert order_of(story, "10:30") == ["A002", "A003", "A001"]
    assert next_of(story.floor(), "10:00", CERT) is None


def test_a_transfer_and_a_return_keep_the_place_and_bind_to_no_desk() -> None:
    story = a_day().opens("08:30").issues("B001", "cert_issue", "09:00").issues("B002", "cert_issue", "09:10")
    story.calls("B001", "T3", "09:20").requeues("B001", "09:25")
    assert order_of(story, "09:30", CERT) == ["B001", "B002"]
    story.transfers("B002", "card_issuance", "09:30").issues("A001", "card_issuance", "09:15")
    assert order_of(story, "09:40") == ["B002", "A001"]
    assert {t.terminal for q in story.floor().lanes.values() for t in q.tickets.values()} == {None}


# ---- clocks


def told(n: int, at: str, ahead_s: int, source: str = "feed") -> list[Entry]:
    """``n`` facts that a source told with its clock ``ahead_s`` ahead, one a minute."""
    found = []
    for i in range(n):
        recorded = instant(at) + timedelta(minutes=i)
        line = {
            "id": f"{source}-{at}-{i}",
            "at": (recorded + timedelta(seconds=ahead_s)).isoformat(),
            "kind": "visitors.counted",
            "persons": i,
        }
        found.append(Entry(i, source, recorded, source, fact(line)))
    return found


def skews(*entries: list[Entry]) -> dict[str, int]:
    return clock_skews(fold(kumagaya(), MONDAY, [e for part in entries for e in part]))


def test_how_far_the_clock_of_each_feed_is_ahead() -> None:
    assert skews(told(6, "09:00", 90, "gate"), told(6, "09:00", -200, "kiosk")) == {"gate": 90, "kiosk": -200}
    assert skews(told(6, "09:00", 0)) == {"feed": 0}


def test_the_console_and_few_facts_say_nothing_about_clocks() -> None:
    assert skews(told(9, "09:00", 90, "console"), told(4, "09:00", 90)) == {}
    assert skews() == {}


def test_facts_that_are_taken_in_late_say_nothing_about_clocks() -> None:
    hours_ago = told(30, "09:00", -7200)  # a file that is read two hours later
    assert skews(hours_ago) == {}
    assert skews(hours_ago, told(5, "12:00", 30)) == {"feed": 30}
    assert skews(told(9, "09:00", 600)) == {"feed": 600} and skews(told(9, "09:00", 601)) == {}


def test_one_odd_fact_does_not_move_the_clock() -> None:
    assert skews(told(8, "09:00", 60), told(2, "09:30", -500)) == {"feed": 60}
    # Only the last twenty count: a clock that was set right is right.
    assert skews(told(40, "09:00", 300), told(20, "10:00", 0)) == {"feed": 0}


def whole_minutes(late_s: int, n: int = 8) -> list[Entry]:
    """Facts with times of whole minutes, each taken in some seconds after it happened; the clock is ``late_s`` late."""
    found = []
    for i in range(n):
        recorded = instant("09:00") + timedelta(seconds=75 * i + 4)
        at = (recorded - timedelta(seconds=late_s + 4)).replace(second=0)
        line = {"id": f"m-{i}", "at": at.isoformat(), "kind": "visitors.counted", "persons": i}
        found.append(Entry(i, "log", recorded, "log", fact(line)))
    return found


def test_times_of_whole_minutes_are_no_late_clock() -> None:
    assert skews(whole_minutes(0)) == {"log": 0}
    assert -240 < skews(whole_minutes(240))["log"] < -180


def together(at: str, ages_s: Iterable[int], source: str = "visits") -> list[Entry]:
    """Facts that come in at one moment, of these ages."""
    lines = [
        {
            "id": f"{at}-{s}",
            "at": (instant(at) - timedelta(seconds=s)).isoformat(),
            "kind": "visitors.counted",
            "persons": s,
        }
        for s in ages_s
    ]
    return [Entry(n, source, instant(at), source, fact(line)) for n, line in enumerate(lines)]


def test_a_file_that_comes_every_few_minutes_is_no_late_clock() -> None:
    """An export of visits: the row of each is written at its end, the whole file copied over every five minutes."""
    copies = [
        together(f"09:{m:02d}", [s for end in (20, 130, 250) for s in (end, end + 180, end + 301)])
        for m in range(5, 30, 5)
    ]
    assert abs(skews(*copies)["visits"]) <= 20
    assert skews(*(together(f"09:{m:02d}", [301, 420]) for m in range(5, 30, 5))) == {"visits": -301}


# ---- for how long something held


def test_spans_are_counted_within_the_window_alone() -> None:
    window = (instant("09:00"), instant("12:00"))
    history = [(instant("08:00"), True), (instant("09:10"), False), (instant("10:00"), True)]
    assert spans_s(history, instant("10:30"), window) == 10 * MINUTE + 30 * MINUTE
    assert spans_s(history, instant("15:00"), window) == 10 * MINUTE + 120 * MINUTE
    assert spans_s(history[:1], instant("08:59"), window) == 0
    assert spans_s([], instant("12:00"), window) == 0


def test_time_without_city_staff_counts_in_the_reception_hours_alone() -> None:
    story = a_day().opens("08:20", officials=0).tells("officials.changed", "08:40", present=2)
    story.tells("officials.changed", "12:00", present=0).tells("officials.changed", "12:45", present=1)
    assert officials_absent_s(story.floor(), instant("13:00")) == 10 * MINUTE + 45 * MINUTE  # from 8:30 on
    gone = story.tells("officials.changed", "16:50", present=0)
    assert officials_absent_s(gone.floor(), instant("19:00")) == 65 * MINUTE  # until 17:00
    gone.closes("16:55")
    assert officials_absent_s(gone.floor(), instant("19:00")) == 60 * MINUTE


def test_city_staff_that_nobody_recorded_is_not_absent() -> None:
    assert officials_absent_s(a_day().floor(), instant("12:00")) is None
    assert officials_absent_s(a_day().opens("08:30", officials=0).floor(), instant("12:00")) is None
    said = a_day().opens("08:30", officials=0).tells("officials.changed", "09:00", present=0)
    assert officials_absent_s(said.floor(), instant("12:00")) == 210 * MINUTE  # somebody has looked, twice


def charge(story: Story, at: str, staff: str | None, what: str = "site_manager") -> Story:
    return story.tells("charge.taken", at, "console", staff=staff, charge=what)


def test_time_without_a_site_manager_counts_in_the_reception_hours_alone() -> None:
    assert charge_vacant_s(a_day().opens("08:30").floor(), instant("12:00")) is None
    story = charge(a_day().opens("08:20"), "08:25", "S01")
    assert charge_vacant_s(story.floor(), instant("12:00")) == 0
    charge(charge(story, "12:00", None), "12:20", "S02")
    assert charge_vacant_s(story.floor(), instant("13:00")) == 20 * MINUTE
    charge(story, "16:50", None)
    assert charge_vacant_s(story.floor(), instant("18:00")) == 30 * MINUTE
    story.closes("16:55")
    assert charge_vacant_s(story.floor(), instant("18:00")) == 25 * MINUTE


def test_before_the_first_was_named_nobody_held_the_charge() -> None:
    story = charge(a_day().opens("08:20"), "08:50", "S01")
    charge(story, "10:00", "S09", "general_manager")  # another charge
    assert charge_vacant_s(story.floor(), instant("12:00")) == 20 * MINUTE
