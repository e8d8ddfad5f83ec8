"""Files of the longer documents: names, folders, the workbook and its JSON."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

from floorctl.common.output_file import Exported, write_files
from floorctl.common.written_files import WrittenFiles
from floorctl.documents.period.record import PeriodRecord
from floorctl.documents.period.records_json import period_json
from floorctl.documents.period.workbook import period_xlsx
from floorctl.models.site.site import Site

_NAMES = {
    "month": "月次報告書_{key}.xlsx",
    "year": "年度業務実績報告書_{year}.xlsx",
    "contract": "業務引継書.xlsx",
}


def name_of_workbook(key: str, first: date) -> str:
    """Return the name of the workbook of a period by its key and first day."""
    sort = "contract" if key == "contract" else "year" if key.startswith("FY") else "month"
    return _NAMES[sort].format(key=key, year=first.year)


def export_period(
    record: PeriodRecord,
    site: Site,
    out: Path,
    written: WrittenFiles | None = None,
    beside: Mapping[str, bytes] | None = None,
) -> Exported:
    """Write ``out/YYYY-MM/``, ``out/FYYYYY/`` or ``out/contract/`` (contract 5); equal facts give equal bytes.

    ``beside``: more files for that folder, by name.

    Raise FloorctlError as ``write_files`` does.
    """
    name = name_of_workbook(record.key, record.first)
    files = {name: period_xlsx(record, site), f"records_{record.key}.json": period_json(record, site)}
    return write_files(out / record.key, files | dict(beside or {}), written)
