"""Write the workbooks of longer periods: 月次報告書, 年度業務実績報告書, 業務引継書 (contract 5, 仕様書 9 to 11).

Their layouts are ``[month]``, ``[year]`` and ``[contract]`` of ``data/documents.toml``.
"""

from __future__ import annotations

from floorctl.documents.layout.material import catalogue
from floorctl.documents.layout.report import report_xlsx
from floorctl.documents.layout.template_file import Which, layout_of
from floorctl.documents.period.advice_study import STUDY_TABLES
from floorctl.documents.period.record import PeriodRecord
from floorctl.documents.period.sentences import PERIOD_FACTS, made_on, period_facts
from floorctl.documents.period.tables_counts import COUNT_TABLES
from floorctl.documents.period.tables_course import BESIDE_TABLES
from floorctl.documents.period.tables_owed import OWED_TABLES
from floorctl.documents.period.tables_target import TARGET_TABLES
from floorctl.documents.period.tables_time import FLOW_TABLES
from floorctl.models.site.site import Site

PERIOD_TABLES = FLOW_TABLES | COUNT_TABLES | TARGET_TABLES | STUDY_TABLES | BESIDE_TABLES | OWED_TABLES
PERIOD_DATA = catalogue(PERIOD_TABLES, PERIOD_FACTS)


def check_layouts(site: Site) -> None:
    """Raise UsageError if the site's own layout of a period is wrong."""
    periods: tuple[Which, ...] = ("month", "year", "contract")
    for which in periods if site.documents.template else ():
        layout_of(site, which, PERIOD_DATA)


def period_xlsx(record: PeriodRecord, site: Site) -> bytes:
    """Return the workbook as ``report_xlsx`` does."""
    facts, made = period_facts(record, site), made_on(record, site)
    recorded = bool(record.days)
    return report_xlsx(
        record.sort, record, site, PERIOD_TABLES, facts, PERIOD_DATA, made=made, day=None, recorded=recorded
    )
