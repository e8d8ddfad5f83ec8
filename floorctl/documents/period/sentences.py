"""Facts of a period that a layout may print in its sentences."""

from __future__ import annotations

from datetime import date

from floorctl.common.words import wareki
from floorctl.documents.layout.letterhead import LETTERHEAD_FACTS, letterhead_facts
from floorctl.documents.layout.material import Fact, meanings, values
from floorctl.documents.layout.plain import NOTHING_RECORDED, md, recorded_span
from floorctl.documents.period.advice_study import STUDY_FACTS, study_facts
from floorctl.documents.period.drafts import days_so_far, shares_word
from floorctl.documents.period.next_month import available_hours
from floorctl.documents.period.record import PeriodRecord
from floorctl.documents.period.staff_needs import load_share
from floorctl.documents.period.tables_target import target_sentence
from floorctl.documents.period.troubles import outage_doubt
from floorctl.models.site.site import Site


def _so_far(record: PeriodRecord) -> str:
    """Return up to when the document counts; "" of a period that is over.

    By the records alone: no later fact says whether the calendar has gone on, so that nothing is said of it.
    """
    if not record.interim:
        return ""
    last = max(d.date for d in record.open_days)
    return f"{md(record.as_of)}までの集計" if record.first <= record.as_of < last else "期間の途中の集計"


def _crew(record: PeriodRecord) -> str:
    s = record.staffing
    counts = (("欠勤", s.absences), ("遅刻", s.lates), ("休憩の記録の不足", s.short), ("急な欠員", s.vacancies))
    if not s.person_days and not any(found for _, found in counts):
        return NOTHING_RECORDED
    return f"延べ {s.person_days:,}人日（{'、'.join(f'{word} {len(found)}件' for word, found in counts)}）"


def _recorded(record: PeriodRecord, seconds: int | None, days: int) -> str:
    """Return a sum over the days on which it is recorded, and their number unless it is all."""
    told = recorded_span(seconds)
    return told if seconds is None or days == len(record.days) else f"{told}（記録のある{days}日の計）"


# Meaning and value of each fact; those of the letterhead and of the study stand between the parts.
_HEAD: dict[str, Fact[PeriodRecord]] = {
    "period": ("報告対象の年月・年度", lambda r, _: title_of(r)),
    "revision": ("版", lambda r, _: r.revision),
    "first": ("対象期間の初日", lambda r, _: wareki(r.first)),
    "last": ("対象期間の末日", lambda r, _: wareki(r.last)),
    "made": ("文書の日付（期間の末日、途中なら記録の最後の日）", lambda r, site: wareki(made_on(r, site))),
    "dated": (
        "文書の日付（第2版からは作成日と付く）",
        lambda r, site: f"{'作成日　' if r.editions else ''}{wareki(made_on(r, site))}",
    ),
    "revised": (
        "改訂日（この版のもとになった日次報告書を改めた日。第1版なら空）",
        lambda r, _: f"改訂日　{wareki(r.editions[-1].reissue.on)}" if r.editions else "",
    ),
    "unfinished": (
        "いつまでの集計か（期間が終わっていれば空）",
        lambda r, _: _so_far(r),
    ),
}
_BODY: dict[str, Fact[PeriodRecord]] = {
    "open_days": ("開場日数（暦）", lambda r, _: len(r.open_days)),
    "progress": ("開場日数と記録のある日数（文）", lambda r, _: days_so_far(r)),
    "days": ("記録のある日数", lambda r, _: len(r.days)),
    "outage_doubt": ("業務の停止の記録に合わない記録（文。なければ空）", lambda r, _: outage_doubt(r)),
    "missing": ("記録のない開場日数", lambda r, _: len(r.missing)),
    "issued": ("番号札の発行数", lambda r, _: "" if r.counts_only else r.issued),
    "done": ("完了した番号札", lambda r, _: "" if r.counts_only else r.served),
    "target": ("待ち時間の目標以内の割合（文。数える人がなければ空）", target_sentence),
    "cards": ("交付した枚数（番号札）", lambda r, _: "" if r.counts_only else r.cards_handed),
    "booked": ("予約の枠（人。取り込んだ日の計）", lambda r, _: r.appointments.booked if r.appointments.days else ""),
    "booked_came": (
        "予約のある来庁者（枠を取り込んだ日の計）",
        lambda r, _: r.appointments.booked_came if r.appointments.days else "",
    ),
    "booked_days": ("予約の枠を取り込んだ日数", lambda r, _: r.appointments.days or ""),
    "came": ("予約のある来庁者", lambda r, _: "" if r.counts_only else r.appointments.came),
    "walk_in": ("予約のない来庁者（予約制の業務）", lambda r, _: "" if r.counts_only else r.appointments.walk_ins),
    "person_days": ("従事者の延べ人日", lambda r, _: r.staffing.person_days if r.days else ""),
    "absent": ("欠勤", lambda r, _: len(r.staffing.absences)),
    "late": ("遅刻", lambda r, _: len(r.staffing.lates)),
    "break_short": ("休憩の記録の不足の件数", lambda r, _: len(r.staffing.short)),
    "vacancies": ("急な欠員の件数", lambda r, _: len(r.staffing.vacancies)),
    "crew": ("従事者（延べ人日と欠勤・遅刻・休憩の記録の不足・欠員、記録がなければ記録なし）", lambda r, _: _crew(r)),
    "officials_absent": (
        "市職員の不在（受付時間中の計。記録のない日があれば、記録のある日数も）",
        lambda r, _: _recorded(r, r.staffing.officials_absent_s, r.staffing.officials_days),
    ),
    "charge_vacant": (
        "現場責任者の不在（受付時間中の計。記録のない日があれば、記録のある日数も）",
        lambda r, _: _recorded(r, r.staffing.charge_vacant_s, r.staffing.charge_days),
    ),
    "none_lacking": (
        "手続・研修の未了がないこと（名簿の記録がなければそのこと）",
        lambda r, _: f"名簿の{r.on_roster}人に未了はありません" if r.on_roster else "名簿の記録がありません",
    ),
    "population": ("人口（仕様書15(1)）", lambda _, site: site.holding.population if site.holding else ""),
    "holders": ("保有枚数（仕様書15(1)）", lambda _, site: site.holding.cards if site.holding else ""),
    "rate": (
        "保有率（仕様書15(1)の引用。計算し直さない）",
        lambda _, site: site.holding.rate if site.holding else "",
    ),
    "holding_as_of": (
        "保有枚数の時点",
        lambda _, site: wareki(site.holding.as_of, weekday=False) if site.holding else "",
    ),
    "holding_source": ("保有枚数の出典", lambda _, site: site.holding.source if site.holding else ""),
    "method": ("見込みの作り方（按分方法）", lambda r, _: r.forecast.method),
    "realised": ("見込みに対するこれまでの実績の割合（文）", shares_word),
    "target_load": ("必要な窓口の稼働率（見込み、％）", lambda r, site: _percent_or_blank(load_share(r, site))),
    "terminal_hours": (
        "翌期の全台の受付時間",
        lambda r, site: round(available_hours(site, r.ahead.open_days)) if r.ahead else "",
    ),
    "cards_stock": (
        "カード在庫の最後の照合（日と残）",
        lambda r, _: f"{wareki(r.cards[0])}　残 {r.cards[1].left:,}枚" if r.cards else "照合の記録なし",
    ),
}


def _percent_or_blank(share: float | None) -> int | str:
    return "" if share is None else round(100 * share)


_TAIL: dict[str, Fact[PeriodRecord]] = {
    "seq": ("最終記録の通し番号", lambda r, _: r.seq or "-"),
    "hash": ("ハッシュ値", lambda r, _: r.hash or "-"),
}
PERIOD_FACTS = meanings(_HEAD) | LETTERHEAD_FACTS | meanings(_BODY) | STUDY_FACTS | meanings(_TAIL)


def period_facts(record: PeriodRecord, site: Site) -> dict[str, str | int]:
    """Return the value of every fact of ``PERIOD_FACTS``; "" if there is nothing to report."""
    found = letterhead_facts(site, made_on(record, site)) | study_facts(record.study, site)
    found |= values(_HEAD | _BODY | _TAIL, record, site)
    return {key: found[key] for key in PERIOD_FACTS}


def made_on(record: PeriodRecord, site: Site) -> date:
    """Return the date of a document: the last day of its period (of the contract), or of the records so far."""
    return max(record.first, min(record.last, record.as_of, site.contract.end))


def title_of(record: PeriodRecord) -> str:
    """Return what the document covers: 令和8年9月, 令和8年度, or both ends of the contract."""
    if record.key.startswith("FY"):
        return f"令和{record.first.year - 2018}年度"
    if record.key == "contract":
        return f"{wareki(record.first, weekday=False)}から{wareki(record.last, weekday=False)}まで"
    return wareki(record.first, weekday=False).removesuffix(f"{record.first.day}日")
