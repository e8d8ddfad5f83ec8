"""Text leaves the console by the mouse and Ctrl+C, or by Ctrl+Y for the chosen row: whole characters, codes for surnames."""

from __future__ import annotations

import base64
import re
from pathlib import Path
from typing import Any

import pytest
from textual import events
from textual.geometry import Offset
from textual.widgets import Input

from floorctl.console.surname_marks import codes_for_marks, marks
from floorctl.screens.drawing.canvas import Canvas, Picture, scroll_bar
from floorctl.screens.drawing.palette import THEMES
from floorctl.screens.drawing.themes import style_of, variables
from tests.screens.harness import Console, console, joined, open_day
from tests.story import Story

PACKAGE = Path(__file__).parents[2] / "floorctl"
WORK = joined(
    open_day(),
    Story(prefix="t").issues("B041", at="09:00").calls("B041", "T6", "09:01").issues("B042", at="09:02"),
    Story(prefix="e").tells("escalation.raised", "09:03", escalation="E-7", matter="fee", terminal="T6"),
)
NAMES = {"S01": "玉井", "S02": "木村", "S06": "林"}


async def drag(c: Console, start: tuple[int, int], end: tuple[int, int]) -> None:
    """The left button down at a cell, up at another."""
    for kind, (x, y) in ((events.MouseDown, start), (events.MouseMove, end), (events.MouseUp, end)):
        c.app.post_message(kind(None, x, y, 0, 0, 1, False, False, False, x, y))
    await c.settle()


def place(c: Console, words: str) -> tuple[int, int]:
    """The cell where words stand on the screen."""
    canvas = c.frame.picture
    for y, row in enumerate(c.rows()):
        if words in row:
            return next(x for x in range(c.app.size.width) if canvas.offset_at(x, y).x == row.find(words)), y
    raise AssertionError(f"{words} is not on the screen\n{c.text()}")


# ---- the mouse


async def test_the_mouse_selects_whole_characters_and_ctrl_c_copies_them(tmp_path: Path) -> None:
    async with console(tmp_path, WORK, at="09:05") as c:
        await c.press("b")
        before = c.strips()
        x, y = place(c, "番号")
        for start, end in (((x, y), (x + 2, y)), ((x + 1, y), (x + 3, y)), ((x + 3, y), (x, y))):
            await drag(c, start, end)
            await c.press("ctrl+c")
            assert c.app.clipboard == "番号"
            assert c.message == "コピーしました: 番号"
        shown = [segment for segment in c.strips()[y] if segment.text == "番号"]
        assert len(shown) == 1 and shown[0].style == c.app.palette.style("selected", "selected")
        await c.press("escape", "b")
        assert not c.frame.selections
        assert c.strips()[y] == before[y]


async def test_a_selection_over_rows_is_text_by_rows(tmp_path: Path) -> None:
    async with console(tmp_path, WORK, at="09:05") as c:
        await c.press("b")
        rows = c.rows()
        (x, y), (to_x, to_y) = place(c, "B042"), place(c, "B041")
        assert to_y == y + 1
        await drag(c, (x, y), (to_x + 3, to_y))
        await c.press("ctrl+c")
        first = rows[y][rows[y].find("B042") :].rstrip()
        assert c.app.clipboard.splitlines() == [first, f"{rows[to_y].partition('B041')[0]}B041"]


async def test_a_drag_does_what_a_click_does_only_where_the_hand_trembles(tmp_path: Path) -> None:
    async with console(tmp_path, WORK, at="09:05") as c:
        x, y = place(c, "手数料の徴収決定")
        await drag(c, (x, y), (x + 6, y))
        assert c.state.pending.choice is None and c.frame.selections
        await drag(c, (x, y), (x + 1, y))
        assert c.state.pending.choice is not None and not c.frame.selections


async def test_without_a_selection_ctrl_c_says_how_to_leave(tmp_path: Path) -> None:
    async with console(tmp_path, WORK, at="09:05") as c:
        await c.press("ctrl+c")
        assert c.message == "終えるには Ctrl+Q" and c.app.clipboard == ""


async def test_a_window_that_changes_its_size_drops_the_selection(tmp_path: Path) -> None:
    async with console(tmp_path, WORK, at="09:05") as c:
        await drag(c, (0, 34), (20, 35))
        await c.pilot.resize_terminal(80, 24)
        await c.settle()
        assert not c.frame.selections
        await c.press("ctrl+c")
        c.clean()


# ---- the chosen row


ROWS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "terminal": (("6",), ("T6", "B041")),
    "case": (("tab",), ("T6", "手数料の徴収決定")),
    "journal": (("tab", "tab", "tab", "tab"), ("9:03", "T6")),
    "staff": (("tab", "tab", "tab"), ("S01", "T1")),
    "queue": (("b",), ("B042", "証明書更新")),
    "people": (("f4",), ("S01", "在席")),
    "duties": (("f8",), ()),
    "city": (("f3",), ("E-7", "T6", "未対応")),
}


@pytest.mark.parametrize("size", [(80, 24), (120, 36)], ids=str)
@pytest.mark.parametrize("case", ROWS)
async def test_ctrl_y_copies_the_chosen_row(tmp_path: Path, case: str, size: tuple[int, int]) -> None:
    keys, words = ROWS[case]
    async with console(tmp_path, WORK, at="09:05", size=size) as c:
        c.state.day.names = dict(NAMES)
        c.state.changed()
        await c.press(*keys)
        shown = c.rows()
        await c.press("ctrl+y")
        copied = c.app.clipboard
        assert copied and "\n" not in copied and ".." not in copied, copied
        for word in words:
            assert word in copied
        assert not any(name in copied for name in NAMES.values())
        assert c.message.startswith("コピーしました: ") and copied.split()[0] in c.message
        assert c.rows()[1 : size[1] - 2] == shown[1 : size[1] - 2], "the screen stays as it is"


async def test_where_nothing_is_chosen_it_says_so(tmp_path: Path) -> None:
    async with console(tmp_path, WORK, at="09:05") as c:
        await c.press("ctrl+y")
        assert c.message.startswith("コピーする行がありません") and c.app.clipboard == ""


async def test_the_past_is_copied_too(tmp_path: Path) -> None:
    async with console(tmp_path, WORK, at="09:05") as c:
        await c.press("b", "[", "ctrl+y")
        assert c.state.looking_back and "B042" in c.app.clipboard and c.kinds() == []


async def test_the_terminal_gets_osc_52(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with console(tmp_path, WORK, at="09:05") as c:
        written: list[str] = []
        assert c.app._driver is not None
        monkeypatch.setattr(c.app._driver, "write", written.append)
        await c.press("b", "ctrl+y")
        sent = next(text for text in written if text.startswith("\x1b]52;c;"))
        assert base64.b64decode(sent[7:-1]).decode() == c.app.clipboard


# ---- surnames


async def test_a_surname_is_copied_as_its_code(tmp_path: Path) -> None:
    async with console(tmp_path, WORK, at="09:05") as c:
        c.state.day.names = dict(NAMES)
        c.state.changed()
        await c.press("f4")
        c.sees("S01 玉井", "S06 林")
        await c.press("ctrl+y")
        assert c.app.clipboard.startswith("S01  ")
        x, y = place(c, "S01 玉井")
        await drag(c, (x, y), (x + 20, y + 5))
        await c.press("ctrl+c")
        copied = c.app.clipboard
        assert "S01" in copied and "S06" in copied and not any(name in copied for name in NAMES.values())
        assert c.state.day.names == NAMES
        c.sees("S01 玉井", "S06 林")


def test_a_mark_is_as_wide_as_its_surname_and_becomes_the_code_again() -> None:
    names = {"S01": "玉井", "S02": "Lee", "S10": "林", "S11": "勅使河原"}
    codes, marked = list(names), marks(names)
    for code, mark in marked.items():
        assert codes_for_marks(f"{code} {mark} 在席", codes) == f"{code} 在席"
        assert codes_for_marks(f"責任者 {mark}", codes) == f"責任者 {code}"
        assert codes_for_marks(f"{mark[:1]}..", codes) == f"{code}.."
        canvas = Canvas(20, 1)
        assert canvas.put(0, 0, mark) == canvas.put(0, 0, names[code])


# ---- the scroll bar


@pytest.mark.parametrize("theme", THEMES)
async def test_a_list_that_goes_on_has_a_scroll_bar(tmp_path: Path, theme: str) -> None:
    many = Story(prefix="m")
    for n in range(60):
        many.issues(f"B{n + 100}", at="09:00")
    async with console(tmp_path, joined(open_day(), many), at="09:05", theme=theme, size=(100, 30)) as c:
        await c.press("l")

        def bar() -> list[Any]:
            return [grounds(c, 99, y) for y in range(5, 26)]

        first = bar()
        assert len(set(map(str, first))) == 2, "the part that is seen, and the rest"
        await c.press("end")
        assert bar() != first and set(map(str, bar())) == set(map(str, first))


def grounds(c: Console, x: int, y: int) -> Any:
    style = c.strips()[y].crop(x, x + 1)._segments[0].style
    assert style is not None
    return style.bgcolor, bool(style.reverse)


@pytest.mark.parametrize(("rows", "total"), [(5, 6), (5, 50), (1, 9), (20, 21), (3, 10_000)])
def test_the_bar_reaches_both_ends(rows: int, total: int) -> None:
    for first, end in ((0, 0), (total - rows, rows - 1)):
        canvas = Canvas(2, rows)
        scroll_bar(canvas, 1, 0, rows, total, first)
        seen = [cells[1][1] for _, cells in canvas.rows()]
        assert seen[end] == "scroll_at" and set(seen) <= {"scroll", "scroll_at"}
        assert rows == 1 or "scroll" in seen


def test_a_list_that_is_seen_whole_has_none() -> None:
    for rows, total in ((5, 5), (5, 0), (0, 3)):
        canvas = Canvas(2, 5)
        scroll_bar(canvas, 1, 0, rows, total, 0)
        assert all(cells[1][1] == "screen" for _, cells in canvas.rows())


def test_offsets_count_characters() -> None:
    canvas = Canvas(8, 1)
    canvas.put(0, 0, "a番号b")
    picture = Picture(lambda c: None, lambda: None)  # type: ignore[arg-type, return-value]
    picture._rows = canvas.rows()
    assert [picture.offset_at(x, 0).x for x in range(6)] == [0, 1, 1, 2, 2, 3]
    assert picture.offset_at(3, 9) == Offset(0, 9)


async def test_what_was_copied_is_pasted_into_a_field_on_one_line(tmp_path: Path) -> None:
    async with console(tmp_path, WORK, at="09:05") as c:
        await drag(c, (0, 34), (20, 35))
        await c.press("ctrl+c", "m", "ctrl+v")
        assert c.app.screen.query_one(Input).value == " ".join(c.app.clipboard.split("\n")).strip()


# ---- roles as variables of the themes


@pytest.mark.parametrize("name", THEMES)
async def test_every_role_has_a_variable_in_every_theme(tmp_path: Path, name: str) -> None:
    own = variables(name)
    async with console(tmp_path, WORK, at="09:05", theme=name) as c:
        known = c.app.get_css_variables()
        for role, ink in THEMES[name].items():
            word = f"floor-{role.replace('_', '-')}"
            assert {word, f"{word}-ground"} & known.keys(), role
            if name != "mono":
                assert (own.get(word), own.get(f"{word}-ground")) == (ink.fg, ink.bg), role
            style = style_of(name, role)
            assert (style.bold, style.foreground and style.foreground.hex.lower()) == (ink.bold or None, ink.fg)
        assert own.items() <= known.items()
        assert {x for x in own if not x.startswith("floor-")} == set(), "a variable called text breaks Textual's own"
        used = set(re.findall(r"\$([\w-]+)", (PACKAGE / "floorctl.tcss").read_text(encoding="utf-8")))
        assert used <= known.keys()


def test_only_the_table_of_roles_names_colours() -> None:
    for path in (*PACKAGE.glob("*.tcss"), *(PACKAGE / "screens").rglob("*.py")):
        named = re.findall(r"#[0-9a-f]{6}\b", path.read_text(encoding="utf-8"))
        assert not named or path.name in ("palette.py", "themes.py"), (path, named)
