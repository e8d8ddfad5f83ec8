"""Write the documents of a day into a folder, each file whole or not at all."""

from __future__ import annotations

from pathlib import Path

from floorctl.common.output_file import Exported, write_files
from floorctl.common.written_files import WrittenFiles
from floorctl.documents.day.record import DayRecord, records_json
from floorctl.documents.day.tables_csv import UTF8, tables_csv
from floorctl.documents.day.workbook import day_xlsx
from floorctl.models.day.floor import Floor
from floorctl.models.facts.own_numbers import Numbers
from floorctl.models.site.site import Site


def export_day(
    record: DayRecord, site: Site, out: Path, *, encoding: str = UTF8, written: WrittenFiles | None = None
) -> Exported:
    """Write the documents of a day into ``out/D/`` (contract 5); equal facts give equal bytes.

    ``encoding`` of the CSV tables is ``utf-8-sig`` or ``cp932``. A file that another program holds open is written
    beside it as ``…_2`` and noted. Raise FloorctlError if a character cannot be encoded, or if the folder cannot be
    written to; then its documents are unchanged.
    """
    day = record.day.isoformat()
    files = {f"日次報告書_{day}.xlsx": day_xlsx(record, site), f"records_{day}.json": records_json(record)}
    files |= {f"csv/{name}": data for name, data in tables_csv(record, encoding).items()}
    return write_files(out / day, files, written)


def export_fallback(floor: Floor, used: Numbers, out: Path, written: WrittenFiles | None = None) -> Exported:
    """Write ``out/D/紙の運用票_D.xlsx`` as ``export_day`` does (仕様書 12(13))."""
    from floorctl.documents.day.paper_sheets_xlsx import fallback_xlsx  # the printed sheets alone need it

    day = floor.day.isoformat()
    return write_files(out / day, {f"紙の運用票_{day}.xlsx": fallback_xlsx(floor, used)}, written)
