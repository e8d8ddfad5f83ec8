"""A note on an incident stands wherever the incident does: on its day, on the days after, in the month and the hand-over."""

from __future__ import annotations

import csv
import io
from datetime import date
from pathlib import Path

from floorctl.documents.day.tables_csv import tables_csv
from floorctl.documents.day.workbook import DAY_TABLES
from floorctl.documents.period.records_json import to_json
from floorctl.documents.period.workbook import PERIOD_TABLES
from floorctl.usecases import period_reports as reports
from floorctl.usecases.day_tables import record_of
from tests.story import MONDAY, Desk, kumagaya

TUESDAY = date(2026, 9, 15)


def test_a_note_goes_with_its_incident(tmp_path: Path) -> None:
    desk = Desk(tmp_path / "floor.db", kumagaya()).opens()
    desk.at("10:20").does("incident.opened", category="injury", summary="気分の悪くなった方")
    desk.at("10:25").does("incident.noted", incident="I-1", text="救急隊に引き継いだ")
    desk.at("09:00", TUESDAY).opens()
    desk.at("09:30").does("incident.noted", incident="I-1", text="異常なしとの連絡")
    monday, tuesday = (record_of(desk.session, day) for day in (MONDAY, TUESDAY))
    (row,) = DAY_TABLES["incidents"].make(monday, desk.site).rows
    assert row["text"] == "気分の悪くなった方　追記: 午前10:25 救急隊に引き継いだ"
    (row,) = DAY_TABLES["incidents"].make(tuesday, desk.site).rows  # carried over
    assert row["text"] == (
        "気分の悪くなった方　追記: R8.9.14 午前10:25 救急隊に引き継いだ　追記: 午前9:30 異常なしとの連絡"
    )
    notes = [
        {"at": "2026-09-14T10:25:01+09:00", "text": "救急隊に引き継いだ"},
        {"at": "2026-09-15T09:30:01+09:00", "text": "異常なしとの連絡"},
    ]
    assert tuesday.to_json()["incidents"][0]["notes"] == notes
    sheet = list(csv.DictReader(io.StringIO(tables_csv(tuesday)["incidents.csv"].decode("utf-8-sig"))))
    assert sheet[0]["notes"] == "　".join(f"{n['at']} {n['text']}" for n in notes)
    for span in (reports.month_of(MONDAY), reports.contract_of(desk.site)):
        record = reports.record_of(desk.session, span)
        (row,) = PERIOD_TABLES["incidents"].make(record, desk.site).rows
        assert str(row["summary"]).endswith("追記: R8.9.15 午前9:30 異常なしとの連絡")
        assert to_json(record, desk.site)["incidents"][0]["notes"] == notes
    desk.at("11:00").does("incident.closed", incident="I-1", text="回復された")
    (row,) = DAY_TABLES["incidents"].make(record_of(desk.session, TUESDAY), desk.site).rows
    assert str(row["text"]).endswith("連絡　終結: 午前11:00 回復された")
    desk.close()
