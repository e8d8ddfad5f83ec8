"""Terminals: moving between lanes, staffing, pausing, failing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from floorctl.commands.context import Context, Wish
from floorctl.commands.staff import leaves_terminals
from floorctl.common.errors import NeedsReason, Refused
from floorctl.common.words import STAFF_STATUSES
from floorctl.models.day.staff import PLEDGE
from floorctl.models.facts import kinds as ev
from floorctl.models.site.site import Site


def _lane_name(c: Context, lane: str) -> str:
    return c.site.lane_by_code[lane].name


def outside_band(c: Context, terminal: str, lane: str) -> str:
    """What the move would break of the usual split (仕様書 15(4)※), in words; '' where it keeps within the band."""
    target = {t.code: t.next_lane or t.lane for t in c.floor.terminals.values()}
    origin, target[terminal] = target[terminal], lane
    return outside_bands(c.site, target, (origin, lane))


def outside_bands(site: Site, target: Mapping[str, str], lanes: Iterable[str] | None = None) -> str:
    """What an allocation (terminal: lane) breaks of the usual split, in words; of ``lanes`` alone where they are given."""
    said = []
    for code in site.band_by_lane if lanes is None else lanes:
        band = site.band_by_lane.get(code)
        if band is None:
            continue
        n = sum(x == code for x in target.values())
        if not band.low <= n <= band.high:
            said.append(f"{site.lane_by_code[code].name}が{n}台になります（通常 {band.low}〜{band.high}台）")
    return "、".join(said)


def rebalance(c: Context, f: ev.TerminalAssigned) -> list[Wish]:
    """Moves a terminal to a lane: at once if free, else after its present ticket; to its present lane is no fact.

    Outside the usual band a reason is needed (仕様書 15(4)※).
    """
    t = c.floor.terminals[f.terminal]
    lanes = c.site.terminal_by_code[f.terminal].lanes
    if f.lane not in lanes:
        names = "・".join(_lane_name(c, x) for x in lanes)
        raise Refused(
            f"{f.terminal} を {_lane_name(c, f.lane)} には移せません",
            f"{names}だけの端末です",
            "別の端末を選んでください",
        )
    if f.lane == (t.next_lane or t.lane):
        return []
    c.need_not_closed()
    broken = outside_band(c, f.terminal, f.lane)
    if broken and not f.reason:
        raise NeedsReason(f"{f.terminal} の移動には理由が要ります", broken, "理由を添えてください（--reason）")
    return [("terminal.assigned", {"terminal": f.terminal, "lane": f.lane, "reason": f.reason})]


def staff(c: Context, f: ev.TerminalStaffed) -> list[Wish]:
    """Puts somebody at a terminal, or nobody; who stood elsewhere leaves that terminal."""
    c.need_not_closed()
    t = c.floor.terminals[f.terminal]
    if t.staff == f.staff and c.floor.staffing_known:
        return []
    wishes: list[Wish] = []
    if f.staff is not None:
        held = c.floor.staff.get(f.staff)
        if held is not None and held.status in ("absent", "gone"):
            word = STAFF_STATUSES[held.status]
            raise Refused(f"{f.staff} を {f.terminal} に置けません", f"{word}になっています", "先に在席にしてください")
        _need_authority(c, f)
        wishes += leaves_terminals(c, f.staff, f.terminal)
        if f.staff in c.floor.posts:
            wishes.append(("staff.posted", {"staff": f.staff, "post": None}))
    fields = {"terminal": f.terminal, "staff": f.staff}
    return [*wishes, ("terminal.staffed", fields | ({"reason": f.reason} if f.reason else {}))]


def lacking(c: Context, terminal: str, staff: str) -> list[str]:
    """What a person would need to stand at a terminal and has not; [] where the roster is empty or nothing lacks."""
    if not c.register.people:
        return []
    person = c.register.people.get(staff)
    if person is None or not person.here_on(c.floor.day):
        return ["名簿への登録"]
    missing = person.lacks(c.floor.day)
    # Elsewhere than at an integrated terminal the pledge alone is needed: nobody is on duty before it (仕様書 10).
    return missing if c.site.terminal_by_code[terminal].authority else [x for x in missing if x == PLEDGE]


def _need_authority(c: Context, f: ev.TerminalStaffed) -> None:
    """仕様書 7(2), 10: 交付委託事業者等操作者 with a vein registration, pledged. An override is recorded with its reason."""
    assert f.staff is not None
    missing = lacking(c, f.terminal, f.staff)
    if not missing:
        return
    why = f"{'・'.join(missing)}がありません（仕様書 7(2)、10）"
    if not f.reason:
        raise NeedsReason(
            f"{f.staff} を {f.terminal} に置けません",
            why,
            "別の人を置くか、やむを得ないときは理由を添えてください（--reason）",
        )
    c.warnings.append(f"{f.staff} には{why}。理由とともに記録しました。")


def pause(c: Context, f: ev.TerminalPaused) -> list[Wish]:
    return _change(c, f, c.floor.terminals[f.terminal].paused, "はもう休止中です")


def resume(c: Context, f: ev.TerminalResumed) -> list[Wish]:
    return _change(c, f, not c.floor.terminals[f.terminal].paused, "は休止していません")


def fail(c: Context, f: ev.TerminalFailed) -> list[Wish]:
    return _change(c, f, c.floor.terminals[f.terminal].failed, "はもう故障になっています")


def repair(c: Context, f: ev.TerminalRepaired) -> list[Wish]:
    return _change(c, f, not c.floor.terminals[f.terminal].failed, "は故障していません")


def _change(
    c: Context,
    f: ev.TerminalPaused | ev.TerminalResumed | ev.TerminalFailed | ev.TerminalRepaired,
    already: bool,
    refusal: str,
) -> list[Wish]:
    """The fact as it was wished. Raises Refused after the close, and where the terminal is ``already`` so."""
    c.need_not_closed()
    if already:
        raise Refused(f"{f.terminal} {refusal}")
    return [(f.kind, f.fields())]
