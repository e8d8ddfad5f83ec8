"""Word the advice: one line, and five reasons (arrivals, terminals, appointments, assumptions, certainty). Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from floorctl.advice.arrivals import Demand
from floorctl.advice.best_move import Option
from floorctl.advice.futures import FUTURES
from floorctl.advice.hall_view import View
from floorctl.common.lengths import length_word, whole_minutes
from floorctl.common.words import DECLINED, KEEP, LONGEST_WAIT, NOT_SERVED, hm
from floorctl.models.day.floor import Floor
from floorctl.models.site.site import Site


def minutes(seconds: float) -> str:
    """Return whole minutes, rounded, with the unit."""
    return length_word(whole_minutes(seconds))


def line(
    site: Site,
    option: Option | None,
    effect: Mapping[str, tuple[int, int | None]],
    declined: datetime | None = None,
    unsure: Sequence[str] = (),
    stuck: str = "",
    gained: str = "",
) -> str:
    """Return one line: T4 交付から電子証明書へ  電子証明書の最大待ち 42分から27分  交付 9分から14分.

    With no move: このままで良い (``stuck`` where a target is exceeded all the same), or ``unsure``, why some lanes have no
    wait, or 見送り中（10:17まで）; and the longest wait of each other lane. A second figure of None: nobody is left to serve
    there. ``gained``: what the move saves where the figures do not show it.
    """
    name = {lane.code: lane.name for lane in site.lanes}
    if option is None:
        why = [*unsure] if unsure and declined is None else [*unsure, kept(declined, stuck)]
        return "  ".join([*why, *(f"{name[lane]}の{LONGEST_WAIT} {minutes(a)}" for lane, (a, _) in effect.items())])
    terminals = "・".join(option.moves)
    parts = [f"{terminals} {name[option.origin]}から{name[option.to]}へ"]
    for lane, word in ((option.to, f"の{LONGEST_WAIT}"), (option.origin, "")):
        if lane in effect:
            a, b = effect[lane]
            after = NOT_SERVED if b is None else minutes(b)
            parts.append(f"{name[lane]}{word} {minutes(a)}から{after}")
    parts += [gained] if gained else []
    return "  ".join([*parts, f"（{option.because}）"] if option.because else parts)


def kept(declined: datetime | None, stuck: str = "") -> str:
    """Return why nothing is moved: このままで良い, ``stuck`` where a target is exceeded, or 見送り中（10:17まで）."""
    return stuck or KEEP if declined is None else f"{DECLINED}（{hm(declined)}まで）"


def gain(saved_s: float) -> str:
    """Return what a move saves all together: 待ちの合計 1時間32分減; "" where that is not a minute."""
    return "" if saved_s < 60 else f"待ちの合計 {minutes(saved_s)}減"


def reasons(
    floor: Floor, v: View, demand: Demand, option: Option | None, better: int, saved: float
) -> tuple[tuple[str, str], ...]:
    """Return five reasons as (heading, text).

    ``better``: number of futures in which the move saves waiting; ``saved``: their mean, in person-seconds.
    """
    site = floor.site
    name = {lane.code: lane.name for lane in site.lanes}
    arrivals = "  ".join(f"{name[x]} {_arrivals(floor, v, demand, x)}" for x in v.lanes)
    staff = "  ".join(_staff(v, x, name[x]) for x in v.lanes)
    soon = timedelta(hours=1)
    booked = sum(
        h.booked
        for x in v.lanes
        for h in demand.lanes[x].halves
        if v.now - timedelta(minutes=30) < h.start < v.now + soon
    )
    waiting = sum(t.due_at is not None for x in v.lanes for t in floor.lanes[x].tickets.values())
    due = f"1時間以内に来る予約 約{booked:.0f}件、待っている予約の人 {waiting}人"
    cases = "、".join(f"{name[x]} {minutes(v.pace[x])}" for x in v.lanes)
    seen = sum(t.state == "finished" and floor.lane_of(t) in v.lanes for t in floor.tickets.values())
    assumed = f"1件 {cases}（今日{seen}件）、切替 {v.switch_s / 60:.0f}分、応対中の人は最後まで"
    unsure = v.grounds.sentences(site, v.lanes)
    if option is None:
        sure = "  ".join(unsure) or "動かしても、待ちははっきりとは減りません"
    else:
        how = f"1時間の来庁の予測{FUTURES}通りのうち {better}通りで待ちが減る"
        sure = f"全員の{gained}、{how}" if option.gain > 0 and (gained := gain(saved)) else how
    return (
        ("来庁", arrivals),
        ("端末", staff),
        ("予約", due),
        ("前提", assumed),
        ("確かさ", sure),
    )


def _arrivals(floor: Floor, v: View, demand: Demand, lane: str) -> str:
    """Return who waits in a lane, all of them as on the board, and who is expected; nobody where its source is silent."""
    lost, said = len(v.grounds.never_called(lane)), v.grounds.withheld.get(lane)
    here = f"待ち{floor.lanes[lane].waiting}人" + (f"（呼ばれない番号{lost}）" if lost else "")
    if said is not None and said.code == "silent":
        return f"{here} {said.word}"
    expected = demand.lanes[lane].between(v.now, v.now + timedelta(hours=1))
    return f"{here} 1時間に約{expected:.0f}人（想定比{demand.lanes[lane].factor:.1f}）"


def _staff(v: View, lane: str, name: str) -> str:
    here = v.of(lane)
    working = sum(s.at_work for s in here)
    back = [s.free_in for s in here if not s.at_work and s.free_in < 7200]
    return f"{name} {working}台" + (f"（{minutes(min(back))}後に1台戻る）" if back else "")
