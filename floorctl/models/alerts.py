"""What the manager must look at, worst first: each alert is computed from facts, the site and the time. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple

from floorctl.clock import seconds_between
from floorctl.models.calendar import DayInfo
from floorctl.models.floor import Floor
from floorctl.models.hours import receiving
from floorctl.models.register import Register
from floorctl.words import ANOMALIES_SHORT, INCIDENT_SHORT, hm, minutes_word

SEVERITIES = ("critical", "warning", "info")


class Alert(NamedTuple):
    """``code`` names the rule, ``word`` is what stands before the text on the board, ``key`` the key that answers it."""

    code: str
    severity: str
    word: str
    text: str
    key: str = ""
    terminal: str | None = None


def silent_feeds(floor: Floor, now: datetime) -> list[tuple[str, int]]:
    """Feeds from which nothing has come for longer than the site allows while visitors are received: (source, s)."""
    if not receiving(floor, now):
        return []
    limit = floor.site.thresholds.stale_feed_s
    ages = [(source, seconds_between(at, now)) for source, at in floor.sources.items() if source != "console"]
    return [(source, s) for source, s in ages if s > limit]


def doubts(floor: Floor, now: datetime) -> str:
    """One line of what is doubtful in the facts of the day; empty when nothing is.

    Anomalies by kind, tickets that were overtaken (their call may be lost), tickets served too long (their finish may
    be lost).
    """
    parts: list[str] = []
    if floor.anomalies:
        kinds = Counter(floor.anomalies.values()).most_common()
        parts.append(
            f"合わない記録 {len(floor.anomalies)}件（{'・'.join(f'{ANOMALIES_SHORT[c]}{n}' for c, n in kinds)}）"
        )
    if floor.is_open:
        overtaken = [t for lane in floor.lanes for t in floor.overtaken(lane)]
        if overtaken:
            parts.append(f"呼ばれないまま {_names(t.number for t in overtaken)}（人数を数える w）")
        if now.time() >= floor.site.hall.closes:
            late = {n for q in floor.lanes.values() for n in q.tickets} - {t.number for t in overtaken}
            if late:
                parts.append(f"閉庁後も待ち {_names(late)}（人数を数える w）")
        limit = floor.site.thresholds.long_service_s
        long = [
            f"{t.code} {t.ticket}"
            for t in floor.terminals.values()
            if t.ticket and seconds_between(floor.tickets[t.ticket].serving_since or now, now) > limit
        ]
        if long:
            parts.append(f"終了の入れ忘れ? {'・'.join(long[:4])}")
    return "  ".join(parts)


def _names(numbers: Iterable[str], most: int = 12) -> str:
    ordered = sorted(numbers)
    return "・".join(ordered[:most]) + ("ほか" if len(ordered) > most else "")


def alerts(floor: Floor, register: Register, info: DayInfo, now: datetime) -> list[Alert]:
    """All alerts of the moment, worst first, then in a fixed order."""
    site, th = floor.site, floor.site.thresholds
    found: list[Alert] = []

    def add(code: str, severity: str, word: str, text: str, key: str = "", terminal: str | None = None) -> None:
        found.append(Alert(code, severity, word, text, key, terminal))

    for i in register.open_incidents():
        if i.reported_at is None:
            rule = site.incident_reports.get(i.category)
            age = seconds_between(i.found_at, now)
            due = f"{rule.word}報告" if rule else "報告"
            late = rule is not None and rule.minutes is not None and age >= rule.minutes * 60
            severity = "critical" if late or i.category == "personal_info" else "warning"
            add(
                "incident_unreported",
                severity,
                "事案",
                f"{i.code} {INCIDENT_SHORT[i.category]} 市へ{due} {minutes_word(age)}",
                "F5",
            )
    if floor.is_open:
        for e in floor.open_escalations():
            if e.raised_at is None:
                continue
            age = seconds_between(e.raised_at, now)
            where = e.terminal or e.code
            if age >= th.escalation_red_s:
                add(
                    "escalation_overdue",
                    "critical",
                    "超過",
                    f"{where} 市職員待ち {minutes_word(age)}（基準 {th.escalation_red_s // 60}分）",
                    "F3",
                    e.terminal,
                )
            elif age >= th.escalation_amber_s:
                add(
                    "escalation_waiting",
                    "warning",
                    "市待ち",
                    f"{where} 市職員待ち {minutes_word(age)}",
                    "F3",
                    e.terminal,
                )
        if floor.officials_history and floor.officials == 0:
            pending = len(floor.open_escalations())
            desk = "市民課3番窓口へ" if info.hall_open else "本庁舎は閉庁（3番窓口なし）"
            severity = "critical" if pending else "warning"
            add("no_officials", severity, "市職員", f"不在 引継ぎ待ち {pending}件 {desk}", "o")
        for q in floor.lanes.values():
            lane = site.lane_by_code[q.code]
            staffed = [t for t in floor.terminals_of(q.code) if floor.state(t.code) in ("free", "serving")]
            if q.waiting and not staffed:
                add("lane_unstaffed", "critical", "窓口", f"{lane.name} {q.waiting}人待ち・動いている端末なし", "1-8")
            target = lane.wait_target_s or th.wait_target_s
            waits = [seconds_between(t.wait_from, now) for t in q.tickets.values() if t.wait_from]
            if waits and max(waits) > target:
                over = sum(w > target for w in waits)
                add(
                    "wait_over_target",
                    "warning",
                    "待ち",
                    f"{lane.name} 最長 {minutes_word(max(waits))}（目標 {target // 60}分・超過 {over}人）",
                )
        if floor.persons > site.seats.capacity:
            add("seats_over", "critical", "溢れ", f"会場 {floor.persons}人・椅子 {site.seats.capacity}脚")
        for t in floor.terminals.values():
            if t.failed and t.since:
                age = seconds_between(t.since, now)
                reason = f" {t.reason}" if t.reason else ""
                add("terminal_failed", "warning", "故障", f"{t.code}{reason} {minutes_word(age)}", "f", t.code)
        for code, (at, reason) in floor.stopped.items():
            why = f" {reason}" if reason else ""
            add("reception_stopped", "info", "打切り", f"{site.service_by_code[code].short} {hm(at)}から{why}")
        for source, age in silent_feeds(floor, now):
            add("feed_silent", "warning", "途絶", f"{source} から {minutes_word(age)}間 記録なし")
        for band in site.bands:
            n = len(floor.terminals_of(band.lane))
            if not band.low <= n <= band.high:
                name = site.lane_by_code[band.lane].name
                add("outside_band", "info", "配分", f"{name} {n}台（通常 {band.low}〜{band.high}台）")
    if floor.opened_at is not None and not info.open:
        add("day_not_open", "warning", "暦", f"開場日ではありません（{info.reason or info.kind}）")
    if floor.last_fact_at is not None and floor.last_fact_at - now > timedelta(minutes=5):
        add(
            "clock_behind",
            "warning",
            "時計",
            f"記録がこのPCの時計より {minutes_word(seconds_between(now, floor.last_fact_at))}先",
        )
    doubtful = doubts(floor, now)
    if doubtful:
        add("facts_doubtful", "info", "記録", doubtful)
    return sorted(found, key=lambda a: SEVERITIES.index(a.severity))
