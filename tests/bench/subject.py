"""One program that is started again and again, with what was measured of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from tests.bench.watched import Watched

LETTERS = tuple(x.encode() for x in "abcdef")


@dataclass
class Subject:
    """How a program is started, the words of its first frame and of what it is for, which keys it gets; lists of what was
    measured, in ms: when each stood there (``frames``, ``contents``), when the last byte came, and what the process had
    taken of the processor by then (``framed``, ``worked``)."""

    start: Callable[[], Watched]
    frame: str
    content: str
    keys: Sequence[bytes] = LETTERS
    frames: list[float] = field(default_factory=list)
    contents: list[float] = field(default_factory=list)
    last: list[float] = field(default_factory=list)
    framed: list[float] = field(default_factory=list)
    worked: list[float] = field(default_factory=list)
    answers: list[float] = field(default_factory=list)
    memory: float = 0.0
    idle: float = 0.0

    def sample(self) -> float | None:
        """Start it once; return when its content stood there, in ms."""
        with self.start() as app:
            app.wait(self.content)
            app.settle()
            frame, content = app.shown_ms(self.frame), app.shown_ms(self.content)
            framed, worked = app.worked_ms(self.frame), app.worked_ms(self.content)
            last = app.last_ms()
        if frame is None or content is None or framed is None or worked is None:
            return None
        self.frames.append(frame)
        self.contents.append(content)
        self.last.append(last)
        self.framed.append(framed)
        self.worked.append(worked)
        return content
