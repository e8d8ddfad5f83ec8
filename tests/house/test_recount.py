"""Compare what floorctl says of a day with a recount of its raw facts (recount.py), on days tidy, untidy and real.

Each test takes a day into a file, asks the program for everything that it tells of it, and counts again.
"""

from __future__ import annotations

import csv
import json
import random
import sys
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from floorctl.commands.fold import fold
from floorctl.commands.paper import Paper, enter
from floorctl.common.clock import JST
from floorctl.common.output_file import write_files
from floorctl.database.store import Store
from floorctl.documents.day.record import records_json
from floorctl.documents.day.tables_csv import tables_csv
from floorctl.models.site.site import Site
from floorctl.rehearsal.simulated_feed import simulated_feed
from floorctl.usecases.closing import Answers, close
from floorctl.usecases.day_tables import record_of, write_day
from floorctl.usecases.session import Session
from tests import recount as own
from tests import recount_says as says
from tests.story import MONDAY, Desk, Story, a_day, fact, feed_of, instant, kumagaya, numbered

sys.path.append(str(Path(__file__).parents[1] / "contract"))
from contract_wild import untold_facts, wild_facts

REAL = Path(__file__).parents[3] / "shared" / "real"
NAMES = ["bielany-2020-01-08", "bielany-2020-01-13", "mokotow-2020-01-08", "mokotow-2020-01-13", "mokotow-2020-01-15"]
Json = dict[str, Any]


def take_in(desk: Desk, lines: bytes) -> None:
    """A feed, every line of which is accepted."""
    from floorctl.intake.feed import Intake

    said: list[str] = []
    Intake(desk.session.store, desk.site, "feed", desk.clock, lambda n, why: said.append(f"{n}: {why}")).take(
        numbered(lines)
    )
    assert said == []
    desk.session.refresh()


def end_of(path: Path, day: date) -> datetime:
    return max(f["at"] for f in own.facts_in(path, "WHERE day = ?", str(day)))


def agrees(desk: Desk, folder: Path, *, instants: int = 4, whole: bool = True) -> own.Recount:
    """Documents, derived tables and the board at several instants say what the recount says."""
    day, path = desk.day, desk.path
    done = documents(desk, folder, whole)
    r = own.recount(path, day)
    assert json.loads((done / f"records_{day}.json").read_text("utf-8")) == says.records(path, day)
    tables_agree(done / "csv", r)
    head = says.records(path, day)["head"]
    for table, rows in says.derived_rows(r, head).items():
        columns = list(rows[0]) if rows else ["day"]
        held = says.held_rows(path, table, day, columns)
        assert sorted(map(repr, held)) == sorted(map(repr, rows)), table
    facts = own.facts_in(path, "WHERE day = ?", str(day))
    first, last = facts[0]["at"], facts[-1]["at"]
    for n in range(1, instants + 1):
        board_agrees(desk, first + (last - first) * n / instants)
    return r


def documents(desk: Desk, folder: Path, whole: bool) -> Path:
    """Return what the program tells of the day: by a close, or (not ``whole``) the same without it and without the workbook."""
    if whole:
        desk.clock.at = max(desk.clock.at, end_of(desk.path, desk.day) + timedelta(seconds=5))
        assert close(desk.session, desk.day, Answers(), folder).trouble is None
        return folder / str(desk.day)
    record = record_of(desk.session, desk.day)
    write_files(
        folder,
        {f"records_{desk.day}.json": records_json(record)} | {f"csv/{n}": b for n, b in tables_csv(record).items()},
    )
    with desk.session.store.write() as pen:
        write_day(desk.session, pen, desk.day)
    return folder


def tables_agree(folder: Path, r: own.Recount) -> None:
    """csv/*: every line, in its order; an empty cell is nothing."""

    def told(name: str) -> list[Json]:
        with (folder / f"{name}.csv").open(encoding="utf-8-sig", newline="") as f:
            return list(csv.DictReader(f))

    def cells(rows: list[Json]) -> list[dict[str, str]]:
        def cell(v: object) -> str:
            text = "" if v is None else str(v).lower() if isinstance(v, bool) else str(v)
            # Text is never a formula: an apostrophe stands before what begins like one.
            return f"'{text}" if isinstance(v, str) and text[:1] in tuple("=+-@") else text

        return [{k: cell(v) for k, v in row.items()} for row in rows]

    derived = says.derived_rows(r, {"seq": 0, "hash": ""})
    assert told("tickets") == cells(list(says.ticket_rows(r)))
    assert told("moves") == cells([{**m, "at": own.written(m["at"])} for m in r.moves])
    assert told("lends") == cells(says.lends(r))
    names = ("escalation", "matter", "terminal", "ticket", "raised_at", "taken_at", "settled_at", "outcome", "official")
    assert told("escalations") == cells([{n: e[n] for n in names} for e in derived["escalations"]])
    more = (says.incident_cells(i) for i in r.incidents())
    assert told("incidents") == cells([row | i for row, i in zip(derived["incidents"], more, strict=True)])
    assert told("inquiries") == cells(derived["inquiries"])
    assert [{k: v for k, v in row.items() if k != "until"} for row in told("staff")] == cells(
        [{**s, "at": own.written(s["at"])} for s in r.staff]
    )


def board_agrees(desk: Desk, now: datetime) -> None:
    """``status --json --now``: every figure that the contract defines by the facts."""
    from floorctl.models.board.status import status

    now = now.replace(microsecond=0)
    session = Session(desk.site, desk.path, frozen=now)
    try:
        board = status(
            session.floor(desk.day), session.register(), session.info(desk.day), now, session.head(), session.began()
        )
    finally:
        session.close()
    r = own.recount(desk.path, desk.day, now)
    lanes = r.lanes(now)
    assert {x["lane"]: {k: x[k] for k in lanes[x["lane"]]} for x in board["lanes"]} == lanes, now
    for x in board["lanes"]:
        assert x["terminals"] == [t.code for t in r.terminals.values() if t.lane == x["lane"]]
    assert [
        (t["terminal"], t["lane"], t["next_lane"], t["home"], t["state"], t["ticket"], t["staff"])
        for t in board["terminals"]
    ] == [(t.code, t.lane, t.next_lane, t.home, r.terminal_state(t), t.ticket, t.staff) for t in r.terminals.values()]
    assert set(board["lend_permit"]) == r.permitted
    assert board["open"] == (r.opened is not None and r.closed is None)
    assert (board["anomalies"], board["officials"]) == (r.anomalies, r.officials[-1][1] if r.officials else 0)
    waiting = sum(x["waiting"] for x in lanes.values())
    assert board["seats"] == {"capacity": r.rules.capacity, "waiting": waiting if r.persons is None else r.persons}
    assert board["last_fact_at"] == own.written(r.last)
    undone = sorted((e for e in r.cases.values() if e["settled"] is None), key=lambda e: (e["raised"], e["escalation"]))
    assert [(e["escalation"], e["state"], e["age_s"]) for e in board["escalations"]] == [
        (e["escalation"], "taken" if e["taken"] else "raised", own.seconds(e["raised"], min(now, r.closed or now)))
        for e in undone
    ]


# ---- simulated days


@pytest.mark.parametrize(
    ("day", "seed", "volume"),
    [
        (date(2026, 9, 14), 1, "surge"),
        (date(2026, 9, 12), 2, "normal"),  # a Saturday
        (date(2027, 5, 6), 3, "normal"),  # the first day after the holidays of the fullest month
        (date(2028, 2, 1), 4, "low"),
    ],
)
def test_a_simulated_day(tmp_path: Path, site: Site, day: date, seed: int, volume: Any) -> None:
    desk = Desk(tmp_path / "floor.db", site, "17:30", day)
    take_in(desk, simulated_feed(site, day, seed, volume))
    r = agrees(desk, tmp_path / "out")
    assert sum(r.counts().values()) > 30
    assert r.cases and r.odd == {}
    desk.close()


def untidy(lines: list[Json], chance: random.Random) -> list[Json]:
    """Two in a hundred lines lost, some twice under another id, some clocks wrong, all out of order."""
    kept = [line for line in lines if line["kind"].startswith("day.") or chance.random() > 0.02]
    for line in [x for x in kept if chance.random() < 0.01]:
        kept.append({**line, "id": f"{line['id']}-again"})
    for line in kept:
        if chance.random() < 0.03:
            at = datetime.fromisoformat(line["at"]) + timedelta(seconds=chance.randint(-400, 400))
            line["at"] = max(at, datetime.combine(at.date(), instant("00:00").timetz())).isoformat()
    chance.shuffle(kept)
    return kept


@pytest.mark.parametrize("seed", range(3))
def test_an_untidy_day_with_facts_that_are_taken_back(tmp_path: Path, site: Site, seed: int) -> None:
    """Lost, repeated, shifted and shuffled lines, more transfers and head counts; then the manager corrects by hand."""
    chance = random.Random(seed)
    desk = Desk(tmp_path / "floor.db", site, "17:20")
    lines = [json.loads(x) for x in simulated_feed(site, MONDAY, seed, "normal").splitlines()]
    lines = [x for x in lines if x["kind"] != "day.closed"]
    issued = [x for x in lines if x["kind"] == "ticket.issued"]
    more = a_day(prefix="more")
    for line in chance.sample(issued, 12):
        at = datetime.fromisoformat(line["at"]) + timedelta(minutes=chance.randint(0, 40))
        number, kind = line["ticket"], chance.choice(["transfers", "misses", "requeues", "leaves"])
        getattr(more, kind)(number, *(["pin_reset"] if kind == "transfers" else []), at=at)
    for lane in ("certificate", "issuance", "certificate"):
        more.counts(lane, chance.randint(0, 6), f"{chance.randint(9, 16)}:{chance.randint(10, 59)}")
    take_in(desk, feed_of(untidy([*lines, *more.lines], chance)))
    for _ in range(2):
        desk.does("work.counted", item="photo", count=3)
    desk.does("inquiry.counted", topic="持ち物", count=2)
    told = list(desk.session.store.day_facts(MONDAY))
    for entry in chance.sample([e for e in told if e.kind in ("ticket.called", "ticket.finished", "work.counted")], 6):
        # By the store, as an undo long after: the rules of the command would refuse most of these.
        takes_back(desk, entry.fact.id, entry.source)
    r = agrees(desk, tmp_path / "out", instants=5, whole=False)
    assert len(r.odd) > 5
    assert len(r.gone) == 6
    desk.close()


def takes_back(desk: Desk, target: str, source: str, at: str = "17:21") -> None:
    """A retraction as it stands in the file, whatever the rules would say of it."""
    n = desk.session.head().seq
    line = {"id": f"back-{n}", "at": instant(at, desk.day).isoformat(), "kind": "retracted", "target": target}
    with desk.session.store.write() as pen:
        pen.append(fact({**line, "target_source": source, "reason": "誤り"}), "console", "console", desk.clock())
    desk.session.refresh()


@pytest.mark.parametrize("seed", range(12))
def test_a_day_that_no_office_ever_had(tmp_path: Path, site: Site, seed: int) -> None:
    """Any fact at any time, half of which do not fit, with retractions of anything, of one another too."""
    chance = random.Random(seed)
    desk = Desk(tmp_path / "floor.db", site, "17:00")
    take_in(desk, feed_of(wild_facts(seed, 150)))
    told = [(e.fact.id, e.source) for e in desk.session.store.day_facts(MONDAY)]
    for target, source in chance.choices([*told, ("nobody", "feed"), (f"back-{150}", "console")], k=7):
        takes_back(desk, target, source, f"09:{chance.randint(0, 40):02}")
    r = agrees(desk, tmp_path / "out", instants=4, whole=False)
    assert r.odd and r.gone
    desk.close()


@pytest.mark.parametrize("seed", range(100, 108))
def test_a_day_of_machines_that_leave_half_of_it_out(tmp_path: Path, site: Site, seed: int) -> None:
    """Calls without desks and ends, calls that are issues, recalls, numbers that begin again, in any order."""
    desk = Desk(tmp_path / "floor.db", site, "17:00")
    take_in(desk, feed_of(untold_facts(seed, 150)))
    r = agrees(desk, tmp_path / "out", instants=4, whole=False)
    assert {t.ruled for t in r.everyone} == {True, False}
    desk.close()


def test_closed_by_the_feed_then_late_facts_then_reopened(tmp_path: Path, site: Site) -> None:
    """What comes after the close is kept and does not count, what came before it but late does; reopening counts all."""
    desk = Desk(tmp_path / "floor.db", site, "17:30")
    day = a_day().opens("08:25").issues("B001", at="09:00").calls("B001", at="09:10").finishes("B001", at="09:20")
    take_in(desk, day.closes("17:00").issues("B002", at="17:01").feed())
    r = agrees(desk, tmp_path / "1", instants=3)
    assert (len(r.tickets), r.revision, r.closed) == (1, 1, instant("17:00"))
    late = Story(prefix="late").issues("B003", at="10:00").calls("B003", at="10:10").finishes("B003", at="10:15")
    take_in(desk, late.feed())
    r = agrees(desk, tmp_path / "2", instants=3)
    assert (len(r.tickets), r.revision, r.counts()["cert_renewal"]) == (2, 2, 2)
    desk.clock.at += timedelta(minutes=1)
    desk.does("day.reopened", reason="後から届いた記録")
    r = own.recount(desk.path, MONDAY)
    assert (r.closed, r.reopened, len(r.tickets)) == (None, 1, 3)
    r = agrees(desk, tmp_path / "3", instants=3)
    assert r.revision == says.records(desk.path, MONDAY)["revision"] == 3
    desk.close()


def test_incidents_and_stops_of_several_days(tmp_path: Path, site: Site) -> None:
    """What lasts over days, is completed later, is taken back: each day's records show what stood at its end."""
    desk = Desk(tmp_path / "floor.db", site, "09:00")
    desk.opens()
    desk.at("9:35").does(
        "incident.opened",
        category="system_outage",
        summary="応答しない",
        services=("cert_issue",),
        occurred_at=instant("9:30"),
    )
    desk.at("9:40").does("terminal.failed", terminal="T4", fault="画面が消えた")
    desk.at("9:45").does("incident.opened", category="complaint", summary="長く待たされた")
    desk.at("10:30").does("incident.amended", incident="I-1", cause="national", measures="連絡した")
    desk.at("10:40").does("incident.reported", incident="I-1", to="監督員")
    desk.at("11:00").does("incident.restored", incident="I-1")
    desk.at("11:10").does("incident.reported", incident="I-2", to="監督員")
    mistaken = desk.at("11:20").does("incident.opened", category="other", summary="誤って起こした")[0]
    desk.takes_back(mistaken)
    desk.at("13:00").does("terminal.repaired", terminal="T4")
    desk.at("14:00").does("reception.stopped", service="other", reason="機器の都合")
    desk.at("17:20")
    first = agrees(desk, tmp_path / "out")
    assert [i["code"] for i in first.incidents()] == ["I-1", "I-2"]
    assert [s[4] for s in first.stops()] == [12_000, 10_799]  # to the repair, to the end of the reception
    assert first.outages() == [("I-1", "cert_issue", 90, "国のシステム")]
    tuesday = date(2026, 9, 15)
    desk.at("08:30", tuesday).opens()
    desk.at("09:00").does("incident.amended", incident="I-2", summary="長く待たされたとの苦情")
    desk.at("10:00").does("incident.closed", incident="I-2", text="終わり")
    desk.at("17:20")
    second = agrees(desk, tmp_path / "out")
    assert [says.incident_json(i)["state"] for i in second.incidents()] == ["reported", "closed"]
    # The first day again: what the second day said is told by the second day.
    records = says.records(desk.path, MONDAY)
    assert [i["summary"] for i in records["incidents"]] == ["応答しない", "長く待たされた"]
    desk.day = MONDAY
    agrees(desk, tmp_path / "again")
    desk.close()


def test_a_day_with_an_hour_of_paper(tmp_path: Path, site: Site) -> None:
    """Typed afterwards at its own times, with lines that say only that something was done: no wait is made up."""
    from tests.commands.test_paper import line

    desk = Desk(tmp_path / "floor.db", site, "17:30")
    take_in(
        desk,
        a_day().opens("08:25").issues("B001", at="09:00").calls("B001", at="09:10").finishes("B001", at="09:20").feed(),
    )
    paper = Paper(
        (
            line("B002", "10:02", "10:05", "10:16"),
            line("B003", "10:06", "10:06", "10:20", terminal="T5"),
            line("B004", "10:08"),
            line("B005", "10:10", "", "10:50"),
            line("B006", "", "10:30", "10:40"),
            line("B007", "10:55", end="left", terminal=None),
            line("A001", "10:12", service="card_issuance", terminal="T1", cards=2),
        ),
        moves=((instant("10:41"), "T4", "certificate"),),
        counts=((instant("10:59"), "photo", 4),),
    )
    desk.session.run(lambda c: enter(c, paper), between=True)
    r = agrees(desk, tmp_path / "out")
    assert r.counts()["cert_renewal"] == 6 and r.counts()["card_issuance"] == 1
    desk.close()


# ---- the real days


@pytest.mark.skipif(not REAL.is_dir(), reason="the real days are not here")
@pytest.mark.parametrize("name", NAMES)
def test_a_real_day(tmp_path: Path, site: Site, name: str) -> None:
    lines = (REAL / f"{name}.jsonl").read_bytes()
    day = datetime.fromisoformat(json.loads(lines.splitlines()[0])["at"]).astimezone(JST).date()
    desk = Desk(tmp_path / "floor.db", site, "20:00", day)
    take_in(desk, lines)
    r = agrees(desk, tmp_path / "out", whole=False)
    assert sum(r.counts().values()) > 100
    desk.close()


# ---- the recount itself


def test_the_recount_imports_nothing_of_floorctl() -> None:
    here = Path(__file__).parents[1]
    text = "".join((here / name).read_text("utf-8") for name in ("recount.py", "recount_says.py"))
    assert [line for line in text.splitlines() if "import" in line.split() and "floorctl" in line] == []


def test_the_recount_notices_a_fact_that_is_not_counted(tmp_path: Path, site: Site) -> None:
    """A fold that leaves out one finish differs from the recount: the comparison would fail."""
    desk = Desk(tmp_path / "floor.db", site, "17:30")
    take_in(
        desk,
        a_day().opens("08:25").issues("B001", at="09:00").calls("B001", at="09:10").finishes("B001", at="09:20").feed(),
    )
    store = Store(desk.path)
    floor = fold(kumagaya(), MONDAY, [e for e in store.day_facts(MONDAY) if e.kind != "ticket.finished"])
    store.close()
    assert own.recount(desk.path, MONDAY).counts()["cert_renewal"] == 1
    assert sum(t.outcome == "done" for t in floor.tickets.values()) == 0
    desk.close()
