"""Numbers that floorctl gives itself: whatever numbers others have put into the file, the next act finds one of its own."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

import pytest

from floorctl.commands.paper import Paper, TicketLine, enter
from floorctl.common.errors import Refused
from floorctl.documents.day.paper_sheets_xlsx import fallback_xlsx
from floorctl.models.facts.entry import Entry
from floorctl.models.facts.own_numbers import MOST_OF_FILE, HandNumbers, Numbers, counted, folded, next_of
from floorctl.models.facts.stored_fact import stored_fact
from tests.story import MONDAY, Desk, instant

GIANTS = (
    "E-999999",
    "E-99999999999999999999",
    "E-99999",
    "E-0",
    "E-00012",
    "E-1",
    "Ｅ－２",
    "e-3",
    "E-",
    "E--5",
    "E-4.",
)
TICKETS = ("B999999", "B99999999999999999999", "B1000", "B999", "B-1", "b001", "Ｂ００２", "B03", "B", "B000", "B1e3")


def put(desk: Desk, kind: str, numbers: Iterable[str], source: str = "feed", **fields: Any) -> None:
    """Facts with these numbers, past every check, as another tool or an older version may have left them."""
    field = {"ticket.issued": "ticket", "escalation.raised": "escalation", "incident.opened": "incident"}[kind]
    with desk.session.store.write() as pen:
        for n, number in enumerate(numbers):
            data = json.dumps({field: number, **fields}, ensure_ascii=False)
            fact = stored_fact(f"x-{kind}-{n}", instant("08:40").isoformat(), kind, data)
            pen.append(fact, source, source, instant("08:40"))
    desk.session.refresh()


def number(entries: list[Entry], field: str) -> str:
    return str(getattr(entries[0].fact, field))


@pytest.fixture
def crowded(desk: Desk) -> Desk:
    """A file in which others have used the largest and the strangest numbers."""
    desk.opens().at("09:00")
    put(desk, "escalation.raised", GIANTS, matter="fee")
    put(desk, "ticket.issued", TICKETS, service="other")
    put(desk, "incident.opened", ("I-999999", "I-99999999999999999999", "I-1"), category="other", summary="停電")
    return desk


def test_own_numbers_go_on_beside_the_largest_of_others(crowded: Desk) -> None:
    def given(kind: str, field: str, **fields: Any) -> list[str]:
        return [number(crowded.does(kind, **fields), field) for _ in range(3)]

    assert given("escalation.raised", "escalation", matter="fee") == ["E-4", "E-5", "E-6"]
    assert given("ticket.issued", "ticket", service="other") == ["B004", "B005", "B006"]
    assert given("incident.opened", "incident", category="other", summary="雨漏り") == ["I-2", "I-3", "I-4"]
    assert given("meeting.held", "meeting", form="daily", held_on=MONDAY) == ["M-1", "M-2", "M-3"]


def test_a_large_number_of_ones_own_stops_nothing_either(desk: Desk) -> None:
    desk.opens().at("09:00")
    desk.does("escalation.raised", escalation="E-99999", matter="fee")
    desk.does("ticket.issued", ticket="B999", service="other")
    assert number(desk.does("escalation.raised", matter="proxy"), "escalation") == "E-1"
    assert number(desk.does("ticket.issued", service="other"), "ticket") == "B001"
    assert number(desk.does("ticket.issued", service="other"), "ticket") == "B002"


def test_what_stands_in_the_file_is_named_by_the_number_it_has(crowded: Desk) -> None:
    """The guard is for what somebody writes; a case with a long number must still be settled."""
    for code in GIANTS[:2]:
        crowded.does("escalation.taken", escalation=code)
        crowded.does("escalation.settled", escalation=code, outcome="desk3")
    for ticket in TICKETS[:2]:
        crowded.does("ticket.called", ticket=ticket, terminal="T3")
        crowded.does("ticket.finished", ticket=ticket, terminal="T3")
    crowded.does("incident.noted", incident="I-99999999999999999999", text="復旧した")


def test_a_number_of_a_person_is_refused_all_the_same(crowded: Desk) -> None:
    for kind, fields in (
        ("ticket.issued", {"ticket": "090-1234-5678", "service": "other"}),
        ("escalation.raised", {"escalation": "090-1234-5678", "matter": "fee"}),
        ("incident.opened", {"incident": "123456789012", "category": "other", "summary": "雨漏り"}),
    ):
        crowded.refuses(kind, **fields)


def test_the_three_digits_of_a_lane_can_be_used_up(desk: Desk) -> None:
    desk.opens().at("09:00")
    put(desk, "ticket.issued", (f"B{n:03d}" for n in range(1, 1000) if n not in (7, 500)), service="other")
    assert number(desk.does("ticket.issued", service="other"), "ticket") == "B007"
    assert number(desk.does("ticket.issued", service="other"), "ticket") == "B500"
    refused = desk.refuses("ticket.issued", service="other")
    assert "B001 から B999 まで" in refused.sentence
    assert number(desk.does("ticket.issued", service="card_issuance"), "ticket") == "A001"
    assert number(desk.does("ticket.issued", service="other", ticket="B-1"), "ticket") == "B-1"


def test_the_cases_of_a_file_can_be_used_up() -> None:
    every = Numbers(frozenset(f"E-{n}" for n in range(1, MOST_OF_FILE + 1)))
    assert next_of(every, "E-") is None
    assert next_of(Numbers(every.used - {"E-77"}), "E-") == "E-77"


def test_paper_goes_on_over_what_is_used(crowded: Desk) -> None:
    hand = HandNumbers(crowded.session.ticket_numbers(MONDAY), "B")
    assert hand.following(3) == [4, 5, 6]
    assert hand.after(2) == 4
    assert fallback_xlsx(crowded.floor, crowded.session.ticket_numbers(MONDAY))
    line = TicketLine("", "other", instant("08:50"), issued_at=instant("08:50"))
    with pytest.raises(Refused, match="番号のない行"):
        crowded.session.run(lambda c: enter(c, Paper((line,))), between=True)


@pytest.mark.parametrize(
    ("number", "n"),
    [("B007", 7), ("b7", 7), ("Ｂ００７", 7), ("B 0 7", 7), ("B1000", None), ("B0", None), ("B٧", None), ("B²", 2)],
)
def test_numbers_are_read_in_whatever_script(number: str, n: int | None) -> None:
    assert counted([number], "B", 999) == ({n} if n else set())
    assert folded(folded(number)) == folded(number)
