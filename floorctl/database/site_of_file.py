"""Which site a data file was written for: noted with its first fact, and asked for by whoever opens the file.

Two sites may use the same codes for other things, so the facts alone cannot tell. The note stands outside the chain.
"""

from __future__ import annotations

from floorctl.common.errors import StoreError
from floorctl.database.store import Store
from floorctl.database.writer import Writer
from floorctl.models.site.site import Site

_LATEST = 50  # so many facts of a file without a note are looked at


def need_same_site(store: Store, site: Site, what: str = "") -> None:
    """Raises StoreError where the file was written for another site. ``what`` cannot be done then, where the file has a
    name that nobody knows.

    A file that was begun before there were notes is judged by its last facts: most of them name codes of the site.
    """
    held = store.origin()
    if held is not None:
        if held[0] != site.code:
            raise _another(store, f"{held[1]}（{held[0]}）の記録です", site, what)
        return
    if not store.exists or (last := store.head().seq) == 0:
        return
    told = [list(e.fact.named_codes()) for e in store.facts_after(max(0, last - _LATEST))]
    strange = [any(code not in getattr(site, table) for _, table, code in named) for named in told if named]
    if 2 * sum(strange) > len(strange):
        raise _another(store, "サイト設定にないコードの記録があります", site, what)


def claim(store: Store, pen: Writer, site: Site) -> None:
    """Notes the site of a file that has no note yet, in the write transaction of a fact. Raises as ``need_same_site``."""
    need_same_site(store, site)
    if store.origin() is None:
        pen.note_origin(site.code, site.name)


def _another(store: Store, why: str, site: Site, what: str) -> StoreError:
    cannot = f"{site.name}（{site.code}）では開けません"
    return StoreError(
        what or f"{store.path.name} は {cannot}",
        f"{cannot}。{why}" if what else why,
        "--site にその会場のサイト設定を指定するか、--db で別のファイルを指定してください",
    )
