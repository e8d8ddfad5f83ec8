"""Test what a console does of itself with loans (応援): returns that are due, loans that are permitted; never against the manager.

T1 and T2 hand cards over, T3 to T5 renew certificates; S1 stands at T1, and so on. The clock stands still until it is moved.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from floorctl.console import engine as module
from floorctl.console.engine import Engine
from floorctl.console.lending import OwnLoans
from floorctl.console.messages import Done, Failed, Taught
from floorctl.models.board.own_loans import LoanUses, loan_uses
from floorctl.usecases.session import Session
from tests.story import Desk, a_day, instant, kumagaya


class Console(Desk):
    """A manager's session, and beside it the loans that the console makes of itself."""

    def __init__(self, path: Path, at: str = "08:30") -> None:
        super().__init__(path, kumagaya(), at)
        self.own = OwnLoans(self.session, self.day)
        self.looks = 0

    def looked(self) -> list[str]:
        """Look at this instant until nothing more is due, and return what is told."""
        found: list[str] = []
        while True:
            self.looks += 1
            self.session.refresh()
            done = self.own.look(self.looks)
            if done is None:
                return found
            found.append(done.label)
            assert len(found) < 9, found

    def restarts(self) -> None:
        """The plug is pulled, and a new console opens the file."""
        self.session.close()
        self.session = Session(self.site, self.path, clock=self.clock, actor="console", create=True)
        self.own = OwnLoans(self.session, self.day)

    def waits(self, service: str, *tickets: str) -> Console:
        for ticket in tickets:
            self.does("ticket.issued", ticket=ticket, service=service)
        return self

    def cards(self, *tickets: str) -> Console:
        return self.waits("card_issuance", *tickets)

    def renewals(self, *tickets: str) -> Console:
        return self.waits("cert_renewal", *tickets)

    def calls(self, ticket: str, terminal: str) -> Console:
        self.does("ticket.called", ticket=ticket, terminal=terminal)
        return self

    def lane_of(self, terminal: str) -> tuple[str, str | None]:
        t = self.floor.terminals[terminal]
        return t.lane, t.home

    def lines(self, kind: str) -> list[tuple[str, str]]:
        return [(e.fact.terminal, e.fact.reason) for e in self.facts() if e.kind == kind]  # type: ignore[attr-defined]


BUSY = ("B101", "B102", "B103")
QUEUE = tuple(f"B{n:03d}" for n in range(1, 13))
AWAY, HOME = ("certificate", "issuance"), ("issuance", None)


@pytest.fixture
def hall(tmp_path: Path) -> Iterator[Console]:
    """Ten o'clock: two at the cards with nobody to serve, three busy with renewals."""
    c = Console(tmp_path / "floor.db")
    c.opens(
        allocation={"T1": "issuance", "T2": "issuance", "T3": "certificate", "T4": "certificate", "T5": "certificate"}
    )
    c.at("09:00")
    for n in range(1, 6):
        c.does("terminal.staffed", terminal=f"T{n}", staff=f"S{n}")
    c.at("10:00").renewals(*BUSY)
    for n, ticket in enumerate(BUSY, 3):
        c.calls(ticket, f"T{n}")
    yield c
    c.close()


@pytest.fixture
def lent(hall: Console) -> Console:
    """T2 helps with the renewals, of which twelve wait."""
    hall.renewals(*QUEUE).does("terminal.lent", terminal="T2", lane="certificate")
    assert hall.lane_of("T2") == AWAY
    return hall.at("10:10")


# ---- returns


def test_it_stays_while_nobody_waits_at_home(lent: Console) -> None:
    assert lent.looked() == []


def test_it_comes_home_when_its_own_lane_needs_it(lent: Console) -> None:
    lent.cards("A001").calls("A001", "T1").cards(*(f"A{n:03d}" for n in range(2, 16)))
    (line,) = lent.looked()
    assert line == "T2 が応援から戻りました（交付の列に14人）"
    assert lent.lane_of("T2") == HOME
    assert lent.lines("terminal.returned") == [("T2", "交付の列に14人")]
    assert lent.looked() == [], "once"


def test_by_head_counts_alone_it_is_not_claimed_that_nobody_is_served_there(tmp_path: Path) -> None:
    """A day by hand: who waits is counted, nobody records who is called; T2 may have somebody before it."""
    c = Console(tmp_path / "floor.db")
    c.opens(allocation={"T1": "issuance", "T2": "issuance", "T3": "certificate"}).at("10:00")
    c.does("queue.counted", lane="issuance", waiting=0)
    c.does("queue.counted", lane="certificate", waiting=9)
    c.does("terminal.lent", terminal="T2", lane="certificate")
    c.at("10:20").does("queue.counted", lane="issuance", waiting=6)
    c.does("queue.counted", lane="certificate", waiting=2)
    assert c.looked() == ["T2 は、応対中ならそのあと、応援から戻ります（交付の列に6人）"]
    assert c.lane_of("T2") == HOME
    c.close()


def test_nobody_in_the_helped_lane_any_more(hall: Console) -> None:
    hall.does("terminal.lent", terminal="T2", lane="certificate")
    hall.at("10:05").cards("A001").calls("A001", "T1").cards("A002")
    assert hall.looked() == ["T2 が応援から戻りました（交付の列に1人、電子証明書に待つ人なし）"]


@pytest.mark.parametrize(
    ("kind", "fields", "why"),
    [
        ("terminal.paused", {"terminal": "T2"}, "端末の休止"),
        ("terminal.failed", {"terminal": "T2"}, "端末の故障"),
    ],
)
def test_nobody_can_work_at_it(lent: Console, kind: str, fields: dict[str, Any], why: str) -> None:
    lent.does(kind, **fields)
    assert lent.looked() == [f"T2 が応援から戻りました（{why}）"]


def test_its_person_goes_on_a_break_that_another_system_tells(lent: Console) -> None:
    lent.hears(a_day(source="clock").tells("staff.changed", "10:11", staff="S2", status="on_break"))
    assert lent.at("10:12").looked() == ["T2 が応援から戻りました（担当が在席していない）"]


def test_who_is_served_is_served_to_the_end(lent: Console) -> None:
    lent.calls("B001", "T2").does("terminal.paused", terminal="T2")
    assert lent.looked() == ["T2 は B001 のあと応援から戻ります（端末の休止）"]
    lent.does("ticket.finished", ticket="B001", terminal="T2")
    assert lent.lane_of("T2") == HOME


def test_an_appointment_at_home_is_not_made_to_wait(lent: Console) -> None:
    """A renewal takes 12 minutes, the way 2, and 2 to spare: from 10:14 on it could not be back at half past."""
    slots = [{"time": "10:30", "cards": 1, "count": 1}]
    lent.cards("A001").calls("A001", "T1").does("appointments.imported", date=lent.day.isoformat(), slots=slots)
    assert lent.at("10:13").looked() == []
    assert lent.at("10:15").looked() == ["T2 が応援から戻りました（交付の予約 10:30）"]


def test_before_the_reception_at_home_begins(tmp_path: Path) -> None:
    """Cards from nine; both of their terminals help from half past eight, and come home for it."""
    c = Console(tmp_path / "floor.db", "08:20")
    c.opens(allocation={"T1": "issuance", "T2": "issuance", "T3": "certificate"})
    for n in range(1, 4):
        c.does("terminal.staffed", terminal=f"T{n}", staff=f"S{n}")
    c.at("08:31").renewals("B101", *QUEUE).calls("B101", "T3")
    c.does("lending.permitted", terminals=["T1", "T2"])
    assert [x.partition("（")[0] for x in c.looked()] == ["許可により T1 を電子証明書の応援に出しました"]
    c.at("08:33").calls("B001", "T1")
    assert [x.partition("（")[0] for x in c.at("08:35").looked()] == ["許可により T2 を電子証明書の応援に出しました"]
    assert c.at("08:41").looked() == []
    assert c.at("08:45").looked() == [
        "T1 は B001 のあと応援から戻ります（交付の受付 9:00 から）",
        "T2 が応援から戻りました（交付の受付 9:00 から）",
    ]
    told = {e.kind: e.told_by for e in c.session.floor().entries}
    assert (told["terminal.lent"], told["terminal.returned"], told["terminal.staffed"]) == ("自動", "自動", "手入力")
    c.close()


def test_a_lane_that_receives_is_not_left_alone_by_a_return(hall: Console) -> None:
    """T2 is the last one that works for certificates: people at the cards wait for the manager's word."""
    hall.renewals(*QUEUE).does("terminal.lent", terminal="T2", lane="certificate")
    for n in (3, 4, 5):
        hall.does("terminal.failed", terminal=f"T{n}")
    hall.at("10:10").cards("A001").calls("A001", "T1").cards(*(f"A{n:03d}" for n in range(2, 16)))
    assert hall.looked() == []


def test_who_is_only_to_come_keeps_no_lane(hall: Console) -> None:
    """T1 helps and is the last one there, T2 is to follow after A001: T2 is kept at home, T1 does not leave."""
    hall.renewals(*QUEUE).does("terminal.lent", terminal="T1", lane="certificate")
    hall.cards("A001").calls("A001", "T2")
    for n in (3, 4, 5):
        hall.does("terminal.failed", terminal=f"T{n}", fault="停止")
    hall.at("10:10").does("terminal.lent", terminal="T2", lane="certificate", reason="更新が止まる")
    assert hall.at("10:25").looked() == [], "T2 was lent by hand a quarter of an hour ago"
    assert hall.at("10:31").looked() == ["T2 の応援を取りやめました（交付に動いている端末なし）"]
    assert hall.lane_of("T1") == AWAY


# ---- loans by permission


@pytest.fixture
def permitted(hall: Console) -> Console:
    hall.does("lending.permitted", terminals=["T2"])
    hall.at("10:02").renewals(*QUEUE)
    return hall


def test_a_permitted_terminal_is_lent_without_asking(permitted: Console) -> None:
    assert permitted.looked() == ["許可により T2 を電子証明書の応援に出しました（電子証明書に12人、交付に待つ人なし）"]
    assert permitted.lane_of("T2") == AWAY and permitted.lane_of("T1") == HOME
    assert loan_uses(permitted.floor, instant("10:32")).loans == 1
    assert permitted.at("10:10").looked() == [], "T1 is not permitted, and stays alone"


@pytest.mark.parametrize(("skills", "at"), [(None, AWAY), (["issuance", "certificate"], AWAY), (["issuance"], HOME)])
def test_a_permitted_terminal_goes_where_its_person_has_learnt_the_lane(
    permitted: Console, skills: list[str] | None, at: tuple[str, str | None]
) -> None:
    able = {"pledge_on": "2026-06-01", "authority_on": "2026-07-01", "vein_on": "2026-07-01"}
    for n in range(1, 6):
        permitted.does("staff.registered", staff=f"S{n}", skills=skills if n == 2 else None, **able)
    permitted.looked()
    assert permitted.lane_of("T2") == at


def test_its_uses_are_told(permitted: Console) -> None:
    permitted.looked()
    went = permitted.floor.loans[0].went
    assert went is not None
    permitted.at("10:40").does("terminal.returned", terminal="T2")
    permitted.does("terminal.lent", terminal="T2", lane="certificate")
    assert loan_uses(permitted.floor, instant("12:00")) == LoanUses(
        1, int((instant("10:40:01") - went).total_seconds())
    )


def test_without_a_permission_it_only_offers(hall: Console) -> None:
    assert hall.at("10:02").renewals(*QUEUE).looked() == []


def test_a_loan_by_hand_is_not_called_one_by_permission(hall: Console) -> None:
    hall.refuses("terminal.lent", "応援が許可されていません", terminal="T2", lane="certificate", unasked=True)


# ---- never against the manager


def home_waits(c: Console) -> Console:
    return c.cards("A001").calls("A001", "T1").cards(*(f"A{n:03d}" for n in range(2, 16)))


def test_a_return_that_was_taken_back_is_not_repeated_for_twenty_minutes(lent: Console) -> None:
    assert len(home_waits(lent).looked()) == 1
    lent.undoes()
    assert lent.lane_of("T2") == AWAY
    for at in ("10:11", "10:20", "10:30"):
        assert lent.at(at).looked() == []
    assert len(lent.at("10:31").looked()) == 1


def test_a_loan_that_was_taken_back_is_not_repeated_for_twenty_minutes(permitted: Console) -> None:
    assert len(permitted.looked()) == 1
    permitted.undoes()
    for at in ("10:04", "10:20"):
        assert permitted.at(at).looked() == []
    assert len(permitted.at("10:23").looked()) == 1


@pytest.mark.parametrize("order", ["terminal.returned", "terminal.assigned"])
def test_who_is_fetched_home_by_hand_stays_there(permitted: Console, order: str) -> None:
    permitted.looked()
    more = {"lane": "issuance"} if order == "terminal.assigned" else {}
    permitted.at("10:05").does(order, terminal="T2", **more)
    for at in ("10:08", "10:24"):
        assert permitted.at(at).looked() == []
    assert len(permitted.at("10:26").looked()) == 1


def test_a_declined_loan_is_not_made(permitted: Console) -> None:
    permitted.does("advice.declined", terminal="T2", lane="certificate", about="lend", reason="担当が疲れている")
    assert permitted.looked() == []
    assert permitted.at("10:31").looked() == []
    assert len(permitted.at("10:34").looked()) == 1


def test_who_is_lent_although_an_appointment_waits_is_left_there(hall: Console) -> None:
    slots = [{"time": "10:15", "cards": 1, "count": 2}]
    hall.renewals(*QUEUE).does("appointments.imported", date=hall.day.isoformat(), slots=slots)
    hall.does("terminal.lent", terminal="T2", lane="certificate", reason="来ないと電話があった")
    assert hall.looked() == []


def test_one_act_in_a_minute_for_a_terminal(permitted: Console) -> None:
    permitted.looked()
    home_waits(permitted)
    assert permitted.looked() == []
    assert len(permitted.at("10:04").looked()) == 1


def test_a_clock_that_is_put_back_holds_no_return_up(permitted: Console) -> None:
    permitted.looked()
    home_waits(permitted.at("09:30"))
    assert [x.partition("（")[0] for x in permitted.looked()] == ["T2 が応援から戻りました"]
    assert permitted.lane_of("T2") == HOME and not permitted.floor.anomalies
    assert permitted.looked() == []


# ---- what it does not know, and what it has done already


def test_nothing_while_the_source_is_silent(lent: Console) -> None:
    """Fifteen have come by the machine; from it nothing has been heard for a quarter of an hour: who waits is not known."""
    came = a_day(source="machine")
    for n in range(15):
        came.issues(f"A{n:03d}", "card_issuance", f"10:11:{n:02d}")
    lent.hears(came)
    assert lent.at("10:40").looked() == []
    lent.hears(a_day(source="machine", prefix="g").issues("A900", "card_issuance", "10:41"))
    assert len(lent.at("10:42").looked()) == 1


def test_a_new_console_does_nothing_twice(lent: Console) -> None:
    home_waits(lent)
    assert len(lent.looked()) == 1
    lent.restarts()
    assert lent.looked() == []
    assert lent.lines("terminal.returned") == [("T2", "交付の列に14人")]


def test_a_new_console_keeps_what_the_manager_took_back(lent: Console) -> None:
    home_waits(lent).looked()
    lent.undoes()
    lent.restarts()
    assert lent.at("10:15").looked() == []


def test_two_consoles_on_one_file(lent: Console) -> None:
    home_waits(lent)
    other = lent.beside("console")
    beside = OwnLoans(other.session, lent.day)
    other.floor  # noqa: B018 - it knows the day as it is now
    assert len(lent.looked()) == 1
    assert beside.look(0) is None
    other.close()


def test_the_running_console_tells_it_and_the_manager_undoes_it(lent: Console, monkeypatch: pytest.MonkeyPatch) -> None:
    """The worker returns T2 as soon as people wait for cards; ``u`` takes that back, and it stays."""
    monkeypatch.setattr(module, "FOLLOW_S", 0.01)
    posts = list[Any]()
    engine = Engine(lambda: Session(lent.site, lent.path, clock=lent.clock, actor="console"), (), posts.append)
    engine.painted.set()

    def until(holds: Callable[[], Any]) -> None:
        end = time.monotonic() + 60
        while not holds():
            assert time.monotonic() < end, posts
            time.sleep(0.005)
            lent.clock.at += timedelta(milliseconds=5)  # it looks again every few seconds, too

    def told() -> list[Done]:
        return [p for p in posts if isinstance(p, Done)]

    engine.start()
    try:
        until(lambda: any(isinstance(p, Taught) for p in posts))
        engine.act("応援", "terminal.lent", {"terminal": "T2", "lane": "certificate"})
        until(lambda: any(isinstance(p, Failed) for p in posts))  # a refused act forgets what was folded
        assert told() == []
        lent.session.actor = "cli"  # the worker may look before the last one has come: undo finds the console's own act
        home_waits(lent)
        until(told)
        (done,) = told()
        ((terminal, why),) = lent.lines("terminal.returned")
        assert (terminal, why[:5], why[-1]) == ("T2", "交付の列に", "人"), "it may look before the last one has come"
        assert done.label == f"T2 が応援から戻りました（{why}）"
        assert done.arrived is not None and done.entries[0] in done.arrived.entries
        lent.clock.at += timedelta(seconds=1)
        engine.undo("取り消しました")
        until(lambda: len(told()) == 2)
        lent.at("10:20")
        engine.act("メモ", "memo.written", {"text": "x"})
        until(lambda: len(told()) == 3)
        time.sleep(0.1)
        assert len(told()) == 3
    finally:
        engine.stop()
    lent.session.refresh()
    assert lent.lane_of("T2") == AWAY
