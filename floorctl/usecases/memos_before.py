"""Read from the days before which of their memos are not done: whoever opens the hall finds them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from floorctl.commands.fold import fold
from floorctl.database.store import Store
from floorctl.models.board.memos import open_memos
from floorctl.models.day.memo import Memo, MemoKey
from floorctl.models.site.site import Site


def memos_before(store: Store, site: Site, day: date) -> Mapping[MemoKey, Memo]:
    """Return the open memos of the last day with tickets before ``day``, and of the days since."""
    since = store.day_of_issues_before(day)
    facts = store.memo_facts(since, day) if since is not None else []
    if since is None or not facts:
        return {}
    return {m.key: m for m in open_memos(fold(site, since, facts))}
