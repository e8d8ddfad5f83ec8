"""Fold facts that leave out the desk, the end or the arrival, by the rule that stands in for it."""

from __future__ import annotations

import json
import random
from datetime import timedelta
from pathlib import Path

import pytest

from floorctl.advice.service_times import observations
from floorctl.commands.fold import DayFold, fold, fold_register
from floorctl.documents.day.record import DayRecord, day_record
from floorctl.models.board.alerts import alerts
from floorctl.models.board.grounds import grounds
from floorctl.models.board.status import lane_counts, status
from floorctl.models.board.told import may_be_free
from floorctl.models.day.floor import Floor
from floorctl.models.facts.entry import Head
from floorctl.models.register.register import Register
from tests.story import MONDAY, Desk, Story, a_day, instant, kumagaya

SITE = kumagaya()
CASES = Path(__file__).parents[2].parent / "shared" / "cases"


def the_day() -> Story:
    return a_day().opens("08:30")


def next_call(story: Story, ticket: str, at: str, terminal: str | None = "T3") -> Story:
    """A call of a machine that tells no ends: the next one at the desk ends this one."""
    return story.tells("ticket.called", at, ticket=ticket, terminal=terminal, ends="next_call")


def call_alone(story: Story, ticket: str, at: str, terminal: str | None = None, *, wraps: bool = False) -> Story:
    """A call of a machine that tells nothing else: it is the arrival, and counts as the end."""
    more = {"wraps": True} if wraps else {}
    story.tells("ticket.issued", at, ticket=ticket, service="cert_renewal", no_arrival=True, **more)
    return story.tells("ticket.called", at, ticket=ticket, terminal=terminal, ends="call")


def record(floor: Floor) -> DayRecord:
    return day_record(floor, Register(), None, revision=1)


def counted(floor: Floor, lane: str = "certificate") -> tuple[int, int, int, int]:
    """(waiting, served, no-shows, incomplete) of a lane."""
    c = lane_counts(floor)[lane]
    return floor.lanes[lane].waiting, c.served, c.no_show, c.incomplete


def told(floor: Floor, now: str) -> dict[str, list[str]]:
    """The alerts of an instant by their codes."""
    register, found = Register(), dict[str, list[str]]()
    for a in alerts(floor, register, register.calendar(SITE).day_info(MONDAY), instant(now)):
        found.setdefault(a.code, []).append(a.text)
    return found


# ---- the next call at a desk ends the last one


def three_at_a_desk() -> Story:
    story = the_day().issues("B001", at="08:40").issues("B002", at="08:41").issues("B003", at="09:30")
    next_call(story, "B001", "08:45")
    next_call(story, "B002", "09:00")
    return next_call(story, "B003", "09:31")


def test_the_next_call_ends_the_last_one_as_done_and_nothing_is_doubtful() -> None:
    floor = three_at_a_desk().floor()
    assert counted(floor) == (0, 2, 0, 0) and not floor.anomalies
    assert floor.terminals["T3"].ticket == "B003"
    rows = {t.ticket: t for t in record(floor).tickets}
    assert rows["B001"].finished_at == instant("09:00") and rows["B001"].service_s == 15 * 60
    assert rows["B002"].finished_at == instant("09:31")
    # B003 had only just come: when B002 was over nobody knows, so that its length is no figure of the report
    assert rows["B002"].service_s is None
    how = {o.how: o.seconds for o in observations(floor, instant("09:31"))}
    assert how == {"exact": 900, "at_most": 31 * 60}, "a bound for the forecast, and of who is there nothing yet"


def test_a_desk_whose_visit_may_be_over_is_no_lost_finish_and_may_be_free() -> None:
    floor = three_at_a_desk().floor()
    there = floor.tickets["B003"]
    assert not may_be_free(floor, there, instant("09:36"))
    assert may_be_free(floor, there, instant("10:30")), "nobody waits, and it lasts longer than usual"
    assert "facts_doubtful" not in told(floor, "11:30")
    busy = three_at_a_desk().issues("B004", at="10:00").floor()
    assert not may_be_free(busy, busy.tickets["B003"], instant("10:30")), "somebody waits: the desk would have called"


def test_the_last_ones_of_the_day_are_done_when_it_closes() -> None:
    story = three_at_a_desk().closes("17:10")
    floor = story.floor()
    assert counted(floor) == (0, 3, 0, 0)
    row = next(t for t in record(floor).tickets if t.ticket == "B003")
    assert (row.fate, row.finished_at, row.service_s) == ("done", None, None)
    said = [x for x in record(floor).doubts if "次の呼出し" in x]
    assert len(said) == 1 and "3枚" in said[0] and "うち2枚" in said[0]
    assert not any("終わりの記録がない番号札" in x for x in record(floor).doubts)


def test_a_day_closed_by_mistake_goes_on_where_it_was() -> None:
    story = three_at_a_desk().closes("09:40").reopens("09:50").issues("B004", at="09:51")
    floor = story.floor()
    assert floor.terminals["T3"].ticket == "B003" and counted(floor) == (1, 2, 0, 0)
    again = next_call(story, "B004", "09:55").closes("17:10").floor()
    assert counted(again) == (0, 4, 0, 0) and not again.anomalies


@pytest.mark.parametrize(
    ("kind", "fields"), [("terminal.paused", {}), ("terminal.staffed", {"staff": None})], ids=["paused", "left"]
)
def test_a_desk_that_takes_nobody_any_more_ends_its_visit(kind: str, fields: dict[str, None]) -> None:
    floor = three_at_a_desk().tells(kind, "09:40", "console", terminal="T3", **fields).floor()
    assert counted(floor) == (0, 3, 0, 0) and floor.terminals["T3"].ticket is None
    row = next(t for t in record(floor).tickets if t.ticket == "B003")
    assert (row.finished_at, row.service_s) == (None, None)


def test_a_failure_ends_nobody_but_its_length_is_not_known() -> None:
    story = three_at_a_desk().tells("terminal.failed", "09:35", "console", terminal="T3").issues("B004", at="09:36")
    assert story.floor().terminals["T3"].ticket == "B003"
    story.tells("terminal.repaired", "10:30", "console", terminal="T3")
    floor = next_call(story, "B004", "10:31").floor()
    assert counted(floor) == (0, 3, 0, 0) and not floor.anomalies
    assert next(t for t in record(floor).tickets if t.ticket == "B003").service_s is None


def test_a_desk_told_to_change_its_lane_does_so_with_its_next_call() -> None:
    story = three_at_a_desk().moves("T3", "issuance", at="09:35").issues("A001", "card_issuance", at="09:36")
    assert (story.floor().terminals["T3"].lane, story.floor().terminals["T3"].next_lane) == ("certificate", "issuance")
    floor = next_call(story, "A001", "09:50").floor()
    assert (floor.terminals["T3"].lane, floor.terminals["T3"].ticket) == ("issuance", "A001")
    assert counted(floor) == (0, 3, 0, 0) and not floor.anomalies


def test_an_absence_or_an_end_that_is_told_after_all_holds() -> None:
    """In time, and after the next call has ended the visit by the rule."""
    for at in ("08:50", "09:00", "09:10"):
        floor = three_at_a_desk().misses("B001", at=at).floor()
        assert counted(floor)[1:] == (1, 1, 0) and not floor.anomalies, at
    for at in ("08:50", "09:10"):
        floor = three_at_a_desk().finishes("B001", at=at, outcome="desk3").floor()
        assert floor.tickets["B001"].outcome == "desk3" and not floor.anomalies, at
        assert floor.tickets["B001"].ended_at == instant(at)


def test_who_comes_late_after_all_is_called_again_at_no_doubt() -> None:
    story = three_at_a_desk()
    floor = next_call(story, "B001", "09:40").floor()
    assert counted(floor) == (0, 2, 0, 0) and floor.terminals["T3"].ticket == "B001" and not floor.anomalies


def test_a_recall_by_a_second_call_does_not_end_its_own_visit() -> None:
    story = the_day().issues("B001", at="08:40")
    next_call(story, "B001", "08:45")
    floor = next_call(story, "B001", "08:47").floor()
    assert floor.tickets["B001"].recalls == 1 and floor.tickets["B001"].state == "serving"
    assert floor.tickets["B001"].serving_since == instant("08:45")


def test_a_visit_that_the_console_called_is_ended_by_the_machines_next_call_too() -> None:
    story = the_day().issues("B001", at="08:40").issues("B002", at="08:41")
    story.tells("ticket.called", "08:45", "console", ticket="B001", terminal="T3")
    floor = next_call(story, "B002", "09:00").floor()
    assert counted(floor) == (0, 1, 0, 0) and not floor.anomalies


def test_the_keys_of_a_desk_work_as_ever(desk: Desk) -> None:
    story = the_day().issues("B001", at="08:40").issues("B002", at="08:41")
    desk.hears(next_call(story, "B001", "08:45"))
    desk.at("09:00").does("ticket.finished", ticket="B001", terminal="T3")
    desk.at("09:01").does("ticket.called", ticket="B002", terminal="T3")
    floor = desk.floor
    assert counted(floor) == (0, 1, 0, 0) and floor.terminals["T3"].ticket == "B002"
    assert desk.refuses("ticket.called", "端末", ticket="B002")


@pytest.mark.skipif(not CASES.exists(), reason="the cases are kept beside the project")
def test_the_case_of_a_machine_without_ends() -> None:
    lines = [json.loads(x) for x in (CASES / "no_ends.jsonl").read_text(encoding="utf-8").splitlines()]
    story = a_day()
    for x in lines:
        more = {"ends": "next_call"} if x["kind"] == "ticket.called" else {}
        fields = {k: v for k, v in x.items() if k not in ("id", "at", "kind")}
        story.tells(x["kind"], instant(x["at"][11:19]), **fields, **more)
    floor = story.floor()
    serving = sum(t.state == "serving" for t in floor.tickets.values())
    assert (counted(floor)[1], serving, floor.anomalies) == (27, 3, {})


# ---- a call is all that is told


def test_a_call_counts_as_done_and_nothing_of_its_length_or_wait_is_known() -> None:
    story = the_day()
    for n, at in enumerate(("09:00", "09:00", "09:07", "09:20"), 1):
        call_alone(story, f"B{n:03d}", at)
    floor = story.floor()
    assert counted(floor) == (0, 4, 0, 0) and not floor.anomalies
    r = record(floor)
    assert r.waits["certificate"].n == 0 and r.counts["cert_renewal"] == 4
    assert {(t.issued_at, t.wait_s, t.service_s, t.finished_at) for t in r.tickets} == {(None, None, None, None)}
    assert max((n for _, n in floor.lanes["certificate"].history), default=0) == 0, "nobody was seen to wait"
    assert observations(floor, instant("10:00")) == []
    hour = next(h for h in r.hours["certificate"] if h.hour == 9)
    assert (hour.issued, hour.called, hour.served, hour.wait_mean_s) == (4, 4, 4, None)
    assert [x for x in r.doubts if "受付とみなした番号札が4枚" in x] and [
        x for x in r.doubts if "完了に数えた番号札が4枚" in x
    ]


def test_an_absence_or_a_return_after_such_a_call_is_no_doubt() -> None:
    gone = call_alone(the_day(), "B001", "09:00").misses("B001", at="09:04").floor()
    assert counted(gone) == (0, 0, 1, 0) and not gone.anomalies
    back = call_alone(the_day(), "B001", "09:00").requeues("B001", at="09:04").floor()
    assert counted(back) == (1, 0, 0, 0) and not back.anomalies
    assert record(back).tickets[0].issued_at is None, "since when it waited nobody knows"
    same_minute = call_alone(the_day(), "B001", "09:00").misses("B001", at="09:00").floor()
    assert counted(same_minute) == (0, 0, 1, 0) and not same_minute.anomalies


def test_a_number_called_twice_within_the_hour_is_one_visitor_later_another() -> None:
    story = call_alone(call_alone(the_day(), "B001", "09:00"), "B001", "09:03")
    floor = story.floor()
    assert (counted(floor)[1], floor.tickets["B001"].recalls, floor.anomalies) == (1, 1, {})
    for wraps, code in ((True, "wrapped"), (False, "repeated_ticket")):
        floor = call_alone(call_alone(the_day(), "B001", "09:00"), "B001", "13:00", wraps=wraps).floor()
        assert counted(floor)[1] == 2 and set(floor.anomalies.values()) == {code}


def test_a_lane_of_calls_alone_says_that_nobody_knows_who_waits() -> None:
    floor = call_alone(the_day(), "B001", "09:00").floor()
    assert told(floor, "09:10")["records_partial"] == ["待ち人数の記録なし 電子証明書（呼出しだけの記録 w で数えます）"]
    lane = status(floor, Register(), Register().calendar(SITE).day_info(MONDAY), instant("09:10"), Head(1, ""))[
        "lanes"
    ][1]
    assert lane["untold"] == ["arrivals", "terminals"] and lane["withheld"]["code"] == "untold"
    assert lane["predicted_wait_s"] is None
    heads = call_alone(the_day().counts("certificate", 7, "08:59"), "B001", "09:00").floor()
    assert heads.lanes["certificate"].waiting == 6, "the call takes one of those who were counted"
    assert "records_partial" not in told(heads, "09:10")


# ---- a call that does not say where


def test_who_was_called_nobody_tells_where_waits_no_more() -> None:
    story = the_day().issues("B001", at="08:40").issues("B002", at="08:41").issues("B003", at="08:42")
    for ticket in ("B001", "B002", "B003"):
        story.tells("ticket.called", "09:00", ticket=ticket)
    floor = story.floor()
    assert counted(floor) == (0, 0, 0, 0) and not floor.anomalies
    assert told(floor, "09:10")["called_nowhere"] == ["呼出し済み 3人（端末の記録なし） B001・B002・B003"]
    assert grounds(floor, Register(), instant("09:10")).withheld["certificate"].code == "untold"
    ended = story.finishes("B001", "T5", at="09:12").misses("B002", at="09:13").leaves("B003", at="09:14").floor()
    assert counted(ended) == (0, 1, 1, 0) and not ended.anomalies
    row = next(t for t in record(ended).tickets if t.ticket == "B001")
    assert (row.terminal, row.wait_s, row.service_s) == ("T5", 20 * 60, 12 * 60)
    assert "called_nowhere" not in told(ended, "09:20")


def test_an_end_may_leave_the_desk_out_too() -> None:
    floor = (
        the_day().issues("B001", at="08:40").calls("B001", at="08:45").tells("ticket.finished", ticket="B001").floor()
    )
    assert counted(floor) == (0, 1, 0, 0) and floor.terminals["T3"].ticket is None and not floor.anomalies


def test_once_the_desks_are_told_again_the_forecast_is_back() -> None:
    story = the_day().issues("B001", at="08:40").tells("ticket.called", "08:45", ticket="B001")
    story.finishes("B001", "T3", at="08:50").issues("B002", at="08:55").calls("B002", "T3", at="09:00")
    floor = story.floor()
    assert grounds(floor, Register(), instant("09:05")).withheld["certificate"].code == "untold"
    again = story.issues("B003", at="09:15").floor()
    assert "certificate" not in grounds(again, Register(), instant("09:16")).withheld


def test_a_person_gives_the_desk(desk: Desk) -> None:
    desk.hears(the_day().issues("B001", at="08:40").tells("ticket.called", "08:45", ticket="B001"))
    desk.at("09:00").does("ticket.finished", ticket="B001", terminal="T4")
    assert desk.floor.tickets["B001"].terminal == "T4" and not desk.floor.anomalies


# ---- called once more


def test_a_recall_of_who_is_served_is_counted_and_moves_no_time() -> None:
    story = (
        the_day().issues("B001", at="08:40").calls("B001", at="08:45").tells("ticket.recalled", "08:48", ticket="B001")
    )
    floor = story.floor()
    t = floor.tickets["B001"]
    assert (t.recalls, t.serving_since, t.called_at, floor.anomalies) == (1, instant("08:45"), instant("08:45"), {})


def test_a_recall_of_who_was_absent_calls_again() -> None:
    story = the_day().issues("B001", at="08:40").calls("B001", at="08:45").misses("B001", at="08:50")
    floor = story.tells("ticket.recalled", "08:55", ticket="B001").floor()
    assert floor.terminals["T3"].ticket == "B001" and not floor.anomalies
    done = story.finishes("B001", at="09:05").floor()
    assert counted(done) == (0, 1, 0, 0) and not done.anomalies


def test_a_recall_of_who_waits_ends_the_wait_as_a_lost_call_would() -> None:
    story = the_day().issues("B001", at="08:40").tells("ticket.recalled", "08:55", ticket="B001", terminal="T4")
    floor = story.floor()
    assert (floor.terminals["T4"].ticket, floor.lanes["certificate"].waiting) == ("B001", 0)
    assert list(floor.anomalies.values()) == ["impossible"]


def test_a_recall_by_command(desk: Desk) -> None:
    desk.hears(the_day().issues("B001", at="08:40").calls("B001", at="08:45").issues("B002", at="08:50"))
    desk.at("08:55").does("ticket.recalled", ticket="B001")
    assert desk.floor.tickets["B001"].recalls == 1
    desk.refuses("ticket.recalled", "待ち", ticket="B002")
    desk.refuses("ticket.recalled", "T3", ticket="B001", terminal="T4")


# ---- numbers that begin again


def test_a_number_that_comes_round_is_a_new_visitor_and_the_one_before_left_unseen() -> None:
    story = the_day()
    for at in ("08:35", "11:10", "13:30"):
        story.tells("ticket.issued", at, ticket="B101", service="cert_renewal", wraps=True)
    story.calls("B101", at="13:40").finishes("B101", at="13:50")
    floor = story.floor()
    rows = [(t.nth, t.fate, t.issued_at, t.finished_at) for t in record(floor).tickets]
    assert rows == [
        (1, "left", instant("08:35"), instant("11:10")),
        (2, "left", instant("11:10"), instant("13:30")),
        (3, "done", instant("13:30"), instant("13:50")),
    ]
    assert list(floor.anomalies.values()) == ["wrapped", "wrapped"]
    assert told(floor, "14:00")["facts_doubtful"] == ["一巡した番号 2件（別の来庁者として数えています）"]
    assert floor.lanes["certificate"].waiting == 0 and record(floor).waits["certificate"].max_s == 600
    said = [x for x in record(floor).doubts if "一巡" in x]
    assert len(said) == 1 and "2枚" in said[0]
    assert not any("前後の合わない" in x for x in record(floor).doubts)
    without = a_day().opens("08:30").issues("B101", at="08:35").issues("B101", at="11:10").floor()
    assert len(without.tickets) == 1, "of a source whose numbers do not begin again it is a slip"


def test_who_was_called_when_the_number_comes_round_has_ended() -> None:
    for ends, outcome in ((None, "incomplete"), ("next_call", "done")):
        story = the_day().issues("B101", at="08:35")
        more = {"ends": ends} if ends else {}
        story.tells("ticket.called", "08:40", ticket="B101", terminal="T3", **more)
        floor = story.tells("ticket.issued", "13:30", ticket="B101", service="cert_renewal", wraps=True).floor()
        assert floor.tickets["B101 1"].outcome == outcome and floor.tickets["B101"].state == "waiting"
        assert floor.terminals["T3"].ticket is None


# ---- another prefix at the desk


@pytest.mark.parametrize(("told_as", "held"), [("B111", "A111"), ("111", "A111"), ("A11", "A0011"), ("A-7", "A007")])
def test_a_number_with_the_same_digits_is_pointed_out_and_never_merged(told_as: str, held: str) -> None:
    story = the_day().issues(held, "card_issuance", at="09:05").calls(told_as, "T1", at="09:20")
    floor = story.floor()
    assert told(floor, "09:30")["numbers_alike"] == [f"発券のない {told_as} は待っている {held} か（頭の文字の違い）"]
    assert floor.tickets[held].state == "waiting" and floor.tickets[told_as].state == "serving"
    assert any(told_as in x and held in x for x in record(floor).doubts)


def test_several_of_a_day_are_one_line_and_what_was_called_is_none() -> None:
    story = the_day()
    for n in range(1, 6):
        story.issues(f"A{n:03d}", "card_issuance", at=f"09:0{n}").calls(f"B{n:03d}", "T1", at=f"09:1{n}")
    assert told(story.floor(), "09:30")["numbers_alike"][0].endswith("ほか4件")
    story = (
        the_day()
        .issues("A001", "card_issuance", at="09:05")
        .calls("A001", "T1", at="09:06")
        .calls("B001", "T3", at="09:20")
    )
    assert "numbers_alike" not in told(story.floor(), "09:30")
    later = the_day().calls("B001", "T3", at="09:00").issues("A001", "card_issuance", at="09:30")
    assert "numbers_alike" not in told(later.floor(), "09:40"), "it was issued after that call"


# ---- whole minutes, any arrival order


@pytest.mark.parametrize("called_at", ["09:00", "09:05"])
def test_everything_of_a_number_in_one_minute_in_any_order_of_arrival(called_at: str) -> None:
    """Issued, called, absent, called once more (told as a recall and as a call), finished: one done visit, no doubt."""
    story = the_day().issues("B001", at="09:00").calls("B001", at=called_at).misses("B001", at="09:05")
    story.tells("ticket.recalled", "09:05", ticket="B001", terminal="T3").calls("B001", at="09:05")
    entries = story.finishes("B001", at="09:05").entries()
    chance = random.Random(3)
    for _ in range(30):
        day = DayFold(SITE, MONDAY)
        for e in chance.sample(entries, len(entries)):
            day.add([e])
        assert counted(day.floor) == (0, 1, 0, 0), called_at
        assert not day.floor.anomalies
        assert day.floor.terminals["T3"].ticket is None


def test_the_fold_of_new_facts_does_not_depend_on_their_arrival() -> None:
    story = three_at_a_desk()
    call_alone(story, "B010", "09:31", wraps=True)
    story.tells("ticket.recalled", "09:31", ticket="B003").misses("B010", at="09:31")
    story.tells("ticket.issued", "12:00", ticket="B002", service="pin_reset", wraps=True).closes("17:00")
    entries, chance = story.entries(), random.Random(5)
    whole = fold(SITE, MONDAY, entries)
    for _ in range(10):
        day = DayFold(SITE, MONDAY)
        for e in chance.sample(entries, len(entries)):
            day.add([e])
        assert record(day.floor) == record(whole) and day.floor.anomalies == whole.anomalies


def test_facts_without_the_new_fields_keep_their_bytes() -> None:
    story = the_day().issues("B001", at="08:40").calls("B001", at="08:45").finishes("B001", at="08:50")
    assert [e.fact.payload() for e in story.entries()[1:]] == [
        '{"ticket":"B001","service":"cert_renewal","cards":1,"appointment":null,"assist":false}',
        '{"ticket":"B001","terminal":"T3"}',
        '{"ticket":"B001","terminal":"T3","outcome":"done","work":{}}',
    ]


# ---- head counts alone


def a_feed_of_counts(until: str = "11:00", every_s: int = 60) -> Story:
    story, at, end = a_day(source="kiosk"), instant("08:30"), instant(until)
    n = 0
    while at <= end:
        n += 1
        for lane, waiting in (("issuance", 3 + n % 4), ("certificate", (n * 7) % 12), ("application", 0)):
            story.tells("queue.counted", at, lane=lane, waiting=waiting)
        at += timedelta(seconds=every_s)
    return story


def test_a_day_of_counts_alone_runs_the_board_and_says_what_it_does_not_know() -> None:
    floor = a_feed_of_counts().floor()
    now, info = instant("11:00"), Register().calendar(SITE).day_info(MONDAY)
    lanes = {x["lane"]: x for x in status(floor, Register(), info, now, Head(1, ""))["lanes"]}
    assert lanes["issuance"]["waiting"] == 3 + 151 % 4 and lanes["issuance"]["untold"] == ["served"]
    assert lanes["issuance"]["longest_wait_s"] is None and lanes["issuance"]["longest_wait_at_least_s"] is not None
    said = told(floor, "11:00")
    assert said["records_partial"] == [
        "待ち人数だけの記録 交付・電子証明書・申請サポート（受付・完了・端末は分かりません）"
    ]
    doubts = record(floor).doubts
    assert any(x.startswith("交付・電子証明書・申請サポートは待ち人数だけの記録です") for x in doubts)
    assert record(floor).peaks["certificate"] == (11, instant("08:34"))


def test_a_feed_of_counts_that_falls_silent_is_said_so() -> None:
    floor = a_feed_of_counts("10:00").floor()
    assert "feed_silent" not in told(floor, "10:05") and "feed_silent" in told(floor, "11:00")
    assert grounds(floor, Register(), instant("11:00")).withheld["issuance"].code == "silent"


def test_a_lane_that_stands_still_and_an_empty_one() -> None:
    story = a_day(source="kiosk")
    for minute in range(60):
        story.counts("issuance", 5, at=f"09:{minute:02d}").counts("certificate", 0, at=f"09:{minute:02d}")
    floor = story.floor()
    assert [n for _, n in floor.lanes["issuance"].history] == [5], "a count that changes nothing is no event"
    assert (floor.lanes["certificate"].waiting, floor.lanes["certificate"].heads) == (0, [])


def test_counts_mixed_with_numbers_are_no_counts_alone() -> None:
    floor = a_feed_of_counts("09:00").issues("B001", at="09:00:30").calls("B001", at="09:05").floor()
    assert "served" not in {x for q in [floor.lanes["certificate"]] for x in ([] if q.issued else ["served"])}
    assert told(floor, "09:06")["records_partial"] == [
        "待ち人数だけの記録 交付・申請サポート（受付・完了・端末は分かりません）"
    ]


def test_many_counts_are_kept_in_little_memory() -> None:
    floor = a_feed_of_counts("10:00", every_s=15).floor()
    q = floor.lanes["application"]
    assert len(q.history) == 1 and q.heads == [] and len(floor.entries) == 3 * 361
    assert fold_register([]).people == {}
