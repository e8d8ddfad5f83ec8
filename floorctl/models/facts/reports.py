"""Facts of the texts that the contractor writes for the documents (仕様書 9, 10, 11)."""

from typing import Annotated

from floorctl.common.words import NOTHING, REPORT_HEADS
from floorctl.models.facts.fact import Fact, Names, fact
from floorctl.models.facts.fields import Code, DutyKey, FreeText, Lines, ReportHead


@fact("report.written", "日次報告書の記載", closes=True)
class ReportWritten(Fact):
    """Text of the daily report under a head; the last one counts.

    ``none``: 特になし, by choice. Neither lines nor ``none``: empty again.
    """

    head: ReportHead
    lines: Lines = ()
    none: bool = False

    def sentence(self, site: Names) -> str:
        return f"{REPORT_HEADS[self.head]} {_written(self.lines, self.none)}"


@fact("period.written", "報告書の記載", lasts=True)
class PeriodWritten(Fact):
    """Text of a monthly or annual report or of the hand-over document under a head.

    ``of``: "2026-09", "FY2026" or "contract"; ``head``: a head of that document's template. The last one counts.
    """

    of: Annotated[DutyKey, FreeText("対象の期間")]
    head: Code
    lines: Lines = ()
    none: bool = False

    def sentence(self, site: Names) -> str:
        return f"{self.word} {self.of} {_written(self.lines, self.none)}"


def _written(lines: tuple[str, ...], none: bool) -> str:
    return " ／ ".join(lines) if lines else NOTHING if none else "未記入に戻す"
