"""Guess the columns of head counts: one with its lane, or several that are headed by the names of lanes or services."""

from __future__ import annotations

from collections import Counter

from floorctl.intake.sources.proposal import site_match
from floorctl.intake.sources.proposal.cell_shapes import has_unit, looks_like_count
from floorctl.intake.sources.proposal.column_profile import NEARLY, Profile
from floorctl.intake.sources.proposal.column_search import MOST_CODES, ColumnSearch
from floorctl.intake.sources.proposal.column_words import TOTALS, event_kind


class HeadCounts(ColumnSearch):
    """Search for head counts."""

    def take(self) -> bool:
        """Take a head count with its lane, where no visitor has a row; return whether there is one."""
        if self.roles.style == "visits" or self._has_numbers():
            return False
        said = [
            x for x in self.left if x.says("waiting") and not x.says("wait") and x.share(looks_like_count) >= NEARLY
        ]
        if not said:
            return self._count_columns()
        self.roles.style = "counts"
        self.give("waiting", said[0])
        if self.roles.at is not None:  # a time in a row of such a document is another's
            for word in ("at", "time"):
                self.left.extend(x for x in (self.roles.words.pop(word, None),) if x)
        rows = self.rows
        codes = [
            x
            for x in self.left
            if len(x.values) <= MOST_CODES and x.filled >= rows * NEARLY and not has_unit(next(iter(x.values)))
        ]
        if codes:
            best = max(codes, key=self._lane_score)
            if self._lane_score(best) > 0:
                self.give("lane", best, self._lane_score(best) > 2)
        return True

    def _has_numbers(self) -> bool:
        """Return whether visitors have numbers here: not that which is being served beside a head count."""
        numbers = [x for x in self.left if x.says("ticket") and not x.says("waiting") and not x.says("served")]
        events = [x for x in self.left if x.share(event_kind) > 0.5 and not x.says("terminal") and not x.says("lane")]
        return bool(numbers) and (bool(events) or any(self.rows_each(x) < 1.5 for x in numbers))

    def _count_columns(self) -> bool:
        """Take several columns of counts, each headed by the name of a lane, or of a service of one; return whether there are any."""
        services = site_match.services([x.column.heading for x in self.left], self.site)
        counts = [
            x
            for x in self.left
            if x.column.heading
            and x.share(looks_like_count) >= NEARLY
            # 更新 is that of a record, or a service.
            and not (x.says("wait") and not services[x.column.heading])
        ]
        found = self._lanes_of([x.column.heading for x in counts])
        named = [x for x in counts if found[x.column.heading]]
        if len(named) < 2:
            return False
        self.roles.style = "counts"
        several = Counter(found[x.column.heading] for x in named)
        for n, x in enumerate(named, 1):
            lane = found[x.column.heading]
            word = f"waiting_{lane}" if several[lane] == 1 else f"waiting_{lane}_{n}"
            self.roles.lanes[word] = lane
            self.give(word, x)
            if several[lane] > 1:
                self.roles.unsure.add(word)
        return True

    def _lanes_of(self, headings: list[str]) -> dict[str, str]:
        """Return the lane of each heading, "" for none; services of a lane stand for it where it has no column itself."""
        lanes, services = site_match.lanes(headings, self.site), site_match.services(headings, self.site)
        whole = {h: lane for h, lane in lanes.items() if lane and not services[h]}
        of_services = {h: self.site.service_by_code[code].lane for h, code in services.items() if code}
        parts = {h: lane for h, lane in of_services.items() if lane not in whole.values() and not TOTALS.search(h)}
        return {h: whole.get(h) or parts.get(h, "") for h in headings}

    def _lane_score(self, x: Profile) -> float:
        found = site_match.lanes(x.values, self.site)
        matched = sum(1 for value in found if found[value]) / len(found)
        if x.values.keys() <= {"true", "false"}:
            return 0
        return (
            4 * matched
            + x.says("lane")
            + x.says("service")
            + x.says("terminal")
            + 0.5 * x.says("id")
            - 0.1 * (len(x.values) == 1)
        )
