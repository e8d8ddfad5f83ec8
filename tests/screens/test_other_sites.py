"""The whole console on sites with other lanes, terminals, hours and words: every key acts or says why, none fails."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from floorctl.intake.site_file import load_site
from floorctl.models.site.site import Site
from floorctl.rehearsal.simulated_feed import simulated_feed
from floorctl.screens.board.picture import draw_board
from floorctl.screens.drawing.canvas import Canvas
from tests.bench.big_halls import Size, feed, site_text
from tests.other_sites import DAY, KUMAGAYA_WORDS, OTHERS, lines, path_of, site_of
from tests.screens.harness import VIEW_KEYS, console
from tests.screens.test_every_action import leave, pressable, seen

MOMENTS = {"minami": "15:10", "mitsuba": "11:10", "hitotsu": "15:10"}


@pytest.mark.parametrize("name", ["minami", "mitsuba"])
async def test_every_key_on_another_site_acts_or_says_why(tmp_path: Path, name: str) -> None:
    site, at = site_of(name), MOMENTS[name]
    async with console(tmp_path, lines(name, at), at=at, day=DAY, site=site, size=(80, 24)) as c:
        serving = next(t.code for t in c.floor.terminals.values() if t.ticket)
        silent = []
        for action, key in pressable(others=False):
            await leave(c, serving)
            before = seen(c)
            await c.press(key)
            c.clean()
            if seen(c) == before and not c.message:
                silent.append((action.id, key))
        assert silent == []


@pytest.mark.parametrize("size", [(80, 24), (120, 36)])
@pytest.mark.parametrize("name", OTHERS)
async def test_no_screen_of_another_site_speaks_of_kumagaya(tmp_path: Path, name: str, size: tuple[int, int]) -> None:
    site, at = site_of(name), MOMENTS[name]
    async with console(tmp_path, lines(name, at), at=at, day=DAY, site=site, size=size) as c:
        shown = [c.text()]
        if len(site.terminals) < 8:
            c.sees(f" {site.terminal_digits}  端末 " if size[0] > 80 else site.terminal_digits)
        digit = {code: key for key, code in site.terminal_by_digit.items()}
        for terminal in site.terminals:
            await leave(c, "")
            await c.press(digit[terminal.code])
            shown.append(c.text())
        await leave(c, "")
        for key in VIEW_KEYS:
            await c.press(key)
            c.clean()
            shown.append(c.text())
            await c.press("f2")
        for words in KUMAGAYA_WORDS:
            assert not [text for text in shown if words in text], words
        if len(site.terminals) < 8:  # no key is named that chooses no terminal
            assert not [text for text in shown if re.search(r"\b1-8\b", text)]


LANE = """
[[lanes]]
code = "{code}"
name = "{name}"
title = "{name}窓口"
letter = "{letter}"

[[services]]
code = "s_{code}"
name = "{name}の用件"
short = "{name}"
lane = "{code}"
opens = 08:30:00
closes = 16:30:00
"""


def five_lanes(folder: Path) -> Site:
    """三葉町 with two lanes more; every terminal may serve any of the five."""
    text = path_of("mitsuba").read_text(encoding="utf-8")
    more = LANE.format(code="delta", name="ぬるを", letter="V") + LANE.format(code="eps", name="わかよ", letter="W")
    text = text.replace("[[services]]", f"{more}\n[[services]]", 1)
    for lanes in ('["alpha", "beta", "gamma"]', '["beta", "gamma"]'):
        text = text.replace(f"lanes = {lanes}", 'lanes = ["alpha", "beta", "gamma", "delta", "eps"]')
    (folder / "five.toml").write_text(text, encoding="utf-8")
    return load_site(folder / "five.toml")


@pytest.mark.parametrize("size", [(80, 24), (120, 36)])
async def test_five_lanes_are_all_on_the_board(tmp_path: Path, size: tuple[int, int]) -> None:
    site = five_lanes(tmp_path)
    told = [json.loads(line) for line in simulated_feed(site, DAY, 3, "normal").splitlines()]
    told = [line for line in told if line["at"] <= f"{DAY}T11:10:00+09:00"]
    async with console(tmp_path, told, at="11:10", day=DAY, site=site, size=size) as c:
        c.clean()
        c.sees(*(x.name for x in site.lanes))
        digit = {code: key for key, code in site.terminal_by_digit.items()}
        for terminal in site.terminals:
            await leave(c, "")
            await c.press(digit[terminal.code])
            c.clean()
            at = c.floor.terminals[terminal.code].lane
            c.sees(*(f"{site.lane_by_code[to].name}へ" for to in site.lanes_beside(terminal.code, at) if to))
            for key in ("left", "right"):
                await c.press(key)
                c.clean()


@pytest.mark.parametrize("name", [*OTHERS, "five"])
async def test_every_sheet_of_paper_takes_keys_on_another_site(tmp_path: Path, name: str) -> None:
    """Also where a site counts no work, where no terminal moves or a lane has no service: such a sheet is not there."""
    site = five_lanes(tmp_path) if name == "five" else site_of(name)
    at, told = ("11:10", lines("mitsuba", "11:10")) if name == "five" else (MOMENTS[name], lines(name, MOMENTS[name]))
    async with console(tmp_path, told, at=at, day=DAY, site=site, size=(80, 24)) as c:
        await c.press("j", "p")
        for _ in range(len(site.lanes) + 2):
            for key in ("1", "1", "right", "enter", "backspace", "up", "down", "left", "z", "x", "escape", "j", "p"):
                await c.press(key)
                c.clean()
            await c.press("tab")
        assert ("件数" in c.text()) == bool(site.work_items)
        assert ("配分変更" in c.text()) == bool(site.movable_lanes)


async def test_a_site_that_counts_no_work_has_no_tally(tmp_path: Path) -> None:
    async with console(tmp_path, lines("hitotsu", "15:10"), at="15:10", day=DAY, site=site_of("hitotsu")) as c:
        await c.press("k")
        assert "数える業務が会場設定にありません" in c.message
        await c.press("enter", "down")
        c.clean()


def test_a_ground_outside_the_canvas_changes_no_row() -> None:
    c = Canvas(10, 2)
    for x, width in ((-3, 5), (8, 5), (12, 3), (0, -5), (-9, 4)):
        c.fill(x, 0, width, 2, "panel")
    assert [len(row) for row in c._cells] == [10, 10]
    assert [cell[1] for cell in c._cells[0]] == ["panel"] * 2 + ["screen"] * 6 + ["panel"] * 2


def many_terminals(folder: Path) -> Site:
    """三葉町 with twenty terminals, each of which may serve all three lanes."""
    each = '[[terminals]]\ncode = "W{0}"\nname = "窓口{0}"\nlanes = ["alpha", "beta", "gamma"]\nlane = "{1}"\n\n'
    more = "".join(each.format(n, ("alpha", "beta", "gamma")[n % 3]) for n in range(7, 21))
    text = path_of("mitsuba").read_text(encoding="utf-8").replace("[[matters]]", f"{more}[[matters]]", 1)
    (folder / "many.toml").write_text(text, encoding="utf-8")
    return load_site(folder / "many.toml")


@pytest.mark.parametrize("size", [(80, 24), (120, 36), (160, 45)])
async def test_twenty_terminals_are_all_seen(tmp_path: Path, size: tuple[int, int]) -> None:
    """On the board, and at the reception by hand; there those for which no letter is left can be clicked."""
    site = many_terminals(tmp_path)
    async with console(tmp_path, lines("mitsuba", "11:10"), at="11:10", day=DAY, site=site, size=size) as c:
        for key in ("f2", "j"):
            await c.press(key)
            c.sees(*(t.code for t in site.terminals))
        c.sees("番号を出しました")
        await c.press("z")
        assert "W10" in c.message


async def test_the_largest_hall_leaves_the_foot_and_the_panels_their_rows(tmp_path: Path) -> None:
    """26 lanes and 99 terminals: every lane is on the board or counted, and the terminal that is chosen is seen."""
    size = Size(lanes=26, terminals=99, tickets=60)
    (tmp_path / "site.toml").write_text(site_text(size), encoding="utf-8")
    site = load_site(tmp_path / "site.toml")
    told = [line for line in feed(site, size, DAY) if line["at"] <= f"{DAY}T10:00:00+09:00"]
    async with console(tmp_path, told, at="10:00", day=DAY, site=site, size=(80, 24)) as c:
        names = [x.name for x in site.lanes if x.name != "電子証明書"]  # cut beside its terminals
        for width, height in ((80, 24), (120, 36), (160, 45), (80, 40)):
            canvas = Canvas(width, height)
            draw_board(canvas, c.state)
            rows = canvas.text().split("\n")
            shown = sum(f" {name} " in "\n".join(rows) for name in names)
            counted = re.search(r"ほか(\d+)窓口", canvas.text())
            assert shown + (int(counted[1]) if counted else 0) == len(names), (width, height)
            assert not "".join(rows[height - 1 :]).strip()
            tops = {m.partition(":")[2]: r.y for r, m in canvas.targets if m.startswith("panel:")}
            assert tops["cases"] < tops["staff"] < height - 3
        c.clean()
        c.sees("決定待ち 0件", "在席 99名", "F1  操作一覧")
        c.app.perform("choose")
        assert "T9 T10 T11 T12 T13 T14 T15 T16 ほか83台 は 上下の矢印で選びます" in c.message


async def test_a_chosen_terminal_is_seen_among_those_that_find_no_room(tmp_path: Path) -> None:
    site_file = tmp_path / "site.toml"
    site_file.write_text(site_text(Size(terminals=64)), encoding="utf-8")
    site = load_site(site_file)
    async with console(tmp_path, [], at="10:00", day=DAY, site=site, size=(80, 24)) as c:
        lane = c.floor.terminals_of("issuance")
        c.sees("ほか13台")
        assert lane[-1].code not in c.text()
        c.state.chosen.terminal = lane[-1].code
        canvas = Canvas(80, 24)
        draw_board(canvas, c.state)
        assert f"terminal:{lane[-1].code}" in [m for _, m in canvas.targets]
