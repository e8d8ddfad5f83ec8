"""Card of F7: how many people waited at most the target, by the hour in which they came, and by lane."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, TypeVar

from floorctl.common.clock import business_day
from floorctl.common.words import WEEKDAYS
from floorctl.console.forecasts import TARGET
from floorctl.console.state import ConsoleState, lane_role
from floorctl.models.board.target_kept import (
    FEW,
    NOBODY,
    Kept,
    by_lane,
    hall_words,
    percent,
    share_of,
    share_word,
    target_word,
    together,
)
from floorctl.models.site.site import Site
from floorctl.screens.drawing.panel import Line, Piece, hints
from floorctl.screens.drawing.plots import Plot, Series
from floorctl.screens.drawing.rows import Words
from floorctl.screens.results.card import Card

if TYPE_CHECKING:
    from floorctl.advice.target_expected import Expected
    from floorctl.documents.day.record import DayRecord
    from floorctl.documents.period.record import PeriodRecord

K = TypeVar("K", int, date)
Hours = Mapping[str, Mapping[int, Kept]]  # by lane and hour
_NOTE = f"{FEW}人に満たない時間は人数（4/8 は8人のうち4人）  待ち始めた時間で数えます"


def today_card(
    site: Site,
    record: DayRecord,
    before: tuple[date, Hours | None],
    now: datetime,
    foreseen: Sequence[Piece],
    opening: Expected | None = None,
) -> Card:
    """Return the card of the day of ``record``. ``before``: the same weekday of last week, None until it has been read.

    ``foreseen``: what is expected of the day; ``opening``: what was when the reception began.
    """
    kept, lanes = record.kept, by_lane(record.kept)
    last_week = _last_week(before, now.hour if business_day(now) == record.day else 23)
    words: list[Line | Words] = [_total(site, lanes), Line([last_week]), *([Line(foreseen)] if foreseen else [])]
    words += [*_of_lanes(site, lanes), Line(hints(_NOTE))]
    usual = {h.hour for own in record.hours.values() for h in own}
    hours = sorted(usual.union(*(found for own in (kept, before[1] or {}) for found in own.values())))
    series = [_series("全体", "ok", "bars", [_at(kept, h) for h in hours])]
    if before[1]:
        series.append(
            _series(f"先週の{WEEKDAYS[before[0].weekday()]}曜", "dim", "dots", [_at(before[1], h) for h in hours])
        )
    series += _lane_series(site, kept, hours)
    if opening is not None:
        promised = [100 * opening.hours[h] if h in opening.hours else None for h in hours]
        series.append(Series("朝の見込み", promised, "dim", "line", figures=False))
    return Card(_title(site, "待ち始めた時間ごと"), words, Plot([str(h) for h in hours], series, "％"))


def period_card(record: PeriodRecord, site: Site) -> Card:
    """Return the card of a week or month, day by day, beside the one before."""
    lanes = {lane.code: together(c.kept for c in record.kept if c.lane == lane.code) for lane in site.lanes}
    days = _summed((c.day, c.kept) for c in record.kept)
    shown = sorted({*(d.day for d in record.days), *record.missing})
    ticks = [str(d.day) if len(shown) > 7 else f"{d.day}{WEEKDAYS[d.weekday()]}" for d in shown]
    words: list[Line | Words] = [_total(site, lanes)]
    word = "前の週" if len(record.calendar) <= 7 else "前の月"
    if record.kept_before:
        words.append([(f"{word} ", "dim"), (share_word(together(c.kept for c in record.kept_before)), "text")])
    else:
        words.append([(f"{word} 記録なし", "dim")])
    words += _of_lanes(site, lanes)
    hours = _summed((c.hour, c.kept) for c in record.kept)
    weekdays = _summed((c.day.weekday(), c.kept) for c in record.kept)
    words += _extremes(hours, lambda h: f"{h}時台", "時間帯")
    words += _extremes(weekdays, lambda n: f"{WEEKDAYS[n]}曜", "曜日") if len(weekdays) > 1 and len(shown) > 7 else []
    series = [_series("全体", "ok", "bars", [days.get(d, NOBODY) for d in shown])]
    for lane in site.lanes:
        own = _summed((c.day, c.kept) for c in record.kept if c.lane == lane.code)
        if lane.code in site.movable_lanes and own:
            series.append(_series(lane.name, lane_role(site, lane.code), "line", [own.get(d, NOBODY) for d in shown]))
    return Card(_title(site, "日ごと"), words, Plot(ticks, series, "％"))


def _summed(cells: Iterable[tuple[K, Kept]]) -> dict[K, Kept]:
    found: dict[K, Kept] = {}
    for key, k in cells:
        found[key] = found.get(key, NOBODY) + k
    return found


def _title(site: Site, by: str) -> str:
    return f"待ちが{target_word(site, [lane.code for lane in site.lanes])}の割合（{by}、％）"


def _total(site: Site, lanes: Mapping[str, Kept]) -> Words:
    kept, said = together(lanes.values()), hall_words(site, lanes)
    if said is None:
        return [("まだ数える人がいません（呼出しか、目標を超えた待ちから数えます）", "dim")]
    more = f"  ほかに待ちの分からない人 {kept.unknown:,}人" if kept.unknown and kept.of else ""
    return [("計 ", "dim"), (_counted(kept), "strong"), (more, "dim")]


def _counted(kept: Kept) -> str:
    """Return a share with its people: 61％（113人のうち69人）."""
    share = share_word(kept)
    return share if share_of(kept) is None else f"{share}（{kept.of:,}人のうち{kept.within:,}人）"


def _of_lanes(site: Site, lanes: Mapping[str, Kept]) -> list[Line | Words]:
    """Return the lanes in which somebody counts, two a line."""
    said = [
        Piece([(f"{lane.name} ", "dim"), (_counted(k), "text")])
        for lane in site.lanes
        if (k := lanes.get(lane.code, NOBODY)) != NOBODY
    ]
    return [Line(said[n : n + 2]) for n in range(0, len(said), 2)]


def _last_week(before: tuple[date, Hours | None], hour: int) -> Piece:
    day, kept = before
    name = f"先週の{WEEKDAYS[day.weekday()]}曜 "
    if kept is None:
        return Piece([(f"{name}読んでいます", "dim")])
    whole = together(by_lane(kept).values())
    if whole == NOBODY:
        return Piece([(f"{name}記録なし", "dim")])
    until = together(k for own in kept.values() for h, k in own.items() if h <= hour)
    if until == whole:
        return Piece([(name, "dim"), (share_word(whole), "text")])
    return Piece(
        [(f"{name}{hour}時台まで ", "dim"), (share_word(until), "text"), (f" 一日 {share_word(whole)}", "dim")]
    )


_NO_PLACES = (
    "どの端末にも担当の記録がありません"  # without them nobody would be served: a share of 0 % would be a guess
)


def foreseen(state: ConsoleState) -> list[Piece]:
    """Return what is expected of the whole day, now and when its reception began; why not, where nothing can be said."""
    if not state.day.floor.is_open or state.forecasts.forecaster is None:
        return []
    now, opening, g = state.forecasts.target(), state.forecasts.target_at_opening(), state.day.grounds()
    if not state.forecasts.target_known():
        return [Piece([(state.questions.failed.get(TARGET, "一日の見込み 計算しています"), "dim")])]
    if now is not None:
        said = [Piece([("一日の見込み ", "dim"), (_interval(now), "text")])]
    else:
        why = g.sentences(state.day.site, g.withheld)[:1] or ([] if state.forecasts.windows() else [_NO_PLACES])
        said = [Piece([(f"一日の見込みは出せません {''.join(why)}".rstrip(), "dim")])]
    return said + ([Piece([(f"朝は {_interval(opening)}", "dim")])] if opening is not None else [])


def _interval(e: Expected) -> str:
    """Return an interval in whole per cent: 30〜38％."""
    low, high = int(100 * e.low), min(100, int(100 * e.high) + 1)
    return f"約{high}％" if high - low <= 1 else f"{low}〜{high}％"


def _extremes(found: Mapping[int, Kept], word: Callable[[int], str], name: str) -> list[Words]:
    """Return the hour or weekday with the lowest and the highest share, of those with people enough."""
    shares = sorted((share, key) for key, k in found.items() if (share := share_of(k)) is not None)
    if len(shares) < 2:
        return []
    low, high = ((word(key), share_word(found[key])) for _, key in (shares[0], shares[-1]))
    return [[(f"{name} ", "dim"), (f"最も低いのは {low[0]} {low[1]}  最も高いのは {high[0]} {high[1]}", "text")]]


def _at(kept: Hours, hour: int) -> Kept:
    return together(own.get(hour, NOBODY) for own in kept.values())


def _lane_series(site: Site, kept: Hours, hours: Sequence[int]) -> list[Series]:
    return [
        _series(lane.name, lane_role(site, lane.code), "line", [kept[lane.code].get(h, NOBODY) for h in hours])
        for lane in site.lanes
        if lane.code in site.movable_lanes and kept.get(lane.code)
    ]


def _series(name: str, role: str, form: str, kept: Sequence[Kept]) -> Series:
    """Return shares in per cent; of few people nothing is drawn, and their numbers stand in place of the figure."""
    values = [float(percent(k.within, k.of) or 0) if share_of(k) is not None else None for k in kept]
    words = [
        "" if k.of == 0 and not k.unknown else "?" if not k.of else f"{k.within}/{k.of}" if v is None else f"{v:.0f}"
        for k, v in zip(kept, values, strict=True)
    ]
    return Series(name, values, role, form, words=words)
