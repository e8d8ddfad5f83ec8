"""シフト表 of a month and a week: marks, who is in charge, how many are there, the city's staff, what to look at (仕様書 10)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from floorctl.cli.main import cli
from floorctl.commands.fold import fold_register
from floorctl.documents.period.shift_table import ShiftTable, shift_table, to_check
from floorctl.documents.period.shift_tables import SHIFT_TABLES, shift_csv, shift_xlsx
from floorctl.models.register.register import Register
from tests.printed_pages import prints_well, setup_of
from tests.story import Desk, Story, kumagaya
from tests.xlsx import Xlsx

SITE = kumagaya()
ABLE = {"pledge_on": "2026-06-15", "authority_on": "2026-06-22", "vein_on": "2026-06-24"}
MON, TUE, SUN = date(2026, 9, 14), date(2026, 9, 15), date(2026, 9, 20)


def shift(staff: str, hours: str = "", code: str = "") -> dict[str, Any]:
    starts, _, ends = hours.partition("-")
    return {"staff": staff, "code": code, "starts": starts or None, "ends": ends or None}


def team() -> Register:
    """A manager, a deputy, one without authority, one by the roster alone; Monday and Tuesday are planned."""
    story = Story(source="console", prefix="r")
    story.tells("staff.registered", "07:00", staff="S00", role="site_manager", **ABLE)
    story.tells("staff.registered", "07:00", staff="S01", deputy=True, **ABLE)
    story.tells("staff.registered", "07:00", staff="S02", pledge_on="2026-06-15")
    story.tells("staff.registered", "07:00", staff="S03", shift_from="09:00", shift_to="16:00", **ABLE)
    early = "08:15-17:15"
    monday = [shift("S00", early, "早"), shift("S01", early, "早"), shift("S02", "08:15-12:00")]
    story.tells("shifts.planned", "07:01", date="2026-09-14", shifts=monday)
    tuesday = [shift("S00", code="休"), shift("S01", early, "早"), shift("S02", early, "早")]
    story.tells("shifts.planned", "07:02", date="2026-09-15", shifts=tuesday)
    story.tells("absence.planned", "07:03", staff="S02", date="2026-09-15")
    steps = [{"starts": "08:30", "present": 2}, {"starts": "12:00", "present": 1}]
    story.tells("officials.planned", "07:04", date="2026-09-14", steps=steps)
    return fold_register(story.entries())


def week(register: Register | None = None) -> ShiftTable:
    register = register or team()
    return shift_table(SITE, register, register.calendar(SITE), MON, SUN, key="W2026-09-14", as_of=MON)


def rows(table: ShiftTable, name: str, day: date) -> dict[str, object]:
    """The cells of one day, by the first column."""
    made = SHIFT_TABLES[name].make(table, SITE)
    return {str(r.get("staff", r.get("word"))): r[f"day.d{day:%m%d}"] for r in made.rows}


def test_each_day_has_the_mark_of_what_is_planned() -> None:
    table = week()
    assert rows(table, "shifts", MON) == {"S00": "早", "S01": "早", "S02": "ア", "S03": "・"}
    assert rows(table, "shifts", TUE) == {"S00": "休", "S01": "早", "S02": "欠", "S03": "・"}
    assert rows(table, "shifts", SUN) == {"S00": "", "S01": "", "S02": "", "S03": ""}
    assert table.letters == {"ア": ("08:15", "12:00")}


def test_a_mark_stands_for_one_pair_of_hours() -> None:
    story = Story(source="console", prefix="r")
    for staff in ("S01", "S02", "S03"):
        story.tells("staff.registered", "07:00", staff=staff)
    plan = [shift("S01", "08:30-17:30", "早"), shift("S02", "08:30-17:30", "早"), shift("S03", "08:30-16:00", "早")]
    story.tells("shifts.planned", "07:01", date="2026-09-14", shifts=plan)
    register = fold_register(story.entries())
    register.shifts[MON]["S02"] = register.shifts[MON]["S02"].replace(code="消")
    table = week(register)
    assert rows(table, "shifts", MON) == {"S01": "早", "S02": "消", "S03": "ア"}
    words = {str(v) for _, row in Xlsx(shift_xlsx(table, SITE)).cells("週間シフト表") for v in row.values()}
    assert "早 早番 8:30〜17:30　消 8:30〜17:30　ア 8:30〜16:00" in words, "a mark of an older site file has its hours"


def test_who_is_in_charge_and_how_many_are_there() -> None:
    table = week()
    assert rows(table, "charge", MON) == {"現場責任者": "S00", "代行者の人数": 1}
    assert rows(table, "charge", TUE) == {"現場責任者": "代", "代行者の人数": 1}
    assert rows(table, "charge", date(2026, 9, 16)) == {"現場責任者": "-", "代行者の人数": 0}
    hourly = rows(table, "hourly", MON)
    assert [hourly[f"{h}時台"] for h in (8, 9, 11, 12, 15, 16, 17)] == [3, 4, 4, 3, 3, 2, 2]
    assert rows(table, "hourly", SUN)["9時台"] == "", "a closed day has no number"
    halves = SHIFT_TABLES["halves"].make(table, SITE).rows
    assert [(r["word"], r["day.d0914"]) for r in halves] == [
        ("午前の最少", 3),
        ("うち端末", 2),
        ("午後の最少", 2),
        ("うち端末", 2),
    ]


def test_the_city_is_there_as_planned_and_unknown_elsewhere() -> None:
    assert rows(week(), "officials", MON) == {"市職員 8:30から": 2, "市職員 12:00から": 1}
    assert rows(week(), "officials", TUE) == {"市職員 8:30から": "-", "市職員 12:00から": "-"}
    assert not SHIFT_TABLES["officials"].make(replace(week(), officials={}), SITE).rows


def test_what_has_to_be_looked_at() -> None:
    said = list(to_check(week()))
    assert said == [
        "勤務表のない開場日が3日あります（名簿の勤務時間で示しました）。9/16、9/17、9/18",
        "現場責任者が休みで代行者が務める日が1日あります。9/15",
        "勤務の初日にそろっていないものがある従事者が1人います。S02（操作者権限・静脈登録）",
    ]


def test_the_workbooks_are_a4_on_their_side_and_the_same_bytes_again() -> None:
    register = team()
    month = shift_table(
        SITE, register, register.calendar(SITE), date(2026, 9, 1), date(2026, 9, 30), key="2026-09", as_of=MON
    )
    for table, sheet in ((month, "シフト表"), (week(), "週間シフト表")):
        data = shift_xlsx(table, SITE)
        assert data == shift_xlsx(table, SITE)
        book = Xlsx(data)
        prints_well(book)
        (xml,) = (x for name, x in book.parts.items() if name.endswith("worksheets/sheet1.xml"))
        assert b'orientation="landscape"' in xml
        words = {str(v) for _, row in book.cells(sheet) for v in row.values()}
        assert "ア 8:15〜12:00" in next(w for w in words if w.startswith("早 早番 8:15〜17:15"))
        assert not [w for w in words if w.startswith("=")]
    assert "早 8:15〜17:15" in words, "the week has the hours in its cells"


def test_the_csv_has_a_line_a_person_and_day() -> None:
    lines = shift_csv(week()).decode("utf-8-sig").split("\r\n")
    assert lines[0] == "staff,date,weekday,code,start,end,mark,source"
    assert "S00,2026-09-14,月,早,08:15,17:15,早,勤務表" in lines
    assert "S02,2026-09-15,火,,,,欠,欠勤の予定" in lines
    assert "S03,2026-09-14,月,,09:00,16:00,・,名簿" in lines


def test_a_person_who_is_missing_in_the_plan_of_a_day_and_a_day_without_anybody_in_charge() -> None:
    register = team()
    register.shifts[TUE] = {"S02": register.shifts[TUE]["S02"]}
    del register.absences[TUE]
    said = list(to_check(week(register)))
    assert "一部の人の勤務が勤務表にない開場日が1日あります（名簿の勤務時間か、空欄）。9/15" in said
    assert "現場責任者も代行者も来ない開場日が1日あります（仕様書 5(1)）。9/15" in said
    assert rows(week(register), "charge", TUE)["現場責任者"] == "無"
    assert rows(week(register), "charge", date(2026, 9, 16))["現場責任者"] == "-", "nobody's hours are known"


# ---- the commands


def written(folder: Path, *args: str) -> set[str]:
    result = CliRunner().invoke(cli, ["--db", str(folder / "f.db"), "--now", "2026-09-14T18:00", *args])
    assert result.exit_code == 0, result.output
    return {str(p.relative_to(folder / "out")) for p in (folder / "out").rglob("*") if p.is_file()}


@pytest.fixture
def office(tmp_path: Path) -> Path:
    desk = Desk(tmp_path / "f.db", SITE, at="08:00")
    desk.does("staff.registered", staff="S01", **ABLE)
    desk.does("shifts.planned", date="2026-09-15", shifts=[shift("S01", code="休")])
    desk.close()
    return tmp_path


def test_a_month_and_a_week_are_written(office: Path) -> None:
    out = ("--out", str(office / "out"))
    assert written(office, "roster", "shifts", "export", "--month", "2026-09", *out) == {
        "2026-09/シフト表_2026-09.xlsx",
        "2026-09/シフト表_2026-09.csv",
    }
    found = written(office, "roster", "shifts", "export", "--week", "2026-09-17", *out)
    assert found >= {"W2026-09-14/週間シフト表_2026-09-14.xlsx", "W2026-09-14/週間シフト表_2026-09-14.csv"}


def test_a_month_outside_the_contract_has_no_table(office: Path) -> None:
    command = ["--db", str(office / "f.db"), "roster", "shifts", "export", "--month", "2025-09", "--out", str(office)]
    assert "契約期間（2026-07-01 から 2028-06-30）の外です" in str(CliRunner().invoke(cli, command).exception)


@pytest.mark.parametrize(("month", "has"), [("2026-09", True), ("2026-08", False)])
def test_the_documents_of_a_month_have_its_shift_table_if_one_was_planned(office: Path, month: str, has: bool) -> None:
    found = written(office, "export", "--month", month, "--out", str(office / "out"))
    assert (f"{month}/シフト表_{month}.xlsx" in found) is has


@pytest.mark.parametrize("args", [(), ("--month", "2026-09", "--week", "2026-09-14")])
def test_one_of_both_must_be_named(office: Path, args: Iterable[str]) -> None:
    command = ["--db", str(office / "f.db"), "roster", "shifts", "export", *args]
    assert "どちらか一方" in str(CliRunner().invoke(cli, command).exception)


def test_a_large_team_is_printed_over_several_pages_that_can_be_read() -> None:
    """One page as long as the print is no smaller than four fifths; then more, and each says the days again."""
    sizes = {}
    for people in (8, 40):
        story = Story(source="console", prefix="r")
        for n in range(people):
            story.tells("staff.registered", "07:00", staff=f"S{n:02}", deputy=n == 1, **ABLE)
        shifts = [shift(f"S{n:02}", "08:15-17:15", "早") for n in range(people)]
        story.tells("shifts.planned", "07:01", date="2026-09-14", shifts=shifts)
        book = Xlsx(shift_xlsx(week(fold_register(story.entries())), SITE))
        prints_well(book)
        sizes[people] = (setup_of(book, "週間シフト表").scale, len(book.breaks("週間シフト表")))
        filled = {n: list(row.values()) for n, row in book.cells("週間シフト表")}
        assert all(filled[after + 1][0] == "符号" for after in book.breaks("週間シフト表")[:1])
    assert sizes[8][0] > 0.7 and sizes[8][1] == 0
    assert sizes[40] == (pytest.approx(0.86, abs=0.005), 2)
