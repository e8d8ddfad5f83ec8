"""Read the roster and the registers (training, pledges, device permits, forecasts) as fields of facts."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from floorctl.common.errors import Refused
from floorctl.common.frozen import frozen
from floorctl.intake.csv_cells import Bad, in_order, plain
from floorctl.intake.csv_columns import DEMAND, DEVICES, PLEDGES, SKILL, TRAINING, Column, roster_columns, skill_codes
from floorctl.intake.csv_reading import EMPTY, Faults, read
from floorctl.models.board.adherence import EVERYTHING
from floorctl.models.site.hall import Skill, TrainingItem


@frozen
class RosterLine:
    """Line of a roster: ``fields`` of ``staff.registered`` for the columns present, and the surname.

    ``surname``: None without such a column, "" for an empty cell.
    """

    line: int
    fields: dict[str, Any]
    surname: str | None
    empty: frozenset[str] = frozenset()  # columns whose cells are empty


@frozen
class RegisterLine:
    """Line of a register: the fields of its fact."""

    line: int
    fields: dict[str, Any]
    empty: frozenset[str] = frozenset()  # columns whose cells are empty


def read_roster(raw: bytes, notes: list[str] | None = None, skills: Sequence[Skill] = ()) -> list[RosterLine]:
    """Read a roster. Only the code is required; a new person without a role is 業務従事者.

    ``skills``: those of the site, by whose names a cell of skills is read; each may have a column of marks instead. An
    empty cell is left out of the fields. Append to ``notes`` the lines that were left out. Raise Refused with the wrong
    lines, without quoting any cell.
    """
    faults = Faults()
    table = read(raw, roster_columns(skills), ("staff",), faults)
    marked = {key for key in table.keys if key.startswith(SKILL)}
    if marked and "skills" in table.keys:
        raise Refused(
            "取り込めません", "できる業務の列と、技能ごとの○の列の両方があります", "どちらか一方にしてください"
        )
    seen: dict[str, int] = {}
    known, lines = skill_codes(skills), []
    for line, values in table.rows:
        surname, empty = values.pop("surname", None), frozenset(values.pop(EMPTY, ()))
        code = values["staff"].casefold()  # S01 and s01 in one file are a mistake
        try:
            if code in seen:
                raise Bad(f"同じコードが{seen[code]}行目にあります", "1人を1行にしてください")
            seen[code] = line
            if values.keys() & {"shift", "shift_from", "shift_to"}:
                shift = values.pop("shift", None) or (values.get("shift_from"), values.get("shift_to"))
                values["shift_from"], values["shift_to"] = in_order(*shift)
            _put_skills(values, skills, known)
        except Bad as bad:
            faults.add(line, "", bad)
        empty = frozenset(x for x in empty if not x.startswith(SKILL))
        lines.append(RosterLine(line, values, surname, empty))
    faults.refuse_if_any()
    table.tell(notes)
    return lines


_EVERYTHING = frozenset({EVERYTHING, "全部", "全て", "すべて"})


def _put_skills(values: dict[str, Any], skills: Sequence[Skill], known: Mapping[str, str]) -> None:
    """Put the codes of a line's skills in the place of its words and marks; None where they are not recorded any more.

    ``known``: the code of a skill by each word for it.

    Raise Bad for a word that is no skill of the site, and for marks none of which is a ○.
    """
    marks = {key: values.pop(key) for key in [*values] if key.startswith(SKILL)}
    if marks:
        able = tuple(x.code for x in skills if marks.get(f"{SKILL}{x.code}"))
        if not able:
            raise Bad(
                "技能の列のどれにも○がありません", "できるものに○を付けるか、決めていない人は全部の欄を空けてください"
            )
        values["skills"] = able
    elif values.get("skills"):
        words = [plain(word) for word in values["skills"]]
        every = len(words) == 1 and words[0] in _EVERYTHING and words[0] not in known
        codes = [x.code for x in skills] if every and skills else [known.get(word) for word in words]
        if None in codes:
            if not skills:
                raise Bad(
                    "会場設定に技能がありません", "会場設定に [[skills]] を書き足すか、できる業務の列を除いてください"
                )
            named = "・".join(x.name for x in skills)
            raise Bad(
                "会場設定にない技能です",
                f"{named} から選び、・で区切って書いてください（会場設定の [[skills]] に書き足せます）",
            )
        values["skills"] = tuple(x.code for x in skills if x.code in codes)
    elif "skills" in values:
        values["skills"] = None


def read_training(raw: bytes, items: Sequence[TrainingItem], notes: list[str] | None = None) -> list[RegisterLine]:
    """Read a training register. A training item is given by its code, its number from 1, or its name."""
    known: dict[str, str] = {}
    for n, x in enumerate(items, 1):
        name = unicodedata.normalize("NFKC", x.name)
        known |= {plain(word): x.code for word in (x.code, str(n), name, re.sub(r"^[0-9]+\s*", "", name))}

    def check(values: dict[str, Any]) -> None:
        found = known.get(plain(values["item"]))
        if found is None:
            raise Bad("知らない研修の項目です", f"コードか 1 から {len(items)} の番号を書いてください")
        values["item"] = found

    return _register(raw, TRAINING, ("staff", "item", "done_on"), check, ("staff", "item", "done_on"), notes)


def read_pledges(raw: bytes, notes: list[str] | None = None) -> list[RegisterLine]:
    """Read a register of pledges, one line per person; a person without a date is left unchanged."""
    return _register(raw, PLEDGES, ("staff", "pledge_on"), lambda values: None, ("staff",), notes)


def read_devices(raw: bytes, notes: list[str] | None = None) -> list[RegisterLine]:
    """Read a register of device permits; one without an end does not expire (an empty cell keeps that of the register)."""

    def check(values: dict[str, Any]) -> None:
        ends_on = values.get("ends_on")
        if ends_on is not None and ends_on < values["permitted_on"]:
            raise Bad("期限が許可日より前です", "日付を確かめてください")

    return _register(raw, DEVICES, ("device", "purpose", "permitted_on"), check, ("device",), notes)


def read_demand(raw: bytes, notes: list[str] | None = None) -> list[RegisterLine]:
    """Read a monthly forecast: the fields of a ``DemandMonth`` each.

    Raise Refused with the wrong lines, without quoting any cell.
    """
    needed = ("month", "cert_renewals", "card_renewals", "new_and_reissued")
    lines = _register(raw, DEMAND, needed, lambda values: None, ("month",), notes)
    return [RegisterLine(x.line, {name: x.fields[name] for name in needed}) for x in lines]


def _register(
    raw: bytes,
    columns: tuple[Column, ...],
    required: tuple[str, ...],
    check: Callable[[dict[str, Any]], None],
    unique: tuple[str, ...],
    notes: list[str] | None,
) -> list[RegisterLine]:
    """Read a register in which no two lines have equal values of ``unique``."""
    faults = Faults()
    table = read(raw, columns, required, faults)
    seen: dict[tuple[Any, ...], int] = {}
    lines = []
    for line, values in table.rows:
        empty = frozenset(values.pop(EMPTY, ()))
        try:
            check(values)
            key = tuple(x.casefold() if isinstance(x := values[name], str) else x for name in unique)
            first = seen.setdefault(key, line)
            if first != line:
                raise Bad(f"同じ内容の行が{first}行目にあります", "1行にしてください")
        except Bad as bad:
            faults.add(line, "", bad)
        lines.append(RegisterLine(line, values, empty))
    faults.refuse_if_any()
    table.tell(notes)
    return lines
