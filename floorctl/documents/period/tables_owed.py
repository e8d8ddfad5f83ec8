"""Data tables of the longer documents: duties, agreements, registers, forecast, texts under the heads."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

from floorctl.common.clock import business_day
from floorctl.common.words import DAY_KINDS, DUTY_STATES, MEETING_FORMS, REISSUE, ROLES, clock_ja_short
from floorctl.documents.day.revisions import REVISIONS, rows
from floorctl.documents.layout.material import TOTAL, Cell, Row, Tables
from floorctl.documents.layout.names import short_names
from floorctl.documents.layout.plain import era, month_ja, month_short, short_date, when
from floorctl.documents.period.drafts import DRAFTS, sentences
from floorctl.documents.period.record import PeriodRecord
from floorctl.models.register.demand_forecast import DEMANDS, Compared
from floorctl.models.register.duty import Duty
from floorctl.models.register.eligibility import ELIGIBILITY
from floorctl.models.register.outages import PLANNED
from floorctl.models.site.site import Site

OWED_TABLES: Tables[PeriodRecord] = Tables()


@OWED_TABLES.table(
    "duties",
    name="提出物",
    owed="対象",
    in_time="期限内",
    late="期限後",
    overdue="未提出（期限超過）",
    open="期限前",
)
def _duties(record: PeriodRecord, site: Site) -> Iterator[Row]:
    found: dict[str, list[Duty]] = {}
    for d in record.duties:
        found.setdefault(d.name, []).append(d)
    for name, own in found.items():
        yield {
            "name": name,
            "owed": len(own),
            "in_time": sum(d.state == "submitted" and not d.came_late for d in own),
            "late": sum(d.came_late for d in own),
            "overdue": sum(d.state == "overdue" for d in own),
            "open": sum(d.state == "open" for d in own),
        }


@OWED_TABLES.table(
    "owed",
    name="提出物",
    about="対象",
    due="期限",
    submitted="提出日",
    state="状態",
    rule="期限の数え方",
)
def _owed(record: PeriodRecord, site: Site) -> Iterator[Row]:
    """Yield what was submitted late, not yet, or is to be handed in again, then what is due in the period ahead.

    A daily report that is not due yet is left out.
    """
    ahead = record.ahead.duties if record.ahead else ()
    known = {(d.duty, d.key) for d in record.duties}
    shown = [
        d
        for d in record.duties
        if d.came_late or d.outdated or d.state == "overdue" or (d.state == "open" and d.duty != "daily_report")
    ]
    shown += [d for d in ahead if (d.duty, d.key) not in known]
    for d in shown:
        yield {
            "name": d.name,
            "about": era(d.about),
            "due": d.due,
            "submitted": d.submitted_on,
            "state": f"要{REISSUE}" if d.outdated else "期限後に提出" if d.came_late else DUTY_STATES[d.state],
            "rule": d.rule,
        }


@OWED_TABLES.table(
    "meetings",
    date="開催日",
    form="会議",
    persons="出席（監督員・業務担当職員・受託者）",
    heads="議題、取り上げた事案、メモ",
    due="議事録の期限",
    submitted="議事録の提出",
    approved="承認",
)
def _meetings(record: PeriodRecord, site: Site) -> Iterator[Row]:
    minutes = {d.key: d for d in record.duties if d.duty == "minutes"}
    for m in sorted(record.meetings, key=lambda m: (m.held_on, m.meeting)):
        d = minutes.get(m.meeting)
        yield {
            "date": m.held_on,
            "form": MEETING_FORMS[m.form],
            "persons": f"{m.supervisors}・{m.officials}・{m.contractors}人",
            "heads": "　".join(x for x in ("、".join(m.heads), m.incident or "", m.note) if x) or "-",
            "due": d.due if d else None,
            "submitted": d.submitted_on if d else None,
            "approved": d.approved_on if d else None,
        }


@OWED_TABLES.table(
    "questions",
    code="番号",
    name="協議事項",
    clause="仕様書の条項",
    reading="現在の扱い",
    settled="協議の結果（適用開始日・相手）",
)
def _questions(record: PeriodRecord, site: Site) -> Iterator[Row]:
    for s in record.questions:
        q, settled = s.question, "未協議（既定の扱い）"
        if s.ruling:
            settled = "　".join(
                x for x in (f"{short_date(s.ruling.from_on)}から", s.ruling.agreed_with, s.ruling.note) if x
            )
        yield {
            "code": q.code,
            "name": q.name,
            "clause": q.clause,
            "reading": q.reading_name(s.reading),
            "settled": settled,
        }


@OWED_TABLES.table("revisions", REVISIONS)
def _revisions(record: PeriodRecord, site: Site) -> Iterator[Row]:
    """Yield the editions of the document after the first: which daily report, why, and what it changed here."""
    yield from rows(record.editions)


@OWED_TABLES.table("agreed", date="日", kind="区分", reason="理由", agreed="協議日・相手")
def _agreed(record: PeriodRecord, site: Site) -> Iterator[Row]:
    """Yield extra days and closures, planned outages, and rulings on open questions made in the period."""
    for o in record.agreed:
        kind, agreed = DAY_KINDS[o.kind], f"{short_date(o.agreed_on)}　{o.agreed_with}"
        yield {"date": o.date, "kind": kind, "reason": o.reason, "agreed": agreed}
    for p in record.planned:
        names = "・".join(short_names(site, p.services))
        until = when(p.until_at, business_day(p.from_at))
        reason = f"{clock_ja_short(p.from_at)}から{until}まで　{names}　{p.reason}"
        yield {"date": p.from_at.date(), "kind": PLANNED, "reason": reason, "agreed": "-"}
    for r in record.rulings:
        question = site.question_by_code.get(r.question)
        words = question.reading_name(r.reading) if question else r.reading
        about = f"{r.question} {question.name}" if question else r.question
        agreed = f"{short_date(r.from_on)}から　{r.agreed_with}"
        yield {"date": r.at.date(), "kind": "協議事項の決定", "reason": f"{about}: {words}", "agreed": agreed}


@OWED_TABLES.table("devices", device="機器", purpose="用途", permitted="許可日", until="期限")
def _devices(record: PeriodRecord, site: Site) -> Iterator[Row]:
    for d in record.devices:
        until = d.ends_on or "期限なし"
        yield {"device": d.device, "purpose": d.purpose, "permitted": d.permitted_on, "until": until}


@OWED_TABLES.table("lacks", staff="従事者（符号）", role="役職", lacks="手続の未了", training="研修の未了")
def _lacks(record: PeriodRecord, site: Site) -> Iterator[Row]:
    for x in record.lacks:
        whole = len(x.training) == len(site.training)
        parts = "すべて" if whole else "、".join(site.training_by_code[t].name.split()[0] for t in x.training)
        lacks = "・".join(ELIGIBILITY[k] for k in x.eligibility) or "-"
        yield {"staff": x.person.code, "role": ROLES[x.person.role], "lacks": lacks, "training": parts or "-"}


# ---- forecast and words

_FORECAST = {
    "month": "年月",
    "label": "年月（短く、R8.9）",
    **{
        f"{name}_{part}": f"{word} {kind}"
        for name, word in zip(DEMANDS, ("電子証明書更新", "カード更新", "新規・再交付"), strict=True)
        for part, kind in (("expected", "見込"), ("actual", "実績"), ("rate", "率"))
    },
    "cards_expected": "カード交付の計 見込",
    "cards_actual": "カード交付の計 実績（番号札の枚数）",
    "cards_rate": "カード交付の計 率",
    "imported": "市の月別見込みなら「市」",
}


def _month(c: Compared) -> Row:
    """Return a month, marked where its figures are not those of all its days: one under way, or with unrecorded days."""
    part = f"（{c.past}日分）" if c.under_way else ""
    if c.actual is not None and c.recorded < c.past:
        part = f"（記録{c.recorded}日）"
    if c.actual is not None and c.unnumbered:
        part = f"（番号札{c.recorded - c.unnumbered}日）"
    return _compare([c], month_ja(c.month) + part, month_short(c.month) + part)


def _compare(months: Sequence[Compared], word: str, label: str) -> Row:
    """Return forecast and actual counts summed over months, and the quotient of what is shown of both."""
    row: dict[str, Cell] = {"month": word, "label": label}
    for name in (*DEMANDS, "cards"):
        expected = [getattr(c.due, name) for c in months if c.due]
        actual = [c.actual[name] for c in months if c.actual is not None and c.recorded_of(name)]
        whole = bool(sum(expected)) and len(expected) == len(actual) == len(months)
        row |= {
            f"{name}_expected": sum(expected) if expected else None,
            f"{name}_actual": sum(actual) if actual else None,
            f"{name}_rate": sum(actual) / sum(expected) if whole else None,
        }
    row["imported"] = "市" if months and all(c.forecast and c.forecast.imported for c in months) else ""
    return row


@OWED_TABLES.table("forecast", _FORECAST)
def _forecast(record: PeriodRecord, site: Site) -> Iterator[Row]:
    """Yield the months that have begun and their sum; those to come stand in ``remaining`` and in the plan."""
    begun = [c for c in record.compared if c.past or c.actual is not None]
    yield from map(_month, begun)
    if len(begun) > 1:
        yield {**_compare(begun, "計", "計"), TOTAL: 1}


@OWED_TABLES.table("remaining", _FORECAST)
def _remaining(record: PeriodRecord, site: Site) -> Iterator[Row]:
    """Yield the forecast of the months ahead, of one that has begun its remaining days."""
    ahead = record.ahead
    for m in ahead.months if ahead else ():
        part = ""
        if ahead and ahead.first.day > 1 and m.month == f"{ahead.first:%Y-%m}":
            part = f"（残り{sum(f'{d.date:%Y-%m}' == m.month for d in ahead.open_days)}日分）"
        yield _compare([Compared(m.month, m, None)], month_ja(m.month) + part, month_short(m.month) + part)


def _sentences(head: str, record: PeriodRecord, site: Site) -> Iterator[Row]:
    for s in sentences(record, site, head):
        yield {"text": s.text, "by": s.by}


for _head in dict.fromkeys(head for heads in DRAFTS.values() for head in heads):
    OWED_TABLES.table(f"words_{_head}", {"text": "本文", "by": "受託者の記載か、記録からの下書きか"})(
        partial(_sentences, _head)
    )
