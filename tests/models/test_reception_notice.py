"""What people are told of the reception: where it has ended, how many more can be taken, and what a stop proposes."""

from __future__ import annotations

from floorctl.models.board.flow import flows
from floorctl.models.board.foreseen import Foreseen
from floorctl.models.board.outlook import entrance_lines
from floorctl.models.board.reception_notice import notices, to_stop
from floorctl.models.board.status import status
from floorctl.models.facts.entry import Head
from floorctl.models.register.register import Register
from tests.story import MONDAY, a_day, instant, kumagaya

SITE = kumagaya()
CERT = tuple(s.code for s in SITE.services if s.lane == "certificate")
FEW = {"certificate": Foreseen(servable=8, short=6, may_give=12, stop_at=instant("16:10"))}


def test_a_stopped_service_and_a_stopped_lane_are_told_apart() -> None:
    story = a_day().opens("08:30").tells("reception.stopped", "15:00", service="cert_renewal", reason="満員")
    floor = story.floor("15:10")
    (told,) = notices(floor, {}, instant("15:10"))
    assert told.text_full == "証明書更新の受付は、本日 15:00 で終了しました。番号札をお持ちの方は、順にお呼びします。"
    for service in CERT:
        if service != "cert_renewal":
            story.tells("reception.stopped", "15:40", service=service, reason="満員")
    (told,) = notices(story.floor("15:50"), {}, instant("15:50"))
    assert (told.service, told.text_short) == ("", "電子証明書 15:40で終了")
    assert notices(story.floor("17:01"), {}, instant("17:01")) == (), "after the hours nobody is received anyway"


def test_the_entrance_hears_how_many_more_are_taken() -> None:
    floor, now = a_day().opens("08:30").floor("15:30"), instant("15:30")
    (told,) = notices(floor, FEW, now)
    assert told.text_full == "電子証明書の受付は、本日あと12人（16:10 まで）で終了する見込みです。"
    full, short, least = entrance_lines(floor, flows(floor, now), now, ahead=FEW)
    assert "電子証明書 待ちなし（あと12人まで）" in full
    assert "電子証明書 待ちなし（あと12人まで）" in short
    assert "電子証明書 待ちなし" in least and "まで" not in least, "a narrow screen keeps the waits"
    assert notices(floor, {"certificate": Foreseen(servable=8, may_give=12)}, now) == (), "all are served"


def test_a_stop_is_proposed_for_the_services_that_still_give_numbers() -> None:
    story = a_day().opens("08:30").tells("reception.stopped", "15:00", service="cert_renewal", decided_by="city")
    floor, now = story.floor("15:30"), instant("15:30")
    assert to_stop(floor, FEW, now) == [("certificate", tuple(x for x in CERT if x != "cert_renewal"))]
    assert to_stop(floor, {"certificate": Foreseen(servable=8)}, now) == []
    info = Register().calendar(SITE).day_info(MONDAY)
    document = status(floor, Register(), info, now, Head(1, ""), ahead=FEW)
    assert [(x["lane"], x["service"]) for x in document["notices"]] == [
        ("certificate", "cert_renewal"),
        ("certificate", None),
    ]
    assert document["notices"][1]["text"] == "電子証明書の受付は、本日あと12人（16:10 まで）で終了する見込みです。"
    said = {s["service"]: s for s in document["services"]}
    assert (said["cert_renewal"]["decided_by"], said["cert_renewal"]["may_give"]) == ("city", None)
    assert (said["cert_issue"]["may_give"], said["cert_issue"]["stop_at"]) == (12, instant("16:10").isoformat())
