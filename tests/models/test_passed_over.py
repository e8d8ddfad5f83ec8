"""Numbers that many later ones have passed: by walk-ins and appointments alike, and what is told of them."""

from __future__ import annotations

from floorctl.models.board.alerts import alerts
from floorctl.models.board.calling_order import calling_turns
from floorctl.models.board.grounds import grounds
from floorctl.models.register.register import Register
from tests.story import MONDAY, Story, a_day, instant, kumagaya

SITE = kumagaya()


def passed_by_appointments(n: int) -> Story:
    """A001 waits since 9:00; ``n`` people with an appointment come later and are called, one a minute."""
    story = a_day().opens("08:30").issues("A001", "card_issuance", "09:00")
    for k in range(n):
        number, at = f"A{k + 2:03d}", f"09:{k + 1:02d}"
        story.tells("ticket.issued", at, ticket=number, service="card_issuance", appointment=at)
        story.tells("ticket.called", f"{at}:30", ticket=number, terminal="T1")
        story.tells("ticket.finished", f"{at}:50", ticket=number, terminal="T1")
    return story


def told(story: Story, at: str) -> str | None:
    info = Register().calendar(SITE).day_info(MONDAY)
    found = alerts(story.floor(at), Register(), info, instant(at))
    return next((a.text for a in found if a.code == "passed_over"), None)


def test_ten_later_numbers_are_pointed_out_and_nine_are_not() -> None:
    assert told(passed_by_appointments(9), "09:30") is None
    story = passed_by_appointments(10)
    assert told(story, "09:30") == "A001 後の番号が 10人 先に呼ばれています（n 呼ぶ・いなければ p）"
    # Appointments go before: the number is not lost, and stays in every figure.
    floor = story.floor("09:30")
    assert grounds(floor, Register(), instant("09:30")).uncalled == {}
    story.tells("ticket.called", "09:31", ticket="A001", terminal="T1")
    assert told(story, "09:32") is None


def test_who_is_back_in_the_queue_has_been_passed_by_nobody_yet() -> None:
    story = passed_by_appointments(10)
    story.tells("ticket.no_show", "09:31", ticket="A001").tells("ticket.requeued", "09:32", ticket="A001")
    assert told(story, "09:40") is None


def test_the_place_in_the_order_of_calling_counts_whom_the_forecast_counts() -> None:
    story = a_day().opens("08:30").tells("queue.counted", "08:50", lane="issuance", waiting=2)
    story.issues("A001", "card_issuance", "09:00")
    story.tells("ticket.issued", "09:05", ticket="A002", service="card_issuance", appointment="09:10")
    story.tells("ticket.issued", "09:06", ticket="A003", service="card_issuance", appointment="11:00")
    story.issues("B001", "cert_renewal", "09:07")
    at = instant("09:20")
    floor = story.floor("09:20")
    # The appointment that is due, the two who were counted, then the walk-in; who is early has no place yet.
    assert calling_turns(floor, at, grounds(floor, Register(), at)) == {"A002": 1, "A001": 4, "B001": 1}
