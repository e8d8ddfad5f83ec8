"""Data tables of the longer documents: what is owed and agreed, registers, the forecast, and the words under the heads."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from floorctl.common.words import DUTY_STATES, MEETING_FORMS, ROLES
from floorctl.documents.layout.material import TOTAL, Row, Table, TableSpec
from floorctl.documents.layout.plain import era, month_ja, month_short, short_date
from floorctl.documents.period.drafts import DRAFTS, said
from floorctl.documents.period.record import PeriodRecord
from floorctl.models.register.demand_forecast import DEMANDS, Compared
from floorctl.models.register.duties import Duty
from floorctl.models.register.eligibility import ELIGIBILITY
from floorctl.models.register.outages import PLANNED
from floorctl.models.site.site import Site

Make = Callable[[PeriodRecord, Site], Table]

_DUTIES = {
    "name": "提出物",
    "owed": "対象",
    "in_time": "期限内",
    "late": "期限後",
    "overdue": "未提出（期限超過）",
    "open": "期限前",
}
_OWED = {
    "name": "提出物",
    "about": "対象",
    "due": "期限",
    "submitted": "提出日",
    "state": "状態",
    "rule": "期限の数え方",
}


def _duties(record: PeriodRecord, site: Site) -> Table:
    found: dict[str, list[Duty]] = {}
    for d in record.duties:
        found.setdefault(d.name, []).append(d)
    rows: list[Row] = [
        {
            "name": name,
            "owed": len(own),
            "in_time": sum(d.state == "submitted" and not d.late for d in own),
            "late": sum(d.late for d in own),
            "overdue": sum(d.state == "overdue" for d in own),
            "open": sum(d.state == "open" for d in own),
        }
        for name, own in found.items()
    ]
    return Table(rows)


def _owed(record: PeriodRecord, site: Site) -> Table:
    """What was handed in late or not yet, one by one; then what is due in the period ahead."""
    ahead = record.ahead.duties if record.ahead else ()
    known = {(d.duty, d.key) for d in record.duties}
    # A daily report that is not due yet goes without saying.
    shown = [
        d for d in record.duties if d.late or d.state == "overdue" or (d.state == "open" and d.duty != "daily_report")
    ]
    shown += [d for d in ahead if (d.duty, d.key) not in known]
    rows: list[Row] = [
        {
            "name": d.name,
            "about": era(d.about),
            "due": d.due,
            "submitted": d.submitted_on,
            "state": "期限後に提出" if d.late else DUTY_STATES[d.state],
            "rule": d.rule,
        }
        for d in shown
    ]
    return Table(rows)


_MEETINGS = {
    "date": "開催日",
    "form": "会議",
    "persons": "出席（監督員・業務担当職員・受託者）",
    "heads": "議題",
    "due": "議事録の期限",
    "submitted": "議事録の提出",
    "approved": "承認",
}


def _meetings(record: PeriodRecord, site: Site) -> Table:
    minutes = {d.key: d for d in record.duties if d.duty == "minutes"}
    rows: list[Row] = []
    for m in sorted(record.meetings, key=lambda m: (m.held_on, m.meeting)):
        d = minutes.get(m.meeting)
        rows.append(
            {
                "date": m.held_on,
                "form": MEETING_FORMS[m.form],
                "persons": f"{m.supervisors}・{m.officials}・{m.contractors}人",
                "heads": "、".join(m.heads) or "-",
                "due": d.due if d else None,
                "submitted": d.submitted_on if d else None,
                "approved": d.approved_on if d else None,
            }
        )
    return Table(rows)


_QUESTIONS = {
    "code": "番号",
    "name": "協議事項",
    "clause": "仕様書の条項",
    "reading": "現在の扱い",
    "settled": "協議の結果（適用開始日・相手）",
}


def _questions(record: PeriodRecord, site: Site) -> Table:
    rows: list[Row] = []
    for s in record.questions:
        told = f"{short_date(s.ruling.from_on)}から　{s.ruling.agreed_with}" if s.ruling else "未協議（既定の扱い）"
        q = s.question
        rows.append(
            {
                "code": q.code,
                "name": q.name,
                "clause": q.clause,
                "reading": q.reading_name(s.reading),
                "settled": told + (f"　{s.ruling.note}" if s.ruling and s.ruling.note else ""),
            }
        )
    return Table(rows)


_AGREED = {"date": "日", "kind": "区分", "reason": "理由", "agreed": "協議日・相手"}


def _agreed(record: PeriodRecord, site: Site) -> Table:
    """Extra days, closures and planned outages; what was settled of open questions in the period."""
    rows: list[Row] = [
        {
            "date": o.date,
            "kind": "追加就業日" if o.kind == "extra" else "臨時休止",
            "reason": o.reason,
            "agreed": f"{short_date(o.agreed_on)}　{o.agreed_with}",
        }
        for o in record.agreed
    ]
    for p in record.planned:
        names = "・".join(site.service_by_code[s].short for s in p.services if s in site.service_by_code)
        rows.append({"date": p.from_at.date(), "kind": PLANNED, "reason": f"{names}　{p.reason}", "agreed": "-"})
    for r in record.rulings:
        question = site.question_by_code.get(r.question)
        words = question.reading_name(r.reading) if question else r.reading
        about = f"{r.question} {question.name}" if question else r.question
        told = f"{short_date(r.from_on)}から　{r.agreed_with}"
        rows.append({"date": r.at.date(), "kind": "協議事項の決定", "reason": f"{about}: {words}", "agreed": told})
    return Table(rows)


_DEVICES = {"device": "機器", "purpose": "用途", "permitted": "許可日", "until": "期限"}
_LACKS = {"staff": "従事者（符号）", "role": "役職", "lacks": "手続の未了", "training": "研修の未了"}


def _devices(record: PeriodRecord, site: Site) -> Table:
    rows: list[Row] = [
        {"device": d.device, "purpose": d.purpose, "permitted": d.permitted_on, "until": d.ends_on or "期限なし"}
        for d in record.devices
    ]
    return Table(rows)


def _lacks(record: PeriodRecord, site: Site) -> Table:
    rows: list[Row] = []
    for x in record.lacks:
        whole = len(x.training) == len(site.training)
        parts = "すべて" if whole else "、".join(site.training_by_code[t].name.split()[0] for t in x.training)
        lacks = "・".join(ELIGIBILITY[k] for k in x.eligibility) or "-"
        rows.append({"staff": x.person.code, "role": ROLES[x.person.role], "lacks": lacks, "training": parts or "-"})
    return Table(rows)


# ---- forecast and words

_FORECAST = {
    "month": "年月",
    "label": "年月（短く、R8.9）",
    **{f"{name}_{part}": f"{word} {said_}" for name, word in zip(DEMANDS, ("電子証明書更新", "カード更新", "新規・再交付"), strict=True)
       for part, said_ in (("expected", "見込"), ("actual", "実績"), ("rate", "率"))},
    "cards_expected": "カード交付の計 見込",
    "cards_actual": "カード交付の計 実績（番号札の枚数）",
    "cards_rate": "カード交付の計 率",
    "imported": "市の月別見込みなら「市」",
}  # fmt: skip


def _compare(compared: Iterable[Compared], word: str, label: str) -> Row:
    """A row of some months together; a rate is of the months that have both."""
    own = list(compared)
    row: dict[str, str | int | float | None] = {"month": word, "label": label}
    for name in (*DEMANDS, "cards"):
        expected = [getattr(c.forecast, name) for c in own if c.forecast]
        actual = [c.actual[name] for c in own if c.actual is not None]
        both = [(getattr(c.forecast, name), c.actual[name]) for c in own if c.forecast and c.actual is not None]
        told = sum(e for e, _ in both)
        row |= {
            f"{name}_expected": sum(expected) if expected else None,
            f"{name}_actual": sum(actual) if actual else None,
            f"{name}_rate": sum(a for _, a in both) / told if told else None,
        }
    row["imported"] = "市" if own and all(c.forecast and c.forecast.imported for c in own) else ""
    return row


def _forecast(record: PeriodRecord, site: Site) -> Table:
    rows: list[Row] = [_compare([c], month_ja(c.month), month_short(c.month)) for c in record.compared]
    if len(rows) > 1:
        rows.append(_compare(record.compared, "計", "計") | {TOTAL: 1})  # type: ignore[operator]
    return Table(rows)


def _remaining(record: PeriodRecord, site: Site) -> Table:
    """The forecast of the months ahead."""
    months = record.ahead.months if record.ahead else ()
    rows: list[Row] = [_compare([Compared(m.month, m, None)], month_ja(m.month), month_short(m.month)) for m in months]
    return Table(rows)


_WORDS = {"text": "本文", "by": "受託者の記載か、記録からの下書きか"}


def _words(head: str) -> Make:
    def make(record: PeriodRecord, site: Site) -> Table:
        return Table([{"text": s.text, "by": s.by} for s in said(record, site, head)])

    return make


OWED_TABLES: dict[str, TableSpec[PeriodRecord]] = {
    "duties": TableSpec(_DUTIES, _duties),
    "owed": TableSpec(_OWED, _owed),
    "meetings": TableSpec(_MEETINGS, _meetings),
    "questions": TableSpec(_QUESTIONS, _questions),
    "agreed": TableSpec(_AGREED, _agreed),
    "devices": TableSpec(_DEVICES, _devices),
    "lacks": TableSpec(_LACKS, _lacks),
    "forecast": TableSpec(_FORECAST, _forecast),
    "remaining": TableSpec(_FORECAST, _remaining),
    **{f"words_{head}": TableSpec(_WORDS, _words(head)) for heads in DRAFTS.values() for head in heads},
}
