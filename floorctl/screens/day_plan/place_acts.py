"""Acts on the plan of places: where a person stands from a time on."""

from __future__ import annotations

from functools import partial

from rich.cells import cell_len

from floorctl.commands.posts import plan_places
from floorctl.common.action_keys import keyed
from floorctl.common.clock import HALF_HOUR, half_hour_of
from floorctl.common.words import hm
from floorctl.console.state import ConsoleState
from floorctl.models.board.assignable import rank, said, unqualified
from floorctl.models.board.posts_plan import place_name, places_now, planned_places
from floorctl.screens.asking import Ask, act
from floorctl.screens.drawing.canvas import pad

_NONE = "-"
_HALVES = 8  # so many half hours are offered, any other time is typed


@act("plan_place")
async def _plan_place(ask: Ask) -> None:
    """Plan a terminal, a post or no place for the chosen person from a time on."""
    state, code = ask.state, ask.state.chosen.person
    who = state.day.who(code)
    answer = await ask.choice(
        f"{who} の場所（予定）",
        _places(state, code),
        keyed("いま置くのは {people} の {stand}（端末）と {post}（案内）"),
    )
    place = None if answer == _NONE else answer
    name = place_name(state.day.site, place)
    starts = await ask.choice(f"{who} {name} は何時から", [*_times(state), ("+", "時刻を入れる")])
    if starts == "+":
        starts = await ask.time(f"{who} {name} は何時から")
    label = f"予定 {hm(starts)}から {who} {name}"
    before = planned_places(state.day.floor, starts) if place in state.day.floor.terminals else {}
    if left := [state.day.who(x) for x, held in before.items() if held == place and x != code]:
        label = f"{label}（{'・'.join(left)} は持ち場なし）"
    await ask.record_all(label, partial(plan_places, starts=starts, changes={code: place}))


def _places(state: ConsoleState, code: str) -> list[tuple[str, str]]:
    """Return the places with who stands there now; those that the person may not or cannot take come last, with the reason."""
    floor, site, register = state.day.floor, state.day.site, state.day.register
    stands = {place: staff for staff, place in places_now(floor).items()}
    found = []
    for n, t in enumerate(site.terminals):
        lane = site.lane_by_code[floor.terminals[t.code].own_lane].name
        against = unqualified(floor, register, code, terminal=t.code)
        found.append((rank(against), n, t.code, f"{pad(t.code, 4)} {lane}", said(against)))
    for n, p in enumerate(site.posts, len(found)):
        against = unqualified(floor, register, code, post=p.code)
        found.append((rank(against), n, p.code, p.name, said(against)))
    wide = max(cell_len(words) for _, _, _, words, _ in found)
    options = []
    for _, _, place, words, why in sorted(found):
        now = f"いま {state.day.who(stands[place])}" if place in stands else ""
        options.append((place, f"{pad(words, wide)}  {'  '.join(x for x in (now, why) if x)}".rstrip()))
    return [*options, (_NONE, "持ち場なし")]


def _times(state: ConsoleState) -> list[tuple[str, str]]:
    """Return the next half hours until the hall closes."""
    now, closes = state.day.now, state.day.site.hall.closes
    at = half_hour_of(now) + HALF_HOUR
    ats = [at + n * HALF_HOUR for n in range(_HALVES)]
    return [(f"{x:%H:%M}", f"{hm(x)} から") for x in ats if x.time() < closes and x.date() == now.date()]
