"""Cards of F7: today (from the facts), a week or a month (from the tables), each a plot with its figures in words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, time
from functools import partial
from statistics import fmean
from typing import TYPE_CHECKING

from rich.cells import cell_len

from floorctl.common.clock import HALF_HOUR, business_day, seconds_between
from floorctl.common.lengths import about
from floorctl.common.words import WEEKDAYS, hm, month_day, short_day
from floorctl.documents.day.record import DayRecord, Waits, no_waits_word
from floorctl.documents.period.record import RENEWAL
from floorctl.models.board.flow import reception_half_hours, waiting_at
from floorctl.models.board.loans import helped_words
from floorctl.models.day.escalation import Escalation
from floorctl.models.day.floor import Floor
from floorctl.models.register.demand_forecast import Forecast
from floorctl.models.site.hall import Lane
from floorctl.models.site.site import Site
from floorctl.screens.drawing.panel import Either, Line
from floorctl.screens.drawing.plots import Bar, Plot, Series
from floorctl.screens.drawing.rows import Words
from floorctl.screens.results import target_card
from floorctl.screens.results.card import Card
from floorctl.screens.results.day_record import other_ends

if TYPE_CHECKING:
    from floorctl.documents.period.record import PeriodRecord

_MISSING = 3  # most of the days without a record that are named


def _shared(site: Site) -> list[tuple[Lane, str]]:
    """Return the lanes of the board with their palette's roles; the others have figures in words only."""
    return [(lane, f"lane{n % 4}") for n, lane in enumerate(site.lanes) if lane.code in site.movable_lanes]


def _minutes(seconds: float | None) -> float | None:
    return None if seconds is None else seconds / 60


def _by_two(first: str, words: list[str]) -> list[Words]:
    """Return words two a line, behind their name."""
    blank = " " * cell_len(first)
    return [
        [(first if not n else blank, "dim"), ("  ".join(words[n : n + 2]), "text")] for n in range(0, len(words), 2)
    ]


def _waits_words(site: Site, waits: dict[str, Waits], none: Callable[[str], str]) -> list[Line | Words]:
    """Return the waits of each lane; ``none``: the word of a lane without."""
    found: list[Line | Words] = []
    for lane in site.lanes:
        w = waits[lane.code]
        mean, most = f"{w.n:,}人  平均{about(w.mean_s)}", f"最大{about(w.max_s)}"
        said = (f"{mean}  9割の人が{about(w.p90_s)}以内  {most}", f"{mean} 9割{about(w.p90_s)}以内 {most}")
        text = Either(said) if w.n else (none(lane.code), "dim")
        found.append(Line([(f"{lane.name} ", "dim"), text]))
    return found


def _target(site: Site, ticks: int) -> Series:
    minutes = site.thresholds.wait_target_s / 60
    return Series(f"目標 {minutes:.0f}分", [minutes] * ticks, "dim", "dots", figures=False)


def _served_plot(ticks: list[str], issued: Sequence[float | None], done: Sequence[float | None]) -> Plot:
    """Return the plot of tickets issued and done, a tick an hour or a day."""
    return Plot(ticks, [Series("発券", list(issued), "text"), Series("完了", list(done), "ok")], "人")


def _waits_plot(site: Site, ticks: list[str], means: Callable[[str], list[float | None]]) -> Plot:
    """Return the plot of the mean waits of each lane in minutes (``means`` by lane code) beside the target."""
    lanes = [Series(lane.name, means(lane.code), role) for lane, role in _shared(site)]
    return Plot(ticks, [*lanes, _target(site, len(ticks))], "分")


# ---- today


def today_cards(
    floor: Floor,
    record: DayRecord,
    now: datetime,
    forecast: Forecast | None,
    open_days: int,
    target: Card | None = None,
) -> list[Card]:
    """Return the cards of today. ``forecast``: with the ``open_days`` of this month; None until it has been read.

    ``target``: the card of the target kept.
    """
    site = floor.site
    hours = sorted({h.hour for lane in record.hours.values() for h in lane})
    by_hour = {(lane, h.hour): h for lane, own in record.hours.items() for h in own}
    ticks = [str(h) for h in hours]

    def summed(lanes: Iterable[str], hour: int) -> tuple[int, int]:
        own = [h for lane in lanes if (h := by_hour.get((lane, hour)))]
        return sum(h.issued for h in own), sum(h.served for h in own)

    over = now.hour if business_day(now) == floor.day else 23  # nothing is known of the hours to come
    totals = [summed(record.hours, h) if h <= over else (None, None) for h in hours]
    served = _served_plot(ticks, [i for i, _ in totals], [d for _, d in totals])

    def mean(lane: str, hour: int) -> float | None:
        found = by_hour.get((lane, hour))
        return _minutes(found.wait_mean_s) if found is not None else None

    waits = _waits_plot(site, ticks, lambda lane: [mean(lane, n) for n in hours])
    return [
        Card("受付と完了（時間ごと、人）", _today_words(record, site, helped_words(floor, now)), served),
        Card(
            "待ち時間（呼び出した時間ごとの平均、分）",
            _waits_words(site, record.waits, partial(no_waits_word, record)),
            waits,
        ),
        *([target] if target is not None else []),
        _queue_card(floor, record, now),
        _matters_today(site, list(record.escalations)),
        _forecast_today(record, site, forecast, open_days),
        _services_card(record, site),
    ]


def _services_card(record: DayRecord, site: Site) -> Card:
    """Return what was finished of each service."""
    bars = tuple(Bar(s.short, record.counts[s.code]) for s in site.services)
    return Card("業務ごとの完了（件）", [], bars=bars)


def _today_words(record: DayRecord, site: Site, loans: tuple[str, str]) -> list[Words]:
    done = {lane.code: sum(t.lane == lane.code and t.fate == "done" for t in record.tickets) for lane in site.lanes}
    issued = {lane.code: sum(t.lane == lane.code for t in record.tickets) for lane in site.lanes}
    total: Words = [("計 ", "dim"), (f"発券 {sum(issued.values()):,}  完了 {sum(done.values()):,}", "strong")]
    if all(loans):  # on the first line, which stays where a card has no room for all of them
        total += [("  応援 ", "dim"), ("  ".join(loans), "text")]
    words: list[Words] = [total]
    lanes = [f"{lane.name} {done[lane.code]}／{issued[lane.code]}" for lane in site.lanes]
    words += _by_two("完了／発券 ", lanes)
    others = other_ends(record, site)
    words.append([("ほかに ", "dim"), ("  ".join(others) or "なし", "text")])
    return words


def _queue_card(floor: Floor, record: DayRecord, now: datetime) -> Card:
    """Return the queue length at every half hour of the reception up to now."""
    starts = reception_half_hours(floor)
    instants = [*starts, *(at + HALF_HOUR for at in starts[-1:])]
    seen = [x if x <= now else None for x in instants]
    series = []
    for (lane, role), form in zip(_shared(floor.site), ("line", "dots"), strict=False):
        there = floor.lanes[lane.code]
        values = [float(waiting_at(there, x)) if x and lane.code not in record.unseen else None for x in seen]
        series.append(Series(lane.name, values, role, form, figures=False))
    ticks = [str(x.hour) if x.minute == 0 else "" for x in instants]
    words: list[Words] = []
    for lane in floor.site.lanes:
        peak, waiting = record.peaks[lane.code], floor.lanes[lane.code].waiting
        most = f"最多 {peak[0]}人（{hm(peak[1])}）" if peak else "待ちなし"
        if lane.code in record.unseen:
            words.append([(f"{lane.name} ", "dim"), ("待ち人数の記録なし", "dim")])
            continue
        words.append([(f"{lane.name} ", "dim"), (f"いま {waiting}人  {most}", "text")])
    return Card("待っている人（30分ごと、人）", words, Plot(ticks, series, "人"))


def _matters_card(site: Site, matters: list[tuple[str, int, list[int]]], n: int, taken: list[int]) -> Card:
    """Return the cases by matter (name, number, seconds until taken), with the number and the seconds of all."""
    limit = site.thresholds.escalation_red_s
    late = f"  対応まで{limit // 60}分を超えたもの {sum(s > limit for s in taken):,}件"
    words: list[Words] = [[("計 ", "dim"), (f"{n:,}件", "strong"), (late, "text")]]
    bars = tuple(Bar(name, own, _taken_words(seconds), "warn") for name, own, seconds in matters)
    return Card("市職員への引継ぎ（事項ごと、右は対応まで）", words, None, bars)


def _matters_today(site: Site, cases: list[Escalation]) -> Card:
    own = [(m.short, [e for e in cases if e.matter == m.code]) for m in site.matters]
    return _matters_card(site, [(name, len(es), _taken(es)) for name, es in own], len(cases), _taken(cases))


def _taken(cases: list[Escalation]) -> list[int]:
    return [seconds_between(e.raised_at, e.taken_at) for e in cases if e.raised_at and e.taken_at]


def _taken_words(seconds: list[int]) -> str:
    if not seconds:
        return ""
    return f"平均{about(int(fmean(seconds)))} 最大{about(max(seconds))}"


def _share(actual: float, expected: float) -> str:
    return f"（{actual / expected * 100:.0f}%）" if expected else ""


def _forecast_today(record: DayRecord, site: Site, forecast: Forecast | None, open_days: int) -> Card:
    """Return the month's forecast per open day against today."""
    title = "見込みと実績（1日あたり、件）"
    month = forecast.of(f"{record.day:%Y-%m}") if forecast is not None else None
    if month is None or not open_days:
        return Card(title, [[("見込みを読んでいます" if forecast is None else "この月の見込みはありません", "dim")]])
    cards = sum(t.cards for t in record.tickets if t.lane in site.card_lanes and t.fate == "done")
    renewals = sum(record.counts.get(code, 0) for code in site.services_like(RENEWAL))
    rows = [("更新", month.cert_renewals / open_days, renewals), ("交付", month.cards / open_days, cards)]
    plot = Plot(
        [name for name, _, _ in rows],
        [Series("見込み", [e for _, e, _ in rows], "dim"), Series("今日", [float(a) for _, _, a in rows], "ok")],
        "件",
    )
    names = {"更新": "電子証明書の更新", "交付": "カードの交付"}
    words: list[Words] = [
        [(f"{names[name]} ", "dim"), (f"見込み {e:.0f}  今日 {a}{_share(a, e)}", "text")] for name, e, a in rows
    ]
    words.append([(f"{record.day.month}月の見込みを開場{open_days}日で割った数", "dim")])
    return Card(title, words, plot)


# ---- a week, a month


def period_cards(record: PeriodRecord, site: Site) -> list[Card]:
    """Return the cards of a period from the derived tables: days, waits by day and hour, cases, forecast."""
    days = {d.day: d for d in record.days}
    shown = sorted({*days, *record.missing})
    ticks = [str(d.day) if len(shown) > 7 else f"{d.day}{WEEKDAYS[d.weekday()]}" for d in shown]
    done = _served_plot(
        ticks,
        [float(days[d].issued) if d in days and not days[d].counts_only else None for d in shown],
        [float(days[d].done) if d in days and not days[d].counts_only else None for d in shown],
    )
    waits = _waits_plot(
        site, ticks, lambda lane: [_minutes(days[d].waits[lane].mean_s) if d in days else None for d in shown]
    )
    return [
        Card("受付と完了（日ごと、人）", _period_words(record, site), done),
        Card("待ち時間（日ごとの平均、分）", _waits_words(site, record.waits, lambda _: "待ち時間の記録なし"), waits),
        target_card.period_card(record, site),
        _hours_card(record, site),
        _matters_of(record, site),
        _forecast_card(record),
    ]


def _period_words(record: PeriodRecord, site: Site) -> list[Words]:
    n = len(record.days)
    visited = len(record.visited)
    mean = f"  1日平均 {record.served / visited:.0f}" if visited else ""
    words: list[Words] = [
        [("計 ", "dim"), (f"開場 {n}日  発券 {record.issued:,}  完了 {record.served:,}{mean}", "strong")]
    ]
    most = max(record.days, key=lambda d: d.issued, default=None)
    if most is not None:
        words.append(
            [("最も多い日 ", "dim"), (f"{short_day(most.day)} 発券 {most.issued:,}  完了 {most.done:,}", "text")]
        )
    lanes = [f"{lane.name} {sum(d.served.get(lane.code, 0) for d in record.days):,}" for lane in site.lanes]
    if record.missing:
        more = "ほか" if len(record.missing) > _MISSING else ""
        listed = "・".join(map(month_day, record.missing[:_MISSING])) + more
        words.append([("記録のない開場日 ", "warn"), (f"{len(record.missing)}日（{listed}）", "text")])
    return words + _by_two("完了 ", lanes)


def _hours_card(record: PeriodRecord, site: Site) -> Card:
    """Return the mean waits by the hour of the call, over all days."""
    weekday = record.first.weekday()
    opens = min(site.hours(s.code, weekday)[0] for s in site.services)
    closes = max(site.hours(s.code, weekday)[1] for s in site.services)
    usual = range(opens.hour, closes.hour + (closes > time(closes.hour)))
    hours = sorted({*usual, *(c.hour for c in record.cells if c.waited)})

    def mean(lane: str, hour: int) -> float | None:
        own = [c for c in record.cells if c.lane == lane and c.hour == hour]
        n = sum(c.waited for c in own)
        return sum(c.wait_s for c in own) / n / 60 if n else None

    series = [Series(lane.name, [mean(lane.code, h) for h in hours], role) for lane, role in _shared(site)]
    words: list[Words] = []
    for lane, _ in _shared(site):
        found = [(m, h) for h in hours if (m := mean(lane.code, h)) is not None]
        if found:
            longest, hour = max(found)
            words.append([(f"{lane.name} ", "dim"), (f"最も待つのは {hour}時台 平均 {longest:.0f}分", "text")])
    plot = Plot([str(h) for h in hours], [*series, _target(site, len(hours))], "分")
    return Card("時間帯ごとの待ち（全日の平均、分）", words, plot)


def _matters_of(record: PeriodRecord, site: Site) -> Card:
    names = {code: m.short for code, m in site.matter_by_code.items()}
    matters = [(names.get(m.matter or "", "事項不明"), m.n, list(m.taken_s)) for m in record.matters]
    return _matters_card(site, matters, sum(n for _, n, _ in matters), record.taken_s)


def _forecast_card(record: PeriodRecord) -> Card:
    """Return the renewals month by month, and both demands of this month in words."""
    compared = record.compared
    expected = [float(x.due.cert_renewals) if x.due else None for x in compared]
    known = [x.actual if x.recorded_of("cert_renewals") else None for x in compared]
    actual = [float(came["cert_renewals"]) if came is not None else None for came in known]
    plot = Plot(
        [f"{int(x.month[5:])}月" for x in compared],
        [Series("見込み", expected, "dim"), Series("実績", actual, "ok")],
        "件",
    )
    month = f"{record.last:%Y-%m}"
    now = next((x for x in compared if x.month == month), compared[-1] if compared else None)
    words: list[Words] = []
    if now is not None and now.due is not None:
        for name, e, key in (
            ("電子証明書の更新", now.due.cert_renewals, "cert_renewals"),
            ("カードの交付", now.due.cards, "cards"),
        ):
            came = (
                f"実績 {now.actual[key]:,}{_share(now.actual[key], e)}"
                if now.actual and now.recorded_of(key)
                else "実績の記録なし"
            )
            words.append([(f"{int(now.month[5:])}月 {name} ", "dim"), (f"見込み {e:,}  {came}", "text")])
        if now.under_way:
            words.append([(f"見込みは{now.open_days}日のうち終わった{now.past}日分", "dim")])
    return Card("電子証明書更新の見込みと実績（月ごと、件）", words, plot)
