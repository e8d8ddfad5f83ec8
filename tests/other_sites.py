"""Sites that are not Kumagaya: the site files under ``tests/sites``, and simulated days of theirs."""

from __future__ import annotations

import json
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from floorctl.intake.site_file import load_site
from floorctl.models.site.site import Site
from floorctl.rehearsal.simulated_feed import simulated_feed
from floorctl.simulation.monthly_demand import Volume

FOLDER = Path(__file__).parent / "sites"
# minami: five terminals, two lanes, other codes, words and hours; mitsuba: three lanes that share their terminals, and
# nothing said of what its services mean; hitotsu: one lane, no more than must be said.
OTHERS = ("minami", "mitsuba", "hitotsu")
DAY = date(2026, 9, 15)
# What only the shipped site file may say.
KUMAGAYA_WORDS = (
    "熊谷",
    "市民課",
    "3番窓口",
    "交付特設会場",
    "統合端末",
    "電子証明書更新等",
    "A1",
    "T1",
    "P1",
    "2〜3台",
)


def path_of(name: str) -> Path:
    return FOLDER / f"{name}.toml"


@cache
def site_of(name: str) -> Site:
    """A site of ``tests/sites``, read once."""
    return load_site(path_of(name))


@cache
def feed(name: str, day: date = DAY, seed: int = 3, volume: Volume = "normal") -> bytes:
    """A simulated day of a site as a feed."""
    return simulated_feed(site_of(name), day, seed, volume)


def lines(name: str, until: str = "23:59") -> list[dict[str, Any]]:
    """The lines of the day up to a time of it."""
    end = datetime.fromisoformat(f"{DAY}T{until}:00+09:00")
    told = [json.loads(line) for line in feed(name).splitlines()]
    return [line for line in told if datetime.fromisoformat(line["at"]) <= end]
