"""Alerts: what the manager must look at, worst first, computed from facts, the site and the time. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta

from floorctl.common.action_keys import key_of
from floorctl.common.clock import business_day, seconds_between
from floorctl.common.lengths import length, length_word, minutes_word
from floorctl.common.words import (
    ANOMALIES_SHORT,
    INCIDENT_SHORT,
    file_word,
    hm,
    md_hm,
    month_day,
    more_word,
    short_day,
    source_word,
)
from floorctl.models.board import appointments as appointments
from floorctl.models.board import outlook as outlook
from floorctl.models.board.adherence_alerts import adherence_alerts, awaited_alerts, shift_alerts
from floorctl.models.board.alert import Alert, in_order
from floorctl.models.board.break_alerts import break_alerts
from floorctl.models.board.breaks import break_states
from floorctl.models.board.city_alerts import city_alerts
from floorctl.models.board.flow import LaneFlow, clock_skews, flows, reception_span
from floorctl.models.board.foreseen import NOTHING, Foreseen, foreseen_alerts, still_to_give
from floorctl.models.board.grounds import Grounds, grounds, silent_feeds
from floorctl.models.board.lane_cover import lanes_alone
from floorctl.models.board.longest import longest_known
from floorctl.models.board.memo_alerts import memo_alerts
from floorctl.models.board.passed_alerts import passed_alerts
from floorctl.models.board.people_alerts import people_alerts
from floorctl.models.board.posts_alerts import posts_alerts
from floorctl.models.board.reception_hours import lane_hours, lane_receiving, receiving
from floorctl.models.board.reception_notice import stopped_word
from floorctl.models.board.remark_alerts import remark_alerts
from floorctl.models.board.same_digits import line as same_digits_line
from floorctl.models.board.same_digits import look_alikes
from floorctl.models.board.told import arrivals_untold, called_nowhere, heads_alone
from floorctl.models.day.floor import Floor
from floorctl.models.register import equipment as equipment
from floorctl.models.register import outages as outages
from floorctl.models.register.contract_end import ContractEnd
from floorctl.models.register.incident_deadline import report_clock
from floorctl.models.register.pressing_duties import Pressing
from floorctl.models.register.register import Register
from floorctl.models.site.calendar import DayInfo


def doubts(floor: Floor, now: datetime, g: Grounds) -> str:
    """Return one line of what is doubtful in the facts of the day; "" if nothing is.

    Anomalies by kind, overtaken tickets (their call may be lost), tickets served too long (their finish may be lost).
    """
    parts: list[str] = []
    kinds = Counter(floor.anomalies.values())
    wrapped = kinds.pop("wrapped", 0)  # told by the source: every one is another visitor
    if kinds:
        listed = "・".join(f"{ANOMALIES_SHORT[c]}{n}" for c, n in kinds.most_common())
        parts.append(f"合わない記録 {kinds.total()}件（{listed}）")
    if wrapped:
        parts.append(f"一巡した番号 {wrapped}件（別の来庁者として数えています）")
    if floor.is_open:
        uncalled = {n for lane in floor.lanes for n in g.never_called(lane)}
        if uncalled:
            parts.append(
                f"呼ばれないまま {_names(uncalled)}（{key_of('queue')} の {key_of('ticket_never_called')} でまとめて終える）"
            )
        if now.time() >= floor.site.hall.closes:
            late = {n for q in floor.lanes.values() for n in q.tickets} - uncalled
            if late:
                parts.append(f"閉庁後も待ち {_names(late)}（人数を数える {key_of('count')}）")
        limit = floor.site.thresholds.long_service_s
        long = [
            f"{t.code} {t.ticket}"
            for t in floor.terminals.values()
            if t.ticket
            and not floor.tickets[t.ticket].ends  # its end is the next call
            and seconds_between(floor.tickets[t.ticket].serving_since or now, now) > limit
        ]
        if long:
            parts.append(f"終了の入れ忘れか {'・'.join(long[:4])}")
    return "  ".join(parts)


def _names(numbers: Iterable[str], most: int = 12) -> str:
    ordered = sorted(numbers)
    return "・".join(ordered[:most]) + ("ほか" if len(ordered) > most else "")


def alerts(
    floor: Floor,
    register: Register,
    info: DayInfo,
    now: datetime,
    *,
    flow: dict[str, LaneFlow] | None = None,
    skews: dict[str, int] | None = None,
    owed: Pressing | None = None,
    ending: ContractEnd | None = None,
    unclosed: Sequence[date] = (),
    ahead: Mapping[str, Foreseen] | None = None,
    more: Iterable[Alert] = (),
    who: Callable[[str], str] = str,
    g: Grounds | None = None,
) -> list[Alert]:
    """Return all alerts of the moment in the order of ``alert.ORDER``; ``flow`` and ``skews`` where known already.

    ``owed``: pressing duties. ``ending``: the end of the contract. ``unclosed``: earlier days with an open report.
    ``ahead``: forecasts by lane, where there are any. ``more``: alerts from elsewhere. ``who`` names a person by their
    code. ``g``: what the figures rest on, where known already.
    """
    g = grounds(floor, register, now) if g is None else g
    found = [
        *more,
        *_incidents(floor, register, now),
        *_outages(floor, register, now, g),
        *memo_alerts(floor, now, who),
    ]
    if floor.is_open:
        found += city_alerts(floor, register, info, now)
        found += _lanes(floor, now, flows(floor, now) if flow is None else flow, ahead or {}, g)
        found += _appointments(floor, register, now, g)
        found += [*remark_alerts(floor, ahead or {}, now), *passed_alerts(floor, g)]
        found += _terminals(floor, now, g)
        found += people_alerts(floor, register, now, who)
        found += break_alerts(floor, break_states(floor, register, now), now, who)
        found += adherence_alerts(floor, register, now, who, g)
        found += posts_alerts(floor, register, now, who)
    if floor.is_open or (info.open and floor.closed_at is None):
        found += awaited_alerts(floor, now, who)
    if info.open and floor.closed_at is None:
        found += _not_opened(floor, now)
        found += shift_alerts(floor, register, now, who)
    found += _sources(floor, info, now, clock_skews(floor) if skews is None else skews)
    found += _duties(owed, floor.day) if owed is not None else ()
    if ending is not None and ending.banner:
        found.append(Alert("handover_period", "info", "契約", ending.banner, "F8", answer="duties"))
    found += _unclosed(unclosed)
    found += _untold(floor, now)
    doubtful = doubts(floor, now, g)
    if doubtful:
        found.append(Alert("facts_doubtful", "info", "記録", doubtful, "l", answer="journal"))
    return in_order(found)


def _untold(floor: Floor, now: datetime) -> Iterator[Alert]:
    """Yield what the sources of the day do not tell, and numbers that may be two spellings of one."""
    if not floor.is_open:
        return
    names = {x.code: x.name for x in floor.site.lanes}
    alone = "・".join(names[x] for x, q in floor.lanes.items() if heads_alone(q))
    if alone:
        text, brief = f"待ち人数だけの記録 {alone}（受付・完了・端末は分かりません）", f"待ち人数だけの記録 {alone}"
        yield Alert("records_partial", "info", "記録", text, short=brief)
    unseen = "・".join(names[x] for x, q in floor.lanes.items() if arrivals_untold(q, now))
    if unseen:
        text, brief = (
            f"待ち人数の記録なし {unseen}（呼出しだけの記録 {key_of('count')} で数えます）",
            f"待ち人数の記録なし {unseen}",
        )
        yield Alert("records_partial", "info", "記録", text, "w", answer="count", short=brief)
    nowhere = called_nowhere(floor)
    if nowhere:
        text = f"呼出し済み {len(nowhere)}人（端末の記録なし） {_names(t.number for t in nowhere)}"
        brief = f"呼出し済み {len(nowhere)}人 端末の記録なし"
        yield Alert("called_nowhere", "info", "端末", text, "b", None, "queue", short=brief)
    alike = look_alikes(floor)
    if alike:
        yield Alert("numbers_alike", "warning", "番号", same_digits_line(alike), "b", None, "queue")


def _not_opened(floor: Floor, now: datetime) -> Iterator[Alert]:
    """Yield doors that are still shut when the reception has begun (仕様書 6)."""
    begins, ends = reception_span(floor)
    if floor.preparing and begins <= now <= ends:
        text = f"まだ開場していません 受付開始 {hm(begins)} から {minutes_word(seconds_between(begins, now))}"
        yield Alert("not_opened", "critical", "開場", text, "Enter", None, "open", short="まだ開場していません")


def _incidents(floor: Floor, register: Register, now: datetime) -> Iterator[Alert]:
    calendar, held = register.calendar(floor.site), {m.incident for m in register.meetings.values()}
    for i in register.incidents.values():
        clock = report_clock(i, floor.site, calendar)
        if clock is not None:
            severity = "critical" if clock.late(now) or i.policy.critical else "warning"
            what = "応急処置も市へ" if clock.again else "市へ"
            text = f"{i.code} {INCIDENT_SHORT[i.category]} {what}{clock.word}報告 {clock.left(now)}"
            brief = f"{i.code} {what}報告 {clock.left(now)}"
            yield Alert("incident_unreported", severity, "事案", text, "F5", answer="incidents", short=brief)
        if i.closed_at is None and i.calls_meeting and i.code not in held:
            text = f"{i.code} 重大 緊急会議がまだです（仕様書 9）"
            yield Alert("incident_serious", "warning", "事案", text, "F5", answer="incidents")


def _outages(floor: Floor, register: Register, now: datetime, g: Grounds) -> Iterator[Alert]:
    """Yield the services or terminals that stop, and since when; the others go on (仕様書 12(9)③イ, 12(13))."""
    site, weekday = floor.site, floor.day.weekday()
    for i in [*outages.stopped_now(register), *outages.terminals_stopped_now(register)]:
        if i.occurred_at <= now:
            hours = [site.hours(x, weekday) for x in i.services if x in site.service_by_code]
            during = floor.is_open and any(o <= now.time() <= c for o, c in hours)
            if i.stops_terminals:
                stand = {lane for lane, said in g.withheld.items() if said.stands(now)}
                during = any(t.lane in stand for t in floor.terminals.values() if t.code in i.terminals)
            since = minutes_word(seconds_between(i.occurred_at, now))
            which = "・".join(i.terminals) if i.stops_terminals else _names_of(floor, i.services)
            cause = outages.cause_word(i)
            text = f"{which} 障害 {_at(i.occurred_at, floor)}から {since}（{cause}）{i.code}"
            yield Alert("service_outage", "critical" if during else "warning", "障害", text, "F5", answer="incidents")
    for o, begun in outages.planned(register, now):
        text = f"{_names_of(floor, o.services)} {_at(o.from_at, floor)}〜{hm(o.until_at)} {o.reason}"
        yield Alert("planned_outage", "warning" if begun else "info", "停止中" if begun else "停止", text)
    for e in equipment.all_down(site, register):
        yield Alert("equipment_down", "warning", "機器", equipment.down_text(e), ",", answer="equipment")


def _at(at: datetime, floor: Floor) -> str:
    """Return an instant, with its day unless that is the floor's."""
    return hm(at) if business_day(at) == floor.day else md_hm(at)


def _names_of(floor: Floor, services: Iterable[str]) -> str:
    """Name services in short; a whole lane by its name."""
    site, left, found = floor.site, set(services), []
    for lane in site.lanes:
        own = [s.code for s in site.services if s.lane == lane.code]
        if len(own) > 1 and left >= set(own):
            found.append(lane.name)
            left -= set(own)
    return "・".join([*found, *(s.short for s in site.services if s.code in left)])


def _lanes(
    floor: Floor, now: datetime, flow: dict[str, LaneFlow], ahead: Mapping[str, Foreseen], g: Grounds
) -> Iterator[Alert]:
    site, coming, silent = floor.site, dict(ahead), g.silent_since()
    alone = lanes_alone(floor, now) if now.time() < site.hall.closes else ()
    for q in floor.lanes.values():
        lane = site.lane_by_code[q.code]
        if q.code in alone:
            here = g.present(floor, q.code)
            text = f"{lane.name} {f'{here}人待ち' if here else '受付中'}・動いている端末なし"
            brief = f"{lane.name} 動く端末なし"
            yield Alert("lane_unstaffed", "critical", "窓口", text, site.terminal_digits, None, "choose", short=brief)
        if q.code in g.withheld:
            coming.pop(q.code, None)  # nothing is foreseen of it
        target = site.wait_target_s(lane.code)
        longest = longest_known(floor, q.code, now, g)
        if longest is not None and longest.seconds > target:
            over = sum(seconds_between(t.wait_from, now) > target for t in g.held(floor, q.code) if t.wait_from)
            over += sum(h.n for h in q.heads if seconds_between(h.since, now) > target)
            told = f"・{hm(last)} の記録" if (last := silent.get(q.code)) else ""
            since, aim = "" if longest.number else f"{hm(longest.since)}から・", f"目標 {target // 60}分・"
            if since and told:  # no line holds both
                aim, told = (aim, "") if last == longest.since else ("", told)
            text = f"{lane.name} 最長 {longest.word}（{since}{aim}超過 {over}人{told}）"
            brief = f"{lane.name} 最長{longest.word}"
            yield Alert("wait_over_target", "warning", "待ち", text, "b", None, "queue", short=brief)
            coming[q.code] = coming.get(q.code, NOTHING)._replace(over=0)  # it has come
        seen = coming.get(q.code, NOTHING)
        call = outlook.last_call(floor, q.code, flow[q.code], now, seen.servable, g)
        if call is not None and call.waiting:
            severity = "warning" if call.too_many else "info"
            still = still_to_give(seen) if call.too_many or seen.short else ""
            text = f"{lane.name} {outlook.last_call_text(call)}{still}"
            brief = f"{lane.name} 待ち{call.waiting}人 約{call.servable}人まで"
            yield Alert("last_call", severity, "終了前", text, "r", None, "reception", short=brief, about=lane.code)
            coming[q.code] = seen._replace(short=0, late=seen.late and not call.too_many)  # the last call tells of it
    yield from foreseen_alerts(floor, coming, now)
    if floor.persons > site.seats.capacity:
        counted = {q for q in floor.lanes if floor.lanes[q].waiting} if floor.visitors is None else set()
        records = [silent[q] for q in counted if q in silent]
        told = f"（{hm(min(records))} の記録）" if records else ""
        text = f"会場 {floor.persons}人・椅子 {site.seats.capacity}脚{told}"
        brief = f"会場 {floor.persons}人／{site.seats.capacity}脚"
        yield Alert("seats_over", "critical", "満席", text, "v", None, "seats", short=brief)
    for codes in _stops(floor).values():
        lane = site.lane_by_code[site.service_by_code[codes[0]].lane]
        whole = {s.code for s in site.services if s.lane == lane.code} <= set(codes)
        names = lane.name if whole else "・".join(site.service_by_code[x].short for x in codes)
        text = stopped_word(names, floor.stopped[codes[0]])
        yield Alert("reception_stopped", "info", "打切り", text, "r", None, "reception")
    for band in site.bands:
        n = sum((t.home or t.lane) == band.lane for t in floor.terminals.values())  # a loan changes no split
        if not band.low <= n <= band.high:
            text = f"{site.lane_by_code[band.lane].name} {n}台（通常 {band.low}〜{band.high}台）"
            yield Alert("outside_band", "info", "配分", text, site.terminal_digits, None, "choose")


def _stops(floor: Floor) -> dict[tuple[str, ...], list[str]]:
    """Return the services whose reception was stopped at once, by whom and for which reason, as one line each."""
    found: dict[tuple[str, ...], list[str]] = {}
    for code, stop in floor.stopped.items():
        key = (floor.site.service_by_code[code].lane, hm(stop.at), stop.reason, stop.decided_by)
        found.setdefault(key, []).append(code)
    return found


def _appointments(floor: Floor, register: Register, now: datetime, g: Grounds) -> Iterator[Alert]:
    states = appointments.slot_states(floor, register) if register.slots(floor.day) else []
    due = appointments.due_within(states, now)
    lane = next((s.lane for s in floor.site.services if s.appointment), None)
    if due and lane is not None:
        booked = sum(s.booked for s in due)
        desks, minutes = g.desks(floor, lane), appointments.booked_minutes(floor, register, due)
        if minutes > 30 * desks:
            text = f"30分以内に {booked}件・{length_word(minutes)} 窓口 {desks}台では足りません"
            brief = f"窓口不足（{desks}台）"
            yield Alert("appointments_crowded", "warning", "予約", text, "b", None, "queue", short=brief)
    missing = appointments.late(floor, states, now)
    recent = [s for s in missing if now - s.at <= timedelta(hours=1)]
    if recent and lane is not None and lane_receiving(floor, lane, now):
        text = f"まだ来ない予約 {sum(s.missing for s in recent)}件（{'・'.join(hm(s.at) for s in recent[-4:])}）"
        yield Alert("appointments_late", "info", "予約", text, "b", None, "queue")


def _terminals(floor: Floor, now: datetime, g: Grounds) -> Iterator[Alert]:
    for t in floor.terminals.values():
        if t.failed and t.since:
            reason = f" {t.reason}" if t.reason else ""
            text = f"{t.code}{reason} {minutes_word(seconds_between(t.since, now))}"
            yield Alert("terminal_failed", "warning", "故障", text, "f", t.code, "fail")
    idle = outlook.idle_terminals(floor, now, g)
    if idle:
        lane = floor.terminals[idle[0]].lane
        begins, ends = lane_hours(floor, lane)
        when = f"{hm(begins)} から" if now < begins else f"{hm(ends)} で終わり"
        text = f"{'・'.join(idle)} {floor.site.lane_by_code[lane].name}の受付は {when} 応援に出せます"
        brief = f"{'・'.join(idle)} 応援に出せます"
        yield Alert("terminals_idle", "info", "空き", text, floor.site.terminal_digits, idle[0], "choose", short=brief)


def _duties(owed: Pressing, today: date) -> Iterator[Alert]:
    """Yield the overdue duties, and those due today or tomorrow (F8; 仕様書 8 to 11)."""
    if owed.overdue:
        first, n = owed.overdue[0], len(owed.overdue)
        more = more_word(n - 1)
        text = f"{first.name} {first.about} 期限 {month_day(first.due)} 超過{more}"
        brief = f"{first.name} 超過{more}"
        yield Alert("duty_overdue", "warning", "期限", text, "F8", answer="duties", red=True, short=brief)
    if owed.outdated:
        first, n = owed.outdated[0], len(owed.outdated)
        more = more_word(n - 1)
        text = f"{first.name} {first.about} 再提出{more}"
        yield Alert("duty_outdated", "warning", "期限", text, "F8", answer="duties")
    for word, due in (
        ("今日まで", [d for d in owed.due if d.due == today]),
        ("明日まで", [d for d in owed.due if d.due != today]),
    ):
        if due:
            more = more_word(len(due) - 1)
            yield Alert("duty_due", "info", "期限", f"{word} {due[0].name} {due[0].about}{more}", "F8", answer="duties")


def _unclosed(days: Sequence[date]) -> Iterator[Alert]:
    """Yield the days without a close: they have no final report (仕様書 5(3)④)."""
    if days:
        day, more = days[0], more_word(len(days) - 1, "日")
        text = f"{short_day(day)}が締められていません{more}（floorctl close --date {day}）"
        yield Alert("day_not_closed", "warning", "締め", text)


def _sources(floor: Floor, info: DayInfo, now: datetime, skews: dict[str, int]) -> Iterator[Alert]:
    waits = any(q.waiting for q in floor.lanes.values())
    for source, age in silent_feeds(floor, now):
        name = file_word(source_word(source))
        # A hall where nobody waits may be quiet for so long.
        quiet = not waits and age <= 2 * floor.site.thresholds.stale_feed_s
        text, brief = f"{name} から {minutes_word(age)}間 記録なし", f"{name} 記録なし"
        yield Alert("feed_silent", "info" if quiet else "warning", "途絶", text, short=brief)
    if floor.opened_at is not None and not info.open:
        yield Alert("day_not_open", "warning", "暦", f"開場日ではありません（{info.reason or info.kind}）")
    if floor.last_fact_at is not None and floor.last_fact_at - now > timedelta(minutes=5):
        ahead = minutes_word(seconds_between(now, floor.last_fact_at))
        text, brief = f"記録がこのPCの時計より {ahead}先", f"記録が時計より{ahead}先"
        yield Alert("clock_behind", "warning", "時計", text, "F12", None, "clock", short=brief)
    for source, ahead_s in skews.items():
        if abs(ahead_s) >= floor.site.thresholds.clock_skew_s and receiving(floor, now):
            which = "進んで" if ahead_s > 0 else "遅れて"
            name = file_word(source_word(source))
            text = f"{name} の時計がこのPCより {length(abs(ahead_s))} {which}います"
            brief = f"{name}の時計 {length(abs(ahead_s))}{which[:2]}"
            yield Alert("clock_skew", "info", "時計", text, "F12", None, "clock", short=brief)
