"""A language for stories of keys: what is pressed, and what the screen, the message and the file say then.

A file of ``stories/`` holds paragraphs. One that begins with ``in`` sets where the stories after it begin:

    in HALL at TIME [on DATE] [size 80x24 120x36] [team]      a hall of ``halls.py``; the team's roster is in the file

Each other paragraph is a story: its name, then steps, one a line (``#`` begins a remark). A story may begin with its own
``in``, and with ``given TIME KIND FIELD=VALUE | …`` for facts of the feed before the console starts (also in short:
``issue TICKET SERVICE``, ``call TICKET TERMINAL``, ``finish TICKET TERMINAL``, ``count LANE N``).

    press KEYS           one after the other (down×6)          type TEXT, enter TEXT | TEXT     into the open field
    answer CODE          of the open choice                    person CODE, step, settle, tab, tick   on their screens
    scan CODE [tab|nothing]   as a barcode reader does, with Enter (or another end)
    click WORDS, corner  on the screen, in its corner          at TIME [DATE]           the clock moves and is seen
    hears TIME KIND F=V  a fact of the feed                    beside KIND F=V          somebody at the command line
    later SECONDS        the clock moves                       perform ACTION           an act without its key
    sees WORDS | WORDS   on the screen (not WORDS: nowhere)    says WORDS | WORDS       parts of the message
    message WORDS        the whole message                     row WORDS | WORDS        parts of one row, in their order
    wrote KIND F=V …     the console's last facts, one a line; other fields are empty, or anything where ``...`` ends it
    kinds KIND …         all that the console has written      last TIME                when the last fact happened
    mark, unwritten      no fact has come since the mark       keys N                   pressed so far, at most
    undo KEYS / TEXT: KIND …: WORDS                            an act, and u takes it back in these words
    file PATH = VALUE    Floor (or register.…) as read anew    floor / state / shown PATH = VALUE   as the console has it
    cell KEY COLUMN = WORDS ROLE, rows KEY …                   in the table that is shown
    matches PATTERN, alert CODE                                somewhere on the screen, among the alerts
    asks CODE | CODE     the answers of the open choice        cursor CODE              the one that its cursor stands on
    view NAME, dialogs N, foot WORDS, speaks, clean            what is open; each row is as wide as the screen

``→`` joins a step with those that follow from it; words without a step's name are ``sees``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import groupby
from pathlib import Path
from typing import Any

from tests.screens.harness import SIZE, console, joined
from tests.screens.steps import ACTS, LOOKS, all_at_once, happening
from tests.screens.team import write_team
from tests.story import MONDAY

Step = tuple[str, str]  # word, what follows
FOLDER = Path(__file__).parent / "stories"
TOGETHER = ("wrote", "hears")  # lines that follow each other are one step


@dataclass(frozen=True)
class Place:
    """Name the hall, the time and the size with which a story begins."""

    hall: str = "nothing"
    at: str = "10:00"
    day: date = MONDAY
    sizes: tuple[tuple[int, int], ...] = (SIZE,)
    team: bool = False

    @classmethod
    def of(cls, text: str) -> Place:
        """Read ``HALL at TIME [on DATE] [size WxH …] [team]``."""
        hall, *words = text.split()
        said: dict[str, list[str]] = {"at": [], "on": [], "size": [], "team": []}
        here = said["at"]
        for word in words:
            if word in said:
                here = said[word]
                here += [word] * (word == "team")
            else:
                here.append(word)
        place = cls(hall, *said["at"], team=bool(said["team"]))
        if said["on"]:
            place = replace(place, day=date.fromisoformat(said["on"][0]))
        if said["size"]:
            width_height = (tuple(map(int, s.split("x"))) for s in said["size"])
            place = replace(place, sizes=tuple((w, h) for w, h in width_height))
        return place


@dataclass(frozen=True)
class KeyStory:
    """A paragraph of a file: what happens where, step by step."""

    name: str
    place: Place
    size: tuple[int, int]
    given: tuple[str, ...] = ()
    steps: tuple[Step, ...] = field(default=(), repr=False)

    async def play(self, folder: Path, halls: Mapping[str, Callable[[], list[dict[str, Any]]]]) -> None:
        """Start a console in the hall and take each step."""
        place, more = self.place, all_at_once(*map(happening, self.given), prefix="g", day=self.place.day)
        if place.team:
            write_team(folder)
        lines = joined(halls[place.hall](), more)
        async with console(folder, lines, at=place.at, day=place.day, size=self.size) as c:
            for word, text in self.steps:
                try:
                    if word in ACTS:
                        await ACTS[word](c, text)
                    else:
                        LOOKS[word](c, text)
                except AssertionError as e:
                    raise AssertionError(f"{self.name}: {word} {text}\n{e}") from e


def steps_of(lines: Iterable[str]) -> Iterator[Step]:
    """Steps of a story's lines; what follows an arrow is a step of its own."""
    parts = [part for line in lines for part in line.split(" → ")]
    pairs = [(word, rest) if word in LOOKS or word in ACTS else ("sees", part)
             for part in parts for word, _, rest in [part.partition(" ")]]  # fmt: skip
    for word, group in groupby(pairs, key=lambda pair: pair[0]):
        texts = [text for _, text in group]
        yield from ((word, text) for text in (["\n".join(texts)] if word in TOGETHER else texts))


def stories_of(path: Path) -> Iterator[KeyStory]:
    """The stories of one file."""
    common = Place()
    for paragraph in path.read_text(encoding="utf-8").split("\n\n"):
        name, *lines = [line for line in paragraph.strip("\n").splitlines() if not line.lstrip().startswith("#")] or [
            ""
        ]
        lines = [line.strip() for line in lines]
        if name.startswith("in "):
            common = Place.of(name[3:])
        elif name:
            own = [x for x in lines if x.startswith("in ")]
            given = tuple(g for x in lines if x.startswith("given ") for g in x[6:].split(" | "))
            place = Place.of(own[0][3:]) if own else common
            rest = [x for x in lines if not x.startswith(("in ", "given "))]
            for size in place.sizes:
                label = f"{path.stem}: {name}" + f" {size[0]}x{size[1]}" * (len(place.sizes) > 1)
                yield KeyStory(label, place, size, given, tuple(steps_of(rest)))
