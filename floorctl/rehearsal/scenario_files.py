"""Find and read scenarios (TOML): those shipped in ``data/scenarios``, and a trainer's own by path."""

from __future__ import annotations

import re
from pathlib import Path

from floorctl.common.clock import day_seconds
from floorctl.common.did_you_mean import perhaps
from floorctl.common.errors import UsageError
from floorctl.common.privacy import warn
from floorctl.intake.site_file import data_dir
from floorctl.intake.toml_model import load_toml
from floorctl.intake.written_text import Kind
from floorctl.models.site.scenario import Scenario
from floorctl.models.site.site import Site
from floorctl.rehearsal.scenario_rules import out_of_order, rules_on, texts
from floorctl.simulation.mishaps import Mishap

_SCENARIO_FILE = Kind("想定ファイル", "ファイルの名前")
# The order in which a trainer plays them; own files in the folder follow by name.
_ORDER = ("quiet", "surge", "outage", "printers", "officials", "lost-card", "power-cut")


def shipped(site: Site) -> tuple[dict[str, Scenario], dict[str, str]]:
    """Return the shipped scenarios by name, in the order of the list, and why others do not fit this site."""
    paths = {p.stem: p for p in (data_dir() / "scenarios").glob("*.toml")}
    found: dict[str, Scenario] = {}
    unfit: dict[str, str] = {}
    for name in sorted(paths, key=lambda n: (_ORDER.index(n) if n in _ORDER else len(_ORDER), n)):
        try:
            found[name] = _load(paths[name], site, own=False)
        except UsageError as error:
            unfit[name] = error.why
    return found, unfit


def load_scenario(name: str, site: Site) -> tuple[str, Scenario]:
    """Return name and scenario of a shipped name or of the path of an own file. Raise UsageError."""
    folder = data_dir() / "scenarios"
    path = folder / f"{name}.toml"
    if not re.fullmatch(r"[a-z0-9-]{1,40}", name) or not path.is_file():
        path = Path(name)
        if path.suffix != ".toml":
            known = [p.stem for p in sorted(folder.glob("*.toml"))]
            what = f"その名前の想定はありません{perhaps(name, known)}"
            do = "名前か、自分の想定ファイル（.toml）を指定してください"
            raise UsageError(what, f"あるのは {'、'.join(known)} です", do)
    return path.stem, _load(path, site, own=path.parent != folder)


def _load(path: Path, site: Site, *, own: bool) -> Scenario:
    """Read a scenario file. Raise UsageError with all its faults."""
    return load_toml(path, _SCENARIO_FILE, Scenario, rules_on(site, own=own))


def doubts(s: Scenario) -> list[str]:
    """Return a warning for each text that looks like a name, an address or a birthday, and for a doubtful order."""
    warnings = ((place, warn(text)) for place, text in texts(s))
    named = [f"想定ファイルの {'.'.join(map(str, place))} に{warning}" for place, warning in warnings if warning]
    return [*named, *out_of_order(s)]


def mishaps_of(s: Scenario) -> tuple[Mishap, ...]:
    """Return the mishaps of a scenario as the simulation takes them (times in seconds of the day)."""
    return tuple(
        Mishap(
            m.kind, day_seconds(m.at), day_seconds(m.until), m.services, m.terminals, m.minutes * 60, m.present, m.fault
        )
        for m in s.mishaps
    )
