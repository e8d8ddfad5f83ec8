"""Days to look at: a normal one, a surge (with and without its people), a morning, an evening, one that is doubtful."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from floorctl.usecases.imports import import_appointments, import_roster
from floorctl.usecases.session import Session
from tests.screens.harness import Lines, ingest
from tests.story import MONDAY, HandClock, Story, busy_day, instant, kumagaya

Act = tuple[str, str, dict[str, Any]]  # time, kind, fields


@dataclass(frozen=True)
class Day:
    """Return the facts of a feed and of the manager up to ``at``."""

    at: str
    lines: Lines
    acts: tuple[Act, ...] = ()
    team: bool = False  # the roster with its names and today's appointments are in the file

    def write(self, path: Path) -> HandClock:
        """Puts the day into a file; returns a clock that stands at its instant."""
        clock = HandClock(instant(self.at))
        until = clock.at
        ingest(path, kumagaya(), [x for x in self.lines if datetime.fromisoformat(x["at"]) <= until], clock)
        session = Session(kumagaya(), path, clock=clock, actor="console", create=True)
        if self.team:
            clock.at = instant("07:50")
            import_roster(session, [person(n) for n in range(13)], {f"S{n:02d}": name for n, name in enumerate(NAMES)})
            import_appointments(session, {MONDAY: SLOTS})
        for time, kind, fields in self.acts:
            clock.at = instant(time)
            session.act(kind, fields)
        session.close()
        clock.at = until
        return clock


NAMES = ["田島", "佐藤", "鈴木", "高橋", "渡辺", "伊藤", "山本", "中村", "小林", "加藤", "吉田", "斎藤", "松本"]
SLOTS = [
    {"time": time, "cards": cards, "count": count}
    for time, cards, count in (
        ("09:00", 1, 3), ("10:00", 1, 4), ("11:00", 2, 2), ("13:20", 1, 3), ("13:50", 2, 1), ("14:00", 1, 5), ("15:30", 3, 1),
    )
]  # fmt: skip


def person(n: int) -> dict[str, Any]:
    """A line of the roster: S00 is 現場責任者, S01 may stand in; S09 and S10 have no authority."""
    since = None if n in (9, 10) else date(2026, 6, 22)
    return {
        "staff": f"S{n:02d}",
        "role": "site_manager" if n == 0 else "worker",
        "deputy": n == 1,
        "authority_on": since,
        "vein_on": since,
        "pledge_on": date(2026, 6, 15),
        "shift_from": "08:15",
        "shift_to": "17:15",
    }


def counter(
    seed: int, tickets: int, but: Callable[[dict[str, Any]], bool] = lambda line: False
) -> list[dict[str, Any]]:
    """The two lanes of a busy day, without the lines that ``but`` names; codes of staff with two digits."""
    lines = [line for line in busy_day(seed=seed, tickets=tickets) if not but(line)]
    return [line | {"staff": f"S{int(line['staff'][1:]):02d}"} if "staff" in line else line for line in lines]


def hall(story: Story) -> Story:
    """Staff at the remaining terminals, and the small lanes at work."""
    for terminal, staff in (("T8", "S08"), ("A1", "S09"), ("P1", "S10")):
        story.staffs(terminal, staff, "08:31")
    story.tells("staff.changed", "08:20", staff="S11", status="present", reason="受付案内")
    story.tells("staff.changed", "08:25", staff="S12", status="absent", reason="連絡済")
    story.issues("C001", "application_support", "09:10").calls("C001", "A1", "09:11").finishes("C001", "A1", "09:40")
    story.issues("D001", "registration_support", "10:20").calls("D001", "P1", "10:21")
    return story


def normal() -> Day:
    story = hall(Story(prefix="n"))
    story.issues("A901", "card_issuance", "10:20", appointment="11:00", cards=3)
    story.issues("A902", "card_issuance", "10:30", appointment="10:50")
    story.issues("C002", "application_support", "10:35")
    story.tells("staff.changed", "10:31", staff="S08", status="on_break", until="10:45").staffs("T8", None, "10:31")
    story.tells("escalation.raised", "10:38", escalation="E-1", matter="proxy", terminal="T5")
    story.tells("escalation.taken", "10:39", escalation="E-1", official="C1")
    story.tells("inquiry.counted", "10:15", topic="駐車場", count=2)
    acts: tuple[Act, ...] = (
        ("09:50", "memo.written", {"text": "記載台の鉛筆を補充"}),
        ("10:39", "work.counted", {"item": "photo", "count": 4}),
    )
    return Day("10:40", [*counter(3, 250), *story.lines], acts)


def at_a_failed_terminal(line: dict[str, Any]) -> bool:
    return line.get("terminal") == "T7" and line["kind"] != "terminal.staffed" and line["at"] >= clock_time("13:19")


def clock_time(time: str) -> str:
    return instant(time).isoformat()


def surge() -> Day:
    story = hall(Story(prefix="s"))
    story.tells("terminal.failed", "13:19", terminal="T7", fault="カードR/W応答なし")
    story.tells("staff.changed", "13:31", staff="S08", status="on_break", until="14:00").staffs("T8", None, "13:31")
    story.tells("escalation.raised", "13:30", escalation="E-1", matter="pin_entry", terminal="T6")
    story.tells("escalation.raised", "13:38", escalation="E-2", matter="proxy", terminal="T2", note="委任状")
    story.tells("escalation.taken", "13:39", escalation="E-2", official="C1")
    story.tells("escalation.raised", "13:41", escalation="E-3", matter="fee")
    story.tells("visitors.counted", "13:40", persons=58)
    story.moves("T2", "certificate", "13:41", reason="更新の待ちが長い")
    story.issues("A901", "card_issuance", "13:20", appointment="13:50", cards=2)
    acts: tuple[Act, ...] = (
        ("13:10", "reception.stopped", {"service": "reissue_application", "reason": "本日分終了"}),
        ("13:25", "incident.opened", {"category": "complaint", "summary": "待ち時間への苦情"}),
        ("13:35", "incident.opened", {"category": "injury", "summary": "記載台の前で転倒、救急は不要"}),
    )
    return Day("13:42", [*counter(5, 300, at_a_failed_terminal), *story.lines], acts)


def whole() -> Day:
    """The surge, with everything that the people of the hall have told."""
    acts: tuple[Act, ...] = (
        ("08:14", "charge.taken", {"staff": "S00"}),
        ("08:25", "vacancy.opened", {"staff": "S12"}),
        ("09:40", "vacancy.filled", {"staff": "S12", "substitute": "S11"}),
        ("10:05", "memo.written", {"text": "記載台の鉛筆を補充"}),
        ("11:30", "charge.taken", {"staff": "S01", "reason": "昼休憩"}),
        ("12:31", "charge.taken", {"staff": "S00"}),
    )
    told = surge()
    return Day(told.at, told.lines, (*acts, *told.acts), team=True)


def evening() -> Day:
    """A quarter of an hour before the reception ends."""
    late = hall(Story(prefix="v"))
    for n in range(28):
        late.issues(f"B9{n:02d}", "cert_renewal", f"16:{15 + n}")
    for n, terminal in enumerate(("T3", "T4", "T5", "T6", "T7", "T8")):
        late.calls(f"B9{n:02d}", terminal, f"16:{36 + n}")
    acts: tuple[Act, ...] = (("08:14", "charge.taken", {"staff": "S00"}),)
    return Day("16:46", [*counter(5, 330), *late.lines], acts, team=True)


def morning() -> Day:
    """Before the doors open: half of the checklist is done."""
    acts: tuple[Act, ...] = (
        ("08:12", "checklist.checked", {"item": "terminals"}),
        ("08:14", "staff.changed", {"staff": "S12", "status": "absent", "reason": "本人から連絡"}),
        ("08:16", "officials.changed", {"present": 2}),
    )
    return Day("08:20", (), acts, team=True)


def empty() -> Day:
    return Day("08:20", ())


def is_lost(line: dict[str, Any]) -> bool:
    finish_of_t5 = line["kind"] == "ticket.finished" and line["terminal"] == "T5"
    return finish_of_t5 or (line.get("ticket") == "B021" and "terminal" in line) or line["at"] >= clock_time("11:28")


def doubtful() -> Day:
    """Finishes of T5 are lost, one call is lost, calls of numbers that were never given, and the feed is silent."""
    lines = counter(7, 250, is_lost)
    story = hall(Story(prefix="d"))
    story.calls("B950", "T6", "11:20").finishes("B951", "T7", "11:22").misses("B952", "11:24")
    return Day("11:42", [*lines, *story.lines])


DAYS: dict[str, Callable[[], Day]] = {
    "normal": normal,
    "surge": surge,
    "whole": whole,
    "morning": morning,
    "evening": evening,
    "empty": empty,
    "doubtful": doubtful,
}
