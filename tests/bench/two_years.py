"""The whole contract as a file: 546 open days, about 600,000 facts, a full Register, each day closed and backed up.

It is made by the simulator and by the commands of the console, so that rows, anomalies and registers are what they will
be; only the documents are left out. Files of less history are kept on the way, each with a last day that is still open.
"""

from __future__ import annotations

import json
import random
import shutil
import sys
import time as stopwatch
from collections import Counter
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from floorctl.commands.context import Context, Wish
from floorctl.commands.decide import decide
from floorctl.common.clock import JST
from floorctl.intake.demand_table import demand_table
from floorctl.intake.feed import Intake
from floorctl.intake.site_file import load_site
from floorctl.models.site.calendar import Calendar
from floorctl.models.site.site import Site
from floorctl.rehearsal.demo_roster import demo_roster
from floorctl.simulation.live import LiveHall
from floorctl.usecases import daily_backup as backups
from floorctl.usecases import day_tables as derived
from floorctl.usecases.closing import Answers
from floorctl.usecases.imports import import_appointments, import_roster
from floorctl.usecases.session import Session

VERSION = 2  # of what is made here: a folder of another version is made anew
HISTORIES = {"1日": 1, "1か月": 21, "2年": 546}  # name of a folder: open days in its file, the last of them not closed
PROBLEMS = ("混雑により昼の待ち時間が延びた", "午後の予約枠に空きが多かった", "印字プリンタの紙詰まりが続いた")


class Hand:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self.at = datetime(2026, 7, 1, 8, tzinfo=JST)

    def __call__(self) -> datetime:
        return self.at


def folder_of(cache: Path, history: str) -> Path:
    return cache / f"v{VERSION}" / history


def made(cache: Path) -> bool:
    """Whether every file stands already."""
    return all((folder_of(cache, name) / "last_day").exists() for name in HISTORIES)


def last_day(folder: Path) -> date:
    """The day of a file that has its facts and is not closed."""
    return date.fromisoformat((folder / "last_day").read_text())


def open_days(site: Site) -> list[date]:
    calendar = Calendar(site)
    span = (site.contract.end - site.contract.start).days + 1
    days = (site.contract.start + timedelta(days=n) for n in range(span))
    return [d for d in days if calendar.is_open(d)]


def make(
    cache: Path, say: Callable[[str], None] = lambda text: print(text, file=sys.stderr, flush=True)
) -> list[float]:
    """Makes the files of ``HISTORIES``; returns how long the facts, rows and backup of each close took, in seconds of the processor."""
    shutil.rmtree(cache / f"v{VERSION}", ignore_errors=True)
    work = cache / f"v{VERSION}" / "work"
    work.mkdir(parents=True)
    site, clock = load_site(), Hand()
    session = Session(site, work / "floor.db", clock=clock, actor="console", create=True)
    took: list[float] = []
    earlier: date | None = None
    try:
        clock.at = instant(site.contract.start, "08:00")
        prepare(session)
        for n, day in enumerate(open_days(site), 1):
            morning(session, clock, day, n)
            _hall(session, clock, day, n)
            for name, length in HISTORIES.items():
                if n == length:
                    _keep(work, folder_of(cache, name), day)
            began = stopwatch.process_time()
            evening(session, clock, day, n)
            took.append(stopwatch.process_time() - began)
            if earlier is not None:
                session.forget(earlier)  # not that of the clock's day, which a session keeps
            earlier = day
            if n % 20 == 0:
                say(f"{n} days, {session.head().seq} facts, a close {sum(took[-20:]) / 20 * 1000:.0f} ms")
    finally:
        session.close()
    (cache / f"v{VERSION}" / "closes.json").write_text(json.dumps(took))
    shutil.rmtree(work)
    return took


def _keep(work: Path, folder: Path, day: date) -> None:
    shutil.copytree(work, folder)
    (folder / "last_day").write_text(str(day))


def instant(day: date, clock: str) -> datetime:
    return datetime.combine(day, time.fromisoformat(clock), JST)


def prepare(session: Session) -> None:
    """The roster, training, rulings and the demand table, as they stand before the first day."""
    people = demo_roster(session.site)
    import_roster(session, [p.fields for p in people], {p.fields["staff"]: p.surname or "" for p in people})
    for p in people:
        for item in session.site.training_by_code:
            session.act("training.recorded", {"staff": p.fields["staff"], "item": item, "done_on": date(2026, 6, 22)})
    months = [
        {
            "month": str(m.month)[:7],
            "cert_renewals": m.cert_renewals,
            "card_renewals": m.card_renewals,
            "new_and_reissued": m.new_and_reissued,
        }
        for m in demand_table()
    ]
    session.act("demand.imported", {"months": months})


def morning(session: Session, clock: Hand, day: date, n: int) -> None:
    """What was handed in since the day before, who is in charge, and once a month a meeting and its minutes."""
    clock.at = instant(day, "08:16")
    before = day - timedelta(days=1)
    floor_days = [d for d in (before - timedelta(days=k) for k in range(9)) if session.store.last_seqs(d, d)]
    if n > 1 and floor_days:
        session.act("duty.submitted", {"duty": "daily_report", "key": str(floor_days[0])})
    if n == 1 or before.month != day.month or (n > 1 and floor_days and floor_days[0].month != day.month):
        month = (day.replace(day=1) - timedelta(days=1)).strftime("%Y-%m")
        if n > 1:
            session.act("duty.submitted", {"duty": "monthly_report", "key": month})
        meeting = f"M-{month}"
        session.act(
            "meeting.held",
            {"meeting": meeting, "form": "operations", "held_on": day, "supervisors": 1, "contractors": 2},
        )
        session.act("duty.submitted", {"duty": "minutes", "key": meeting})
    ready: list[Wish] = [("checklist.checked", {"item": item, "done": True}) for item in session.site.checklist_by_code]
    session.run(lambda c: [*decide(c, "charge.taken", {"staff": "S00"}), *ready])


def _hall(session: Session, clock: Hand, day: date, n: int) -> None:
    """The day's feed and appointments; on some days an outage or a complaint."""
    chance = random.Random(n)
    table, site = demand_table(), session.site
    # The forecast's own days have half of the facts that the issue asks of two years: every day is a crowded one.
    hall = LiveHall(site, day, n, "surge", table, after_break=session.calendar.after_break(day), manager_moves=True)
    slots = [
        {"time": f"{at // 3600:02d}:{at % 3600 // 60:02d}", "cards": cards, "count": k}
        for (at, cards), k in sorted(Counter(hall.bookings).items())
    ]
    import_appointments(session, {day: slots})
    lines = hall.advance(instant(day, "00:00") + timedelta(days=1))
    clock.at = instant(day, "17:12")
    kept: list[dict[str, Any]] = [line for line in lines if line["kind"] != "day.closed"]
    # People in the hall are counted every ten minutes, so that chairs are told of.
    for k, minute in enumerate(range(8 * 60 + 40, 17 * 60, 10)):
        at = instant(day, "00:00") + timedelta(minutes=minute)
        fields = {
            "id": f"v-{day}-{k}",
            "at": at.isoformat(),
            "kind": "visitors.counted",
            "persons": chance.randint(0, 35),
        }
        kept.append(fields)
    raw = [(k, json.dumps(line, ensure_ascii=False).encode()) for k, line in enumerate(kept, 1)]
    said: list[str] = []
    Intake(session.store, site, "feed", clock, lambda k, why: said.append(f"{k}: {why}")).take(raw)
    if said:
        raise RuntimeError(said[0])
    session.refresh()
    if n % 9 == 0:
        number = session.act(
            "incident.opened",
            {
                "category": "system_outage",
                "summary": "統合端末が応答しない",
                "services": ("cert_renewal", "cert_issue"),
                "occurred_at": instant(day, "11:00"),
            },
        )[0].fact.incident  # type: ignore[attr-defined]
        cause = chance.choice(["national", "equipment", "power"])
        session.act("incident.amended", {"incident": number, "cause": cause, "measures": "再起動した"})
        session.act(
            "incident.restored", {"incident": number, "restored_at": instant(day, f"11:{chance.randint(10, 55)}")}
        )
        session.act("incident.reported", {"incident": number, "to": "監督員"})
        session.act("incident.closed", {"incident": number, "text": "復旧を確かめた"})
    elif n % 7 == 0:
        number = session.act("incident.opened", {"category": "complaint", "summary": "待ち時間が長いとの苦情"})[
            0
        ].fact.incident  # type: ignore[attr-defined]
        session.act("incident.reported", {"incident": number, "to": "監督員"})
        session.act("incident.closed", {"incident": number, "text": "おわびと説明をした"})


def evening(session: Session, clock: Hand, day: date, n: int) -> None:
    """Totals, texts, card stock and the close with its rows; then the backup. As ``floorctl close`` without documents."""
    clock.at = instant(day, "17:15")
    wishes = answers_of(session, day, n).wishes

    def decision(c: Context) -> list[Wish]:
        found = [wish for kind, fields in wishes for wish in decide(c, kind, fields)]
        return [*found, *decide(c, "day.closed", {})]

    session.run(decision, lambda pen: derived.write_day(session, pen, day), day=day)
    backups.keep(session.store)


def answers_of(session: Session, day: date, n: int) -> Answers:
    """What the manager fills in: every ledger read (a difference on some days), three heads, topics and cards."""
    chance = random.Random(n)
    work = session.floor(day).work_done()
    wishes: list[Wish] = []
    for w in session.site.work_items:
        if w.ledger:
            off = chance.random() < 0.03
            count = max(0, work[w.code]) + off
            wishes.append(("total.read", {"item": w.code, "count": count, "note": "台帳の書き漏れ" if off else ""}))
    problem = chance.choice(PROBLEMS)
    for head, lines in (("inquiries", ("予約の取り方",)), ("problems", (problem,)), ("remarks", ())):
        wishes.append(("report.written", {"head": head, "lines": lines, "none": not lines}))
    for topic in session.site.inquiry_topics[:4]:
        wishes.append(("inquiry.counted", {"topic": topic, "count": chance.randint(1, 9)}))
    wishes.append(("cards.counted", {"received": 20, "issued": 20, "returned": 0, "left": 200}))
    return Answers(wishes)
