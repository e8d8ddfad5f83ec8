"""Lines over the whole board: reception windows with the next deadline, and the band with what matters most."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from floorctl.common.action_keys import key_of, keyed
from floorctl.common.clock import seconds_between
from floorctl.common.lengths import length_word, minutes_word
from floorctl.common.words import AT_CITY, CALLED, SERVICE_STATES, hm
from floorctl.console.keys import BY_ID
from floorctl.console.state import ConsoleState, lane_role
from floorctl.models.board.checklist import checklist
from floorctl.models.board.posts_plan import places_now
from floorctl.models.board.reception_hours import service_state
from floorctl.models.board.told import busy_untold
from floorctl.models.register.outages import planned_to_stop, stopped_services
from floorctl.screens.board.advice_line import after_reception
from floorctl.screens.board.lanes import WIDE
from floorctl.screens.drawing.canvas import Span, fit
from floorctl.screens.drawing.panel import Either, Fits, From, Line, Part, Piece, Sized, key_hints

_BADGES = {"critical": "bad_badge", "warning": "warn_badge", "info": "free_badge"}
_SERVICE_ROLES = {"open": "ok", "stopped": "bad", "outage": "bad", "before": "warn"}


class Strip(NamedTuple):
    """A line with its ground and the meaning of a click on it."""

    line: Line
    ground: str = "bar"
    meaning: str = ""


def services(state: ConsoleState) -> list[tuple[str, Line]]:
    """Return names of services with their reception window, one line a group that shares lane kind and window."""
    floor, site, now = state.day.floor, state.day.floor.site, state.day.now
    groups: dict[tuple[str, str], list[str]] = {}
    out = stopped_services(state.day.register, now)
    for s in site.services:
        if s.lane in (site.movable_lanes or [s.lane]):
            shown = service_state(floor, state.day.info, s.code, now)
            shown = "outage" if s.code in out and shown == "open" else shown
            groups.setdefault((s.lane, shown), []).append(s.code)
    found = []
    for (lane, shown), codes in groups.items():
        name = site.lane_by_code[lane].name
        if shown != "open" and sum(g[0] == lane for g in groups) > 1:
            name = "・".join(site.service_by_code[x].short for x in codes)
        planned = planned_to_stop(state.day.register, now, now).keys() >= set(codes)
        out_of_order = "停止中" if planned else "障害"
        said = (out_of_order if shown == "outage" else SERVICE_STATES[shown], _SERVICE_ROLES.get(shown, "dim"))
        if shown == "closed" and floor.opened_at is None:
            said = ("開場前", "warn") if state.day.info.open else ("休み", "dim")
        found.append(
            (
                name,
                _service(name, f"{lane_role(site, lane)}_badge", said, state, codes[0], shown == "open", len(groups)),
            )
        )
    return found


def _service(name: str, badge: str, said: Span, state: ConsoleState, code: str, is_open: bool, groups: int) -> Line:
    now = state.day.now
    opens, closes = state.day.floor.site.hours(code, state.day.floor.day.weekday())
    hours = From(WIDE, [(f"{hm(opens)}〜{hm(closes)}", "dim")], [(f"〜{hm(closes)}", "dim")])
    pieces = [Piece([said]), Piece([hours])]
    if is_open:
        left = max(0, (closes.hour - now.hour) * 60 + closes.minute - now.minute)
        rest = [("あと", "dim"), (length_word(left), "warn" if left <= 20 else "strong")]
        # Beside others the end of a window says it until its last hour.
        pieces.append(Piece(rest if groups < 3 or left < 60 else [From(150, rest)]))
        seen = state.forecasts.foreseen().get(state.day.floor.site.service_by_code[code].lane)
        if seen is not None and seen.short and seen.may_give is not None:
            until = f" {hm(seen.stop_at)}まで" if seen.stop_at is not None else ""
            given = f"発券あと{seen.may_give}枚" if seen.may_give else "発券を止める時"
            whole = f"{given}{until}" if seen.may_give else given
            pieces.append(Piece([From(120, [(whole, "warn")], [(given, "warn")])]))
    return Line([Sized(lambda room: [(fit(f" {name} ", room - 10), badge)]), *pieces], gap=1)


def coming(state: ConsoleState) -> list[tuple[str, list[str]]]:
    """Return what the clock will bring, the next first: a window that opens or closes, a person who is due back.

    Each with its time (HH:MM) and its wordings, longest first.
    """
    return state.day.once("coming", lambda: _coming(state), every_s=60)


def _coming(state: ConsoleState) -> list[tuple[str, list[str]]]:
    floor, site, wall = state.day.floor, state.day.floor.site, f"{state.day.now:%H:%M}"
    if floor.closed_at is not None or not (floor.is_open or (state.day.info and state.day.info.open)):
        return []
    found = [(s.until, "戻り", state.day.who(s.code)) for s in floor.staff.values() if s.until]
    for s in site.services:
        opens, closes = site.hours(s.code, floor.day.weekday())
        lane = site.lane_by_code[s.lane].name
        found += [(f"{opens:%H:%M}", "受付開始", lane), (f"{closes:%H:%M}", "受付終了", lane)]
    found.append((f"{site.hall.closes:%H:%M}", "閉庁", "本庁舎"))
    # 受付終了 交付・申請サポート: what happens is said once, then to whom.
    ahead: dict[str, dict[str, list[str]]] = {}
    for at, word, who in sorted(x for x in set(found) if x[0] > wall):
        ahead.setdefault(at, {}).setdefault(word, []).append(who)
    return [(at, [*_worded(by_word)]) for at, by_word in ahead.items()]


def _worded(by_word: dict[str, list[str]]) -> Iterator[str]:
    yield "  ".join(f"{word} {'・'.join(dict.fromkeys(who))}" for word, who in by_word.items())
    yield "  ".join(f"{word} {who[0]}{f'ほか{n}' if (n := len(set(who)) - 1) else ''}" for word, who in by_word.items())
    yield "・".join(by_word)


def next_deadline(state: ConsoleState) -> Line | None:
    """Return the next thing that the clock will bring, in the wording that finds room."""
    found = coming(state)
    if not found:
        return None
    at, wordings = found[0]
    return Line([Fits([[("次 ", "dim"), (hm(at), "warn"), (f" {text}", "text")] for text in wordings])])


def band(state: ConsoleState) -> Strip:
    """Return the one thing that matters most: a critical alert, a silent or doubtful feed, or what to do next."""
    floor, found = state.day.floor, state.alerts()
    top = found[0] if found else None
    if floor.preparing and not (top is not None and top.severity == "critical"):
        return Strip(_first_step(state) if state.day.info.open else _day_off(state))
    if top is None and floor.closed_at is not None:
        text = keyed("閉場しました。{close} で今日の文書を書き出します。")
        return Strip(Line([(" 閉場 ", "free_badge"), 1, (text, "text")]))
    if (top is None or top.severity == "info") and after_reception(state):
        served = [t for t in floor.terminals.values() if t.ticket]
        over = sum(busy_untold(floor, t, state.day.now) for t in served)
        left = (
            f"受付は終わりました。待ち {floor.waiting}人",
            f"応対中 {len(served) - over}件",
            *([f"{CALLED} {over}件"] if over else []),
            f"{AT_CITY} {len(state.day.cases())}件",
        )
        return Strip(
            Line(
                [(" 残務 ", "free_badge"), *(Piece([(text, "text")]) for text in left)],
                right=key_hints((key_of("close"), "締め")),
            )
        )
    if top is None:
        calm: list[Part] = [(" 平常 ", "ok_badge"), 1, ("いまの記録に目立つ異常はありません", "dim")]
        if floor.last_fact_at is not None:
            ago = seconds_between(floor.last_fact_at, state.day.now)
            calm.append((f"   最後の記録 {minutes_word(ago)}前" if ago >= 60 else "   最後の記録 1分以内", "dim"))
        return Strip(Line(calm))
    critical, more = top.severity == "critical", sum(a.severity == top.severity for a in found) - 1
    others = f"  ほか{more}件" if more and critical else ""
    wordings = [f"{text}{others}" for text in top.wordings()] or [f"{top.text}{others}"]
    looks = top.answer != "" and BY_ID[top.answer].looks and not top.by_enter
    answer = BY_ID[top.answer].at(state.day.site).label if top.answer else "開く"
    answer = "状況" if top.people and top.answer == "people" else "答える" if top.by_enter and top.about else answer
    line = Line(
        [
            (f" {top.word} ", "bad_badge" if top.red else _BADGES[top.severity]),
            1,
            Either(wordings, "strong" if critical else "text"),
        ],
        right=key_hints((top.key_now, answer)) if top.key and (looks or not state.read_only) else [],
    )
    return Strip(line, "alarm" if critical else "bar", "alert:0")


def _day_off(state: ConsoleState) -> Line:
    said = [f"今日は開場日ではありません（{state.day.info.reason or '暦'}）"]
    for more in ("。事案とメモは記録できます", keyed("。市と協議して開くときは {calendar} 暦")):
        said.append(said[-1] + more)
    return Line([(" 休み ", "off_badge"), 1, Either(said[::-1])])


def _first_step(state: ConsoleState) -> Line:
    site = state.day.floor.site
    items = checklist(state.day.floor, state.day.register, "opening", state.day.now)
    done = sum(x.done for x in items)
    at = {site.lane_by_code[x].name: state.day.floor.terminals_of(x) for x in site.movable_lanes}
    named = "  ".join(f"{name} {' '.join(t.code for t in found)}" for name, found in at.items())
    counted = "  ".join(f"{name} {len(found)}台" for name, found in at.items())
    checked: tuple[Part, ...] = ((f"点検 {done}／{len(items)}", "ok" if done == len(items) else "warn"), 2)
    split = Fits([[(f"配分 {text}", "text")] for text in (named, counted)]) if at else Piece([])
    return Line(
        [
            (" 開場前 ", "warn_badge"),
            1,
            *(checked if items else ()),
            split,
        ],
        right=[] if state.read_only else key_hints(*_of_the_team(state), ("Enter", "開場する")),
    )


def _of_the_team(state: ConsoleState) -> tuple[tuple[str, str], ...]:
    """Return the key of what the team of a morning lacks: the roll call first, then everybody's place."""
    here = state.day.presence()
    if not here.present:
        return ((key_of("people"), "点呼"),) if here.unseen else ()
    return () if places_now(state.day.floor) else ((key_of("places"), "配置"),)
