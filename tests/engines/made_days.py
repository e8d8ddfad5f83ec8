"""Days of invented sites as rows of the lake's tables: deterministic, with the edges on which engines differ."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from random import Random

from floorctl.common.clock import JST
from floorctl.usecases.parquet_rows import Row
from floorctl.usecases.parquet_tables import TABLES

Made = dict[str, list[Row]]  # table: rows without the day

# Lanes of a site: code, meaning, terminals.
LANES = (
    (("cards", "issuance", 3), ("certs", "certificate", 2)),
    (("交付", "issuance", 4), ("電子証明書", "certificate", 3)),
    (("A", "issuance", 2), ("B", "certificate", 2), ("相談", "", 1)),
)
TOPICS, SORTS = ("必要書類", "所要時間"), ("outage", "power", "complaint")


def made(site: int, day: date, *, quiet: bool = False) -> Made:
    """Return a day of a site. ``quiet``: nobody came and nothing happened."""
    rng = Random(site * 1_000_003 + day.toordinal())
    lanes = LANES[site % len(LANES)]
    found: Made = {table: [] for table in TABLES}
    issued = 0
    for n, (lane, meaning, terminals) in enumerate(lanes):
        hours = [_hour(rng, hour, terminals, quiet=quiet) for hour in range(9, 17)]
        issued += sum(h["issued"] for h in hours)
        found["hours"] += [_row("hours", lane=lane, **h) for h in hours]
        of = sum(h["wait_n"] for h in hours)
        within = rng.randrange(of // 2, of + 1) if of else 0
        found["lanes"].append(
            _row(
                "lanes",
                lane=lane,
                name=f"窓口{n}",
                meaning=meaning,
                wait_target_s=(900, 1200, 1800)[n],
                terminals=terminals,
                target_within=within,
                target_of=of,
                target_unknown=0,
            )
        )
        found["services"].append(_row("services", service=f"v{n}", name=f"業務{n}", lane=lane, meaning=meaning))
        found["forecasts"] += [
            _row("forecasts", hour=h, lane=lane, foretold_at=at(day, 9), expected=rng.randrange(0, 2500) / 100)
            for h in range(9, 17)
        ]
    if not quiet:
        found["escalations"] = [_escalation(rng, n, day) for n in range(rng.randrange(4))]
        found["outages"], found["incidents"] = _outages(rng, day)
        found["inquiries"] = [_row("inquiries", topic=x, count=rng.randrange(9)) for x in TOPICS]
    found["duties"] = _duties(rng, day)
    found["days"] = [
        _row(
            "days", opened_at=at(day, 9), closed_at=at(day, 17), issued=issued, head_hash=f"{rng.getrandbits(256):064x}"
        )
    ]
    return found


def at(day: date, hour: int, second: int = 0) -> datetime:
    """Return an instant of a day."""
    return datetime.combine(day, time(hour), JST) + timedelta(seconds=second)


def _hour(rng: Random, hour: int, most: int, *, quiet: bool) -> dict[str, int | float | None]:
    came = 0 if quiet else rng.randrange(0, 28) * (rng.random() > 0.1)
    waits = [rng.randrange(0, 2400) for _ in range(came)]
    if came == 2:
        waits[1] = waits[0] + 1  # a mean of x.5
    served = 0 if quiet else rng.randrange(0, came + 1)
    return {
        "hour": hour,
        "issued": came,
        "called": came,
        "served": served,
        "wait_n": came,
        "wait_sum_s": sum(waits),
        "wait_mean_s": round(sum(waits) / came) if came else None,
        "wait_max_s": max(waits, default=None),
        "waiting_max": rng.randrange(20),
        "terminals": most - rng.choice((0, 0, 0.5, 1, 0.2503)),  # half a terminal: rounded, the splits depend on it
        "service_n": served,
        "service_sum_s": sum(rng.randrange(240, 1800) for _ in range(served)),
    }


def _escalation(rng: Random, n: int, day: date) -> Row:
    taken = rng.choice((None, rng.randrange(0, 900), 60))
    # A case may be settled that nobody took up.
    settled = (None, 700)[n % 2] if taken is None else rng.choice((None, taken + rng.randrange(60, 3600)))
    raised = at(day, 10, rng.randrange(20_000))
    return _row(
        "escalations",
        escalation=f"E{n}",
        matter="ask",
        raised_at=raised,
        taken_at=None if taken is None else raised + timedelta(seconds=taken),
        settled_at=None if settled is None else raised + timedelta(seconds=settled),
        to_taken_s=taken,
        to_settled_s=settled,
    )


def _outages(rng: Random, day: date) -> tuple[list[Row], list[Row]]:
    if rng.random() < 0.7:
        return [], []
    sort = rng.choice(SORTS)
    incident = _row(
        "incidents",
        incident="I1",
        category=sort,
        occurred_at=at(day, 11),
        found_at=at(day, 11),
        state="open",
        services=("v0", "v1"),
        terminals=(),
    )
    # The second incident began on an earlier day and has no row on this one.
    codes = ("I1", rng.choice(("", "I0")))
    lost = [
        _row("outages", n=n, incident=code, service=rng.choice(("v0", "v1", "unknown")), minutes=rng.randrange(1, 200))
        for n, code in enumerate(codes, 1)
    ]
    return lost, [incident]


def _duties(rng: Random, day: date) -> list[Row]:
    found = []
    for duty, back in (("daily_report", 1), ("daily_report", 3), ("monthly_report", 2)):
        late = rng.choice((0, 0, back))
        state = "overdue" if late and rng.random() < 0.5 else "submitted"
        due = day - timedelta(days=late)
        found.append(
            _row(
                "duties",
                duty=duty,
                duty_for=str(due - timedelta(days=back)),
                due=due,
                state=state,
                days_late=late,
                tracked=rng.random() > 0.1,
            )
        )
    return found


_NOTHING = {"text": "", "texts": (), "int": 0, "long": 0, "real": 0.0, "bool": False}


def _row(table: str, **values: object) -> Row:
    """Return a row in the order of the table's columns; what is not given is null, or nothing where null may not be."""
    known = {c.name for c in TABLES[table]}
    assert values.keys() <= known, values.keys() - known
    return tuple(
        values[c.name] if c.name in values else None if c.optional else _NOTHING[c.kind]  # type: ignore[misc]
        for c in TABLES[table]
    )


def working_days(first: date, n: int) -> Sequence[date]:
    """Return the first ``n`` days from Monday to Friday."""
    found: list[date] = []
    while len(found) < n:
        if first.weekday() < 5:
            found.append(first)
        first += timedelta(days=1)
    return found
