"""手受付 and 紙の入力: one key a service, one key a terminal; and an hour of paper typed as it is written."""

from __future__ import annotations

from pathlib import Path

from tests.bench.paper import hour_on_paper, keys_of
from tests.screens.harness import console


async def test_the_hour_of_the_bench_is_entered_as_it_happened(tmp_path: Path) -> None:
    """An hour of a surge day: every line of the paper, typed key by key, comes to the tickets and times of the feed."""
    before, paper = hour_on_paper()
    keys = keys_of(paper)
    async with console(tmp_path, before, at="11:45") as c:
        await c.press("j", "p", "a")
        await c.type("10:00")
        await c.press("enter", *keys)
        assert "記録しました（手書き）" in c.message, c.message
        floor, _ = c.told()
        for line in paper:
            t = floor.tickets[line.ticket]
            assert (t.service, t.terminal) == (line.service, line.terminal), line
            for at, said in ((t.issued_at, line.issued), (t.called_at, line.called), (t.ended_at, line.finished)):
                assert (at and f"{at:%H:%M}") == said, line
        assert floor.anomalies == {}
