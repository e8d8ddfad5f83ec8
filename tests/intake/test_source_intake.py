"""Rows of described files on their way into the file: one check for lines and rows, counted and said alike."""

from __future__ import annotations

from pathlib import Path

from floorctl.intake.feed import Intake
from floorctl.models.site.site import Site
from tests.sources import MODIFIED, TODAY, Machine
from tests.story import Desk

LOG = """
heading = false
separator = " "
columns.day = 1
columns.time = 2
columns.event = 4
columns.ticket = { column = 5, split = "=", part = 2 }
columns.service = { column = 5, split = "=", part = 2 }
facts = [{ kind = "ticket.issued", when = { event = "ISSUE*" } }]
codes.service = { "A*" = "card_issuance", "B*" = "cert_renewal" }
"""


def intake_of(desk: Desk, said: list[str]) -> Intake:
    return Intake(desk.session.store, desk.site, "log", desk.clock, lambda n, why: said.append(f"{n}: {why}"))


def test_rows_are_taken_in_and_refused_like_lines(site: Site, tmp_path: Path, desk: Desk) -> None:
    """The lines of a log: words between any number of spaces, an equals sign inside, others in between."""
    machine, said = Machine(LOG, site, tmp_path), list[str]()
    text = (
        "2026-09-14 08:31:00,123 INFO  ISSUED ticket=A041\n"
        "2026-09-14 08:32:00,123 WARN  PAPER low\n"
        "2026-09-14 08:33:00,123 INFO  ISSUED ticket=C041\n"
        "2026-09-14 08:34:00,123 INFO  ISSUED ticket=B042\n"
    )
    intake = intake_of(desk, said)
    intake.take(machine.reader.read_data(text.encode(), Path("log.txt"), MODIFIED, TODAY, growing=True))
    assert said == ["3: 5列目：コード表（codes.service）にも会場設定にもない値です"]
    assert (intake.totals.accepted, intake.totals.duplicate, intake.totals.refused) == (2, 0, 1)
    assert {n: t.service for n, t in desk.floor.tickets.items()} == {"A041": "card_issuance", "B042": "cert_renewal"}
    corrected = text.replace("B042", "B043")
    intake.take(machine.reader.read_data(corrected.encode(), Path("log.txt"), MODIFIED, TODAY, growing=True))
    assert (intake.totals.accepted, intake.totals.duplicate, intake.totals.refused) == (3, 0, 1)


def test_only_the_city_decides_in_described_files_too(site: Site, tmp_path: Path, desk: Desk) -> None:
    """The roster stands in the data file: who is on it is no official, whatever the file says."""
    desk.does("staff.registered", staff="C9", role="worker")
    machine = Machine(
        """
heading = false
columns = { time = 1, escalation = 2, outcome = 3, official = 4 }
facts = [{ kind = "escalation.settled" }]
codes.outcome = { "可" = "approved" }
""",
        site,
        tmp_path,
    )
    said = list[str]()
    text = (
        "2026-09-14 8:31,E-1,可,C9\n2026-09-14 8:32,E-2,可,\n2026-09-14 8:33,E-3,可,K12\n2026-09-14 8:34,E-4,保留,K12\n"
    )
    found = machine.reader.read_data(text.encode(), Path("cases.csv"), MODIFIED, TODAY)
    totals = intake_of(desk, said).take(found)
    assert (totals.accepted, totals.refused) == (1, 3)
    assert said == [
        "1: official は受託者の名簿のコードです（決めるのは市職員だけです）",
        "2: 4列目：市職員のコードがありません（可否は市職員だけが決めます）",
        "4: 3列目：決められた値（approved declined desk3 withdrawn）のどれでもありません（codes.outcome）",
    ]
