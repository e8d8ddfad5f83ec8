"""Facts of a period that stand in the sentences of its documents, by the names that a layout may use."""

from __future__ import annotations

from datetime import date

from floorctl.common.words import wareki
from floorctl.documents.layout.letterhead import LETTERHEAD_FACTS, letterhead_facts
from floorctl.documents.layout.plain import span
from floorctl.documents.period.advice_study import STUDY_FACTS, study_facts
from floorctl.documents.period.next_month import TARGET_LOAD, available_hours
from floorctl.documents.period.record import PeriodRecord
from floorctl.models.site.site import Site

PERIOD_FACTS = {
    "period": "報告対象の年月・年度",
    "first": "対象期間の初日",
    "last": "対象期間の末日",
    "made": "文書の日付（期間の末日、途中なら記録の最後の日）",
    "unfinished": "期間の途中の集計（期間が終わっていれば空）",
    **LETTERHEAD_FACTS,
    "open_days": "開場日数（暦）",
    "days": "記録のある日数",
    "missing": "記録のない開場日数",
    "issued": "番号札の発行数",
    "done": "完了した番号札",
    "cards": "交付した枚数（番号札）",
    "booked": "予約の枠（人。取り込んだ日の計）",
    "booked_days": "予約の枠を取り込んだ日数",
    "came": "予約のある来庁者",
    "walk_in": "予約のない来庁者（予約制の業務）",
    "person_days": "従事者の延べ人日",
    "absent": "欠勤",
    "late": "遅刻",
    "break_short": "休憩不足の件数",
    "vacancies": "急な欠員の件数",
    "officials_absent": "市職員の不在（受付時間中の計）",
    "charge_vacant": "現場責任者の不在（受付時間中の計）",
    "population": "人口（仕様書15(1)）",
    "holders": "保有枚数（仕様書15(1)）",
    "rate": "保有率（仕様書15(1)の引用。計算し直さない）",
    "holding_as_of": "保有枚数の時点",
    "holding_source": "保有枚数の出典",
    "method": "見込みの作り方（按分方法）",
    "target_load": "要員計算の稼働率（％）",
    "terminal_hours": "翌期の全台の受付時間",
    "cards_stock": "カード在庫の最後の照合（日と残）",
    **STUDY_FACTS,
    "seq": "最終記録の通番",
    "hash": "ハッシュ値",
}


def period_facts(record: PeriodRecord, site: Site) -> dict[str, str | int]:
    """Every fact of ``PERIOD_FACTS``; "" where there is nothing to be said."""
    contract, holding = site.contract, site.holding
    made = made_on(record, site)
    s, a = record.staffing, record.appointments
    ahead = record.ahead
    return {
        "period": title_of(record),
        "first": wareki(record.first),
        "last": wareki(record.last),
        "made": wareki(made),
        "unfinished": "期間の途中の集計" if record.as_of < min(record.last, contract.end) else "",
        **letterhead_facts(site, made),
        "open_days": len(record.open_days),
        "days": len(record.days),
        "missing": len(record.missing),
        "issued": record.issued,
        "done": record.served,
        "cards": record.cards_handed,
        "booked": a.booked if a.days else "",
        "booked_days": a.days if a.days else "",
        "came": a.came,
        "walk_in": a.walk_ins,
        "person_days": s.person_days,
        "absent": len(s.absences),
        "late": len(s.lates),
        "break_short": len(s.short),
        "vacancies": len(s.vacancies),
        "officials_absent": _recorded(s.officials_absent_s),
        "charge_vacant": _recorded(s.charge_vacant_s),
        "population": holding.population if holding else "",
        "holders": holding.cards if holding else "",
        "rate": holding.rate if holding else "",
        "holding_as_of": wareki(holding.as_of, weekday=False) if holding else "",
        "holding_source": holding.source if holding else "",
        "method": record.forecast.method,
        "target_load": round(100 * TARGET_LOAD),
        "terminal_hours": round(available_hours(site, ahead.open_days)) if ahead else "",
        "cards_stock": f"{wareki(record.cards[0])}　残 {record.cards[1].left:,}枚"
        if record.cards
        else "照合の記録なし",
        **study_facts(record.study),
        "seq": record.seq or "-",
        "hash": record.hash or "-",
    }


def made_on(record: PeriodRecord, site: Site) -> date:
    """The date of a document: the last day of its period (of the contract), or as far as the records go."""
    return max(record.first, min(record.last, record.as_of, site.contract.end))


def title_of(record: PeriodRecord) -> str:
    """What the document is of: 令和8年9月, 令和8年度, or both ends of the contract."""
    if record.key.startswith("FY"):
        return f"令和{record.first.year - 2018}年度"
    if record.key == "contract":
        return f"{wareki(record.first, weekday=False)}から{wareki(record.last, weekday=False)}まで"
    return wareki(record.first, weekday=False).removesuffix(f"{record.first.day}日")


def _recorded(seconds: int | None) -> str:
    return "記録なし" if seconds is None else "なし" if seconds == 0 else span(seconds)
