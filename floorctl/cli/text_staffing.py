"""Plain text of a month's staffing: a row a day, windows by weekday and hour, and what one more and one less would do."""

from __future__ import annotations

from floorctl.advice.day_needs import DayNeed, LaneDay
from floorctl.advice.window_runs import HalfKept
from floorctl.cli.text import WIDTH, columns, folded
from floorctl.common.lengths import minutes
from floorctl.common.words import WEEKDAYS, month_day
from floorctl.documents.layout.plain import month_ja
from floorctl.documents.period.staff_needs import terminals_lacking
from floorctl.models.site.site import Site
from floorctl.usecases.staffing_ahead import StaffDay, StaffMonth

_NOTES = (
    "必要な窓口は、10人のうち9人の待ちが目標以内となる最も少ない数（30分ごと。表の日と時間帯は、その中で最も多いもの）。"
    "画面の「見込み」と同じ計算です。8超は、8台すべてでも守れないこと。端末の不足は、同時に要る窓口の合計と統合端末の数との差。（ ）は、来庁の多い日・少ない日を除く10日のうち8日がおさまる範囲です。",
    "要る人数は、すべての窓口と会場案内の持ち場を置き、全員が法定の休憩を交替で取れる最も少ない数です"
    "（10:30 から受付開始の6時間後までに休憩に入る。現場責任者は含みません）。",
)


def staffing_text(found: StaffMonth, site: Site) -> str:
    """Return the month as tables, with what they rest on."""
    tables = [columns(_days(found, site)), columns(_hours(found, site)), columns(_one_more_or_less(found, site))]
    notes = ["\n  ".join(folded(note, WIDTH - 2)) for note in (*_basis(found, site), *_NOTES)]
    return "\n\n".join(
        [f"{month_ja(found.month)}の要員の見込み（開場日 {len(found.days)}日）", *tables, "\n".join(notes)]
    )


def _days(found: StaffMonth, site: Site) -> list[list[str]]:
    lanes = [x.lane for x in found.lanes if x.lane in site.worked_lanes]
    names = [f"{site.lane_by_code[lane].name}の窓口" for lane in lanes]
    rows = [["日", "来庁", *names, "端末の不足", "要る人数", "勤務予定", "不足"]]
    for d in found.days:
        cells = [_windows(x) if (x := d.need.of(lane)) is not None else "-" for lane in lanes]
        people = _range(d.need.people, d.need.low, d.need.high)
        lacks = terminals_lacking(d.need, site)
        short = f"{lacks}台" if lacks else "-"
        rows.append([_day(d), f"{d.need.persons:.0f}人", *cells, short, f"{people}人", *_planned(d)])
    return rows


def _day(d: StaffDay) -> str:
    return f"{month_day(d.day)}（{WEEKDAYS[d.day.weekday()]}）" + ("休み明け" if d.after_break else "")


def _planned(d: StaffDay) -> tuple[str, str]:
    p = d.planned
    if p is None:
        return "-", "-"
    if p.lacking:
        return f"{p.people}人", f"{p.lacking}人"
    return f"{p.people}人", f"{p.short_at[0]} から" if p.short_at else "なし"


def _windows(x: LaneDay) -> str:
    needed, low, high = x.peak()
    return f"{needed}超" if any(h.short for h in x.halves) else _range(needed, low, high)


def _range(n: int, low: int, high: int) -> str:
    return f"{n}（{low}〜{high}）" if low < high else f"{n}"


def _hours(found: StaffMonth, site: Site) -> list[list[str]]:
    days = found.weekdays
    lanes = [x.lane for x in found.lanes if x.lane in site.worked_lanes]
    heads = [f"{WEEKDAYS[w]}" for w in days]
    rows = [["時間帯", "窓口", *heads]]
    hours = sorted({h.start_s // 3600 for need in days.values() for x in need.lanes for h in x.halves})
    for hour in hours:
        for lane in lanes:
            cells = [_hour(need, lane, hour) for need in days.values()]
            if any(cells):
                rows.append([f"{hour}時台", site.lane_by_code[lane].name, *cells])
    return rows


def _hour(need: DayNeed, lane: str, hour: int) -> str:
    own = need.of(lane)
    windows = [h.needed for h in own.halves if h.start_s // 3600 == hour] if own is not None else []
    return str(max(windows)) if windows else ""


def _one_more_or_less(found: StaffMonth, site: Site) -> list[list[str]]:
    rows = [["曜日", "窓口", "来庁", "目標以内（9割の人の待ち）", "1つ多いとき", "1つ少ないとき"]]
    for weekday, need in found.weekdays.items():
        for x in need.lanes:
            if x.lane in site.worked_lanes:
                less = _kept(x.with_less) if x.with_less is not None else "-"
                name = site.lane_by_code[x.lane].name
                rows.append(
                    [
                        WEEKDAYS[weekday],
                        name,
                        f"{x.persons:.0f}人",
                        _kept(x.with_needed),
                        _kept(x.with_more),
                        less,
                    ]
                )
    return rows


def _kept(kept: HalfKept) -> str:
    return f"{kept.percent}％（{minutes(kept.p90_s)}）"


def _basis(found: StaffMonth, site: Site) -> list[str]:
    """Return what the visitors rest on, in sentences."""
    lines = []
    if found.forecast is None:
        lines.append(
            "この月の件数の見込みがないため、記録のある日と同じだけ来るとしています（見込みは forecast import で取り込みます）。"
        )
    else:
        by = "市から示された件数" if found.forecast.imported else "仕様書の年度件数を月に配分した件数"
        shares = "、".join(
            f"{site.lane_by_code[x.lane].name} {100 * x.share.share:.0f}％" for x in found.lanes if x.share is not None
        )
        lines.append(
            f"来庁は、{by}（電子証明書更新 {found.forecast.cert_renewals:,}件、カード {found.forecast.cards:,}枚）"
            + (
                f"にこれまでの実績の割合（{shares}）を掛けたものです。"
                if shares
                else "のとおりとしたものです。実績の割合はまだ分かりません。"
            )
        )
    if found.recorded is None:
        lines.append("来庁の記録がないため、曜日と時間帯の形、応対時間は設定と目安によります。")
    else:
        n, first, last = found.recorded
        lines.append(
            f"曜日・時間帯の形と応対時間は、{month_day(first)}から{month_day(last)}までの{n}日の記録によります（少ない曜日は目安に寄せます）。"
        )
    return lines
