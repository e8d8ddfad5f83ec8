"""The advice on the board: its line, a to take it, x to leave it with a reason, 0 for why; a forecast before the arrow."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.halls import opened, queue, short_of_terminals
from tests.screens.halls import swamped
from tests.screens.harness import console
from tests.screens.steps import told
from tests.story import Story


async def test_forecasts_keep_their_pace_however_fast_facts_come(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Within the pace a ticket changes no forecast; what changes a terminal does at once."""
    async with console(tmp_path, swamped(), at="10:06") as c:
        await c.until(lambda: c.state.forecasts.advice() is not None, "the advice")
        forecaster = c.state.forecasts.forecaster
        made: list[object] = []
        assert forecaster is not None
        waits = forecaster.waits
        monkeypatch.setattr(forecaster, "waits", lambda *given: (made.append(given), waits(*given))[1])
        c.state.changed()
        c.state.forecasts.waits()
        c.state.settings.pace_s = 3600
        before = len(made)
        await c.press("t", "2")
        assert c.last().kind == "ticket.issued" and len(made) == before
        await c.press("4", "s")
        assert c.last().kind == "terminal.paused" and len(made) > before
        before = len(made)
        await c.hears(Story(prefix="z").tells("lending.permitted", "10:06", terminals=["T2"]))
        assert c.floor.lend_permit == {"T2"} and len(made) > before, "it changes what is offered and done"


async def test_the_reasons_are_whole_on_a_small_screen_and_count_who_waits_as_the_board_does(tmp_path: Path) -> None:
    """Of an outage, too: nobody is called, but all of them wait."""
    hall = queue(opened(), "B", 16, "10:00").lines
    async with console(tmp_path, hall, at="10:10", size=(80, 24)) as c:
        await told(
            c, "incident.opened", category="system_outage", summary="障害", services=["cert_renewal", "cert_issue"]
        )
        await c.press("0")
        said = "".join(row.strip() for row in c.rows())
        assert "待ち16人" in said
        assert "人は最後まで" in said


async def test_a_small_screen_names_the_key_of_the_other_proposals(tmp_path: Path) -> None:
    async with console(tmp_path, short_of_terminals().lines, at="10:55", size=(80, 24)) as c:
        row = next(row for row in c.rows() if "提案+" in row)
        assert " F6 " in row and " x " in row


async def test_what_the_message_says_of_a_chosen_terminal_goes_with_the_next_fact(tmp_path: Path) -> None:
    async with console(tmp_path, swamped(), at="10:06") as c:
        await c.press("4")
        c.sees("次の番号")
        await c.hears(Story(prefix="z").issues("B950", at="10:06"))
        assert "次の番号" not in c.text()
