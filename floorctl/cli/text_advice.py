"""Plain text of advice, and the additions to ``advise --json``."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any

from floorctl.advice import explain
from floorctl.advice.advise import Verdict
from floorctl.advice.proposal import Proposal, first
from floorctl.advice.staffing import LaneChoice
from floorctl.cli.text import WIDTH, columns, folded
from floorctl.common.words import KEEP, NOT_SERVED
from floorctl.models.site.site import Site


def _on_terminal(text: str) -> str:
    """Return a proposal in lines of a terminal, each but the first indented; for a pipe as the one line that it is."""
    return "\n  ".join(folded(text, WIDTH - 2)) if sys.stdout.isatty() else text


def advice_text(verdict: Verdict, more: Sequence[Proposal], site: Site, *, why: bool = False) -> str:
    """Return the advice in a line and the predicted wait of each lane before and after it, with ``why`` the reasons.

    Where another proposal comes first, to move nothing is not to leave everything as it is.
    """
    before = _before_a_move(verdict, more)
    said = verdict.text if before is None else verdict.text.replace(KEEP, "端末の移動はなし", 1)
    parts = [_on_terminal(said)]
    if not verdict.keep:
        rows = [["列", "いまのまま", "移した後"]]
        for lane, e in verdict.effect.items():  # in the form of the line above the table
            after = NOT_SERVED if e.nobody else explain.minutes(e.after_s)
            rows.append([site.lane_by_code[lane].name, explain.minutes(e.before_s), after])
        parts.append(columns(rows))
    if why:
        parts.append(columns([[head, text] for head, text in verdict.reasons]))
    return "\n\n".join(parts)


IDLE = ("lend", "back")


def _before_a_move(verdict: Verdict, more: Sequence[Proposal]) -> Proposal | None:
    """Return the proposal that comes before the move, or before moving nothing: it costs nothing."""
    found = first(more, moves=not verdict.keep)
    return found if found is not None and found.free else None


def advice_json(
    verdict: Verdict, more: Sequence[Proposal], choices: Sequence[LaneChoice], site: Site, took_ms: float
) -> dict[str, Any]:
    """Return ``advise --json``: the contract's keys, and those that stand beside them (docs/additions.md)."""
    before = _before_a_move(verdict, more)
    said = verdict.to_json(took_ms)
    return said | {
        "text": said["text"] if before is None else before.text(),
        "first": before.to_json() if before is not None else None,
        "staffing": [c.to_json(site) for c in choices],
        "idle": [p.to_json() for p in more if p.kind in IDLE],
        "others": [p.to_json() for p in more if p.kind not in IDLE],
    }


def first_text(verdict: Verdict, more: Sequence[Proposal]) -> str:
    """Return the proposal that comes before a move as a line, "" if there is none."""
    before = _before_a_move(verdict, more)
    return _on_terminal(f"まず  {before.text()}") if before is not None else ""


def beside_text(verdict: Verdict, more: Sequence[Proposal], choices: Sequence[LaneChoice], site: Site) -> str:
    """Return the other proposals and the staffing choices as lines, "" if there are none."""
    before = _before_a_move(verdict, more)
    lines = [f"ほかの提案  {p.text()}" for p in more if p is not before]
    lines += [f"担当を置くなら  {c.text(site)}" for c in choices]
    return "\n".join(map(_on_terminal, lines))
