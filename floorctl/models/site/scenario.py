"""Scenario of a rehearsal (仕様書 8): the simulated day, its events, and the acts expected of the trainee."""

from collections.abc import Iterator
from dataclasses import field
from datetime import date, time
from typing import Annotated, Literal

from floorctl.common.constraints import Between, Chars
from floorctl.common.frozen import record
from floorctl.models.site.part import Code, Fault, Part, Words, repeated

Sentence = Annotated[str, Chars(r"^[^\x00-\x1f\x7f]+$", least=1, most=160)]
Minutes = Annotated[int, Between(1, 600)]
FactKind = Annotated[str, Chars(r"^[a-z_]{1,32}\.[a-z_]{1,32}$")]

WAITING = "{waiting}"  # in a message: the number waiting in each lane then
HAND_OFF = "hand_off.taken"  # no kind of fact: every case is taken by city staff in time
# Fields that say what a fact is about, the first that it has: a repetition about the same counts once.
TARGETS = ("ticket", "service", "lane", "equipment", "terminal", "escalation", "incident")


@record
class Message(Part):
    """Oral message to the trainee."""

    at: time
    who: Words
    text: Sentence


@record
class MishapPlan(Part):
    """Mishap in the hall from ``at`` to ``until``. ``check`` knows the keys that each kind needs.

    ``outage``: ``services`` stop. ``slow``: each of their cases takes ``minutes`` longer. ``failure``:
    ``terminals`` fail. ``officials``: at most ``present`` of the city's staff. ``power``: nothing works.
    """

    kind: Literal["outage", "slow", "failure", "officials", "power"]
    at: time
    until: time
    services: tuple[Code, ...] = ()
    terminals: tuple[Code, ...] = ()
    minutes: Minutes = 5
    present: Annotated[int, Between(0, 20)] = 0
    fault: Words = "応答なし"

    def check(self) -> Iterator[Fault]:
        yield from repeated("services", self.services)
        yield from repeated("terminals", self.terminals)
        for kinds, key in ((("outage", "slow"), "services"), (("failure",), "terminals")):
            codes = getattr(self, key)
            if self.kind in kinds and codes == ():
                yield Fault(("kind",), f"{self.kind} には {key} が要ります", f'{key} = ["…"] を書き足してください')
            elif self.kind is not None and self.kind not in kinds and codes:
                why = f"kind が {self.kind} の出来事では使われません"
                yield Fault((key,), why, "消すか、kind を直してください")


@record
class Expectation(Part):
    """Expected act: record a fact of one of ``kinds`` within ``within`` minutes after ``at``.

    ``where``: required values of the fact's fields (a tuple: any of these; ``*``: any but empty; ``category`` of an
    incident's facts is that of the incident). ``after``: counts only after a fact of one of these kinds. ``count``:
    number of facts, with different targets. ``never``: no such fact may be recorded in that time. Kind
    ``hand_off.taken``: every case raised from ``at`` on is taken within the minutes.
    """

    text: Sentence
    clause: Words
    at: time
    within: Minutes
    kinds: Annotated[tuple[FactKind, ...], Between(1)]
    where: dict[Code, str | tuple[str, ...]] = field(default_factory=dict)
    count: Annotated[int, Between(1, 99)] = 1
    never: bool = False
    after: tuple[FactKind, ...] = ()

    def wanted(self, field: str) -> tuple[str, ...]:
        """Return the values of ``field`` that are expected, none if it is not asked for."""
        values = self.where.get(field) or ()
        return (values,) if isinstance(values, str) else values

    def takes(self, field: str, value: object) -> bool:
        """Return whether a fact's value of ``field`` is one of the expected."""
        wanted = self.wanted(field)
        return value not in (None, "", ()) if "*" in wanted else str(value) in wanted


@record
class Scenario(Part):
    """Scenario of one day, played by hand from ``starts`` to ``ends``; the rest of the day is simulated.

    ``training``: part of the training (仕様書 8) that it counts for, if the site lists it. ``speed``: simulated seconds
    per second.
    """

    title: Words
    summary: Words
    purpose: Sentence
    tasks: Annotated[tuple[Sentence, ...], Between(1, 8)]
    training: Code
    day: date
    volume: Literal["low", "normal", "surge"] = "normal"
    seed: Annotated[int, Between(0, 999_999_999)] = 1
    speed: Annotated[int, Between(1, 3600)] = 5
    starts: time
    ends: time
    messages: tuple[Message, ...] = ()
    mishaps: tuple[MishapPlan, ...] = ()
    expectations: tuple[Expectation, ...] = ()
