"""Write ``日次報告書_D.xlsx``: the daily report, the count sheets of 仕様書 7(3)ア〜ウ, the day's course (contract 5).

Its layout is ``[day]`` of ``data/documents.toml``.
"""

from __future__ import annotations

from floorctl.documents.day.breaks import BREAKS
from floorctl.documents.day.counts import COUNTS
from floorctl.documents.day.course import COURSE
from floorctl.documents.day.doubts import NOT_RECORDED
from floorctl.documents.day.people import PEOPLE
from floorctl.documents.day.places import PLACES
from floorctl.documents.day.record import DayRecord
from floorctl.documents.day.sentences import DAY_FACTS, WRITTEN, day_facts
from floorctl.documents.layout.material import catalogue
from floorctl.documents.layout.report import report_xlsx
from floorctl.documents.layout.template_file import layout_of
from floorctl.models.site.site import Site

DAY_TABLES = BREAKS | COUNTS | COURSE | PEOPLE | PLACES | WRITTEN
DAY_DATA = catalogue(DAY_TABLES, DAY_FACTS)


def check_layout(site: Site) -> None:
    """Raise UsageError if the site's own layout is wrong; the shipped one is not read for this."""
    if site.documents.template:
        layout_of(site, "day", DAY_DATA)


def day_xlsx(record: DayRecord, site: Site) -> bytes:
    """Return the workbook as ``report_xlsx`` does."""
    facts, day = day_facts(record, site), record.day
    return report_xlsx(
        "day", record, site, DAY_TABLES, facts, DAY_DATA, made=day, day=day, recorded=NOT_RECORDED not in record.doubts
    )
