"""Draft of 問題点 in the daily report: sentences with figures from the day's facts (仕様書 5(3)④, 10). Pure.

The manager keeps or drops them. Staff are named by code alone; whether it was a problem, and what was done about it, is
left to a person.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, datetime

from floorctl.common.clock import business_day, seconds_between
from floorctl.common.lengths import length, minutes_length
from floorctl.common.words import EQUIPMENT_STATES, INCIDENT_CATEGORIES, INCIDENT_SHORT, clock_ja, day_ja
from floorctl.documents.day.doubts import NOT_CLOSED, NOT_RECORDED
from floorctl.documents.day.record import DayRecord, Tie
from floorctl.documents.day.ticket_lines import TicketLine
from floorctl.documents.layout.names import name_of, services_word
from floorctl.models.board import card_stock as cards
from floorctl.models.board.flow import reception_span, spans_s
from floorctl.models.board.stops import Stop
from floorctl.models.day.floor import Floor
from floorctl.models.register import equipment as equipment
from floorctl.models.register.incident import Incident
from floorctl.models.register.outages import OutageMinutes
from floorctl.models.register.register import Register

# Limits of a head of the report (models/facts/fields.Lines).
MOST_LINES, MOST_CHARS = 30, 400
_REASON_CHARS = 80
_MOST_NAMED = 20  # incidents in one sentence


def draft_problems(record: DayRecord, floor: Floor, register: Register) -> list[str]:
    """Return the sentences, those that concern visitors first: at most ``MOST_LINES``, [] if there is no problem.

    ``floor`` and ``register`` are those that ``record`` was made of.
    """
    found = [
        *_outages(record, floor),
        *_opening(record, floor),
        *_stops(record, floor),
        *_equipment(record, floor, register),
        *_waits(record, floor),
        *_chairs(record, floor),
        *_people(record, register),
        *_city(record, floor),
        *_incidents(record),
        *_cards(record, floor, register),
        *(doubt for doubt in record.doubts if doubt not in (NOT_CLOSED, NOT_RECORDED)),
    ]
    lines = difference_lines(unexplained(record), floor, MOST_LINES - len(found))
    return [line[:MOST_CHARS] for line in [*found, *lines]][:MOST_LINES]


def unexplained(record: DayRecord) -> list[Tie]:
    """Return the work items whose ledger differs from the records and that have no note."""
    return [t for t in record.ties if t.difference and not t.note]


def difference_text(tie: Tie, floor: Floor) -> str:
    """Return a difference as a sentence: 交付 新規の件数が交付簿と一致しません（記録 12件、交付簿 13件、差 +1件）."""
    return f"{_item(tie, floor)}の件数が{tie.ledger}と一致しません（{_figures(tie)}）。"


def difference_lines(ties: Sequence[Tie], floor: Floor, room: int) -> list[str]:
    """Return differences as sentences: one each, or one a ledger if there are more than ``room``."""
    lines = [difference_text(t, floor) for t in ties]
    return lines if len(lines) <= room else list(_by_ledger(ties, floor))


def _item(tie: Tie, floor: Floor) -> str:
    return name_of(floor.site.work_item_by_code, tie.item)


def _figures(tie: Tie) -> str:
    return f"記録 {tie.recorded:,}件、{tie.ledger} {tie.read or 0:,}件、差 {tie.difference or 0:+,}件"


def _by_ledger(ties: Sequence[Tie], floor: Floor) -> Iterator[str]:
    """Yield one sentence a ledger with all its differences."""
    for ledger in dict.fromkeys(t.ledger for t in ties):
        own = [t for t in ties if t.ledger == ledger]
        listed = "、".join(f"{_item(t, floor)} {t.difference or 0:+,}件" for t in own)
        yield f"{ledger}の件数と一致しないものが{len(own)}区分あります（{listed}）。"


# ---- wording


def _at(at: datetime, day: date) -> str:
    """Return a time of day for a sentence, after its date if that is not ``day``."""
    on = business_day(at)
    return clock_ja(at) if on == day else f"{day_ja(on)}{clock_ja(at)}"


def _from_to(since: datetime, until: datetime | None, day: date) -> str:
    return f"{_at(since, day)}から" + (f"{_at(until, day)}まで" if until else "")


def _because(text: str) -> str:
    """Return a reason in brackets as it was typed, cut to ``_REASON_CHARS``; "" for none."""
    text = text.strip().rstrip("。")
    if len(text) > _REASON_CHARS:
        text = text[: _REASON_CHARS - 2] + ".."
    return f"（{text}）" if text else ""


def _codes(codes: Sequence[str]) -> str:
    return "、".join(codes)


# ---- what stood still


def _outages(record: DayRecord, floor: Floor) -> Iterator[str]:
    """Yield each outage with its minutes and cause (仕様書 12(9)③イ)."""
    together: dict[tuple[str, datetime, datetime | None, str], list[OutageMinutes]] = {}
    for o in record.outages:
        together.setdefault((o.incident, o.since, o.until, o.cause), []).append(o)
    for (incident, since, until, cause), rows in together.items():
        most = max(r.minutes for r in rows) * 60
        length = f"受付時間のうち{'最大' if len({r.minutes for r in rows}) > 1 else ''}{minutes_length(most)}"
        ends = "停止しました" if until else "停止し、記録の終わりまで復旧していません"
        which = f"、{incident}" if incident else ""
        spell = _from_to(since, until, record.day)
        codes = {r.service for r in rows}
        served = sum(t.fate == "done" and t.service in codes and _within(t, since, until) for t in record.tickets)
        doubt = (
            f"停止の記録の間に完了した番号札が{served:,}枚あります。停止の時刻を確かめる必要があります。"
            if served
            else ""
        )
        yield f"{services_word((r.service for r in rows), floor.site)}が{spell}{ends}（{length}、{cause}{which}）。{doubt}"


def _within(t: TicketLine, since: datetime, until: datetime | None) -> bool:
    """Return whether a ticket was called and finished while a service stood still by the record."""
    if t.called_at is None or t.finished_at is None:
        return False
    return since < t.called_at and (until is None or t.finished_at < until)


def _opening(record: DayRecord, floor: Floor) -> Iterator[str]:
    """Yield a late opening and an early close, from one minute on (仕様書 6)."""
    start, end = reception_span(floor)
    if floor.opened_by_fact and record.opened_at is not None:
        late = seconds_between(start, record.opened_at)
        if late >= 60:
            yield f"開場が{clock_ja(record.opened_at)}となり、{minutes_length(late)}遅れました（定刻 {clock_ja(start)}）。"
    if record.closed_at is not None:
        early = seconds_between(record.closed_at, end)
        if early >= 60:
            yield f"閉場が{clock_ja(record.closed_at)}となり、受付時間の終わり（{clock_ja(end)}）より{minutes_length(early)}早くなりました。"


def _stops(record: DayRecord, floor: Floor) -> Iterator[str]:
    """Yield stopped receptions, and the failures of each terminal together."""
    receptions: dict[tuple[datetime, datetime | None, str], list[Stop]] = {}
    terminals: dict[str, list[Stop]] = {}
    for s in record.stops:
        if s.sort == "reception":
            receptions.setdefault((s.since, s.until, s.text), []).append(s)
        else:
            terminals.setdefault(s.code, []).append(s)
    for (since, until, text), stops in receptions.items():
        length = max(s.seconds for s in stops)
        lost = f"受付時間のうち{minutes_length(length)}です。" if length >= 60 else ""
        spell = _from_to(since, until, record.day)
        yield f"{services_word((s.code for s in stops), floor.site)}の受付を{spell}打ち切りました{_because(text)}。{lost}"
    for code, stops in terminals.items():
        lost = f"受付時間のうち{'計' if len(stops) > 1 else ''}{minutes_length(sum(s.seconds for s in stops))}"
        reason = next((s.text for s in reversed(stops) if s.text.strip()), "")
        if len(stops) > 1:
            yield f"端末 {code} が{len(stops)}回故障しました{_because(reason)}。{lost}、使えませんでした。"
        else:
            spell = _from_to(stops[0].since, stops[0].until, record.day)
            yield f"端末 {code} が{spell}故障しました{_because(reason)}。{lost}、使えませんでした。"


def _equipment(record: DayRecord, floor: Floor, register: Register) -> Iterator[str]:
    """Yield the equipment that is out of order at the end of the day, and what it stops (仕様書 15(4))."""
    for u in equipment.units(floor.site, register):
        if u.state != "ok" and u.since is not None and business_day(u.since) <= record.day:
            word = EQUIPMENT_STATES[u.state]
            yield f"{u.name} が{_at(u.since, record.day)}から{word}しています{_because(u.reason)}。"
    for e in equipment.all_down(floor.site, register):
        yield f"{equipment.down_text(e)}。"


# ---- visitors


def _waits(record: DayRecord, floor: Floor) -> Iterator[str]:
    """Yield lanes whose waits exceeded the target, with the longest, and who left before being called (仕様書 7(1))."""
    # Lengths of one page in one form: with an hour among them none has seconds.
    whole = any((t.wait_s or 0) >= 3600 for t in record.tickets if t.called_at)
    for lane in floor.site.lanes:
        target = floor.site.wait_target_s(lane.code)
        called = [t for t in record.tickets if t.lane == lane.code and t.wait_s is not None and t.called_at]
        over = [t for t in called if (t.wait_s or 0) > target]
        left = sum(t.lane == lane.code and t.fate == "left" for t in record.tickets)
        gone = f"呼出しの前に帰られた方は{left}人です。" if left else ""
        if over:
            worst = max(over, key=lambda t: t.wait_s or 0)
            assert worst.called_at is not None
            most = worst.wait_s or 0
            told = minutes_length(most) if whole and most >= target + 60 else length(most)
            yield (
                f"{lane.name}の待ち時間が目標（{target // 60}分）を超えた方が{len(called)}人中{len(over)}人、"
                f"最大{told}でした（{clock_ja(worst.called_at)}の呼出し）。{gone}"
            )
        elif gone:
            yield f"{lane.name}で、{gone}"


def _chairs(record: DayRecord, floor: Floor) -> Iterator[str]:
    """Yield how long more people were in the hall than it has chairs (仕様書 7(1))."""
    capacity = floor.site.seats.capacity
    most = max(floor.crowd, key=lambda x: x[1], default=None)
    until = record.closed_at or floor.last_fact_at
    if most is None or most[1] <= capacity or until is None:
        return
    seconds = spans_s([(at, n > capacity) for at, n in floor.crowd], until, reception_span(floor))
    length = f"、受付時間のうち{minutes_length(seconds)}" if seconds >= 60 else ""
    yield f"会場の人数が椅子（{capacity}脚）を超えました（最大{most[1]}人、{clock_ja(most[0])}{length}）。"


# ---- people


def _people(record: DayRecord, register: Register) -> Iterator[str]:
    """Yield absences, lateness, vacancies, an empty charge and short breaks (仕様書 5(1), 5(3)⑥, 5(4)②, 労基法34条).

    Reasons of absence are left out.
    """
    absent = [s.staff for s in record.staff_days if s.absent]
    if absent:
        yield f"欠勤が{len(absent)}人ありました（{_codes(absent)}）。"
    late = [s for s in record.staff_days if s.late]
    if late:
        people = [f"{s.staff} {clock_ja(s.came_at)}出勤" if s.came_at else f"{s.staff} 出勤の記録なし" for s in late]
        yield f"遅刻が{len(late)}人ありました（{_codes(people)}）。"
    for v in record.vacancies:
        ends = f"{_at(v.closed_at, record.day)}に" if v.closed_at else ""
        stood_in = f"{v.substitute} が代わりに入りました" if v.substitute else "本人が来ました"
        end = f"{ends}{stood_in}" if v.closed_at else "代わりの者は入っていません"
        uncovered = (
            f"受付時間のうち{minutes_length(v.uncovered_s)}補充がありませんでした。" if v.uncovered_s >= 60 else ""
        )
        yield f"{v.staff} の欠員が{_at(v.opened_at, record.day)}に生じ、{end}。{uncovered}"
    if record.charge_vacant_s is not None and record.charge_vacant_s >= 60:
        yield f"現場責任者（代行者を含む）が受付時間のうち計{minutes_length(record.charge_vacant_s)}不在でした。"
    short = [f"{s.staff} {minutes_length(s.break_short_s)}" for s in record.staff_days if s.break_short_s]
    if short:
        yield f"休憩の記録が法定の時間（労働基準法34条）に足りない従事者が{len(short)}人います（不足 {_codes(short)}）。"


def _city(record: DayRecord, floor: Floor) -> Iterator[str]:
    """Yield the absence of city staff during reception, and hand-overs taken later than the red limit (仕様書 7(2))."""
    absent = record.officials_absent_s
    if absent is not None and absent >= 60:
        yield f"市職員が受付時間のうち計{minutes_length(absent)}会場に不在でした。"
    if record.officials_below_s >= 60:
        yield f"市職員が予定の人数より少ない時間が、受付時間のうち計{minutes_length(record.officials_below_s)}ありました。"
    limit, last = floor.site.thresholds.escalation_red_s, record.closed_at or floor.last_fact_at
    raised = [(e, e.raised_at) for e in record.escalations if e.raised_at is not None]
    slow = []
    for e, since in raised:
        until = e.taken_at or e.settled_at or last
        if until is not None and seconds_between(since, until) > limit:
            slow.append((seconds_between(since, until), e.code))
    if slow:
        longest, code = max(slow)
        yield (
            f"市職員への引継ぎ{len(raised)}件のうち、対応の開始まで{limit // 60}分を超えたものが{len(slow)}件ありました"
            f"（最長{length(longest)}、{code}）。"
        )


# ---- incidents, card stock


def _incidents(record: DayRecord) -> Iterator[str]:
    """Yield serious incidents one by one, the others by number, and each that nobody was told of (仕様書 9, 12(8) to (11))."""
    new = [i for i in record.incidents if business_day(max(i.occurred_at, i.found_at)) == record.day]
    each = [i for i in record.incidents if (i.closed_at is None and i.serious) or (i in new and _reported_alone(i))]
    for i in each:
        report = f"市へは{_at(i.reported_at, record.day)}に報告しました" if i.reported_at else "市への報告がまだです"
        serious = "（重大）" if i.serious else ""
        yield f"{i.code} {INCIDENT_CATEGORIES[i.category]}{serious}{_because(i.summary)}。{report}。"
    others = [i for i in new if i not in each]
    if others:
        kinds = Counter(INCIDENT_CATEGORIES[i.category] for i in others)
        yield f"事案が{len(others)}件ありました（{'、'.join(f'{word} {n}件' for word, n in kinds.items())}）。"
    owed = [
        f"{i.code} {INCIDENT_SHORT[i.category]}"
        for i in record.incidents
        if i.untold and i.closed_at is None and i not in each
    ]
    for codes in _batched(owed):
        yield f"市への報告がまだの事案が{len(codes)}件あります（{_codes(codes)}）。"
    closed = [i for i in record.incidents if i.untold and i.closed_at is not None]
    for i in (x for x in closed if x.untold_because):
        yield f"{i.code} {INCIDENT_SHORT[i.category]}は市に報告せずに終結しました{_because(i.untold_because)}。"
    rest = [f"{i.code} {INCIDENT_SHORT[i.category]}" for i in closed if not i.untold_because]
    for codes in _batched(rest):
        yield f"市に報告せずに終結した事案が{len(codes)}件あります（{_codes(codes)}）。"


def _batched(codes: list[str]) -> Iterator[list[str]]:
    """Yield the codes in groups of which a sentence has room for each."""
    for n in range(0, len(codes), _MOST_NAMED):
        yield codes[n : n + _MOST_NAMED]


def _reported_alone(i: Incident) -> bool:
    return i.serious or i.policy.one_by_one


def _cards(record: DayRecord, floor: Floor, register: Register) -> Iterator[str]:
    """Yield the difference found when the card stock was counted (SPEC 2.3)."""
    counted = register.cards.get(record.day)
    found = cards.difference(floor, register, counted) if counted is not None else None
    if found is not None:
        yield f"カード在庫の照合で数が合いません（{found.text.partition(': ')[2]}）。"
