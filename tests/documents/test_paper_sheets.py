"""The hall goes on by hand: what ``export --fallback`` prints, and an hour on paper entered afterwards (仕様書 12(13))."""

from __future__ import annotations

from pathlib import Path

from click.testing import CliRunner

from floorctl.cli.main import cli
from floorctl.commands.fold import fold
from floorctl.documents.day.paper_sheets_xlsx import LINES, fallback_xlsx
from floorctl.models.day.floor import Floor
from floorctl.models.facts.own_numbers import Numbers
from tests.printed_pages import prints_well
from tests.story import MONDAY, Desk, a_day, busy_day, entries_of, instant, kumagaya
from tests.xlsx import Xlsx


def busy() -> Floor:
    until = instant("10:40").isoformat()
    return fold(kumagaya(), MONDAY, entries_of(x for x in busy_day(5) if x["at"] < until))


def book(floor: Floor) -> Xlsx:
    found = Xlsx(fallback_xlsx(floor, Numbers(frozenset(floor.tickets))))
    prints_well(found)
    return found


def test_every_lane_and_list_has_its_sheet() -> None:
    assert list(book(busy()).xml) == [
        "待ちの状況",
        "番号札 交付",
        "番号札 電子証明書",
        "番号札 申請サポート",
        "番号札 登録支援",
        "件数",
        "配分変更",
        "市職員へ",
        "事案",
    ]


def test_the_plan_of_the_day_has_a_sheet_with_places_and_breaks() -> None:
    story = (
        a_day()
        .opens("08:30")
        .staffs("T1", "S01", "08:31")
        .tells("staff.changed", "08:32", staff="S03", status="absent")
    )
    story.tells("posts.planned", "08:33", starts="09:00", places=[{"staff": x, "place": "T1"} for x in ("S01",)])
    later = [{"staff": "S01", "place": "reception"}, {"staff": "S02", "place": "T1"}, {"staff": "S03", "place": None}]
    story.tells("posts.planned", "08:34", starts="13:00", places=later)
    story.tells("breaks.planned", "08:35", breaks=[{"staff": "S02", "start": "11:30", "minutes": 45}])
    assert words(story.floor(), "今日の計画")[3:] == [
        ["従事者", "いまの場所", "予定の場所", "休憩の計画", "入り", "戻り"],
        ["S01", "T1", "9:00 T1　13:00 受付案内"],
        ["S02", "-", "13:00 T1", "11:30 45分"],
    ]


def words(floor: Floor, sheet: str) -> list[list[str]]:
    return [[str(v) for v in row if v not in (None, "")] for row in book(floor).rows(sheet)]


def test_the_queue_stands_in_the_order_of_calling_with_its_waits() -> None:
    floor = busy()
    shown = words(floor, "待ちの状況")
    for lane in kumagaya().lanes:
        at = next(n for n, row in enumerate(shown) if row and row[0].startswith(f"{lane.title}　待ち"))
        rest = shown[at + 2 :]
        numbers = [row[1] for row in rest[: len(floor.lanes[lane.code].tickets)]]
        assert floor.last_fact_at is not None
        now = floor.last_fact_at
        expected = sorted(floor.lanes[lane.code].tickets.values(), key=lambda t: floor.turn(t, now))
        assert numbers == [t.number for t in expected]
    serving = [t for t in floor.terminals.values() if t.ticket]
    assert serving
    for t in serving:
        assert any(t.code in row and t.ticket in row for row in shown), t.code


def test_numbers_go_on_from_the_last_one() -> None:
    floor = a_day().opens("08:30").issues("B041").issues("B107").leaves("B107").floor()
    rows = words(floor, "番号札 電子証明書")
    printed = [row[0] for row in rows if row and row[0][:1] == "B" and row[0][1:].isdigit()]
    assert printed == ["B041", *(f"B{n}" for n in range(108, 108 + LINES - 1))], "who waits stands first"
    assert any("2 証明書発行　3 証明書更新" in row[0] for row in rows if row)
    assert any("1 完了　2 未了　3 3番窓口　4 不在　5 帰宅" in row[0] for row in rows if row)


def test_the_tally_is_the_grid_of_the_console() -> None:
    site = kumagaya()
    floor = a_day().opens("08:30").tells("work.counted", item="photo", count=4).floor()
    rows = words(floor, "件数")
    names = {w.name for w in site.work_items}
    assert [row[0] for row in rows if row and row[0] in names] == [
        w.name for lane in site.lanes for w in site.work_items if w.lane == lane.code
    ]
    assert ["写真撮影", "4"] in rows, "what was entered before the paper stands beside it"


def test_open_cases_stand_on_both_sheets() -> None:
    story = a_day().opens("08:30").issues("B001").calls("B001", "T3")
    floor = story.tells(
        "escalation.raised", "9:10", escalation="E-1", matter="proxy", terminal="T3", ticket="B001"
    ).floor()
    assert any("E-1" in row and "代理人来庁時の対応" in row for row in words(floor, "待ちの状況"))
    assert any(row[:4] == ["E-1", "4", "T3", "B001"] for row in words(floor, "市職員へ"))


def test_the_command_writes_one_file_and_nothing_else(tmp_path: Path) -> None:
    desk = Desk(tmp_path / "f.db", kumagaya()).opens()
    desk.does("ticket.issued", service="cert_renewal")
    command = ["--db", str(desk.path), "--now", "2026-09-14T10:00", "export", "--fallback", "--out"]
    written = []
    for name in ("a", "b"):
        assert CliRunner().invoke(cli, [*command, str(tmp_path / name)]).exit_code == 0
        (path,) = (p for p in (tmp_path / name).rglob("*") if p.is_file())
        assert path.relative_to(tmp_path / name).as_posix() == "2026-09-14/紙の運用票_2026-09-14.xlsx"
        written.append(path.read_bytes())
    assert written[0] == written[1]
    shown = [str(v) for row in Xlsx(written[0]).rows("番号札 電子証明書") for v in row]
    assert shown.index("B001") < shown.index("B002"), "who waits, then the next number"


# ---- an hour on paper, entered afterwards with the true times


def test_the_page_for_the_manager_is_there() -> None:
    text = (Path(__file__).parents[2] / "docs" / "fallback.md").read_text("utf-8")
    assert [words for words in ("--fallback", "後入力", "at=", "個人情報", "ingest") if words not in text] == []


def test_a_page_of_tickets_is_full_and_half_of_it_at_least_is_new() -> None:
    """However many wait: whole pages with their head, the last of them blank, to be copied."""
    for waiting in (0, 1, 14, 16, 29, 30, 31):
        story = a_day().opens("08:30")
        for n in range(waiting):
            story.issues(f"B{n + 1:03d}")
        rows = words(story.floor(), "番号札 電子証明書")
        numbers = [row[0] for row in rows if row and row[0][:1] == "B" and row[0][1:].isdigit()]
        assert len(numbers) % LINES == 0
        assert numbers == [f"B{n + 1:03d}" for n in range(len(numbers))]
        assert len(numbers) - waiting >= LINES // 2
        assert sum(row[0].startswith("電子証明書　") for row in rows if row) == len(numbers) // LINES + 1
