"""Base of the parts of a site file, a scenario and a layout (frozen dataclasses), and the types of their fields."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import Field
from datetime import time
from typing import Annotated, Any, ClassVar, NamedTuple

from floorctl.common.constraints import Between, Chars
from floorctl.common.did_you_mean import nearest
from floorctl.common.words import hm

Code = Annotated[str, Chars(r"^[A-Za-z][A-Za-z0-9_]{0,31}$")]
# Text on one line of which something can be seen: not only characters that take no room, which every page leaves out.
SEEN = r"^[^\x00-\x1f\x7f]*[^\s\x00-\x1f\x7f-\x9f\xad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff][^\x00-\x1f\x7f]*$"
Words = Annotated[str, Chars(SEEN, least=1, most=80)]
Seconds = Annotated[int, Between(0, 86_400)]
SomeSeconds = Annotated[int, Between(1, 86_400)]  # of an alert that would stand all day at 0
# Of a hall: terminals in a lane, pieces of equipment (each has a line of its own on the screen). Of a city: people, cases.
Pieces = Annotated[int, Between(0, 99)]
# Of a fiscal year: a simulated day draws each of its visitors, so that the work of `simulate` grows with it.
Cases = Annotated[int, Between(0, 999_999)]
People = Annotated[int, Between(0, 99_999_999)]
# Bounds for speed: folding a fact looks at every lane and terminal.
MOST_LANES, MOST_TERMINALS, MOST_PARTS = 26, 99, 200
# Pairs of keys whose first may not be above the last; True: nor be the same.
_RANGES = (
    ("start", "end", False, "終わりの日が始まりの日（{}）より前です", "start 以後の日付にしてください"),
    ("opens", "closes", False, "終わりの時刻が始まりの時刻（{}）より前です", "opens より後の時刻にしてください"),
    ("low", "high", False, "最大の数が最小の数（low の{}）より小さい値です", "low 以上の数にしてください"),
    ("at", "until", True, "終わりが始まり（at の{}）より後ではありません", "at より後の時刻にしてください"),
    ("starts", "ends", True, "終わりが始まり（starts の{}）より後ではありません", "starts より後の時刻にしてください"),
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
    unknown: ClassVar[str] = "項目の名前を確かめるか、消してください"  # what to do with an unknown key

    def check(self) -> Iterable[Fault]:
        """Return the faults of fields that contradict each other; a field whose value is wrong is None here."""
        return ()


def contradictions(part: Part) -> Iterator[Fault]:
    """Yield the faults of a part's fields beside each other, places from the part on."""
    for first, last, apart, why, do in _RANGES:
        if {first, last} <= part.__dataclass_fields__.keys():
            least, most = getattr(part, first), getattr(part, last)
            if known(least, most) and (most < least or (apart and most == least)):
                yield Fault((last,), why.format(hm(least) if isinstance(least, time) else least), do)
    yield from part.check()


def twice(values: Iterable[Any]) -> Iterator[tuple[int, int]]:
    """Yield (place, place of the first) of each value that stands there already; a wrong one, None, is like no other."""
    first: dict[Any, int] = {}
    for n, value in enumerate(values):
        if value is not None and first.setdefault(value, n) != n:
            yield n, first[value]


def repeated(key: str, values: Sequence[Any] | None) -> Iterator[Fault]:
    """Yield a fault for each item of the list ``key`` that stands there already."""
    values = values or ()
    for n, _ in twice(values):
        yield Fault((key, n), f"{values[n]} が2度あります", "1つにしてください")


def one_of(words: Iterable[str]) -> str:
    """Return the words from which to choose: 「a、b のどれか」, or the only one."""
    every = [*words]
    return "、".join(every) + (" のどれか" if len(every) > 1 else " ")


def if_meant(near: str) -> str:
    """Return the remedy for a word that was mistyped."""
    return f"{near} のことであれば、直してください"


def instead(word: str, allowed: Iterable[str], page: str = "") -> str:
    """Return what to write instead of a word: the nearest, or all of a short list; ``page``: where they are listed."""
    every = [*allowed]
    if near := nearest(word, every):
        return if_meant(near)
    listed = f"（{page}）" if page else ""
    if len(every) <= 12:
        return f"{one_of(every)}にしてください{listed}"
    return f"{'、'.join(every[:12])} などのどれかにしてください{listed}"


def asked(faults: Iterable[Fault]) -> Iterator[Fault]:
    """Yield the faults that a rule finds; it ends where it would need a value that is wrong itself (None)."""
    with suppress(TypeError, AttributeError, ValueError, LookupError):
        yield from faults


def known(*values: object) -> bool:
    """Return whether all values are right, and so can be compared: a wrong one stands as None."""
    return None not in values
