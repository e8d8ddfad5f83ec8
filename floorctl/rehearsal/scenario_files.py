"""Find and read scenarios (TOML): those shipped in ``data/scenarios``, and a trainer's own by path."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from floorctl.common.errors import Refused, UsageError
from floorctl.common.privacy import FOUND, find, warn
from floorctl.common.words import hm
from floorctl.intake.site_file import data_dir
from floorctl.intake.toml_model import Fault, Place, load_toml
from floorctl.intake.written_text import Kind
from floorctl.models.facts.kinds import KINDS
from floorctl.models.site.calendar import Calendar
from floorctl.models.site.scenario import HAND_OFF, MishapPlan, Scenario
from floorctl.models.site.site import Site
from floorctl.simulation.hours import seconds
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
        except (UsageError, Refused) as error:
            unfit[name] = error.why
    return found, unfit


def load_scenario(name: str, site: Site) -> tuple[str, Scenario]:
    """Return name and scenario of a shipped name or of the path of an own file. Raise UsageError or Refused."""
    folder = data_dir() / "scenarios"
    path = folder / f"{name}.toml"
    if not re.fullmatch(r"[a-z0-9-]{1,40}", name) or not path.is_file():
        path = Path(name)
        if path.suffix != ".toml":
            known = "、".join(p.stem for p in sorted(folder.glob("*.toml")))
            do = "名前か、自分の想定ファイル（.toml）を指定してください"
            raise UsageError("その名前の想定はありません", f"あるのは {known} です", do)
    return path.stem, _load(path, site, own=path.parent != folder)


def _load(path: Path, site: Site, *, own: bool) -> Scenario:
    """Read a scenario file. Raise UsageError for a fault in it, Refused if its day or hours receive nobody."""
    found = load_toml(path, _SCENARIO_FILE, Scenario, lambda s: _faults(s, site, own))
    info = Calendar(site).day_info(found.day)
    if not info.open:
        what = f"想定ファイル {path.name} の日 {found.day} は演習できません"
        do = "開場日を書いてください（floorctl calendar）"
        raise Refused(what, info.reason or "開場日ではありません", do)
    if not any(opens < found.ends and found.starts < closes for opens, closes in info.services.values()):
        why = f"{hm(found.starts)}〜{hm(found.ends)} に受付をする業務がありません"
        do = "受付の時間にかかる starts と ends を書いてください（floorctl calendar）"
        raise Refused(f"想定ファイル {path.name} は演習できません", why, do)
    return found


def _faults(s: Scenario, site: Site, own: bool) -> Iterator[Fault]:
    """Yield what the model cannot check: unknown codes and kinds, mishaps that overlap, personal data in texts."""
    # A shipped scenario can be played on a site with other training items; it then counts for none of them.
    if own and site.training and s.training not in site.training_by_code:
        yield ("training",), f"training に使えるのは {'、'.join(site.training_by_code)} です"
    for n, m in enumerate(s.mishaps):
        for key, held in (("services", site.service_by_code), ("terminals", site.terminal_by_code)):
            for code in getattr(m, key):
                if code not in held:
                    yield ("mishaps", n, key), f"mishaps {n + 1}番目 の {key} にある {code} がサイトにありません"
        if (before := _overlapped(s.mishaps[:n], m)) is not None:
            fault = f"mishaps {n + 1}番目 は {before + 1}番目 と時間が重なり、先に終わるほうで終わります"
            yield ("mishaps", n, "at"), fault
    for n, e in enumerate(s.expectations):
        fields: set[str] = set()
        for kind in e.kinds:
            if kind != HAND_OFF and kind not in KINDS:
                yield ("expectations", n, "kinds"), f"expectations {n + 1}番目 の kinds に知らない記録の種類があります"
            elif kind != HAND_OFF:
                fields.update(("kind", *KINDS[kind].names()))
            fields |= {"category"} if kind.startswith("incident.") else set()
        if not e.where.keys() <= fields:
            yield ("expectations", n, "where"), f"expectations {n + 1}番目 の where にその記録にない項目があります"
    for place, text in _texts(s):
        if reason := find(text):
            yield place, f"個人情報に見える文字があります（{FOUND[reason]}）"


def _overlapped(earlier: Sequence[MishapPlan], m: MishapPlan) -> int | None:
    """Return the index of an earlier mishap of the same kind, time and target, or None.

    The end of one would end both. ``slow`` is exempt: longer service times add up.
    """
    for n, x in enumerate(earlier):
        at_once = x.kind == m.kind != "slow" and x.at < m.until and m.at < x.until
        apart = (x.services or x.terminals) and not ({*x.services, *x.terminals} & {*m.services, *m.terminals})
        if at_once and not apart:
            return n
    return None


def _texts(s: Scenario) -> Iterator[tuple[Place, str]]:
    """Yield all free texts with their place; they are copied into memos and into the training record."""
    yield from (((key,), getattr(s, key)) for key in ("title", "summary", "purpose"))
    yield from ((("tasks", n), text) for n, text in enumerate(s.tasks))
    for n, m in enumerate(s.messages):
        yield from ((("messages", n, key), getattr(m, key)) for key in ("who", "text"))
    yield from ((("mishaps", n, "fault"), m.fault) for n, m in enumerate(s.mishaps))
    for n, e in enumerate(s.expectations):
        yield from ((("expectations", n, key), getattr(e, key)) for key in ("text", "clause"))


def doubts(s: Scenario) -> list[str]:
    """Return a warning for each text that looks like a name, an address or a birthday, named by its key."""
    warnings = ((place, warn(text)) for place, text in _texts(s))
    return [f"想定ファイルの {'.'.join(map(str, place))} に{warning}" for place, warning in warnings if warning]


def mishaps_of(s: Scenario) -> tuple[Mishap, ...]:
    """Return the mishaps of a scenario as the simulation takes them (times in seconds of the day)."""
    return tuple(
        Mishap(m.kind, seconds(m.at), seconds(m.until), m.services, m.terminals, m.minutes * 60, m.present, m.fault)
        for m in s.mishaps
    )
