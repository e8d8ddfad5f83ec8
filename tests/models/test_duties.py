"""Due dates of everything owed to the city against a table made without floorctl's calendar; rulings."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from pathlib import Path

import pytest

from floorctl.common.errors import UsageError
from floorctl.common.words import DUTIES
from floorctl.intake.site_file import load_site
from floorctl.models.register.contract_end import contract_end, days_left_text
from floorctl.models.register.duties import duties, reading
from floorctl.models.register.duty import Duty
from floorctl.models.register.meetings import agenda, meetings_to_hold
from floorctl.models.register.register import Register
from floorctl.models.site.site import Site
from tests.models.test_calendar import HOLIDAYS
from tests.story import Desk, kumagaya

START, END = date(2026, 7, 1), date(2028, 6, 30)

# ---- the independent table: weekdays by arithmetic, holidays as typed in test_calendar.py


def year_end(d: date) -> bool:
    return (d.month, d.day) >= (12, 29) or (d.month, d.day) <= (1, 3)


def is_weekday(d: date) -> bool:
    return d.weekday() < 5 and d.isoformat() not in HOLIDAYS and not year_end(d)


def saturday_rule(d: date, nth: tuple[int, ...]) -> bool:
    return d.weekday() == 5 and not year_end(d) and (d.month in (3, 4) or (d.day - 1) // 7 + 1 in nth)


def venue_open(d: date) -> bool:
    return date(2026, 7, 4) <= d <= END and (is_weekday(d) or saturday_rule(d, (2, 4, 5)))


def hall_open(d: date) -> bool:
    return is_weekday(d) or saturday_rule(d, (2, 4))


ALL_DAYS = [START + timedelta(days=n) for n in range((END - START).days + 30)]
VENUE_DAYS = [d for d in ALL_DAYS if venue_open(d)]
VENUE_DAYS_ON = VENUE_DAYS + [d for d in ALL_DAYS if d > END and is_weekday(d)]  # after the contract: weekdays
WEEKDAYS = [d for d in ALL_DAYS if is_weekday(d)]
HALL_DAYS = [d for d in ALL_DAYS if hall_open(d)]

MONTHLY = {  # 翌月第2週: Sunday-Saturday and Monday-Sunday, the last weekday of each, read off a wall calendar
    "2026-07": ("08-07", "08-07"), "2026-08": ("09-11", "09-11"), "2026-09": ("10-09", "10-09"),
    "2026-10": ("11-13", "11-06"), "2026-11": ("12-11", "12-11"), "2026-12": ("01-08", "01-08"),
    "2027-01": ("02-12", "02-12"), "2027-02": ("03-12", "03-12"), "2027-03": ("04-09", "04-09"),
    "2027-04": ("05-07", "05-07"), "2027-05": ("06-11", "06-11"), "2027-06": ("07-09", "07-09"),
    "2027-07": ("08-13", "08-06"), "2027-08": ("09-10", "09-10"), "2027-09": ("10-08", "10-08"),
    "2027-10": ("11-12", "11-12"), "2027-11": ("12-10", "12-10"), "2027-12": ("01-07", "01-07"),
    "2028-01": ("02-10", "02-10"), "2028-02": ("03-10", "03-10"), "2028-03": ("04-07", "04-07"),
    "2028-04": ("05-12", "05-12"), "2028-05": ("06-09", "06-09"), "2028-06": ("07-07", "07-07"),
}  # fmt: skip
ONCE = {
    ("plan", "2026-07-01"): "2026-06-17", ("manual", "2026-07-01"): "2026-06-17",
    ("training_plan", "2026-07-01"): "2026-06-17", ("pledges", "2026-07-01"): "2026-06-30",
    ("bcp", "2026-07-01"): "2026-06-30",
    ("annual_report", "FY2026"): "2027-03-31", ("annual_report", "FY2027"): "2028-03-31",
    ("annual_report", "FY2028"): "2028-06-30", ("handover_document", "2028-06-30"): "2028-04-28",
    ("training_record", "2026-12"): "2026-12-28", ("training_record", "2027-06"): "2027-06-30",
    ("training_record", "2027-12"): "2027-12-28", ("training_record", "2028-06"): "2028-06-30",
}  # fmt: skip


def nth_after(d: date, days: list[date], n: int = 1) -> date:
    return [x for x in days if x > d][n - 1]


def month_due(month: str, day: str) -> date:
    year = int(month[:4]) + (month[5:] == "12")
    return date.fromisoformat(f"{year}-{day}")


def table() -> dict[tuple[str, str], date]:
    """Every due date of the contract by the default readings."""
    found = {("daily_report", d.isoformat()): nth_after(d, VENUE_DAYS_ON) for d in VENUE_DAYS}
    found |= {("monthly_report", m): min(month_due(m, a), month_due(m, b)) for m, (a, b) in MONTHLY.items()}
    found |= {
        ("shift_table", m): max(d for d in [START - timedelta(days=1), *WEEKDAYS] if f"{d:%Y-%m}" < m) for m in MONTHLY
    }
    return found | {k: date.fromisoformat(v) for k, v in ONCE.items()}


# ---- what floorctl says


def owed(
    register: Register | None = None, today: date = START, site: Site | None = None
) -> dict[tuple[str, str], Duty]:
    site, register = site or kumagaya(), register or Register()
    return {(d.duty, d.key): d for d in duties(site, register, register.calendar(site), today)}


def of(desk: Desk, duty: str, key: str) -> Duty:
    register = desk.session.register()
    return owed(register, desk.session.today, desk.site)[duty, key]


def due(desk: Desk, duty: str, key: str) -> str:
    return of(desk, duty, key).due.isoformat()


def test_the_independent_table_is_that_of_the_specification() -> None:
    """SPEC 0.3: 546 open days; the readings of 翌営業日 differ on 64 of them, those of 3開庁日 on 192."""
    assert len(VENUE_DAYS) == 546
    assert sum(nth_after(d, VENUE_DAYS_ON) != nth_after(d, WEEKDAYS) for d in VENUE_DAYS) == 64
    three = [{nth_after(d, days, 3) for days in (VENUE_DAYS_ON, HALL_DAYS, WEEKDAYS)} for d in VENUE_DAYS]
    assert sum(len(readings) > 1 for readings in three) == 192


def test_the_whole_contract() -> None:
    found = owed()
    assert {k: d.due for k, d in found.items()} == table()
    assert Counter(d.duty for d in found.values())["daily_report"] == 546
    assert [d.due for d in found.values()] == sorted(d.due for d in found.values())
    assert all(d.rule and d.about and d.state in ("open", "overdue") for d in found.values())


# ---- readings (協議事項)

READINGS = [
    ("A1", "venue_day", "daily_report", "2026-08-28", "2026-08-29"),
    ("A1", "weekday", "daily_report", "2026-08-28", "2026-08-31"),
    ("A1", "weekday", "daily_report", "2026-09-18", "2026-09-24"),
    ("A2", "venue_days", "minutes", "M-1", "2026-09-01"),
    ("A2", "hall_days", "minutes", "M-1", "2026-09-02"),
    ("A2", "weekdays", "minutes", "M-1", "2026-09-02"),
    ("A3", "earliest", "monthly_report", "2026-10", "2026-11-06"),
    ("A3", "sun_sat", "monthly_report", "2026-10", "2026-11-13"),
    ("A3", "mon_sun", "monthly_report", "2026-10", "2026-11-06"),
    ("A3", "by_14th", "monthly_report", "2026-10", "2026-11-13"),
    ("A3", "by_14th", "monthly_report", "2026-09", "2026-10-14"),
    ("A3", "second_full_week", "monthly_report", "2026-09", "2026-10-16"),
    ("A4", "first_counter_day", "plan", "2026-07-01", "2026-06-22"),
    ("A4", "first_counter_day", "pledges", "2026-07-01", "2026-07-03"),
    ("A5", "previous_city_day", "handover_document", "2028-06-30", "2028-04-28"),
    ("A5", "as_is", "handover_document", "2028-06-30", "2028-04-30"),
    ("A6", "fiscal_year_end", "annual_report", "FY2028", "2029-03-31"),
]


@pytest.mark.parametrize(("question", "code", "duty", "key", "expected"), READINGS)
def test_each_reading(desk: Desk, question: str, code: str, duty: str, key: str, expected: str) -> None:
    desk.does("meeting.held", form="daily", held_on="2026-08-28")
    desk.does("ruling.made", question=question, reading=code, from_on="2026-07-01")
    d = of(desk, duty, key)
    assert d.due.isoformat() == expected
    words = kumagaya().question_by_code[question].reading_name(code)
    assert f"{words}（{question}）" in d.rule


def test_a_ruling_changes_later_ones_only(desk: Desk) -> None:
    """Over the whole contract: what was reported before the day keeps its date, whenever it is due."""
    before = table()
    desk.does("ruling.made", question="A1", reading="weekday", from_on="2026-10-01")
    desk.does("ruling.made", question="A3", reading="sun_sat", from_on="2026-11-01")
    after = {k: d.due for k, d in owed(desk.session.register()).items()}
    changed = {k for k, day in before.items() if after[k] != day}
    assert {key for duty, key in changed if duty == "daily_report"} == {
        d.isoformat()
        for d in VENUE_DAYS
        if d >= date(2026, 10, 1) and nth_after(d, VENUE_DAYS_ON) != nth_after(d, WEEKDAYS)
    }
    assert {key for duty, key in changed if duty == "monthly_report"} == {"2027-07"}  # not October, which ended before
    assert {duty for duty, _ in changed} == {"daily_report", "monthly_report"}


def test_rulings_count_by_their_beginning(desk: Desk) -> None:
    """A later ruling on an earlier time does not touch what one from a later day on says."""
    desk.does("ruling.made", question="A1", reading="weekday", from_on="2026-11-01")
    desk.does("ruling.made", question="A1", reading="venue_day", from_on="2026-10-01")
    register, site = desk.session.register(), desk.site
    days = [date(2026, 9, 30), date(2026, 10, 31), date(2026, 11, 1)]
    assert [reading(site, register, "A1", d) for d in days] == ["venue_day", "venue_day", "weekday"]
    desk.does("ruling.made", question="A1", reading="venue_day", from_on="2026-11-01")
    assert reading(site, desk.session.register(), "A1", days[2]) == "venue_day"
    desk.undoes()
    assert reading(site, desk.session.register(), "A1", days[2]) == "weekday"


def test_what_a_ruling_must_be(desk: Desk) -> None:
    desk.refuses(
        "ruling.made", "venue_day（次の開場日）", "weekday", question="A1", reading="sunday", from_on="2026-10-01"
    )
    desk.refuses("ruling.made", "契約期間より後", question="A1", reading="weekday", from_on="2028-07-01")
    assert desk.does("ruling.made", question="A1", reading="weekday", from_on="2026-10-01")
    assert desk.does("ruling.made", question="A1", reading="weekday", from_on="2026-10-01") == []
    desk.does("ruling.made", question="A9", reading="other", from_on="2026-10-01")
    assert "記録だけ" in desk.session.warnings[0] and "weekday_hours" in desk.session.warnings[0]
    desk.does("ruling.made", question="A2", reading="weekdays", from_on="2026-09-01")
    assert "遡った" in desk.session.warnings[0]


def test_the_site_names_all_fifteen_questions() -> None:
    questions = kumagaya().questions
    assert [q.code for q in questions] == [f"A{n}" for n in range(1, 16)]
    assert all(len(q.readings) > 1 and q.clause for q in questions)
    assert all(q.setting for q in questions if q.code in {f"A{n}" for n in range(7, 16)} - {"A13"})


def _site_with(tmp_path: Path, old: str, new: str) -> Path:
    path = tmp_path / "site.toml"
    text = (Path(__file__).parents[2] / "data" / "kumagaya.toml").read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")
    return path


def test_a_site_file_with_an_unknown_reading_is_refused(tmp_path: Path) -> None:
    wrong = _site_with(tmp_path, '{ code = "weekday", name', '{ code = "someday", name')
    with pytest.raises(UsageError, match="A1 に someday という扱いはありません"):
        load_site(wrong)
    wrong = _site_with(tmp_path, 'default = "venue_day"', 'default = "never"')
    with pytest.raises(UsageError, match="default：never"):
        load_site(wrong)


def test_a_site_without_questions_has_the_same_dates(tmp_path: Path) -> None:
    text = (Path(__file__).parents[2] / "data" / "kumagaya.toml").read_text("utf-8")
    path = tmp_path / "site.toml"
    path.write_text(text[: text.index("[duties]")], "utf-8")
    assert {k: d.due for k, d in owed(site=load_site(path)).items()} == table()


def test_shift_tables_at_the_agreed_interval(tmp_path: Path) -> None:
    site = load_site(_site_with(tmp_path, "shift_table_months = 1", "shift_table_months = 6"))
    found = [(d.key, d.about, str(d.due)) for d in owed(site=site).values() if d.duty == "shift_table"]
    assert found[0] == ("2026-07", "2026年7月から12月分", "2026-06-30")
    assert [(key, due) for key, _, due in found[1:]] == [
        ("2027-01", "2026-12-28"), ("2027-07", "2027-06-30"), ("2028-01", "2027-12-28"),
    ]  # fmt: skip


# ---- the calendar as agreed


def test_an_extra_day_is_reported_and_is_the_next_open_day(desk: Desk) -> None:
    desk.does("calendar.extra", date="2026-09-20", reason="繁忙", agreed_on="2026-09-10")
    assert due(desk, "daily_report", "2026-09-18") == "2026-09-20"
    assert due(desk, "daily_report", "2026-09-20") == "2026-09-24"


def test_a_closed_day_is_not_reported_and_is_no_next_day(desk: Desk) -> None:
    desk.does("calendar.closed", date="2026-09-15", reason="台風", agreed_on="2026-09-14")
    assert due(desk, "daily_report", "2026-09-14") == "2026-09-16"
    assert ("daily_report", "2026-09-15") not in owed(desk.session.register())


# ---- changes of staff (仕様書 5(4)①)


@pytest.mark.parametrize(
    ("effective", "notify"),
    [("2027-03-31", "2027-02-28"), ("2026-10-31", "2026-09-30"), ("2028-03-31", "2028-02-29"), ("2026-12-01", "2026-11-01")],
)  # fmt: skip
def test_leaving_and_joining_a_month_before(desk: Desk, effective: str, notify: str) -> None:
    desk.does("staff.registered", staff="S01", pledge_on="2026-06-25")
    desk.does("staff.registered", staff="S01", pledge_on="2026-06-25", left_on=effective)
    desk.does("staff.registered", staff="S09", pledge_on=effective)
    for code, word in (("S01", "離任"), ("S09", "着任")):
        d = of(desk, "staff_change", f"{code}:{effective}")
        assert d.due.isoformat() == notify and word in d.about
    assert of(desk, "staff_change", f"S01:{effective}").state == "open"


def test_the_first_roster_is_no_change(desk: Desk) -> None:
    desk.does("staff.registered", staff="S01")
    desk.does("staff.registered", staff="S02", pledge_on="2026-08-01")
    desk.does("staff.registered", staff="S03", pledge_on="2026-06-20", left_on="2028-06-30")
    assert [k for k in owed(desk.session.register()) if k[0] == "staff_change"] == []
    desk.at("9:00", date(2026, 10, 1))
    desk.does("staff.registered", staff="S04")
    desk.does("staff.registered", staff="S05", pledge_on="2026-06-20")  # had been there from the start
    found = [d for k, d in owed(desk.session.register(), desk.session.today).items() if k[0] == "staff_change"]
    assert [(d.key, d.state) for d in found] == [("S04:2026-10-01", "overdue")]
    desk.does("duty.submitted", duty="staff_change", key="S04:2026-10-01")
    d = of(desk, "staff_change", "S04:2026-10-01")
    assert (d.state, d.late) == ("submitted", True)


# ---- submissions


def test_a_submission_and_its_history(desk: Desk) -> None:
    desk.does("staff.registered", staff="S01", role="site_manager", pledge_on="2026-06-20")
    desk.opens()
    desk.does("staff.changed", staff="S01", status="present")
    desk.does("charge.taken", staff="S01")
    assert of(desk, "daily_report", "2026-09-12").state == "open"  # due today
    assert of(desk, "daily_report", "2026-09-11").state == "overdue"
    desk.does("duty.submitted", duty="daily_report", key="2026-09-11", submitted_on="2026-09-12")
    d = of(desk, "daily_report", "2026-09-11")
    assert (d.state, d.submitted_on, d.by, d.late) == ("submitted", date(2026, 9, 12), "S01", False)
    desk.does("duty.submitted", duty="daily_report", key="2026-09-11", by="S02", note="差し替え")
    d = of(desk, "daily_report", "2026-09-11")
    assert (d.submitted_on, d.by, d.late, len(d.versions)) == (date(2026, 9, 14), "S02", True, 2)
    assert not d.came_late  # its first version was in time
    same = {"duty": "daily_report", "key": "2026-09-11", "by": "S02", "note": "差し替え"}
    assert desk.does("duty.submitted", **same) == []
    desk.undoes()
    assert of(desk, "daily_report", "2026-09-11").submitted_on == date(2026, 9, 12)


def test_an_approval_leaves_the_day_of_the_submission(desk: Desk) -> None:
    desk.does("duty.submitted", duty="manual", key="2026-07-01", submitted_on="2026-06-16", by="S01")
    assert of(desk, "manual", "2026-07-01").awaits_approval
    desk.does("duty.submitted", duty="manual", key="2026-07-01", approved_on="2026-06-20")
    d = of(desk, "manual", "2026-07-01")
    assert (d.submitted_on, d.by, d.approved_on) == (date(2026, 6, 16), "S01", date(2026, 6, 20))
    assert not d.awaits_approval
    desk.does("duty.submitted", duty="manual", key="2026-07-01", note="更新")  # 更新時も同様
    assert of(desk, "manual", "2026-07-01").awaits_approval


def test_what_is_no_submission(desk: Desk) -> None:
    def refuses(*words: str, **fields: str) -> None:
        desk.refuses("duty.submitted", *words, **fields)

    refuses("daily_report", "floorctl duties", duty="weekly_report", key="2026-09-11")
    refuses("開場日を YYYY-MM-DD", duty="daily_report", key="2026-09-13")
    refuses("key は 2026-07・2026-08", duty="monthly_report", key="2026-06")
    refuses("先に会議", duty="minutes", key="M-1")
    refuses("先に名簿", duty="staff_change", key="S01:2026-10-01")
    refuses("まだ来ていない日", duty="daily_report", key="2026-09-11", submitted_on="2026-09-15")
    refuses("9/15（火）の閉場後", duty="daily_report", key="2026-09-15")
    refuses("承認された日がまだ", duty="manual", key="2026-07-01", approved_on="2026-09-15")
    refuses("提出した日より前", duty="manual", key="2026-07-01", submitted_on="2026-06-17", approved_on="2026-06-16")


@pytest.mark.parametrize(
    ("duty", "key", "day", "when"),
    [
        ("daily_report", "2026-09-14", "2026-09-14", "9/14（月）の閉場後"),
        ("monthly_report", "2026-09", "2026-09-30", "9/30（水）の閉場後"),
        ("monthly_report", "2026-10", "2026-10-31", "10/31（土）の閉場後"),  # a 5th Saturday: the venue is open
        ("monthly_report", "2027-01", "2027-01-30", "1/30（土）の閉場後"),  # the 31st is a Sunday
        ("monthly_report", "2027-02", "2027-02-27", "2/27（土）の閉場後"),
        ("monthly_report", "2026-12", "2026-12-28", "12/28（月）の閉場後"),  # 年末年始
        ("annual_report", "FY2026", "2027-03-31", "3/31（水）の閉場後"),
        ("annual_report", "FY2028", "2028-06-30", "6/30（金）の閉場後"),
        ("training_record", "2026-12", "2026-12-28", "12/28（月）から"),
    ],
)
def test_a_report_is_handed_in_once_its_period_has_ended(desk: Desk, duty: str, key: str, day: str, when: str) -> None:
    """Its last open day counts, and of that day the close, else the closing of the hall."""
    last = date.fromisoformat(day)
    desk.at("17:30", last - timedelta(days=1))
    desk.refuses("duty.submitted", f"提出できるのは {when}", duty=duty, key=key)
    desk.at("12:00", last)
    if duty != "training_record":
        desk.refuses("duty.submitted", f"提出できるのは {when}", duty=duty, key=key)
        desk.at("17:15", last)
    assert desk.does("duty.submitted", duty=duty, key=key)
    assert not of(desk, duty, key).late


def test_a_day_closed_early_is_reported_at_once(desk: Desk) -> None:
    desk.opens()
    desk.does("day.closed")
    assert desk.does("duty.submitted", duty="daily_report", key="2026-09-14")


def test_the_end_of_the_contract_is_known_without_the_daily_reports(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The board asks for it with its first picture: two years of days would be a tenth of that."""
    register = desk.session.register()
    listed = [
        d for d in duties(desk.site, register, register.calendar(desk.site), START) if d.duty == "handover_document"
    ]
    monkeypatch.delattr("floorctl.models.register.duties._Rules.all")
    assert [contract_end(desk.site, register, START).document] == listed


def test_the_end_of_the_contract_is_announced_and_counted_down(desk: Desk) -> None:
    """仕様書 10, 11: from 2 months before the end; the document is due on the weekday before."""

    def banner(day: date) -> str:
        return contract_end(desk.site, desk.session.register(), day).banner

    assert banner(date(2028, 2, 27)) == ""
    assert banner(date(2028, 2, 28)) == banner(date(2028, 4, 29))
    assert banner(date(2028, 4, 29)) == "引継ぎ 4/30（日）から 業務引継書 4/28（金）まで"
    assert banner(date(2028, 4, 30)) == "引継ぎ期間 あと61日 業務引継書 4/28（金）まで・未提出"
    desk.at("10:00", date(2028, 4, 27))
    desk.does("duty.submitted", duty="handover_document", key="2028-06-30")
    assert banner(date(2028, 4, 28)) == "引継ぎ 4/30（日）から 業務引継書 提出済"
    assert banner(date(2028, 6, 29)) == "引継ぎ期間 あと1日"
    assert banner(date(2028, 6, 30)) == "引継ぎ期間 今日まで"
    assert banner(date(2028, 7, 1)) == days_left_text(-1) == ""


# ---- meetings (仕様書 9)


def test_minutes_of_a_meeting(desk: Desk) -> None:
    desk.does("meeting.held", form="operations", held_on="2026-08-28", supervisors=1, heads=("進捗報告",))
    assert "翌月計画・課題共有・改善提案・要員計画" in desk.session.warnings[0]
    d = of(desk, "minutes", "M-1")
    assert (d.due.isoformat(), d.state) == ("2026-09-01", "overdue")
    assert d.rule == "開催後3開庁日以内＝会場の開場日で数える（A2）"
    desk.does("meeting.held", form="operations", held_on="2026-09-14")
    assert "監督員1名以上" in desk.session.warnings[0]
    assert due(desk, "minutes", "M-2") == "2026-09-17"
    desk.refuses("meeting.held", "まだ来ていない", form="operations", held_on="2026-09-15")
    desk.refuses("meeting.held", "事案はありません", form="emergency", held_on="2026-09-14", incident="I-9")


def test_meetings_to_hold(desk: Desk) -> None:
    def to_hold() -> list[tuple[str, str]]:
        return [(h.form, h.key) for h in meetings_to_hold(desk.site, desk.session.register(), desk.session.today)]

    assert to_hold() == [("operations", "2026-09")]
    desk.does("meeting.held", form="operations", held_on="2026-09-02", supervisors=1)
    desk.does("incident.opened", category="complaint", summary="大声の苦情")
    assert to_hold() == []
    desk.does("incident.amended", incident="I-1", serious=True)
    assert to_hold() == [("emergency", "I-1")]
    desk.does("meeting.held", form="emergency", held_on="2026-09-14", incident="I-1")
    assert to_hold() == []
    desk.at("9:00", date(2026, 10, 1))
    assert to_hold() == [("operations", "2026-10")]


def test_the_agenda_has_the_five_heads(desk: Desk) -> None:
    desk.does("incident.opened", category="other", summary="照明の不具合")
    desk.does("staff.registered", staff="S01", pledge_on="2026-06-20", left_on="2026-10-31")
    register = desk.session.register()
    heads = dict(agenda(desk.site, register, register.calendar(desk.site), desk.session.today))
    assert list(heads) == ["進捗報告", "翌月計画", "課題共有", "改善提案", "要員計画"]
    opened = sum(d.month == 9 and d.day <= 14 and d.year == 2026 for d in VENUE_DAYS)
    assert heads["進捗報告"] == f"開場 {opened}日目／21日"
    assert heads["翌月計画"] == "10月の開場 24日"
    assert "1件" in heads["課題共有"] and "S01" in heads["要員計画"]


def test_every_code_of_the_contract_has_its_words() -> None:
    assert list(DUTIES) == [
        "daily_report", "minutes", "monthly_report", "annual_report", "handover_document", "plan", "manual", "pledges",
        "bcp", "shift_table", "training_plan", "training_record", "staff_change",
    ]  # fmt: skip
