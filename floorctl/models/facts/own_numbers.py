"""Numbers that floorctl assigns (tickets by hand, cases, incidents, meetings): find the next unused one. Pure.

A number used by another source is skipped; however large it is, the own sequence goes on where it was.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Set

from floorctl.common.frozen import frozen

# By hand three digits (contract 2). Cases, incidents and meetings number through the file: ten years of forty a day.
MOST_TICKETS = 999
MOST_OF_FILE = 99_999


@frozen
class Numbers:
    """Numbers in use: ``used`` by any source, ``given`` those assigned here (console, commands)."""

    used: frozenset[str] = frozenset()
    given: frozenset[str] = frozenset()


def folded(number: str) -> str:
    """Return a number in the form in which it is compared: NFKC, upper case, no spaces (contract 6)."""
    return "".join((number if number.isascii() else unicodedata.normalize("NFKC", number)).upper().split())


def counted(numbers: Iterable[str], prefix: str, most: int) -> set[int]:
    """Return the n from 1 to ``most`` of numbers that read ``prefix`` and n, in any script, leading zeros ignored."""
    found, width = set(), len(str(most))
    for number in numbers:
        digits = folded(number)
        if not digits.startswith(prefix):
            continue
        digits = digits[len(prefix) :].lstrip("0")
        # Length first: a number of another source may have any number of digits.
        if 0 < len(digits) <= width and digits.isascii() and digits.isdigit() and int(digits) <= most:
            found.add(int(digits))
    return found


def unused(taken: Set[int], after: int, most: int) -> Iterator[int]:
    """Yield the n from 1 to ``most`` that are not ``taken``, beginning after ``after`` and wrapping round."""
    yield from (n for n in range(after + 1, most + 1) if n not in taken)
    yield from (n for n in range(1, min(after, most) + 1) if n not in taken)


def next_of(numbers: Numbers, prefix: str) -> str | None:
    """Return the next ``E-n``, ``I-n`` or ``M-n``, after the highest assigned here; None if all are used."""
    after = max(counted(numbers.given, prefix, MOST_OF_FILE), default=0)
    n = next(unused(counted(numbers.used, prefix, MOST_OF_FILE), after, MOST_OF_FILE), None)
    return None if n is None else f"{prefix}{n}"


class HandNumbers:
    """Unused numbers by hand of one lane today: its letter and three digits.

    They go on after the highest assigned here; the first one after the highest of the ticket machine, which may have
    issued lower ones before its feed began. After 999 they wrap round.
    """

    def __init__(self, numbers: Numbers, letter: str) -> None:
        self.letter = letter
        self._taken = counted(numbers.used, letter, MOST_TICKETS)
        own = counted(numbers.given, letter, MOST_TICKETS)
        self._last = max(own or self._taken, default=0)

    def after(self, n: int | None = None) -> int | None:
        """Return the next unused number, after ``n`` if given; None if all are used."""
        return next(unused(self._taken, self._last if n is None else n, MOST_TICKETS), None)

    def following(self, many: int) -> list[int]:
        """Return the next ``many`` unused numbers, or as many as there are."""
        source = unused(self._taken, self._last, MOST_TICKETS)
        return [n for n, _ in zip(source, range(many), strict=False)]

    def text(self, n: int) -> str:
        return f"{self.letter}{n:03d}"
