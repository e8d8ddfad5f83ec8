"""Find numbers without an issue that may be another spelling of one that was never called: B111 and A111, 111, A0111. Pure."""

from __future__ import annotations

import re
from typing import NamedTuple

from floorctl.common.words import more_word
from floorctl.models.day.floor import Floor

_ONE_RUN = re.compile(r"\D*?0*(\d+)\D*")  # a number with one run of digits; of others nothing is guessed


class LookAlike(NamedTuple):
    """Number that was called or ended without an issue, and one with the same digits that was issued and never called."""

    told: str
    held: str


def look_alikes(floor: Floor) -> list[LookAlike]:
    """Return the pairs of the day, in the order in which the numbers without an issue were told; nothing is merged."""
    strange = {
        n: at
        for n, at in floor.unknown.items()
        if (t := floor.tickets.get(n)) is None or (t.issued_at is None and not t.no_arrival and t.carried_from is None)
    }
    if not strange:
        return []
    held: dict[str, list[str]] = {}
    for t in sorted(floor.tickets.values(), key=lambda t: t.number):
        if t.called_at is None and t.issued_at is not None and t.outcome is None and (core := _digits(t.number)):
            held.setdefault(core, []).append(t.number)
    found = []
    for number, at in strange.items():
        same = [n for n in held.get(_digits(number), ()) if (since := floor.tickets[n].issued_at) and since <= at]
        if same:
            held[_digits(number)].remove(same[0])
            found.append(LookAlike(number, same[0]))
    return found


def _digits(number: str) -> str:
    """Return the digits of a number without leading zeros; "" where there are several runs of them, or none."""
    one = _ONE_RUN.fullmatch(number)
    return one[1] if one else ""


def line(found: list[LookAlike]) -> str:
    """Return the pairs as a line of the board: what may be one number, and how many more there are."""
    first = found[0]
    return f"発券のない {first.told} は待っている {first.held} か（頭の文字の違い）{more_word(len(found) - 1)}"


def sentence(found: list[LookAlike]) -> str:
    """Return the pairs as a sentence of the report, with what to do."""
    first, more = found[0], f"、ほか{len(found) - 1}件" if found[1:] else ""
    return (
        f"発券の記録がない番号 {first.told} と、呼出しの記録がない番号 {first.held} は、数字が同じです{more}。"
        "発券機と窓口で番号の頭の文字か桁数が違い、同じ人のことかもしれません。そのときは、発券機か入力元の設定で番号の形をそろえ、"
        "待ったままの番号を待ち番号の画面（b）で終えてください。"
    )
