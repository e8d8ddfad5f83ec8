"""A fact is one line of words, also one whose code the site file has lost."""

from __future__ import annotations

from dataclasses import replace

from floorctl.commands.fold import fold
from floorctl.models.board.fact_sentence import line
from tests.story import MONDAY, a_day, kumagaya


def test_a_code_that_has_left_the_site_file_is_said_as_it_is() -> None:
    story = a_day().opens("08:30").issues("B001", at="09:00")
    story.tells("ticket.remarked", "09:01", "console", ticket="B001", remark="by_time", until="09:50")
    story.tells("ticket.remarked", "09:02", "console", ticket="B001", remark="companion")
    site = kumagaya()
    remarks = tuple(x for x in site.remarks if x.code != "by_time")
    floor = fold(replace(site, remarks=remarks), MONDAY, story.entries())
    said = [line(e, floor) for e in floor.entries if e.kind == "ticket.remarked"]
    assert said == ["印 by_time（会場設定にないコード）", "印 付添い"]
