"""Queries of a period over the derived tables; the sums equal a recount of the facts. Pure, given ``query``.

Each figure is one statement over ``day BETWEEN first AND last`` without folding, so two years take seconds. ``query``
runs a SELECT over the tables of ``docs/sql.md`` and returns tuples; [] if there is no file.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime
from typing import Any

from floorctl.common.clock import JST
from floorctl.common.lengths import mean_s
from floorctl.common.percentile import p90_of_counts
from floorctl.documents.day.record import Waits
from floorctl.documents.day.revisions import Figure
from floorctl.documents.period.sums import (
    Cell,
    DaySum,
    KeptCell,
    MatterSum,
    MoveSum,
    Query,
    StopSum,
    TerminalSum,
    WorkSum,
)
from floorctl.models.board.target_kept import Kept

# Columns of ``days``: those converted, the fates in the order of ``FATES``, and those taken over as they are.
_DAY = (
    *("day", "opened_at", "closed_at", "report_closed_at", "weather"),
    *("served", "incomplete", "desk3", "no_show", "left_waiting", "counted_out", "unfinished"),
)
_PLAIN = (
    *("revision", "issued", "cards", "officials_absent_s", "charge_vacant_s", "attended", "absent", "late"),
    *("break_short_s", "uncovered_s", "moves", "escalations", "anomalies"),
)


def _d(text: str) -> date:
    return date.fromisoformat(text)


def _at(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


# Sort and codes of each figure (``revisions.words``), then its number.
_FIGURES = (
    "SELECT 'issued', count(*) FROM tickets WHERE {span}",
    "SELECT 'fate', service, fate, count(*) FROM tickets WHERE {span} GROUP BY service, fate",
    "SELECT 'cards', sum(cards) FROM tickets WHERE {span} AND fate = 'done'",
    "SELECT 'wait', lane, wait_s, count(*) FROM tickets WHERE {span} AND wait_s IS NOT NULL GROUP BY lane, wait_s",
    "SELECT 'work', item, sum(count) FROM work WHERE {span} GROUP BY item",
    "SELECT 'read', item, sum(read) FROM work WHERE {span} GROUP BY item",
    "SELECT 'moves', count(*) FROM moves WHERE {span}",
    "SELECT 'matter', matter, outcome, count(*) FROM escalations WHERE {span} GROUP BY matter, outcome",
    "SELECT 'inquiry', topic, sum(count) FROM inquiries WHERE {span} GROUP BY topic",
    "SELECT 'stop', sort, code, sum(seconds) FROM stops WHERE {span} GROUP BY sort, code",
    # An incident is carried over from day to day: it counts on its first.
    "SELECT 'incident', category, count(*) FROM incidents WHERE {span} AND (day, incident) IN "
    "(SELECT min(day), incident FROM incidents GROUP BY incident) GROUP BY category",
    "SELECT 'outage', service, sum(minutes) FROM outages WHERE {span} GROUP BY service",
    "SELECT 'vacancies', count(*) FROM vacancies WHERE {span}",
    *(
        f"SELECT '{name}', sum({name}) FROM days WHERE {{span}}"
        for name in ("attended", "absent", "late", "break_short_s", "officials_absent_s", "charge_vacant_s")
    ),
)


class Period:
    """Queries of the documents over one period."""

    def __init__(self, query: Query, first: date, last: date) -> None:
        self._query, self.span = query, (first.isoformat(), last.isoformat())

    def _rows(self, sql: str) -> list[tuple[Any, ...]]:
        """Run ``sql`` with the condition on the day in place of ``{span}``."""
        return self._query(sql.replace("{span}", "day BETWEEN ? AND ?"), *self.span)

    # ---- days

    def days(self, lanes: Iterable[str]) -> tuple[DaySum, ...]:
        """Return every day that has facts."""
        lanes = tuple(lanes)
        served: dict[str, dict[str, int]] = {}
        for day, lane, n in self._rows(
            "SELECT day, lane, count(*) FROM tickets WHERE {span} AND fate = 'done' GROUP BY day, lane"
        ):
            served.setdefault(day, {})[lane] = n
        waits: dict[str, dict[str, Waits]] = {}
        most: dict[str, int] = {}
        for day, lane, n, mean, p90, longest, waiting in self._rows(
            "SELECT day, lane, called, wait_mean_s, wait_p90_s, wait_max_s, waiting_max FROM lane_days WHERE {span}"
        ):
            waits.setdefault(day, {})[lane] = Waits(n, mean, p90, longest)
            most[day] = max(most.get(day, 0), waiting)
        by_hand = dict(self._rows("SELECT day, sum(abs(by_hand)) FROM work WHERE {span} GROUP BY day"))
        none = Waits(0, None, None, None)
        found = []
        for row in self._rows(f"SELECT {', '.join((*_DAY, *_PLAIN))} FROM days WHERE {{span}} ORDER BY day"):
            day, opened, closed, reported, weather, *fates = row[: len(_DAY)]
            found.append(
                DaySum(
                    day=_d(day),
                    opened_at=_at(opened),
                    closed_at=_at(closed),
                    reported=reported is not None,
                    fates=tuple(fates),
                    served={lane: served.get(day, {}).get(lane, 0) for lane in lanes},
                    waits={lane: waits.get(day, {}).get(lane, none) for lane in lanes},
                    waiting_max=most.get(day, 0),
                    by_hand=by_hand.get(day, 0),
                    weather=weather or "",
                    **dict(zip(_PLAIN, row[len(_DAY) :], strict=True)),
                )
            )
        return tuple(found)

    def head(self) -> tuple[int, str]:
        """Return the last fact within the period and the hash up to it (contract 5); 0 and "" if there is none."""
        rows = self._rows("SELECT head_seq, head_hash FROM days WHERE {span} ORDER BY head_seq DESC LIMIT 1")
        return (rows[0][0], rows[0][1]) if rows else (0, "")

    # ---- tickets

    def fates(self) -> dict[str | None, dict[str, int]]:
        """Return tickets by service (None: unknown) and fate."""
        found: dict[str | None, dict[str, int]] = {}
        for service, fate, n in self._rows(
            "SELECT service, fate, count(*) FROM tickets WHERE {span} GROUP BY service, fate"
        ):
            found.setdefault(service, {})[fate] = n
        return found

    def waits(self, lanes: Iterable[str]) -> dict[str, Waits]:
        """Return the waits of each lane over the period: mean floored, 90th percentile by nearest rank."""
        counted: dict[str, list[tuple[int, int]]] = {}
        for lane, seconds, n in self._rows(
            "SELECT lane, wait_s, count(*) FROM tickets WHERE {span} AND wait_s IS NOT NULL "
            "GROUP BY lane, wait_s ORDER BY lane, wait_s"
        ):
            counted.setdefault(lane, []).append((seconds, n))
        return {lane: waits_of_counts(counted.get(lane, [])) for lane in dict.fromkeys([*lanes, *sorted(counted)])}

    def cells(self) -> list[Cell]:
        """Return the counts of each hour by day and lane."""
        found: dict[tuple[str, str, str], dict[str, int]] = {}
        # Who came without an issue came with the call; what was done without an end was done then.
        came = "coalesce(issued_at, CASE WHEN service IS NOT NULL AND carried_from IS NULL THEN called_at END)"
        done = "coalesce(finished_at, CASE WHEN fate = 'done' THEN called_at END)"
        for at, measures in (
            (came, {"issued": "count(*)"}),
            (
                "called_at",
                {
                    "called": "count(*)",
                    "waited": "count(wait_s)",
                    "wait_s": "sum(wait_s)",
                    "wait_max_s": "max(wait_s)",
                },
            ),
            (done, {"served": "sum(fate = 'done')"}),
        ):
            for day, lane, hour, *values in self._rows(
                f"SELECT day, lane, substr({at}, 12, 2) AS hour, {', '.join(measures.values())} FROM tickets "
                f"WHERE {{span}} AND {at} IS NOT NULL GROUP BY day, lane, hour"
            ):
                held = found.setdefault((day, lane, hour), {})
                held |= {name: value or 0 for name, value in zip(measures, values, strict=True)}
        return [Cell(_d(day), lane, int(hour), **values) for (day, lane, hour), values in sorted(found.items())]

    def services(self) -> dict[str, tuple[int, int]]:
        """Return by lane the number of measured services and the sum of their seconds."""
        rows = self._rows(
            "SELECT lane, count(service_s), sum(service_s) FROM tickets WHERE {span} AND fate = 'done' GROUP BY lane"
        )
        return {lane: (n, seconds or 0) for lane, n, seconds in rows}

    def terminals(self) -> list[TerminalSum]:
        """Return sums by the last terminal that called a ticket and the ticket's lane."""
        rows = self._rows(
            "SELECT terminal, lane, count(*), sum(fate = 'done'), count(service_s), sum(service_s) FROM tickets "
            "WHERE {span} AND terminal IS NOT NULL AND called_at IS NOT NULL GROUP BY terminal, lane"
        )
        return [TerminalSum(t, lane, n, done, timed, busy or 0) for t, lane, n, done, timed, busy in rows]

    def terminal_days(self) -> dict[str, int]:
        """Return the number of days on which each terminal was used, for any lane."""
        return dict(
            self._rows(
                "SELECT terminal, count(DISTINCT day) FROM tickets WHERE {span} AND terminal IS NOT NULL "
                "AND called_at IS NOT NULL GROUP BY terminal"
            )
        )

    def appointments(self) -> dict[date, tuple[int, int, int]]:
        """Return by day the tickets with an appointment: all, done, no-shows."""
        rows = self._rows(
            "SELECT day, count(*), sum(fate = 'done'), sum(fate = 'no_show') FROM tickets "
            "WHERE {span} AND appointment IS NOT NULL GROUP BY day"
        )
        return {_d(day): (n, done, no_show) for day, n, done, no_show in rows}

    def actual(
        self, services: Iterable[str], items: Iterable[str], lanes: Collection[str]
    ) -> dict[str, dict[str, int]]:
        """Return by month the tickets done of each service, work of each item, and ``cards`` of these lanes."""
        found: dict[str, dict[str, int]] = {}
        for month, code, n, cards, own in self._rows(
            "SELECT substr(day, 1, 7), service, count(*), sum(cards), lane FROM tickets WHERE {span} AND fate = 'done' "
            "GROUP BY 1, service, lane"
        ):
            held = found.setdefault(month, {})
            if code in set(services):
                held[code] = held.get(code, 0) + n
            if own in lanes:
                held["cards"] = held.get("cards", 0) + cards
        for month, item, n in self._rows(
            "SELECT substr(day, 1, 7), item, sum(count) FROM work WHERE {span} GROUP BY 1, 2"
        ):
            if item in set(items):
                found.setdefault(month, {})[item] = n
        return found

    # ---- what happened beside

    def work(self) -> list[WorkSum]:
        """Return each work item's sums, and the days on which its ledger differs."""
        differing: dict[str, list[tuple[date, int, str]]] = {}
        for item, day, difference, note in self._rows(
            "SELECT item, day, read - count, note FROM work WHERE {span} AND read <> count ORDER BY day, item"
        ):
            differing.setdefault(item, []).append((_d(day), difference, note))
        rows = self._rows(
            "SELECT item, sum(count), sum(by_hand), count(read), sum(read), "
            "sum(CASE WHEN read IS NOT NULL THEN count END) FROM work WHERE {span} GROUP BY item"
        )
        return [
            WorkSum(item, n, by_hand, tied, read or 0, recorded or 0, tuple(differing.get(item, ())))
            for item, n, by_hand, tied, read, recorded in rows
        ]

    def moves(self) -> list[MoveSum]:
        """Return the moves by direction, with people waiting summed over those with a figure 30 minutes later."""
        return [
            MoveSum(*row)
            for row in self._rows(
                "SELECT from_lane, to_lane, count(*), count(to_after), "
                "coalesce(sum(CASE WHEN to_after IS NOT NULL THEN from_before END), 0), "
                "coalesce(sum(CASE WHEN to_after IS NOT NULL THEN to_before END), 0), coalesce(sum(from_after), 0), coalesce(sum(to_after), 0) "
                "FROM moves WHERE {span} GROUP BY from_lane, to_lane"
            )
        ]

    def matters(self) -> list[MatterSum]:
        """Return hand-overs to city staff by matter, with the seconds to each start and decision."""
        found: dict[str | None, tuple[dict[str | None, int], list[int], list[int]]] = {}
        for matter, raised, taken, settled, outcome in self._rows(
            "SELECT matter, raised_at, taken_at, settled_at, outcome FROM escalations WHERE {span} ORDER BY day, escalation"
        ):
            outcomes, to_taken, to_settled = found.setdefault(matter, ({}, [], []))
            outcomes[outcome] = outcomes.get(outcome, 0) + 1
            for until, spans in ((taken, to_taken), (settled, to_settled)):
                if raised and until:
                    between = datetime.fromisoformat(until) - datetime.fromisoformat(raised)
                    spans.append(max(0, int(between.total_seconds())))
        return [
            MatterSum(matter, sum(outcomes.values()), outcomes, tuple(taken), tuple(settled))
            for matter, (outcomes, taken, settled) in found.items()
        ]

    def inquiries(self) -> dict[str, int]:
        """Return inquiries by topic, the most frequent first."""
        return dict(
            self._rows(
                "SELECT topic, sum(count) AS n FROM inquiries WHERE {span} GROUP BY topic HAVING n <> 0 ORDER BY n DESC, topic"
            )
        )

    def lines(self, head: str) -> tuple[tuple[date, str], ...]:
        """Return the lines under a head of the daily reports, by day; 特になし if that was chosen."""
        rows = self._rows("SELECT day, head, text FROM report_lines WHERE {span} ORDER BY day, n")
        return tuple((_d(day), text) for day, own, text in rows if own == head)

    def stops(self) -> list[StopSum]:
        """Return the stops of each reception and terminal."""
        rows = self._rows(
            "SELECT sort, code, count(*), sum(seconds), group_concat(DISTINCT day) FROM stops WHERE {span} "
            "GROUP BY sort, code"
        )
        return [
            StopSum(sort, code, n, seconds or 0, tuple(sorted(map(_d, days.split(",")))))
            for sort, code, n, seconds, days in rows
        ]

    def served_in(self, spans: Iterable[tuple[str, datetime, datetime | None]]) -> tuple[int, int]:
        """Return the tickets called and done while their service stood still by the record, and the days with them."""
        found: dict[str, set[tuple[str, str, int]]] = {}
        for service, since, until in spans:
            rows = self._query(
                "SELECT day, ticket, nth FROM tickets WHERE day BETWEEN ? AND ? AND service = ? AND fate = 'done' "
                "AND called_at > ? AND finished_at < ?",
                *self.span,
                service,
                since.astimezone(JST).isoformat(),
                until.astimezone(JST).isoformat() if until else "9",
            )
            for day, ticket, nth in rows:
                found.setdefault(day, set()).add((day, ticket, nth))
        return sum(map(len, found.values())), len(found)

    def over(self, targets_s: Mapping[str, int]) -> dict[str, tuple[int, int]]:
        """Return by lane how many people waited longer than its target, and on how many days."""
        found: dict[str, list[tuple[str, int]]] = {lane: [] for lane in targets_s}
        for lane, day, seconds, n in self._rows(
            f"SELECT lane, day, wait_s, count(*) FROM tickets WHERE {{span}} AND wait_s > {min(targets_s.values())} "
            "GROUP BY lane, day, wait_s"
        ):
            if lane in found and seconds > targets_s[lane]:
                found[lane].append((day, n))
        return {lane: (sum(n for _, n in own), len({day for day, _ in own})) for lane, own in found.items()}

    def kept(self, targets_s: Mapping[str, int]) -> list[KeptCell]:
        """Return how many people kept the target by day, lane and the hour in which their waits began (`target_kept`)."""
        target = "WHEN ? THEN ? " * len(targets_s)
        rows = self._query(
            "SELECT day, lane, hour, sum(wait_s <= target), count(wait_s) + sum(unserved), sum(untold) FROM "
            "(SELECT day, lane, wait_s, target, wait_s IS NULL AND unserved_wait_s > target AS unserved, "
            "wait_s IS NULL AND called_at IS NOT NULL AND carried_from IS NULL AS untold, "
            "CASE WHEN wait_s IS NULL AND unserved_wait_s IS NULL THEN substr(called_at, 12, 2) "
            "WHEN appointment > substr(issued_at, 12, 5) THEN substr(appointment, 1, 2) "
            "ELSE substr(issued_at, 12, 2) END AS hour FROM "
            f"(SELECT *, CASE lane {target}ELSE NULL END AS target FROM tickets WHERE day BETWEEN ? AND ?)) "
            "WHERE wait_s IS NOT NULL OR unserved OR untold GROUP BY day, lane, hour",
            *(x for target in targets_s.items() for x in target),
            *self.span,
        )
        return [
            KeptCell(_d(day), lane, int(hour), Kept(within or 0, of or 0, untold or 0))
            for day, lane, hour, within, of, untold in rows
            if lane in targets_s
        ]

    def worked_days(self) -> dict[str, tuple[int, int]]:
        """Return by month the number of days with visitors or counts, and of those without a ticket."""
        rows = self._rows(
            "SELECT substr(day, 1, 7), count(*), sum(issued = 0) FROM days WHERE {span} AND (opened_at IS NOT NULL "
            "OR issued > 0 OR day IN (SELECT day FROM work WHERE by_hand <> 0)) GROUP BY 1"
        )
        return {month: (n, unnumbered) for month, n, unnumbered in rows}

    def staff(self) -> list[tuple[date, str, bool, bool, str, int]]:
        """Return days with an absence, lateness or short break: (day, code, absent, late, reason, break short in s)."""
        rows = self._rows(
            "SELECT day, staff, absent, late, reason, break_short_s FROM staff_days "
            "WHERE {span} AND (absent OR late OR break_short_s > 0) ORDER BY day, staff"
        )
        return [(_d(day), code, bool(absent), bool(late), why, short) for day, code, absent, late, why, short in rows]

    # ---- what a revision may change

    def figures(self) -> Counter[Figure]:
        """Return the counts of the documents that add up over days, and the waits by seconds: what a revision changes."""
        found: Counter[Figure] = Counter()
        for sql in _FIGURES:
            for *key, n in self._rows(sql):
                found[tuple(key)] += n or 0
        return found

    def vacancies(self) -> list[tuple[date, str, str | None, str, int]]:
        """Return sudden vacancies: (day, staff, substitute, reason, seconds uncovered)."""
        rows = self._rows(
            "SELECT day, staff, substitute, reason, uncovered_s FROM vacancies WHERE {span} ORDER BY day, n"
        )
        return [(_d(day), staff, substitute, reason, s) for day, staff, substitute, reason, s in rows]


def waits_of_counts(counted: Iterable[tuple[int, int]]) -> Waits:
    """Return number, mean (floored), 90th percentile (nearest rank) and maximum of waits.

    The waits are given as (seconds, number), ascending.
    """
    counted = list(counted)
    n = sum(k for _, k in counted)
    if n == 0:
        return Waits(0, None, None, None)
    total = sum(seconds * k for seconds, k in counted)
    return Waits(n, mean_s(total, n), p90_of_counts(counted), counted[-1][0])
