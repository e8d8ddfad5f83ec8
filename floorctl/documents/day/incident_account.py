"""An incident as every document tells it: what happened, what was done, every note that was added."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from floorctl.common.words import OUTAGE_CAUSES
from floorctl.documents.layout.names import short_names
from floorctl.models.register.incident import Incident
from floorctl.models.site.site import Site

At = Callable[[datetime], str]


def account(i: Incident, site: Site, at: At) -> str:
    """Return all that is recorded of an incident and stands in no column of its own; ``at`` writes an instant."""
    targets = [*short_names(site, i.services), *i.terminals]
    told = [
        i.summary,
        _of("対象", "、".join(targets)),
        _of("発見", at(i.found_at) if i.found_at != i.occurred_at else ""),
        "被害あり" if i.damage else "",
        "重大" if i.serious else "",
        _of("原因", OUTAGE_CAUSES[i.cause] if i.cause else ""),
        _of("復旧", at(i.restored_at) if i.restored_at else ""),
        _of("応急処置", i.measures),
        _of("再発防止", i.prevention),
        _of("警察へ通報", at(i.police_at) if i.police_at else ""),
        _of("報告先", i.reported_to),
        _of("応急処置後の報告", at(i.followed_up_at) if i.followed_up_at else ""),
        _of("市へ引継ぎ", f"{at(i.handed_over_at)} {i.handed_over_to}".rstrip() if i.handed_over_at else ""),
        _of("市に報告せず終結", i.untold_because),
        # What was said at the end is kept among the notes, with its instant.
        *(_of("終結" if noted == i.closed_at else "追記", f"{at(noted)} {text}") for noted, text in i.notes),
        _of("終結", at(i.closed_at) if i.closed_at and i.closed_at not in dict(i.notes) else ""),
    ]
    return "　".join(part for part in told if part)


def _of(word: str, text: str) -> str:
    return f"{word}: {text}" if text else ""
