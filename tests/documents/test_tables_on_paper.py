"""Tables as they stand on paper: heads, rows of long texts, tables without rows or with few, charts and their words."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from floorctl.documents.day.paper_sheets_xlsx import fallback_xlsx
from floorctl.documents.layout import template
from floorctl.documents.layout.cell_styles import CHART_PT
from floorctl.documents.layout.charts import Series, chart_in_words
from floorctl.documents.layout.columns import placed_columns, side_by_side
from floorctl.documents.layout.grids import Grid
from floorctl.documents.layout.pages import Line, Mark, Slot
from floorctl.documents.layout.sheet import Book, Sheet
from floorctl.documents.layout.sheet_names import LONGEST, sheet_name
from floorctl.intake.site_file import load_site
from floorctl.models.facts.own_numbers import Numbers
from tests.bench.big_halls import Size, as_bytes, feed, site_text
from tests.contract.contract_cli import run
from tests.documents.test_day_workbook import book_of, rich_day
from tests.printed_pages import DRAWN, anchors, pages_of, prints_well, setup_of
from tests.story import a_day
from tests.xlsx import NS, Xlsx


def sheet_of(widths: tuple[float, ...]) -> tuple[Book, Sheet]:
    book = Book(title="表", subject="", author="", made=date(2026, 9, 14))
    return book, book.sheet("表", widths, running_title="表", footer="表")


def printed(book: Book, sheet: Sheet) -> Xlsx:
    sheet.finish()
    found = Xlsx(book.close())
    prints_well(found)
    return found


def test_a_group_wider_than_its_columns_is_broken_like_a_heading() -> None:
    slots = [
        Slot(0, 0, "曜日", "word"),
        Slot(1, 1, "数", "number", "平均待ち時間（分）"),
        Slot(2, 3, "幅", "word", "組"),
    ]
    group, heading = Grid([8.0] * 4).heads(slots)
    assert [m.value for m in group.marks] == [None, "平均待ち\n時間\n（分）", "組", None]
    assert group.height > 3 * 12.6 > heading.height
    over_two = Grid([6.0] * 2).heads([Slot(0, 1, "数", "number", "平均待ち時間（分）")])
    assert [line.marks[0].value for line in over_two] == ["平均待ち時間", "（分）", "数"]
    assert [line.marks[0].more["bottom"] for line in over_two] == [0, 1, 1], "one frame around both lines"


def test_a_table_without_rows_says_so_over_all_its_columns() -> None:
    book, sheet = sheet_of((4, 10, 40))
    sheet.title("表")
    sheet.table(("順", "番号", "業務"), [], ("number", "word", "text"))
    assert list(printed(book, sheet).rows("表"))[-1] == ["該当なし"]


def test_a_row_of_a_long_text_is_cut_by_a_page_and_its_frame_is_closed() -> None:
    book, sheet = sheet_of((10, 20, 20))
    sheet.title("表")
    slots = [Slot(0, 0, "番号", "word"), Slot(1, 2, "内容", "text")]
    sheet.grid(slots, [[f"I-{n}", "文" * 900] for n in range(6)])
    found = printed(book, sheet)
    pages = list(pages_of(found, "表"))
    assert all(page.filled > 0.85 for page in pages[:-1])
    assert [row for n, row in found.cells("表") if n == pages[1].rows[0]] == [{"A": "番号", "B": "内容"}]
    edges = borders(found, "表")
    for page in pages[:-1]:
        assert edges[page.rows[-1]]["bottom"] == {"thin"}


def borders(book: Xlsx, sheet: str) -> dict[int, dict[str, set[str]]]:
    """The lines above and below the cells of each row."""
    styles = book.styles
    frames = list(styles.iterfind("m:borders/m:border", NS))
    by_style = [frames[int(str(xf.get("borderId")))] for xf in styles.iterfind("m:cellXfs/m:xf", NS)]
    return {
        int(str(row.get("r"))): {
            side: {
                str(edge.get("style"))
                for c in row.iterfind("m:c", NS)
                if (edge := by_style[int(str(c.get("s")))].find(f"m:{side}", NS)) is not None
            }
            for side in ("top", "bottom")
        }
        for row in book.xml[sheet].iterfind("m:sheetData/m:row", NS)
    }


def test_few_rows_take_the_whole_width() -> None:
    slots = [Slot(0, 1, "内容", "text"), Slot(2, 2, "件数", "number")]
    three, rows = side_by_side(slots, [["a", 1], ["b", 2], ["c", 3]], 3, 13)
    assert [(s.first, s.last) for s in three] == [(0, 2), (3, 3), (4, 6), (7, 7), (8, 10), (11, 11)]
    assert rows == [["a", 1, "b", 2, "c", 3]]
    one, rows = side_by_side(slots, [["a", 1]], 3, 13)
    assert [(s.first, s.last) for s in one] == [(0, 11), (12, 12)]
    assert rows == [["a", 1]]


def test_a_long_text_is_no_narrow_column() -> None:
    day = rich_day().add("12:30", "staff.changed", staff="S02", status="late", reason="電車の遅れ。" * 60)
    book = book_of(day)
    prints_well(book)
    text = max((str(v) for row in book.under("経過記録", "出退勤・休憩の経過") for v in row), key=len)
    assert len(text) > 25


@pytest.mark.parametrize(
    ("style", "values", "said"),
    [
        ("decimal", (6.862745098039215, 0.25), "最大6.9（9時台）、最小0.3"),
        ("percent", (0.9345, 0.5), "最大93.5%（9時台）、最小50.0%"),
        ("number", (1234, 0), "最大1,234（9時台）、最小0"),
    ],
)
def test_a_chart_is_said_in_the_figures_of_its_table(style: str, values: tuple[float, float], said: str) -> None:
    rows = [
        Line(15, [Mark(0, name, "word"), Mark(1, value, style), Mark(2, None, style)])
        for name, value in zip(("9時台", "10時台"), values, strict=True)
    ]
    words = chart_in_words("時間帯別", rows, 0, [Series('交付"<b>', 1), Series("登録", 2)], [])
    assert words == f'時間帯別（棒グラフ）。横軸は9時台から10時台まで。交付"<b>は{said}。登録は値なし。'


def test_a_table_of_many_lanes_is_several_below_each_other() -> None:
    def column(key: str, span: int = 1, group: str = "") -> template.Column:
        return template.Column(key=key, heading="{name}" if key.endswith("*") else key, span=span, group=group)

    columns = (column("hour", 0), column("issued.*"), column("issued"), column("wait.*"))
    section = template.Section(table="hours", columns=columns)

    def parts(lanes: int, width: int = 13) -> list[list[str]]:
        found = placed_columns(section, {f"l{n}": f"窓口{n}" for n in range(lanes)}, [], width)
        assert len(found) == 1 or all(part[-1].slot.last + 1 == width for part in found), "no sheet becomes wider"
        return [[p.key for p in part] for part in found]

    assert len(parts(7)) == 1, "16 columns of 13 are printed a little smaller"
    many = parts(12)
    assert [(part[0], len(part)) for part in many] == [("hour", 2), ("hour", 13), ("hour", 13)]
    assert many[0] == ["hour", "issued"] and many[1][1:] == [f"issued.l{n}" for n in range(12)]
    assert [len(part) for part in parts(26)] == [2, 10, 10, 9, 10, 10, 9], "as even as they can be"
    assert len(parts(12, width=2)) == 1, "a sheet of few columns becomes wider"


def test_a_day_of_twelve_lanes_is_printed_as_large_as_one_of_four(tmp_path: Path) -> None:
    size = Size(lanes=12, terminals=64, tickets=60)
    site = tmp_path / "site.toml"
    site.write_text(site_text(size), encoding="utf-8")
    told = b"\n".join(as_bytes(feed(load_site(site), size, date(2026, 9, 14)))) + b"\n"
    at = {"db": tmp_path / "floor.db", "now": "2026-09-14T17:30"}
    assert run("ingest", "-", "--site", site, stdin=told, **at).status == 0
    assert run("close", "--site", site, "--out", tmp_path, **at).status == 0
    book = Xlsx((tmp_path / "2026-09-14" / "日次報告書_2026-09-14.xlsx").read_bytes())
    prints_well(book)
    assert {sheet: setup_of(book, sheet).scale > 0.8 for sheet in book.xml} == dict.fromkeys(book.xml, True)


def test_a_chart_beside_a_short_table_is_high_enough_to_be_read() -> None:
    book = book_of(rich_day())
    (chart,) = anchors(book, "交付件数")
    heights = dict(book.heights("交付件数"))
    first, last = (int(chart.findtext(f"x:{end}/x:row", "", DRAWN)) + 1 for end in ("from", "to"))
    assert sum(heights[n] for n in range(first, last + 1)) >= CHART_PT


def test_a_long_plan_of_a_person_is_written_in_several_lines() -> None:
    story = a_day().opens("08:30")
    for hour in range(9, 17):
        places = [{"staff": f"S0{n}", "place": ("reception", "T1", "T2")[(hour + n) % 3]} for n in range(3)]
        story.tells("posts.planned", "08:34", starts=f"{hour:02}:00", places=places)
    book = Xlsx(fallback_xlsx(story.floor(), Numbers(frozenset())))
    prints_well(book)
    assert min(high for n, high in book.heights("今日の計画") if n > 5) > 3 * 12.6


def test_any_name_of_a_lane_makes_the_name_of_a_sheet() -> None:
    assert sheet_name("番号札 交付", ["待ちの状況"]) == "番号札 交付"
    assert sheet_name("番号札 交付/更新 [1]", []) == "番号札 交付／更新 ［1］"
    long = "番号札 " + "電子証明書の発行" * 5
    first = sheet_name(long, [])
    assert first == long[:LONGEST]
    assert sheet_name(long, [first]) == f"{long[:29]} 2"
    assert sheet_name("ABC", ["abc"]) == "ABC 2"
