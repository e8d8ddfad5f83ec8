"""Where the pages of a sheet end: tables of all lengths, long ones and short ones, on one page or on several."""

from __future__ import annotations

from datetime import date

import pytest

from floorctl.documents.layout.page_choice import CLOSEST, FEW, USED, WIDER, choose, faults, height, on_one_page
from floorctl.documents.layout.pages import Line
from floorctl.documents.layout.print_size import NARROWEST, Paper, in_pixels, whole_pixels
from floorctl.documents.layout.sheet import Book
from floorctl.documents.layout.template import Page
from tests.xlsx import Xlsx

ROOM = 800.0


def heading() -> list[Line]:
    return [Line(9, gap=True, keep=True, least=4.5), Line(15.75, keep=True, least=13.5, begins=True)]


def table(rows: int) -> list[Line]:
    """A heading, and a table that may be cut, as ``Sheet.grid`` keeps its rows."""
    head = Line(18, keep=True, least=14)
    body = [Line(15.75, keep=n in (0, rows - 2), heads=[head], least=13.5) for n in range(rows)]
    return [*heading(), head, *body]


@pytest.mark.parametrize("before", [0, 10, 30])
def test_no_length_of_a_table_leaves_its_tail_alone_on_a_page(before: int) -> None:
    for rows in range(2, 170):
        lines = [*table(before), *table(rows)] if before else table(rows)
        found, closer = choose(lines, ROOM)
        assert not faults(found, ROOM, closer).tails, rows
        assert all(height(page) <= ROOM or closer for page in found)
        assert [line.row for page in found for line in page] == list(range(1, sum(map(len, found)) + 1))
        printed = [line for page in found for line in page if line in lines]
        assert printed == [line for line in lines if line in printed]
        assert not [line for line in lines if line not in printed and not line.gap], "nothing but gaps is lost"


def test_rows_close_up_where_that_saves_a_page_and_only_there() -> None:
    fits, over = choose(table(46), ROOM), choose(table(52), ROOM)
    assert (len(fits.pages), fits.closer) == (1, 0.0)
    assert (len(over.pages), over.closer) == (1, 1.5)
    assert height(over.pages[0], over.closer) <= ROOM < height(over.pages[0], 0.75)


def test_a_page_ends_early_so_that_the_last_one_has_a_quarter() -> None:
    """Rows that keep their height (a form, a long text) cannot close up."""
    head = Line(18, keep=True)
    rows = [Line(40.0, heads=[head]) for _ in range(21)]
    found, closer = choose([head, *rows], ROOM)
    assert closer == 0.0
    assert [len(page) for page in found] == [17, 6]
    assert height(found[1]) / ROOM >= FEW


def test_the_first_page_is_used_if_rows_that_close_up_can_do_it() -> None:
    """A table with its chart is not cut: it goes to the next page whole, unless it fits."""
    whole = [Line(15.75, keep=True, least=13.5) for _ in range(25)]
    found, closer = choose([*table(26), *heading(), *whole, Line(20), *table(30)], ROOM)
    assert height(found[0], closer) / ROOM >= USED
    assert closer > 0


def test_a_chart_stays_with_its_table_if_rows_that_close_up_can_do_it() -> None:
    lines = [*table(34), Line(4, gap=True, keep=True), Line(260, drawing=True), *table(30)]
    found, closer = choose(lines, ROOM)
    assert (found[1][0].drawing, closer) == (False, 1.5)
    far, closer = choose([*table(40), Line(4, gap=True, keep=True), Line(260, drawing=True), *table(30)], ROOM)
    assert (far[1][0].drawing, closer) == (True, 0.0), "where they cannot, they stand as they were"


def test_one_page_has_room_to_write_in_and_none_is_given_where_it_is_too_little() -> None:
    rows = [Line(24.0, written=True) for _ in range(20)]
    one = on_one_page([Line(100), *rows], ROOM)
    assert one is not None and one.closer == 0
    assert ROOM - 20 < height(one.pages[0]) <= ROOM
    assert {line.height for line in rows} == {34.5}, "in whole pixels"
    few = [Line(24.0, written=True)]
    on_one_page(few, ROOM)
    assert few[0].height == 24.0 * WIDER // 0.75 * 0.75, "no higher than a hand needs"
    assert on_one_page([Line(24.0) for _ in range(40)], ROOM) is None


# ---- one print size


def test_sheets_of_any_widths_fill_the_paper_at_one_size() -> None:
    """To the pixel, so that every program works out the same scale for each sheet."""
    page = Page()
    upright, wide = Paper(page, landscape=False), Paper(page, landscape=True)
    for paper, widths in (
        (upright, [9.2] * 13),
        (upright, [7.8] * 13),
        (upright, [7.0, 3.5, 40.25]),
        (wide, [3.2] * 36),
    ):
        pixels = whole_pixels(paper.fitted(widths), paper.pixels(1.0))
        assert sum(pixels) == paper.pixels(1.0)
        assert paper.wide / (sum(pixels) * 0.75) == pytest.approx(page.print_size / page.size, abs=0.001)


def test_columns_are_not_squeezed_until_nothing_can_be_read() -> None:
    """A layout of very many columns keeps them nearly as wide as it says; then the whole workbook is smaller."""
    paper = Paper(Page(), landscape=False)
    many = [5.0] * 60
    assert in_pixels(paper.fitted(many)) == pytest.approx(NARROWEST * in_pixels(many))
    assert in_pixels(paper.fitted([5.0] * 10)) == pytest.approx(paper.pixels(1.0))


def test_rows_close_up_by_whole_pixels() -> None:
    assert [n * 0.75 for n in range(4)][-1] == CLOSEST
    assert Line(15.75, least=13.5).high(CLOSEST) == 13.5
    assert Line(15.75).high(CLOSEST) == 15.75


def test_the_size_on_the_screen_is_the_zoom_and_changes_no_page() -> None:
    """Rows and columns are measured for one size of type; another one would cut the text of every row off."""

    def sheet(page: Page) -> tuple[bytes, bytes]:
        book = Book(title="表", subject="", author="", made=date(2026, 9, 14), page=page)
        book.sheet("表", (10, 40), running_title="表", footer="表").line("本文")
        found = Xlsx(book.close())
        return found.parts["xl/worksheets/sheet1.xml"], found.parts["xl/styles.xml"]

    large, usual = sheet(Page(size=14.0)), sheet(Page())
    assert b'zoomScale="140"' in large[0] and b"zoomScale=" not in usual[0]
    assert large[1] == usual[1]
    assert large[0].partition(b"<cols>")[2] == usual[0].partition(b"<cols>")[2]
