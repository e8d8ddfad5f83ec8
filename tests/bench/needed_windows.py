"""Measure the windows needed against the simulated hall, by hand: ``python -m tests.bench.needed_windows [SEEDS [DAYS]]``.

For days of several loads: the windows that the model finds needed in each half hour of the certificate lane, and how many
of those who come in it wait at most the target in the hall over SEEDS days, with them and with one less in one half hour.
Then cards, with the slots of the day known. Then the interval: of SEEDS recorded days at 10:00 and 13:00, how often it holds what is needed with the true level.
"""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime
from functools import partial

from floorctl.advice.arrivals import Demand, forecast
from floorctl.advice.forecast import Forecaster
from floorctl.advice.known_ahead import look_ahead
from floorctl.advice.service_times import ServiceTimes, from_observations, observations
from floorctl.advice.waits import Trust
from floorctl.advice.window_runs import WITHIN, fewest
from floorctl.advice.windows_needed import lane_ahead
from floorctl.commands.fold import fold
from floorctl.intake.demand_table import demand_table
from floorctl.models.day.floor import Floor
from floorctl.models.facts import kinds as ev
from floorctl.models.facts.checked import parse_fact
from floorctl.models.facts.entry import Entry
from floorctl.models.register.register import Register
from floorctl.models.site.site import Site
from floorctl.rehearsal.simulated_feed import simulated_feed
from floorctl.simulation.hall import Desk, Hall
from floorctl.simulation.monthly_demand import DayLoad, Volume, day_load
from floorctl.simulation.visitors import draw_bookings, draw_visitors
from tests.story import instant, kumagaya

LANE, CARDS = "certificate", "issuance"
DAYS: tuple[tuple[date, Volume], ...] = (
    (date(2026, 10, 5), "low"),
    (date(2026, 10, 7), "normal"),
    (date(2026, 10, 5), "normal"),
    (date(2027, 1, 14), "normal"),
    (date(2027, 5, 11), "normal"),
    (date(2027, 5, 10), "normal"),
)
AFTER = 4  # half hours in which a window less may be felt


def entries(site: Site, day: date, seed: int, volume: Volume) -> list[Entry]:
    facts = [parse_fact(x) for x in simulated_feed(site, day, seed, volume).splitlines()]
    return [Entry(k, "feed", f.at, "feed", f) for k, f in enumerate(facts, 1)]


def learned(site: Site) -> ServiceTimes:
    """The service times that five recorded days tell."""
    found = []
    for seed in range(901, 906):
        day = fold(site, DAYS[1][0], entries(site, DAYS[1][0], seed, "normal"))
        found += observations(day, instant("18:00", DAYS[1][0]))
    return from_observations(site, found)


def kept(
    site: Site,
    day: date,
    load: DayLoad,
    windows: Sequence[tuple[datetime, int]],
    seeds: Iterable[int],
    lane: str = LANE,
) -> list[list[float]]:
    """The waits of those who come in each half hour, over so many days in the hall with these windows."""
    waits: list[list[float]] = [[] for _ in windows]
    for seed in seeds:
        hall = Hall(site, day, "x")
        hall.opened = True
        seconds = [hall.second(at) for at, _ in windows]
        desks = [d for d in hall.desks.values() if lane in d.lanes]
        for at, (_, n) in zip(seconds, windows, strict=True):
            hall.plan(at, partial(staff, hall, desks, n, lane))
        for v in draw_visitors(site, day, load, seed):
            if site.service_by_code[v.service].lane == lane:
                hall.plan(v.arrives, partial(hall.do_arrive, v))
        hall.run(20 * 3600)
        for p in hall.people.values():
            if p.called is not None and p.lane == lane:
                k = max(0, sum(at <= p.key[0] for at in seconds) - 1)
                waits[k].append(max(0, p.called - p.key[0]))
    return waits


def staff(hall: Hall, desks: Sequence[Desk], n: int, lane: str) -> None:
    """Staff the first ``n`` desks for the lane; the others finish whom they serve."""
    for k, desk in enumerate(desks):
        desk.lane = lane
        if (desk.staff is not None) != (k < n):
            hall.put(desk, f"S{k}" if k < n else None)
    hall.wake(lane)


def share(waits: Sequence[float], target_s: float) -> float:
    return sum(w <= target_s for w in waits) / len(waits) if waits else 1.0


def against_the_hall(site: Site, seeds: int, days: Sequence[tuple[date, Volume]]) -> None:
    times, table, target = learned(site), demand_table(site), float(site.wait_target_s(LANE))
    halves = held = near = fewer = 0
    for day, volume in days:
        load, morning = day_load(day, volume, table), instant("08:30", day)
        floor = Floor(site, day)
        usual = day_load(day, "normal", table).certificates
        demand = forecast(floor, Register(), table, morning)
        ahead = lane_ahead(floor, times, demand, LANE, morning, look_ahead(floor, Register(), morning), Trust())
        scale = load.certificates / usual
        ahead = ahead.replace(
            halves=tuple(h.replace(persons=h.persons * scale, door=h.door * scale) for h in ahead.halves)
        )
        begun = time.thread_time()
        found = fewest(ahead)
        took = time.thread_time() - begun
        starts = [h.start for h in demand.lanes[LANE].halves]
        plan = list(zip(starts, (n for n, _ in found), strict=True))
        shares = [share(w, target) for w in kept(site, day, load, plan, range(seeds))]
        lowered = []
        for k, (_, n) in enumerate(plan):
            if n > 1:
                less = [(at, m - (j == k)) for j, (at, m) in enumerate(plan)]
                waits = kept(site, day, load, less[: k + AFTER], range(seeds))
                lowered.append(min(share(w, target) for w in waits[k : k + AFTER]) < WITHIN)
        halves, held = halves + len(shares), held + sum(s >= WITHIN for s in shares)
        near, fewer = near + sum(s >= WITHIN - 0.03 for s in shares), fewer + sum(lowered)
        print(f"{day} {volume:6} {load.certificates:5.0f} came  {1000 * took:4.0f} ms  {[n for _, n in plan]}")
        print(
            f"   shares {' '.join(f'{s:.2f}' for s in shares)}  one less breaks {sum(lowered)}/{len(lowered)}",
            flush=True,
        )
    print(f"of {halves} half hours {held} kept, {near} within 3 points; one less broke {fewer}")


def by_appointment(site: Site, seeds: int) -> None:
    """Cards: each day with its own slots known, then with one window less all day."""
    times, table, target = learned(site), demand_table(site), float(site.wait_target_s(CARDS))
    for day, volume in (DAYS[1], DAYS[4], DAYS[5]):
        load, now = day_load(day, volume, table), instant("08:30", day)
        full: list[list[float]] = []
        less: list[list[float]] = []
        for seed in range(seeds):
            register, floor = Register(), Floor(site, day)
            slots = Counter(draw_bookings(site, day, load, seed))
            register.appointments[day] = tuple(
                ev.Slot(time=f"{at // 3600:02d}:{at // 60 % 60:02d}", count=n, cards=cards)
                for (at, cards), n in sorted(slots.items())
            )
            demand = forecast(floor, register, table, now)
            ahead = lane_ahead(floor, times, demand, CARDS, now, look_ahead(floor, register, now), Trust())
            starts = [h.start for h in demand.lanes[CARDS].halves]
            windows = [n for n, _ in fewest(ahead)]
            for total, more in ((full, 0), (less, -1)):
                plan = [(at, max(1, n + more)) for at, n in zip(starts, windows, strict=True)]
                found = kept(site, day, load, plan, [seed], CARDS)
                total.extend([] for _ in found[len(total) :])
                for own, waits in zip(total, found, strict=True):
                    own += waits
        print(f"{day} cards  {' '.join(f'{share(w, target):.2f}' for w in full)}")
        print(f"   one less {' '.join(f'{share(w, target):.2f}' for w in less)}", flush=True)


def interval(site: Site, seeds: int) -> None:
    table = demand_table(site)
    inside = exact = n = 0
    days: tuple[tuple[date, Volume], ...] = ((date(2026, 10, 5), "normal"), (date(2027, 5, 11), "normal"))
    for day, volume in days:
        for seed in range(seeds // 2):
            told, f, register = entries(site, day, seed, volume), Forecaster(site, day, table), Register()
            for at in ("10:00", "13:00"):
                now = instant(at, day)
                floor = fold(site, day, [e for e in told if e.fact.at <= now])
                trust, demand = f.watch.trust(floor, register, now)[LANE], f.demand(floor, register, now)
                own = demand.lanes[LANE]
                level = 1 / own.factor
                halves = tuple(replace(h, expected=h.expected * level, door=h.door * level) for h in own.halves)
                known = Demand(now, {LANE: replace(own, halves=halves)})
                times = f.times(floor, now).longer(trust.longer)
                true = fewest(lane_ahead(floor, times, known, LANE, now, look_ahead(floor, register, now), trust))
                for h, (m, _) in zip(f.needed(floor, register, now, demand)[LANE].halves, true, strict=True):
                    n, inside, exact = n + 1, inside + (h.low <= m <= h.high), exact + (h.needed == m)
    print(
        f"of {n} half hours the interval held {inside} ({inside / n:.0%}), the number itself {exact} ({exact / n:.0%})"
    )


def main(seeds: int = 60, days: int = len(DAYS)) -> None:
    site = kumagaya()
    against_the_hall(site, seeds, DAYS[:days])
    by_appointment(site, seeds)
    interval(site, seeds)


if __name__ == "__main__":
    main(*(int(x) for x in sys.argv[1:]))
