"""Review a rehearsal: its waits beside other courses, hand-offs, expectations, reports to the city. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from floorctl.advice.expectations import HandOff, Met
from floorctl.advice.played_waits import Course
from floorctl.models.day.terminal import Move
from floorctl.models.register.incident_deadline import word_and_due
from floorctl.models.register.register import Register
from floorctl.models.site.scenario import Expectation, Scenario
from floorctl.models.site.site import Site

REPORTED = "incident.reported"


class Report(NamedTuple):
    """Report to the city owed for a recorded incident; ``late``: after its due time, or missing at the end though due."""

    incident: str
    category: str
    word: str
    due: datetime
    reported_at: datetime | None
    late: bool


@dataclass(frozen=True)
class Review:
    """Outcome of a rehearsal played from ``since`` to ``until``.

    ``courses``: ``played no_action advice pooled``; ``acts``: facts that the trainee recorded, by kind; ``left_open``:
    open items of the board at the end; ``staff``: a code, or ''. ``by_hand``: somebody could act at a console.
    """

    name: str
    scenario: Scenario
    staff: str
    done_on: date
    seed: int
    since: datetime
    until: datetime
    courses: dict[str, Course]
    hand_offs: list[HandOff]
    met: list[Met]
    reports: list[Report]
    moves: list[Move]
    acts: dict[str, int]
    left_open: list[str]
    by_hand: bool = True

    @property
    def late_reports(self) -> list[Report]:
        return [x for x in self.reports if x.late]

    @property
    def reports_wanted(self) -> list[str]:
        """Return the categories of the incidents that the play expects to be reported to the city."""
        wanted = [m.expectation.wanted("category") or ("",) for m in self.met if REPORTED in m.expectation.kinds]
        return list(dict.fromkeys(category for categories in wanted for category in categories))

    @property
    def outside(self) -> tuple[int, int]:
        """Return how many messages and expectations lay before the play, and how many after it or undecided at its end."""
        before, after = outside(self.scenario, self.since.time(), self.until.time())
        return before, after + sum(_decidable(m.expectation, self.scenario) for m in self.met if m.state == "open")

    @property
    def against_none_s(self) -> int | None:
        """Return the mean wait minus that of the day without action, in whole seconds (negative: shorter)."""
        played, none = self.courses["played"].all.mean_s, self.courses["no_action"].all.mean_s
        return None if played is None or none is None else round(played - none)

    @property
    def to_advice_s(self) -> int | None:
        """Return the mean wait minus that under the advice, in whole seconds; None if it did not call the same people."""
        played, best = self.courses["played"].all, self.courses["advice"].all
        if played.mean_s is None or best.mean_s is None or played.n != best.n:
            return None
        return round(played.mean_s - best.mean_s)


def outside(s: Scenario, since: time, until: time) -> tuple[int, int]:
    """Return how many messages and expectations of a scenario lie before a play from ``since``, and after ``until``.

    A message of the last moment is still told; what is expected from then on is not seen.
    """
    told, expected = [m.at for m in s.messages], [e.at for e in s.expectations]
    after = sum(at > until for at in told) + sum(at >= until for at in expected)
    return sum(at < since for at in told + expected), after


def _decidable(e: Expectation, s: Scenario) -> bool:
    """Return whether an expectation is decided by the end of the whole scenario."""
    return datetime.combine(s.day, e.at) + timedelta(minutes=e.within) <= datetime.combine(s.day, s.ends)


def reports(register: Register, site: Site, until: datetime) -> list[Report]:
    """Return the reports owed for the incidents recorded, seen at ``until`` (仕様書 12(8) to (11))."""
    found = []
    calendar = register.calendar(site)
    for i in register.incidents.values():
        word, due = word_and_due(i, site, calendar)
        found.append(Report(i.code, i.category, word, due, i.reported_at, (i.reported_at or until) > due))
    return found
