"""Acts on the reception of services: stopping it with who decided, as the forecast proposes or by hand, and resuming it."""

from __future__ import annotations

from datetime import timedelta

from floorctl.commands.context import Wish
from floorctl.common.words import DECIDERS, hm
from floorctl.console.state import ConsoleState
from floorctl.models.board.foreseen import NOTHING, still_to_give
from floorctl.models.board.reception_notice import HOLDERS_ARE_CALLED, stopped_word, to_stop
from floorctl.models.day.floor import Floor
from floorctl.screens.asking import Ask, act, by_rule
from floorctl.screens.drawing.choice import KEYS

CAPACITY = "閉庁までに応対できる人数に達する見込み"  # why the forecast proposes a stop


@act("reception")
async def _reception(ask: Ask) -> None:
    state, floor = ask.state, ask.state.day.floor
    site = floor.site
    services = [(s.code, f"{s.name}  {_reception_words(floor, s.code)}") for s in site.services]
    proposed = [
        (f"stop {lane}", f"提案 {_lane(state, lane)}の受付を打ち切る{_left(state, lane)}")
        for lane, _ in _to_stop(state)
    ]
    whole = [
        (f"resume {x.code}", f"{x.name}の受付をまとめて再開する")
        for x in site.lanes
        if len(_stopped(floor, x.code)) > 1
    ]
    n = len(services)
    # A digit means its service, whatever is proposed above.
    keys = KEYS[n : n + len(proposed)] + KEYS[:n] + KEYS[n + len(proposed) :]
    answer = await ask.choice("受付を打ち切る・再開する業務", [*proposed, *services, *whole], keys=keys)
    what, _, lane = answer.partition(" ")
    if what == "stop":
        await _stop_lane(ask, lane, dict(_to_stop(state))[lane])
    elif what == "resume":
        await _resume(ask, f"{_lane(state, lane)} 受付再開", _stopped(floor, lane))
    elif answer in floor.stopped:
        await _resume(ask, f"{site.service_by_code[answer].short} 受付再開", [answer])
    else:
        await _stop_by_hand(ask, answer)


async def answer_stop(ask: Ask, lane: str) -> None:
    """Propose to stop the reception of a lane, where the forecast says so; else ask which service is meant."""
    proposed = dict(_to_stop(ask.state))
    if lane in proposed:
        await _stop_lane(ask, lane, proposed[lane])
    else:
        ask.app.perform("reception")


async def _stop_lane(ask: Ask, lane: str, services: tuple[str, ...]) -> None:
    """Stop the services of a lane that still give numbers: the reason is given, one key says who decided."""
    name = _lane(ask.state, lane)
    names = ask.state.day.floor.site.service_by_code
    prompt = f"{'・'.join(names[x].short for x in services)}{_left(ask.state, lane)}   理由 {CAPACITY}   {HOLDERS_ARE_CALLED}"
    options = [*_DECIDED, ("+", "ほかの理由を書く")]
    decided = await ask.choice(f"{name}の受付を打ち切る  決めた人", options, prompt, at=_MANAGER)
    reason = CAPACITY
    if decided == "+":
        decided = await ask.choice("受付の打切りを決めた人", _DECIDED, at=_MANAGER)
        reason = await ask.text(f"{name} の受付を打ち切る理由")
    wishes: list[Wish] = [
        ("reception.stopped", {"service": x, "reason": reason, "decided_by": decided}) for x in services
    ]
    await ask.record_all(f"{name} 受付打切り（決定 {DECIDERS[decided]}）", by_rule(wishes))


async def _stop_by_hand(ask: Ask, service: str) -> None:
    name = ask.state.day.floor.site.service_by_code[service].short
    at = ask.state.day.now - timedelta(minutes=ask.state.pending.backdate_min)
    decided = await ask.choice(f"{name} の受付の打切りを決めた人", _DECIDED, at=_MANAGER)
    reason = await ask.text(
        f"{name} の受付を打ち切る理由",
        f"{hm(at)}から、この業務だけ番号を出しません。待っている人はそのままです",
    )
    fields = {"service": service, "reason": reason, "decided_by": decided}
    await ask.record(f"{name} 受付打切り（決定 {DECIDERS[decided]}）", "reception.stopped", fields)


async def _resume(ask: Ask, label: str, services: list[str]) -> None:
    decided = await ask.choice(f"{label}を決めた人", _DECIDED, at=_MANAGER)
    wishes: list[Wish] = [("reception.resumed", {"service": x, "decided_by": decided}) for x in services]
    await ask.record_all(f"{label}（決定 {DECIDERS[decided]}）", by_rule(wishes))


_DECIDED = [(code, f"{word}が決めた") for code, word in DECIDERS.items()]
_MANAGER = [*DECIDERS].index("site_manager")  # who sits at the console


def _to_stop(state: ConsoleState) -> list[tuple[str, tuple[str, ...]]]:
    return to_stop(state.day.floor, state.forecasts.foreseen(), state.day.now)


def _lane(state: ConsoleState, lane: str) -> str:
    return state.day.floor.site.lane_by_code[lane].name


def _left(state: ConsoleState, lane: str) -> str:
    """Return how many numbers of a lane may still be given, behind two blanks."""
    said = still_to_give(state.forecasts.foreseen().get(lane, NOTHING))
    return f" {said}" if said else ""


def _stopped(floor: Floor, lane: str) -> list[str]:
    return [s.code for s in floor.site.services if s.lane == lane and s.code in floor.stopped]


def _reception_words(floor: Floor, service: str) -> str:
    if service not in floor.stopped:
        waiting = sum(t.service == service for q in floor.lanes.values() for t in q.tickets.values())
        return f"受付中  待ち {waiting}人"
    return f"{stopped_word('打切り中', floor.stopped[service])}（再開する）"
