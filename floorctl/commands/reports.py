"""Words of the reports: the heads of the daily report and of longer documents (仕様書 9, 10)."""

from __future__ import annotations

import re
from collections.abc import Hashable, MutableMapping
from typing import TypeVar

from floorctl.commands.context import Context, Wish, as_wished, need
from floorctl.commands.deciders import decides, evolves
from floorctl.common.errors import Refused, by_door
from floorctl.common.words import PERIOD_HEADS, REPORT_HEADS
from floorctl.models.day.floor import Floor
from floorctl.models.facts import kinds as ev
from floorctl.models.facts.entry import Entry
from floorctl.models.register.register import Register

# 仕様書 10 asks for 問い合わせ内容 by their kind and count; texts are examples, a handful of them.
MOST_LINES = {"weather": 1, "inquiries": 5}

Key = TypeVar("Key", bound=Hashable)
Written = TypeVar("Written", ev.ReportWritten, ev.PeriodWritten)


def need_counted_day(c: Context, what: str) -> None:
    """Raise Refused before anything has happened, and once the report has been closed."""
    if c.floor.opened_at is None:
        raise Refused(f"{what}を記録できません", "この日は開場していません", "開場した日のものだけ記録できます")
    if c.floor.report_closed_at is not None:
        raise Refused(
            f"{what}を記録できません",
            "この日はもう締めています",
            f"直すときは理由を添えて再開し（{by_door('{close}', 'floorctl do day.reopened')}）、もう一度締めてください",
        )


@decides(ev.ReportWritten)
def decide_report(c: Context, f: ev.ReportWritten) -> list[Wish]:
    """Write a head of the daily report, or 特になし by choice; an unchanged one is no fact."""
    word = REPORT_HEADS[f.head]
    need_counted_day(c, word)
    most = MOST_LINES.get(f.head, len(f.lines))
    do = "主なものに絞るか、1件にまとめてください"
    need(len(f.lines) <= most, f"{word}を記録できません", f"{most}件までです", do)
    return _written(f, c.floor.report.get(f.head), word)


@evolves(ev.ReportWritten)
def evolve_report(floor: Floor, entry: Entry, f: ev.ReportWritten) -> None:
    _write(floor.report, f.head, f)


@decides(ev.PeriodWritten)
def decide_period(c: Context, f: ev.PeriodWritten) -> list[Wish]:
    """Write a head of a longer document in the contractor's own words; an unchanged one is no fact.

    Raise Refused for a head that the document does not have: nobody would ever read it.
    """
    heads = PERIOD_HEADS[_document(f.of)]
    if f.head not in heads:
        raise Refused(
            "報告書の記載を記録できません",
            "その文書にない見出しです",
            f"head は {'、'.join(f'{code}（{word}）' for code, word in heads.items())} のどれかにしてください",
        )
    return _written(f, c.register.written.get((f.of, f.head)), f.word)


@evolves(ev.PeriodWritten)
def evolve_period(register: Register, entry: Entry, f: ev.PeriodWritten) -> None:
    _write(register.written, (f.of, f.head), f)


def _written(f: Written, held: Written | None, word: str) -> list[Wish]:
    """Return the words as wished, [] if unchanged; raise Refused where 特になし and a text contradict each other."""
    both = bool(f.lines) and f.none
    need(not both, f"{word}を記録できません", "「特になし」と本文の両方があります", "どちらか一方にしてください")
    same = (held.lines, held.none) == (f.lines, f.none) if held else not f.lines and not f.none
    return [] if same else as_wished(f)


def _write(held: MutableMapping[Key, Written], key: Key, f: Written) -> None:
    """Keep the words of a head; neither lines nor 特になし take them back."""
    if f.lines or f.none:
        held[key] = f
    else:
        held.pop(key, None)


def _document(of: str) -> str:
    """Return the document of a period: "2026-09" a month, "FY2026" a year. Raise Refused for any other text."""
    if of == "contract":
        return "contract"
    if re.fullmatch(r"20\d\d-(0[1-9]|1[0-2])", of, re.ASCII):
        return "month"
    if re.fullmatch(r"FY20\d\d", of, re.ASCII):
        return "year"
    raise Refused(
        "報告書の記載を記録できません", "どの文書か分かりません", "of は 2026-09、FY2026、contract のどれかの形です"
    )
