"""Halls in which stories of keys begin: lines of a feed, by name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.screens.harness import joined, open_day
from tests.screens.team import at_work
from tests.story import Story

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
    story.misses("B003", "09:30").leaves("B004", "09:31")
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


def two_at_work() -> Lines:
    """The team at two terminals, S04 has not come."""
    return [x for x in at_work(stands={"T1": "S01", "T2": "S02"}).lines if x.get("staff") != "S04"]


def three_hundred() -> Lines:
    story = Story(prefix="m")
    for n in range(1, 301):
        story.issues(f"B{n:03d}", "cert_renewal", f"{9 + n // 60:02d}:{n % 60:02d}")
    return joined(open_day(), story)


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
    "two_at_work": two_at_work,
    "one_certificate": lambda: at_work(stands={"T1": "S01", "T2": "S02", "T3": "S03"}).lines,
    "team": lambda: at_work().lines,
}
