"""Documents of longer periods that are of an earlier edition of a day: handed in, or written before."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from pathlib import Path

from floorctl.common import patience
from floorctl.common.clock import fiscal_year
from floorctl.documents.period.export import name_of_workbook
from floorctl.models.register.duties import duties
from floorctl.models.register.duty import Duty
from floorctl.usecases.period_reports import Span, contract_of, fiscal_year_of, month_of
from floorctl.usecases.session import Session

_DUTIES = ("monthly_report", "annual_report", "handover_document")
_MOST_BYTES = 20_000_000


def outdated(session: Session, day: date, out: Path) -> Iterator[str]:
    """Yield a sentence for each document with figures of a day whose report was issued again since.

    Known are those whose submission is recorded, and those that lie in ``out`` with an earlier number.
    """
    register = session.register()
    found = duties(
        session.site, register, register.calendar(session.site), session.today, lambda duty, *_: duty in _DUTIES
    )
    for duty, span in zip(
        _DUTIES, (month_of(day), fiscal_year_of(fiscal_year(day)), contract_of(session.site)), strict=True
    ):
        own = next((d for d in found if d.duty == duty and _covers(d, span)), None)
        if own is not None and day in own.outdated:
            yield f"{own.reissue_text}。"
        elif own is not None and (written := _edition_in(out, span)) and written < (now := _edition_now(session, span)):
            name = name_of_workbook(span.key, span.first)
            yield (
                f"{out / span.key} の {name} は第{written}版で、この日の前の版の数です。"
                f"{own.export_command} --out {out} で第{now}版に作り直してください。"
            )


def _covers(d: Duty, span: Span) -> bool:
    return d.key in (span.key, str(span.last)) or d.duty == "handover_document"


def _edition_in(out: Path, span: Span) -> int:
    """Return the edition of a period's document in a folder; 0 where there is none that says it."""
    path = out / span.key / f"records_{span.key}.json"
    with suppress(OSError, ValueError, AttributeError):
        if path.stat().st_size <= _MOST_BYTES:
            found = json.loads(patience.read_bytes(path)).get("revision", 1)
            return found if isinstance(found, int) else 0
    return 0


def _edition_now(session: Session, span: Span) -> int:
    again = session.register().reissued()
    return 1 + sum(change.revision - 1 for day, change in again.items() if span.first <= day <= span.last)
