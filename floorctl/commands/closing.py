"""The end of the day: what terminals and registers say, what the report says in words, the close (仕様書 5(3)④, 10)."""

from __future__ import annotations

import re

from floorctl.commands.context import Context, Wish
from floorctl.common.errors import Refused
from floorctl.common.words import PERIOD_HEADS, REPORT_HEADS
from floorctl.models.facts import kinds as ev

# 仕様書 10 asks for 問い合わせ内容 by their kind and count; texts are examples, a handful of them.
MOST_LINES = {"weather": 1, "inquiries": 5}


def need_report_open(c: Context, what: str) -> None:
    """Refuses before anything has happened, and once the report has been closed."""
    if c.floor.opened_at is None:
        raise Refused(f"{what}を記録できません", "この日は開場していません", "開場した日のものだけ記録できます")
    if c.floor.report_closed_at is not None:
        raise Refused(
            f"{what}を記録できません",
            "この日はもう締めています",
            "直すときは理由を添えて再開し（F9 か floorctl do day.reopened）、もう一度締めてください",
        )


def read_total(c: Context, f: ev.TotalRead) -> list[Wish]:
    """A total as a terminal or a register has it; the one that stands already is no fact."""
    need_report_open(c, ev.KINDS["total.read"].word)
    held = c.floor.totals.get(f.item)
    if (held.count if held else None) == f.count and (held is None or held.note == f.note):
        return []
    return [("total.read", {"item": f.item, "count": f.count, "note": f.note})]


def write_report(c: Context, f: ev.ReportWritten) -> list[Wish]:
    """A head of the daily report in words, or 特になし by choice; what stands already is no fact."""
    need_report_open(c, REPORT_HEADS[f.head])
    most = MOST_LINES.get(f.head)
    if most is not None and len(f.lines) > most:
        raise Refused(
            f"{REPORT_HEADS[f.head]}を記録できません", f"{most}件までです", "主なものに絞るか、1件にまとめてください"
        )
    need_one_answer(REPORT_HEADS[f.head], f.lines, f.none)
    held = c.floor.report.get(f.head)
    if (held.lines, held.none) == (f.lines, f.none) if held else not f.lines and not f.none:
        return []
    return [("report.written", {"head": f.head, "lines": f.lines, "none": f.none})]


def need_one_answer(what: str, lines: tuple[str, ...], none: bool) -> None:
    """特になし and a text contradict each other."""
    if lines and none:
        raise Refused(f"{what}を記録できません", "「特になし」と本文の両方があります", "どちらか一方にしてください")


def close_day(c: Context, f: ev.DayClosed) -> list[Wish]:
    """Closes the day's report; a feed that has ended the reception does not stand in the way (contract 2)."""
    if c.floor.opened_at is None:
        raise Refused(
            "閉場できません",
            "この日は開場していません",
            "先に開場してください（盤面で Enter、または floorctl do day.opened）",
        )
    if c.floor.report_closed_at is not None:
        raise Refused("閉場できません", "この日はもう閉場しています", "直すときは再開してください")
    return [("day.closed", {})]


def write_period(c: Context, f: ev.PeriodWritten) -> list[Wish]:
    """A head of a longer document in the contractor's own words; what stands already is no fact.

    A head that its document does not have is refused: nobody would ever read what stands there.
    """
    heads = PERIOD_HEADS[_document(f.of)]
    if f.head not in heads:
        raise Refused(
            "報告書の記載を記録できません",
            "その文書にない見出しです",
            f"head は {'、'.join(f'{code}（{word}）' for code, word in heads.items())} のどれかにしてください",
        )
    need_one_answer(ev.KINDS["period.written"].word, f.lines, f.none)
    held = c.register.written.get((f.of, f.head))
    if (held.lines, held.none) == (f.lines, f.none) if held else not f.lines and not f.none:
        return []
    return [("period.written", {"of": f.of, "head": f.head, "lines": f.lines, "none": f.none})]


def _document(of: str) -> str:
    """Which document a period has: "2026-09" a month, "FY2026" a year. Raises Refused."""
    if of == "contract":
        return "contract"
    if re.fullmatch(r"20\d\d-(0[1-9]|1[0-2])", of, re.ASCII):
        return "month"
    if re.fullmatch(r"FY20\d\d", of, re.ASCII):
        return "year"
    raise Refused(
        "報告書の記載を記録できません", "どの文書か分かりません", "of は 2026-09、FY2026、contract のどれかの形です"
    )


def import_demand(c: Context, f: ev.DemandImported) -> list[Wish]:
    """A forecast by month; what stands already is no fact."""
    months = tuple(sorted(f.months, key=lambda m: m.month))
    if len({m.month for m in months}) < len(months):
        raise Refused("見込みを取り込めません", "同じ月が二度あります", "月ごとに1行にしてください")
    if all(c.register.demand.get(m.month) == m for m in months):
        return []
    return [("demand.imported", {"months": months})]
