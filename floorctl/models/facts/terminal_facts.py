"""Facts of terminals: their lane, who stands there, pauses and failures (contract 2)."""

from typing import Literal

from pydantic import Field

from floorctl.models.facts.fields import Code, Fact, PersonCode, Text, is_empty


class TerminalAssigned(Fact):
    kind: Literal["terminal.assigned"] = "terminal.assigned"
    terminal: Code
    lane: Code
    reason: Text = ""


class TerminalStaffed(Fact):
    kind: Literal["terminal.staffed"] = "terminal.staffed"
    terminal: Code
    staff: PersonCode | None
    # Why somebody without the authority stands there (仕様書 7(2)); not written where there is nothing to say.
    reason: Text = Field(default="", exclude_if=is_empty)


class TerminalPaused(Fact):
    kind: Literal["terminal.paused"] = "terminal.paused"
    terminal: Code
    reason: Text = ""


class TerminalResumed(Fact):
    kind: Literal["terminal.resumed"] = "terminal.resumed"
    terminal: Code
    reason: Text = ""


class TerminalFailed(Fact):
    kind: Literal["terminal.failed"] = "terminal.failed"
    terminal: Code
    fault: Text = ""


class TerminalRepaired(Fact):
    kind: Literal["terminal.repaired"] = "terminal.repaired"
    terminal: Code
    fault: Text = ""
