"""Writes ``日次報告書_D.xlsx``: the daily report, the three count sheets of 仕様書 7(3)ア〜ウ, the day's course (contract 5).

How it looks stands in ``data/documents.toml``, under ``[day]``.
"""

from __future__ import annotations

from floorctl.documents.day.record import DayRecord
from floorctl.documents.day.sentences import day_facts
from floorctl.documents.day.tables import DAY_DATA, DAY_TABLES
from floorctl.documents.layout.form import Material, render
from floorctl.documents.layout.template_file import layout_of
from floorctl.models.site.site import Site


def check_layout(site: Site) -> None:
    """Raises UsageError where the layout that the site adapted is wrong; one as shipped is not read for this."""
    if site.documents.template:
        layout_of(site, "day", DAY_DATA)


def day_xlsx(record: DayRecord, site: Site) -> bytes:
    """The workbook; the same record, site and layout give the same bytes. Raises UsageError where the layout is wrong."""
    document, page, signing = layout_of(site, "day", DAY_DATA)
    named = {section.table for sheet in document.sheets for section in sheet.sections}
    material = Material(
        tables={name: spec.make(record, site) for name, spec in DAY_TABLES.items() if name in named},
        facts=day_facts(record, site),
        codes={"lane": set(site.lane_by_code), "service": set(site.service_by_code)},
        meanings=site.lane_meanings,
        made=record.day,
        day=record.day,
        subject=site.contract.title,
        author=site.contract.contractor,
    )
    return render(document, page, signing, material)
