"""The history of an incident: all its facts, over all days, retracted ones included. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple

from floorctl.common.clock import iso
from floorctl.common.words import INCIDENT_SHORT, md_hm
from floorctl.models.facts import kinds as ev
from floorctl.models.facts.day import given_reason
from floorctl.models.facts.entry import Entry, order
from floorctl.models.facts.fact import Fact
from floorctl.models.site.site import Site


class Said(NamedTuple):
    """Line of the history: when it was recorded, by whom, its subject and words; ``gone``: retracted later."""

    at: datetime
    recorded_at: datetime
    actor: str
    kind: str
    text: str
    gone: bool

    def to_json(self) -> dict[str, Any]:
        return {
            "at": iso(self.at),
            "recorded_at": iso(self.recorded_at),
            "actor": self.actor,
            "kind": self.kind,
            "text": self.text,
            "retracted": self.gone,
        }


def history(entries: Iterable[Entry], code: str, site: Site) -> list[Said]:
    """Return every fact of the incident ``code``, and every retraction of one, in order."""
    entries = list(entries)
    mine = [e for e in entries if getattr(e.fact, "incident", None) == code]
    keys = {e.key for e in mine}
    back = [e for e in entries if isinstance(e.fact, ev.Retracted) and (e.fact.target_source, e.fact.target) in keys]
    gone = {(e.fact.target_source, e.fact.target) for e in back if isinstance(e.fact, ev.Retracted)}
    kinds = {e.key: e.fact for e in mine}
    return [
        Said(e.fact.at, e.recorded_at, e.actor, e.kind, _words(e, kinds, site), e.key in gone)
        for e in sorted([*mine, *back], key=order)
    ]


def _words(e: Entry, facts: dict[tuple[str, str], Fact], site: Site) -> str:
    match e.fact:
        case ev.IncidentOpened() as f:
            names = "・".join(site.service_by_code[x].short for x in f.services if x in site.service_by_code)
            parts = [f"記録 {INCIDENT_SHORT[f.category]}", f.summary]
            if f.occurred_at is not None:
                parts.append(f"発生 {md_hm(f.occurred_at)}")
            if f.found_at is not None and f.found_at != f.occurred_at:
                parts.append(f"発見 {md_hm(f.found_at)}")
            parts += [f"業務 {names}"] if names else []
            parts += [f"端末 {' '.join(f.terminals)}"] if f.terminals else []
            return "  ".join(parts)
        case ev.IncidentReported() as f:
            at = md_hm(f.reported_at) if f.reported_at else ""
            return f"{f.sentence(site)}  {at}".rstrip()
        case ev.Retracted() as f:
            reason = given_reason(f)
            return f"取消し {facts[f.target_source, f.target].sentence(site)}{reason and f'（{reason}）'}"
        case fact:
            return fact.sentence(site)
