"""The nine answers again in plain Python from the rows, by exact fractions: what every engine's answer must equal."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import date
from fractions import Fraction
from math import ceil, floor
from typing import Any

Rows = dict[str, list[dict[str, Any]]]
Answer = list[tuple[Any, ...]]


def half_up(value: Fraction) -> int:
    """Round to a whole number, x.5 up."""
    return floor(value + Fraction(1, 2))


def nearest_rank(values: Iterable[int], share: Fraction) -> int | None:
    """Return the smallest value that so many of all are at or under; None of none."""
    ordered = sorted(values)
    return ordered[ceil(share * len(ordered)) - 1] if ordered else None


def worked_s(row: dict[str, Any]) -> int:
    """Return the seconds that terminals worked in an hour."""
    return half_up(Fraction(row["terminals"]) * 3600)


def yyyymm(day: date) -> int:
    """Return the month of a day as a number."""
    return day.year * 100 + day.month


def grouped(rows: Iterable[dict[str, Any]], *names: str) -> dict[tuple[Any, ...], list[dict[str, Any]]]:
    """Return rows by the values of some columns, in their order."""
    found: dict[tuple[Any, ...], list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        found[tuple(row[n] for n in names)].append(row)
    return dict(sorted(found.items()))


def waits_by_hour(rows: Rows) -> Answer:
    found = []
    for (site, hour), own in grouped(rows["hours"], "site", "hour").items():
        n = sum(r["wait_n"] for r in own)
        if n:
            mean = half_up(Fraction(sum(r["wait_sum_s"] for r in own), n))
            longest = max((r["wait_max_s"] for r in own if r["wait_max_s"] is not None), default=None)
            found.append((site, hour, sum(r["issued"] for r in own), n, mean, longest))
    return found


def best_split(rows: Rows) -> Answer:
    meaning = {(r["site"], r["day"], r["lane"]): r["meaning"] for r in rows["lanes"]}
    loads: dict[tuple[int, int], dict[int, list[tuple[str, int, int]]]] = defaultdict(lambda: defaultdict(list))
    for (site, day, _), own in grouped(rows["hours"], "site", "day", "hour").items():
        both = [(meaning.get((site, day, r["lane"])), r) for r in own]
        both = [(m, r) for m, r in both if m in ("issuance", "certificate")]
        n = sum(r["wait_n"] for _, r in both)
        if n:
            cards, certificates = (
                half_up(Fraction(sum(worked_s(r) for m, r in both if m == wanted), 3600))
                for wanted in ("issuance", "certificate")
            )
            came = sum(r["issued"] for _, r in both) // 5 * 5
            loads[cards + certificates, came][cards].append((site, n, sum(r["wait_sum_s"] for _, r in both)))
    found = []
    for (terminals, came), splits in sorted(loads.items()):
        mean = {c: Fraction(sum(w for *_, w in seen), sum(n for _, n, _ in seen)) for c, seen in splits.items()}
        cards = min(mean, key=lambda c: (floor(1000 * mean[c]), c))
        seen = splits[cards]
        sites = len({s for s, *_ in seen})
        found.append((terminals, came, cards, terminals - cards, len(seen), sites, half_up(mean[cards])))
    return found


def duties_late(rows: Rows) -> Answer:
    late = [r for r in rows["duties"] if r["tracked"] and r["days_late"] > 0]
    return [
        (*key, len({r["duty_for"] for r in own}), max(r["days_late"] for r in own))
        for key, own in grouped(late, "site", "duty").items()
    ]


def still_owed(rows: Rows) -> Answer:
    last = {site: max(r["day"] for r in own) for (site,), own in grouped(rows["days"], "site").items()}
    owed = [r for r in rows["duties"] if r["tracked"] and r["state"] == "overdue" and r["day"] == last.get(r["site"])]
    found = [(r["site"], r["duty"], r["duty_for"], r["due"], r["days_late"]) for r in owed]
    return sorted(found, key=lambda x: (x[0], x[3], x[1], x[2]))


def target_by_month(rows: Rows) -> Answer:
    shares: dict[tuple[str, int], tuple[int, int, int]] = {}
    known = [{**r, "no": r["day"].year * 12 + r["day"].month - 1} for r in rows["lanes"] if r["target_of"] is not None]
    for (site, no), own in grouped(known, "site", "no").items():
        within, of = sum(r["target_within"] for r in own), sum(r["target_of"] for r in own)
        if of >= 10:
            shares[site, no] = within, of, 100 * within // of
    return [
        (
            site,
            no // 12 * 100 + no % 12 + 1,
            *told,
            told[2] - shares[site, no - 1][2] if (site, no - 1) in shares else None,
        )
        for (site, no), told in shares.items()
    ]


def forecast_against_actual(rows: Rows) -> Answer:
    counts = {(r["site"], r["day"]) for r in rows["days"] if r["closed_at"] is not None and r["issued"] > 0}
    came = {key: sum(r["issued"] for r in own) for key, own in grouped(rows["hours"], "site", "day", "lane").items()}
    found: dict[tuple[str, int], list[tuple[Fraction, int]]] = defaultdict(list)
    for key, own in grouped(rows["forecasts"], "site", "day", "lane").items():
        if key[:2] in counts and key in came:
            expected = sum((Fraction(half_up(Fraction(r["expected"]) * 100), 100) for r in own), Fraction(0))
            found[key[0], yyyymm(key[1])].append((expected, came[key]))
    answer = []
    for (site, month), pairs in sorted(found.items()):
        e, c = sum((x for x, _ in pairs), Fraction(0)), sum(x for _, x in pairs)
        if e:
            off = sum((abs(x - y) for x, y in pairs), Fraction(0))
            near = sum(abs(x - y) <= x / 4 for x, y in pairs)
            answer.append((site, month, len(pairs), half_up(e), c, half_up(100 * c / e), half_up(100 * off / e), near))
    return answer


def hand_off_times(rows: Rows) -> Answer:
    found = []
    for (site,), own in grouped(rows["escalations"], "site").items():
        taken, settled = ([r[n] for r in own if r[n] is not None] for n in ("to_taken_s", "to_settled_s"))
        both = ((len(x), nearest_rank(x, Fraction(1, 2)), nearest_rank(x, Fraction(9, 10))) for x in (taken, settled))
        found.append((site, len(own), *(v for x in both for v in x)))
    return found


def outage_minutes(rows: Rows) -> Answer:
    meaning = {(r["site"], r["day"], r["service"]): r["meaning"] for r in rows["services"]}
    sort = {(r["site"], r["day"], r["incident"]): r["category"] for r in rows["incidents"]}
    told = [
        {
            **r,
            "month": yyyymm(r["day"]),
            "meaning": meaning.get((r["site"], r["day"], r["service"]), ""),
            "sort": sort.get((r["site"], r["day"], r["incident"]), "unknown") if r["incident"] else "planned",
        }
        for r in rows["outages"]
    ]
    return [
        (*key, len({r["day"] for r in own}), sum(r["minutes"] for r in own))
        for key, own in grouped(told, "site", "month", "meaning", "sort").items()
    ]


def terminals_needed(rows: Rows) -> Answer:
    target = {(r["site"], r["day"], r["lane"]): max(1, r["wait_target_s"]) for r in rows["lanes"]}
    served = [r for r in rows["hours"] if r["service_n"]]
    length = {
        key: half_up(Fraction(sum(r["service_sum_s"] for r in own), sum(r["service_n"] for r in own)))
        for key, own in grouped(served, "site", "lane").items()
    }
    found = []
    for (site, lane, hour), own in grouped(rows["hours"], "site", "lane", "hour").items():
        seen = [r for r in own if (site, r["day"], lane) in target and (site, lane) in length]
        if seen:
            s = length[site, lane]
            needs = [
                ceil(Fraction(r["issued"] * s, 3600) + Fraction(2303, 1000) * s / target[site, r["day"], lane])
                if r["issued"]
                else 0
                for r in seen
            ]
            worked = half_up(Fraction(sum(map(worked_s, seen)), 360 * len(seen)))
            ranks = (nearest_rank(needs, share) for share in (Fraction(1, 2), Fraction(9, 10)))
            found.append((site, lane, hour, len(seen), s, *ranks, worked))
    return found


# By the number at the head of each file.
RECOUNTS: dict[str, Callable[[Rows], Answer]] = {
    "01": waits_by_hour,
    "02": best_split,
    "03": duties_late,
    "04": still_owed,
    "05": target_by_month,
    "06": forecast_against_actual,
    "07": hand_off_times,
    "08": outage_minutes,
    "09": terminals_needed,
}
