"""Propose a description for a file that nobody has described: form, columns, facts and code tables, as TOML.

Nothing of a personal or an unused column is kept in a proposal.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from floorctl.common import patience
from floorctl.common.errors import FloorctlError
from floorctl.intake.sources.decoding import SAVE_AS, SQLITE, no_text
from floorctl.intake.sources.proposal import site_match
from floorctl.intake.sources.proposal.cell_shapes import moment
from floorctl.intake.sources.proposal.column_profile import Profile
from floorctl.intake.sources.proposal.column_roles import Roles
from floorctl.intake.sources.proposal.column_words import event_kind, heading_words, says
from floorctl.intake.sources.proposal.guess_columns import guess_columns
from floorctl.intake.sources.proposal.sample import MOST_BYTES, MOST_DOCUMENT, Sample
from floorctl.intake.sources.proposal.sniff import sniff
from floorctl.models.facts.kinds import KINDS
from floorctl.models.site.site import Site

MISSING = "?"  # stands where a code or a column must be filled in; no code and no heading
_OUTCOMES = (
    ("incomplete", r"未|中断|不備|incomplete|fail|abort"),
    ("desk3", r"他窓口|3番|desk_?3"),
    ("done", r"完了|終了|済|(?<![a-z])done|complet|served|^ok$|success"),
)
_MOST_CODES = 60
_CODED = ("service", "terminal", "lane", "outcome")


@dataclass
class FactLine:
    """Fact of a proposal: kind, column of its time ("": by default), cases, fields with a value in every row, or from other words."""

    kind: str
    at: str = ""
    when: dict[str, list[str]] = field(default_factory=dict)
    unless: dict[str, list[str]] = field(default_factory=dict)
    values: dict[str, str] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)


@dataclass
class Proposal:
    """Proposed description. ``codes``: by word, each value with its code ("": to be filled in) and number of rows."""

    name: str
    files: str
    sample: Sample
    roles: Roles
    facts: list[FactLine]
    codes: dict[str, dict[str, tuple[str, int]]]
    ends: str = ""
    arrivals: str = ""
    wraps: bool = False
    dates: str = ""
    dates_sure: bool = True
    zone: str = ""
    leave_out: list[tuple[str, str]] = field(default_factory=list)
    day_in_name: bool = False
    unused_events: dict[str, int] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)  # words that must be filled in beside the codes


def read_head(path: Path) -> tuple[bytes, bool]:
    """Return the first bytes of a file and whether it goes on; a JSON document is read to a larger bound."""
    with patience.open_to_read(path) as file:
        data = file.read(MOST_BYTES + 1)
        if len(data) > MOST_BYTES and data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"["):
            data += file.read(MOST_DOCUMENT - len(data) + 1)
            return (data[:MOST_DOCUMENT], True) if len(data) > MOST_DOCUMENT else (data, False)
    return data[:MOST_BYTES], len(data) > MOST_BYTES


def sample_of(path: Path) -> Sample:
    """Return the sample of a file. Raise OSError, or FloorctlError in words where nothing can be read from it."""
    data, cut = read_head(path)
    if data.startswith(SQLITE):
        from floorctl.intake.sources.proposal.sample_table import sample_table

        return sample_table(path)
    if kind := no_text(data):
        raise FloorctlError(f"{path.name} を読めません", f"{kind}です", SAVE_AS)
    return sniff(data, cut=cut)


def propose(sample: Sample, file_name: str, site: Site) -> Proposal:
    """Return the proposed description of a sample."""
    roles = guess_columns(sample, site)
    files, day_in_name = _files(file_name)
    found = Proposal(_name(file_name), files, sample, roles, [], {}, day_in_name=day_in_name)
    words = roles.words
    if roles.style == "visits" and "ticket" not in words and "issued" in words:
        words["ticket"] = words["issued"]  # the time of the issue tells visitors apart
        roles.unsure.add("ticket")
    build = {"visits": _visits, "events": _events, "counts": _counts, "issues": _issues}[roles.style]
    build(found, words)
    _codes(found, site)
    issues = bool(found.arrivals) or any(x.kind == "ticket.issued" for x in found.facts)
    if issues and "service" not in words:
        _service_of_letters(found)
    _totals(found)
    found.dates, found.dates_sure = _order_of_dates(words.values())
    found.zone = _zone(words)
    found.wraps = roles.style == "events" and _wraps(roles)
    _prefixed(found)
    if roles.style != "counts" and "ticket" not in words:
        found.missing.append("ticket")
    if roles.style == "counts" and "lane" not in words and not roles.lanes:
        found.missing.append("lane")
    if roles.style != "counts" and "service" not in words and issues:
        found.missing.append("service")
    if not _dated(found):
        found.missing.append("day")
    return found


def _dated(found: Proposal) -> bool:
    """Return whether the day of the rows is known: from a time, a column, the name of the file, a title, the file itself."""
    words = found.roles.words
    if found.roles.style == "counts" and not words.keys() & {"at", "time", "day"}:
        return True
    in_time = any(
        m.day is not None for word, x in words.items() for m in x.moments[:50] if x.clock == "both" or word == "day"
    )
    dated = re.compile(r"20\d\d[-/.年]|令和|R\d")
    return (
        in_time
        or found.day_in_name
        or any(dated.search(title) for title in found.sample.titles)
        or found.roles.at is not None
    )


# ---- name and files

_IN_NAME = (
    (re.compile(r"(?<!\d)20\d\d([-_.]?)(0[1-9]|1[0-2])\1(0[1-9]|[12]\d|3[01])"), r"{YYYY}\1{MM}\1{DD}"),
    (re.compile(r"(?<!\d)[23]\d(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])"), "{YY}{MM}{DD}"),
)


def _files(name: str) -> tuple[str, bool]:
    """Return the pattern of files that are named alike, and whether the day stands in it."""
    for pattern, marks in _IN_NAME:
        found, n = pattern.subn(marks, name, count=1)
        if n:
            before, mark, after = found.partition("{DD}")
            return before + mark + re.sub(r"^\d+", "*", after), True
    return name, False


def _name(file_name: str) -> str:
    """Return a name for the source: the letters at the beginning of the file's name."""
    found = re.match(r"[A-Za-z]{2,20}", Path(file_name).stem)
    return found[0].lower() if found and found[0].lower() != "console" else "machine"


# ---- facts


def _no_times(x: Profile) -> list[str]:
    """Return the few texts that stand where a time should."""
    if x.clock not in ("both", "time"):
        return []
    cells = x.values if not x.part else Counter(x.values)
    odd = [v for v in cells if v and moment(v).second is None]
    return odd if len(odd) <= 5 else []


def _visits(found: Proposal, words: dict[str, Profile]) -> None:
    for word, kind in (("issued", "ticket.issued"), ("called", "ticket.called"), ("finished", "ticket.finished")):
        if word in words:
            odd = _no_times(words[word])
            gone = _gone(words) if word == "finished" else {}
            unless = {word: odd} if odd else {}
            if gone:
                unless["outcome"] = sorted(gone)
            found.facts.append(FactLine(kind, at=word, unless=unless))
            for other in sorted({*gone.values()}):
                values = sorted(v for v, k in gone.items() if k == other)
                found.facts.append(FactLine(other, at=word, when={"outcome": values}))
            left = [x for x in odd if event_kind(x) == "ticket.left"]
            if left and "issued" in words and word != "issued":
                found.facts.append(FactLine("ticket.left", at="issued", when={word: left}))
    for word in ("no_show", "left"):
        if word in words:
            found.facts.append(FactLine(f"ticket.{word}", at=word))
    if "issued" not in words:
        found.arrivals = "call"
    if "called" in words and "finished" not in words:
        found.ends = "next_call" if "terminal" in words else "call"


def _gone(words: dict[str, Profile]) -> dict[str, str]:
    """Return the outcomes that say that nobody was served, with the kinds of their facts."""
    outcome = words.get("outcome")
    kinds = {v: event_kind(v) for v in outcome.values} if outcome is not None else {}
    return {v: kind for v, kind in kinds.items() if kind in ("ticket.no_show", "ticket.left")}


def _events(found: Proposal, words: dict[str, Profile]) -> None:
    by_kind: dict[str, list[str]] = {}
    event = words["event"]
    for value, kind in found.roles.kinds.items():
        if kind in KINDS:
            by_kind.setdefault(kind, []).append(value)
        else:
            found.unused_events[value] = event.values[value]
    order = list(KINDS)
    for kind, values in sorted(by_kind.items(), key=lambda x: (x[0] != "ticket.issued", order.index(x[0]))):
        others = [v for v in found.roles.kinds if v not in values]
        found.facts.append(FactLine(kind, when={"event": _together(sorted(values), others)}))
    if "ticket.issued" not in by_kind and "ticket.called" in by_kind:
        found.arrivals = "call"
    if "ticket.called" in by_kind and "ticket.finished" not in by_kind:
        found.ends = "next_call" if "terminal" in words else "call"


def _together(values: list[str], others: list[str]) -> list[str]:
    """Return values by the word they begin with, where they go on differently: ISSUE button 1 is ISSUE*."""
    first: dict[str, list[str]] = {}
    for value in values:
        first.setdefault(value.partition(" ")[0], []).append(value)
    found: list[str] = []
    for word, known in first.items():
        alone = not any(x.startswith(word) for x in others) and all(" " in x for x in known)
        found += [f"{word}*"] if alone else known
    return found


def _counts(found: Proposal, words: dict[str, Profile]) -> None:
    at = "" if words.keys() & {"at", "time"} or found.roles.at else "file"
    if found.roles.lanes:
        for word, lane in found.roles.lanes.items():
            empty = words[word].filled < len(words[word].column.cells)
            unless = {word: [""]} if empty else {}
            fact = FactLine("queue.counted", at=at, unless=unless, values={"lane": lane}, names={"waiting": word})
            found.facts.append(fact)
    else:
        found.facts.append(FactLine("queue.counted", at=at))


def _issues(found: Proposal, words: dict[str, Profile]) -> None:
    time = words.get("at") or words.get("time")
    said = heading_words(" ".join([*found.sample.titles, Path(found.files).stem]))
    called = time is not None and time.says("called") and not time.says("issued")
    called = called or (says(said, "called") and not says(said, "issued")) or "terminal" in words
    found.facts.append(FactLine("ticket.called" if called else "ticket.issued"))
    if called:
        found.arrivals, found.ends = "call", "next_call" if "terminal" in words else "call"
    found.roles.unsure.add("kind")


def _wraps(roles: Roles, *beside: str) -> bool:
    """Return whether numbers are issued again within a day; ``beside``: words of columns that tell them apart."""
    event, ticket = roles.words.get("event"), roles.words.get("ticket")
    if event is None or ticket is None:
        return False
    day = roles.words.get("day") or roles.words.get("at")
    days = [m.day for m in day.moments] if day is not None else [None] * len(event.column.cells)
    apart = [x.column.cells for word in ("prefix", *beside) if (x := roles.words.get(word)) is not None]
    issued = Counter(
        (when, number, tuple(cells[n] for cells in apart))
        for n, (when, kind, number) in enumerate(zip(days, event.column.cells, ticket.column.cells, strict=True))
        if number and roles.kinds.get(kind) == "ticket.issued"
    )
    return sum(n > 1 for n in issued.values()) > max(1, len(issued) // 50)


def _prefixed(found: Proposal) -> None:
    """Put letters before numbers that each service counts by itself."""
    service, words = found.roles.words.get("service"), found.roles.words
    if not found.wraps or service is None or "prefix" in words or _wraps(found.roles, "service"):
        return
    if 2 <= len(service.values) <= len(_LETTERS):
        found.wraps = False
        words["prefix"] = service
        found.roles.unsure.add("prefix")
        found.codes["prefix"] = {
            value: (letter, service.values[value])
            for value, letter in zip(sorted(service.values), _LETTERS, strict=False)
        }


def _service_of_letters(found: Proposal) -> None:
    """Propose the letter of the number for the service, where every number has one of a few."""
    ticket = found.roles.words.get("ticket")
    if ticket is None or "prefix" in found.roles.words:
        return
    letters: Counter[str] = Counter()
    for value, n in ticket.values.items():
        letters[value[:1].upper()] += n
    if 2 <= len(letters) <= _MOST_LETTERS and all(x.isascii() and x.isalpha() for x in letters):
        found.roles.words["service"] = ticket
        found.roles.unsure.add("service")
        found.codes["service"] = {f"{x}*": ("", n) for x, n in sorted(letters.items())}


_MOST_LETTERS = 8
_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"


def _codes(found: Proposal, site: Site) -> None:
    known: dict[str, set[str]] = {
        "service": set(site.service_by_code),
        "terminal": set(site.terminal_by_code),
        "lane": set(site.lane_by_code),
        "outcome": {"done", "incomplete", "desk3"},
    }
    for word in _CODED:
        x = found.roles.words.get(word)
        if x is None:
            continue
        counted = _counted(word, x, found.roles)
        if word == "outcome" and found.roles.style == "visits":
            counted = Counter({v: n for v, n in counted.items() if v not in _gone(found.roles.words)})
        if not counted or counted.keys() <= known[word]:
            continue
        values = dict(counted.most_common(_MOST_CODES))
        codes = _outcomes(values) if word == "outcome" else getattr(site_match, f"{word}s")(values, site)
        found.codes[word] = {v: (codes[v], values[v]) for v in sorted(values)}


def _counted(word: str, x: Profile, roles: Roles) -> Counter[str]:
    """Return the values of a column in the rows whose facts need it: of a desk those of calls and ends."""
    event, called = roles.words.get("event"), roles.words.get("called")
    if word == "terminal" and event is not None and roles.kinds:
        needs = {
            v for v, kind in roles.kinds.items() if kind in ("ticket.called", "ticket.finished", "ticket.recalled")
        }
        cells = zip(x.column.cells, event.column.cells, strict=True)
        return Counter(cell for cell, told in cells if cell and told in needs)
    if word == "terminal" and called is not None:
        rows = zip(x.column.cells, called.moments, strict=True)
        return Counter(cell for cell, at in rows if cell and at.second is not None)
    return x.values


def _outcomes(values: dict[str, int]) -> dict[str, str]:
    said = {v: next((code for code, p in _OUTCOMES if re.search(p, v.casefold())), "") for v in values}
    if not any(said.values()):
        said[max(values, key=lambda v: values[v])] = "done"
    return said


def _totals(found: Proposal) -> None:
    """Leave out the rows of totals, by the word of their column, or its heading."""
    words = {x.place: word for word, x in found.roles.words.items()}
    for place, value in found.roles.totals:
        if place in words or isinstance(place, str):
            found.leave_out.append((words.get(place, str(place)), value))


_OFFSET = re.compile(r"(Z|[-+]\d\d:?\d\d)$")
_OPEN = range(7 * 3600, 19 * 3600)  # in which a hall receives


def _zone(words: dict[str, Profile]) -> str:
    """Return UTC where nearly all times of a day without an offset are those of an open hall only if they are UTC."""
    for word in ("at", "issued", "called", "time"):
        x = words.get(word)
        seconds = [m.second for m in x.moments if m.second is not None] if x is not None else []
        if x is None or x.clock != "both" or len(seconds) < 3 or any(_OFFSET.search(v) for v in list(x.values)[:20]):
            continue
        if any(v.isdecimal() for v in list(x.values)[:3] if len(v) in (10, 13)):
            continue  # seconds since 1970 are no local times
        local = sum(s in _OPEN for s in seconds) / len(seconds)
        shifted = sum((s + 9 * 3600) % 86_400 in _OPEN for s in seconds) / len(seconds)
        return "UTC" if shifted > 0.95 and local < 0.4 else ""
    return ""


_SLASHED = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.]20\d\d")


def _order_of_dates(columns: Iterable[Profile]) -> tuple[str, bool]:
    """Return mdy or dmy where dates such as 9/14/2026 are used, else "", and whether it is beyond doubt."""
    for x in columns:
        pairs = [(int(m[1]), int(m[2])) for value in x.values if (m := _SLASHED.match(value))]
        if pairs:
            first, second = any(a > 12 for a, _ in pairs), any(b > 12 for _, b in pairs)
            return "dmy" if first else "mdy", first != second
    return "", True
