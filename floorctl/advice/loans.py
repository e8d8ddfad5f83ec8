"""Find the loan (応援) to propose at an instant, and the lent terminals that are to go home, with their words. Pure.

`lending` chooses by who waits; `models/board/loan_limits` says what hours, appointments and breaks allow. The console, the
board and ``advise`` ask here.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from floorctl.advice import lending
from floorctl.advice.best_move import Option
from floorctl.advice.explain import minutes
from floorctl.advice.futures import SOON_S, Futures
from floorctl.advice.hall_view import View
from floorctl.advice.lending import Lend, LendRules, Return, due_returns, lend_rules, offer, unsure
from floorctl.advice.proposal import SEEN_MIN, STAYS, WAIT, Change, Key, Proposal, Step
from floorctl.common.lengths import whole_minutes
from floorctl.common.words import hm
from floorctl.models.board import loan_limits
from floorctl.models.board.loan_limits import NOT_AT_WORK, LoanLimits
from floorctl.models.board.loans import helped_lane
from floorctl.models.board.reception_hours import lane_hours
from floorctl.models.day.advice_answers import quiet
from floorctl.models.day.floor import Floor

LEND = "lend"
FREE_SOON_S = 300.0  # a loan of a terminal that is free by then comes before a move


def _staying(rules: LendRules) -> LendRules:
    """Return the parameters by which a proposed loan stays: while half of what it took to appear is there, and for the seconds between two cases."""
    relief_s, alone_s = rules.relief_s * STAYS, rules.alone_s * STAYS
    return replace(rules, heads=1, relief_s=relief_s, alone_s=alone_s, calling=1, comes=rules.comes / STAYS, between=1)


def loan_now(v: View, limits: LoanLimits, among: Collection[str] | None = None) -> Lend | None:
    """Return the loan that a console makes of itself now: of a free terminal that may be lent without asking.

    ``among``: those of them that the manager has not just kept at home; None: all.
    """
    floor = limits.floor
    permitted = floor.lend_permit if among is None else among
    if not permitted or not _goes_on(v, floor):
        return None
    found = offer(v, lend_rules(floor.site), limits=limits, among=permitted)
    return found if found is None or not quiet(floor.answers, found.home, found.to, 0, v.now) else None


def loan_to_ask(v: View, limits: LoanLimits, stood: Collection[Key] = ()) -> Lend | None:
    """Return the loan to ask for, also one after a present customer; None where a console makes one of itself.

    ``stood``: what was proposed before; a loan among them stays while half of what it took to appear is there, unless
    another terminal stands free and its own does not.
    """
    floor = limits.floor
    if not _goes_on(v, floor) or loan_now(v, limits) is not None:
        return None
    asked = [s.code for s in v.stations if s.code not in floor.lend_permit]
    rules = lend_rules(floor.site)
    found = offer(v, rules, ahead=True, limits=limits, among=asked)
    for _, lane, terminal in (key for key in stood if key[0] == LEND):
        before = offer(v, _staying(rules), ahead=True, limits=limits, among=[x for x in asked if x == terminal])
        if (
            before is not None
            and before.to == lane
            and (found is None or found.after_present or not before.after_present)
        ):
            return before
    return found


def _goes_on(v: View, floor: Floor) -> bool:
    return floor.is_open and v.closes_s > 0 and len(v.lanes) > 1


def contradict(loan: Proposal, move: Option) -> bool:
    """Return whether a proposed loan and a move ask for one terminal, or for opposite directions."""
    return loan.terminal in move.moves or move.origin == loan.lane or move.to == loan.origin


def returns_due(v: View, limits: LoanLimits) -> list[Return]:
    """Return the lent terminals that are to go home now: those that must, and of the others one at a time."""
    floor = limits.floor
    if not _goes_on(v, floor):
        return []
    must = []
    for t in floor.terminals.values():
        helped = helped_lane(floor, t)
        if t.home is None or t.coming_home or helped is None:
            continue
        why = "" if unsure(v.grounds, t.home, helped) else limits.due_home(t.code)
        if why == NOT_AT_WORK or (why and not limits.last_of(t.code, helped)):
            must.append(Return(t.code, t.home, helped, why))
    return must + [
        x for x in due_returns(v, lend_rules(floor.site), limits) if all(x.terminal != y.terminal for y in must)
    ]


# ---- words


def loan_proposal(lend: Lend, limits: LoanLimits, futures: Futures, stood: Collection[Key] = ()) -> Proposal | None:
    """Return a loan as a proposal, ``soon`` where its terminal is free within FREE_SOON_S; None where it is declined, or its gain is not seen.

    ``stood``: what was proposed before.
    """
    floor, v = limits.floor, futures.v
    names = {x.code: x.name for x in floor.site.lanes}
    now, lent = futures.longest((), "", SOON_S), futures.loan(lend.terminal, lend.to)
    before, after = now[lend.to], lent[lend.to]
    change = Change(WAIT, names[lend.to], int(before), int(after))
    cost = None  # of a lane that stands still nothing is told
    if lend.home not in v.grounds.withheld:
        cost = Change(WAIT, names[lend.home], int(now[lend.home]), int(lent[lend.home]))
    gain_s = change.before - change.after
    least = SEEN_MIN * STAYS if lend.key in stood else SEEN_MIN
    seen = whole_minutes(before) - whole_minutes(after) >= least
    if not seen or quiet(floor.answers, lend.home, lend.to, gain_s, limits.now):
        return None
    when = "この方のあと、待つ人がいなければ" if lend.after_present else ""
    fields = {"terminal": lend.terminal, "lane": lend.to, "reason": lend_reason(lend, v, floor)}
    return Proposal(
        kind=LEND,
        lane=lend.to,
        what=f"{lend.terminal} を{when}{names[lend.to]}の応援に",
        change=change,
        note=_note(lend, limits, v),
        terminal=lend.terminal,
        origin=lend.home,
        takes=(Step("terminal.lent", fields),),
        cost=cost,
        clear=True,
        soon=any(v.free_in(s) <= FREE_SOON_S for s in v.stations if s.code == lend.terminal),
    )


def _note(lend: Lend, limits: LoanLimits, v: View) -> str:
    """Return why the terminal can go, and that it comes home."""
    floor, name = limits.floor, limits.floor.site.lane_by_code[lend.home].name
    begins, ends = lane_hours(floor, lend.home)
    if lend.home in v.grounds.withheld:
        return f"{name}は{v.grounds.withheld[lend.home].clause}"
    if limits.idle(lend.home):
        if limits.now < begins:
            return f"{name}の受付は {hm(begins)} から、間に合うように戻る"
        return f"{name}の受付は打切り" if limits.now <= ends else f"{name}の受付は {hm(ends)} で終わり"
    return f"{name}に待つ人なし、要るときに戻る"


def lend_reason(lend: Lend, v: View, floor: Floor) -> str:
    """Return the reason of a loan as its fact has it: 電子証明書に6人、交付に待つ人なし."""
    names = {x.code: x.name for x in floor.site.lanes}
    return f"{names[lend.to]}に{v.count[lend.to]}人、{names[lend.home]}に待つ人なし"


def loan_reasons(lend: Lend, v: View, limits: LoanLimits) -> list[tuple[str, str]]:
    """Return why a terminal is to be lent, as (heading, text): where it helps, where it comes from, when it comes home."""
    names = {x.code: x.name for x in limits.floor.site.lanes}
    to, home = lend.to, lend.home
    helped = sum(s.at_work for s in v.of(to))
    others = sum(s.at_work and s.code != lend.terminal for s in v.of(home))
    when = "応対中の人が終わり、そのとき待つ人がいなければ" if lend.after_present else "手が空いている"
    return [
        ("応援", f"{lend.terminal} {when}"),
        (
            "応援先",
            f"{names[to]} 待ち{v.count[to]}人 {helped}台 1件 {minutes(v.pace[to])} 待ち 約{minutes(lend.relief_s)}",
        ),
        ("本来の窓口", f"{names[home]} 待つ人なし ほかに{others}台"),
        ("戻る", f"{names[home]}に人が並んで{names[to]}より混むか、予約や受付の始まりが近づいたとき（自動）"),
    ]


def return_reason(r: Return, v: View, limits: LoanLimits) -> str:
    """Return the reason of a return as its fact has it: 交付の列に2人."""
    floor = limits.floor
    home, helped = (floor.site.lane_by_code[x].name for x in (r.home, r.helped))
    t = floor.terminals[r.terminal]
    match r.why:
        case lending.HOME_WAITS:
            return f"{home}の列に{v.count[r.home]}人"
        case lending.HELPED_EMPTY:
            return f"{home}の列に{v.count[r.home]}人、{helped}に待つ人なし"
        case lending.HOME_ALONE:
            return f"{home}に動いている端末なし"
        case loan_limits.BEGINS:
            return f"{home}の受付 {hm(lane_hours(floor, r.home)[0])} から"
        case loan_limits.APPOINTMENT:
            at = limits.unmet(t, r.helped)
            return f"{home}の予約 {hm(at)}" if at is not None else f"{home}の予約"
        case _:
            return "端末の故障" if t.failed else "端末の休止" if t.paused else "担当が在席していない"
