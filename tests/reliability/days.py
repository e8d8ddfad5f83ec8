"""Days to be killed in: everything that floorctl writes, in little, under a folder of its own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from floorctl.database.store import Store
from floorctl.intake import feed as feed_module
from floorctl.intake.feed import Intake
from floorctl.models.site.site import Site
from floorctl.usecases.closing import Answers, close
from floorctl.usecases.imports import import_roster
from tests.database.test_migrations import file_of_version_1
from tests.reliability import acks
from tests.reliability.disk import Disk
from tests.story import MONDAY, Desk, Story, a_day, busy_day, feed_of, instant, numbered

TUESDAY = MONDAY + timedelta(days=1)
NAME = "floor.db"
ANSWERS = Answers(
    [
        ("report.written", {"head": "weather", "lines": ("晴れ",), "none": False}),
        ("report.written", {"head": "remarks", "lines": ("特になし",), "none": False}),
        ("inquiry.counted", {"topic": "procedure", "count": 3}),
    ]
)
# What stands in the folder of a day once its documents have been written.
DOCUMENTS = frozenset(
    {"records_{}.json", "日次報告書_{}.xlsx"}
    | {f"csv/{t}.csv" for t in ("tickets", "moves", "escalations", "incidents", "staff", "inquiries", "lends")}
)


@contextmanager
def small_batches(facts: int = 40) -> Iterator[None]:
    """An ingest commits more often: more moments at which it can be interrupted."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(feed_module, "BATCH_FACTS", facts)
        patch.setattr(feed_module, "BATCH_S", 1e9)
        yield


def take_in(store: Store, site: Site, lines: list[dict[str, Any]], source: str = "feed") -> None:
    intake = Intake(store, site, source, lambda: instant("17:00"), lambda n, why: pytest.fail(f"{n}: {why}"))
    intake.take(numbered(feed_of(lines)))


def everything(folder: Path, site: Site) -> None:
    """Two days: a new file, a feed, acts, a roster with surnames, the close of both with backups and documents."""
    desk = Desk(folder / NAME, site)
    try:
        with small_batches():
            take_in(desk.session.store, site, busy_day(tickets=40))
        desk.at("10:00")
        import_roster(desk.session, [{"staff": "S01"}, {"staff": "S02"}], {"S01": "岡", "S02": "南"})
        desk.does("ticket.issued", service="cert_renewal")
        desk.does("incident.opened", category="complaint", summary="順番の苦情")
        desk.does("memo.written", text="雨")
        desk.undoes()
        desk.at("17:20")
        close(desk.session, MONDAY, ANSWERS)
        desk.session.store.erase_surnames()
        desk.at("08:30", TUESDAY)
        desk.opens()
        with small_batches():
            lines = [{**x, "id": f"t-{x['id']}"} for x in busy_day(seed=2, day=TUESDAY, tickets=12)]
            take_in(desk.session.store, site, lines)
        desk.at("17:20", TUESDAY)
        close(desk.session, TUESDAY, ANSWERS)
        take_in(desk.session.store, site, Story(MONDAY, prefix="late").issues("B990", at="16:00").lines)
        close(desk.session, MONDAY)  # again: revised documents, and the other backup
    finally:
        desk.close()


def old_story(facts: int = 60) -> Story:
    story = a_day().opens("08:30")
    for n in range(1, facts):
        story.issues(f"B{n:03d}")
    return story


def migration(folder: Path, site: Site) -> None:
    """A file of the first version is opened by this one, and written to."""
    desk = Desk(folder / NAME, site, "12:00")
    try:
        desk.does("memo.written", text="新しい版")
    finally:
        desk.close()


def make_old(folder: Path) -> Path:
    return file_of_version_1(folder / NAME, old_story())


def recorded(day: Any, folder: Path, site: Site) -> Disk:
    """The steps of a day on the disk, with what its writers were told as marks."""
    disk = Disk(folder)
    with disk.watched(), acks.telling(disk.mark):
        if (folder / NAME).exists():
            acks.tell_what_stands(folder / NAME, disk.mark)
            disk.begin = len(disk.steps)
        day(folder, site)
    return disk


def whole_set(day: Any) -> set[str]:
    return {name.format(day) for name in DOCUMENTS}


def versions(disk: Disk, folder: Path) -> dict[str, set[bytes]]:
    """Every content that a document was ever meant to have, by its final name in the folder of its day."""
    written: dict[str, bytes] = {}
    found: dict[str, set[bytes]] = {}
    root = f"{folder.resolve()}/"
    for step in disk.steps:
        if step.kind == "write" and "/reports/" in step.path:
            written[step.path] = step.data
        elif step.kind == "rename" and "/reports/" in step.path:
            for path in [p for p in written if p == step.path or p.startswith(f"{step.path}/")]:
                name = (step.to + path[len(step.path) :])[len(root) + len("reports/") :]
                found.setdefault(name, set()).add(written.pop(path))
    return found
