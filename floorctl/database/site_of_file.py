"""Record the site of a data file with its first fact, and check it whenever the file is opened.

Two sites may use equal codes for different things, so that the facts alone cannot tell. The record is outside the
chain.
"""

from __future__ import annotations

from floorctl.common.errors import StoreError
from floorctl.database.store import Store
from floorctl.database.writer import Writer
from floorctl.models.site.site import Site

_LATEST = 50  # last facts of a file without a record that are examined


def need_same_site(store: Store, site: Site, what: str = "") -> None:
    """Raise StoreError if the file was written for another site.

    A file without a record is judged by its last facts, most of which contain codes of the site. ``what``: heading of
    the error for a file whose name the user does not know.
    """
    held = store.origin()
    if held is not None:
        if held[0] != site.code:
            raise _another(store, f"{held[1]}（{held[0]}）の記録です", site, what)
        return
    if not store.exists or (last := store.head().seq) == 0:
        return
    used = [list(e.fact.named_codes()) for e in store.facts_after(max(0, last - _LATEST))]
    strange = [any(code not in getattr(site, table) for _, table, code in named) for named in used if named]
    if 2 * sum(strange) > len(strange):
        raise _another(store, "会場設定にないコードの記録があります", site, what)


def claim(store: Store, pen: Writer, site: Site) -> None:
    """Record the site in the write transaction of a fact, unless it is recorded. Raise as ``need_same_site``."""
    need_same_site(store, site)
    if store.origin() is None:
        pen.note_origin(site.code, site.name)


def _another(store: Store, why: str, site: Site, what: str) -> StoreError:
    cannot = f"{site.name}（{site.code}）では開けません"
    return StoreError(
        what or f"{store.path.name} は {cannot}",
        f"{cannot}。{why}" if what else why,
        "--site にその会場の会場設定を指定するか、--db で別のファイルを指定してください",
    )
