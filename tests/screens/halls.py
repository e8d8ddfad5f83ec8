"""Halls in which stories of keys begin: lines of a feed, by name."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from tests import halls
from tests.screens.harness import joined, open_day
from tests.screens.team import at_work
from tests.story import MONDAY, Story, a_day, busy_day, instant, kumagaya

Lines = list[dict[str, Any]]


def quiet() -> Lines:
    """Open, and nobody is named: no break is missing."""
    return open_day()[:1]


def queue() -> Lines:
    """Two walk-ins and two appointments for a card; certificates that wait, are served, done, missed and gone."""
    story = Story(prefix="q")
    story.issues("A001", "card_issuance", "09:40", appointment="09:50", cards=3)
    story.issues("A002", "card_issuance", "09:35", appointment="10:40")
    story.issues("A003", "card_issuance", "09:05").issues("A004", "card_issuance", "09:45")
    for n, minute in ((1, 0), (2, 2), (3, 4), (4, 6), (5, 8), (41, 10)):
        story.issues(f"B{n:03d}", "cert_renewal", f"09:{minute:02d}")
    story.calls("B001", "T3", "09:10").calls("B002", "T5", "09:11").finishes("B002", "T5", "09:21")
    story.misses("B003", "09:30").leaves("B004", "09:31").tells("officials.changed", "09:55", present=2)
    return joined(open_day(), story)


def evening() -> Lines:
    """B041 and B042 wait, B043 is served, a case is open."""
    story = Story(prefix="t").issues("B041", at="16:50").issues("B042", at="16:51").issues("B043", at="16:52")
    story.calls("B043", "T3", "16:53")
    return joined(quiet(), story, Story(prefix="e").tells("escalation.raised", "16:54", escalation="E-1", matter="fee"))


def trouble() -> Lines:
    """A late opening, a terminal that failed."""
    story = Story(prefix="o").opens("08:34").tells("terminal.failed", "13:19", terminal="T7", fault="応答なし")
    return story.tells("terminal.repaired", "14:00", terminal="T7").lines


def morning() -> Lines:
    """B001 done, B002 served with a case, four wait."""
    story = Story(prefix="m")
    story.issues("B001", at="09:00").issues("B002", at="09:02").issues("A001", "card_issuance", "09:05")
    story.calls("B001", "T3", "09:10").finishes("B001", "T3", "09:20").calls("B002", "T3", "09:21")
    story.tells("escalation.raised", "09:30", escalation="E-1", matter="proxy", terminal="T3", ticket="B002")
    story.issues("B003", at="09:40").issues("B004", at="09:41")
    return joined(open_day(), story)


def customers() -> Story:
    """B041 is served at T6, A001 at T1."""
    story = Story(prefix="t").issues("B041", at="09:00").calls("B041", "T6", "09:01")
    return story.issues("A001", "card_issuance", at="09:02").calls("A001", "T1", "09:03")


def two_cases() -> Lines:
    """E-1 of T6 is open since 9:04; E-2 of T1 since 9:05, taken by C2 at 9:06."""
    story = Story(prefix="e")
    first = {"terminal": "T6", "ticket": "B041", "note": "委任状の写しあり"}
    story.tells("escalation.raised", "09:04", escalation="E-1", matter="pin_entry", **first)
    story.tells("escalation.raised", "09:05", escalation="E-2", matter="cert_decision", terminal="T1", ticket="A001")
    story.tells("escalation.taken", "09:06", escalation="E-2", official="C2")
    return joined(open_day(), customers(), story)


def work() -> Lines:
    """B041 is served at T6, B042 waits, a case of T6 is open, T8 has failed."""
    story = Story(prefix="t").issues("B041", at="09:00").calls("B041", "T6", "09:01").issues("B042", at="09:02")
    case = Story(prefix="e").tells("escalation.raised", "09:03", escalation="E-7", matter="fee", terminal="T6")
    return joined(open_day(), story, case.tells("terminal.failed", "09:04", terminal="T8", fault="カードR/W"))


def last_hour() -> Lines:
    """B041 waits, a case is open."""
    case = Story(prefix="e").tells("escalation.raised", "16:50", escalation="E-1", matter="fee")
    return joined(open_day(), Story(prefix="t").issues("B041", at="16:58"), case)


def busy() -> Lines:
    """B041 is served at T6, B042 waits, a case of nobody is open."""
    story = Story(prefix="t").issues("B041", at="09:00").calls("B041", "T6", "09:01").issues("B042", at="09:02")
    return joined(open_day(), story.tells("escalation.raised", "09:03", escalation="E-7", matter="fee"))


def two_at_work() -> Lines:
    """The team at two terminals, S04 has not come."""
    return [x for x in at_work(stands={"T1": "S01", "T2": "S02"}).lines if x.get("staff") != "S04"]


def three_hundred() -> Lines:
    story = Story(prefix="m")
    for n in range(1, 301):
        story.issues(f"B{n:03d}", "cert_renewal", f"{9 + n // 60:02d}:{n % 60:02d}")
    return joined(open_day(), story)


def busy_until(time: str) -> Callable[[], Lines]:
    """A busy day as far as it has gone; some wait."""
    return lambda: [x for x in busy_day() if x["at"] <= instant(time).isoformat()]


def late_comers() -> Lines:
    """59 who came between three and four."""
    story = Story(prefix="q")
    for n in range(59):
        story.issues(f"B{n:03d}", at=f"15:{n:02d}")
    return joined(open_day(), story)


def swamped() -> Lines:
    """Three terminals stand free for cards while thirty wait for certificates."""
    lanes = ["issuance"] * 3 + ["certificate"] * 5
    story = a_day().opens("08:25", **{f"T{n}": lane for n, lane in enumerate(lanes, 1)})
    for n in range(1, 9):
        story.staffs(f"T{n}", f"S{n}", "08:30")
    for n in range(35):
        story.issues(f"B{n + 1:03d}", "cert_renewal", instant("10:00") + timedelta(seconds=5 * n))  # type: ignore[arg-type]
    for n in range(4, 9):
        story.calls(f"B{n - 3:03d}", f"T{n}", "10:04")
    return story.lines


def lopsided() -> Lines:
    """Three terminals are busy with cards and one more person waits there, thirty wait for certificates: no loan, a move."""
    story = a_day()
    story.lines, story.sources = swamped(), ["feed"] * len(swamped())
    for n in range(1, 5):
        story.issues(f"A{n:03d}", "card_issuance", "10:00")
    for n in range(1, 4):
        story.calls(f"A{n:03d}", f"T{n}", "10:00")
    return story.lines


def empty_for_cards() -> Lines:
    """Nobody stands at T3, which is for cards; forty wait for certificates."""
    story = halls.opened(issuance=3, certificate=5).staffs("T3", None, "09:00")
    return halls.work(halls.queue(story, "B", 40, "10:00"), "B", [4, 5, 6, 7, 8], "10:01", 12, 1).lines


WEDNESDAY = MONDAY + timedelta(days=2)


def served(day: date, waits: dict[str, tuple[str, str, int]], prefix: str) -> Lines:
    """A day on which each ticket (number: service, time of issue, minutes of waiting) was called and done."""
    story = Story(day, prefix=prefix).opens("08:30")
    for number, (service, at, wait) in waits.items():
        lane = kumagaya().service_by_code[service].lane
        terminal = {"issuance": "T1", "certificate": "T3", "application": "A1", "registration": "P1"}[lane]
        called = instant(at, day) + timedelta(minutes=wait)
        story.issues(number, service, at)
        story.calls(number, terminal, f"{called:%H:%M}")
        story.finishes(number, terminal, f"{called + timedelta(minutes=5):%H:%M}")
    return story.closes("17:15").lines


WEEK = {
    MONDAY: served(MONDAY, {"B001": ("cert_renewal", "09:00", 10), "B002": ("cert_renewal", "09:30", 30)}, "m"),
    WEDNESDAY: served(WEDNESDAY, {"B001": ("cert_renewal", "10:00", 5), "A001": ("card_issuance", "10:00", 50)}, "w"),
}


HALLS: dict[str, Callable[[], Lines]] = {
    "nothing": list,
    "open": open_day,
    "unattended": lambda: open_day(officials=0),
    "quiet": quiet,
    "queue": queue,
    "evening": evening,
    "trouble": trouble,
    "morning": morning,
    "two_cases": two_cases,
    "served": lambda: joined(open_day(), customers()),
    "served_unattended": lambda: joined(open_day(officials=0), customers()),
    "work": work,
    "last_hour": last_hour,
    "three_hundred": three_hundred,
    "busy": busy,
    "busy_1110": busy_until("11:10"),
    "busy_1200": busy_until("12:00"),
    "late_comers": late_comers,
    "swamped": swamped,
    "lopsided": lopsided,
    "short_of_terminals": lambda: halls.short_of_terminals().lines,
    "lost": lambda: halls.lost().lines,
    "too_many": lambda: halls.too_many_before_the_end().lines,
    "at_the_doors": lambda: (
        halls.at_the_doors(24).moves("T1", "certificate", "08:31").calls("B006", "T1", "08:33").lines
    ),
    "empty_for_cards": empty_for_cards,
    "t8_empty": lambda: halls.opened(issuance=3, certificate=5).staffs("T8", None, "09:00").lines,
    "monday": lambda: WEEK[MONDAY],
    "week": lambda: joined(*WEEK.values()),
    "two_at_work": two_at_work,
    "one_certificate": lambda: at_work(stands={"T1": "S01", "T2": "S02", "T3": "S03"}).lines,
    "team": lambda: at_work().lines,
}
