"""Keys that number something, beside the largest numbers of others."""

from __future__ import annotations

from pathlib import Path

from tests.screens.harness import console, joined
from tests.story import a_day


async def test_the_consoles_keys_find_numbers_too(tmp_path: Path) -> None:
    others = joined(
        a_day(prefix="o").opens("08:30"),
        a_day(prefix="g").tells("escalation.raised", "08:40", escalation="E-999999", matter="fee"),
        *(a_day(prefix=f"t{n}").issues(ticket, at="08:41") for n, ticket in enumerate(("B999999", "B999", "B1000"))),
    )
    async with console(tmp_path, others, at="09:00") as c:
        await c.press("3", "e", "3")
        assert "E-1" in c.floor.escalations
        await c.press("f2", "j", "3", "3", "escape")
        assert {"B001", "B002"} <= c.floor.tickets.keys()
        await c.press("i", "3")
        await c.type("雨漏り")
        await c.press("enter")
        assert c.wrote()[0][1].get("incident") == "I-1"
