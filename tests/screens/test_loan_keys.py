"""A loan on the board: a takes it as one act, u takes it back, x declines it; it is there before its terminal is free."""

from __future__ import annotations

from pathlib import Path

from tests.advice.test_loans import morning
from tests.screens.harness import console


async def test_a_lends_and_u_takes_it_back(tmp_path: Path) -> None:
    async with console(tmp_path, morning().lines, at="10:30") as c:
        await c.until(lambda: c.state.forecasts.loan() is not None, "the loan")
        c.sees("T1 を電子証明書の応援に")
        await c.press("a")
        ((kind, fields),) = c.wrote()
        assert (kind, fields["terminal"], fields["lane"]) == ("terminal.lent", "T1", "certificate")
        t = c.floor.terminals["T1"]
        assert (t.lane, t.home) == ("certificate", "issuance")
        await c.press("u")
        assert c.floor.terminals["T1"].home is None


async def test_x_declines_it_and_it_is_silent(tmp_path: Path) -> None:
    async with console(tmp_path, morning().lines, at="10:30") as c:
        await c.until(lambda: c.state.forecasts.loan() is not None, "the loan")
        await c.press("x", "1")
        fact = c.last().fact
        assert (c.last().kind, fact.fields()["about"], fact.fields()["terminal"]) == ("advice.declined", "lend", "T1")
        assert c.state.forecasts.loan() is None
        assert "応援に" not in "".join(c.rows()[-3:])


async def test_it_is_found_as_soon_as_the_hall_asks_for_it(tmp_path: Path) -> None:
    """Nobody waits for the next minute: the last one at the cards is done, and the line says what T1 can do now."""
    story = morning(free=False, served="10:16")
    async with console(tmp_path, story.lines, at="10:30") as c:
        c.state.settings.pace_s = 0
        await c.until(lambda: c.state.forecasts.loan() is not None, "the loan")
        c.sees("（この方のあと）")
        await c.at("10:30:20")
        more = type(story)(prefix="z").finishes("A002", "T2", "10:30:20")
        await c.hears(more)
        c.sees("T2 を電子証明書の応援に")
