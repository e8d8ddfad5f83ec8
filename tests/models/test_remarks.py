"""Remarks on a number: their words, and the alert before the time of one runs out."""

from __future__ import annotations

from datetime import timedelta

import pytest

from floorctl.models.board.foreseen import Foreseen
from floorctl.models.board.remark_alerts import remark_alerts
from floorctl.models.board.remarks import marks_of, remark_words
from tests.story import Desk, Story, a_day, instant


def timed() -> Story:
    story = a_day().opens("08:30").tells("ticket.issued", "09:00", ticket="B001", service="cert_renewal", assist=True)
    story.tells("ticket.remarked", "09:01", "console", ticket="B001", remark="companion")
    return story.tells("ticket.remarked", "09:02", "console", ticket="B001", remark="by_time", until="10:00")


def test_what_the_machine_and_the_manager_tell_stand_together() -> None:
    story = timed()
    t = story.floor().tickets["B001"]
    assert remark_words(story.floor().site, t) == ["要配慮", "付添い", "10:00まで"]
    story.tells("ticket.remarked", "09:03", "console", ticket="B001", remark="companion", removed=True)
    assert remark_words(story.floor().site, story.floor().tickets["B001"]) == ["要配慮", "10:00まで"]
    assert marks_of(story.floor()) == {"時間指定": 1}


@pytest.mark.parametrize(
    ("now", "wait", "text"),
    [
        ("09:20", 35, None),
        ("09:20", 45, "B001 10:00まで 呼出しは 10:05 までかかる見込み"),
        ("09:20", None, "B001 10:00まで 閉庁までに呼べない見込み"),
        ("10:01", 1, "B001 10:00まで 過ぎています"),
    ],
)
def test_a_time_is_told_once_the_call_may_be_later(now: str, wait: int | None, text: str | None) -> None:
    call = None if wait is None else instant(now) + timedelta(minutes=wait)
    ahead = {"certificate": Foreseen(calls={"B001": call})}
    assert next((a.text for a in remark_alerts(timed().floor(now), ahead, instant(now))), None) == text


def test_without_a_forecast_a_time_is_told_a_quarter_of_an_hour_before() -> None:
    told = {at: [a.text for a in remark_alerts(timed().floor(at), {}, instant(at))] for at in ("09:44", "09:45")}
    assert told == {"09:44": [], "09:45": ["B001 10:00まで まだ呼ばれていません"]}


def test_a_remark_with_a_time_needs_one(desk: Desk) -> None:
    desk.opens().at("09:00").does("ticket.issued", ticket="B001", service="cert_renewal")
    desk.refused(lambda: desk.does("ticket.remarked", ticket="B001", remark="by_time"), "何時まで")
    desk.refused(lambda: desk.does("ticket.remarked", ticket="B001", remark="companion", until="10:00"), "時刻のない印")
    desk.refused(
        lambda: desk.does("ticket.remarked", ticket="B001", remark="companion", removed=True), "付いていません"
    )
    desk.refuses("ticket.remarked", "9:00 は過ぎています", ticket="B001", remark="by_time", until="09:00")
    desk.does("ticket.issued", ticket="B002", service="cert_renewal", assist=True)
    assert desk.does("ticket.remarked", ticket="B002", remark="assist") == [], "the machine has told it"
    desk.refuses("ticket.remarked", "発券機が付けた", ticket="B002", remark="assist", removed=True)
    desk.does("ticket.remarked", ticket="B001", remark="companion")
    assert desk.does("ticket.remarked", ticket="B001", remark="companion") == []
