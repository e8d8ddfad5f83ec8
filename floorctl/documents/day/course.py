"""Data tables of a day's course: moves and their effect, cases for city staff, incidents, outages, stops."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from floorctl.common.clock import seconds_between
from floorctl.common.lengths import mean_s, whole_minutes
from floorctl.common.words import DECIDERS, DECISIONS, INCIDENT_CATEGORIES, INCIDENT_SHORT, INCIDENT_STATES
from floorctl.documents.day.incident_account import account
from floorctl.documents.day.record import DayRecord
from floorctl.documents.day.revisions import REVISIONS
from floorctl.documents.layout.material import TOTAL, Row, Tables
from floorctl.documents.layout.names import name_of, services_word, short_names
from floorctl.documents.layout.plain import when
from floorctl.models.day.escalation import Escalation
from floorctl.models.site.site import Site

COURSE: Tables[DayRecord] = Tables()
RESERVED = "計（公権力の行使・仕様書7(2)）"
_MATTER = {
    "matter": "事項のコード",
    "name": "事項",
    "count": "件数",
    "approved": "可",
    "declined": "否",
    "desk3": "市の窓口",
    "withdrawn": "取下げ",
    "undecided": "未決",
    "to_taken": "対応開始まで 平均",
    "to_taken_max": "対応開始まで 最大",
    "to_settled": "決定まで 平均",
    "to_settled_max": "決定まで 最大",
}


@COURSE.table(
    "moves",
    {
        "at": "時刻",
        "terminal": "端末の符号",
        "terminal_name": "端末",
        "from": "変更前",
        "to": "変更後",
        "course": "変更前→変更後",
        "reason": "理由",
        "from_before": "変更前の窓口の待ち",
        "from_after": "変更前の窓口の30分後の待ち",
        "to_before": "変更後の窓口の待ち",
        "to_after": "変更後の窓口の30分後の待ち",
        "from_effect": "変更前の窓口の待ちの変化",
        "to_effect": "変更後の窓口の待ちの変化",
    },
)
def moves(record: DayRecord, site: Site) -> Iterator[Row]:
    """Yield the moves of terminals with reason, and the people waiting in both lanes then and 30 minutes later."""
    for m, e in zip(record.moves, record.effects, strict=True):
        origin, to = (site.lane_by_code[code].name for code in (m.origin, m.to))
        yield {
            "at": m.at,
            "terminal": m.terminal,
            "terminal_name": site.terminal_by_code[m.terminal].name,
            "from": origin,
            "to": to,
            "course": f"{origin}→{to}",
            "reason": m.reason,
            "from_before": e.origin_before if e.seen else None,
            "from_after": e.origin_after,
            "to_before": e.to_before if e.seen else None,
            "to_after": e.to_after,
            "from_effect": _change(e.origin_before, e.origin_after) if e.seen else "-",
            "to_effect": _change(e.to_before, e.to_after) if e.seen else "-",
        }


def _change(before: int, after: int | None) -> str:
    return f"{before}→{'-' if after is None else after}"


# ---- cases for city staff


@COURSE.table("escalations", _MATTER)
def escalations(record: DayRecord, site: Site) -> Iterator[Row]:
    """Yield cases by matter with the city's decisions and intervals (s); the reserved matters have a subtotal."""
    if not record.escalations:
        return
    by_matter = {m.code: [e for e in record.escalations if e.matter == m.code] for m in site.matters}
    reserved = [m for m in site.matters if m.reserved]
    for m in reserved:
        yield _matter(m.code, m.name, by_matter[m.code])
    yield {**_matter("", RESERVED, [e for m in reserved for e in by_matter[m.code]]), TOTAL: 1}
    for m in site.matters:
        if not m.reserved:
            yield _matter(m.code, f"{m.name}（別掲）", by_matter[m.code])
    if unknown := [e for e in record.escalations if e.matter not in by_matter]:
        yield _matter("", "事項不明", unknown)


@COURSE.table(
    "lends",
    {
        "home": "本来の窓口",
        "to": "応援先の窓口",
        "course": "本来の窓口→応援先の窓口",
        "terminals": "端末の符号",
        "n": "回数",
        "helped": "応援した時間の計",
        "longest": "うち最も長い1回",
    },
)
def lends(record: DayRecord, site: Site) -> Iterator[Row]:
    """Yield the loans of terminals by direction, with their number and the time helped (s); those that never began are left out."""
    order = [x.code for x in site.lanes]
    went = [x for x in record.lends if x.helped_s is not None]
    for home, to in sorted({(x.home, x.to) for x in went}, key=lambda way: (order.index(way[0]), order.index(way[1]))):
        own = [x for x in went if (x.home, x.to) == (home, to)]
        lengths = [x.helped_s or 0 for x in own]
        origin, helped = site.lane_by_code[home].name, site.lane_by_code[to].name
        yield {
            "home": origin,
            "to": helped,
            "course": f"{origin}→{helped}",
            "terminals": "・".join(t.code for t in site.terminals if any(x.terminal == t.code for x in own)),
            "n": len(own),
            "helped": sum(lengths),
            "longest": max(lengths),
        }


@COURSE.table("lane_escalations", {"lane": "列のコード", **_MATTER})
def lane_escalations(record: DayRecord, site: Site) -> Iterator[Row]:
    """Yield cases by lane and matter; the lane is the ticket's, else the terminal's at the time."""
    lanes = {e.code: _lane_of(record, e) for e in record.escalations}
    for lane in site.lanes:
        here = [e for e in record.escalations if lanes[e.code] == lane.code]
        for m in site.matters:
            if cases := [e for e in here if e.matter == m.code]:
                yield _matter(m.code, m.name, cases) | {"lane": lane.code}


def _lane_of(record: DayRecord, e: Escalation) -> str | None:
    """Return the lane of a case: its ticket's, else its terminal's when it was raised; None if neither is known."""
    ticket = next((t for t in record.tickets if e.ticket and (t.ticket, t.nth) == (e.ticket, e.nth)), None)
    if ticket:
        return ticket.lane
    lane = record.allocation.get(e.terminal or "")
    for m in record.moves:
        if m.terminal == e.terminal and e.raised_at and m.at <= e.raised_at:
            lane = m.to
    for x in record.lends:
        if x.terminal == e.terminal and e.raised_at and x.went and x.went <= e.raised_at < (x.back or e.raised_at):
            lane = x.to
    return lane


def _matter(code: str, name: str, cases: list[Escalation]) -> dict[str, str | int | None]:
    """Return the row of the cases of a matter: their number, decisions, and mean and longest intervals (s)."""
    decided = {outcome: sum(e.outcome == outcome for e in cases) for outcome in DECISIONS}
    taken, settled = ([s for e in cases if (s := interval(e, at)) is not None] for at in ("taken_at", "settled_at"))
    return {
        "matter": code,
        "name": name,
        "count": len(cases),
        **decided,
        "undecided": len(cases) - sum(decided.values()),
        "to_taken": _mean(taken),
        "to_taken_max": max(taken, default=None),
        "to_settled": _mean(settled),
        "to_settled_max": max(settled, default=None),
    }


def interval(e: Escalation, until: str) -> int | None:
    """Return the seconds from hand-over to ``taken_at`` or ``settled_at``; None if either is not recorded."""
    end: datetime | None = getattr(e, until)
    return seconds_between(e.raised_at, end) if e.raised_at and end else None


def _mean(seconds: list[int]) -> int | None:
    return mean_s(sum(seconds), len(seconds))


@COURSE.table(
    "cases",
    case="番号",
    matter="事項",
    short="事項（短）",
    place="端末・番号札",
    raised_at="引継ぎ",
    taken_at="対応開始",
    settled_at="決定",
    to_taken="対応開始まで",
    to_settled="決定まで",
    outcome="決定の内容",
    official="市職員の符号",
    note="備考",
)
def cases(record: DayRecord, site: Site) -> Iterator[Row]:
    """Yield each case with its three instants."""
    for e in record.escalations:
        matter = site.matter_by_code.get(e.matter or "")
        yield {
            "case": e.code,
            "matter": matter.name if matter else "事項不明",
            "short": matter.short if matter else "事項不明",
            "place": "　".join(p for p in (e.terminal, e.ticket) if p) or "-",
            "raised_at": e.raised_at,
            "taken_at": e.taken_at,
            "settled_at": e.settled_at,
            "to_taken": interval(e, "taken_at"),
            "to_settled": interval(e, "settled_at"),
            "outcome": site.decision_word(e.outcome) if e.outcome else "未決",
            "official": e.official,
            "note": e.note,
        }


# ---- incidents and what stood still


@COURSE.table(
    "incidents",
    incident="番号",
    category="種別",
    short="種別（短）",
    occurred_at="発生",
    found_at="発見",
    reported_at="市へ報告",
    state="状態",
    summary="概要",
    targets="対象",
    measures="応急処置",
    prevention="再発防止",
    notes="追記",
    text="概要と、ほかの欄にない記録のすべて（対象・応急処置・再発防止・引継ぎ・追記など）",
)
def incidents(record: DayRecord, site: Site) -> Iterator[Row]:
    """Yield the incidents of the day, those carried over too; ``text`` is the whole account."""
    for i in record.incidents:
        targets = [*short_names(site, i.services), *i.terminals]
        yield {
            "incident": i.code,
            "category": INCIDENT_CATEGORIES[i.category],
            "short": INCIDENT_SHORT[i.category],
            "occurred_at": i.occurred_at,
            "found_at": i.found_at,
            "reported_at": i.reported_at,
            "state": INCIDENT_STATES[i.stage],
            "summary": i.summary,
            "targets": "、".join(targets),
            "measures": i.measures,
            "prevention": i.prevention,
            "notes": "　".join(f"{when(at, record.day)} {text}" for at, text in i.notes),
            "text": account(i, site, lambda at: when(at, record.day)),
        }


@COURSE.table("reasons", at="時刻", word="記録", subject="対象", text="内容・理由")
def reasons(record: DayRecord, site: Site) -> Iterator[Row]:
    """Yield what no other table has: reasons that were given, corrections, what was typed from paper, equipment."""
    for t in record.told:
        yield {"at": t.at, "word": t.word, "subject": t.subject, "text": t.text}


@COURSE.table("revisions", REVISIONS)
def revisions(record: DayRecord, site: Site) -> Iterator[Row]:
    """Yield the editions of the report after the first: why, and what each changed."""
    yield from record.editions


@COURSE.table(
    "outages",
    incident="事案の番号",
    service="業務のコード",
    name="業務",
    since="始まり",
    until="終わり",
    minutes="受付時間中の分数",
    cause="原因",
)
def outages(record: DayRecord, site: Site) -> Iterator[Row]:
    """Yield the outages of services: minutes of reception lost, and cause (仕様書 12(9)③イ)."""
    for o in record.outages:
        yield {
            "incident": o.incident or "-",
            "service": o.service,
            "name": name_of(site.service_by_code, o.service),
            "since": o.since,
            "until": o.until,
            "minutes": o.minutes,
            "cause": o.cause,
        }


@COURSE.table(
    "stops",
    kind="打切り・故障の別",
    name="業務・端末",
    short="業務・端末（短）",
    since="始まり",
    until="終わり",
    until_word="終わりの記録がないとき",
    seconds="受付時間中の長さ",
    minutes="受付時間中の分数",
    decided="決めた人",
    reason="理由・内容",
)
def stops(record: DayRecord, site: Site) -> Iterator[Row]:
    """Yield receptions stopped, services together that stopped together, and terminals failed.

    ``seconds``: within the reception hours.
    """
    together: dict[tuple[str, datetime, datetime | None, int, str, str], list[str]] = {}
    for s in record.stops:
        key = (s.sort if s.sort == "reception" else s.code, s.since, s.until, s.seconds, s.text, s.decided_by)
        together.setdefault(key, []).append(s.code)
    for (sort, since, until, seconds, text, decided_by), codes in together.items():
        stopped = sort == "reception"
        named = (services_word(codes, site) or "、".join(codes)) if stopped else sort
        until_word = "" if until else "受付終了まで" if stopped else "復旧の記録なし"
        yield {
            "kind": "打切り" if stopped else "故障",
            "name": named,
            "short": "、".join(short_names(site, codes)) or named,
            "since": since,
            "until": until or until_word,
            "until_word": until_word,
            "seconds": seconds,
            "minutes": whole_minutes(seconds),
            "decided": DECIDERS.get(decided_by, ""),
            "reason": text,
        }
