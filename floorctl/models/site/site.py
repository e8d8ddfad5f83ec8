"""The site: contract, hall and city as data (``data/*.toml``), with look-ups by code. No city is named in code."""

from collections.abc import Collection, Iterable
from dataclasses import field
from datetime import date, time
from functools import cached_property
from typing import Annotated, get_args

from floorctl.common.constraints import Between
from floorctl.common.frozen import record
from floorctl.common.words import DECISIONS, OUTCOMES, WEEKDAYS
from floorctl.models.site.advice_constants import AdviceConstants
from floorctl.models.site.calendar_rules import CalendarRules
from floorctl.models.site.city_codes import CityCodes
from floorctl.models.site.contract import AnnualDemand, Contract, Holding, Venue
from floorctl.models.site.duty_rules import DutyRules, Question, ReportWithin
from floorctl.models.site.hall import (
    LANE_OF,
    Band,
    BookingCode,
    ChecklistItem,
    CityHours,
    Equipment,
    Hall,
    ItemMeaning,
    Lane,
    LaneMeaning,
    Matter,
    MatterMeaning,
    OtherDesk,
    Post,
    Remark,
    Seats,
    Service,
    ServiceMeaning,
    ShiftCode,
    Skill,
    Terminal,
    TrainingItem,
    WorkItem,
    by_meaning,
)
from floorctl.models.site.languages import HallPageSettings
from floorctl.models.site.part import MOST_LANES, MOST_PARTS, MOST_TERMINALS, Code, Part, Words
from floorctl.models.site.settings import BoardSettings, DocumentSettings, FeedSource, Thresholds
from floorctl.models.site.source import MOST_SOURCES, Source

MOST_REMARKS = 12  # each has a key of its own in one list


class _Lookups:
    """Instance dictionary beside the slots of a site, for its cached properties."""

    __slots__ = ("__dict__",)


@record
class Site(Part, _Lookups):
    """Whole site file; ``site_rules`` makes sure that every code that is referred to exists, and that it can be met."""

    code: Code
    name: Words
    city: Words
    contract: Contract
    venues: Annotated[tuple[Venue, ...], Between(1)]
    hall: Hall
    lanes: Annotated[tuple[Lane, ...], Between(1, MOST_LANES)]
    services: Annotated[tuple[Service, ...], Between(1, MOST_PARTS)]
    terminals: Annotated[tuple[Terminal, ...], Between(1, MOST_TERMINALS)]
    bands: tuple[Band, ...] = ()
    matters: Annotated[tuple[Matter, ...], Between(1, MOST_PARTS)]
    work_items: Annotated[tuple[WorkItem, ...], Between(most=MOST_PARTS)] = ()
    inquiry_topics: tuple[Words, ...] = ()
    accommodations: tuple[Words, ...] = ()
    referrals: tuple[Words, ...] = ()
    posts: tuple[Post, ...] = ()
    remarks: Annotated[tuple[Remark, ...], Between(most=MOST_REMARKS)] = ()
    skills: Annotated[tuple[Skill, ...], Between(most=MOST_PARTS)] = ()
    booking_codes: Annotated[tuple[BookingCode, ...], Between(most=MOST_PARTS)] = ()
    shift_codes: Annotated[tuple[ShiftCode, ...], Between(most=MOST_PARTS)] = ()
    city_hours: Annotated[tuple[CityHours, ...], Between(most=MOST_PARTS)] = ()
    checklist: tuple[ChecklistItem, ...] = ()
    training: tuple[TrainingItem, ...] = ()
    equipment: tuple[Equipment, ...] = ()
    seats: Seats
    other_desk: OtherDesk = field(default_factory=OtherDesk)
    city_codes: CityCodes = field(default_factory=CityCodes)
    thresholds: Thresholds
    advice: AdviceConstants = field(default_factory=AdviceConstants)
    incident_reports: dict[str, ReportWithin] = field(default_factory=dict)
    calendar: CalendarRules
    questions: tuple[Question, ...] = ()
    duties: DutyRules = field(default_factory=DutyRules)
    demand: tuple[AnnualDemand, ...] = ()
    holding: Holding | None = None
    feeds: tuple[FeedSource, ...] = ()
    sources: Annotated[tuple[Source, ...], Between(most=MOST_SOURCES)] = ()
    board: BoardSettings = field(default_factory=BoardSettings)
    documents: DocumentSettings = field(default_factory=DocumentSettings)
    hall_page: HallPageSettings = field(default_factory=HallPageSettings)

    @property
    def most_in_hall(self) -> int:
        """Return the upper bound of persons in the hall: that of one lane times the lanes."""
        return self.seats.most_in_lane * len(self.lanes)

    @cached_property
    def lane_by_code(self) -> dict[str, Lane]:
        return {x.code: x for x in self.lanes}

    @cached_property
    def service_by_code(self) -> dict[str, Service]:
        return {x.code: x for x in self.services}

    @cached_property
    def terminal_by_code(self) -> dict[str, Terminal]:
        return {x.code: x for x in self.terminals}

    @cached_property
    def matter_by_code(self) -> dict[str, Matter]:
        return {x.code: x for x in self.matters}

    @cached_property
    def work_item_by_code(self) -> dict[str, WorkItem]:
        return {x.code: x for x in self.work_items}

    @cached_property
    def post_by_code(self) -> dict[str, Post]:
        return {x.code: x for x in self.posts}

    @cached_property
    def remark_by_code(self) -> dict[str, Remark]:
        return {x.code: x for x in self.remarks}

    @cached_property
    def skill_by_code(self) -> dict[str, Skill]:
        return {x.code: x for x in self.skills}

    def skills_of_lane(self, lane: str) -> tuple[str, ...]:
        """Return the skills of which one is needed to serve a lane, by code; () where none is asked."""
        return self._skills_by_lane.get(lane, ())

    @cached_property
    def _skills_by_lane(self) -> dict[str, tuple[str, ...]]:
        return {lane.code: tuple(x.code for x in self.skills if lane.code in x.lanes) for lane in self.lanes}

    @cached_property
    def skills_of_posts(self) -> tuple[str, ...]:
        """Return the skills of which one is needed to guide visitors, by code; () where none is asked."""
        return tuple(x.code for x in self.skills if x.posts)

    def skill_words(self, codes: Iterable[str]) -> str:
        """Return skills by their names, in the site's order: 交付・電子証明書."""
        held = {*codes}
        return "・".join(x.name for x in self.skills if x.code in held)

    @cached_property
    def shift_by_code(self) -> dict[str, ShiftCode]:
        return {x.code: x for x in self.shift_codes}

    @cached_property
    def checklist_by_code(self) -> dict[str, ChecklistItem]:
        return {x.code: x for x in self.checklist}

    @cached_property
    def equipment_by_code(self) -> dict[str, Equipment]:
        return {x.code: x for x in self.equipment}

    @cached_property
    def training_by_code(self) -> dict[str, TrainingItem]:
        return {x.code: x for x in self.training}

    def training_name(self, code: str) -> str:
        """Return the name of a part of the training; 研修 for one that the site does not list."""
        item = self.training_by_code.get(code)
        return item.name if item else "研修"

    @cached_property
    def question_by_code(self) -> dict[str, Question]:
        return {x.code: x for x in self.questions}

    @cached_property
    def band_by_lane(self) -> dict[str, Band]:
        return {x.lane: x for x in self.bands}

    @cached_property
    def service_meanings(self) -> dict[str, str]:
        """Return the meaning of each service: its ``like``, else its code if that is a known meaning, else ""."""
        return {s.code: s.like or (s.code if s.code in get_args(ServiceMeaning) else "") for s in self.services}

    @cached_property
    def lane_meanings(self) -> dict[str, str]:
        """Return the meaning of each lane: its ``like``, its code, or that of its services; "" if none is known."""
        found = {}
        for lane in self.lanes:
            own = [m for s, m in self.service_meanings.items() if self.service_by_code[s].lane == lane.code]
            told = lane.like or (lane.code if lane.code in get_args(LaneMeaning) else "")
            found[lane.code] = told or next((LANE_OF[m] for m in own if m in LANE_OF), "")
        return found

    def lanes_like(self, *meanings: str) -> list[str]:
        """Return the codes of the lanes with one of these meanings, in the site's order."""
        return [code for code, meaning in self.lane_meanings.items() if meaning in meanings]

    @cached_property
    def item_by_meaning(self) -> dict[str, str]:
        """Return the code of the first work item of each meaning."""
        return by_meaning(self.work_items, get_args(ItemMeaning))

    @cached_property
    def matter_by_meaning(self) -> dict[str, str]:
        """Return the code of the first matter of each meaning."""
        return by_meaning(self.matters, get_args(MatterMeaning))

    def items_like(self, *meanings: str) -> list[str]:
        """Return the codes of the work items with one of these meanings, in the site's order."""
        known = get_args(ItemMeaning)
        return [w.code for w in self.work_items if (w.like or (w.code if w.code in known else "")) in meanings]

    def services_like(self, *meanings: str) -> list[str]:
        """Return the codes of the services with one of these meanings, in the site's order."""
        return [code for code, meaning in self.service_meanings.items() if meaning in meanings]

    @cached_property
    def card_services(self) -> tuple[str, ...]:
        """Return the services that issue cards; without any, those by appointment."""
        return tuple(self.services_like("card_issuance") or [s.code for s in self.services if s.appointment])

    @cached_property
    def card_lanes(self) -> tuple[str, ...]:
        """Return the lanes of ``card_services``: a finished ticket there is cards issued."""
        lanes = {self.service_by_code[code].lane for code in self.card_services}
        return tuple(x.code for x in self.lanes if x.code in lanes)

    def wait_target_s(self, lane: str) -> int:
        """Return the longest wait aimed at in a lane, in seconds: its own target, else the hall's."""
        known = self.lane_by_code.get(lane)
        return self.thresholds.wait_target_s if known is None or known.wait_target_s is None else known.wait_target_s

    def outcome_word(self, outcome: str) -> str:
        """Return the outcome of a service in the site's words."""
        return self.other_desk.short if outcome == "desk3" else OUTCOMES.get(outcome, "")

    def decision_word(self, outcome: str) -> str:
        """Return the city's decision of a case in the site's words."""
        return f"{self.other_desk.short}へ案内" if outcome == "desk3" else DECISIONS.get(outcome, "")

    @cached_property
    def movable_lanes(self) -> tuple[str, ...]:
        """Return the lanes between which terminals can move, in the site's order."""
        asked = {s.lane for s in self.services}  # a lane without services never has a queue
        shared = {c for t in self.terminals if len(t.lanes) > 1 for c in t.lanes}
        return tuple(x.code for x in self.lanes if x.code in shared & asked)

    @cached_property
    def terminal_by_digit(self) -> dict[str, str]:
        """Return the terminal that each digit key chooses.

        A terminal whose code ends in the digit, one that several lanes share first; else by the order of the site.
        """
        shared_first = sorted(self.terminals, key=lambda t: len(t.lanes) < 2)
        found: dict[str, str] = {}
        for n, t in enumerate(self.terminals[:8], 1):
            ends = next((x.code for x in shared_first if x.code.rstrip("0123456789") + str(n) == x.code), None)
            found[str(n)] = ends or t.code
        return found

    @property
    def terminal_digits(self) -> str:
        """Return the digit keys that choose a terminal, as they are written: 1-5."""
        digits = list(self.terminal_by_digit)
        return "-".join(dict.fromkeys((digits[0], digits[-1]))) if digits else ""

    def lanes_beside(self, terminal: str, lane: str) -> tuple[str, str]:
        """Return the lanes to which the left and the right arrow move a terminal that serves ``lane``, or ""."""
        own = [x.code for x in self.lanes if x.code in self.terminal_by_code[terminal].lanes]
        at = own.index(lane)
        return own[at - 1] if at else "", own[at + 1] if at + 1 < len(own) else ""

    @cached_property
    def worked_lanes(self) -> tuple[str, ...]:
        """Return the lanes whose load is balanced: ``movable_lanes``, or all with services if there are none."""
        asked = {s.lane for s in self.services}
        return self.movable_lanes or tuple(x.code for x in self.lanes if x.code in asked)

    def hours(self, service: str, weekday: int) -> tuple[time, time]:
        """Return the reception window of a service on a weekday, 0 = Monday (仕様書 7(4); A9: the same unless set)."""
        s = self.service_by_code[service]
        for name, hours in s.weekday_hours.items():
            if name == WEEKDAYS[weekday]:
                return hours
        return (s.opens, s.closes)

    def reception_of(self, lanes: Collection[str], weekday: int) -> tuple[time, time]:
        """Return the first opening and the last closing of the services of these lanes; midnight twice without any."""
        windows = [self.hours(s.code, weekday) for s in self.services if s.lane in lanes]
        return (min(o for o, _ in windows), max(c for _, c in windows)) if windows else (time(0), time(0))

    def longest_usual_s(self, lane: str) -> float:
        """Return the longest usual service time (s) of a lane; 0 for a lane without a service."""
        return 60.0 * max((s.typical_minutes for s in self.services if s.lane == lane), default=0)

    def venue_on(self, day: date) -> Venue:
        """Return the venue that is used on ``day``."""
        held = [v for v in self.venues if v.valid_from <= day]
        return max(held, key=lambda v: v.valid_from) if held else self.venues[0]
