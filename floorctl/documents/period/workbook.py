"""Writes the workbooks of longer periods: 月次報告書, 年度業務実績報告書, 業務引継書 (contract 5, 仕様書 9 to 11).

How they look stands in ``data/documents.toml``, under ``[month]``, ``[year]`` and ``[contract]``.
"""

from __future__ import annotations

from typing import cast

from floorctl.documents.layout.form import Material, render
from floorctl.documents.layout.material import catalogue
from floorctl.documents.layout.template_file import Which, layout_of
from floorctl.documents.period.advice_study import STUDY_TABLES
from floorctl.documents.period.record import PeriodRecord
from floorctl.documents.period.sentences import PERIOD_FACTS, made_on, period_facts
from floorctl.documents.period.tables_counts import COUNT_TABLES
from floorctl.documents.period.tables_course import BESIDE_TABLES
from floorctl.documents.period.tables_owed import OWED_TABLES
from floorctl.documents.period.tables_time import FLOW_TABLES
from floorctl.models.site.site import Site

PERIOD_TABLES = FLOW_TABLES | COUNT_TABLES | STUDY_TABLES | BESIDE_TABLES | OWED_TABLES
PERIOD_DATA = catalogue(PERIOD_TABLES, PERIOD_FACTS)


def period_xlsx(record: PeriodRecord, site: Site) -> bytes:
    """The workbook; the same record, site and layout give the same bytes. Raises UsageError where the layout is wrong."""
    document, page, signing = layout_of(site, cast(Which, record.sort), PERIOD_DATA)
    named = {section.table for sheet in document.sheets for section in sheet.sections if section.table}
    material = Material(
        tables={name: PERIOD_TABLES[name].make(record, site) for name in PERIOD_TABLES if name in named},
        facts=period_facts(record, site),
        codes={"lane": set(site.lane_by_code), "service": set(site.service_by_code)},
        meanings=site.lane_meanings,
        made=made_on(record, site),
        day=None,
        subject=site.contract.title,
        author=site.contract.contractor,
    )
    return render(document, page, signing, material)
