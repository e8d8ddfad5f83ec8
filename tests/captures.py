"""The pictures of README and manual, made from the real console: ``python -m tests.captures [--check] [NAME…]``.

The pages that list the keys are written by the same command (``tests/keycard.py``).

Each is a day of ``tests/screens/days.py``, some keys, and what the terminal then shows, drawn cell by cell (PNG: a code
host and a reader without a network show the same, and no font can move a column). A picture carries the seal of its
cells, so that ``--check``, and a test, see without drawing whether it is what the console shows today.

Drawing needs Pillow and a font with Japanese (``pip install pillow``; BIZ UDGothic or Noto Sans Mono CJK); nothing else does.
"""

from __future__ import annotations

import asyncio
import gc
import hashlib
import json
import os
import struct
import sys
import tempfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from textual.widgets import Input

from floorctl.console.state_parts import Notice
from floorctl.rehearsal.scenario_files import load_scenario
from floorctl.screens.app import FloorApp
from floorctl.screens.records.tally import TallyView
from tests import keycard
from tests.screens.days import DAYS, Act, Day
from tests.screens.harness import Answers, Console, new_app
from tests.story import MONDAY, HandClock, instant, kumagaya

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / "docs" / "manual" / "pictures"
SEAL = b"floorctl-cells"
OF_A_BROWSER = {"hall-page"}  # drawn by tests/hall_picture.py


class Cell(NamedTuple):
    """What one cell shows; ``char`` is "" in the second half of a full-width character."""

    char: str
    colour: tuple[int, int, int]
    ground: tuple[int, int, int]
    bold: bool
    underline: bool


Picture = list[list[Cell]]


@dataclass(frozen=True)
class Capture:
    """``keys`` are pressed one after the other; a key that is longer than its name is text for the open field."""

    name: str
    day: str
    keys: tuple[str, ...] = ()
    at: str = ""  # another time than the day's own
    size: tuple[int, int] = (120, 36)
    text: str = ""
    theme: str = "dark"
    scenario: str = ""  # of a rehearsal: somebody speaks


def _c(name: str, day: str, *keys: str, **more: object) -> Capture:
    return Capture(name, day, keys, **more)  # type: ignore[arg-type]


def simulated() -> Day:
    """The morning of a simulated surge, with its people, when lending a terminal is worth it."""
    from floorctl.rehearsal.simulated_feed import simulated_feed

    feed = simulated_feed(kumagaya(), MONDAY, 3, "surge").decode()
    acts: tuple[Act, ...] = (
        ("08:14", "charge.taken", {"staff": "S00"}),
        ("09:40", "memo.written", {"text": "記載台の鉛筆を補充"}),
        ("10:04", "incident.opened", {"category": "complaint", "summary": "待ち時間への苦情"}),
    )
    return Day("10:22", [json.loads(line) for line in feed.splitlines()], acts, team=True)


SMALL = (100, 30)
CAPTURES = (
    # the front page
    _c("board", "simulated"),
    _c("advice", "simulated", "0", size=SMALL),
    _c("incident", "whole", "i", "4", size=SMALL, text="T7 カードR/W 応答なし。再起動で戻らず"),
    _c("report", "whole", "f9", "tab", "tab", "tab", "tab", "tab", size=(112, 40)),
    # the lesson, and the day
    _c("first", "nothing", at="08:20", size=SMALL),
    _c("open", "morning", "enter", size=SMALL),
    _c("checklist", "morning", "c", size=SMALL),
    _c("chosen", "whole", "3", size=SMALL),
    _c("lending", "simulated", "a", size=SMALL),
    _c("city-question", "whole", "3", "e", size=SMALL),
    _c("count", "whole", "w", "1", "2", "enter", size=SMALL),
    _c("help", "whole", "f1", size=SMALL, text="市職員"),
    # a page a screen
    _c("f3-city", "whole", "f3", size=SMALL),
    _c("f4-people", "whole", "f4", size=SMALL),
    _c("day-plan", "simulated", "\\", "a", "1", "down", "down", "f", size=(120, 26)),
    _c("f5-incidents", "whole", "f5", size=SMALL),
    _c("f6-forecast", "whole", "f6"),
    _c("f7-results", "whole", "f7"),
    _c("f8-duties", "whole", "f8", size=SMALL),
    _c("f9-closing", "whole", "f9", size=SMALL),
    _c("f9-asks", "whole", "f9", "z", size=SMALL),
    _c("b-queue", "whole", "b", size=SMALL),
    _c("j-reception", "whole", "j", "3", size=SMALL),
    _c("p-paper", "whole", "j", "p", "tab", "3", "5", "5", "5", "3", "5", "2", size=SMALL, at="14:50"),
    _c("k-tally", "whole", "k", "down", "1", "2", size=SMALL),
    _c("l-journal", "whole", "l", size=SMALL),
    _c("brief", "whole", ";", size=SMALL),
    _c("rehearsal", "simulated", size=SMALL, scenario="surge"),
    _c("looking-back", "whole", "[", "pageup", "pageup", size=SMALL),
)


def _day(name: str) -> Day:
    return simulated() if name == "simulated" else DAYS[name]()


async def _cells(capture: Capture, folder: Path) -> Picture:
    path = folder / f"{capture.name}.db"
    clock = HandClock(instant(capture.at or "08:20")) if capture.day == "nothing" else _day(capture.day).write(path)
    if capture.at:
        clock.at = instant(capture.at)
    TallyView._last = 0
    app = new_app(path, clock, theme=capture.theme)
    c = Console(app, path, clock, kumagaya())
    c.answers = Answers(app.engine)
    async with app.run_test(size=capture.size, notifications=True) as pilot:
        c.pilot = pilot
        await c.until(
            lambda: app.state.ready and app.state.forecasts.forecaster and c.answers.turns > 1,
            "the file, and the day watched",
        )
        await c.settle()
        await c.press(*capture.keys)
        if capture.text:
            await c.type(capture.text)
        if capture.scenario:
            _rehearse(app, capture.scenario)
        for field in app.screen.query(Input):
            field.cursor_blink = False
        app.call_later(app.tick)
        await c.settle()
        return list(_picture(c))


def _rehearse(app: FloorApp, name: str) -> None:
    """The board as it is in a rehearsal: the banner, and what somebody says (the first of the scenario's messages)."""
    scenario = load_scenario(name, kumagaya())[1]
    app.state.settings.banner = f"演習 {scenario.speed:g}倍速"
    first = scenario.messages[0]
    app.tell(Notice(first.who, (first.text,)))


def _picture(c: Console) -> Iterator[list[Cell]]:
    for strip in c.strips():
        row: list[Cell] = []
        for segment in strip:
            style = segment.style
            assert style is not None and style.bgcolor is not None, segment
            ground = style.bgcolor.get_truecolor()
            colour = style.color.get_truecolor() if style.color is not None else ground  # blanks have none
            if style.reverse:
                colour, ground = ground, colour
            if style.dim:
                colour = type(colour)(*((a + b) // 2 for a, b in zip(colour, ground, strict=True)))
            for char in segment.text:
                cell = Cell(char, tuple(colour), tuple(ground), bool(style.bold), bool(style.underline))
                row += [cell, cell._replace(char="")] if c_width(char) == 2 else [cell]
        yield row


def c_width(char: str) -> int:
    from rich.cells import get_character_cell_size

    return get_character_cell_size(char)


def shown(capture: Capture) -> Picture:
    """What the console shows after the keys of a capture, cell by cell."""
    gc.freeze, freeze = (lambda: None), gc.freeze  # see tests/screens/harness.console
    try:
        with tempfile.TemporaryDirectory() as folder:
            return asyncio.run(_cells(capture, Path(folder)))
    finally:
        gc.freeze = freeze


def seal(picture: Picture) -> bytes:
    return hashlib.sha256(repr(picture).encode()).hexdigest().encode()


def sealed(path: Path) -> bytes:
    """The seal in a picture's file; b"" where there is none."""
    data = path.read_bytes() if path.exists() else b""
    at = 8
    while at + 8 <= len(data):
        (size,), kind = struct.unpack(">I", data[at : at + 4]), data[at + 4 : at + 8]
        body = data[at + 8 : at + 8 + size]
        if kind == b"tEXt" and body.startswith(SEAL + b"\0"):
            return body.partition(b"\0")[2]
        at += 12 + size
    return b""


def with_seal(png: bytes, mark: bytes) -> bytes:
    """A PNG with the seal as its first text (after the 33 bytes of signature and header)."""
    body = b"tEXt" + SEAL + b"\0" + mark
    chunk = struct.pack(">I", len(body) - 4) + body + struct.pack(">I", zlib.crc32(body))
    return png[:33] + chunk + png[33:]


def main(argv: list[str]) -> int:
    os.environ["TEXTUAL_DISABLE_KITTY_KEY"] = "1"
    check, names = "--check" in argv, {a for a in argv if not a.startswith("-")}
    unknown = names - {x.name for x in CAPTURES}
    if unknown:
        print(f"no such picture: {', '.join(sorted(unknown))}", file=sys.stderr)
        return 2
    FOLDER.mkdir(parents=True, exist_ok=True)
    if not check:
        keycard.main()
    stale = []
    for capture in CAPTURES:
        if names and capture.name not in names:
            continue
        path, picture = FOLDER / f"{capture.name}.png", shown(capture)
        if sealed(path) == seal(picture) and not names:
            continue
        stale.append(capture.name)
        if not check:
            from tests.captures_png import draw

            path.write_bytes(with_seal(draw(picture), seal(picture)))
            print(f"{path.relative_to(ROOT)}  {path.stat().st_size // 1024} KiB")
    strangers = [p.name for p in FOLDER.glob("*.png") if p.stem not in {x.name for x in CAPTURES} | OF_A_BROWSER]
    if strangers:
        print(f"of no capture any more: {', '.join(strangers)}", file=sys.stderr)
    if check and stale:
        print(
            f"not what the console shows: {', '.join(stale)} (python -m tests.captures draws them anew)",
            file=sys.stderr,
        )
    return int(bool(strangers or (check and stale)))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
