"""Drafts of the texts in the longer documents (plan, staffing, troubles, progress) from the records. Pure.

Drafts are printed below the contractor's own words and marked as drafts. They state only what the records show.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from floorctl.common.lengths import minutes_length
from floorctl.common.words import DAY_KINDS, NOTHING, WEEKDAYS, clock_ja, day_ja, more_word
from floorctl.documents.layout.names import short_names
from floorctl.documents.layout.plain import era, listed, md, month_ja
from floorctl.documents.period.next_month import LaneLoad, available_hours, loads
from floorctl.documents.period.proposals import basis_of_days, basis_of_period, of_period, proposals
from floorctl.documents.period.record import PeriodRecord
from floorctl.documents.period.staff_needs import operators, shared_terminals, terminals_lacking, week_ahead
from floorctl.documents.period.troubles import issues, open_cases, troubles
from floorctl.models.register.demand_forecast import BY_TICKET, Compared, Realised, part_of
from floorctl.models.site.site import Site

BY_CONTRACTOR, BY_RECORDS = "受託者", "記録からの下書き"


class Sentence(NamedTuple):
    """Sentence under a head, by ``BY_CONTRACTOR`` or ``BY_RECORDS``."""

    text: str
    by: str


Draft = Callable[[PeriodRecord, Site], Iterable[str]]


def sentences(record: PeriodRecord, site: Site, head: str) -> list[Sentence]:
    """Return the contractor's own words, then the drafts; 特になし alone if that was chosen."""
    own = record.written.get(head)
    if own is not None and own.none:
        return [Sentence(NOTHING, BY_CONTRACTOR)]
    draft = DRAFTS[record.sort].get(head, _nothing)
    return [
        *(Sentence(line, BY_CONTRACTOR) for line in (own.lines if own else ())),
        *(Sentence(line, BY_RECORDS) for line in draft(record, site)),
    ]


# ---- 進捗, 実績


def progress(record: PeriodRecord, site: Site) -> Iterator[str]:
    """Yield tickets issued and served, cases against the forecast, days without records, agreed days."""
    n = len(record.days)
    yield f"{days_so_far(record)}。{_visitors(record)}"
    came = [c for c in record.compared if c.actual is not None and c.due is not None]
    for name, word in (("cert_renewals", "電子証明書更新"), ("card_renewals", "交付（更新）")):
        expected, actual = sum(getattr(c.due, name) for c in came), sum(c.actual[name] for c in came if c.actual)
        if expected and n and any(c.recorded_of(name) for c in came):
            first, last = month_ja(came[0].month), month_ja(came[-1].month)
            span = f"{first}から{last}までの" if first != last else f"{first}の" if record.sort != "month" else ""
            part = f"（{last}は終わった開場日{came[-1].past}日分に按分）" if came[-1].under_way else ""
            lacking = _of_recorded_days(came, name, actual)
            yield f"{word}は{span}実績{actual:,}件、見込み{expected:,}件{part}に対し{100 * actual / expected:.1f}％{lacking}。"
    if record.missing:
        yield f"開場日のうち記録のない日: {listed(record.missing, years=record.sort == 'contract')}。"
    for o in record.agreed:
        yield f"{DAY_KINDS[o.kind]} {md(o.date)}: {o.reason}（{md(o.agreed_on)}に{o.agreed_with}と協議）。"


def _of_recorded_days(came: list[Compared], name: str, actual: int) -> str:
    """Return the share of the forecast of the days with records alone, where others have none; "" where none lacks."""
    past, recorded = sum(c.past for c in came), sum(min(c.recorded_of(name), c.past) for c in came)
    parts = [part_of(c.forecast, c.recorded_of(name), c.open_days) for c in came if c.forecast and c.open_days]
    due = sum(getattr(part, name) for part in parts)
    if recorded >= past or not due:
        return ""
    which = "番号札" if name in BY_TICKET and any(c.unnumbered for c in came) else "記録"
    return f"（開場日{past:,}日のうち{which}のある日は{recorded:,}日。その日数に按分した見込み{due:,}件に対し{100 * actual / due:.1f}％）"


def days_so_far(record: PeriodRecord) -> str:
    """Return the open days, those that are over where others are to come, and those with records."""
    planned, past, n = len(record.open_days), len(record.past_days), len(record.days)
    if past == planned:
        return (
            f"開場日{planned}日のうち記録のある日は{n}日" if n != planned else f"開場日{planned}日のすべてに記録がある"
        )
    if not past:
        return f"開場日{planned}日はすべてこれから"
    return f"開場日{planned}日のうち{md(record.as_of)}までに{past}日、記録のある日は{n}日"


def _visitors(record: PeriodRecord) -> str:
    """Return tickets issued and served, with their means of several days."""
    n = len(record.visited)
    if not n:
        return "受付・完了の記録はない。"
    of = f"番号札のある{n}日の" if n != len(record.days) else ""
    per_day = f"（{of}1日平均 受付{record.issued / n:.1f}人、完了{record.served / n:.1f}人）" if n > 1 else ""
    return f"受付{record.issued:,}人、完了{record.served:,}人{per_day}。"


# ---- 翌月計画


def plan(record: PeriodRecord, site: Site) -> Iterator[str]:
    """Yield the plan of the period ahead: open days, forecast, terminal hours, crowded days, outages, duties."""
    ahead = record.ahead
    if ahead is None:
        yield "契約期間の終了後のため、計画の対象となる期間はありません。"
        return
    days = ahead.open_days
    saturdays = sum(d.date.weekday() == 5 for d in days)
    extra = [d.date for d in days if d.kind == "extra"]
    yield (f"開場は{len(days)}日（うち土曜{saturdays}日" + (f"、追加就業日 {listed(extra)}" if extra else "") + "）。")
    if ahead.months and days:
        certs, cards = sum(m.cert_renewals for m in ahead.months), sum(m.cards for m in ahead.months)
        yield (
            f"見込みは電子証明書更新{certs:,}件（1日{certs / len(days):.1f}件）、"
            f"個人番号カード交付{cards:,}枚（1日{cards / len(days):.1f}枚）。{shares_word(record, site)}"
        )
    lanes = lane_loads(record, site)
    if lanes and days:
        yield _hours_word(record, site, lanes, available_hours(site, days))
    if ahead.after_break:
        crowded = "、".join(f"{md(day)}（{n}日間の休みの後）" for day, n in ahead.after_break[:8])
        yield f"混雑が見込まれる日: {crowded}。開場時から統合端末を全台稼働し、会場案内を手厚くする。"
    if ahead.venue_only:
        venue = site.venue_on(ahead.first).short
        yield f"{venue}のみ開場する日: {listed(ahead.venue_only)}。本庁舎は閉庁のため、{site.other_desk.name}への案内はできない。"
    for o in ahead.outages:
        names = "・".join(short_names(site, o.services))
        yield f"計画停止: {md(o.from_at.date())}{clock_ja(o.from_at)}から{md(o.until_at.date())}{clock_ja(o.until_at)}まで {names}（{o.reason}）。"
    if ahead.duties:
        due = "、".join(f"{d.name}（{era(d.about)}）{day_ja(d.due)}" for d in ahead.duties[:6])
        more = more_word(len(ahead.duties) - 6)
        yield f"期間中に期限の来る提出物: {due}{more}。"


def _shares(record: PeriodRecord, site: Site) -> dict[str, Realised]:
    """Return what came of the forecast, by lane; {} unless it is known of every lane that shares terminals."""
    found = {lane: share for lane in site.worked_lanes if (share := record.realised(lane)) is not None}
    return found if len(found) == len(site.worked_lanes) else {}


def _percent(share: float) -> str:
    """Return a share in whole per cent; a small one is not 0."""
    return "1％未満" if 0 < share < 0.01 else f"{100 * share:.0f}％"


def shares_word(record: PeriodRecord, site: Site) -> str:
    """Return the realised shares with their intervals and the number of months behind them, or that none is known."""
    shares = _shares(record, site)
    if not shares:
        return "見込みと実績を比べられる月がないため、見込みどおりになるかは分からない。"
    months = max(s.months for s in shares.values())
    parts = "、".join(
        f"{site.lane_by_code[lane].name}{_percent(s.share)}"
        + (f"（月により{100 * s.low:.0f}〜{_percent(s.high)}）" if s.spread else "")
        for lane, s in shares.items()
    )
    only = "。1か月だけのため、幅は示せない" if months == 1 else ""
    return f"記録のある日で比べると、これまで{months}か月の実績は見込みの{parts}{only}。"


def _hours_word(record: PeriodRecord, site: Site, lanes: list[LaneLoad], there: float) -> str:
    """Return the hours that the forecast asks of the terminals, and by the realised share, of those that there are."""
    forecast = sum(x.hours for x in lanes)
    parts = "、".join(f"{site.lane_by_code[x.lane].name}{x.hours:,.0f}時間" for x in lanes)
    shares = _shares(record, site)
    needed = sum(x.hours * shares[x.lane].share for x in lanes) if shares else forecast
    by_share = ""
    if shares:
        low, high = (sum(x.hours * getattr(shares[x.lane], end) for x in lanes) for end in ("low", "high"))
        width = f"、月による幅{low:,.0f}〜{high:,.0f}時間" if low < high else ""
        by_share = f"、これまでの割合なら{needed:,.0f}時間（{_percent(needed / there)}{width}）"
    verdict = ""
    if needed > there:
        verdict = "。全台でも足りない見込みのため、受付の平準化と追加就業日を協議したい"
    elif any(terminals_lacking(day, site) for day in week_ahead(record, site).days.values()):
        verdict = "。待ち時間の目標に収まらない時間帯があるため、配分の変更と開場時からの全台稼働を前提とする"
    return (
        f"統合端末の応対に要する時間は、見込みどおりなら{forecast:,.0f}時間（{parts}）で全台の受付時間{there:,.0f}時間の"
        f"{100 * forecast / there:.0f}％{by_share}{verdict}。"
    )


def lane_loads(record: PeriodRecord, site: Site) -> list[LaneLoad]:
    """Return what the forecast asks of the lanes that share terminals, as persons and hours."""
    if record.ahead is None:
        return []
    handed = record.card_tickets
    return loads(
        site,
        record.ahead,
        record.services,
        record.issued_by_lane,
        record.renewals,
        record.cards_handed / handed if handed else 1.0,
    )


# ---- 要員計画


def _basis_of_operators(record: PeriodRecord, site: Site) -> str:
    """Return what the number of operators rests on, as the beginning of a sentence."""
    if not week_ahead(record, site).by_forecast:
        return "見込みの伸びが分からないため、期間中と同じ来庁者とすると、"
    shares = _shares(record, site)
    if not shares:
        return "見込みに対する実績の割合が分からないため、見込みどおりの来庁者とすると、"
    return f"見込みにこれまで{max(s.months for s in shares.values())}か月の実績の割合を掛けると、"


def staffing(record: PeriodRecord, site: Site) -> Iterator[str]:
    """Yield the operators needed ahead, person-days worked, absences, and changes of staff that are due."""
    found = operators(record, site) if record.ahead and record.ahead.open_days else []
    if record.ahead and found:
        halves = [(x.operators[half], x.persons[half], -x.weekday, x, half) for x in found for half in (0, 1)]
        *_, most, late = max(halves, key=lambda x: x[:3])  # of as many operators the half day with the most visitors
        n, low, high = max(most.operators), most.low[late], most.high[late]
        width = f"（10日のうち8日は{low}〜{high}人）" if low < high else ""
        unknown = sorted({d.date.weekday() for d in record.ahead.open_days} - {x.weekday for x in found})
        blank = f"{'・'.join(WEEKDAYS[n] for n in unknown)}曜日は、期間中の記録がないため示さない。" if unknown else ""
        day = week_ahead(record, site).days[most.weekday]
        lacks = terminals_lacking(day, site)
        short = (
            f"。統合端末{shared_terminals(site)}台では{lacks}台分不足する見込みのため、受付の平準化と追加就業日を協議したい"
            if lacks
            else ""
        )
        people = f"（10日のうち8日は{day.low}〜{day.high}人）" if day.low < day.high else ""
        yield (
            f"待ち時間の目標を10人のうち9人について守るための統合端末の操作者は、{_basis_of_operators(record, site)}"
            f"{WEEKDAYS[most.weekday]}曜日の{'午後' if late else '午前'}が最も多く{n}人を要する見込み{width}{short}。"
            f"ほかの窓口と会場案内{len(site.posts)}の持ち場、休憩の交替を合わせると、同じ曜日に{day.people}人を要する{people}。{blank}"
        )
    elif record.ahead and record.ahead.open_days:
        yield "期間中の来庁者の記録がないため、必要な操作者の数は示さない。"
    s, n = record.staffing, sum(d.attended > 0 for d in record.days)
    if s.person_days and n:
        of = f"従事者の記録のある{n}日の" if n != len(record.days) else ""
        planned = s.person_days + len(s.absences)
        share = f"（予定した延べ{planned:,}人日の{100 * len(s.absences) / planned:.1f}％）" if s.absences else ""
        yield (
            f"配置の実績は延べ{s.person_days:,}人日（{of}1日平均{s.person_days / n:.1f}人）。欠勤{len(s.absences)}件{share}、"
            f"遅刻{len(s.lates)}件、休憩の記録の不足{len(s.short)}件、急な欠員{len(s.vacancies)}件。"
        )
    if s.short:
        total = sum(x for _, _, x in s.short)
        yield (
            f"休憩の記録が法定の時間に合わせて{minutes_length(total)}足りないため、記録のもれがないかを確かめ、"
            "休憩の交替表を見直す（労働基準法第34条）。"
        )
    moves = [d for d in record.ahead.duties if d.duty == "staff_change"] if record.ahead else []
    for d in moves:
        yield f"従事者の変更: {d.about}（届出期限 {day_ja(d.due)}）。"


# ---- 改善提案, 特記事項


def improvements(record: PeriodRecord, site: Site) -> Iterator[str]:
    """Yield the proposals, those of the last days and those of the whole period each after the days they rest on."""
    for basis, found in (
        (basis_of_days(record), proposals(record, site)),
        (basis_of_period(record), of_period(record, site)),
    ):
        if texts := list(found):
            yield basis
            yield from texts


def hand_over(record: PeriodRecord, site: Site) -> Iterator[str]:
    """Yield what the successor must know: troubles, how to hand over the file and verify its chain (仕様書 11)."""
    yield from troubles(record, site)
    if record.seq:
        yield (
            f"記録は1つの SQLite ファイルにあり、追記だけで変更されない。この文書の時点の最終記録は通し番号{record.seq:,}、"
            f"ハッシュ値は末尾の「記録の照合」のとおり。"
        )
        yield (
            "引渡しは floorctl backup で作った写しにより、受け取った側は floorctl doctor --full --head 通し番号:ハッシュ値 で"
            "改変のないことを確かめる。"
        )
    yield "記録に個人番号・氏名などの個人情報は含まない。従事者は符号で表し、氏は記録の外の表にあり、引渡しの前に消去できる（floorctl roster erase-names）。"
    if record.cards is not None:
        day, count = record.cards
        yield f"カード在庫は{md(day)}の照合で残{count.left:,}枚。引渡しの日に数を改めて照合する。"


def _nothing(record: PeriodRecord, site: Site) -> Iterable[str]:
    """Draft nothing: this head has tables."""
    return ()


# Heads of each document in their order (仕様書 9, 10, 11), as in ``period.written``, and the draft of each.
DRAFTS: dict[str, dict[str, Draft]] = {
    "month": {
        "progress": progress,
        "results": _nothing,
        "next_month": plan,
        "staffing": staffing,
        "improvements": improvements,
        "issues": issues,
    },
    "year": {"results": progress, "issues": issues, "improvements": improvements},
    "contract": {"status": progress, "open_cases": open_cases, "remarks": hand_over},
}
