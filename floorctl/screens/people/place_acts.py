"""Everybody takes their place by one key: by the plan of today, as on the last open day's morning, or by skill (仕様書 10)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from rich.cells import cell_len

from floorctl.commands.posts import take_places
from floorctl.common.action_keys import key_of, keyed
from floorctl.common.words import hm, short_day
from floorctl.console.state import ConsoleState
from floorctl.models.board.assignable import at_place, objections, rank, said
from floorctl.models.board.first_places import first_places
from floorctl.models.board.morning import Morning
from floorctl.models.board.places_proposal import NOBODY, UNSEEN, ProposedPlace, propose_places
from floorctl.models.board.posts_plan import place_name, places_now, places_to_take
from floorctl.models.board.presence import presence
from floorctl.screens.asking import Ask, act
from floorctl.screens.drawing.canvas import pad
from floorctl.screens.drawing.choice import KEYS

if TYPE_CHECKING:
    from floorctl.usecases.session import Session

LAST_MORNING = "last morning"  # question to the file
_WITHOUT_ROSTER = "名簿がないので、端末を選び {staff} とコードで置くか、名簿を入れてください（floorctl roster import）"
_TAKE, _OFF = "+take", "+off"
_KEYS = "a" + KEYS.replace("a", "")  # the first line takes all of it


def _read(session: Session) -> object:
    from floorctl.usecases.last_morning import last_morning

    return last_morning(session)


@act("places")
async def _places(ask: Ask) -> None:
    """Propose everybody's place in one list, in which each line can be changed or left out, and take all at once."""
    state = ask.state
    planned = _by_plan(state)
    morning: Morning | None = None
    if planned is None:
        morning = await ask.of_file(LAST_MORNING, _read)
        title = (
            f"前の開場日 {short_day(morning.day)} {hm(morning.at)} と同じ配置"
            if morning is not None
            else "端末の列とできる業務からの配置（前の開場日の配置は記録にありません）"
        )
    else:
        title = f"今日の配置の予定 {hm(planned[0])} から"
    day = state.day
    wanted: Mapping[str, str | None]
    if planned is not None:
        wanted = planned[1]
    else:
        wanted = morning.places if morning is not None else first_places(day.floor, day.register, day.now)
    if not wanted:
        here = presence(day.floor, day.register, day.now).present
        words = keyed("先に点呼をとってください（{people} の {roll_call}）" if day.register.people else _WITHOUT_ROSTER)
        words = "空いている場所に就ける、持ち場のない人はいません" if here else words
        state.line.say(f"前の開場日の配置が記録にありません。{words}", "warn")
        return
    found = propose_places(day.floor, day.register, day.now, wanted, morning.lanes if morning is not None else {})
    lines = list(found.lines)
    if not lines:
        state.line.say(f"{title}: そのとおりになっています")
        return
    if all(x.why == UNSEEN for x in lines):
        state.line.say(f"{title}: 先に点呼をとってください（{key_of('people')} の {key_of('roll_call')}）", "warn")
        return
    notes = [f"持ち場なし {'・'.join(day.who(x) for x in found.free)}"] if found.free else []
    notes += (
        [f"{'・'.join(found.later)} の列は、開場のあとにもう一度 {key_of('places')} でそろえます"]
        if found.later
        else []
    )
    while True:
        taken = [x for x in lines if x.staff is not None or x.lane is not None]
        options = [(_TAKE, f"このとおりに置く（{len(taken)}か所）"), *_options(state, lines)]
        prompt = "　".join(["行を選ぶと、人を替える・外す", *notes])
        answer = await ask.choice(title, options, prompt, keys=_KEYS)
        if answer == _TAKE:
            break
        lines = await _changed(ask, lines, int(answer))
    places = {x.staff: x.place for x in taken if x.staff is not None}
    lanes = {x.place: x.lane for x in taken if x.place is not None and x.lane is not None}
    # Who comes later finds the place in the plan, and is told it then.
    later = {x.wanted: x.place for x in lines if x.waits and x.staff is None and x.wanted is not None}
    now = f"{state.day.now:%H:%M}"
    take = partial(take_places, places=places, lanes=lanes, starts=now, later=later)
    await ask.record_all(f"配置 {len(taken)}か所", take)


def _by_plan(state: ConsoleState) -> tuple[str, dict[str, str | None]] | None:
    """Return since when the plan of today holds and its places now, before its first step those of it; None without one."""
    plan = state.day.floor.posts_plan
    if not plan:
        return None
    at = max(f"{state.day.now:%H:%M}", min(plan))
    return max(x for x in plan if x <= at), places_to_take(state.day.floor, state.day.register, at)


def _options(state: ConsoleState, lines: list[ProposedPlace]) -> list[tuple[str, str]]:
    """Return the lines of the list: place, person, and why it is not the same as there."""
    site, wide = state.day.site, max(cell_len(place_name(state.day.site, x.place)) for x in lines)
    found = []
    for n, x in enumerate(lines):
        who = state.day.who(x.staff) if x.staff else "置かない" if x.wanted else ""
        words = [pad(place_name(site, x.place), wide), pad(who, 8)]
        words += [f"{site.lane_by_code[x.lane].name}の列へ"] if x.lane else []
        if x.why and x.wanted:
            words.append(f"{state.day.who(x.wanted)} は{x.why}{'' if x.staff or x.why == UNSEEN else f'。{NOBODY}'}")
        elif x.staff and (at := places_now(state.day.floor).get(x.staff)) is not None and at != x.place:
            words.append(f"いま {place_name(site, at)}")
        found.append((str(n), "  ".join(words).rstrip()))
    return found


async def _changed(ask: Ask, lines: list[ProposedPlace], n: int) -> list[ProposedPlace]:
    """Ask for the person of a line; whoever is chosen leaves the line where they were. Return the lines."""
    state, line = ask.state, lines[n]
    name = place_name(state.day.site, line.place)
    options = [(_OFF, "この行は置かない")]
    if line.place is not None:
        there = {x.staff: f"{place_name(state.day.site, x.place)} の行" for x in lines if x.staff and x is not line}
        options += _people(state, line, there)
    codes = [code for code, _ in options]
    at = codes.index(line.staff) if line.staff in codes else min(1, len(options) - 1)
    code = await ask.choice(f"{name} に立つのは", options, at=at)
    if code == _OFF:
        return [*lines[:n], *lines[n + 1 :]]
    moved = [replace(x, staff=None, why=x.why or f"{name} へ") if x.staff == code else x for x in lines]
    moved[n] = replace(line, staff=code, why="")
    return moved


def _people(state: ConsoleState, line: ProposedPlace, there: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return the people of the day for a place with what stands against each: first who can and has no other line."""
    day, place = state.day, line.place or ""
    asked = at_place(day.floor, place, line.lane or "")
    found = []
    for code in day.staff_codes():
        against = objections(day.floor, day.register, day.now, code, **asked)
        named = day.named(code)
        words = "  ".join(x for x in (pad(named, 12), said(against), there.get(code, "")) if x).rstrip()
        found.append((rank(against), code in there, code, words))
    return [(code, words) for *_, code, words in sorted(found)]
