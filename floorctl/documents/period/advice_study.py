"""Result of a month's replays with the advice followed, as a sentence and a table (仕様書 9, 16(1))."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from floorctl.advice.month_study import ADVICE, AS_WAS, REASONS, MonthStudy, Waited
from floorctl.common.lengths import length, signed
from floorctl.documents.layout.material import TOTAL, Row, Tables
from floorctl.documents.layout.plain import short_date
from floorctl.documents.period.record import PeriodRecord
from floorctl.models.site.site import Site

SAME_S = 6  # smaller differences of means are none [J]
STUDY_FACTS = {
    "advised": "提案のとおりに端末を移していたときの平均待ち時間の試算（文）",
    "advised_days": "試算に用いた日数",
    "advised_left_out": "試算から除いた日とその理由（文。なければ空）",
    "moves_as_was": "配分変更の回数、1日平均（実際）",
    "moves_advised": "配分変更の回数、1日平均（提案どおりの試算）",
}


def study_facts(study: MonthStudy | None, site: Site) -> dict[str, str | int]:
    """Return every fact of ``STUDY_FACTS``; only a month has a study."""
    if study is None:
        return {**dict.fromkeys(STUDY_FACTS, ""), "advised": "この文書では試算していません。"}
    days = len(study.days)
    return {
        "advised": sentence(study, site),
        "advised_days": days,
        "advised_left_out": _left_out(study),
        "moves_as_was": f"{study.ways[AS_WAS].moves / days:.1f}" if days else "",
        "moves_advised": f"{study.ways[ADVICE].moves / days:.1f}" if days else "",
    }


def sentence(study: MonthStudy, site: Site) -> str:
    """Return the mean waits of each lane as they were and with the advice followed, or that the records do not suffice.

    Each lane is told: a shorter wait of one never hides a longer one of another.
    """
    was, advised = study.ways[AS_WAS], study.ways[ADVICE]
    if was.all.mean_s is None or advised.all.mean_s is None:
        return "来庁・呼出し・終わりの時刻の記録が足りないため、提案のとおりに端末を移していた場合の待ち時間は試算していません。"
    changed, same = [], []
    for lane in site.lanes:
        before, after = was.lanes[lane.code].mean_s, advised.lanes[lane.code].mean_s
        if before is None or after is None:
            continue
        if abs(after - before) < SAME_S:
            same.append(lane.name)
        else:
            changed.append(f"{lane.name}は{length(before)}から{length(after)}に{'短く' if after < before else '長く'}")
    head = "提案のとおりに端末を移していた場合、平均待ち時間は、"
    if not changed:
        return f"{head}どの窓口もほとんど変わらなかった見込みです。"
    rest = f"（{'・'.join(same)}はほとんど変わらず）" if same else ""
    if len(changed) + len(same) == 1:
        return f"{head}{changed[0]}なっていた見込みです。"
    whole = f"全体では{length(was.all.mean_s)}から{length(advised.all.mean_s)}です。"
    return f"{head}{'、'.join(changed)}なっていた見込みです{rest}。{whole}"


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
