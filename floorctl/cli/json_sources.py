"""JSON of ``floorctl source try --json``: a trial of a description, and the proposal of one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from floorctl.cli.text_proposal import not_a_record
from floorctl.cli.text_trial import assessment, fact_text
from floorctl.common.clock import iso
from floorctl.intake.sources.found import BadRow
from floorctl.intake.sources.proposal.guess import Proposal
from floorctl.intake.sources.proposal.proposal_toml import proposal_toml
from floorctl.intake.sources.trial import Trial, harmless
from floorctl.models.facts.fact import Fact
from floorctl.models.site.site import Site
from floorctl.models.site.source import Source


def trial_json(trial: Trial, source: Source, site: Site) -> dict[str, Any]:
    """Return a trial as one JSON document."""
    numbers = trial.numbers
    return {
        "described": True,
        "source": source.name,
        "form": source.form,
        "encoding": trial.encoding,
        "rows": trial.rows,
        "left_out": trial.left_out,
        "without_facts": trial.untold,
        "facts": trial.facts,
        "duplicate": trial.duplicates,
        "differing": trial.differing,
        "refused": trial.refused,
        "rows_refused": trial.rows_refused,
        "refusals": [
            {"column": x.column, "why": x.why, "count": x.count, "rows": x.rows, "examples": x.examples}
            for x in trial.refusals.values()
        ],
        "missing_codes": {
            word: {value: n for value, n in counts.most_common() if harmless(value)}
            for word, counts in trial.missing_codes.items()
        },
        "columns": list(trial.places),
        "unused": trial.unused,
        "personal": list(source.personal),
        "first_rows": [
            {"row": x.number, "cells": x.cells, "found": [_found_json(one, site) for one in x.found]}
            for x in trial.first_rows
        ],
        "kinds": _counts(trial.kinds),
        "services": _counts(trial.services),
        "lanes": _counts(trial.lanes),
        "terminals": _counts(trial.terminals),
        "days": {str(day): n for day, n in sorted(trial.days.items())},
        "first_at": iso(trial.first) if trial.first else None,
        "last_at": iso(trial.last) if trial.last else None,
        "out_of_order": {"rows": trial.late, "most_s": trial.latest_s},
        "numbers": {
            "issued_twice": numbers.twice_issued,
            "called_twice": numbers.twice_called,
            "called_never_issued": numbers.never_issued,
            "issued_never_called": numbers.never_called,
            "finished_never_called": numbers.not_called,
            "other_letters": numbers.other_letters,
        },
        "silent_kinds": trial.silent_kinds,
        "text": assessment(trial, source),
    }


def _counts(counts: Mapping[str, int]) -> dict[str, int]:
    return dict(Counter(counts).most_common())


def _found_json(one: Fact | BadRow, site: Site) -> dict[str, Any]:
    if isinstance(one, BadRow):
        return {"column": one.column, "why": one.why}
    return {"id": one.id, "at": iso(one.at), "kind": one.kind, **one.fields(), "text": fact_text(one, site)}


def proposal_json(found: Proposal) -> dict[str, Any]:
    """Return a proposal as one JSON document; ``fill_in``: what only the manager knows."""
    roles = found.roles
    return {
        "described": False,
        "toml": proposal_toml(found),
        "form": found.sample.form,
        "encoding": found.sample.encoding or "auto",
        "rows_seen": found.sample.number,
        "whole": found.sample.whole,
        "style": roles.style,
        "columns": {word: {"column": x.place, "sure": word not in roles.unsure} for word, x in roles.words.items()},
        "personal": [x.place for x in roles.personal],
        "unused": [x.place for x in roles.unused if x.filled],
        "fill_in": [
            *found.missing,
            *(f"codes.{w}.{v}" for w, codes in found.codes.items() for v, (code, _) in codes.items() if not code),
        ],
        "text": not_a_record(found),
    }
