""". 暦: the coming days, an extra day and an outage asked step by step, a withdrawal; the board learns of it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from floorctl.common.typed import day_typed
from tests.screens.harness import Console, console, open_day
from tests.story import MONDAY

SUNDAY = date(2026, 9, 20)


async def answer(c: Console, *texts: str) -> None:
    for text in texts:
        if text:
            await c.type(text)
        await c.press("enter")


async def test_the_stock_is_counted_at_the_close_and_a_missing_card_is_an_incident(tmp_path: Path) -> None:
    async with console(tmp_path, open_day(), at="17:15") as c:
        other = c.beside()
        other.act(
            "cards.counted", {"received": 0, "issued": 0, "returned": 0, "left": 20, "at": c.clock().replace(day=11)}
        )
        other.close()
        await c.until(lambda: c.state.day.register.cards, "the count of Friday")
        await c.press("f9")
        await c.click_on("カード在庫の照合")
        await c.press("enter")
        c.sees("前回（9/11）の残 20枚", "今日の交付の記録 0枚")
        await answer(c, "5", "0", "0", "")
        assert c.kinds().count("cards.counted") == 1, "an empty field is no count"
        await answer(c, "24")
        c.sees("カード在庫の数が合いません", "1枚不足", "紛失")
        await c.press("2")
        await c.press("enter")
        kind, fields = c.wrote()[0]
        assert (kind, fields["category"]) == ("incident.opened", "personal_info")
        assert "残 24枚、計算上は 25枚（1枚不足）" in fields["summary"]
        c.sees("済 カード在庫の照合", "1枚不足")
        await c.press("z", "2")
        assert c.kinds()[-1] == "day.closed"


def test_dates_as_they_are_typed() -> None:
    today = MONDAY
    for text in ("9/20", "９／２０", "9月20日", "2026-09-20", "R8.9.20", "令和8年9月20日"):
        assert day_typed(text, today) == SUNDAY, text
    assert day_typed("9/1", today) == date(2027, 9, 1)
    assert day_typed("9/1", today, past=True) == date(2026, 9, 1)
    assert day_typed("9/14", today) == day_typed("9/14", today, past=True) == today
    assert [day_typed(x, today) for x in ("", "x", "13/1", "2/30", "20")] == [None] * 5
