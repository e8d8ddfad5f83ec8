"""Import whole tables by the rules of single acts: a roster, appointments, registers; all lines or none."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date
from typing import Any

from floorctl.commands.context import Context, Wish
from floorctl.commands.decide import decide
from floorctl.commands.shifts import FIRST_THE_ROSTER
from floorctl.common.errors import Refused
from floorctl.common.words import more_word
from floorctl.models.day.staff import Person
from floorctl.models.register.register import Register

_LACKS = ("誓約書", "操作者権限", "静脈登録")
# Dates and times that an empty cell leaves as they were, in words.
_KEPT = {
    "authority_on": "操作者権限",
    "vein_on": "静脈登録",
    "pledge_on": "誓約書",
    "left_on": "退職日",
    "ends_on": "期限",
}
_KEPT |= {"skills": "できる業務", "newcomer": "新人"}
_KEPT |= {"role": "役割", "deputy": "代行", "direct_employee": "直接雇用", "experience": "業務経験"}
_UNSAID = (None, False, "worker")  # what a line without the cell means
_KEPT |= {"shift": "勤務時間", "shift_from": "始業", "shift_to": "終業"}
_FIELD = {"shift": "shift_from"}
_HELD = tuple(f.name for f in fields(Person) if f.name != "code")


@dataclass(slots=True)
class RosterImport:
    """Counts of a roster import.

    ``missing``: people of the team without a line. ``gone``: codes of lines that have left. ``names``: surnames kept.
    """

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    missing: int = 0
    names: int = 0
    gone: set[str] = field(default_factory=set)
    kept: Counter[str] = field(default_factory=Counter)  # of empty cells: how often something stays, by its word


def import_roster(
    c: Context, lines: Sequence[Mapping[str, Any]], done: RosterImport, empty: Sequence[frozenset[str]] = ()
) -> list[Wish]:
    """Return a fact for each new or changed person; ``lines`` are fields of ``staff.registered``.

    Fields that a line leaves out, and people without a line, are kept. ``empty``: columns of each line that are empty.
    """
    for line, columns in zip(lines, empty, strict=False):
        held = c.register.people.get(line["staff"])
        if held is not None:
            done.kept.update(_KEPT[x] for x in columns if getattr(held, _FIELD.get(x, x)) not in _UNSAID)
    wishes: list[Wish] = []
    for line in lines:
        held = c.register.people.get(line["staff"])
        wanted = {**(_held(c, held) if held is not None else {}), **line}
        found = decide(c, "staff.registered", wanted)
        wishes += found
        left_on = wanted.get("left_on")
        if left_on is not None and left_on < c.floor.day:
            done.gone.add(line["staff"])
        if not found:
            done.unchanged += 1
        elif held is None:
            done.new += 1
        else:
            done.changed += 1
    codes = {line["staff"] for line in lines}
    done.missing = sum(p.code not in codes for p in c.register.team(c.floor.day))
    return wishes


def kept_words(kept: Counter[str]) -> list[str]:
    """Return what empty cells have left as it was, and how it would be erased, as a sentence; [] if nothing."""
    if not kept:
        return []
    counts = "、".join(f"{word} {n}件" for word, n in sorted(kept.items()))
    return [f"空の欄は前のまま残しました: {counts}。消すときは「なし」と書いてください。"]


def import_appointments(c: Context, days: Mapping[date, Sequence[Mapping[str, Any]]]) -> list[Wish]:
    """Return a fact for each day whose appointments change; a day is replaced as a whole (仕様書 7(4)※)."""
    return [
        wish
        for day, slots in days.items()
        for wish in decide(c, "appointments.imported", {"date": day, "slots": tuple(slots)})
    ]


def team_gaps(register: Register, day: date) -> list[str]:
    """Return what the team lacks on ``day``, as sentences (仕様書 5(1), 5(2), 7(2), 10)."""
    team = register.team(day)
    said = [
        f"{p.code} は統括責任者ですが、直接雇用の正規社員であることと同等業務の経験がそろっていません（仕様書 5(1)）。"
        "名簿の直接雇用と業務経験を確かめてください。"
        for p in team
        if p.role == "general_manager" and not (p.direct_employee and p.experience)
    ]
    # 統括責任者 works at no terminal, but pledges like everybody.
    lacks = Counter(word for p in team for word in p.lacks(day) if word == "誓約書" or p.role != "general_manager")
    if lacks:
        counts = "、".join(f"{word} {lacks[word]}名" for word in sorted(lacks, key=_LACKS.index))
        said.append(f"そろっていない人がいます: {counts}（そろうまで統合端末には置けません 仕様書 7(2)、10）。")
    return said


@dataclass(slots=True)
class RegisterImport:
    """Counts of a register import; ``strangers``: codes that the roster does not have."""

    recorded: int = 0
    unchanged: int = 0
    strangers: set[str] = field(default_factory=set)
    kept: Counter[str] = field(default_factory=Counter)


def import_register(
    c: Context, kind: str, lines: Sequence[tuple[int, Mapping[str, Any]]], done: RegisterImport
) -> list[Wish]:
    """Return the facts of the lines (line number, fields) of a register, each by the rule of its single act.

    ``kind``: ``training.recorded``, ``device.permitted``, or ``staff.registered`` for pledges, which change nothing else
    of a person. Unchanged lines write nothing. Raise Refused, naming the line.
    """
    wishes: list[Wish] = []
    for number, given in lines:
        try:
            found = decide(c, kind, wanted) if (wanted := _wanted(c, kind, given, done)) is not None else []
        except Refused as e:
            raise Refused(f"{number}行目を取り込めません", e.why or e.what, f"{e.do}。何も取り込んでいません") from None
        staff = given.get("staff")
        if staff is not None and staff not in c.register.people:
            done.strangers.add(staff)
        wishes += found
        done.recorded += bool(found)
        done.unchanged += not found
    return wishes


def _wanted(c: Context, kind: str, given: Mapping[str, Any], done: RegisterImport) -> dict[str, Any] | None:
    """Return the fields of the fact that a line asks for, or None if it asks for nothing; an empty cell erases nothing."""
    if kind == "device.permitted":
        held = c.register.devices.get(given["device"])
        wanted = {"ends_on": None, **given}
        if held is None:
            return wanted
        if "ends_on" not in given and held.ends_on is not None and held.permitted_on == given["permitted_on"]:
            wanted["ends_on"] = held.ends_on
            done.kept[_KEPT["ends_on"]] += 1
        # A table is read folded (ＰＣ is PC): what differs in that alone is no change.
        if unicodedata.normalize("NFKC", held.purpose) == given["purpose"]:
            wanted["purpose"] = held.purpose
        return wanted
    if kind != "staff.registered":
        return dict(given)
    person = c.register.people.get(given["staff"])
    if person is None:
        raise Refused("", "名簿にない職員コードです", "先に名簿を取り込んでください（floorctl roster import）")
    if "pledge_on" not in given:
        done.kept.update([_KEPT["pledge_on"]] if person.pledge_on is not None else [])
        return None
    return _held(c, person) | {"staff": given["staff"], "pledge_on": given["pledge_on"]}


def _held(c: Context, person: Person) -> dict[str, Any]:
    """Return the fields of a person as they stand; a skill that the site file has no more is left out."""
    held = {k: getattr(person, k) for k in _HELD}
    if person.skills is not None:
        held["skills"] = tuple(x for x in person.skills if x in c.site.skill_by_code) or None
    return held


_NAMED = 12  # most lines in one sentence


@dataclass(slots=True)
class ShiftImport:
    """Counts of an import of shifts by day.

    ``dropped``: shifts that were planned for one of these days and are not any more. ``gone``: line numbers of shifts
    after the person has left. ``past``: days gone by whose plan was another. ``away``: person and day of hours that an absence known ahead outweighs.
    """

    written: int = 0
    dropped: int = 0
    past: int = 0
    gone: list[int] = field(default_factory=list)
    away: list[tuple[str, date]] = field(default_factory=list)
    officials: int = 0


def import_shifts(
    c: Context, lines: Sequence[tuple[int, date, Mapping[str, Any]]], days: Collection[date], done: ShiftImport
) -> list[Wish]:
    """Return a fact for each day whose planned shifts change; ``lines``: line number, day, fields of a ``PlannedShift``.

    A day is replaced as a whole; ``days``: of which nothing may be planned any more. A code in another case is that of the
    roster. Raise Refused with all lines of people who are not on the roster, or if no day is one of the contract.
    """
    known = {code.casefold(): code for code in c.register.people}
    strangers = list(dict.fromkeys(n for n, _, x in lines if x["staff"].casefold() not in known))
    if strangers:
        others = "、".join(f"{n}行目" for n in strangers[1:_NAMED]) + more_word(len(strangers) - _NAMED, "行")
        raise Refused(
            f"{strangers[0]}行目を取り込めません",
            "名簿にない職員コードです",
            f"{f'{others}も同じです。' if others else ''}{FIRST_THE_ROSTER}。何も取り込んでいません",
        )
    planned: dict[date, list[dict[str, Any]]] = {day: [] for day in days}
    contract = c.site.contract
    if lines and not any(contract.start <= day <= contract.end for _, day, _ in lines):
        first = min(day for _, day, _ in lines)
        why = f"どの日も契約期間の外です（{first.year}年{first.month}月{first.day}日から）"
        raise Refused("勤務予定を取り込めません", why, "表の年月を確かめてください。何も取り込んでいません")
    for n, day, x in lines:
        code = known[x["staff"].casefold()]
        planned.setdefault(day, []).append({**x, "staff": code})
        done.gone += [] if c.register.people[code].here_on(day) else [n]
        if x["starts"] is not None and code in c.register.absences.get(day, ()):
            done.away.append((code, day))
    wishes = []
    for day, shifts in sorted(planned.items()):
        held = c.register.shifts.get(day, {})
        found = decide(c, "shifts.planned", {"date": day, "shifts": tuple(shifts)})
        done.written += bool(found)
        done.past += bool(found and held and day < c.floor.day)
        done.dropped += len(held.keys() - {x["staff"] for x in shifts})
        wishes += found
    return wishes


def import_officials(c: Context, days: Mapping[date, Sequence[Mapping[str, Any]]]) -> list[Wish]:
    """Return a fact for each day, from today on, whose planned numbers of the city's staff change."""
    return [
        wish
        for day, steps in sorted(days.items())
        if day >= c.floor.day
        for wish in decide(c, "officials.planned", {"date": day, "steps": tuple(steps)})
    ]


def plan_absence(c: Context, staff: str, days: Sequence[date], absent: bool, reason: str) -> list[Wish]:
    """Return a fact for each of the days on which a person's absence known ahead changes."""
    known = {code.casefold(): code for code in c.register.people}
    code = known.get(staff.casefold(), staff)
    return [
        wish
        for day in days
        for wish in decide(
            c, "absence.planned", {"staff": code, "date": day, "absent": absent, "reason": reason if absent else ""}
        )
    ]
