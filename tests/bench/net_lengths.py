"""Net service times judged on offices whose lengths are known: ``python -m tests.bench.net_lengths FEED`` (docs/advice.md).

Invented days are told as a machine tells them that knows of calls alone: a ticket ends by the next call of its desk, at
the latest after twenty minutes. The feed gives the terminals of the site.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

from floorctl.advice.net_lengths import Lengths
from floorctl.advice.policies import AsWas, Pooled, Static
from floorctl.common.clock import JST
from floorctl.intake.site_file import load_site
from floorctl.models.day.floor import Floor
from floorctl.models.site.site import Site
from floorctl.simulation.recorded_day import ALWAYS, RecordedDay, of_floor
from floorctl.simulation.replay import Policy, ReplayHall
from floorctl.usecases.study_days import days_of_feed
from tests.bench.made_days import KINDS, LONGEST_S, OPENS, Heard, invented, posts_of
from tests.story import Story

POLICIES: Sequence[Policy] = (AsWas(), Static(2, 6), Static(3, 5), Pooled())


def told(day: RecordedDay) -> Floor:
    """Return the day as its facts tell it, with ends by the next call."""
    heard = Heard()
    ReplayHall(day, heard).run()
    midnight = datetime.combine(day.day, time(), JST)
    facts: list[tuple[int, str, dict[str, Any]]] = []
    lanes = {p.terminal: p.lanes_then[0][1] for p in day.posts}
    facts.append((OPENS - 3600, "day.opened", {"allocation": lanes, "officials": 2}))
    for n, post in enumerate(posts_of(day)):
        for begin, end, fresh in post.spans:
            kind, more = ("terminal.staffed", {"staff": f"S{n}"}) if fresh else ("terminal.resumed", {})
            facts.append((begin, kind, {"terminal": post.terminal, **more}))
            if end < ALWAYS:
                kind, more = ("terminal.paused", {}) if post.stays_after(end) else ("terminal.staffed", {"staff": None})
                facts.append((end, kind, {"terminal": post.terminal, **more}))
    called = set()
    for terminal, calls in heard.calls.items():
        for (at, number), following in zip(calls, [*calls[1:], None], strict=True):
            called.add(number)
            end = at + LONGEST_S if following is None else min(at + LONGEST_S, following[0])
            facts.append((at, "ticket.called", {"ticket": number, "terminal": terminal}))
            facts.append((end, "ticket.finished", {"ticket": number, "terminal": terminal}))
    for job in day.jobs:
        facts.append((job.issued, "ticket.issued", {"ticket": job.number, "service": job.service}))
        if job.leaves is not None and job.number not in called:
            facts.append((job.leaves, "ticket.left", {"ticket": job.number}))
    story = Story(day.day)
    for at, kind, fields in sorted(facts, key=lambda f: f[0]):
        story.tells(kind, midnight + timedelta(seconds=at), **fields)
    return story.floor()


def as_told(floor: Floor, day: RecordedDay, lengths: Lengths) -> RecordedDay:
    """Return the true day with the lengths that its facts tell, of those who were called."""
    known = {j.number: j.service_s for j in lengths.of(of_floor(floor), floor).jobs}
    served = {t.key for t in floor.tickets.values() if t.called_at is not None}
    jobs = (replace(j, service_s=known[k]) if (k := j.number.upper()) in served else j for j in day.jobs)
    return replace(day, jobs=tuple(jobs))


def rows(site: Site, like: RecordedDay, number: int) -> None:
    """Print a row for each kind of office and each of true, recorded and net lengths."""
    print("| offices | idle | lengths | minutes of work | as it was | fixed 2:6 | fixed 3:5 | pooled |")
    print("|---|---|---|---|---|---|---|---|")
    for name, kind in KINDS.items():
        days = [invented(site, like, kind._replace(ends=True), 9000 + n) for n in range(number)]
        floors = [told(day) for day in days]
        plain, net = Lengths(), Lengths(net=True)
        sets = {
            "true": days,
            "recorded": [as_told(f, d, plain) for f, d in zip(floors, days, strict=True)],
            "net": [as_told(f, d, net) for f, d in zip(floors, days, strict=True)],
        }
        for lengths, found in sets.items():
            work = sum(j.service_s for d in found for j in d.jobs) // 60
            waited = [sum(ReplayHall(d, policy).run().person_s for d in found) // 60 for policy in POLICIES]
            head = f"{name} | {100 * plain.share:.0f} %" if lengths == "true" else " | "
            print(f"| {head} | {lengths} | {work:,} | {' | '.join(f'{w:,}' for w in waited)} |", flush=True)


def main(feed: str, number: int = 16) -> None:
    site = load_site()
    rows(site, days_of_feed(site, Path(feed), print)[0], number)


if __name__ == "__main__":
    main(sys.argv[1])
