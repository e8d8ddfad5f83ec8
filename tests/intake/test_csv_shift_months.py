"""Months of shifts as contractors really write them: halves, legends, marks, the city's lines, hours below the signs."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, time
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from floorctl.cli.main import cli
from floorctl.common.errors import Refused
from floorctl.common.words import WEEKDAYS
from floorctl.intake.csv_officials import read_city_hours
from floorctl.intake.csv_shift_table import ShiftTable
from floorctl.intake.csv_shifts import read_shifts
from floorctl.models.site.hall import ShiftCode
from tests.story import Desk, kumagaya

EARLY = ShiftCode(code="早", name="早番", starts=time(8, 15), ends=time(17, 15), break_minutes=60)
LATE = ShiftCode(code="遅", name="遅番", starts=time(8, 45), ends=time(17, 45), break_minutes=60)
OFF = ShiftCode(code="休", name="休み", off=True)
SLASH = ShiftCode(code="/", name="休み", off=True)
SITE = replace(kumagaya(), shift_codes=(EARLY, LATE, OFF, SLASH))


def read(*lines: str) -> ShiftTable:
    return read_shifts("\r\n".join(lines).encode("cp932"), SITE)


def told(table: ShiftTable) -> dict[str, list[str]]:
    """Day with abbreviation and hours of each shift, by person."""
    found: dict[str, list[str]] = {}
    for x in table.lines:
        f = x.fields
        hours = f"{f['starts']}-{f['ends']}" if f["starts"] else ""
        found.setdefault(f["staff"], []).append(f"{x.day.month}/{x.day.day} {f['code']}{hours}")
    return found


def refused(*lines: str) -> str:
    with pytest.raises(Refused) as e:
        read(*lines)
    return e.value.sentence


def weekday(day: int) -> str:
    return WEEKDAYS[date(2026, 9, day).weekday()]


def test_a_whole_month_as_excel_saves_it() -> None:
    """A merged title, a heading of two lines, full width, sums on the right and below, the city, a legend, a remark."""
    days = range(1, 31)
    head = ",".join(map(str, days))
    weekdays = ",".join(map(weekday, days))
    early = ",".join("／" if weekday(d) in "土日" else "早" for d in days)
    late = ",".join("休" if weekday(d) == "日" else "８：１５～１２：００" if d == 9 else "遅" for d in days)
    table = read(
        "令和８年９月　勤務シフト表" + "," * 34,
        "," * 34,
        "作成日,令和8年8月20日,,会社名,〇〇株式会社" + "," * 30,
        f"No.,社員番号,氏名,{head},出勤,休み",
        f",,,{weekdays},日数,日数",
        f"1,Ｓ０１,田島,{early},22,8",
        f"2,S02,佐藤,{late},26,4",
        "," * 34,
        "早番,,," + ",".join("1" for _ in days) + ",,",
        "計,,," + ",".join("2" for _ in days) + ",,",
        "市職員,,," + ",".join("2名" for _ in days) + ",,",
        "市職員（12:00から）,,," + ",".join("1" for _ in days) + ",,",
        "【凡例】早：8:15～17:15　遅：8:45～17:45　／：休み" + "," * 34,
        "備考：9/21は祝日です" + "," * 34,
    )
    assert {k: len(v) for k, v in told(table).items()} == {"S01": 30, "S02": 30}
    assert told(table)["S01"][3:5] == ["9/4 早08:15-17:15", "9/5 /"]
    assert told(table)["S02"][8] == "9/9 08:15-12:00"
    assert (table.left_out, table.blank, table.legend) == ({"合計・小計": 2, "表の外": 2}, 0, ())
    assert table.officials[date(2026, 9, 14)] == (
        {"starts": "08:30", "present": 2},
        {"starts": "12:00", "present": 1},
    )


def test_the_halves_of_a_month_one_below_the_other() -> None:
    table = read(
        "2026年9月度 シフト,,",
        "コード,氏名,14,15",
        ",,(月),(火)",
        "S01,田島,早,遅",
        "S02,佐藤,休,早",
        ",,,",
        "コード,氏名,16,17",
        ",,(水),(木)",
        "S01,田島,遅,休",
        "S02,佐藤,早,早",
    )
    assert told(table) == {
        "S01": ["9/14 早08:15-17:15", "9/15 遅08:45-17:45", "9/16 遅08:45-17:45", "9/17 休"],
        "S02": ["9/14 休", "9/15 早08:15-17:15", "9/16 早08:15-17:15", "9/17 早08:15-17:15"],
    }
    twice = refused("2026年9月", "コード,14,15", "S01,早,早", "コード,15,16", "S01,早,早")
    assert "5行目の9/15" in twice
    assert "3行目にもあります" in twice


def test_a_second_block_goes_on_in_the_next_month_or_in_the_one_that_its_title_names() -> None:
    on = read("2026年9月21日～10月20日", "コード,29,30", "S01,早,休", "コード,1,2", "S01,遅,早")
    assert [x.split()[0] for x in told(on)["S01"]] == ["9/29", "9/30", "10/1", "10/2"]
    named = read("2026年9月", "コード,1,2", "S01,早,休", "2026年10月", "コード,1,2", "S01,遅,早")
    assert [x.split()[0] for x in told(named)["S01"]] == ["9/1", "9/2", "10/1", "10/2"]
    below = read("2026年9月", ",14,15", "コード,月,火", "S01,早,休", ",16,17", "コード,水,木", "S01,遅,早")
    assert [x.split()[0] for x in told(below)["S01"]] == ["9/14", "9/15", "9/16", "9/17"]


def test_a_line_of_months_over_the_days() -> None:
    table = read("2026年,,,,", ",,9月,,10月", "職員コード,氏名,29,30,1", ",,火,水,木", "S01,田島,早,遅,休")
    assert [x.split()[0] for x in told(table)["S01"]] == ["9/29", "9/30", "10/1"]


def test_hours_in_a_line_below_the_abbreviations() -> None:
    lines = ("2026年9月", "職員コード,氏名,,14,15", "S01,田島,記号,早,遅", ",,時間,8:15-16:15,", "S02,佐藤,記号,休,")
    table = read(*lines, ",,時間,,9:00-15:00")
    assert told(table) == {"S01": ["9/14 早08:15-16:15", "9/15 遅08:45-17:45"], "S02": ["9/14 休", "9/15 09:00-15:00"]}
    assert table.blank == 0
    assert "休みの記号の下に時刻があります" in refused(*lines, ",,時間,9:00-15:00,")


def test_hours_of_the_legend_go_before_those_of_the_site_and_are_told() -> None:
    table = read("2026年9月", "コード,14,15,16", "S01,早,中,公", "早＝8:30〜17:30 中（10時〜16時） 公…公休")
    assert told(table)["S01"] == ["9/14 早08:30-17:30", "9/15 10:00-16:00", "9/16 "]
    assert table.legend == ("早 8:30〜17:30（会場設定は 8:15〜17:15）",)
    assert "shift_codes" in refused("2026年9月", "コード,14", "S01,半", "半：半休"), "half a day is no day off"
    noon = read("2026年9月", "コード,14", "S01,早", "早：8:15〜17:15（休憩12:00〜13:00）")
    assert (told(noon)["S01"], noon.legend) == (["9/14 早08:15-17:15"], ())


def test_a_break_in_the_legend_is_read() -> None:
    legend = (
        "早＝8:15～17:15（休憩60分） 遅 8:45-17:45 休憩 45分 中＝10:00～16:00（休憩45分） 短＝10:00～16:00（休憩999分）"
    )
    table = read("2026年9月", legend, "コード,14,15,16,17", "S01,早,遅,中,短")
    lengths = [x.fields["break_minutes"] for x in table.lines]
    assert lengths == [60, 45, 45, None], "999 is no break"
    assert table.legend == ("遅 8:45〜17:45 休憩45分（会場設定は 8:45〜17:45 休憩60分）",)


def test_a_legend_with_two_hours_of_one_abbreviation_is_not_guessed_at() -> None:
    table = read("2026年9月", "コード,14", "S01,早", "早番は8:30〜17:30 土曜は早 8:30〜12:30")
    assert told(table)["S01"] == ["9/14 早08:15-17:15"]
    assert table.legend == ("早 は凡例に時刻が2通りあるので会場設定の 8:15〜17:15",)


def test_marks_around_an_abbreviation_and_lines_of_duties_are_no_abbreviations() -> None:
    table = read("R8.9", "コード,14,15,16", "S01,◎早,早※,早(責)", "責任者,S01,S02,S01", "行事,,会議,")
    assert told(table)["S01"] == [f"9/{d} 早08:15-17:15" for d in (14, 15, 16)]
    assert table.left_out == {"表の外": 2}


def test_a_shift_into_the_next_day_is_told_as_one() -> None:
    sentence = refused("2026年9月", "コード,14,15", "S01,22:00-6:00,17:00-24:00")
    assert "翌日にかかる勤務は取り込めません" in sentence
    assert "3行目の9/15：勤務時間として読めません" in sentence


@pytest.mark.parametrize(
    ("lines", "steps"),
    [
        (("市職員,2",), [("08:30", 2)]),
        (("市,8:30 2名 12:00 1名",), [("08:30", 2), ("12:00", 1)]),
        (("常駐職員,午前2 午後1",), [("08:30", 2), ("12:00", 1)]),
        (("市職員(8:30-12:00),2", "市職員(12:00-17:15),1"), [("08:30", 2), ("12:00", 1), ("17:15", 0)]),
        (("市職員（午前）,1",), [("08:30", 1), ("12:00", 0)]),
    ],
)
def test_lines_of_the_city(lines: tuple[str, ...], steps: list[tuple[str, int]]) -> None:
    found = read("2026年9月", "コード,14", "S01,早", *lines).officials
    assert [(x["starts"], x["present"]) for x in found[date(2026, 9, 14)]] == steps


@pytest.mark.parametrize(
    ("line", "words"),
    [("市職員,同左", "4行目の9/14 人数を読めません"), ("市職員（昼）,2", "4行目 時間を読めません")],
)
def test_lines_of_the_city_that_are_refused(line: str, words: str) -> None:
    sentence = refused("2026年9月", "コード,14", "S01,早", line)
    assert all(x in sentence for x in words.split()), sentence


def test_the_city_in_a_list_of_its_own() -> None:
    found = read_city_hours("日付,時刻,人数\n2026/9/14,8:30,2名\n2026/9/14,12:00,1\n".encode("cp932"))
    assert found == {date(2026, 9, 14): ({"starts": "08:30", "present": 2}, {"starts": "12:00", "present": 1})}
    with pytest.raises(Refused, match="同じ時刻"):
        read_city_hours(b"date,from,present\n2026-09-14,8:30,2\n2026-09-14,8:30,1\n")


# ---- the commands


class Office:
    """The office's PC with a roster of two, on Monday morning."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        desk = Desk(folder / "f.db", kumagaya(), at="08:00")
        for staff in ("S01", "S02"):
            desk.does("staff.registered", staff=staff)
        desk.close()

    def runs(self, *args: str) -> Result:
        return CliRunner().invoke(
            cli, ["--db", str(self.folder / "f.db"), "--now", "2026-09-14T09:00", "roster", *args]
        )

    def imports(self, *lines: str, more: tuple[str, ...] = ()) -> Result:
        path = self.folder / "in.csv"
        path.write_bytes("\r\n".join(lines).encode("cp932"))
        return self.runs("shifts", "import", str(path), *more)


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path)


MONTH = ("2026年9月", "コード,11,14,15", "S01,早,早,早", "S02,休,,遅", "市職員,2,2,1")


def test_an_import_tells_the_hours_that_each_abbreviation_got(office: Office) -> None:
    result = office.imports(*MONTH)
    assert result.exit_code == 0, result.output
    assert "内訳 早 8:15〜17:15 3件、遅 8:30〜17:30 1件、休 1件" in result.stdout
    assert "市職員の予定 2日" in result.stdout, "the past day is left as it is"
    assert "空の欄が 1か所" in result.stderr
    off = office.imports(*MONTH, more=("--blank-off", "--json"))
    assert '"shifts": 6, "off": 2' in off.stdout
    assert "空の欄" not in off.stderr
    assert "9/15" in office.runs("officials", "list", "--month", "2026-09").stdout


def test_an_absence_is_planned_stands_over_an_import_and_is_taken_back(office: Office) -> None:
    result = office.runs("absence", "s01", "2026-09-14", "--until", "2026-09-16")
    assert result.stdout.strip() == "欠勤の予定を入れました（9/14（月）、9/15（火）、9/16（水））"
    assert office.runs("absence", "S01", "2026-09-15").stdout.strip() == "変わりはありません"
    warned = office.imports(*MONTH).stderr
    assert "欠勤の予定がある日に勤務が入っています（S01 9/14 ほか1件）" in warned
    assert "roster absence S01 2026-09-14 --cancel" in warned
    assert "取りやめました（9/14（月））" in office.runs("absence", "S01", "2026-09-14", "--cancel").stdout
    assert "始めの日より前" in str(office.runs("absence", "S01", "2026-09-16", "--until", "2026-09-14").exception)


def test_a_month_of_another_year_is_refused(office: Office) -> None:
    result = office.imports("令和7年9月", "コード,14", "S01,早")
    assert "どの日も契約期間の外です（2025年9月14日から）" in str(result.exception)


def test_a_plan_of_past_days_that_changes_is_told(office: Office) -> None:
    assert "過ぎた日" not in office.imports(*MONTH).stderr, "it was not planned"
    assert "過ぎた日の勤務予定も 1日分 置き換えました" in office.imports(MONTH[0], MONTH[1], "S01,遅,早,早").stderr


def test_the_city_is_planned_by_hand(office: Office) -> None:
    result = office.runs("officials", "set", "2026-09-14", "12:00=1", "8:30=2")
    assert result.stdout.strip() == "市職員の予定 9/14 8:30 2名 12:00 1名"
    assert "8:30 2名 12:00 1名" in office.runs("officials", "list").stdout
    assert office.runs("officials", "set", "2026-09-14").stdout.strip() == "市職員の予定 9/14 ふだんの予定"
    assert "読めません" in str(office.runs("officials", "set", "2026-09-14", "12=x").exception)


def test_the_list_has_absences_beside_the_shifts(office: Office) -> None:
    office.imports(*MONTH)
    office.runs("absence", "S01", "2026-09-15")
    office.runs("absence", "S02", "2026-09-17")
    found = json.loads(office.runs("shifts", "list", "--month", "2026-09", "--json").stdout)
    away = [(x["date"], x["staff"], x["code"], x["off"]) for x in found if x["absent"]]
    assert away == [("2026-09-15", "S01", "早", True), ("2026-09-17", "S02", "", True)]
    assert office.runs("shifts", "list", "--month", "2026-09").stdout.count("欠勤の予定") == 2
