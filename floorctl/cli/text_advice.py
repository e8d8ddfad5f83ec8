"""Plain text of advice and studies, and the additions to ``advise --json``."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from floorctl.advice import explain
from floorctl.advice.advise import Effect, Verdict
from floorctl.advice.hall_view import View
from floorctl.advice.lending import Lend, Return
from floorctl.advice.loans import LEND, lend_reason, loan_reasons
from floorctl.advice.proposal import Proposal, first
from floorctl.advice.staffing import LaneChoice
from floorctl.advice.study import Study
from floorctl.cli.text import WIDTH, columns, folded
from floorctl.common.lengths import minutes
from floorctl.common.words import KEEP, NOT_SERVED, POLICIES, more_word
from floorctl.models.board.loan_limits import LoanLimits
from floorctl.models.site.site import Site
from floorctl.simulation.replay import Figures


def study_text(found: Study, site: Site) -> str:
    """Return a study as a table: a row a policy with its waits, moves a day and ratio to the bound, then each lane."""
    bound = found.policies["pooled"].all.mean_s
    rows = [["配分", "平均待ち", "90％値", "最長", "最多待ち", "配分変更／日", "下限比"]]
    lanes = [["列ごとの 平均／90％値", *(x.name for x in site.lanes)]]
    for name, f in found.policies.items():
        ratio = f"{f.all.mean_s / bound:.2f}" if bound and f.all.mean_s is not None else "--"
        moves = f"{f.moves / f.days:.1f}" if f.days else "--"
        waits = (minutes(f.all.mean_s), minutes(f.all.p90_s), minutes(f.all.max_s))
        rows.append([POLICIES[name], *waits, f"{f.waiting_max}人", moves, ratio])
        lanes.append([POLICIES[name], *map(_lane, f.lanes.values())])
    more = more_word(len(found.days) - 6, "日")
    days = "、".join(d.isoformat() for d in found.days[:6]) + more
    note = "下限比は、端末を窓口で分けずに応対するとき（下限）に対する平均待ちの比。"
    listed = "\n  ".join(folded(f"{len(found.days)}日（{days}）", WIDTH - 2))
    return f"{listed}\n\n{columns(rows)}\n\n{columns(lanes)}\n\n{note}"


def _lane(f: Figures) -> str:
    return f"{minutes(f.mean_s)}／{minutes(f.p90_s)}" if f.n else "--"


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


class Loans(NamedTuple):
    """Loans of an instant: those to make, and those that are over, each with its reason in words.

    ``effect``: of the one that is asked for, by lane; {} where none is.
    """

    lends: Sequence[Lend]
    returns: Sequence[tuple[Return, str]]
    effect: Mapping[str, Effect]

    def to_json(self) -> dict[str, Any]:
        """Return `lends` and `returns` of ``advise --json``."""
        return {
            "lends": [
                {
                    "terminal": x.terminal,
                    "home": x.home,
                    "to": x.to,
                    "when": "after_present" if x.after_present else "now",
                }
                for x in self.lends
            ],
            "returns": [
                {"terminal": x.terminal, "home": x.home, "from": x.helped, "why": x.why} for x, _ in self.returns
            ],
        }


def loans_text(loans: Loans, v: View, limits: LoanLimits, *, why: bool = False) -> str:
    """Return the returns that are due and the loans that are permitted as lines, with ``why`` the reasons of each loan."""
    names = {x.code: x.name for x in limits.floor.site.lanes}
    lines = [f"応援から戻す  {x.terminal} を{names[x.home]}へ（{reason}）" for x, reason in loans.returns]
    lines += [
        f"許可あり  {x.terminal} を{names[x.to]}の応援に（{lend_reason(x, v, limits.floor)}）"
        for x in loans.lends
        if x.terminal in limits.floor.lend_permit
    ]
    parts = ["\n".join(map(_on_terminal, lines))]
    if loans.effect:
        rows = [["列", "いまのまま", "応援に出した後"]]
        rows += [[names[x], explain.minutes(e.before_s), explain.minutes(e.after_s)] for x, e in loans.effect.items()]
        parts.append(columns(rows))
    if why:
        parts += [columns([[head, text] for head, text in loan_reasons(x, v, limits)]) for x in loans.lends]
    return "\n\n".join(x for x in parts if x)


def _before_a_move(verdict: Verdict, more: Sequence[Proposal]) -> Proposal | None:
    """Return the proposal that comes before the move, or before moving nothing: it costs nothing, or is a loan at once."""
    found = first(more, moves=not verdict.keep)
    return found if found is not None and found.before_moves else None


def advice_json(
    verdict: Verdict, more: Sequence[Proposal], choices: Sequence[LaneChoice], site: Site, took_ms: float, loans: Loans
) -> dict[str, Any]:
    """Return ``advise --json``: the contract's keys, and those that stand beside them (docs/additions.md).

    A loan that takes the place of a move stands in ``moves``, marked as one.
    """
    before = _before_a_move(verdict, more)
    said = verdict.to_json(took_ms)
    if before is not None and before.kind == LEND and verdict.keep:
        said |= {
            "keep": False,
            "moves": [{"terminal": before.terminal, "from": before.origin, "to": before.lane, "lend": True}],
            "effect": {x: {"before_s": e.before_s, "after_s": e.after_s} for x, e in loans.effect.items()},
        }
    return said | {
        "text": said["text"] if before is None else before.text(),
        "first": before.to_json() if before is not None else None,
        "staffing": [c.to_json(site) for c in choices],
        "idle": [p.to_json() for p in more if p.kind == LEND],
        "others": [p.to_json() for p in more if p.kind != LEND],
        **loans.to_json(),
    }


def first_text(verdict: Verdict, more: Sequence[Proposal]) -> str:
    """Return the proposal that comes before a move as a line, "" if there is none."""
    before = _before_a_move(verdict, more)
    if before is None:
        return ""
    return _on_terminal(before.text() if before.kind == LEND else f"まず  {before.text()}")


def beside_text(verdict: Verdict, more: Sequence[Proposal], choices: Sequence[LaneChoice], site: Site) -> str:
    """Return the other proposals and the staffing choices as lines, "" if there are none."""
    before = _before_a_move(verdict, more)
    lines = [f"ほかの提案  {p.text()}" for p in more if p is not before]
    lines += [f"担当を置くなら  {c.text(site)}" for c in choices]
    return "\n".join(map(_on_terminal, lines))
