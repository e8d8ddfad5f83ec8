"""Say what stands against a plan of breaks: by law, in lanes, charge, guidance, peak and windows. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import pairwise

from floorctl.common.frozen import frozen
from floorctl.common.words import hm
from floorctl.models.board.break_team import Member, Places
from floorctl.models.board.break_turn import DaySpans, Span, Turn
from floorctl.models.board.needed import Needed
from floorctl.models.board.reception_hours import lane_hours
from floorctl.models.day.floor import Floor

_LEAST = timedelta(minutes=1)


@frozen
class Fault:
    """Fault of a plan. ``staff``: whose break it is, "" of several; ``text`` in Japanese, without the name.

    ``grave``: against the law, or a lane, the charge or guidance without anybody; else the peak, or guidance of the only
    guide, whom nobody without a terminal can relieve.
    """

    code: str
    staff: str
    text: str
    grave: bool = True


@frozen
class Shortage:
    """Windows of a lane that breaks leave below the needed ones for a while."""

    lane: str
    start: datetime
    end: datetime
    windows: int


def between(span: Span) -> str:
    """Return a span in words: 11:30〜12:15."""
    return f"{hm(span[0])}〜{hm(span[1])}"


def faults_of(
    floor: Floor,
    team: Mapping[str, Member],
    at: Places,
    able: frozenset[str],
    spans: DaySpans,
    turns: Sequence[Turn],
    peak: Span | None,
) -> Iterator[Fault]:
    """Yield what stands against the turns, the gravest first. ``able``: who may hold the charge of 現場責任者."""
    for t in turns:
        yield from _law(team[t.staff], t)
    names = {lane.code: lane.name for lane in floor.site.lanes}
    for t in turns:
        opens, closes = lane_hours(floor, t.lane) if t.lane else (t.start, t.start)
        if t.alone and not t.relief and t.start < closes and opens < t.end:
            yield Fault("lane", t.staff, f"{names[t.lane]}の窓口が空きます（交替できる人がいません）")
    hours = [lane_hours(floor, lane) for lane in floor.lanes]
    opens, closes = min(a for a, _ in hours), max(b for _, b in hours)
    guides = frozenset(code for code in floor.posts if code in team)
    for code, people, words in (
        ("charge", able, "現場責任者の職務を持てる人がいません"),
        ("post", guides, "会場案内に誰もいません"),
    ):
        if len(people) > 1:
            for t in turns:
                gone = [x for x in spans.without(people, max(opens, t.start), min(closes, t.end)) if x[0] < x[1]]
                if t.staff in people and gone:
                    yield Fault(code, t.staff, f"{between(gone[0])} {words}")
                    break
    for t in turns:
        gone = spans.without(guides, max(opens, t.start), min(closes, t.end)) if guides == {t.staff} else []
        if gone and not t.relief:
            yield Fault(
                "post", t.staff, f"{between(gone[0])} 会場案内に誰もいません（交替できる人がいません）", grave=False
            )
    for t in turns:
        if peak is not None and t.start < peak[1] and peak[0] < t.end:
            yield Fault("peak", t.staff, f"休憩が混む時間（{between(peak)}）に掛かります", grave=False)


def too_late(m: Member) -> Fault:
    """Return what stands against a break that is owed and can no longer begin: it has no turn."""
    return Fault("shift", m.staff, f"法定の休憩が{m.owed}分足りないまま、勤務の時間が終わりました（労働基準法34条）")


def _law(m: Member, t: Turn) -> Iterator[Fault]:
    if t.start < m.came_at:  # planned before the shift was changed, or the person late
        yield Fault("shift", t.staff, f"休憩が出勤（{hm(m.came_at)}）より前です")
    elif t.start == m.came_at:
        yield Fault("shift", t.staff, f"休憩が出勤（{hm(m.came_at)}）と同時です（途中ではありません）")
    if t.end > m.ends_at:
        yield Fault("shift", t.staff, f"勤務の終わり {hm(m.ends_at)} までに{t.minutes}分の休憩をとれません")
    elif t.end == m.ends_at:
        yield Fault("shift", t.staff, f"休憩が勤務の終わり {hm(m.ends_at)} に掛かります（途中ではありません）")
    if t.start > m.limit + _LEAST:
        yield Fault("late", t.staff, f"休憩なしで6時間（{hm(m.limit)}）を超えます")
    if t.minutes < m.owed:
        yield Fault("minutes", t.staff, f"計画の休憩が{m.owed - t.minutes}分足りません（労働基準法34条）")


def shortages(at: Places, spans: DaySpans, needed: Needed) -> list[Shortage]:
    """Return where breaks leave a lane below the windows needed, by lane and time, half hours alike as one; what lacks anyway is not counted."""
    found: list[Shortage] = []
    for lane, keepers in at.keepers.items():
        gone = [span for code in keepers for span in spans.away.get(code, ())]
        for start, end, n in needed.get(lane, ()):
            marks = sorted({start, *(x for span in gone for x in span if start < x < end), end})
            worst = 0
            for a, b in pairwise(marks):
                here = sum(spans.shifts[code][0] <= a and b <= spans.shifts[code][1] for code in keepers)
                away = sum(x <= a and b <= y for x, y in gone)
                worst = max(worst, min(away, n - here + away))
            last = found[-1] if found else None
            if last is not None and (last.lane, last.end, last.windows) == (lane, start, worst):
                found[-1] = Shortage(lane, last.start, end, worst)
            elif worst > 0:
                found.append(Shortage(lane, start, end, worst))
    return found
