"""Acts on the plan of the day: breaks are made, fixed, moved, swapped, removed and ticked."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from functools import partial

from floorctl.common.clock import JST
from floorctl.common.words import hm
from floorctl.console.keys import BY_ID
from floorctl.console.state import ConsoleState
from floorctl.models.board.break_alerts import stage
from floorctl.models.board.break_progress import changes, saving
from floorctl.models.facts.breaks import PlannedBreak
from floorctl.screens.asking import Ask, act
from floorctl.screens.drawing.canvas import pad

_MENU = ("break_earlier", "break_later", "break_fix", "break_swap", "break_tick", "break_drop")
_STEP = timedelta(minutes=5)


async def act_on_person(ask: Ask, code: str) -> None:
    """Offer what can be done with the break of a person."""
    ask.state.chosen.person = code
    options = [(x, BY_ID[x].help) for x in _MENU]
    ask.app.perform(await ask.choice(f"{ask.state.day.who(code)} の休憩", options))


def _planned(state: ConsoleState) -> PlannedBreak:
    """Return the planned break of the chosen person, who has one (``possible.break_planned``)."""
    return state.day.floor.planned_breaks[state.chosen.person]


async def _put(ask: Ask, b: PlannedBreak, words: str) -> None:
    state = ask.state
    label = f"{state.day.who(b.staff)} {words} {hm(b.start)}から{b.minutes}分{'（固定）' if b.fixed else ''}"
    await ask.record(label, "breaks.planned", {"breaks": [b.everything()]})


def shifted(state: ConsoleState, start: str, by: timedelta) -> str:
    """Return a time of the day moved by a span, as HH:MM."""
    return f"{datetime.combine(state.day.floor.day, time.fromisoformat(start), JST) + by:%H:%M}"


async def _move(ask: Ask, *, by: timedelta) -> None:
    b = _planned(ask.state)
    await _put(ask, b.replace(start=shifted(ask.state, b.start, by), fixed=True), "休憩を動かしました")


act("break_earlier")(partial(_move, by=-_STEP))
act("break_later")(partial(_move, by=_STEP))


@act("break_fix")
async def _fix(ask: Ask) -> None:
    b = _planned(ask.state)
    await _put(ask, b.replace(fixed=not b.fixed), "休憩の固定を外しました" if b.fixed else "休憩を固定しました")


@act("break_drop")
async def _drop(ask: Ask) -> None:
    b = _planned(ask.state)
    label = f"{ask.state.day.who(b.staff)} の休憩を計画から外しました"
    await ask.record(label, "breaks.planned", {"removed": [b.staff]})


@act("break_swap")
async def _swap(ask: Ask) -> None:
    """Let two people take each other's time; both breaks are fixed then."""
    state, mine = ask.state, _planned(ask.state)
    held = sorted(state.day.floor.planned_breaks.values(), key=lambda b: (b.start, b.staff))
    day = state.day
    begun = {b.staff for b in held if stage(day.floor, day.breaks().get(b.staff), b, day.now) in ("resting", "taken")}
    others = [b for b in held if b.staff != mine.staff and b.staff not in begun]
    if not others:
        state.line.say("入れ替えられる休憩はほかにありません", "warn")
        return
    options = [(b.staff, f"{hm(b.start)} {state.day.who(b.staff)} {b.minutes}分") for b in others]
    code = await ask.choice(f"{state.day.who(mine.staff)} の休憩（{hm(mine.start)}）を誰と入れ替えますか", options)
    other = state.day.floor.planned_breaks[code]
    both = [mine.replace(start=other.start, fixed=True), other.replace(start=mine.start, fixed=True)]
    label = f"{state.day.who(mine.staff)} と {state.day.who(code)} の休憩を入れ替えました（固定）"
    await ask.record(label, "breaks.planned", {"breaks": [b.everything() for b in both]})


@act("plan_breaks")
async def _plan(ask: Ask) -> None:
    """Show what a new plan changes, and record it: all of it, or the break of one person."""
    state = ask.state
    new = state.forecasts.break_plan(anew=True)
    found = changes(state.day.floor, new)
    if not found:
        said = (
            new.sentence if new.turns else "休憩をとる人がいません（点呼のあと、勤務が6時間を超える人について作ります）"
        )
        state.line.say(f"休憩の計画は今のままです: {said}")
        return
    first = not state.day.floor.planned_breaks
    options = [("", f"{'この計画にする' if first else 'すべて変える'}（{len(found)}名）")]
    options += [(x.staff, f"{pad(state.day.who(x.staff), 10)} {x.words()}") for x in found]
    less = "" if first else saving(state.forecasts.break_plan(), new)
    prompt = f"{new.sentence}  {less}減ります" if less else new.sentence
    answer = await ask.choice("休憩の計画" if first else "休憩の計画の変更", options, prompt)
    chosen = [x for x in found if answer in ("", x.staff)]
    fields = {
        "breaks": [x.new.everything() for x in chosen if x.new is not None],
        "removed": [x.staff for x in chosen if x.new is None],
    }
    words = f"{len(chosen)}名" if not answer else f"{state.day.who(answer)} {chosen[0].words()}"
    await ask.record(f"休憩の計画 {words}", "breaks.planned", fields)
