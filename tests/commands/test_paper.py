"""Enter what was written on paper at its own times, by the rules of everything else, and without a made-up figure."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from floorctl.commands.paper import Paper, TicketLine, enter
from floorctl.models.facts.entry import Entry
from tests.story import Desk, a_day, instant, kumagaya


def line(ticket: str, issued: str = "", called: str = "", finished: str = "", **more: Any) -> TicketLine:
    times = {k: instant(v) if v else None for k, v in (("issued_at", issued), ("called_at", called))}
    given: dict[str, Any] = {"service": "cert_renewal", "about": instant("10:00"), "terminal": "T3"} | more
    return TicketLine(ticket, finished_at=instant(finished) if finished else None, **times, **given)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """The hall of a Monday, open since 8:30; B001 was called to T3 at 9:05. It is 11:05 now."""
    desk = Desk(tmp_path / "f.db", kumagaya()).opens()
    desk.at("09:00").does("ticket.issued", service="cert_renewal")
    desk.at("09:05").does("ticket.called", ticket="B001", terminal="T3")
    desk.at("09:20").does("ticket.finished", ticket="B001", terminal="T3")
    return desk.at("11:05")


def enters(desk: Desk, *lines: TicketLine, **more: Any) -> list[Entry]:
    return desk.session.run(lambda c: enter(c, Paper(lines, **more)), between=True)


def test_who_waits_for_the_city_is_not_done_on_paper_either(desk: Desk) -> None:
    desk.at("10:00").does("ticket.issued", service="cert_renewal")
    desk.at("10:05").does("ticket.called", ticket="B002", terminal="T3")
    desk.at("10:06").does("escalation.raised", matter="proxy", terminal="T3")
    desk.at("11:05")
    desk.refused(lambda: enters(desk, line("B002", finished="10:20", state="serving")), "E-1 代理人 の決定がまだ")
    enters(desk, line("B002", finished="10:20", state="serving", end="incomplete"))


def test_an_hour_is_one_act_with_the_papers_times_and_todays_instant_of_recording(desk: Desk) -> None:
    written = enters(
        desk,
        line("B002", "10:02", "10:05", "10:16"),
        line("B003", "10:04", "10:16", "10:30", cards=2),
        line("B004", "10:40", end="left", terminal=None),
        line("B005", "10:50", terminal=None),
        moves=((instant("10:20"), "T4", "certificate"),),
        counts=((instant("10:59"), "photo", 3),),
    )
    floor = desk.floor
    assert {e.recorded_at for e in written} == {desk.clock.at}
    assert [e.fact.at for e in written][:2] == [instant("10:02"), instant("10:04")]
    assert [floor.tickets[n].state for n in ("B002", "B003", "B004", "B005")] == [
        "finished",
        "finished",
        "left",
        "waiting",
    ]
    assert floor.tickets["B003"].cards == 2
    assert floor.terminals["T4"].lane == "certificate"
    assert floor.work_done()["photo"] == 3
    assert floor.anomalies == {}
    [marker] = [e for e in written if e.kind == "paper.entered"]
    said = marker.fact.fields()
    assert (said["tickets"], said["moves"], said["counts"]) == (4, 1, 3)
    assert (said["from_at"], said["until_at"]) == (instant("10:02"), instant("10:59"))
    assert floor.paper_acts == {("console", written[0].fact.id.rpartition(".")[0])}


def test_one_undo_takes_the_whole_paper_back_also_after_later_facts_of_its_terminals(desk: Desk) -> None:
    before = dict(desk.floor.tickets)
    desk.does("ticket.issued", ticket="B090", service="cert_renewal")
    desk.does("ticket.called", ticket="B090", terminal="T3")
    enters(desk, line("B002", "10:02", "10:05", "10:16"), line("B003", "10:04"))
    desk.undoes()
    assert set(desk.floor.tickets) == {*before, "B090"}
    assert desk.floor.tickets["B090"].state == "serving"


def test_counts_without_times_make_no_wait_and_no_length_up(desk: Desk) -> None:
    """Leave what paper does not say null in the table of tickets and out of every mean; what was done counts as done."""
    from floorctl.documents.day.record import day_record
    from floorctl.models.board.flow import flows

    enters(
        desk,
        line("B002", "10:02", "10:05", "10:16"),  # all times: 3 minutes, 11 minutes
        line("B003", "10:06", "10:06", "10:20", terminal="T5"),  # called at once: a wait of none, and it counts
        line("B004", "10:08"),  # done, some time
        line("B005", "10:10", "", "10:50"),  # finished, called some time
        line("B006", "", "10:30", "10:40"),  # nobody wrote when it came
        line("B007"),  # nothing but a mark
    )
    record = day_record(desk.floor, desk.session.register(), None, revision=1)
    told = {t.ticket: (t.wait_s, t.service_s) for t in record.tickets}
    assert told == {
        "B001": (300, 900),
        "B002": (180, 660),
        "B003": (0, 839),  # within a minute the call comes after the issue by as little as can be
        "B004": (None, None),
        "B005": (None, None),
        "B006": (None, 600),
        "B007": (None, None),
    }
    assert record.waits["certificate"].n == 3
    assert record.counts["cert_renewal"] == 7
    flow = flows(desk.floor, desk.clock.at)["certificate"]
    assert flow.finished == 4 and flow.mean_service_s == pytest.approx((900 + 660 + 840 + 600) / 4, abs=0.01)
    assert desk.floor.anomalies == {}


def test_learning_how_long_cases_take_does_not_see_paper_without_times(desk: Desk) -> None:
    from floorctl.advice.service_times import observations

    before = observations(desk.floor, desk.clock.at)
    enters(desk, *(line(f"B{n:03d}", "10:08") for n in range(2, 30)))
    assert observations(desk.floor, desk.clock.at) == before


REFUSED = {
    "before the doors opened": (line("B002", "08:00"), "まだ開場していません"),
    "a time to come": (
        line("B002", "11:20", terminal=None),
        "B002 の 11:20 を入れられません（まだ来ていない時刻です）",
    ),
    "a number that was used": (line("B001", "10:02"), "すでに使われた"),
    "a terminal of another lane": (line("B002", "10:02", "10:05", terminal="T1"), "T1 では呼べません"),
    "a terminal of another lane, without times": (line("B002", "10:02", terminal="T1"), "交付の端末"),
    "no terminal": (line("B002", "10:02", "10:05", terminal=None), "端末が書かれていません"),
    "a finish before the call": (line("B002", "09:02", "09:10", "09:15"), "B001"),
}


@pytest.mark.parametrize(("wrong", "word"), REFUSED.values(), ids=REFUSED)
def test_the_rules_of_that_time_hold_and_nothing_is_half_entered(desk: Desk, wrong: TicketLine, word: str) -> None:
    facts = len(list(desk.facts()))
    desk.refused(lambda: enters(desk, line("B050", "10:00", "10:01", "10:02", terminal="T5"), wrong), word)
    assert len(list(desk.facts())) == facts


def test_two_lines_at_one_terminal_at_one_time_are_refused_with_the_number(desk: Desk) -> None:
    lines = line("B002", "10:02", "10:05", "10:16"), line("B003", "10:04", "10:10", "10:30")
    desk.refused(lambda: enters(desk, *lines), "10:10", "T3", "B002")


def test_what_was_recorded_since_must_still_fit(desk: Desk) -> None:
    """The live board went on at 11:00 with T3; paper that still serves there then does not fit."""
    desk.at("11:00").does("ticket.issued", ticket="B090", service="cert_renewal")
    desk.does("ticket.called", ticket="B090", terminal="T3")
    desk.at("11:05")
    desk.refused(lambda: enters(desk, line("B002", "10:02", "10:05")), "B090", "食い違います")
    enters(desk, line("B002", "10:02", "10:05", "10:59"))


def test_a_move_on_paper_holds_for_the_lines_after_it(desk: Desk) -> None:
    """T4 serves 交付 until it was moved; back again, and the hall of now is as it was."""
    moves = (instant("10:10"), "T4", "certificate"), (instant("10:40"), "T4", "issuance")
    early = line("B002", "10:02", "10:05", "10:09", terminal="T4")
    desk.refused(lambda: enters(desk, early, moves=moves), "T4 では呼べません")
    enters(desk, line("B002", "10:02", "10:12", "10:30", terminal="T4"), moves=moves)
    assert desk.floor.terminals["T4"].lane == "issuance"
    assert [m.terminal for m in desk.floor.moves] == ["T4", "T4"]


def test_an_empty_paper_is_refused_and_a_closed_day_too(desk: Desk) -> None:
    desk.refused(lambda: enters(desk), "まだ空")
    desk.does("day.closed")
    desk.refused(lambda: enters(desk, line("B002", "10:02")), "閉場")


def test_a_feed_cannot_say_that_it_is_paper() -> None:
    from floorctl.intake.feed import BadLine, parse_line
    from floorctl.models.facts.kinds import COMMAND_KINDS

    assert "paper.entered" in COMMAND_KINDS
    raw = b'{"id":"x","at":"2026-09-14T10:00:00+09:00","kind":"paper.entered"}'
    with pytest.raises(BadLine):
        parse_line(raw, kumagaya())


def test_walking_through_a_day_ends_at_the_same_floor() -> None:
    """Told nothing, the walk is the fold: what was taken back stays so."""
    from floorctl.commands.fold import Walk

    story = a_day().opens("08:30").issues("B001", at="09:00").calls("B001", at="09:05").issues("B002", at="09:06")
    story.takes_back(story.last_id, "09:07")
    floor = story.floor()
    walk = Walk(floor)
    assert walk.until(floor.entries[2]).tickets["B001"].state == "waiting"
    end: datetime = instant("09:05") + timedelta()
    assert walk.until().tickets.keys() == floor.tickets.keys() == {"B001"}
    assert walk.floor.tickets["B001"].called_at == end
