"""Shifts by day as contractors write them: a list with a line a person and day, and the matrix of a month."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import date, time
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from floorctl.cli.main import cli
from floorctl.common.errors import Refused
from floorctl.intake.csv_shifts import ShiftTable, read_shifts
from floorctl.models.site.hall import ShiftCode
from tests.story import Desk, kumagaya

EARLY = ShiftCode(code="早", name="早番", starts=time(8, 15), ends=time(17, 15), break_minutes=60)
LATE = ShiftCode(code="遅", name="遅番", starts=time(10), ends=time(19))
A1 = ShiftCode(code="A1", name="午前", starts=time(8, 15), ends=time(12, 15))
_SHIPPED = tuple(x for x in kumagaya().shift_codes if x.code not in ("早", "遅"))
SITE = replace(kumagaya(), shift_codes=(*_SHIPPED, EARLY, LATE, A1))


def table(*lines: str) -> ShiftTable:
    return read_shifts("\n".join(lines).encode(), SITE)


def told(*lines: str) -> list[tuple[str, ...]]:
    """Day, person, abbreviation and hours of each shift."""
    return [
        (
            f"{x.day.month}/{x.day.day}",
            x.fields["staff"],
            x.fields["code"],
            f"{x.fields['starts'] or ''}-{x.fields['ends'] or ''}",
        )
        for x in table(*lines).lines
    ]


def refused(*lines: str) -> str:
    with pytest.raises(Refused) as e:
        table(*lines)
    return e.value.sentence


# ---- a list


def test_a_list_of_a_shift_system() -> None:
    lines = (
        "ID,スタッフコード,氏名,日付,開始,終了,休憩,削除",
        ",S01,田島,2026/9/14,08:15,17:15,60,0",
        ",S01,田島,2026/9/15,10:00,19:00,1:00,",
        ",S02,佐藤,2026/9/14,8時15分,午後5時15分,45分,1",
    )
    found = table(*lines)
    assert told(*lines) == [("9/14", "S01", "", "08:15-17:15"), ("9/15", "S01", "", "10:00-19:00")]
    assert [x.fields["break_minutes"] for x in found.lines] == [60, 60]
    assert (found.left_out, found.unread, found.days) == ({"削除": 1}, 2, {date(2026, 9, 14)})


def test_a_list_with_abbreviations_or_hours_in_one_cell() -> None:
    assert told(
        "職員番号,勤務日,シフト",
        "S01,2026/9/14(月),早",
        "S02,R8.9.14,休",
        "S03,46279,ａ１",
        "S04,2026-09-14,9:00～15:00",
    ) == [
        ("9/14", "S01", "早", "08:15-17:15"),
        ("9/14", "S02", "休", "-"),
        ("9/14", "S03", "A1", "08:15-12:15"),
        ("9/14", "S04", "", "09:00-15:00"),
    ]
    assert told("code,date,勤務区分,start,end", "S01,2026-09-14,早,9:00,17:15", "S02,2026-09-14,有,0:00,0:00") == [
        ("9/14", "S01", "早", "09:00-17:15"),
        ("9/14", "S02", "有", "-"),
    ]
    assert told("code,date,勤務時間", "S01,2026-09-14,8:15-17:15") == [("9/14", "S01", "", "08:15-17:15")]


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("S01,2026-09-14,,", "2行目を 始まりと終わりがありません"),
        ("S01,2026-09-14,8:15,", "片方だけ"),
        ("S01,2026-09-14,17:15,8:15", "終わりが始まりより前"),
        ("S01,9/14,8:15,17:15", "2行目の日付 年がありません"),
        ("田島,2026-09-14,8:15,17:15", "2行目の職員コード 形が違います"),
        ("S01,2026-09-14,8:15,17:15\nS02,2026-09-14,8:15,17:15\ns01,2026/9/14,9:00,17:00", "4行目を 2行目にあります"),
    ],
)
def test_lines_of_a_list_that_are_refused(row: str, words: str) -> None:
    sentence = refused("code,date,start,end", *row.split("\n"))
    assert all(w in sentence for w in words.split()), sentence
    assert "田島" not in sentence


# ---- a matrix

MATRIX = (
    "令和8年9月 勤務表,,,,",
    "職員コード,氏,14(月),15(火),16(水)",
    "S01,田島,早,遅,休",
    "S02,佐藤,遅,早,早",
)
PLAN = [
    ("9/14", "S01", "早", "08:15-17:15"),
    ("9/15", "S01", "遅", "10:00-19:00"),
    ("9/16", "S01", "休", "-"),
    ("9/14", "S02", "遅", "10:00-19:00"),
    ("9/15", "S02", "早", "08:15-17:15"),
    ("9/16", "S02", "早", "08:15-17:15"),
]


def test_the_matrix_of_a_month() -> None:
    assert told(*MATRIX) == PLAN
    assert (table(*MATRIX).unread, table(*MATRIX).blank) == (1, 0)


@pytest.mark.parametrize(
    "head",
    [
        ("2026年9月度", "職員コード,氏,14日(月),15日(火),16日(水)"),
        ("2026,年,9,月,勤務表", "職員コード,氏,14,15,16"),
        ("勤務表（R8.9）", "職員コード,氏,14月,15火,16水"),
        ("2026/9", "職員コード,氏,9/14,9/15,9/16"),
        ("会社名", "職員コード,氏,2026/9/14,2026/9/15(火),46281"),
        ("シフト表 2026年9月1日〜9月30日", '職員コード,氏,"14\n(月)","15\n(火)",１６（水曜日）'),
    ],
)
def test_headings_of_days(head: tuple[str, str]) -> None:
    assert told(head[0], head[1], "S01,田島,早,遅,休", "S02,佐藤,遅,早,早") == PLAN


def test_weekdays_below_sums_and_remarks() -> None:
    lines = (
        "2026年9月",
        ",No.,職員コード,氏,14,15,計",
        ",,,,月,火,",
        ",1,S01,田島,早,休,1",
        ",2,S02,佐藤,遅,早,2",
        ",,,早番の人数,1,1,2",
        ",合計,,,2,1,3",
        "※早＝8:15〜17:15 遅＝10:00〜19:00",
    )
    assert told(*lines) == [
        ("9/14", "S01", "早", "08:15-17:15"),
        ("9/15", "S01", "休", "-"),
        ("9/14", "S02", "遅", "10:00-19:00"),
        ("9/15", "S02", "早", "08:15-17:15"),
    ]
    assert table(*lines).left_out == {"合計・小計": 2, "表の外": 1}


def test_a_heading_of_two_lines_and_the_names_of_the_abbreviations() -> None:
    lines = (
        "令和8年度 9月 シフト表",
        ",,14,15,16",
        "社員番号,氏名,月,火,水",
        "S01,田島,早番,遅,休み",
        "S02,佐藤,遅番,早,早",
    )
    assert told(*lines) == PLAN
    assert table("令和8年度 1月", "code,4", "S01,早").lines[0].day == date(2027, 1, 4)
    again = ("2026年9月", "code,14,15", "S01,早,遅", "code,14,15", "S02,遅,早")
    assert len(told(*again)) == 4, "the heading of another page"


def test_a_heading_of_two_lines_with_the_days_below_the_staff_code() -> None:
    lines = (
        "勤務表",
        "職員コード,氏名,2026年9月,,",
        ",,14,15,16",
        ",,月,火,水",
        "S01,田島,早,遅,休",
        "職員コード,氏名,2026年9月,,",
        ",,14,15,16",
        "S02,佐藤,遅,,早",
    )
    assert [x[:3] for x in told(*lines)] == [
        ("9/14", "S01", "早"),
        ("9/15", "S01", "遅"),
        ("9/16", "S01", "休"),
        ("9/14", "S02", "遅"),
        ("9/16", "S02", "早"),
    ]
    assert "4行目の4列目の曜日" in refused(*lines[:3], ",,月,水,水", *lines[4:])


@pytest.mark.parametrize(
    "title",
    [
        "作成日：令和8年8月20日,,令和8年9月 勤務表",
        "令和8年8月25日更新,,令和8年9月度",
        "2026年9月1日～30日（2026年8月20日 17:00現在）",
        "（作成：2026/8/20 10:15）2026/9/1-2026/9/30",
        "令和8年8月作成 2026年9月確定版",
        "Sep-26",
        "R8.9勤務表",
    ],
)
def test_the_month_of_a_title_is_not_the_day_on_which_the_table_was_made(title: str) -> None:
    assert [x[0] for x in told(title, "職員コード,14,15", "S01,早,早")] == ["9/14", "9/15"]


def test_the_day_on_which_a_table_was_made_names_no_month() -> None:
    assert "何年何月の表か分かりません" in refused("2026年8月20日 現在", "職員コード,14", "S01,早")


def test_a_cell_of_blanks_costs_no_more_than_its_length() -> None:
    """Each of these took minutes where blanks were matched from every place of a cell."""
    for title in ("x" + " " * 100_000 + "作成 令和8年9月1日", "2026/9/14 " * 10_000, "作成" * 50_000 + "2026/9/1"):
        with suppress(Refused):
            table(title, "職員コード,14", "S01,休")
    assert "勤務の記号" in refused("2026年9月", "職員コード,14", "S01,早" + " " * 100_000 + "x")


def test_no_column_of_a_day_is_passed_over_in_silence() -> None:
    head = "職員コード,21日(月祝),22(火・国民の休日),23(祝),24木"
    assert [x[0] for x in told("2026年9月", head, "S01,休,休,休,早")] == ["9/21", "9/22", "9/23", "9/24"]
    assert "2行目の3列目の見出し" in refused("2026年9月", "職員コード,14,15※,16", "S01,早,早,早")
    # Two columns under a merged heading of one day.
    assert "見出しのない列に書かれています" in refused("2026年9月", "職員コード,14,,15,", "S01,早,休,早,")
    assert [x[0] for x in told("2026年9月", "職員コード,14,週計,15,1日平均,5日計,備考", "S01,早,1,早,1,1,あり")] == [
        "9/14",
        "9/15",
    ]


def test_a_period_over_the_end_of_a_month_and_of_a_year() -> None:
    days = [x[0] for x in told("令和8年12月", "code,30,31,1,2", "S01,早,早,休,早")]
    assert days == ["12/30", "12/31", "1/1", "1/2"]
    assert [x.day.year for x in table("令和8年12月", "code,31,1/1", "S01,早,休").lines] == [2026, 2027]


def test_days_that_a_month_does_not_have_and_blanks() -> None:
    lines = ("2026年9月", "code,29,30,31", "S01,早,早,", "S02,早,,")
    assert [x[:2] for x in told(*lines)] == [("9/29", "S01"), ("9/30", "S01"), ("9/29", "S02")]
    assert table(*lines).blank == 1
    assert table("2026年9月", "code,28,29,30", "S01,早,早,", "S02,早,,").blank == 1, (
        "a day that nobody has is not planned yet"
    )
    assert "2行目" not in refused("2026年9月", "code,29,31", "S01,早,早")
    assert "その月にない日です" in refused("2026年9月", "code,29,31", "S01,早,早")


def test_unknown_abbreviations_are_told_all_at_once_and_never_repeated() -> None:
    sentence = refused("2026年9月", "code,氏,14(月),15(火)", "S01,田島,早,夜", "S02,佐藤,宿直,早")
    assert "3行目の9/15" in sentence
    assert "4行目の9/14" in sentence
    assert "shift_codes" in sentence
    assert not {"夜", "宿", "田"} & set(sentence)


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        (("code,14,15", "S01,早,早"), "何年何月の表か分かりません"),
        (("9月 勤務表", "code,14,15", "S01,早,早"), "何年何月の表か分かりません"),
        (("2026年9月", "code,14(火)", "S01,早"), "2行目の2列目 曜日が日付と合いません 月曜日"),
        (("2026年9月", "code,14,9/14", "S01,早,早"), "同じ日が2度"),
        (("2026年9月", "code,14", ",早"), "3行目の職員コード 空です"),
        (("2026年9月", "code,14", "田島,早"), "3行目の職員コード 形が違います"),
        (("2026年9月", "code,14", "090-1234-5678,早"), "3行目の職員コード 個人情報"),
        (("2026年9月", "code,14", "S01,早", "s01,早"), "4行目の職員コード 3行目にあります"),
        (("2026年9月", "code,14", "S01,#N/A"), "3行目の9/14 Excel"),
        (("2026年9月", "code,14", "S01,17:15-8:15"), "3行目の9/14 終わりが始まりより前"),
        (("2026年9月", "code,14", "合計,3"), "見出しの下に勤務がありません"),
        (("職員コード,氏", "S01,田島"), "「日付」の列がありません"),
    ],
)
def test_tables_that_are_refused(lines: tuple[str, ...], words: str) -> None:
    sentence = refused(*lines)
    assert all(w in sentence for w in words.split()), sentence
    assert "田島" not in sentence


# ---- the command


class Office:
    """The office's PC with a roster of two, and the site file with the contractor's abbreviations."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.desk = Desk(folder / "f.db", kumagaya(), at="08:00")
        for staff in ("S01", "S02"):
            self.desk.does("staff.registered", staff=staff)
        shipped = (Path(__file__).parents[2] / "data" / "kumagaya.toml").read_text(encoding="utf-8")
        late = "starts = 08:30:00\nends = 17:30:00\nbreak_minutes = 60\n"
        assert late in shipped
        own = shipped.replace(late, "starts = 10:00:00\nends = 19:00:00\n")
        (folder / "site.toml").write_text(own, encoding="utf-8")

    def runs(self, *args: str) -> Result:
        options = [
            "--db",
            str(self.folder / "f.db"),
            "--site",
            str(self.folder / "site.toml"),
            "--now",
            "2026-09-14T09:00",
        ]
        result = CliRunner().invoke(cli, [*options, "roster", "shifts", *args])
        self.desk.session.refresh()
        return result

    def imports(self, *lines: str) -> Result:
        path = self.folder / "in.csv"
        path.write_bytes("\r\n".join(lines).encode("cp932"))
        return self.runs("import", str(path), "--json")

    def planned(self, day: date) -> dict[str, tuple[Any, ...]]:
        held = self.desk.session.register().shifts.get(day, {})
        return {code: (x.code, x.starts, x.ends, x.break_minutes) for code, x in held.items()}


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path)


def test_a_matrix_is_taken_in_by_day_and_the_same_one_again_writes_nothing(office: Office) -> None:
    first = office.imports(*MATRIX)
    assert first.exit_code == 0, first.output
    assert (
        first.stdout.strip()
        == '{"days": 3, "shifts": 6, "off": 1, "unchanged": 0, "columns_not_read": 1, "officials": 0}'
    )
    head = office.desk.session.head().seq
    assert office.planned(date(2026, 9, 14)) == {
        "S01": ("早", "08:15", "17:15", 60),
        "S02": ("遅", "10:00", "19:00", None),
    }
    assert office.planned(date(2026, 9, 16))["S01"] == ("休", None, None, None)
    assert '"unchanged": 3' in office.imports(*MATRIX).stdout
    assert office.desk.session.head().seq == head
    text = office.runs("list", "--date", "2026-09-16").stdout
    assert "休み" in text
    assert len(office.runs("list", "--month", "2026-09", "--json").stdout.split('"date"')) == 7
    assert "田島" not in text + office.runs("list").stdout


def test_a_day_is_replaced_as_a_whole_and_what_fell_out_is_told(office: Office) -> None:
    office.imports(*MATRIX)
    done = office.imports(
        "code,date,start,end,削除",
        "S02,2026-09-14,9:00,18:00,",
        "S01,2026-09-15,9:00,18:00,○",
        "S02,2026-09-15,8:15,17:15,",
    )
    assert "前に取り込んだ勤務予定のうち 2件は" in done.stderr
    assert office.planned(date(2026, 9, 14)) == {"S02": ("", "09:00", "18:00", None)}
    assert list(office.planned(date(2026, 9, 15))) == ["S02"]
    assert office.planned(date(2026, 9, 16)) != {}, "a day that the file does not speak of stays"
    office.imports("code,date,start,end,削除", "S02,2026-09-14,,,1", "S01,2026-09-13,8:15,17:15,")
    assert office.planned(date(2026, 9, 14)) == {}


def test_people_who_are_not_on_the_roster_are_refused_with_every_line(office: Office) -> None:
    head = office.desk.session.head().seq
    done = office.imports(
        "code,date,start,end", "S01,2026-09-14,9:00,18:00", "S09,2026-09-14,9:00,18:00", "S08,2026-09-15,9:00,18:00"
    )
    assert done.exit_code == 1
    assert "3行目を取り込めません（名簿にない職員コードです）。4行目も同じです。先に名簿を" in str(done.exception)
    assert "S09" not in str(done.exception)
    assert office.desk.session.head().seq == head
    office.imports("code,date,start,end", "s01,2026-09-14,9:00,18:00")
    assert list(office.planned(date(2026, 9, 14))) == ["S01"], "written as the roster writes it"


def test_somebody_who_has_left_and_a_wrong_year_are_told(office: Office) -> None:
    office.desk.does("staff.registered", staff="S02", left_on="2026-09-13")
    done = office.imports("code,date,start,end", "S01,2036-09-14,9:00,18:00", "S02,2026-09-14,9:00,18:00")
    assert done.exit_code == 0
    assert "退職日を過ぎた人の勤務予定が 1件あります（初めは3行目）" in done.stderr
    assert "契約期間の外の日が 1日" in done.stderr
