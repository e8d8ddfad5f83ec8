"""Numbers that floorctl gives by itself (tickets by hand, cases, incidents, meetings): how the next one is found. Pure.

A number that somebody else has used is taken, and that is all: however large it is, the own sequence goes on where it was.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Set

from floorctl.common.frozen import frozen

# Three digits by hand (contract 2). Cases, incidents and meetings count over the whole file: ten years of forty a day.
MOST_TICKETS = 999
MOST_OF_FILE = 99_999


@frozen
class Numbers:
    """Numbers that are in use: ``used`` by anybody, ``given`` those of them that were given here (console, commands)."""

    used: frozenset[str] = frozenset()
    given: frozenset[str] = frozenset()


def folded(number: str) -> str:
    """A number as it is compared: NFKC, upper case, without spaces (contract 6)."""
    return "".join((number if number.isascii() else unicodedata.normalize("NFKC", number)).upper().split())


def counted(numbers: Iterable[str], prefix: str, most: int) -> set[int]:
    """The n from 1 to ``most`` of those that read ``prefix`` and n, in whatever script and with whatever zeros before."""
    found, width = set(), len(str(most))
    for number in numbers:
        digits = folded(number)
        if not digits.startswith(prefix):
            continue
        digits = digits[len(prefix) :].lstrip("0")
        # By the number of digits first: a foreign number may have any.
        if 0 < len(digits) <= width and digits.isascii() and digits.isdigit() and int(digits) <= most:
            found.add(int(digits))
    return found


def unused(taken: Set[int], after: int, most: int) -> Iterator[int]:
    """The n from 1 to ``most`` that are not ``taken``, from the one after ``after`` on and round; none when all are used."""
    yield from (n for n in range(after + 1, most + 1) if n not in taken)
    yield from (n for n in range(1, min(after, most) + 1) if n not in taken)


def next_of(numbers: Numbers, prefix: str) -> str | None:
    """The next ``E-n``, ``I-n`` or ``M-n`` of the file: after the highest that was given here; None when all are used."""
    after = max(counted(numbers.given, prefix, MOST_OF_FILE), default=0)
    n = next(unused(counted(numbers.used, prefix, MOST_OF_FILE), after, MOST_OF_FILE), None)
    return None if n is None else f"{prefix}{n}"


class HandNumbers:
    """The numbers by hand of one lane that are still to be given today: its letter and three digits.

    They go on after the highest that was given here; before the first one, after the highest of the machine, so that they
    do not begin with numbers that it may have given before it was heard. From 999 they go round to what is unused.
    """

    def __init__(self, numbers: Numbers, letter: str) -> None:
        self.letter = letter
        self._taken = counted(numbers.used, letter, MOST_TICKETS)
        own = counted(numbers.given, letter, MOST_TICKETS)
        self._last = max(own or self._taken, default=0)

    def after(self, n: int | None = None) -> int | None:
        """The next unused one (after ``n``, if that is said), as a number; None when all are used."""
        return next(unused(self._taken, self._last if n is None else n, MOST_TICKETS), None)

    def following(self, many: int) -> list[int]:
        """The next ``many`` unused ones, or as many as there are."""
        source = unused(self._taken, self._last, MOST_TICKETS)
        return [n for n, _ in zip(source, range(many), strict=False)]

    def text(self, n: int) -> str:
        return f"{self.letter}{n:03d}"
