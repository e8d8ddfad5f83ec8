"""The board of a hall whose machine tells little: what is not known is said, never shown as nobody or as free."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from tests.screens.harness import console, joined, open_day
from tests.story import Story, a_day, instant

WIDE = (120, 36)
DAY = open_day(at="09:00")


def calls_alone() -> Story:
    story = Story(prefix="c")
    for n in range(1, 5):
        at = f"09:{5 * n:02d}"
        story.tells("ticket.issued", at, ticket=f"B{n:03d}", service="cert_renewal", no_arrival=True)
        story.tells("ticket.called", at, ticket=f"B{n:03d}", terminal=None, ends="call")
    return story


async def test_calls_alone(tmp_path: Path) -> None:
    async with console(tmp_path, joined(DAY, calls_alone()), at="09:21", size=WIDE) as c:
        board = c.text()
        assert "完了 4人  発券 -" in board and "待ち人数の記録がなく、見込みを出せません" in board
        assert "待ち人数の記録なし 電子証明書" in board and "B004      呼出し B004 端末不明" in board
        assert board.count("不明") >= 5, "the terminals of the lane are not called free"
        await c.press("j")
        assert "呼びました（端末不明）" in c.text() and "None" not in c.text()
        await c.press("escape", "b")
        assert "None" not in c.text()


async def test_heads_alone(tmp_path: Path) -> None:
    story, at = a_day(source="kiosk"), instant("08:40")
    while at <= instant("09:20"):
        for lane in ("issuance", "certificate", "application", "registration"):
            story.counts(lane, 4 if lane == "issuance" else 0, at=at.strftime("%H:%M:%S"))
        at += timedelta(seconds=30)
    async with console(tmp_path, story, at="09:21", size=WIDE) as c:
        board = c.text()
        assert "完了 -  発券 -" in board and "来庁 -  完了 -" in board and "来庁 0人" not in board
        assert "待ち人数だけの記録" in board and "待ち人数の記録だけです（l 一覧）" in board
        assert "30分後" not in board, "of who comes nothing is known"
        await c.press("f7")
        assert "待ち人数だけの記録です（受付・完了・待ち時間は記録がありません）" in c.text()
