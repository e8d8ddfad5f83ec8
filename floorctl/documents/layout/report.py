"""Build the workbook of a report: its layout, the data tables that the layout names, its facts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from floorctl.documents.layout.form import Material, render
from floorctl.documents.layout.material import Catalogue, Record, TableSpec
from floorctl.documents.layout.template_file import Which, layout_of
from floorctl.models.site.site import Site


def report_xlsx(
    which: Which,
    record: Record,
    site: Site,
    tables: Mapping[str, TableSpec[Record]],
    facts: Mapping[str, str | int],
    data: Catalogue,
    *,
    made: date,
    day: date | None,
    recorded: bool,
) -> bytes:
    """Return the workbook; equal record, site and layout give equal bytes. Raise UsageError if the layout is wrong.

    ``made`` is the date of the document; instants on ``day`` are written without their date. ``recorded`` as in Material.
    """
    document, page, signing = layout_of(site, which, data)
    named = {section.table for sheet in document.sheets for section in sheet.sections}
    material = Material(
        tables={name: spec.make(record, site) for name, spec in tables.items() if name in named},
        facts=facts,
        codes={"lane": set(site.lane_by_code), "service": set(site.service_by_code)},
        meanings=site.lane_meanings,
        made=made,
        day=day,
        subject=site.contract.title,
        author=site.contract.contractor,
        recorded=recorded,
    )
    return render(document, page, signing, material)
