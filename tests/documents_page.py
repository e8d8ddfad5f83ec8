"""Writes the lists of ``docs/documents.md`` anew from the data tables: ``python -m tests.documents_page``."""

from __future__ import annotations

from pathlib import Path

from floorctl.documents.day.sentences import DAY_FACTS
from floorctl.documents.day.workbook import DAY_TABLES
from floorctl.documents.layout.material import listed
from floorctl.documents.period.sentences import PERIOD_FACTS
from floorctl.documents.period.shift_tables import SHIFT_FACTS, SHIFT_TABLES
from floorctl.documents.period.workbook import PERIOD_TABLES

PAGE = Path(__file__).parent.parent / "docs" / "documents.md"
DAY, PERIOD = "### 日次（`[day]`）", "### 月次・年度・引継ぎ（`[month]` `[year]` `[contract]`）"
SHIFTS = "### シフト表（`[shifts]` `[week]`）"


def renewed(page: str) -> str:
    """The page with its lists as the program has them."""
    before = page[: page.index(DAY)]
    lists = (
        (DAY, listed(DAY_TABLES, DAY_FACTS)),
        (PERIOD, listed(PERIOD_TABLES, PERIOD_FACTS)),
        (SHIFTS, listed(SHIFT_TABLES, SHIFT_FACTS)),
    )
    return before + "\n\n".join(f"{head}\n\n{text}" for head, text in lists) + "\n"


if __name__ == "__main__":
    PAGE.write_text(renewed(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
