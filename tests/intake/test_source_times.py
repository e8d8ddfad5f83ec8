"""Days and times of described files, as machines, spreadsheets and offices write them."""

from __future__ import annotations

import unicodedata
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from floorctl.common.clock import JST
from floorctl.intake.sources.times import BadTime, day_in, instant_reader, parse_day, parse_time

AT = datetime(2026, 9, 14, 9, 3, 10, tzinfo=JST)
DAY = date(2026, 9, 20)
MINUTE = AT.replace(second=0)


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("2026-09-14 09:03:10", AT),
        ("2026/9/14 9:03", MINUTE),
        ("2026.9.14 9:03:10", AT),
        ("2026-09-14T09:03:10+09:00", AT),
        ("2026-09-14T00:03:10Z", AT),
        ("2026-09-14T00:03:10.999Z", AT),
        ("2026-09-14 09:03:10+0900", AT),
        ("2026-09-14 09:03:10 +09", AT),
        ("2026-09-13T20:03:10-04:00", AT),
        ("2026-09-14 09:03:10 JST", AT),
        ("Mon, 14 Sep 2026 00:03:10 GMT", AT),
        ("20260914090310", AT),
        ("20260914090310.5", AT),
        ("202609140903", MINUTE),
        ("20260914 0903", MINUTE),
        ("20260914T090310", AT),
        ("260914090310", AT),
        ("2609140903", MINUTE),
        ("260914 0903", MINUTE),
        ("26/9/14 9:03", MINUTE),
        ("R8.9.14 9:03", MINUTE),
        ("令和8年9月14日 9時3分", MINUTE),
        ("令和8年9月14日(月)午前9時03分", MINUTE),
        ("2026年9月14日 9時3分10秒", AT),
        ("2026/9/14 9:03:10 AM", AT),
        ("14-Sep-2026 09:03:10", AT),
        ("Sep 14, 2026 9:03 AM", MINUTE),
        ("46279.37719907407", AT),
        ("1789344190", AT),
        ("1789344190999", AT),
        ("1789344190.9", AT),
    ],
)
def test_a_time_that_tells_its_day(text: str, at: datetime) -> None:
    assert parse_time(text) == at


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("9:03", time(9, 3)),
        ("9:3:5", time(9, 3, 5)),
        ("09:03:10", time(9, 3, 10)),
        ("09:03:10.9", time(9, 3, 10)),
        ("0903", time(9, 3)),
        ("903", time(9, 3)),
        ("83512", time(8, 35, 12)),
        ("083512", time(8, 35, 12)),
        ("9時3分", time(9, 3)),
        ("午前9時03分", time(9, 3)),
        ("午後0時5分", time(12, 5)),
        ("午前0:05", time(0, 5)),
        ("午後1時", time(13)),
        ("12:05 AM", time(0, 5)),
        ("12:05 pm", time(12, 5)),
        ("0:10", time(0, 10)),
        ("0.377199074", time(9, 3, 10)),
        ("1899-12-30 09:03:10", time(9, 3, 10)),
        ("1900/1/0 9:03", time(9, 3)),
    ],
)
def test_a_time_of_day_alone(text: str, at: time) -> None:
    assert parse_time(text) == at


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-09-14", date(2026, 9, 14)),
        ("2026/9/14 0:00", date(2026, 9, 14)),
        ("2026-09-14T00:00:00", date(2026, 9, 14)),
        ("20260914", date(2026, 9, 14)),
        ("46279", date(2026, 9, 14)),
        ("R8.9.14", date(2026, 9, 14)),
        ("260914", date(2026, 9, 14)),
        ("令和8年9月14日(月)", date(2026, 9, 14)),
        ("令和元年12月1日", date(2019, 12, 1)),
        ("14 September 2026", date(2026, 9, 14)),
    ],
)
def test_a_day(text: str, day: date) -> None:
    assert parse_day(text) == day


def test_day_and_month_where_the_year_stands_last() -> None:
    assert parse_day("9/14/2026", "mdy") == parse_day("14.09.2026", "dmy") == date(2026, 9, 14)
    assert parse_time("03/04/2026 9:03", "Asia/Tokyo", "dmy") == datetime(2026, 4, 3, 9, 3, tzinfo=JST)
    with pytest.raises(BadTime):
        parse_day("9/14/2026")
    assert parse_day("26/09/14") == parse_day("9/14/26", "mdy") == parse_day("14.9.26", "dmy") == date(2026, 9, 14)
    with pytest.raises(BadTime):
        parse_day("09/14/26")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("24:10", "時刻として読めません"),
        ("9:60", "時刻として読めません"),
        ("13:00 PM", "時刻として読めません"),
        ("", "時刻として読めません"),
        ("待ち", "時刻として読めません"),
        ("9", "時刻として読めません"),
        ("2026-02-30 9:00", "暦にない日付です"),
        ("R0.1.1 9:00", "暦にない日付です"),
        ("261314090310", "暦にない日付です"),
        ("190914090310", "時刻として読めません"),
        ("20261301 0900", "暦にない日付です"),
        ("2026-09-14", "日付だけで、時刻がありません"),
        ("20260914", "日付だけで、時刻がありません"),
        ("09:03+09:00", "時差の付いた時刻に日付がありません"),
        ("99999999999", "時刻として読めません"),
        ("0000000000", "2000年から2199年までの日時ではありません"),
        ("19990101 0900", "2000年から2199年までの日時ではありません"),
        ("٩:٠٣", "時刻として読めません"),
        ("9" * 5000, "時刻として読めません"),
    ],
)
def test_what_is_no_time_is_said_without_its_text(text: str, why: str) -> None:
    with pytest.raises(BadTime) as said:
        parse_time(text)
    assert str(said.value) == why


def test_the_day_comes_from_the_cell_then_its_column_then_the_file() -> None:
    read = instant_reader("Asia/Tokyo", "ymd")
    of_file = date(2026, 9, 12)
    assert read("2026-09-14 09:03:10", "2026-09-13", of_file, DAY) == AT
    assert read("09:03:10", "2026/9/14 0:00", of_file, DAY) == AT
    assert read("090310", "", date(2026, 9, 14), DAY) == AT
    with pytest.raises(BadTime, match="日付が分かりません"):
        read("9:03", "", None, DAY)


def test_local_times_of_other_zones_become_those_of_tokyo() -> None:
    """In summer Berlin is two hours ahead of UTC; the hour that is left out in March is none."""
    berlin = instant_reader("Europe/Berlin", "ymd")
    assert berlin("2026-09-14 02:03:10", "", None, DAY) == AT
    assert berlin("2026-12-14 01:03:10", "", None, DAY) == AT.replace(month=12)
    assert berlin("2026-09-14T09:03:10+09:00", "", None, DAY) == AT
    with pytest.raises(BadTime, match="夏時間"):
        berlin("2026-03-29 02:30", "", None, DAY)
    assert instant_reader("+05:30", "ymd")("2026-09-14 05:33:10", "", None, DAY) == AT


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("9/14 9:03:10", ""),
        ("09-14 09:03:10", ""),
        ("9月14日 9時3分10秒", ""),
        ("9/14(月) 9:03:10", ""),
        ("Sep 14 09:03:10", ""),
        ("14 Sep 09:03:10", ""),
        ("Mon, Sep 14 09:03:10", ""),
        ("9:03:10", "9/14"),
        ("9:03:10", "9月14日(月)"),
        ("9:03:10", "0914"),
    ],
)
def test_a_day_without_a_year_is_the_nearest_to_the_file(text: str, day: str) -> None:
    read = instant_reader("Asia/Tokyo", "ymd")
    assert read(text, day, None, DAY) == AT
    assert read(text, day, date(2026, 9, 14), date(2031, 1, 5)) == AT  # the name of the file knows better
    assert read(text, day, None, date(2027, 1, 5)) == AT  # read in the new year


def test_what_is_no_day_is_refused_without_a_year_too() -> None:
    read = instant_reader("Asia/Tokyo", "ymd")
    for text, day in (("13/14 9:03", ""), ("2/30 9:03", ""), ("9:03", "1314"), ("9/14/1 9:03", ""), ("9/14", "")):
        with pytest.raises(BadTime):
            read(text, day, None, DAY)
    assert instant_reader("Asia/Tokyo", "dmy")("14/9 9:03:10", "", None, DAY) == AT
    assert read("2/29 9:03", "", None, date(2028, 3, 1)).date() == date(2028, 2, 29)


@given(
    st.datetimes(datetime(2000, 1, 2), datetime(2099, 12, 30)).map(lambda at: at.replace(microsecond=0)),
    st.sampled_from(
        [
            "{at:%Y-%m-%d %H:%M:%S}",
            "{at.year}/{at.month}/{at.day} {at.hour}:{at:%M:%S}",
            "{at:%Y%m%d%H%M%S}",
            "{at:%Y-%m-%dT%H:%M:%S}.123456",
            "{at.year}年{at.month}月{at.day}日 {at.hour}時{at.minute}分{at.second}秒",
            "{at:%d-%b-%Y %H:%M:%S}",
        ]
    ),
)
def test_every_instant_is_read_as_it_was_written(at: datetime, form: str) -> None:
    text = form.format(at=at)
    assert parse_time(text) == at.replace(tzinfo=JST)


@given(st.datetimes(datetime(2002, 1, 2), datetime(2099, 12, 30)).map(lambda at: at.replace(microsecond=0)))
def test_numbers_of_seconds_and_of_spreadsheets_are_read(at: datetime) -> None:
    told = at.replace(tzinfo=UTC)
    seconds = int(told.timestamp())
    if len(str(seconds)) == 10 and at.year < 2042:
        assert parse_time(str(seconds)) == told
        assert parse_time(f"{seconds}999") == told
    serial = (at - datetime(1899, 12, 30)) / timedelta(days=1)
    assert parse_time(repr(serial)) == at.replace(tzinfo=JST)


@given(st.text(max_size=40) | st.from_regex(r"[0-9:/.\- TZ年月日時分AMP午前後R令和+]{1,30}", fullmatch=True))
def test_any_text_is_a_time_or_a_sentence(text: str) -> None:
    for read in (parse_time, parse_day):
        try:
            read(unicodedata.normalize("NFKC", text).strip())
        except BadTime as e:
            assert str(e).endswith(("です", "せん"))


def test_one_day_in_a_title_or_a_name() -> None:
    assert day_in("2026年9月14日(月)の窓口状況") == day_in("待ち状況(2026-09-14).csv") == date(2026, 9, 14)
    assert day_in("log_20260914.csv") == day_in("R8.9.14 受付") == date(2026, 9, 14)
    assert day_in("2026-09-14〜2026-09-15") is None
    assert day_in("CD26091400001.csv") is None
    assert day_in("2026-02-30") is None


def test_a_day_without_a_year_in_a_title_is_the_nearest() -> None:
    assert day_in("9月14日（月）の記録", date(2026, 9, 15)) == date(2026, 9, 14)
    assert day_in("12月28日の記録", date(2027, 1, 4)) == date(2026, 12, 28)
    assert day_in("2026年9月14日 9月1日現在", date(2026, 9, 15)) == date(2026, 9, 14)
    assert (
        day_in("9月14日〜9月15日", date(2026, 9, 15))
        is day_in("9月14日")
        is day_in("2月30日", date(2026, 9, 15))
        is None
    )
