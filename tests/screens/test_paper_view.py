"""手受付 and 紙の入力: one key a service, one key a terminal; and an hour of paper typed as it is written."""

from __future__ import annotations

from pathlib import Path

from tests.bench.paper import hour_on_paper, keys_of
from tests.screens.harness import Console, console, open_day


async def test_every_terminal_and_service_has_a_key_that_stands_on_the_screen(tmp_path: Path) -> None:
    for size in ((80, 24), (120, 36), (160, 45)):
        async with console(tmp_path, open_day(), at="10:00", size=size, name=f"{size[0]}.db") as c:
            await c.press("j")
            for t in c.site.terminals:
                c.sees(f"{t.code} 空き")
            for key in "12345678asdfghjkzxcv":
                c.sees(f" {key} ")
            c.clean()


async def typed(c: Console, *lines: str) -> None:
    """Keys of lines; a blank line is only Enter."""
    for line in lines:
        await c.press(*line, "enter")


async def test_paper_is_typed_as_it_is_written(tmp_path: Path) -> None:
    """All times; only a mark; not finished; gone. The minutes go on over the hour; what is wrong is seen before."""
    async with console(tmp_path, open_day(), at="11:20") as c:
        await c.press("j", "p", "a")
        await c.type("10:00")
        await c.press("enter", "tab")  # the certificates' sheet
        await c.press(*"33020516")  # 業務 端末 受付 呼出し 終了: on to the next line by itself
        await typed(c, "35")  # done, no times
        await typed(c, "3355")  # 10:55, T3, not called: left open
        await c.press("up", "right", "right", "right", "backspace", "enter")
        await c.press(*"350001", "enter")  # 11:00, called at 11:01
        c.sees("10:02", "10:16", "終了（待ち不明）", "11:01", "応対中")
        await c.press("z")
        assert "紙から 4人 を記録しました（手書き）" in c.message
        floor, _ = c.told()
        t = floor.tickets
        assert [t[n].state for n in ("B001", "B002", "B003", "B004")] == ["finished", "finished", "finished", "serving"]
        assert f"{t['B004'].issued_at:%H:%M} {t['B004'].called_at:%H:%M}" == "11:00 11:01"
        assert floor.anomalies == {}
        await c.press("escape", "escape", "l")
        assert c.text().count("手書き") >= 8
        await c.press("u")
        assert c.told()[0].tickets == {}


async def test_counts_and_moves_are_typed_on_their_sheets(tmp_path: Path) -> None:
    async with console(tmp_path, open_day(), at="11:20") as c:
        await c.press("j", "p", "shift+tab", *"4215", "shift+tab", "right", "1", "2", "enter", "3", "enter", "z")
        assert "配分変更 1回  件数 15件" in c.message
        floor, _ = c.told()
        assert floor.terminals["T4"].lane == "certificate"
        items = [w.code for lane in c.site.lanes for w in c.site.work_items if w.lane == lane.code]
        assert {k: v for k, v in floor.work_done().items() if v} == {items[0]: 12, items[1]: 3}


async def test_a_key_pressed_twice_writes_the_paper_once(tmp_path: Path) -> None:
    async with console(tmp_path, open_day(), at="11:20") as c:
        await c.press("j", "p", "shift+tab", "shift+tab", "1", "2")
        await c.type("zz")  # the second before the first has been answered
        items = [w.code for lane in c.site.lanes for w in c.site.work_items if w.lane == lane.code]
        assert c.told()[0].work_done()[items[0]] == 12


async def test_every_sheet_is_drawn_at_every_size(tmp_path: Path) -> None:
    for size in ((80, 24), (120, 36), (160, 45)):
        async with console(tmp_path, open_day(), at="11:20", size=size, name=f"{size[0]}.db") as c:
            await c.press("j", "p")
            for _ in range(6):
                c.clean()
                await c.press("tab")


async def test_the_hour_of_the_bench_is_entered_as_it_happened(tmp_path: Path) -> None:
    """An hour of a surge day: every line of the paper, typed key by key, comes to the tickets and times of the feed."""
    before, paper = hour_on_paper()
    keys = keys_of(paper)
    async with console(tmp_path, before, at="11:45") as c:
        await c.press("j", "p", "a")
        await c.type("10:00")
        await c.press("enter", *keys)
        assert "記録しました（手書き）" in c.message, c.message
        floor, _ = c.told()
        for line in paper:
            t = floor.tickets[line.ticket]
            assert (t.service, t.terminal) == (line.service, line.terminal), line
            for at, said in ((t.issued_at, line.issued), (t.called_at, line.called), (t.ended_at, line.finished)):
                assert (at and f"{at:%H:%M}") == said, line
        assert floor.anomalies == {}
