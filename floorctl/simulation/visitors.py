"""Draw the visitors of a day: walk-ins by the hour, appointments, and how each behaves.

All of it is drawn before the day begins, from separate streams: the manager changes waits, never who comes or what they
need. Times are seconds since midnight.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from random import Random

from floorctl.models.board.appointments import EARLY, MISSED_SHARE
from floorctl.models.site.hall import Service
from floorctl.models.site.site import Site
from floorctl.simulation.cases import Case, draw_cards, draw_case
from floorctl.simulation.draws import pick, poisson, stream
from floorctl.simulation.hours import HOUR, hours_of, window
from floorctl.simulation.monthly_demand import DayLoad
from floorctl.simulation.service_kinds import Mix, groups, meaning

# Share of cases by hour (%): Ofunato City, three divisions, June 2024 to March 2025 (SPEC 2.4 [P43]); the hall opens 8:30.
ARRIVAL_SHARES: tuple[tuple[float, float, float], ...] = (
    (6, 8.5, 4.0),  # outside that study's hours: for other sites
    (8.5, 9, 4.0),
    (9, 10, 13.2),
    (10, 11, 16.3),
    (11, 12, 12.8),
    (12, 13, 8.5),
    (13, 14, 12.0),
    (14, 15, 12.3),
    (15, 16, 10.2),
    (16, 17, 7.6),
    (17, 18, 2.8),
    (18, 19, 0.4),
    (19, 24, 2.0),
)
AT_THE_DOOR = 0.55  # share of the first half hour's visitors who wait at the door as it opens [J]

# Appointments (SPEC 7(4)※): fewer around noon, while staff take lunch in turns [J].
NOON_SLOTS = (11 * HOUR, 13 * HOUR, 0.4)
SLOT_S = 600
UNBOOKED_SHARE = 0.05  # share of card visitors without appointment
EARLY_SD_MIN = 6.0  # sd of arrival minus appointment, in minutes

NOT_THERE_SHARE = 0.015  # no-shows
COMES_BACK_SHARE = 0.3  # share of no-shows who return
IMPATIENT_SHARE = 0.3  # share who abandon after PATIENCE_S plus an exponential time
PATIENCE_S, MORE_PATIENCE_S = 2400, 1500
WRONG_DESK_SHARE = 0.15  # share of `other` who in fact need application support
ASSIST_SHARE = 0.02


@dataclass(frozen=True)
class Visitor:
    """Person who takes a ticket at ``arrives`` if reception is open then."""

    arrives: int
    service: str
    case: Case
    cards: int = 1
    appointment: int | None = None
    assist: bool = False
    companions: int = 0
    not_there: bool = False
    back_after_s: int | None = None
    patience_s: int | None = None
    wants: str | None = None  # service really needed, found out after ``asked_after_s`` if still waiting
    wanted_case: Case | None = None
    asked_after_s: int = 0


def hall_open(site: Site, day: date) -> bool:
    """Return whether the main building and its desk 3 are open on an open day: not on a fifth Saturday (仕様書 6)."""
    if day.weekday() != 5:
        return day.weekday() < 5
    rules = site.calendar
    return (day.day + 6) // 7 in rules.hall_saturdays_nth or day.month in rules.saturday_peak_months


def _pieces(opens: int, closes: int) -> list[tuple[tuple[float, float], float]]:
    """Cut the hourly shares to a window, as ((from, to), weight)."""
    pieces = []
    for h0, h1, share in ARRIVAL_SHARES:
        a, b = max(h0 * HOUR, opens), min(h1 * HOUR, closes)
        if b > a:
            pieces.append(((a, b), share * (b - a) / ((h1 - h0) * HOUR)))
    return pieces or [((opens, max(closes, opens + 60)), 1.0)]


def _walk_ins(rng: Random, mean: float, opens: int, closes: int, *, first: bool) -> list[int]:
    """Draw Poisson arrivals over a window by the hourly shares; ``first``: some already wait as the doors open."""
    pieces = _pieces(opens, closes)
    times = []
    for _ in range(poisson(rng, mean)):
        a, b = pick(rng, pieces)
        at, at_door = int(rng.uniform(a, b)), rng.random() < AT_THE_DOOR
        times.append(opens + rng.randint(2, 90) if at < opens + 1800 and at_door and first else at)
    return sorted(min(t, closes - 1) for t in times)


def _slots(
    rng: Random, bookings: int, service: Service, opens: int, closes: int, windows: int
) -> list[tuple[int, int]]:
    """Draw appointments as (time, cards), for as many parallel ``windows``.

    Each lasts the service's first minutes, plus its minutes per further card.
    """
    grid = range(opens, closes - SLOT_S, SLOT_S)
    free = dict.fromkeys(grid, windows)
    low, high, light = NOON_SLOTS
    booked = []
    for _ in range(bookings):
        cards = draw_cards(rng)
        length = (service.first_minutes + service.further_card_minutes * (cards - 1)) * 60
        fits = []
        for t in grid:
            parts = range(t, t + length, SLOT_S)
            if all(free.get(p, 0) > 0 for p in parts):
                fits.append((t, (light if low <= t < high else 1.0) * free[t]))
        if not fits:
            continue  # fully booked
        start = pick(rng, fits)
        for p in range(start, start + length, SLOT_S):
            free[p] -= 1
        booked.append((start, cards))
    return sorted(booked)


class _Drawing:
    """Draws the visitors of one day with their behaviour."""

    def __init__(self, site: Site, day: date, rng: Random) -> None:
        self.site, self.day, self.rng = site, day, rng
        self.desk3 = hall_open(site, day)

    def visitor(self, arrives: int, service: str, cards: int = 1, appointment: int | None = None) -> Visitor:
        rng = self.rng
        assist = rng.random() < ASSIST_SHARE
        not_there = rng.random() < NOT_THERE_SHARE
        back = rng.randint(180, 900) if rng.random() < COMES_BACK_SHARE else None
        impatient = rng.random() < IMPATIENT_SHARE
        patience = PATIENCE_S + int(rng.expovariate(1 / MORE_PATIENCE_S))
        wants, after_s = None, rng.randint(20, 120)
        if meaning(self.site, service) == "other" and rng.random() < WRONG_DESK_SHARE:
            wants = next(iter(self.site.services_like("application_support")), None)
        return Visitor(
            arrives=arrives,
            service=service,
            case=draw_case(rng, self.site, service, cards, assist=assist, desk3=self.desk3),
            cards=cards,
            appointment=appointment,
            assist=assist,
            companions=pick(rng, ((0, 0.68), (1, 0.24), (2, 0.06), (3, 0.02))) + (cards > 2),
            not_there=not_there,
            back_after_s=back if not_there else None,
            patience_s=patience if impatient else None,
            wants=wants,
            wanted_case=draw_case(rng, self.site, wants, assist=assist, desk3=self.desk3) if wants else None,
            asked_after_s=after_s,
        )


def draw_visitor(site: Site, day: date, rng: Random, arrives: int, service: str, cards: int = 1) -> Visitor:
    """Draw an unexpected visitor, to whom the manager issued a ticket."""
    return _Drawing(site, day, rng).visitor(arrives, service, cards)


def draw_bookings(site: Site, day: date, load: DayLoad, seed: int) -> list[tuple[int, int]]:
    """Draw the day's appointments as (seconds since midnight, cards), with those that will be missed."""
    booked = [
        _bookings(stream(*names), site, day, load, service) for service, names in _by_appointment(site, day, seed)
    ]
    return sorted(b for own in booked for b in own)


def _by_appointment(site: Site, day: date, seed: int) -> list[tuple[Service, tuple[str | date | int, ...]]]:
    """Return the services that issue cards by appointment, each with its stream's name."""
    found = [site.service_by_code[code] for code in groups(site).cards]
    return [
        (s, ("sim", day, seed, "appointments", *([s.code] if n else [])))
        for n, s in enumerate(s for s in found if s.appointment)
    ]


def _bookings(rng: Random, site: Site, day: date, load: DayLoad, service: Service) -> list[tuple[int, int]]:
    opens, closes = window(site, service.code, day)
    windows = max(1, sum(t.lane == service.lane for t in site.terminals) - 1)
    expected = load.issuances / len(groups(site).cards)
    bookings = poisson(rng, expected * (1 - UNBOOKED_SHARE) / (1 - MISSED_SHARE))
    return _slots(rng, bookings, service, opens, closes, windows)


def draw_visitors(site: Site, day: date, load: DayLoad, seed: int) -> tuple[Visitor, ...]:
    """Draw the visitors of a day in order of arrival, all within their service's reception hours."""
    visitors: list[Visitor] = []
    doors = hours_of(site, day).opens
    come = groups(site)

    def walk_ins(name: str, mean: float, mix: Mix) -> None:
        if not mix:
            return
        rng = stream("sim", day, seed, name)
        opens = min(window(site, s, day)[0] for s, _ in mix)
        closes = max(window(site, s, day)[1] for s, _ in mix)
        drawing = _Drawing(site, day, stream("sim", day, seed, name, "cases"))
        for at in _walk_ins(rng, mean, opens, closes, first=opens == doors):
            service = pick(rng, mix)
            visitor = drawing.visitor(at, service, draw_cards(rng) if service in come.cards else 1)
            first, last = window(site, service, day)
            if first <= at < last:
                visitors.append(visitor)

    walk_ins("certificates", load.certificates, come.certificates)
    walk_ins("applications", load.applications, come.applications)
    walk_ins("registrations", load.registrations, come.registrations)
    booked = [site.service_by_code[code].appointment for code in come.cards]
    unbooked = [UNBOOKED_SHARE if by_appointment else 1.0 for by_appointment in booked]
    mean = load.issuances * sum(unbooked) / max(1, len(unbooked))
    walk_ins("unbooked", mean, tuple(zip(come.cards, unbooked, strict=True)))
    for service, names in _by_appointment(site, day, seed):
        rng = stream(*names)
        drawing = _Drawing(site, day, stream(*names, "cases"))
        opens, closes = window(site, service.code, day)
        for slot, cards in _bookings(rng, site, day, load, service):
            missed = rng.random() < MISSED_SHARE
            arrives = slot + round(60 * rng.gauss(-EARLY.total_seconds() / 60, EARLY_SD_MIN))
            visitor = drawing.visitor(max(arrives, opens + rng.randint(2, 60)), service.code, cards, slot)
            if not missed and visitor.arrives < closes:
                visitors.append(visitor)
    return tuple(sorted(visitors, key=lambda v: v.arrives))
