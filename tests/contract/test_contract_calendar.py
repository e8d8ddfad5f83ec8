"""Contract 1: calendar, against counts that were made independently (SPEC section 4)."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import pytest
from contract_cli import ROOT, run
from contract_steps import fields
from contract_words import DAYS_OF_A_KIND, SERVICES

START, END = date(2026, 7, 1), date(2028, 6, 30)
# SPEC section 4: open days by month, July 2026 to June 2028
BY_MONTH = [21, 23, 21, 24, 21, 22, 22, 20, 26, 25, 21, 24, 24, 23, 22, 23, 22, 22, 22, 21, 26, 25, 22, 24]
FIFTH_SATURDAYS = ["2026-08-29", "2026-10-31", "2027-01-30", "2027-05-29", "2027-07-31", "2027-10-30", "2028-01-29"]
OPEN_KINDS = {"weekday", "saturday", "saturday_peak", "extra"}


def calendar(start: str, end: str) -> list[dict]:
    result = run("calendar", "--from", start, "--to", end, "--json")
    assert result.status == 0, result
    return result.json


@cache
def contract_days() -> dict[str, dict]:
    return {x["date"]: x for x in calendar(START.isoformat(), END.isoformat())}


def test_fields() -> None:
    """«[{"date","weekday":"月","open":bool,"hall_open":bool,"kind","reason","services":{code:["08:30","17:00"]}}]»"""
    (day,) = calendar("2026-09-14", "2026-09-14")
    fields(day, "date", "weekday", "open", "hall_open", "kind", "reason", "services")
    assert (day["date"], day["weekday"], day["open"], day["hall_open"]) == ("2026-09-14", "月", True, True)
    assert day["kind"] == "weekday"
    assert day["services"] == {code: [start, end] for code, _, start, end in SERVICES}


def test_both_ends_included() -> None:
    """«both ends included»"""
    assert [x["date"] for x in calendar("2026-09-12", "2026-09-14")] == ["2026-09-12", "2026-09-13", "2026-09-14"]
    assert list(contract_days()) == [(START + timedelta(n)).isoformat() for n in range(731)]


def test_weekdays() -> None:
    """«"weekday":"月"»"""
    assert [x["weekday"] for x in calendar("2026-09-14", "2026-09-20")] == list("月火水木金土日")


def test_the_number_of_days_of_each_kind() -> None:
    """«`kind`, the first that fits»: 731 days as counted independently."""
    assert Counter(x["kind"] for x in contract_days().values()) == DAYS_OF_A_KIND


def test_open_days_by_month() -> None:
    """«`open`: the venue receives visitors»: 546 days."""
    months = Counter(d[:7] for d, x in contract_days().items() if x["open"])
    assert list(months.values()) == BY_MONTH
    assert sum(BY_MONTH) == 546


def test_open_follows_the_kind() -> None:
    """Open on weekdays and the Saturdays of the specification, on nothing else."""
    assert all(x["open"] is (x["kind"] in OPEN_KINDS) for x in contract_days().values())


@pytest.mark.parametrize(
    ("day", "kind"),
    [
        ("2026-06-30", "outside_contract"),
        ("2028-07-01", "outside_contract"),
        ("2020-01-05", "outside_contract"),
        ("2026-07-01", "training_closure"),
        ("2026-07-03", "training_closure"),
        ("2026-07-04", "saturday_closed"),
        ("2026-07-05", "sunday"),
        ("2026-07-06", "weekday"),
        ("2026-07-11", "saturday"),
        ("2026-07-18", "saturday_closed"),
        ("2026-07-20", "holiday"),
        ("2026-07-25", "saturday"),
        ("2026-08-29", "saturday"),
        ("2026-09-22", "holiday"),
        ("2026-12-28", "weekday"),
        ("2026-12-29", "year_end"),
        ("2026-12-31", "year_end"),
        ("2027-01-01", "holiday"),
        ("2027-01-02", "year_end"),
        ("2027-01-03", "sunday"),
        ("2027-01-04", "weekday"),
        ("2027-03-06", "saturday_peak"),
        ("2027-03-22", "holiday"),
        ("2027-04-03", "saturday_peak"),
        ("2027-05-01", "saturday_closed"),
        ("2028-01-01", "year_end"),
        ("2028-03-20", "holiday"),
        ("2028-04-29", "saturday_peak"),
        ("2028-05-06", "saturday_closed"),
        ("2028-06-30", "weekday"),
    ],
)
def test_the_kind_of_a_day(day: str, kind: str) -> None:
    """«`kind`, the first that fits: `outside_contract` … `sunday` `holiday` (Mon to Fri) `year_end` `saturday_peak` …»"""
    (found,) = calendar(day, day)
    assert (found["kind"], found["open"]) == (kind, kind in OPEN_KINDS)


def test_hall_on_fifth_saturdays() -> None:
    """«`hall_open`: … false on 5th Saturdays» while the venue opens; 2028-04-29 is one of April's."""
    days = contract_days()
    assert [d for d, x in days.items() if x["open"] and not x["hall_open"]] == FIFTH_SATURDAYS
    assert days["2028-04-29"]["hall_open"] is True


def test_hall_on_training_days() -> None:
    """«`hall_open`: the main building is open, independently (true on the training days …)»"""
    days = contract_days()
    closed_but_hall_open = [d for d, x in days.items() if x["hall_open"] and not x["open"]]
    assert closed_but_hall_open == ["2026-07-01", "2026-07-02", "2026-07-03"]


def test_the_hall_follows_its_own_calendar() -> None:
    """Sundays, holidays and year ends are closed for both."""
    for x in contract_days().values():
        if x["kind"] in ("sunday", "holiday", "year_end"):
            assert (x["open"], x["hall_open"]) == (False, False)


def test_services_of_open_days() -> None:
    """«"services":{code:["08:30","17:00"]}»: each service with its own hours, Saturdays alike."""
    expected = {code: [start, end] for code, _, start, end in SERVICES}
    assert all(x["services"] == expected for x in contract_days().values() if x["open"])


def test_training_days_give_a_reason() -> None:
    """`reason`"""
    assert "研修" in contract_days()["2026-07-01"]["reason"]


def test_without_json() -> None:
    """For the eye: a line a day."""
    result = run("calendar", "--from", "2026-09-12", "--to", "2026-09-14")
    assert result.status == 0
    assert [line[:10] for line in result.out.splitlines()[-3:]] == ["2026-09-12", "2026-09-13", "2026-09-14"]


def test_an_emergency_closure_and_an_extra_day(tmp_path: Path) -> None:
    """«`kind`, the first that fits: `outside_contract` `closed_emergency` `extra` …»: by the overrides of the site file."""
    site = tmp_path / "site.toml"
    text = (ROOT / "data" / "kumagaya.toml").read_text("utf-8")
    for day, kind, reason, agreed_on in (
        ("2026-09-14", "closed_emergency", "台風", "2026-09-13"),
        ("2026-09-13", "extra", "繁忙", "2026-09-01"),
    ):
        text += f'\n[[calendar.overrides]]\ndate = {day}\nkind = "{kind}"\nreason = "{reason}"\n'
        text += f'agreed_on = {agreed_on}\nagreed_with = "市民課"\n'
    site.write_text(text, "utf-8")
    result = run("--site", site, "calendar", "--from", "2026-09-13", "--to", "2026-09-14", "--json")
    assert [(x["kind"], x["open"]) for x in result.json] == [("extra", True), ("closed_emergency", False)]
