"""The plan of places of the day, and taking places by it: everybody's terminal or post as one act (仕様書 7(2), 10)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from floorctl.commands.context import GIVE_REASON, Context, Wish, as_wished
from floorctl.commands.deciders import decides, evolves
from floorctl.commands.people import decide_changed, decide_posted, leaves_places
from floorctl.commands.terminals import decide_staffed, outside_bands
from floorctl.common.errors import NeedsReason, Refused
from floorctl.models.board.assignable import at_place, said, unqualified
from floorctl.models.board.posts_plan import place_name, planned_places
from floorctl.models.day.floor import Floor
from floorctl.models.facts import kinds as ev
from floorctl.models.facts.entry import Entry

_WHAT = "配置の予定を記録できません"


@decides(ev.PostsPlanned)
def decide_planned(c: Context, f: ev.PostsPlanned) -> list[Wish]:
    """Replace the step of a time; the step that stands already is no fact."""
    c.need_not_closed()
    if len({p.staff for p in f.places}) < len(f.places):
        raise Refused(_WHAT, "同じ人が2度あります", "1人を1か所にしてください")
    terminals = [p.place for p in f.places if p.place in c.floor.terminals]
    if len(set(terminals)) < len(terminals):
        raise Refused(_WHAT, "1つの端末に2人います", "1つの端末を1人にしてください")
    for p in f.places:
        if p.place is not None and p.place not in c.floor.terminals and p.place not in c.site.post_by_code:
            raise Refused(_WHAT, "会場設定にない端末・持ち場です", "場所を確かめてください")
        if c.register.people and p.staff not in c.register.people:
            raise Refused(_WHAT, "名簿にない職員コードがあります", "コードを確かめてください")
    if c.floor.posts_plan.get(f.starts, {}) == _step(f):
        return []
    for p in f.places:
        asked = at_place(c.floor, p.place)
        if asked and (against := unqualified(c.floor, c.register, p.staff, **asked)):
            # Who takes the place in the end needs a reason then.
            c.warnings.append(f"{p.staff} {place_name(c.site, p.place)} {said(against)}。予定には入れました。")
    return as_wished(f)


@evolves(ev.PostsPlanned)
def evolve_planned(floor: Floor, entry: Entry, f: ev.PostsPlanned) -> None:
    known = {*floor.terminals, *floor.site.post_by_code, None}
    if any(p.place not in known for p in f.places):
        floor.odd(entry, "impossible")
    floor.posts_plan.pop(f.starts, None)
    if step := {staff: place for staff, place in _step(f).items() if place in known}:
        floor.posts_plan[f.starts] = step


def _step(f: ev.PostsPlanned) -> dict[str, str | None]:
    return {p.staff: p.place for p in f.places}


# ---- whole acts


def plan_places(c: Context, starts: str, changes: Mapping[str, str | None]) -> list[Wish]:
    """Set the places of some people from a time on; the others of that step stay, but for a terminal that is given away."""
    taken = {place for place in changes.values() if place in c.floor.terminals}
    kept = {s: p for s, p in c.floor.posts_plan.get(starts, {}).items() if s not in changes and p not in taken}
    step = sorted((kept | dict(changes)).items())
    places = tuple(ev.PlannedPlace(staff=staff, place=place) for staff, place in step)
    return decide_planned(c, c.fact(ev.PostsPlanned, starts=starts, places=places))


def take_places(
    c: Context,
    places: Mapping[str, str | None],
    lanes: Mapping[str, str],
    starts: str | None = None,
    later: Mapping[str, str | None] | None = None,
) -> list[Wish]:
    """Let people take their ``places`` (terminal, post; None: they leave theirs) and terminals their ``lanes``, as one act.

    ``starts``: record it as the plan from that time on as well, of which only what differs from the plan so far is new;
    ``later``: with the places of people who are still to come.
    """
    c.need_not_closed()
    given = {place for place in places.values() if place in c.floor.terminals}
    wishes = _moves(c, lanes)
    for staff, place in places.items():
        if place is None:
            found = leaves_places(c, staff)
        elif place in c.floor.terminals:
            found = decide_staffed(c, c.fact(ev.TerminalStaffed, terminal=place, staff=staff, reason=c.reason))
        else:
            found = decide_posted(c, c.fact(ev.StaffPosted, staff=staff, post=place, reason=c.reason))
        # A terminal that somebody else takes in this act is not left empty on the way.
        wishes += [w for w in found if not (_empties(w) and w[1]["terminal"] in given)]
    if starts is not None:
        so_far = planned_places(c.floor, starts)
        wanted = {**places, **(later or {})}
        if new := {staff: place for staff, place in wanted.items() if staff not in so_far or so_far[staff] != place}:
            wishes += plan_places(c, starts, new)
    return wishes


def _empties(wish: Wish) -> bool:
    kind, fields = wish
    return kind == "terminal.staffed" and fields["staff"] is None


def _moves(c: Context, lanes: Mapping[str, str]) -> list[Wish]:
    """Return the moves of terminals to their lanes; what all of them come to keeps the usual split, or has a reason."""
    changed = {code: lane for code, lane in lanes.items() if c.floor.terminals[code].own_lane != lane}
    if not changed:
        return []
    target = {t.code: t.own_lane for t in c.floor.terminals.values()} | changed
    broken = outside_bands(c.site, target)
    if broken and not c.reason:
        raise NeedsReason("この配分にするには理由が要ります", broken, GIVE_REASON)
    return [("terminal.assigned", {"terminal": t, "lane": x, "reason": c.reason}) for t, x in changed.items()]


def rests_relieved(c: Context, fields: dict[str, Any], relief: str, place: str) -> list[Wish]:
    """Let a person go on the break that ``fields`` say while ``relief`` takes their terminal or post, as one act."""
    wishes = take_places(c, {relief: place}, {})
    rests = decide_changed(c, c.fact(ev.StaffChanged, **fields))
    return [*wishes, *(w for w in rests if not (_empties(w) and w[1]["terminal"] == place))]
