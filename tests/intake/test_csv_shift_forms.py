"""Forms of shift tables that contractors use beside the usual matrix: people across, begin above end, other words, cells."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from floorctl.common.errors import Refused
from floorctl.intake.csv_shift_table import ShiftTable
from floorctl.intake.csv_shifts import read_shifts
from floorctl.models.site.site_rules import RULES
from tests.story import kumagaya

SITE = kumagaya()


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


def cell(text: str) -> tuple[str, str | None, str | None, int | None]:
    f = read("2026年9月", "コード,14", f'S01,"{text}"').lines[0].fields
    return f["code"], f["starts"], f["ends"], f["break_minutes"]


def refused(*lines: str) -> str:
    with pytest.raises(Refused) as e:
        read(*lines)
    return e.value.sentence


def test_days_down_and_people_across() -> None:
    table = read(
        "令和8年9月 シフト表,,,,,",
        "日,曜,S01,S02（佐藤）,市職員,備考",
        ",,田島,佐藤,,",
        "14,月,早,公休,2名,",
        "15,火,8:15-12:15,,1,会議",
        "計,,2,1,,",
        "※遅 10:00〜19:00,,,,,",
    )
    assert told(table) == {"S01": ["9/14 早08:15-17:15", "9/15 08:15-12:15"], "S02": ["9/14 公"]}
    assert [x["present"] for day in table.officials.values() for x in day] == [2, 1]
    assert [(x.fields["staff"], x.day) for x in table.blanks] == [("S02", date(2026, 9, 15))]
    assert table.left_out == {"表の外": 2, "合計・小計": 1}
    assert {x.line for x in table.lines} == {2}, "the codes stand in that line"


@pytest.mark.parametrize(
    ("line", "place"),
    [
        ("14,月,早,謎", "4列目の9/14を取り込めません"),
        ("14,火,早,早", "4行目の日付は使えません（曜日が日付と合いません"),
        ("31,木,早,早", "ほかの1列にも誤りがあり"),
    ],
)
def test_a_fault_of_a_table_with_people_across_names_its_column(line: str, place: str) -> None:
    assert place in refused("令和8年9月", "日,曜,S01,S02", "1,火,早,早", line)


def test_codes_below_another_word_or_none() -> None:
    for word in ("番号", "", "氏名"):
        table = read("2026年9月", f"{word},14,15", "S01 田島,早,遅", "2026年9月", f"{word},16,17", "S01 田島,早,遅")
        assert [x.split()[0] for x in told(table)["S01"]] == ["9/14", "9/15", "9/16", "9/17"]
    assert "「職員コード」の列がありません" in refused("2026年9月", "No,氏名,14", "1,田島 一郎,早"), "nobody is guessed"


@pytest.mark.parametrize("word", ["コード", "番号"])
def test_halves_side_by_side_have_their_own_codes(word: str) -> None:
    table = read(
        "2026年9月", f"{word},氏名,14,15,計,{word},氏名,16,17,計", ",,月,火,,,,水,木,",
        "S01,田島,早,遅,2,S02,佐藤,休,早,1", "S02,佐藤,早,早,2,S01,田島,遅,早,2", "市職員,,2,2,,,,1,1,",
    )  # fmt: skip
    assert told(table) == {
        "S01": ["9/14 早08:15-17:15", "9/15 遅08:30-17:30", "9/16 遅08:30-17:30", "9/17 早08:15-17:15"],
        "S02": ["9/14 早08:15-17:15", "9/15 早08:15-17:15", "9/16 休", "9/17 早08:15-17:15"],
    }
    assert [steps[0]["present"] for _, steps in sorted(table.officials.items())] == [2, 2, 1, 1]


def test_two_teams_side_by_side_and_a_period_over_the_end_of_the_month() -> None:
    teams = read("2026年9月", "コード,14,15,コード,14,15", "S01,早,遅,S03,早,休")
    assert {k: [x.split()[0] for x in v] for k, v in told(teams).items()} == {
        "S01": ["9/14", "9/15"],
        "S03": ["9/14", "9/15"],
    }
    over = read("2026年9月21日～10月20日", "コード,29,30,コード,1,2", "S01,早,遅,S01,早,休")
    assert [x.split()[0] for x in told(over)["S01"]] == ["9/29", "9/30", "10/1", "10/2"]
    no_legend = read("2026年9月", "コード,14,コード,15,16", "S01,早,S01,遅,9:00-15:00")
    assert told(no_legend)["S01"][1:] == ["9/15 遅08:30-17:30", "9/16 09:00-15:00"], (
        "what stands on the right is no legend"
    )
    twice = refused("2026年9月", "コード,14,15,コード,15,16", "S01,早,遅,S01,早,休")
    assert "3行目の9/15" in twice


def test_a_line_in_which_nobody_is_named_is_no_person() -> None:
    table = read("2026年9月", "コード,14,15", ",敬老の日,", "S01,早,休", "午前リーダー,S01,S02")
    assert (told(table), table.left_out) == ({"S01": ["9/14 早08:15-17:15", "9/15 休"]}, {"表の外": 2})
    assert "3行目の職員コード" in refused("2026年9月", "コード,14", ",早"), "somebody's shift"


def test_begin_end_and_break_below_each_other() -> None:
    table = read(
        "2026年9月", "コード,氏名,,14,15,16", "S01,田島,始業,8:15,休,早", ",,終業,17:15,休,", ",,休憩,60,,", "S02,佐藤,始業,9:00,,", "S02,,終業,15:00,,"
    )  # fmt: skip
    assert told(table) == {"S01": ["9/14 08:15-17:15", "9/15 休", "9/16 早08:15-17:15"], "S02": ["9/14 09:00-15:00"]}
    assert table.lines[0].fields["break_minutes"] == 60
    assert "3行目の9/14" in refused("2026年9月", "コード,,14", "S01,始業,8:15", ",終業,")


@pytest.mark.parametrize(
    ("text", "shift"),
    [
        ("早 8:15-16:15", ("早", "08:15", "16:15", 60)),
        ("遅\n10:00〜19:00", ("遅", "10:00", "19:00", 60)),
        ("早(8:15～16:15)", ("早", "08:15", "16:15", 60)),
        ("8:15\n17:15", ("", "08:15", "17:15", None)),
        ("8-17", ("", "08:00", "17:00", None)),
        ("８：３０－１２", ("", "08:30", "12:00", None)),
        ("12:00〜21:00（応援）", ("", "12:00", "21:00", None)),
        ("8:15-17:15(休45)", ("", "08:15", "17:15", 45)),
        ("早　番", ("早", "08:15", "17:15", 60)),
        ("有休", ("有", None, None, None)),
        ("－", ("休", None, None, None)),
        ("午前休", ("後", "12:15", "17:15", None)),
        ("PM休", ("前", "08:15", "12:15", None)),
    ],
)
def test_cells(text: str, shift: tuple[str, str | None, str | None, int | None]) -> None:
    assert cell(text) == shift


def test_cells_that_are_refused() -> None:
    assert "休みの記号と時刻が1つの欄にあります" in refused("2026年9月", "コード,14", "S01,休 8:15-12:15")
    assert "会場設定の shift_codes にない" in refused("2026年9月", "コード,14", "S01,半休"), "which half is not said"


def test_an_unknown_abbreviation_is_told_once_with_its_number() -> None:
    sentence = refused("2026年9月", "コード,14,15,16,17", "S01,夜,早,夜,夜", "S02,早,謎,夜,早")
    assert sentence.startswith(
        "3行目の9/14を取り込めません（会場設定の shift_codes にない勤務の記号です（同じものがほかに3か所））"
    )
    assert sentence.endswith("（4行目の9/15：会場設定の shift_codes にない勤務の記号です）。")
    assert "夜" not in sentence


def test_a_morning_and_an_afternoon_of_the_city_in_two_lines() -> None:
    for lines in (("市職員,午前,2", ",午後,1"), ("熊谷市職員,8:30～12:00,2", "熊谷市職員,12:00～,1")):
        found = read("2026年9月", "コード,氏名,14", "S01,田島,早", *lines).officials
        assert [(x["starts"], x["present"]) for x in found[date(2026, 9, 14)]] == [("08:30", 2), ("12:00", 1)]
    assert read("2026年9月", "コード,14", "S01,早", "市役所は9/21閉庁,").left_out == {"表の外": 1}


def test_a_list_with_the_headings_of_the_help() -> None:
    table = read("staff,date,start,end,break,code,deleted", "S01,2026-09-14,,,,早,", "S02,2026-09-14,,,,休,")
    assert told(table) == {"S01": ["9/14 早08:15-17:15"], "S02": ["9/14 休"]}


def test_a_second_table_below_with_the_days_again_is_no_person() -> None:
    table = read(
        "2026年9月", '符号,出勤,"1\n火","2\n水"', "S01,2,早,遅", "責任者,,1 火,2 水", "現場責任者,,S01,代",
        "市職員の予定,,1 火,2 水", "市職員 12:00から,,1,-",
    )  # fmt: skip
    assert told(table) == {"S01": ["9/1 早08:15-17:15", "9/2 遅08:30-17:30"]}
    assert {d.day: [x["present"] for x in steps] for d, steps in table.officials.items()} == {1: [1]}
    assert table.left_out == {"表の外": 3}
    assert read("2026年9月", "符号,1,2", "S01,早,・", "S02,早,早").blank == 1, "no shift is planned"


def test_a_word_stands_for_one_abbreviation_alone() -> None:
    twice = replace(SITE, shift_codes=tuple(replace(x, also=("有休",)) for x in SITE.shift_codes[:2]))
    places = [fault.place for rule in RULES for fault in rule(twice) if fault.place[0] == "shift_codes"]
    assert places == [("shift_codes", 1, "also", 0)]
