"""Enter what was written on paper while the console was down, at the paper's own times (仕様書 12(13)).

Each fact is decided on the hall as it was at its time, by the usual rules; then the rest of the day must still fit. A
line without times counts as done, and gives no wait.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from floorctl.commands.context import Context, Wish
from floorctl.commands.decide import decide
from floorctl.commands.fact_checks import make_fact
from floorctl.commands.fold import Walk
from floorctl.common.errors import Refused
from floorctl.common.words import OUTCOMES, hm
from floorctl.models.day.floor import Floor
from floorctl.models.facts.entry import Entry, order
from floorctl.models.facts.own_numbers import folded

# How a line of the ticket sheet ends, in the order of the digits that are written: 完了 未了 3番窓口 不在 帰宅.
ENDS = (*OUTCOMES, "no_show", "left")
REASON = "紙の運用票から"
# Paper knows minutes: what happens within one keeps its order.
_AFTER = timedelta(milliseconds=1)


@dataclass(frozen=True)
class TicketLine:
    """Line of a ticket sheet. ``about``: the last time above it, for a line without times.

    ``state``: of a ticket from before the paper, ``waiting`` or ``serving``; else "".
    """

    ticket: str
    service: str
    about: datetime
    terminal: str | None = None
    issued_at: datetime | None = None
    called_at: datetime | None = None
    finished_at: datetime | None = None
    end: str = "done"  # one of ENDS
    cards: int = 1
    state: str = ""


@dataclass(frozen=True)
class Paper:
    """Everything entered in one act. ``moves``: (instant, terminal, lane); ``counts``: (instant, work item, count)."""

    lines: tuple[TicketLine, ...] = ()
    moves: tuple[tuple[datetime, str, str], ...] = ()
    counts: tuple[tuple[datetime, str, int], ...] = ()


def enter(c: Context, paper: Paper) -> list[Wish]:
    """Return the facts of the paper, all or none. Raise Refused, naming the line."""
    c.need_open()
    told: list[tuple[Wish, bool]] = [w for line in paper.lines for w in _line(line)]
    told += [
        (("terminal.assigned", {"terminal": t, "lane": lane, "reason": REASON, "at": at}), True)
        for at, t, lane in paper.moves
    ]
    told += [(("work.counted", {"item": item, "count": n, "at": at}), True) for at, item, n in paper.counts]
    if not told:
        raise Refused("入れるものがありません", "紙の行がまだ空です", "紙のとおりに入力してから Enter を押してください")
    planned = [(_entry(c, wish, n), wish, ruled) for n, (wish, ruled) in enumerate(told)]
    walk, wishes = Walk(c.floor), []
    for entry, wish, ruled in sorted(planned, key=lambda p: order(p[0])):
        if entry.fact.at > c.now:
            name = wish[1].get("ticket") or wish[1].get("terminal", "")
            raise Refused(
                f"{name} の {hm(entry.fact.at)} を入れられません".lstrip(" の"),
                "まだ来ていない時刻です",
                "時刻を確かめてください",
            )
        floor = walk.until(entry)
        given = [wish]
        if not ruled:
            _need_lane(c, wish, floor)
        else:
            here = replace(c, floor=floor, now=entry.fact.at)
            try:
                given = decide(here, *wish)
            except Refused as e:
                raise Refused(f"{hm(entry.fact.at)} {e.what}", e.why, e.do) from None
        for one in given:
            wishes.append(one)
            walk.tell(entry if one is wish else _entry(c, one, len(told) + len(wishes)))
    _need_fit(c, walk)
    c.warnings[:] = dict.fromkeys(c.warnings)  # once for all lines
    times = [at for _, fields in wishes if (at := fields.get("at")) is not None]
    span = {"from_at": min(times, default=c.now), "until_at": max(times, default=c.now)}
    sizes = {"tickets": len(paper.lines), "moves": len(paper.moves), "counts": sum(n for _, _, n in paper.counts)}
    return [*wishes, ("paper.entered", sizes | span)]


def _need_lane(c: Context, wish: Wish, floor: Floor) -> None:
    """Raise Refused if a line without times names a terminal that did not serve its lane then."""
    kind, fields = wish
    if kind != "ticket.called":
        return
    ticket, terminal = floor.tickets[fields["ticket"]], floor.terminals[fields["terminal"]]
    if floor.lane_of(ticket) != terminal.lane:
        name = c.site.lane_by_code[terminal.lane].name
        raise Refused(
            f"{ticket.number} を入れられません",
            f"{terminal.code} は {hm(fields['at'])} には{name}の端末です",
            "端末の番号か、配分変更の行を確かめてください",
        )


def _line(x: TicketLine) -> list[tuple[Wish, bool]]:
    """Return the facts of a line, each with a flag: decide it by its rule. A time that nobody wrote breaks no rule."""
    if not x.ticket:
        raise Refused(
            f"{hm(x.issued_at or x.about)} の行を入れられません",
            "番号のない行です（今日の手書きの番号はすべて使われています）",
            "番号を入力してください",
        )
    if (x.called_at or x.finished_at) and x.terminal is None and x.end in OUTCOMES:
        raise Refused(f"{x.ticket} を入れられません", "端末が書かれていません", "端末の番号を入力してください")
    issued = x.issued_at or x.called_at or x.finished_at or x.about

    def wish(kind: str, at: datetime, **fields: Any) -> Wish:
        return (kind, {"ticket": folded(x.ticket), **fields, "at": at})

    called = x.called_at
    found: list[tuple[Wish, bool]] = []
    if not x.state:
        found.append((wish("ticket.issued", issued, service=x.service, cards=x.cards), True))
        if called is not None and x.issued_at is not None:
            called = max(called, issued + _AFTER)
    elif x.state == "waiting" and called is None and x.end in OUTCOMES:
        raise Refused(
            f"{x.ticket} を入れられません",
            "紙の前から待っていた人の、呼んだ時刻がありません",
            "呼出しの時刻を入力してください（待ち時間になります）",
        )
    elif x.finished_at is None and (x.state == "serving" or x.end not in OUTCOMES):
        raise Refused(f"{x.ticket} を入れられません", "終わった時刻がありません", "終了の時刻を入力してください")
    if x.end not in OUTCOMES:
        last = x.finished_at or called or issued
        last = last if x.state else max(last, issued + _AFTER)
        return [*found, (wish(f"ticket.{x.end}", last), True)]
    if x.terminal is None:
        return found
    finish = {"terminal": x.terminal, "outcome": x.end}
    if x.state == "serving" and x.finished_at is not None:
        return [(wish("ticket.finished", x.finished_at, **finish), True)]
    if called is not None:
        found.append((wish("ticket.called", called, terminal=x.terminal), True))
        if x.finished_at is not None:
            found.append((wish("ticket.finished", max(x.finished_at, called + _AFTER), **finish), True))
        return found
    done = x.finished_at or issued
    return [
        *found,
        (wish("ticket.finished", done, **finish), False),
        (wish("ticket.called", done, terminal=x.terminal), False),
    ]


def _entry(c: Context, wish: Wish, n: int) -> Entry:
    """Return a wish as an unwritten entry; all entries belong to one act."""
    kind, fields = wish
    given = dict(fields)
    at = given.pop("at", c.now)
    return Entry(n, "console", c.now, c.actor, make_fact(kind, given, f"paper.{n:05d}", at, c.site, c.stands))


def _need_fit(c: Context, walk: Walk) -> None:
    """Raise Refused if a fact of the paper, or one recorded later, would no longer fit."""
    floor = walk.until()
    for e in floor.entries:
        if e.key in floor.anomalies and e.key not in c.floor.anomalies:
            name = getattr(e.fact, "ticket", "") or getattr(e.fact, "terminal", "")
            raise Refused(
                f"{hm(e.fact.at)} の {e.fact.word} {name} が合わなくなります",
                "紙の記録と、そのあとの記録が食い違います",
                "紙の時刻・番号・端末を確かめてください",
            )
