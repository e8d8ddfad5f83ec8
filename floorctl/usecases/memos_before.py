"""Read which memos of the days before are not done: whoever opens the hall finds them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from floorctl.commands.fold import fold
from floorctl.database.store import Store
from floorctl.models.board.memos import open_memos
from floorctl.models.day.memo import Memo, MemoKey
from floorctl.models.site.site import Site

_REACH = timedelta(days=14)  # longer than the hall is ever closed at a stretch


def memos_before(store: Store, site: Site, day: date) -> Mapping[MemoKey, Memo]:
    """Return the open memos of the fortnight before ``day``, the first to be due first."""
    since = day - _REACH if day - date.min > _REACH else date.min
    facts = store.memo_facts(since, day)
    return {m.key: m for m in open_memos(fold(site, since, facts))} if facts else {}
