"""The advice on the board: its line, a to take it, x to leave it with a reason, 0 for why; a forecast before the arrow."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from tests.screens.harness import console
from tests.story import Story, a_day, instant


def swamped() -> Story:
    """Three terminals stand free for cards while thirty wait for certificates."""
    lanes = ["issuance"] * 3 + ["certificate"] * 5
    story = a_day().opens("08:25", **{f"T{n}": lane for n, lane in enumerate(lanes, 1)})
    for n in range(1, 9):
        story.staffs(f"T{n}", f"S{n}", "08:30")
    for n in range(35):
        story.issues(f"B{n + 1:03d}", "cert_renewal", instant("10:00") + timedelta(seconds=5 * n))  # type: ignore[arg-type]
    for n in range(4, 9):
        story.calls(f"B{n - 3:03d}", f"T{n}", "10:04")
    return story


async def test_the_advice_is_taken_by_a_key(tmp_path: Path) -> None:
    async with console(tmp_path, swamped().lines, at="10:06") as c:
        await c.until(lambda: c.state.forecasts.advice() is not None, "the advice")
        c.app.redraw()
        await c.settle()
        c.sees("提案", "T1 交付から電子証明書へ", "電子証明書の最大待ち", "適用", "見送り")
        await c.press("a")
        assert "advice.taken" in [kind for kind, _ in c.wrote()]
        assert c.told()[0].terminals["T1"].lane == "certificate"
        assert c.message.startswith("提案を適用 T1 を 電子証明書 へ移しました")
        await c.press("u")
        assert c.told()[0].terminals["T1"].lane == "issuance"


async def test_the_advice_is_left_with_a_reason_by_digit(tmp_path: Path) -> None:
    async with console(tmp_path, swamped().lines, at="10:06") as c:
        await c.until(lambda: c.state.forecasts.advice() is not None, "the advice")
        await c.press("x", "4")
        ((kind, fields),) = c.wrote()
        assert (kind, fields["reason"], fields["lane"]) == ("advice.declined", "予約に備える", "certificate")
        advice = c.state.forecasts.advice()
        assert advice is not None
        assert advice.keep
        await c.press("a")
        assert "このままで良い" in c.message
        assert len(c.wrote()) == 1


async def test_why_in_five(tmp_path: Path) -> None:
    async with console(tmp_path, swamped().lines, at="10:06") as c:
        await c.until(lambda: c.state.forecasts.advice() is not None, "the advice")
        await c.press("0")
        c.sees("来庁", "端末", "予約", "前提", "確かさ")
        await c.press("escape")
        assert c.wrote() == []


async def test_before_an_arrow_the_board_says_what_the_move_would_do(tmp_path: Path) -> None:
    async with console(tmp_path, swamped().lines, at="10:06") as c:
        await c.until(lambda: c.state.forecasts.advice() is not None, "the advice")
        await c.press("5")
        c.sees("予測", "T5 電子証明書から交付へ", "左矢印で移す")


async def test_forecasts_keep_their_pace_however_fast_facts_come(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Within the pace a ticket changes no forecast; what changes a terminal does at once."""
    async with console(tmp_path, swamped().lines, at="10:06") as c:
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
