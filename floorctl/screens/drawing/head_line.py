"""The head line of every screen. Light to import: it is painted before the file has been read."""

from __future__ import annotations

from rich.cells import cell_len

from floorctl.common.words import READ_ONLY_WORD, hm, hms, wareki
from floorctl.console.state import ConsoleState
from floorctl.console.state_parts import Notice
from floorctl.screens.drawing.canvas import Canvas, frame, wrap

# Below this no view can be read; every view draws itself from here on.
LEAST_WIDTH, LEAST_HEIGHT = 60, 20
_HALL_PAGE = "会場のページ"
_TOO_SMALL = "画面が小さすぎます。80x24以上に広げてください。記録は続いています。"


def draw_too_small(c: Canvas) -> None:
    """Draw the one sentence that a terminal of any size can show, over as many lines as it takes."""
    for y, line in enumerate(wrap(_TOO_SMALL, max(c.width, 2))[: c.height]):
        c.put(0, y, line, "warn")


def draw_head(c: Canvas, state: ConsoleState) -> None:
    """Draw the first line: place, date, what the day is, chairs, clock. It needs no facts but shows them once they are there."""
    now = state.day.now if state.ready else state.settings.clock()
    c.fill(0, 0, c.width, 1, "bar")
    name = state.site.name if state.site else "floorctl"
    end = c.put(0, 0, f" {name} ", "place")
    end = c.put(end + 1, 0, wareki(now.date()), "text")
    clock = f" {hms(now)} "
    right = c.right(c.width, 0, clock, "clock") - 1
    if state.read_only:
        right = c.right(right, 0, f" {READ_ONLY_WORD} ", "past") - 1
    if state.looking_back:
        right = c.right(right, 0, " 過去の表示 ", "past") - 1
    elif state.settings.banner:
        right = c.right(right, 0, f" {state.settings.banner} ", "past") - 1
    if state.ready:
        floor = state.day.floor
        over = floor.persons > floor.site.seats.capacity
        persons, capacity = state.day.persons_word(), floor.site.seats.capacity
        page = _HALL_PAGE if state.file.hall_page and not state.file.hall_page_trouble else ""
        kept = cell_len(page) + 2 if page else 0
        for text, room in ((f"会場 {persons}人／椅子 {capacity}脚", kept), (f"会場{persons}／{capacity}", 0)):
            if right - cell_len(text) - room > end + 2:
                right = c.right(right, 0, text, "bad" if over else "dim") - 2
                break
        holder = floor.holder()
        for text in (f"現場責任者 {state.day.who(holder)}", f"責任者 {state.day.who(holder)}") if holder else ():
            if right - cell_len(text) > end + 14:
                right = c.right(right, 0, text, "text") - 2
                break
        day = _day_word(state)
        # Where there is no room for both the page goes first: what the day is stands in the lines below, too.
        for text in (f"{day}  {page}", page, day) if page else (day,):
            if right - cell_len(text) >= end + 2:
                end = c.put(end + 2, 0, text, "dim")
                break
        # 仕様書 11: from two months before the end of the contract.
        ending = state.day.ending()
        banner = f"引継ぎ期間 {ending.countdown}"
        if ending.handing_over and right - cell_len(banner) > end + 2:
            c.put(end + 2, 0, banner, "warn")


_NOTICE_WIDTH = 76


def draw_notice(c: Canvas, notice: Notice) -> None:
    """Draw the words of a person of the rehearsal to the trainee: a box at the lower right, above the message line, in any view."""
    most = min(c.width - 4, _NOTICE_WIDTH)
    lines = [part for line in notice.lines for part in wrap(line, most - 4)][: c.height // 2 - 2]
    width = min(most, max(cell_len(notice.title) + 20, *(cell_len(line) + 4 for line in lines)))
    height = len(lines) + 2
    x, y = c.width - width - 1, c.height - 2 - height
    frame(c, x, y, width, height)
    end = c.put(x + 1, y, " 伝言 ", "warn_badge")
    c.put(end + 1, y, notice.title, "strong", width - (end - x) - 12)
    c.right(x + width - 2, y, "Esc 消す", "dim")
    for n, line in enumerate(lines, 1):
        c.put(x + 2, y + n, line, "text")


def _day_word(state: ConsoleState) -> str:
    floor = state.day.floor
    if floor.closed_at is not None:
        return f"閉場 {hm(floor.closed_at)}"
    if floor.opened_at is not None and not floor.preparing:
        from floorctl.models.board.reception_hours import receiving

        after = floor.day == state.day.now.date() and not receiving(floor, state.day.now) and state.day.now.hour >= 12
        return f"開場 {hm(floor.opened_at)}{'  残務' if after else ''}"
    return "開場前" if state.day.info.open else "休み"
