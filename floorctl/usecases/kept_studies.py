"""Cache of replays of past days: a day takes seconds, and the monthly report needs a month of them.

It is ``studies/NAME.json`` beside the data file: no record, not verified by ``doctor``, deletable at any time. Each day
is stored under a digest of its facts, the site, the demand table and the program's sources, so no stale one is used.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import asdict
from datetime import date
from glob import escape as glob_escape
from pathlib import Path
from secrets import token_hex
from typing import Any

from floorctl.advice.month_study import DayStudy, MonthStudy, month_study, study_day
from floorctl.common import durable, patience
from floorctl.common.data_file_names import STUDIES, short_name
from floorctl.common.program import program_digest
from floorctl.intake.demand_table import demand_table
from floorctl.models.site.site import Site
from floorctl.simulation.recorded_day import record
from floorctl.usecases.session import Session

# Rooms on which a replay depends; changes elsewhere keep the cache valid.
_ROOMS = ("advice", "simulation", "commands", "models")

Progress = Callable[[int, int, date], None]


def no_progress(n: int, total: int, day: date) -> None:
    """Report nothing."""


def of_days(session: Session, days: Sequence[date], progress: Progress = no_progress) -> MonthStudy:
    """Return the study of past days. ``progress(n, total, day)`` is called before each day that is not cached."""
    path = _path(session.path)
    kept = _read(path)
    keys = {day: _key(session, day) for day in days}
    found = {day: held for day in days if (held := _held(kept, day, keys[day])) is not None}
    missing = [day for day in days if day not in found]
    for n, day in enumerate(missing, 1):
        progress(n, len(missing), day)
        found[day] = _study(session, day)
        kept[day.isoformat()] = {"key": keys[day], **found[day].to_json()}
        _write(path, kept)
    return month_study(session.site, [found[day] for day in days])


def _study(session: Session, day: date) -> DayStudy:
    """Replay one day."""
    floor, site = session.floor(day), session.site
    found = study_day(site, floor, lambda: record(site, day, floor.entries), demand_table(site))
    session.forget(day)
    return found


def _key(session: Session, day: date) -> str:
    """Return the digest of everything that a study of a day depends on.

    The facts are identified by the last one and their number.
    """
    facts = session.seen(session.store.day_facts(day))
    last = max((e.seq for e in facts), default=0)
    return _digest(program_digest(*_ROOMS), _site(session.site), session.store.hash_at(last) or "", str(len(facts)))


def _digest(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _site(site: Site) -> str:
    return _digest(
        json.dumps(asdict(site), default=str, ensure_ascii=False, separators=(",", ":")), repr(demand_table(site))
    )


# ---- the file


def _path(data: Path) -> Path:
    return data.resolve().parent / STUDIES / f"{short_name(data)}.json"


def _read(path: Path) -> dict[str, Any]:
    """Return the cache by day; {} if there is none that can be read."""
    try:
        found = json.loads(patience.read_bytes(path))
    except (OSError, ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _held(kept: dict[str, Any], day: date, key: str) -> DayStudy | None:
    """Return a cached day with this key; None if it is missing or malformed."""
    found = kept.get(day.isoformat())
    try:
        return DayStudy.from_json(day, found) if found is not None and found["key"] == key else None
    except (KeyError, TypeError, ValueError, AttributeError):
        return None


def _ours(path: Path) -> bool:
    """Return whether the file is missing, empty or a cache of floorctl; any other file is never replaced."""
    try:
        if not path.exists() or path.stat().st_size == 0:
            return True
        return all(set(held) >= {"key"} for held in json.loads(patience.read_bytes(path)).values())
    except (OSError, ValueError, TypeError, AttributeError, RecursionError):
        return False


def _write(path: Path, kept: dict[str, Any]) -> None:
    """Write the cache whole; if that fails nothing is cached."""
    if not _ours(path):
        return
    temporary = path.with_name(f"{path.name}.{token_hex(4)}.floorctl-tmp")
    try:
        patience.make_folder(path.parent, 0o700)
        for left in path.parent.glob(f"{glob_escape(path.name)}.*tmp"):  # by a program that was killed while it wrote
            patience.unlink(left, missing_ok=True, seconds=0)
        durable.make_empty(temporary)
        temporary.write_text(json.dumps(kept, sort_keys=True), encoding="utf-8")
        patience.replace(temporary, path)
    except OSError:
        with suppress(OSError):
            patience.unlink(temporary, missing_ok=True)
