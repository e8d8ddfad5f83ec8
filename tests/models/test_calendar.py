"""The calendar against a list of all 731 days of the contract that is made here from scratch, and its exceptions."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date, time, timedelta

import pytest
from dateutil.rrule import MONTHLY, SA, rrule
from hypothesis import given
from hypothesis import strategies as st
from pydantic_core import ValidationError

from floorctl.common.words import DAY_KINDS as KIND_WORDS
from floorctl.intake.site_file import load_site
from floorctl.intake.toml_model import checked
from floorctl.models.site.calendar import DAY_KINDS, OPEN_KINDS, Calendar, DayInfo, _nth, _saturdays
from floorctl.models.site.calendar_rules import Override
from floorctl.models.site.part import contradictions
from floorctl.models.site.site import Site

START, END = date(2026, 7, 1), date(2028, 6, 30)

# Typed from the law and the Cabinet Office's list, not computed: substitutes and the 国民の休日 between two holidays too.
_TYPED = """
    2026-07-20 海の日  2026-08-11 山の日  2026-09-21 敬老の日  2026-09-22 国民の休日  2026-09-23 秋分の日
    2026-10-12 スポーツの日  2026-11-03 文化の日  2026-11-23 勤労感謝の日  2027-01-01 元日  2027-01-11 成人の日
    2027-02-11 建国記念の日  2027-02-23 天皇誕生日  2027-03-21 春分の日  2027-03-22 振替休日  2027-04-29 昭和の日
    2027-05-03 憲法記念日  2027-05-04 みどりの日  2027-05-05 こどもの日  2027-07-19 海の日  2027-08-11 山の日
    2027-09-20 敬老の日  2027-09-23 秋分の日  2027-10-11 スポーツの日  2027-11-03 文化の日
    2027-11-23 勤労感謝の日  2028-01-01 元日  2028-01-10 成人の日  2028-02-11 建国記念の日  2028-02-23 天皇誕生日
    2028-03-20 春分の日  2028-04-29 昭和の日  2028-05-03 憲法記念日  2028-05-04 みどりの日  2028-05-05 こどもの日
"""
HOLIDAYS = dict(zip(_TYPED.split()[::2], _TYPED.split()[1::2], strict=True))
YEAR_END = {(12, 29), (12, 30), (12, 31), (1, 1), (1, 2), (1, 3)}


def expected(day: date) -> tuple[bool, bool, str]:
    """(open, hall_open, kind) by 仕様書 6 and 8, written without any part of the calendar."""
    holiday = day.isoformat() in HOLIDAYS
    year_end = (day.month, day.day) in YEAR_END
    peak = day.month in (3, 4)
    nth = 1
    while (day - timedelta(days=7 * nth)).month == day.month:
        nth += 1
    match day.isoweekday():
        case 7:
            kind, hall = "sunday", False
        case 6:
            kind = "saturday_peak" if peak else "saturday" if nth in (2, 4, 5) else "saturday_closed"
            kind = "year_end" if year_end else kind
            hall = not year_end and (peak or nth in (2, 4))
        case _:
            kind = "holiday" if holiday else "year_end" if year_end else "weekday"
            hall = kind == "weekday"
    if date(2026, 7, 1) <= day <= date(2026, 7, 3):
        kind = "training_closure"
    return kind in ("weekday", "saturday", "saturday_peak"), hall, kind


@pytest.fixture(scope="module")
def site() -> Site:
    return load_site()


@pytest.fixture(scope="module")
def calendar(site: Site) -> Calendar:
    return Calendar(site)


@pytest.fixture(scope="module")
def contract_days(calendar: Calendar) -> list[DayInfo]:
    return calendar.between(START, END)


def on(calendar: Calendar, day: str) -> DayInfo:
    return calendar.day_info(date.fromisoformat(day))


def changed(site: Site, **parts: object) -> Site:
    """Another site, checked again."""
    return checked(Site, {f.name: getattr(site, f.name) for f in fields(site)} | parts)


def override(day: str, kind: str = "extra", agreed: str = "2026-07-01", reason: str = "更新件数の増加") -> Override:
    return checked(
        Override,
        {"date": date.fromisoformat(day), "kind": kind, "reason": reason, "agreed_on": date.fromisoformat(agreed)},
    )


# ---- the whole contract


def test_every_day_of_the_contract_is_as_the_independent_list_says(contract_days: list[DayInfo]) -> None:
    assert [d.date for d in contract_days] == [START + timedelta(days=n) for n in range(731)]
    found = {str(d.date): (d.open, d.hall_open, d.kind) for d in contract_days}
    assert found == {str(d.date): expected(d.date) for d in contract_days}


def test_holidays_have_their_names_and_plain_weekdays_no_reason(contract_days: list[DayInfo]) -> None:
    for d in contract_days:
        if d.kind == "holiday":
            assert HOLIDAYS[str(d.date)] in d.reason
        assert (d.reason == "") == (d.kind == "weekday")
        assert d.weekday == "日月火水木金土"[int(f"{d.date:%w}")]


@pytest.mark.parametrize(("day", "hall"), [("06-30", True), ("06-27", True), ("06-28", False), ("05-05", False)])
def test_outside_the_contract_the_hall_goes_on(calendar: Calendar, day: str, hall: bool) -> None:
    info = on(calendar, f"2026-{day}")  # a weekday, a 4th Saturday, a Sunday, a holiday
    assert (info.open, info.hall_open, info.kind) == (False, hall, "outside_contract")


def test_reasons_say_what_is_odd_about_the_day(calendar: Calendar) -> None:
    assert on(calendar, "2026-07-02").reason == "実機操作研修"
    assert on(calendar, "2026-09-22").reason == "国民の休日"
    assert on(calendar, "2026-07-04").reason == "第1土曜日は休み"
    assert on(calendar, "2026-08-29").reason == "第5土曜日、会場のみ開場、本庁舎は閉庁"
    assert on(calendar, "2028-04-29").reason == "4月は毎週土曜日に開場、祝日 昭和の日"
    assert "12月29日から1月3日まで" in on(calendar, "2027-12-30").reason
    assert "令和8年7月1日から令和10年6月30日まで" in on(calendar, "2026-06-30").reason


# ---- hours


def test_hours_of_a_weekday_may_be_set_apart(site: Site) -> None:
    pin_reset = replace(site.service_by_code["pin_reset"], weekday_hours={"土": (time(10), time(12))})
    services = tuple(pin_reset if s.code == "pin_reset" else s for s in site.services)
    calendar = Calendar(changed(site, services=services))
    assert on(calendar, "2026-07-11").services["pin_reset"] == (time(10), time(12))
    assert on(calendar, "2026-07-13").services["pin_reset"] == (time(8, 30), time(17))


# ---- exceptions (仕様書 6※)


def test_exceptions_come_in_the_order_of_the_contract(site: Site) -> None:
    both = (override("2026-07-12", "closed_emergency"), override("2026-07-12"))
    assert on(Calendar(site, both), "2026-07-12").kind == "closed_emergency"
    assert on(Calendar(site, both[::-1]), "2026-07-12").kind == "closed_emergency"
    assert on(Calendar(site, (override("2026-07-02"),)), "2026-07-02").kind == "extra"
    assert on(Calendar(site, (override("2028-07-03"),)), "2028-07-03").kind == "outside_contract"


def test_exceptions_of_the_site_file_hold_and_later_ones_win(site: Site) -> None:
    rules = replace(site.calendar, overrides=(override("2026-07-12", reason="一"),))
    other = changed(site, calendar=rules)
    assert on(Calendar(other), "2026-07-12").reason == "一"
    assert on(Calendar(other, (override("2026-07-12", reason="二"),)), "2026-07-12").reason == "二"


def test_an_extra_day_needs_an_agreement_before_it() -> None:
    with pytest.raises(ValidationError, match="agreed_on"):
        checked(Override, {"date": date(2026, 7, 12), "kind": "extra", "reason": "混雑"})
    assert [f.place for f in contradictions(override("2026-07-12", agreed="2026-07-13"))] == [("agreed_on",)]
    assert override("2026-07-12", agreed="2026-07-12").agreed_on == date(2026, 7, 12)
    assert override("2026-07-13", "closed_emergency", agreed="2026-07-14").kind == "closed_emergency"


# ---- questions of the commands


def test_next_open_day(calendar: Calendar, site: Site) -> None:
    def after(day: str) -> str:
        return str(calendar.next_open_day(date.fromisoformat(day)))

    assert after("2020-01-01") == after("2026-07-01") == after("2026-07-05") == "2026-07-06"
    assert after("2026-09-18") == "2026-09-24"
    assert after("2026-12-28") == "2027-01-04"
    assert after("2028-06-29") == "2028-06-30"
    assert after("2028-06-30") == after("9999-12-31") == "None"
    assert Calendar(site, (override("2026-07-05"),)).next_open_day(START) == date(2026, 7, 5)


def test_a_closed_day_says_the_reason_and_what_to_do(calendar: Calendar, site: Site) -> None:
    assert (calendar.day_info(date(2026, 7, 6)).reason, calendar.day_info(date(2026, 7, 6)).way_to_open) == ("", "")
    holiday = calendar.day_info(date(2026, 7, 20))
    assert holiday.reason == "海の日"
    assert "監督員と事前に協議し、追加就業日" in holiday.way_to_open
    assert "契約期間の中の日" in calendar.day_info(date(2028, 7, 3)).way_to_open
    storm = Calendar(site, (override("2026-10-01", "closed_emergency", reason="台風"),)).day_info(date(2026, 10, 1))
    assert storm.reason == "台風"
    assert "追加就業日" not in storm.way_to_open


def test_between_includes_both_ends_and_nothing_is_between_late_and_early(calendar: Calendar) -> None:
    assert [d.date for d in calendar.between(START, START)] == [START]
    assert calendar.between(END, START) == []
    assert calendar.between(date(9999, 12, 31), date.max)[0].kind == "outside_contract"


# ---- rules are data


def test_other_rules_give_another_calendar(site: Site) -> None:
    rules = replace(
        site.calendar,
        saturdays_nth=(),
        hall_saturdays_nth=(),
        saturday_peak_months=(),
        year_end_from="01-03",
        year_end_to="01-03",
        training=(),
    )
    days = Calendar(changed(site, calendar=rules)).between(START, END)
    assert {d.kind for d in days if d.date.isoweekday() == 6} == {"saturday_closed"}
    assert not any(d.hall_open for d in days if d.date.isoweekday() == 6)
    assert [str(d.date) for d in days if d.kind == "year_end"] == ["2028-01-03"]
    assert next(d for d in days if d.open).date == START


def test_every_kind_has_a_word() -> None:
    assert set(DAY_KINDS) == set(KIND_WORDS)


# ---- properties (hypothesis takes no fixtures of a wider scope)

SITE = load_site()
CALENDAR = Calendar(SITE)
days_of_contract = st.dates(START, END)
exceptions = st.lists(
    st.builds(
        lambda day, kind: override(str(day), kind),
        st.dates(date(2026, 7, 1), date(2026, 9, 30)),
        st.sampled_from(["extra", "closed_emergency"]),
    ),
    max_size=40,
)


@given(st.dates(date(2026, 6, 1), date(2026, 10, 31)), exceptions)
def test_the_next_open_day_is_the_least_open_day_after(day: date, overrides: list[Override]) -> None:
    calendar = Calendar(SITE, overrides)
    found = calendar.next_open_day(day)
    assert found is not None
    assert found > day
    assert calendar.is_open(found)
    assert not any(d.open for d in calendar.between(day + timedelta(days=1), found - timedelta(days=1)))


@given(days_of_contract, exceptions)
def test_exceptions_change_their_own_day_alone_and_never_the_hall(day: date, overrides: list[Override]) -> None:
    plain, changed = Calendar(SITE).day_info(day), Calendar(SITE, overrides).day_info(day)
    kinds = {o.kind for o in overrides if o.date == day}
    if kinds:
        assert changed.kind == ("closed_emergency" if "closed_emergency" in kinds else "extra")
        assert changed.open == (changed.kind == "extra")
        assert changed.hall_open == plain.hall_open
    else:
        assert changed == plain


@given(st.dates())
def test_any_date_may_be_asked_and_its_parts_agree(day: date) -> None:
    info = CALENDAR.day_info(day)
    assert info.open == (info.kind in OPEN_KINDS) == CALENDAR.is_open(day) == bool(info.services)
    assert (info.kind == "outside_contract") == (not START <= day <= END)
    assert info.open or info.reason
    assert info.hall_open == CALENDAR.hall_open(day)


def test_saturdays_are_those_of_the_rule_of_icalendar() -> None:
    """RFC 5545 counts a weekday of a month as 仕様書 6 does; the calendar counts by itself, for a start loads what it imports."""
    for year in (2026, 2027, 2028, 2032, 9999):
        for nth in range(1, 6):
            rule = rrule(MONTHLY, dtstart=date(year, 1, 1), until=date(year, 12, 31), byweekday=SA(nth))
            assert [d for d in _saturdays(year) if _nth(d) == nth] == [at.date() for at in rule]
