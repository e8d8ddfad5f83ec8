"""Cuts the power many times in recorded days, and has the auditor look at each state that is left."""

from __future__ import annotations

import random
import shutil
import tempfile
from datetime import date
from pathlib import Path

from floorctl.models.site.site import Site
from tests.reliability import acks, audit, days
from tests.reliability.audit import Verdict
from tests.reliability.powercut import Cut


def memory() -> str | None:
    """A folder in memory, where there is one: what is done there waits for no disk. The cuts are simulated anyway."""
    return "/dev/shm" if Path("/dev/shm").is_dir() else None


def cut_power(times: int, seed: int, site: Site) -> Verdict:
    """``times`` power cuts, of three: two in the two days of ``days.everything``, one in the migration of an old file."""
    total, chance = Verdict(), random.Random(seed)
    with tempfile.TemporaryDirectory(prefix="floorctl-cuts-", dir=memory()) as name:
        for n, (day, some) in enumerate(((days.everything, times - times // 3), (days.migration, times // 3))):
            folder = Path(name) / str(n)
            folder.mkdir()
            base = {}
            if day is days.migration:
                old = days.make_old(folder)
                base = {str(old.resolve()): old.read_bytes()}
            disk = days.recorded(day, folder, site)
            known = days.versions(disk, folder)
            for _ in range(some):
                at = chance.randint(disk.begin, len(disk.steps))
                cut = Cut(disk.steps, at, base)
                state = Path(name) / "state"
                state.mkdir()
                cut.state(chance, folder, state)
                told = acks.read(cut.marks, days.NAME)
                found = audit.look(state / days.NAME, site, told)
                found.add(audit.look_at_documents(state / "reports", known=known))
                for day_folder in (state / "reports").glob("2*"):
                    there = {p.relative_to(day_folder).as_posix() for p in day_folder.rglob("*") if p.is_file()}
                    missing = days.whole_set(date.fromisoformat(day_folder.name)) - there
                    if missing:
                        found.documents += 1
                        found.says.append(f"{day_folder.name}: without {sorted(missing)}")
                found.says = [f"cut after step {at} of {len(disk.steps)}: {said}" for said in found.says]
                total.add(found)
                shutil.rmtree(state)
    return total
