"""Base of the parts of a site file, a scenario and a layout (frozen dataclasses), and the types of their fields."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import Field
from typing import Annotated, Any, ClassVar, NamedTuple

from floorctl.common.constraints import Between, Chars
from floorctl.common.words import hm

Code = Annotated[str, Chars(r"^[A-Za-z][A-Za-z0-9_]{0,31}$")]
# At least one character that is seen.
Words = Annotated[str, Chars(r"^[^\x00-\x1f\x7f]*[^\s\x00-\x1f\x7f][^\x00-\x1f\x7f]*$", least=1, most=80)]
Seconds = Annotated[int, Between(0, 86_400)]
SomeSeconds = Annotated[int, Between(1, 86_400)]  # of an alert that would stand all day at 0
# Of a hall: terminals in a lane, pieces of equipment (each has a line of its own on the screen). Of a city: people, cases.
Pieces = Annotated[int, Between(0, 99)]
# Of a fiscal year: a simulated day draws each of its visitors, so that the work of `simulate` grows with it.
Cases = Annotated[int, Between(0, 999_999)]
People = Annotated[int, Between(0, 99_999_999)]
# Bounds for speed: folding a fact looks at every lane and terminal.
MOST_LANES, MOST_TERMINALS, MOST_PARTS = 26, 99, 200
# Pairs of keys whose first may not be above the last.
_RANGES = (
    ("start", "end", "終わりの日が始まりの日（{}）より前です", "start 以後の日付にしてください"),
    ("opens", "closes", "終わりの時刻が始まりの時刻（{}）より前です", "opens より後の時刻にしてください"),
    ("low", "high", "最大の数が最小の数（low の{}）より小さい値です", "low 以上の数にしてください"),
)
Place = tuple[str | int, ...]  # a key of the file: ("services", 3, "opens"), or of a part: ("opens",)


class Fault(NamedTuple):
    """Fault of a file: the key at fault, the reason and what to do, in Japanese; ``do`` is "" where the reason says it."""

    place: Place
    why: str
    do: str = ""


class Part:
    """Part of a file that people write. The check at reading refuses unknown keys and values of another type."""

    __slots__ = ()
    __dataclass_fields__: ClassVar[dict[str, Field[Any]]]

    def check(self) -> Iterable[Fault]:
        """Return the faults of fields that contradict each other; a field whose value is wrong is None here."""
        return ()


def contradictions(part: Part) -> Iterator[Fault]:
    """Yield the faults of a part's fields beside each other, places from the part on."""
    for first, last, why, do in _RANGES:
        if {first, last} <= part.__dataclass_fields__.keys():
            least, most = getattr(part, first), getattr(part, last)
            if known(least, most) and most < least:
                yield Fault((last,), why.format(hm(least) if first == "opens" else least), do)
    yield from part.check()


def one_of(words: Iterable[str]) -> str:
    """Return the words from which to choose: 「a、b のどれか」, or the only one."""
    every = [*words]
    return "、".join(every) + (" のどれか" if len(every) > 1 else " ")


def known(*values: object) -> bool:
    """Return whether all values are right, and so can be compared: a wrong one stands as None."""
    return None not in values
