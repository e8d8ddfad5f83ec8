"""A site: what the contract, the hall and the city lay down, as data (``data/*.toml``). Nothing of a city is code."""

import datetime as dt
from collections.abc import Iterable, Sequence
from datetime import date, time
from functools import cached_property
from typing import Annotated, Literal, Self, get_args

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from floorctl.common.words import DECISIONS, OTHER_DESK, OUTCOMES

Code = Annotated[str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9_]{0,31}$")]
Words = Annotated[str, StringConstraints(min_length=1, max_length=80, pattern=r"^[^\x00-\x1f\x7f]+$")]
Seconds = Annotated[int, Field(ge=0, le=86_400)]
# Of a hall: terminals in a lane, pieces of equipment (each has a line of its own on the screen). Of a city: people, cases.
Pieces = Annotated[int, Field(ge=0, le=99)]
# Of a fiscal year: a simulated day draws each of its visitors, so that the work of `simulate` grows with it.
Cases = Annotated[int, Field(ge=0, le=999_999)]
People = Annotated[int, Field(ge=0, le=99_999_999)]
# A hall of so many parts is still drawn and folded at once: every fact looks at every lane and terminal.
MOST_LANES, MOST_TERMINALS, MOST_PARTS = 26, 99, 200
MonthDay = Annotated[str, StringConstraints(pattern=r"^(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$")]
WEEKDAYS = ("月", "火", "水", "木", "金", "土", "日")

# What floorctl has a rule for, whatever a site calls it: a part has the meaning of its own code, or says ``like``.
ServiceMeaning = Literal[
    "card_issuance",
    "cert_issue",
    "cert_renewal",
    "pin_reset",
    "reissue_application",
    "application_support",
    "registration_support",
    "other",
]
ItemMeaning = Literal[
    "issuance_new",
    "issuance_renewal",
    "issuance_reissue",
    "cert_signature_new",
    "cert_signature_renewal",
    "cert_signature_revoked",
    "cert_user_auth_new",
    "cert_user_auth_renewal",
    "cert_user_auth_revoked",
    "cert_copy",
    "revocation_receipt",
    "furigana_print",
    "pin_change",
    "pin_reset",
    "form_reissue",
    "support_received",
    "support_completed",
    "support_cancelled",
    "photo",
    "pickup_guidance",
    "insurance_signup",
    "benefit_account",
    "other_desk_referral",
    "accommodation",
]
LaneMeaning = Literal["issuance", "certificate", "application", "registration"]
_LANE_OF = {
    "card_issuance": "issuance",
    "cert_issue": "certificate",
    "cert_renewal": "certificate",
    "pin_reset": "certificate",
    "reissue_application": "certificate",
    "application_support": "application",
    "registration_support": "registration",
}
MatterMeaning = Literal["identity", "cert_decision", "pin_entry", "proxy", "fee", "inquiry"]


class SiteError(ValueError):
    """A rule between keys is broken; ``place`` is the key at fault, as a path from the part that checks it."""

    def __init__(self, text: str, *place: str | int) -> None:
        super().__init__(text)
        self.place = place


class Part(BaseModel):
    """Base of all parts of a site: frozen, strict, no unknown keys, no range that ends before it starts."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", strict=True, defer_build=True, ignored_types=(cached_property,)
    )

    @model_validator(mode="after")
    def _ranges_in_order(self) -> Self:
        held = (
            self.__dict__
        )  # hasattr would ask pydantic for what it does not have: a dozen times the cost, a thousand times
        for first, last in (("start", "end"), ("opens", "closes"), ("low", "high")):
            if first in held and last in held and held[last] < held[first]:
                raise SiteError(f"{last} が {first} より前（または小さい値）です", last)
        return self


class Contract(Part):
    """The contract as it stands on every document (仕様書 1, 2)."""

    title: Words
    start: date
    end: date
    client: Words
    department: Words
    contractor: Words


class Venue(Part):
    """Where the work is done from a date on; the venue may move (仕様書 4※, 16(6))."""

    valid_from: date
    name: Words
    short: Words
    address: Words
    building: Words


class Hall(Part):
    """Opening hours of the main building (仕様書 6)."""

    opens: time
    closes: time


class Lane(Part):
    """A queue that terminals serve. ``letter`` begins the ticket numbers given by hand."""

    code: Code
    name: Words
    title: Words
    letter: Annotated[str, StringConstraints(pattern=r"^[A-Z]$")]
    wait_target_s: Seconds | None = None
    like: LaneMeaning | None = None


class Service(Part):
    """A service with the lane that serves it and its reception window (仕様書 7(4))."""

    code: Code
    name: Words
    short: Words
    lane: Code
    opens: time
    closes: time
    appointment: bool = False
    first_minutes: Annotated[int, Field(ge=1, le=240)] = 10
    further_card_minutes: Annotated[int, Field(ge=0, le=60)] = 0
    typical_minutes: Annotated[int, Field(ge=1, le=240)] = 12
    hint: Annotated[str, StringConstraints(max_length=80, pattern=r"^[^\x00-\x1f\x7f]*$")] = ""
    like: ServiceMeaning | None = None
    weekday_hours: dict[Literal["月", "火", "水", "木", "金", "土", "日"], tuple[time, time]] = {}

    @model_validator(mode="after")
    def _weekday_hours_in_order(self) -> Self:
        for weekday, (opens, closes) in self.weekday_hours.items():
            if closes < opens:
                raise SiteError(f"weekday_hours の {weekday} で終わりが始まりより前です", "weekday_hours", weekday)
        return self


class Terminal(Part):
    """A terminal, the lanes it may serve, and the one it serves when a day opens without saying.

    ``authority``: only who has the operator's authority and a vein registration may stand there (仕様書 7(2)).
    """

    code: Code
    name: Words
    lanes: Annotated[tuple[Code, ...], Field(min_length=1)]
    lane: Code
    authority: bool = True


class Band(Part):
    """How many terminals a lane usually has; outside it a move needs a reason (仕様書 15(4)※)."""

    lane: Code
    low: Pieces
    high: Pieces


class Matter(Part):
    """A matter for city staff. ``reserved``: 公権力の行使, only the city decides (仕様書 7(2))."""

    code: Code
    name: Words
    short: Words
    reserved: bool
    like: MatterMeaning | None = None


class WorkItem(Part):
    """Something that is counted for the daily documents (仕様書 7(3)), typed in the grid of its lane."""

    code: Code
    name: Words
    short: Words
    lane: Code
    # Whose total the day's records are held against at the close, e.g. 統合端末; "" where nobody counts it beside us.
    ledger: Words | Literal[""] = ""
    like: ItemMeaning | None = None


class Post(Part):
    """A place of 会場案内, away from the terminals (仕様書 7(1)ア)."""

    code: Code
    name: Words


class ChecklistItem(Part):
    """Something to be seen to before the doors open or before the day ends (仕様書 5(3)③⑧, 6).

    ``shown_by``: what floorctl can tell by itself from the facts; else the manager ticks it.
    """

    code: Code
    list: Literal["opening", "closing"]
    name: Words
    shown_by: Literal["", "terminals", "officials", "roll_call", "permits", "queue", "cases", "incidents", "cards"] = ""


class OtherDesk(Part):
    """The city's own desk, to which a visitor is shown where the hall cannot go on (outcome ``desk3``, 仕様書 7(4))."""

    name: Words = OTHER_DESK
    short: Words = OTHER_DESK


class TrainingItem(Part):
    """A part of the training before the work begins (仕様書 8)."""

    code: Code
    name: Words


class Equipment(Part):
    """Equipment that the city provides, between ``low`` and ``high`` pieces (仕様書 15(4)).

    ``watched``: its states are kept, and where no piece works that is said, in the words of ``all_down`` if any.
    """

    code: Code
    name: Words
    low: Pieces
    high: Pieces
    watched: bool = False
    serves: tuple[Code, ...] = ()  # lanes
    all_down: Annotated[str, StringConstraints(max_length=80, pattern=r"^[^\x00-\x1f\x7f]*$")] = ""


class Seats(Part):
    """Chairs of the hall (仕様書 15(4)): ``capacity`` is what the overflow alarm counts with."""

    low: Annotated[int, Field(ge=0, le=9_999)]
    high: Annotated[int, Field(ge=0, le=9_999)]
    capacity: Annotated[int, Field(ge=0, le=9_999)]
    # Nobody can stand in a lane beyond this, seats and standing room: a larger head count is a slip (contract 6).
    most_in_lane: Annotated[int, Field(ge=1, le=9_999)] = 300


class Thresholds(Part):
    """When the board says that something is off. Seconds, but for ``overtaken`` (tickets)."""

    escalation_amber_s: Seconds
    escalation_red_s: Seconds
    wait_target_s: Seconds
    no_show_s: Seconds
    stale_feed_s: Seconds
    long_service_s: Seconds
    overtaken: Annotated[int, Field(ge=1, le=999)]
    switch_s: Seconds
    appointment_late_s: Seconds = 300
    last_call_s: Seconds = 1200
    break_due_s: Seconds = 18_000
    clock_skew_s: Seconds = 60


class ReportWithin(Part):
    """How soon a category of incident is told to the city: the word of the contract and its clock (A15).

    ``within`` where no minutes are given; 速やかに is by itself the next open day, any other word the same day.
    ``damage_minutes``: with damage it is told as ``damage_word`` says. ``after_measures``: the first measures are told too.
    """

    word: Words
    minutes: Annotated[int, Field(ge=0, le=44_640)] | None = None
    within: Literal["same_day", "next_open_day"] | None = None
    damage_word: Words = "直ちに"
    damage_minutes: Annotated[int, Field(ge=0, le=44_640)] | None = None
    after_measures: bool = False

    @property
    def scope(self) -> str:
        """``same_day`` or ``next_open_day``."""
        return self.within or ("next_open_day" if self.word == "速やかに" else "same_day")


# The readings by which due dates are computed (models/register/duties.py); those of the other questions are words alone.
DATED_READINGS: dict[str, frozenset[str]] = {
    "A1": frozenset({"venue_day", "weekday"}),
    "A2": frozenset({"venue_days", "hall_days", "weekdays"}),
    "A3": frozenset({"earliest", "sun_sat", "mon_sun", "by_14th", "second_full_week"}),
    "A4": frozenset({"contract_start", "first_counter_day"}),
    "A5": frozenset({"previous_city_day", "as_is"}),
    "A6": frozenset({"contract_end", "fiscal_year_end"}),
}


class Reading(Part):
    """One way to read an open question."""

    code: Code
    name: Words


class Question(Part):
    """協議事項: words of the contract with several readings (仕様書 16(7)); ``default`` holds until a ruling says else.

    ``setting``: where the site file keeps what follows from it, where a ruling by itself moves no due date.
    """

    code: Annotated[str, StringConstraints(pattern=r"^A([1-9]|1[0-5])$")]
    name: Words
    clause: Words
    default: Code
    readings: Annotated[tuple[Reading, ...], Field(min_length=1)]
    setting: Annotated[str, StringConstraints(max_length=80, pattern=r"^[^\x00-\x1f\x7f]*$")] = ""

    @model_validator(mode="after")
    def _readings_known(self) -> Self:
        codes = [r.code for r in self.readings]
        if len(codes) != len(set(codes)):
            raise SiteError(f"{self.code} に同じ読みが2度あります", "readings")
        if self.default not in codes:
            raise SiteError(f"{self.code} の default = {self.default} が readings にありません", "default")
        unknown = set(codes) - DATED_READINGS.get(self.code, frozenset(codes))
        if unknown:
            allowed = "・".join(sorted(DATED_READINGS[self.code]))
            raise SiteError(f"{self.code} の読みに使えるのは {allowed} です", "readings")
        return self

    def reading_name(self, code: str) -> str:
        """The words of a reading; its code where it is none of the question's."""
        return next((r.name for r in self.readings if r.code == code), code)


class DutyRules(Part):
    """Periods of what is owed to the city (仕様書 5(4), 8, 9, 10, 11), and the heads of the monthly meeting."""

    weeks_before_start: Annotated[int, Field(ge=0, le=52)] = 2
    minutes_days: Annotated[int, Field(ge=1, le=60)] = 3
    staff_change_months: Annotated[int, Field(ge=0, le=12)] = 1
    handover_months: Annotated[int, Field(ge=0, le=12)] = 2
    training_every_months: Annotated[int, Field(ge=1, le=24)] = 6
    meeting_heads: tuple[Words, ...] = ()


class AnnualDemand(Part):
    """What the contract expects of a fiscal year (仕様書 15(2), 15(3)), as totals."""

    fiscal_year: Annotated[int, Field(ge=2000, le=2199)]
    cert_renewals: Cases
    card_renewals: Cases
    new_and_reissued: Cases


class Holding(Part):
    """Cards held in the city as the contract states them (仕様書 15(1)). ``rate`` is quoted: it has another population."""

    as_of: date
    population: People
    cards: People
    rate: Words
    source: Words


class Override(Part):
    """An agreed exception of the calendar (仕様書 6※): an extra day, or a closure."""

    date: dt.date
    kind: Literal["extra", "closed_emergency"]
    reason: Words
    agreed_on: dt.date
    agreed_with: Words = "監督員"

    @model_validator(mode="after")
    def _agreed_before(self) -> Self:
        if self.kind == "extra" and self.agreed_on > self.date:
            raise SiteError("agreed_on は date 以前の日にしてください", "agreed_on")
        return self


class Closure(Part):
    """A period in which no visitor is received though the calendar would say open (仕様書 8)."""

    start: date
    end: date
    reason: Words


class CalendarRules(Part):
    """The rules of 仕様書 6 as data. ``nth`` counts Saturdays of a month from 1."""

    saturdays_nth: tuple[Annotated[int, Field(ge=1, le=5)], ...]
    hall_saturdays_nth: tuple[Annotated[int, Field(ge=1, le=5)], ...]
    saturday_peak_months: tuple[Annotated[int, Field(ge=1, le=12)], ...]
    year_end_from: MonthDay
    year_end_to: MonthDay
    training: tuple[Closure, ...] = ()
    overrides: tuple[Override, ...] = ()


class FeedSource(Part):
    """A feed that the console follows by itself."""

    path: Annotated[str, StringConstraints(min_length=1, max_length=4096, pattern=r"^[^\x00-\x1f\x7f]+$")]
    source: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._:-]{1,64}$")] = "feed"


class BoardSettings(Part):
    """How the console looks and sounds by default."""

    bell: bool = True
    theme: Literal["dark", "light", "mono"] = "dark"


class DocumentSettings(Part):
    """Which file lays the documents out: a path from the folder of the site file; "": as shipped (data/documents.toml)."""

    template: Annotated[str, StringConstraints(max_length=4096, pattern=r"^[^\x00-\x1f\x7f]*$")] = ""


class Site(Part):
    """The whole site file, checked: every code that is named somewhere exists."""

    code: Code
    name: Words
    city: Words
    contract: Contract
    venues: Annotated[tuple[Venue, ...], Field(min_length=1)]
    hall: Hall
    lanes: Annotated[tuple[Lane, ...], Field(min_length=1, max_length=MOST_LANES)]
    services: Annotated[tuple[Service, ...], Field(min_length=1, max_length=MOST_PARTS)]
    terminals: Annotated[tuple[Terminal, ...], Field(min_length=1, max_length=MOST_TERMINALS)]
    bands: tuple[Band, ...] = ()
    matters: Annotated[tuple[Matter, ...], Field(min_length=1, max_length=MOST_PARTS)]
    work_items: Annotated[tuple[WorkItem, ...], Field(max_length=MOST_PARTS)] = ()
    inquiry_topics: tuple[Words, ...] = ()
    accommodations: tuple[Words, ...] = ()
    posts: tuple[Post, ...] = ()
    checklist: tuple[ChecklistItem, ...] = ()
    training: tuple[TrainingItem, ...] = ()
    equipment: tuple[Equipment, ...] = ()
    seats: Seats
    other_desk: OtherDesk = Field(default_factory=OtherDesk)  # made when it is asked for: a model is built at once else
    thresholds: Thresholds
    incident_reports: dict[str, ReportWithin] = {}
    calendar: CalendarRules
    questions: tuple[Question, ...] = ()
    duties: DutyRules = Field(default_factory=DutyRules)
    demand: tuple[AnnualDemand, ...] = ()
    holding: Holding | None = None
    feeds: tuple[FeedSource, ...] = ()
    board: BoardSettings = Field(default_factory=BoardSettings)
    documents: DocumentSettings = Field(default_factory=DocumentSettings)

    @model_validator(mode="after")
    def _codes_exist(self) -> Self:
        tables: dict[
            str,
            tuple[
                Lane
                | Service
                | Terminal
                | Matter
                | WorkItem
                | Post
                | ChecklistItem
                | TrainingItem
                | Equipment
                | Question,
                ...,
            ],
        ] = {
            "lanes": self.lanes,
            "services": self.services,
            "terminals": self.terminals,
            "matters": self.matters,
            "work_items": self.work_items,
            "posts": self.posts,
            "checklist": self.checklist,
            "training": self.training,
            "equipment": self.equipment,
            "questions": self.questions,
        }
        for word, parts in tables.items():
            seen: set[str] = set()
            for n, part in enumerate(parts):
                if part.code in seen:
                    raise SiteError(f"{word} のコード {part.code} が2度あります", word, n, "code")
                seen.add(part.code)
        lanes = {lane.code for lane in self.lanes}
        named: list[tuple[str, int, str, str]] = []
        named += [("services", n, "lane", s.lane) for n, s in enumerate(self.services)]
        named += [("terminals", n, "lanes", c) for n, t in enumerate(self.terminals) for c in t.lanes]
        named += [("bands", n, "lane", b.lane) for n, b in enumerate(self.bands)]
        named += [("work_items", n, "lane", w.lane) for n, w in enumerate(self.work_items)]
        named += [("equipment", n, "serves", c) for n, e in enumerate(self.equipment) for c in e.serves]
        for word, n, key, lane in named:
            if lane not in lanes:
                raise SiteError(f"{word} の {key} にある {lane} が lanes にありません", word, n, key)
        for n, t in enumerate(self.terminals):
            if t.lane not in t.lanes:
                raise SiteError(
                    f"terminals の {t.code} の lane = {t.lane} が、その lanes にありません", "terminals", n, "lane"
                )
        return self

    @property
    def most_in_hall(self) -> int:
        """How many people can be in the hall at all: as many in each lane as can stand there."""
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
    def checklist_by_code(self) -> dict[str, ChecklistItem]:
        return {x.code: x for x in self.checklist}

    @cached_property
    def equipment_by_code(self) -> dict[str, Equipment]:
        return {x.code: x for x in self.equipment}

    @cached_property
    def training_by_code(self) -> dict[str, TrainingItem]:
        return {x.code: x for x in self.training}

    def training_name(self, code: str) -> str:
        """The name of a part of the training; what the site does not list is training all the same."""
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
        """What each service is, by its code: as it says, else by its own code; "" where floorctl knows no more."""
        return {s.code: s.like or (s.code if s.code in get_args(ServiceMeaning) else "") for s in self.services}

    @cached_property
    def lane_meanings(self) -> dict[str, str]:
        """What each lane is, by its code: as it says, by its own code, else by its services; "" where nothing is known."""
        found = {}
        for lane in self.lanes:
            own = [m for s, m in self.service_meanings.items() if self.service_by_code[s].lane == lane.code]
            told = lane.like or (lane.code if lane.code in get_args(LaneMeaning) else "")
            found[lane.code] = told or next((_LANE_OF[m] for m in own if m in _LANE_OF), "")
        return found

    def lanes_like(self, *meanings: str) -> list[str]:
        """Codes of the lanes that mean one of these, in the site's order."""
        return [code for code, meaning in self.lane_meanings.items() if meaning in meanings]

    @cached_property
    def item_by_meaning(self) -> dict[str, str]:
        """The code of the first work item of each meaning that the site counts."""
        return _by_meaning(self.work_items, get_args(ItemMeaning))

    @cached_property
    def matter_by_meaning(self) -> dict[str, str]:
        """The code of the first matter of each meaning that the site has."""
        return _by_meaning(self.matters, get_args(MatterMeaning))

    def items_like(self, *meanings: str) -> list[str]:
        """Codes of the work items that mean one of these, in the site's order."""
        known = get_args(ItemMeaning)
        return [w.code for w in self.work_items if (w.like or (w.code if w.code in known else "")) in meanings]

    def services_like(self, *meanings: str) -> list[str]:
        """Codes of the services that mean one of these, in the site's order."""
        return [code for code, meaning in self.service_meanings.items() if meaning in meanings]

    @cached_property
    def card_services(self) -> tuple[str, ...]:
        """Services that hand cards over; where none says so, those by appointment."""
        return tuple(self.services_like("card_issuance") or [s.code for s in self.services if s.appointment])

    @cached_property
    def card_lanes(self) -> tuple[str, ...]:
        """The lanes of ``card_services``: what is finished there are cards handed over."""
        lanes = {self.service_by_code[code].lane for code in self.card_services}
        return tuple(x.code for x in self.lanes if x.code in lanes)

    def outcome_word(self, outcome: str) -> str:
        """How a service ended, in the site's words."""
        return self.other_desk.short if outcome == "desk3" else OUTCOMES.get(outcome, "")

    def decision_word(self, outcome: str) -> str:
        """What became of a case for city staff, in the site's words."""
        return f"{self.other_desk.short}へ案内" if outcome == "desk3" else DECISIONS.get(outcome, "")

    @cached_property
    def movable_lanes(self) -> tuple[str, ...]:
        """Lanes between which terminals can be moved, in the site's order."""
        asked = {s.lane for s in self.services}  # where nobody ever waits nothing is to be moved
        shared = {c for t in self.terminals if len(t.lanes) > 1 for c in t.lanes}
        return tuple(x.code for x in self.lanes if x.code in shared & asked)

    @cached_property
    def terminal_by_digit(self) -> dict[str, str]:
        """The terminal that a digit of the keyboard chooses: whose code ends in it, those that are shared before others;
        a digit in which no code ends chooses by the order of the site."""
        shared_first = sorted(self.terminals, key=lambda t: len(t.lanes) < 2)
        found: dict[str, str] = {}
        for n, t in enumerate(self.terminals[:8], 1):
            ends = next((x.code for x in shared_first if x.code.rstrip("0123456789") + str(n) == x.code), None)
            found[str(n)] = ends or t.code
        return found

    def lanes_beside(self, terminal: str, lane: str) -> tuple[str, str]:
        """The lanes to which the left and the right arrow lead a terminal that serves ``lane``; "" where none is."""
        own = [x.code for x in self.lanes if x.code in self.terminal_by_code[terminal].lanes]
        at = own.index(lane)
        return own[at - 1] if at else "", own[at + 1] if at + 1 < len(own) else ""

    @cached_property
    def worked_lanes(self) -> tuple[str, ...]:
        """The lanes whose load is shared out: those between which terminals move, or all where none does."""
        asked = {s.lane for s in self.services}
        return self.movable_lanes or tuple(x.code for x in self.lanes if x.code in asked)

    def hours(self, service: str, weekday: int) -> tuple[time, time]:
        """Reception window of a service on a weekday (0 = Monday) (仕様書 7(4); A9: the same unless set)."""
        s = self.service_by_code[service]
        for name, hours in s.weekday_hours.items():
            if name == WEEKDAYS[weekday]:
                return hours
        return (s.opens, s.closes)

    def venue_on(self, day: date) -> Venue:
        """The venue that holds on ``day``."""
        held = [v for v in self.venues if v.valid_from <= day]
        return max(held, key=lambda v: v.valid_from) if held else self.venues[0]


def _by_meaning(parts: Sequence[WorkItem | Matter], known: Iterable[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for part in parts:
        meaning = part.like or part.code
        if meaning in known:
            found.setdefault(meaning, part.code)
    return found
