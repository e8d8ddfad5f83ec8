"""Guess the role of each column of a sample: by the words of its heading and by its cells."""

from __future__ import annotations

import re
from collections import defaultdict
from statistics import median

from floorctl.intake.sources.proposal import site_match
from floorctl.intake.sources.proposal.cell_shapes import has_unit, looks_like_ticket
from floorctl.intake.sources.proposal.column_profile import NEARLY, Profile, counts_up, instants, is_personal, profile
from floorctl.intake.sources.proposal.column_roles import Roles
from floorctl.intake.sources.proposal.column_search import MOST_CODES, ColumnSearch
from floorctl.intake.sources.proposal.column_times import take_times
from floorctl.intake.sources.proposal.column_words import TOTALS, event_kind, heading_words
from floorctl.intake.sources.proposal.event_kinds import event_kinds
from floorctl.intake.sources.proposal.head_counts import HeadCounts
from floorctl.intake.sources.proposal.sample import Sample, SampleColumn
from floorctl.models.site.site import Site

_RESULTS = re.compile(r"終了|完了|未了|不在|他窓口|done|incomplete|served", re.I)
_SHORT_DAY = re.compile(r"\d{1,2}[-/.]\d{1,2}[-/.]\d{1,2}")  # a year of two digits is no year
_LETTERS = re.compile(r"[A-Za-z]{1,2}")


def guess_columns(sample: Sample, site: Site) -> Roles:
    """Return the roles of the columns of a sample."""
    roles = Roles()
    left = [profile(x) for x in _without_totals(sample, roles)]
    roles.unused = [x for x in left if not x.filled]
    left = [x for x in left if x.filled]
    if not left:
        roles.style = "issues"
        return roles
    for x in list(left):
        if is_personal(x, named=not (x.says("plain_name") and _names_of_site(x, site))):
            roles.personal.append(x)
            left.remove(x)
    take_times(roles, left)
    times = (x for x in sample.document if profile(x).clock == "both")
    roles.at = next(times, None)
    if not HeadCounts(roles, left, site).take():
        _Guess(roles, left, site).take()
    roles.unused += left
    return roles


def _names_of_site(x: Profile, site: Site) -> bool:
    """Return whether the values of a column are names of services, lanes or terminals of the site."""
    if len(x.values) > MOST_CODES:
        return False
    for match in (site_match.lanes, site_match.services, site_match.terminals):
        if sum(map(bool, match(x.values, site).values())) * 2 > len(x.values):
            return True
    return False


def _without_totals(sample: Sample, roles: Roles) -> list[SampleColumn]:
    """Return the columns without the rows of totals, which are noted with the column that says so."""
    rows = {n for x in sample.columns for n, cell in enumerate(x.cells) if cell and TOTALS.fullmatch(cell)}
    if not rows or len(rows) * 3 > sample.number:
        return list(sample.columns)
    said = {(x.place, x.cells[n]) for x in sample.columns for n in rows if TOTALS.fullmatch(x.cells[n])}
    roles.totals = sorted(said, key=str)
    return [
        SampleColumn(x.place, x.heading, tuple(c for n, c in enumerate(x.cells) if n not in rows))
        for x in sample.columns
    ]


class _Guess(ColumnSearch):
    """Search for the columns of rows that are visits, events or issues, times apart."""

    def take(self) -> None:
        """Take the columns in the order in which they are known best."""
        for take in (
            self._ticket,
            self._id,
            self._prefix,
            self._event,
            self._terminal,
            self._service,
            self._outcome,
            self._terminal_left,
        ):
            take()
        if not self.roles.style:
            self.roles.style = "events" if "event" in self.roles.words else "issues"

    # ---- numbers

    def _id(self) -> None:
        rows = self.rows
        unique = [x for x in self.left if x.filled == rows > 1 and len(x.values) == rows and x.share(_short) == 1]
        said = [x for x in unique if x.says("id") and not self._ticket_words(x)]
        if said:
            self.give("id", said[0])

    @staticmethod
    def _ticket_words(x: Profile) -> bool:
        words = heading_words(x.column.heading)
        return re.search(r"ticket|tkt|整理|引換|券番|呼出番|受付番|札|token|queue_?n", words) is not None

    def _ticket(self) -> None:
        rows = self.rows
        could = [
            x
            for x in self.left
            if x.filled >= rows * (0.4 if x.says("ticket") else 0.8)
            and x.share(looks_like_ticket) >= NEARLY
            and not x.says("place")
        ]
        if not could:
            return

        def score(x: Profile) -> float:
            lettered = x.share(lambda v: v[:1].isalpha() and any(c.isdigit() for c in v))
            different = 1 / self.rows_each(x)
            often = self._times_each(x)
            short = x.share(lambda v: len(v) < 2 or (len(v) < 3 and (v[0] == "0" or rows < 20)))
            size = median(len(v) for v in x.values)  # where both count up, the longer numbers the rows
            known = (
                self._ticket_words(x) * 6
                - 0.2 * size
                - 3 * (x.says("id") and not self._ticket_words(x))
                + (x.says("ticket") * 3)
            )
            other = sum(x.says(w) for w in ("terminal", "staff", "service", "event", "outcome", "wait", "waiting"))
            return (
                known
                + 2 * lettered
                + 3 * (different > 0.2)
                + often
                - 3 * short
                - 2.5 * other * (not self._ticket_words(x))
            )

        # A column that numbers the rows is the number only where no other can be.
        best = max(could, key=lambda x: score(x) - 2.5 * counts_up(x))
        points = score(best)
        if points > 2:
            self.give("ticket", best, points > 4)

    def _prefix(self) -> None:
        """Take the letters before a number where they stand in a column of their own."""
        ticket = self.roles.words.get("ticket")
        if ticket is None or ticket.share(str.isdecimal) != 1:
            return
        letters = [
            x
            for x in self._codes()
            if x.share(_LETTERS.fullmatch) == 1
            and (x.says("prefix") or not any(x.says(role) for role in ("outcome", "event", "terminal", "service")))
        ]
        for x in letters:
            together = {
                (day, a, b) for day, a, b in zip(self.days, x.column.cells, ticket.column.cells, strict=True) if a and b
            }
            alone = {(day, b) for day, b in zip(self.days, ticket.column.cells, strict=True) if b}
            changes = self._by_ticket(x) > 0.5 and self.roles.style != "visits"  # an event, then
            if x.says("prefix") or (len(together) > 1.1 * len(alone) and not changes):
                self.give("prefix", x, x.says("prefix"))
                return

    def _times_each(self, x: Profile) -> float:
        """Return how well the repetitions of a column fit a number: once in a visit, two to four times in events."""
        mean = self.rows_each(x)
        if self.roles.style == "visits":
            return 2.0 if mean < 1.6 else 0.0
        return 2.0 if 1.3 <= mean <= 4.5 else 0.5 if mean < 1.3 else 0.0

    # ---- codes

    def _codes(self) -> list[Profile]:
        most = min(MOST_CODES, max(8, self.rows // 4))
        return [
            x
            for x in self.left
            if len(x.values) <= most
            and max(map(len, x.values)) <= 80
            and x.share(_SHORT_DAY.fullmatch) < 0.5
            and not x.says("wait")
            and x.share(has_unit) < 0.5
            and not x.says("place")
        ]

    def _by_ticket(self, x: Profile) -> float:
        """Return the share of numbers with several rows whose values differ from row to row."""
        ticket = self.roles.words.get("ticket")
        if ticket is None:
            return 0.0
        seen: dict[tuple[str, int | None], list[str]] = defaultdict(list)
        for number, cell, day in zip(ticket.column.cells, x.column.cells, self.days, strict=True):
            if number and cell:
                seen[number, day].append(cell)
        several = [v for v in seen.values() if len(v) > 1]
        return sum(len(set(v)) == len(v) for v in several) / len(several) if several else 0.0

    def _event(self) -> None:
        if self.roles.style == "visits":
            return
        best, most = None, 0.0
        for x in self._codes():
            if not 2 <= len(x.values) <= 12 or x.says("terminal") or x.says("staff"):
                continue
            words = sum(n for v, n in x.values.items() if event_kind(v) and not v.isdigit()) / x.filled
            full = x.filled / len(x.column.cells)
            points = (
                4 * words + 3 * self._by_ticket(x) + 1.5 * x.says("event") - 2 * (full < 0.9) - 1.5 * x.says("outcome")
            )
            if points > max(most, 1.4):
                best, most = x, points
        if best is None:
            return
        self.give("event", best, most > 3)
        self.roles.style = "events"
        self.roles.kinds, sure = event_kinds(best, self.roles.words.get("ticket"))
        if not sure:
            self.roles.unsure.add("event")

    def _terminal(self) -> None:
        codes = self._codes()

        def score(x: Profile) -> float:
            if x.says("staff") or x.says("outcome"):
                return 0.0
            found = site_match.terminals(x.values, self.site)
            matched = sum(bool(code) for code in found.values()) / len(found)
            named = x.share(
                lambda v: (
                    re.search(r"\d", v)
                    and re.search(r"窓口|番|counter|desk|window|booth|カウンタ|ブース|[A-Za-z]\d", v, re.I)
                )
            )
            other = x.says("service") or x.says("event") or x.says("id")
            return (
                3 * x.says("terminal")
                + 0.02 * min(10, len(x.values))  # an outcome has fewer values
                + 1.5 * matched
                + named
                + 2 * max(self._fits_desk(x), -0.5 if x.says("terminal") else -1.0)
                - 1.5 * other
            )

        best = max(codes, key=score, default=None)
        if best is not None and score(best) >= 2.0:
            self.give("terminal", best, score(best) > 3)

    def _terminal_left(self) -> None:
        """Take a column of small numbers whose heading says nothing as the desk, where none was found and calls are told."""
        called = self.roles.style == "visits" or "ticket.called" in self.roles.kinds.values()
        if not called or "terminal" in self.roles.words:
            return
        other = ("wait", "waiting", "staff", "outcome", "id", "service", "event")
        unnamed = [x for x in self._codes() if not any(x.says(role) for role in other)]
        small = [x for x in unnamed if len(x.values) > 1 and x.share(lambda v: v.isdecimal() and int(v) <= 40) == 1]
        if small:
            self.give("terminal", max(small, key=lambda x: (self._fits_desk(x), len(x.values), x.filled)), sure=False)

    def _fits_desk(self, x: Profile) -> float:
        """Return 1 where a column may be a desk: filled with the call, and one visitor at a time; -1 where it cannot."""
        words = self.roles.words
        if "event" in words:
            by: dict[str, list[bool]] = defaultdict(list)
            for event, cell in zip(words["event"].column.cells, x.column.cells, strict=True):
                by[self.roles.kinds.get(event, "")].append(bool(cell) and cell not in ("0", "00", "-", "99"))
            issued, called = by.get("ticket.issued", []), by.get("ticket.called", [])
            if not issued or not called:
                return 0.0
            with_call, without = sum(called) / len(called), sum(issued) / len(issued)
            return 1.0 if with_call > 0.9 > 0.3 > without else -0.5
        if "called" in words and "finished" in words and len(x.values) > 1:
            spans: dict[str, list[tuple[float, float]]] = defaultdict(list)
            for cell, a, b in zip(x.column.cells, instants(words["called"]), instants(words["finished"]), strict=True):
                if cell and a is not None and b is not None:
                    spans[cell].append((a, b))
            day = words.get("day")
            pairs = [(p, q) for v in spans.values() for p, q in zip(sorted(v), sorted(v)[1:], strict=False)]
            if len(pairs) < 4 or (day is not None and len(day.values) > 1):
                return 0.0
            apart = sum(q[0] >= p[1] for p, q in pairs) / len(pairs)
            return 1.0 if apart > 0.93 else -1.0
        return 0.0

    def _service(self) -> None:
        codes = [x for x in self._codes() if not x.says("staff") and not x.says("outcome")]
        rows = self.rows

        def score(x: Profile) -> float:
            found = site_match.services(x.values, self.site)
            matched = sum(bool(code) for code in found.values()) / len(found)
            full = self._filled_at_issue(x) if "event" in self.roles.words else x.filled / rows
            told = sum(bool(event_kind(v) or _RESULTS.search(v)) for v in x.values) / len(x.values)
            flags = x.values.keys() <= {"0", "1", "true", "false", "Y", "N", "○", "×"}
            other = x.says("terminal") + x.says("waiting") + (not matched and x.says("event") and not x.says("service"))
            constant = 1 - self._by_ticket(x) if "ticket" in self.roles.words else 0.5
            return (
                3 * x.says("service")
                + 3 * matched
                + full * constant
                - 2 * flags
                - 3 * (told > 0.5 or self._follows_event(x))
                - 2 * other
                - 0.5 * (len(x.values) == 1)
                - 2 * (not x.column.heading and len(x.values) == 1 and next(iter(x.values)).isalpha())
            )

        best = max(codes, key=score, default=None)
        if best is not None and score(best) > 0.4:
            self.give("service", best, score(best) > 2.5)

    def _filled_at_issue(self, x: Profile) -> float:
        """Return the share of issues, or of all events where none is known, in which a column is filled."""
        events = self.roles.words["event"].column.cells
        issued = [
            bool(c) for c, e in zip(x.column.cells, events, strict=True) if self.roles.kinds.get(e) == "ticket.issued"
        ]
        return sum(issued) / len(issued) if issued else x.filled / self.rows

    def _follows_event(self, x: Profile) -> bool:
        """Return whether a column says no more than the event does."""
        event = self.roles.words.get("event")
        if event is None or len(x.values) < 2:
            return False
        pairs = {(e, c) for e, c in zip(event.column.cells, x.column.cells, strict=True) if e}
        return len(pairs) == len({e for e, _ in pairs}) > 1

    def _outcome(self) -> None:
        if self.roles.style != "visits" and "event" not in self.roles.words:
            return
        said = [x for x in self._codes() if x.says("outcome") and len(x.values) <= 12]
        if self.roles.style == "visits":
            results = (x for x in self._codes() if x.share(lambda v: _RESULTS.search(v) or event_kind(v)) > 0.8)
            said += [x for x in results if x not in said and len(x.values) <= 12]
        if said:
            self.give("outcome", said[0])


def _short(value: str) -> bool:
    return len(value) <= 64 and value.isascii()
