"""A table in any dress that spreadsheets and office systems give it is the same table: the same values, line by line."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from floorctl.common.errors import Refused
from floorctl.common.words import WEEKDAYS
from floorctl.intake.csv_appointments import read_appointments, read_table
from floorctl.intake.csv_registers import read_demand, read_devices, read_pledges, read_roster, read_training
from floorctl.intake.csv_shifts import read_shifts
from floorctl.intake.csv_text import read_bytes
from tests.story import kumagaya

# ---- the dress of a cell


def wide(text: str) -> str:
    """Full-width letters and digits."""
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)


def serial(day: date) -> int:
    return (day - date(1899, 12, 30)).days


DATES: list[Callable[[date], str]] = [
    str,
    lambda d: f"{d.year}/{d.month}/{d.day}",
    lambda d: f"{d.year}/{d.month}/{d.day} 0:00",
    lambda d: f"{d} 00:00:00",
    lambda d: f"{d}T00:00:00.000",
    lambda d: f"{d.year}/{d.month}/{d.day}({WEEKDAYS[d.weekday()]})",
    lambda d: f"{d.year}年{d.month}月{d.day}日（{WEEKDAYS[d.weekday()]}曜日）",
    lambda d: f"{d.year}/{d.month:02d}/{d.day:02d} {WEEKDAYS[d.weekday()]}",
    lambda d: f"令和{d.year - 2018}年{d.month}月{d.day}日",
    lambda d: f"令和 {d.year - 2018}年 {d.month}月 {d.day}日",
    lambda d: f"R{d.year - 2018}.{d.month}.{d.day}",
    lambda d: f"{d:%Y%m%d}",
    lambda d: str(serial(d)),
    lambda d: f"{serial(d)}.0",
    lambda d: wide(f"{d.year}/{d.month}/{d.day}"),
    lambda d: f'="{d.year}/{d.month}/{d.day}"',
    lambda d: f"'{d}",
    lambda d: f" {d}\n",
]


def twelve(text: str) -> tuple[str, int, str]:
    hour, minute = int(text[:2]), text[3:]
    return ("午前" if hour < 12 else "午後"), hour % 12, minute


TIMES: list[Callable[[str], str]] = [
    str,
    lambda t: t.removeprefix("0"),
    lambda t: f"{t.removeprefix('0')}:00",
    lambda t: f"{int(t[:2])}時{t[3:]}分",
    lambda t: f"{int(t[:2])}時" if t.endswith("00") else f"{int(t[:2])}時{int(t[3:])}分",
    lambda t: f"{int(t[:2])}時半" if t.endswith("30") else t,
    lambda t: "{}{}時{}分".format(*twelve(t)),
    lambda t: "{} {}:{}".format(*twelve(t)),
    lambda t: f"{twelve(t)[1]}:{t[3:]} {'AM' if twelve(t)[0] == '午前' else 'PM'}",
    lambda t: f"{(int(t[:2]) * 60 + int(t[3:])) / 1440:.15g}",
    lambda t: t.replace(":", ""),
    lambda t: f"1900/1/0 {t}:00",
    lambda t: f'="{t}"',
    lambda t: f"'{t}",
    wide,
]
CODES: list[Callable[[str], str]] = [
    str,
    wide,
    lambda c: f'="{c}"',
    lambda c: f"'{c}",
    lambda c: f" {c}\n",
    lambda c: f"　{c}　",
]
NUMBERS: list[Callable[[str], str]] = [str, wide, lambda n: f'="{n}"', lambda n: f"{int(n):,}"]
MONTHS: list[Callable[[str], str]] = [
    str,
    lambda m: f"{m[:4]}/{int(m[5:])}",
    lambda m: f"{m[:4]}年{int(m[5:])}月",
    lambda m: f"{m[:4]}/{int(m[5:])}/1 0:00",
    lambda m: f"令和{int(m[:4]) - 2018}年{int(m[5:])}月分",
    lambda m: f"{date.fromisoformat(m + '-01'):%b-%y}",
    lambda m: str(serial(date.fromisoformat(m + "-01"))),
]
KINDS: dict[str, Sequence[Callable[[Any], str]]] = {
    "code": CODES,
    "date": DATES,
    "time": TIMES,
    "number": NUMBERS,
    "month": MONTHS,
    "text": [str, lambda t: f'="{t}"', lambda t: f" {t} "],
}


# ---- the dress of a file


TITLES = ([], ["令和8年度 職員に関する表"], ["会場", "", "作成 2026/9/1"], ["（様式第3号）"])
SUMS = ("合計", "小計", "計", "合　計", "【総計】", "9月計")


@st.composite
def files(
    draw: st.DrawFn, heading: Sequence[str], kinds: Sequence[str], rows: Sequence[Sequence[Any]]
) -> tuple[bytes, int]:
    """A table with each cell in a dress of its kind, and the file in one of its own; also the number of lines of sums."""
    separator = draw(st.sampled_from([",", "\t", ";"]))
    encoding = draw(st.sampled_from(["utf-8", "utf-8-sig", "cp932", "utf-16"]))
    end = draw(st.sampled_from(["\r\n", "\n", "\r"]))
    before, after = draw(st.integers(0, 1)), draw(st.integers(0, 3))
    out = io.StringIO()
    writer = csv.writer(
        out, delimiter=separator, lineterminator="\n", quoting=draw(st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]))
    )
    for title in draw(st.lists(st.sampled_from(TITLES), max_size=3)):
        writer.writerow(title)
    writer.writerow([*[""] * before, *(draw(st.sampled_from([h, f" {h}\n", wide(h)])) for h in heading), *[""] * after])
    sums = 0
    for row in rows:
        if draw(st.booleans()):
            out.write(draw(st.sampled_from(["\n", f"{separator * 3}\n"])))
        cells = [
            draw(st.sampled_from(KINDS[kind]))(value) if value != "" else ""
            for kind, value in zip(kinds, row, strict=True)
        ]
        writer.writerow([*[""] * before, *cells, *[""] * after])
        if draw(st.integers(0, 3)) == 0:
            sums += 1
            writer.writerow([*[""] * before, draw(st.sampled_from(SUMS)), *(["12"] * (len(cells) - 1))])
    return out.getvalue().replace("\n", end).encode(encoding, "replace"), sums


ROSTER = (
    ["職員コード", "氏", "操作者権限", "誓約書", "始業", "終業", "退職日"],
    ["code", "text", "date", "date", "time", "time", "date"],
    [
        ["S01", "田島", date(2026, 7, 1), date(2026, 6, 20), "08:15", "17:15", ""],
        ["S02", "佐藤", "", date(2026, 12, 31), "10:00", "18:30", date(2027, 3, 31)],
        ["a.b-3", "", date(2026, 2, 28), "", "", "", ""],
    ],
)
TABLES: dict[str, tuple[Any, Sequence[str], Sequence[str], Sequence[Sequence[Any]]]] = {
    "roster": (read_roster, *ROSTER),
    "training": (
        lambda raw, notes=None: read_training(raw, kumagaya().training, notes),
        ["職員コード", "研修", "実施日"],
        ["code", "code", "date"],
        [["S01", "privacy", date(2026, 6, 20)], ["S02", "3", date(2026, 9, 1)]],
    ),
    "pledges": (read_pledges, ["職員コード", "誓約書"], ["code", "date"], [["S01", date(2026, 6, 20)], ["S02", ""]]),
    "devices": (
        read_devices,
        ["機器", "用途", "許可日", "期限"],
        ["code", "text", "date", "date"],
        [["PC-1", "記録", date(2026, 6, 20), ""], ["PC-会計", "集計の控え", date(2026, 7, 1), date(2027, 3, 31)]],
    ),
    "demand": (
        read_demand,
        ["年月", "電子証明書更新", "カード更新", "新規・再交付"],
        ["month", "number", "number", "number"],
        [["2026-09", "1388", "498", "250"], ["2027-01", "12345", "0", "7"]],
    ),
    "appointments": (
        lambda raw, notes=None: read_appointments(raw),
        ["日付", "時刻", "枚数", "件数"],
        ["date", "time", "number", "number"],
        [[date(2026, 9, 14), "09:00", "1", "3"], [date(2026, 9, 14), "09:30", "2", "1"], [date(2026, 9, 15), "13:00", "", "0"]],
    ),
    "bookings": (
        lambda raw, notes=None: read_table(raw, kumagaya()).lines,
        ["予約番号", "予約日", "予約時刻", "枚数", "状態"],
        ["code", "date", "time", "number", "text"],
        [["000123", date(2026, 9, 14), "09:00", "1", "確定"], ["000124", date(2026, 9, 14), "09:00", "", ""],
         ["000125", date(2026, 9, 14), "09:30", "1", "取消"], ["000126", date(2026, 9, 15), "13:00", "2", "仮予約"]],
    ),
    "shifts": (
        lambda raw, notes=None: read_shifts(raw, kumagaya()).lines,
        ["スタッフコード", "氏名", "日付", "勤務区分", "開始", "終了", "休憩", "削除"],
        ["code", "text", "date", "text", "time", "time", "number", "text"],
        [["S01", "田島 一", date(2026, 9, 14), "", "08:15", "17:15", "60", "0"], ["S02", "佐藤", date(2026, 9, 14), "休", "", "", "", ""],
         ["S02", "佐藤", date(2026, 9, 15), "", "10:00", "19:00", "", "1"]],
    ),
    "a month": (
        lambda raw, notes=None: read_shifts(raw, kumagaya()).lines,
        ["職員コード", "氏名", "2026/9/14", "9/15(火)", "16", "計"],
        ["code", "text", "text", "text", "text", "number"],
        [["S01", "田島 一", "8:15-17:15", "休", "研", "1"], ["S02", "佐藤", "有", "", "10:00～19:00", "1"]],
    ),
}  # fmt: skip


def values(found: Sequence[Any]) -> list[Any]:
    """Return the values read, without the numbers of their lines."""
    return [
        {k: v for k, v in x.everything().items() if k != "line"} if hasattr(x, "everything") else _apart(x)
        for x in found
    ]


def _apart(x: Any) -> dict[str, Any]:
    return {k: getattr(x, k) for k in x.__dataclass_fields__ if k != "line"}


@pytest.mark.parametrize("name", TABLES)
@given(data=st.data())
def test_a_table_in_any_dress_is_the_plain_one(name: str, data: st.DataObject) -> None:
    read, heading, kinds, rows = TABLES[name]
    bare = io.StringIO()
    csv.writer(bare).writerows([heading, *rows])
    expected = values(read(bare.getvalue().encode()))
    raw, sums = data.draw(files(heading, kinds, rows))
    notes: list[str] = []
    assert values(read(raw, notes=notes)) == expected
    if name in ("roster", "training", "pledges", "devices", "demand"):
        assert notes == ([f"合計・小計の{sums}行は除きました。"] if sums else [])


# ---- one by one, where the right value is worth seeing


def roster_of(*lines: str) -> list[dict[str, Any]]:
    return [x.fields for x in read_roster("\n".join(lines).encode())]


@pytest.mark.parametrize(
    ("heading", "cell", "key", "value"),
    [
        ("誓約書", "2026/6/20 0:00", "pledge_on", date(2026, 6, 20)),
        ("誓約書", "2026/6/20 9:15", "pledge_on", date(2026, 6, 20)),
        ("誓約書", "46193", "pledge_on", date(2026, 6, 20)),
        ("誓約書", "2026/9/21(月・祝)", "pledge_on", date(2026, 9, 21)),
        ("始業", "午前12時15分", "shift_from", "00:15"),
        ("始業", "正午", "shift_from", "12:00"),
        ("始業", "0.385416666666667", "shift_from", "09:15"),
        ("勤務時間", "午前8時15分～午後5時15分", "shift_to", "17:15"),
        ("勤務時間", "8時15分から17時15分まで", "shift_from", "08:15"),
        ("代行", "済", "deputy", True),
        ("誓約書（提出日）", "R 8. 6.20", "pledge_on", date(2026, 6, 20)),
    ],
)
def test_what_a_cell_comes_to(heading: str, cell: str, key: str, value: Any) -> None:
    other = {"始業": ["終業", "17:15"]}.get(heading, ["代行可" if heading != "代行" else "氏", ""])
    (fields,) = roster_of(f"code,{heading},{other[0]}", f"S01,{cell},{other[1]}")
    assert fields[key] == value


@pytest.mark.parametrize(
    ("heading", "cell", "words"),
    [
        ("誓約書", "#N/A", "Excel の計算の誤り"),
        ("誓約書", "########", "Excel の計算の誤り"),
        ("誓約書", "2026/6/20(日)", "曜日が日付と合いません"),
        ("誓約書", "2026/6/31 0:00", "暦にない日付"),
        ("誓約書", "2026/6/20 25:00", "日付ではありません"),
        ("誓約書", "9:00", "日付ではありません"),
        ("誓約書", "9月14日", "日付に年がありません"),
        ("始業", "午後13時", "時刻ではありません"),
        ("始業", "24:00", "時刻ではありません"),
        ("始業", "2026/6/20", "時刻ではありません"),
        ("氏", "#REF!", "Excel の計算の誤り"),
        ("代行", "#VALUE!", "Excel の計算の誤り"),
    ],
)
def test_cells_that_are_refused(heading: str, cell: str, words: str) -> None:
    with pytest.raises(Refused, match=words) as e:
        roster_of("title", f"code,{heading}", "S02,", f"S01,{cell}")
    assert f"4行目の{'' if heading != '代行' else '代行'}" in e.value.sentence
    assert cell not in e.value.sentence.replace("Excel の計算の誤り（#N/A など）", "")


def test_an_unknown_heading_is_told_below_a_title_too() -> None:
    with pytest.raises(Refused, match="3行目の2列目の見出しは使えません（知らない見出しです）"):
        roster_of("令和8年度 名簿", "", "職員コード,電話", "S01,1")
    with pytest.raises(Refused, match="見出しに「職員コード」の列がありません"):
        roster_of("令和8年度 名簿", "氏,役割", "田島,")
    with pytest.raises(Refused, match="見出しの下に行がありません"):
        roster_of("名簿", "職員コード,氏", "合計,2名")


def test_numbers_of_lines_and_the_heading_of_another_page_say_nothing() -> None:
    found = roster_of("No.,職員コード,氏", "1,S01,田島", "No.,職員コード,氏", "2,S02,佐藤", ",合計,2名")
    assert found == [{"staff": "S01"}, {"staff": "S02"}]


def test_remarks_below_a_table_are_no_lines_of_it() -> None:
    assert roster_of("職員コード,氏,代行", "S01,田島,○", "※ ○は代行できる人,,", "（注）9月1日現在,,", ",,以上") == [
        {"staff": "S01", "deputy": True}
    ]
    with pytest.raises(Refused, match="見出しの下に行がありません"):
        roster_of("職員コード,氏", "※ 名簿は別紙,")


def test_totals_with_separators_and_units() -> None:
    (line,) = read_demand('年月,電子証明書更新(件),カード更新,新規・再交付\n2026年9月,"1,388",498件,２５０\n'.encode())
    assert (line.fields["cert_renewals"], line.fields["card_renewals"], line.fields["new_and_reissued"]) == (
        1388,
        498,
        250,
    )


def test_a_word_that_ends_like_a_sum_is_none() -> None:
    """会計 is a purpose, and PC-計 a device."""
    found = read_devices("機器,用途,許可日\nPC-計,会計,2026/6/20\n計測器,検査の計,2026/6/20\n".encode())
    assert [x.fields["device"] for x in found] == ["PC-計", "計測器"]


def test_an_apostrophe_of_a_text_stays() -> None:
    """Read a guarded cell as it was before the export: one apostrophe before a formula, none from a quotation."""
    found = read_devices("機器,用途,許可日\nPC-1,'=1+1,2026-06-20\nPC-2,'記録'のため,2026-06-20\n".encode())
    assert [x.fields["purpose"] for x in found] == ["=1+1", "'記録'のため"]


def test_the_cases_of_the_hall(tmp_path: Any) -> None:
    name = tmp_path / "roster.csv"
    name.write_bytes("職員コード,氏,誓約書\r\nS01,田島,2026/6/20 0:00\r\n".encode("utf-8-sig"))
    assert [x.fields for x in read_roster(read_bytes(name))] == [{"staff": "S01", "pledge_on": date(2026, 6, 20)}]
    name.write_bytes('職員コード,氏\r\n"=""S01""",田島\r\n'.encode("utf-8-sig"))
    assert [(x.fields, x.surname) for x in read_roster(read_bytes(name))] == [({"staff": "S01"}, "田島")]
