"""A case of which an answer is asked may be gone by the time that the answer is pressed."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from floorctl.usecases.retraction import retract
from tests.screens.harness import console, joined, open_day
from tests.story import Story

DAY = open_day(officials=2)


def at_t6() -> Story:
    return Story(prefix="t").issues("B041", at="09:00").calls("B041", "T6", "09:01")


def case(matter: str = "proxy", number: str = "E-7", at: str = "09:02") -> Story:
    return Story(prefix="e").tells("escalation.raised", at, escalation=number, matter=matter, terminal="T6")


@pytest.mark.parametrize("gone", ["taken back", "its day is over"])
async def test_a_case_that_is_gone_while_its_box_is_open_is_said(tmp_path: Path, gone: str) -> None:
    async with console(tmp_path, joined(DAY, at_t6(), case()), at="09:05") as c:
        await c.press("tab", "enter")
        c.sees("E-7 代理人来庁時の対応", "3番窓口へ案内")
        if gone == "taken back":
            other = c.beside()
            raised = next(e for e in c.floor.entries if e.kind == "escalation.raised")
            retract(other, {"target": raised.fact.id, "target_source": raised.source, "reason": "入力の誤り"})
            other.close()
        else:
            await c.at("08:20", date(2026, 9, 15))
        await c.until(lambda: "E-7" not in c.floor.escalations, "the end of the case")
        await c.press("4")
        assert "E-7" in c.message and "escalation.settled" not in c.kinds()
