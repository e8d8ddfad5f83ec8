"""Result of a month's replays with the advice followed, as a sentence and a table (仕様書 9, 16(1))."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from floorctl.advice.month_study import REASONS, MonthStudy, Waited
from floorctl.advice.net_lengths import MANY
from floorctl.advice.person_minutes import WORTH_MIN
from floorctl.advice.study import ADVICE, AS_WAS
from floorctl.common.lengths import length, signed
from floorctl.common.words import POLICIES
from floorctl.documents.layout.material import TOTAL, Row, Tables
from floorctl.documents.layout.plain import short_date
from floorctl.documents.period.record import PeriodRecord
from floorctl.models.site.site import Site

SAME_S = 6  # smaller differences of means are none [J]
STUDY_FACTS = {
    "advised": "提案のとおりに端末を動かしていたときの平均待ち時間の試算（文）",
    "advised_days": "試算に用いた日数",
    "advised_left_out": "試算から除いた日とその理由（文。なければ空）",
    "moves_as_was": "配分変更の回数、1日平均（実際）",
    "moves_advised": "配分変更の回数、1日平均（提案どおりの試算）",
    "advised_minutes": "提案のとおりに端末を動かしていたときの待ちの合計（人分）の試算（文）",
    "advised_lengths": "応対時間に端末の空き時間が含まれること（文。少なければ空）",
    "orders_as_was": "指示（配分変更と応援）の回数、1日平均（実際）",
    "orders_advised": "指示（配分変更と応援）の回数、1日平均（提案どおりの試算）",
    "lane_changes_as_was": "端末が窓口を移った回数、1日平均（実際。応援から戻るのも数える）",
    "lane_changes_advised": "端末が窓口を移った回数、1日平均（提案どおりの試算。応援から戻るのも数える）",
}


def study_facts(study: MonthStudy | None, site: Site) -> dict[str, str | int]:
    """Return every fact of ``STUDY_FACTS``; only a month has a study."""
    if study is None:
        return {**dict.fromkeys(STUDY_FACTS, ""), "advised": "この文書では試算していません。"}
    days = len(study.days)
    was, advised = study.ways[AS_WAS].total, study.ways[ADVICE].total

    def a_day(number: int) -> str:
        return f"{number / days:.1f}" if days else ""

    return {
        "advised": sentence(study, site),
        "advised_days": days,
        "advised_left_out": _left_out(study),
        "moves_as_was": a_day(was.moves),
        "moves_advised": a_day(advised.moves),
        "advised_minutes": minutes_sentence(study),
        "advised_lengths": _lengths(study),
        "orders_as_was": a_day(was.orders),
        "orders_advised": a_day(advised.orders),
        "lane_changes_as_was": a_day(was.lane_changes),
        "lane_changes_advised": a_day(advised.lane_changes),
    }


def sentence(study: MonthStudy, site: Site) -> str:
    """Return the mean waits of each lane as they were and with the advice followed, or that the records do not suffice.

    Each lane is told: a shorter wait of one never hides a longer one of another.
    """
    was, advised = study.ways[AS_WAS], study.ways[ADVICE]
    if was.all.mean_s is None or advised.all.mean_s is None:
        return "来庁・呼出し・終わりの時刻の記録が足りないため、提案のとおりに端末を動かしていた場合の待ち時間は試算していません。"
    changed, same = [], []
    for lane in site.lanes:
        before, after = was.lanes[lane.code].mean_s, advised.lanes[lane.code].mean_s
        if before is None or after is None:
            continue
        if abs(after - before) < SAME_S:
            same.append(lane.name)
        else:
            changed.append(f"{lane.name}は{length(before)}から{length(after)}に{'短く' if after < before else '長く'}")
    head = "提案のとおりに端末を動かしていた場合、平均待ち時間は、"
    if not changed:
        return f"{head}どの窓口もほとんど変わらなかった見込みです。"
    rest = f"（{'・'.join(same)}はほとんど変わらず）" if same else ""
    if len(changed) + len(same) == 1:
        return f"{head}{changed[0]}なっていた見込みです。"
    whole = f"全体では{length(was.all.mean_s)}から{length(advised.all.mean_s)}です。"
    return f"{head}{'、'.join(changed)}なっていた見込みです{rest}。{whole}"


def minutes_sentence(study: MonthStudy) -> str:
    """Return the person-minutes as they were and with the advice followed, the gap closed, and the days made worse."""
    if not study.days:
        return ""
    was, advised = study.ways[AS_WAS].total.person_min, study.ways[ADVICE].total.person_min
    if was == advised:
        change = f"{was:,}人分のままの見込みです。"
    else:
        change = f"{was:,}人分から{advised:,}人分に{'減って' if advised < was else '増えて'}いた見込みです。"
    closed, gap = study.gap_closed(ADVICE), ""
    if closed is not None and was != advised:
        share = f"の{100 * closed:.0f}％にあたります" if closed > 0 else "は縮まりません"
        gap = f"{POLICIES['pooled']}の場合との差{share}。"
    worse, worst = study.days_worse(ADVICE), study.worst_day_min(ADVICE)
    days = (
        f"{WORTH_MIN}人分を超えて増えた日は{worse}日で、最も増えた日は{worst:,}人分の増です。"
        if worse
        else f"{WORTH_MIN}人分を超えて増えた日はありません。"
    )
    return f"待ちの合計は、試算に用いた{len(study.days)}日で{change}{gap}{days}"


def _lengths(study: MonthStudy) -> str:
    """Return that many lengths hold idle time; "" where few do."""
    if study.idle_share < MANY:
        return ""
    return (
        f"応対の{100 * study.idle_share:.0f}％は、待つ人のないまま次の呼出しか発券機の時間切れで終わった記録で、端末が空いていた時間を"
        "含むとみられます。試算は記録のままの応対時間によります。"
    )


def _left_out(study: MonthStudy) -> str:
    """Return the days left out of the study, by reason."""
    by_reason: dict[str, list[date]] = {}
    for day, why in study.left_out:
        by_reason.setdefault(why, []).append(day)
    return "、".join(
        f"{'・'.join(short_date(d) for d in days[:5])}{f'ほか{len(days) - 5}日' if len(days) > 5 else ''}（{REASONS[why]}）"
        for why, days in by_reason.items()
    )


STUDY_TABLES: Tables[PeriodRecord] = Tables()


@STUDY_TABLES.table(
    "advised",
    name="窓口（最後は全体）",
    n="呼び出した人（試算に用いた日の計）",
    as_was="平均待ち、実際の配分（再現、秒）",
    advised="平均待ち、提案どおり（秒）",
    difference="差（文。減れば負）",
    as_was_max="最大待ち、実際の配分（再現、秒）",
    advised_max="最大待ち、提案どおり（秒）",
)
def _table(record: PeriodRecord, site: Site) -> Iterator[Row]:
    """Yield a row for each lane in which somebody was called, then one for all lanes."""
    study = record.study
    if study is None or not study.days:
        return
    was, advised = study.ways[AS_WAS], study.ways[ADVICE]
    for x in site.lanes:
        if was.lanes[x.code].n:
            yield _row(x.name, was.lanes[x.code], advised.lanes[x.code])
    yield {**_row("全体", was.all, advised.all), TOTAL: 1}


@STUDY_TABLES.table(
    "advised_minutes",
    name="配分",
    person_min="待ちの合計（人分）",
    a_day="待ちの合計、1日平均（人分）",
    gap_closed="差の縮小（％。差が小さければ空）",
    days_worse="増えた日（日）",
    worst="最も増えた日の増（人分）",
    moves="配分変更、1日平均（回）",
    loans="応援、1日平均（回）",
    lane_changes="窓口の移り、1日平均（回）",
)
def _minutes_table(record: PeriodRecord, site: Site) -> Iterator[Row]:
    """Yield a row for each of the policies that a month compares."""
    study = record.study
    if study is None or not study.days:
        return
    days = len(study.days)
    for name, way in study.ways.items():
        closed, t = study.gap_closed(name), way.total
        yield {
            "name": POLICIES[name],
            "person_min": t.person_min,
            "a_day": t.person_min // days,
            "gap_closed": None if closed is None else round(100 * closed),
            "days_worse": study.days_worse(name),
            "worst": study.worst_day_min(name),
            "moves": round(t.moves / days, 1),
            "loans": round(t.loans / days, 1),
            "lane_changes": round(t.lane_changes / days, 1),
        }


def _row(name: str, was: Waited, advised: Waited) -> Row:
    change = advised.mean_s - was.mean_s if advised.mean_s is not None and was.mean_s is not None else None
    return {
        "name": name,
        "n": was.n,
        "as_was": was.mean_s,
        "advised": advised.mean_s,
        "difference": signed(change),
        "as_was_max": was.max_s,
        "advised_max": advised.max_s if advised.n else None,
    }
