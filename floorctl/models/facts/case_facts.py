"""Facts of cases that are handed over to city staff, and of how many of them are there (仕様書 7(2))."""

from typing import Literal

from floorctl.models.facts.fields import Code, Decision, Fact, Number, PersonCode, Present, Text


class EscalationRaised(Fact):
    kind: Literal["escalation.raised"] = "escalation.raised"
    escalation: Number
    matter: Code
    terminal: Code | None = None
    ticket: Number | None = None
    note: Text = ""


class EscalationTaken(Fact):
    kind: Literal["escalation.taken"] = "escalation.taken"
    escalation: Number
    official: PersonCode | Literal[""] = ""


class EscalationSettled(Fact):
    kind: Literal["escalation.settled"] = "escalation.settled"
    escalation: Number
    outcome: Decision
    official: PersonCode | Literal[""] = ""


class OfficialsChanged(Fact):
    kind: Literal["officials.changed"] = "officials.changed"
    present: Present
