"""A scenario of a rehearsal (仕様書 8): the day that is played, what happens on it, and what is expected of the trainee."""

from dataclasses import field
from datetime import date, time
from typing import Annotated, Literal

from floorctl.common.constraints import Between, Chars
from floorctl.common.frozen import record
from floorctl.models.site.part import Code, Part, SiteError, Words

Sentence = Annotated[str, Chars(r"^[^\x00-\x1f\x7f]+$", least=1, most=160)]
Minutes = Annotated[int, Between(1, 600)]
FactKind = Annotated[str, Chars(r"^[a-z_]{1,32}\.[a-z_]{1,32}$")]

WAITING = "{waiting}"  # in what somebody says: how many stand in each lane then
HAND_OFF = "hand_off.taken"  # no fact: every case is taken by the city's staff in time


@record
class Message(Part):
    """Somebody tells the trainee something, by word of mouth."""

    at: time
    who: Words
    text: Sentence


@record
class MishapPlan(Part):
    """Something goes wrong in the hall from ``at`` to ``until``. Which keys a kind needs is checked.

    ``outage``: ``services`` stand still. ``slow``: each of their cases takes ``minutes`` longer. ``failure``:
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

    def check(self) -> None:
        if self.until <= self.at:
            raise SiteError("until が at より前です", "until")
        for kinds, key in ((("outage", "slow"), "services"), (("failure",), "terminals")):
            if self.kind in kinds and not getattr(self, key):
                raise SiteError(f"kind = {self.kind} には {key} が要ります", "kind")


@record
class Expectation(Part):
    """What the trainee should do by ``within`` minutes after ``at``: record a fact of one of ``kinds``.

    ``where``: fields that the fact must have (a list: one of these; ``category`` of an incident's facts is that of the
    incident). ``count``: how often, with different targets. ``never``: it must not be done in that time. ``hand_off.taken`` as kind: every case raised from ``at`` on is
    taken within the minutes.
    """

    text: Sentence
    clause: Words
    at: time
    within: Minutes
    kinds: Annotated[tuple[FactKind, ...], Between(1)]
    where: dict[Code, str | tuple[str, ...]] = field(default_factory=dict)
    count: Annotated[int, Between(1, 99)] = 1
    never: bool = False

    def takes(self, field: str, value: object) -> bool:
        """Whether a fact's value of ``field`` is one that is asked for."""
        wanted = self.where[field]
        return str(value) in ((wanted,) if isinstance(wanted, str) else wanted)


@record
class Scenario(Part):
    """``training``: the part of the training (仕様書 8) that it counts for, where the site lists it. ``starts`` to ``ends``
    is played by hand, ``speed`` times as fast as life; the rest of the day goes by itself."""

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

    def check(self) -> None:
        if self.ends <= self.starts:
            raise SiteError("ends が starts より前です", "ends")
