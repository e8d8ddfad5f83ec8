"""Acts of the registry on the console as a whole: screens, moving about, looking back, the day.

Those on terminals, numbers, cases, people, incidents, duties and the closing are beside their screens.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from importlib import import_module

import floorctl.screens.board.advice_acts
import floorctl.screens.board.lending_acts
import floorctl.screens.closing.acts
import floorctl.screens.day_plan.acts
import floorctl.screens.day_plan.place_acts
import floorctl.screens.duties.acts
import floorctl.screens.duties.calendar_acts
import floorctl.screens.incidents.acts
import floorctl.screens.incidents.equipment_acts
import floorctl.screens.people.absence_acts
import floorctl.screens.people.place_acts
import floorctl.screens.tickets.acts  # noqa: F401 - these eleven register their acts
from floorctl.common.action_keys import key_of, keyed
from floorctl.common.words import source_word
from floorctl.console.cursor import turned
from floorctl.console.own_settings import THEMES
from floorctl.console.port import Console
from floorctl.console.state import PANELS, ConsoleState
from floorctl.models.board.checklist import checklist
from floorctl.models.board.loans import permit_before, permit_given, permitted
from floorctl.models.board.officials_plan import planned_at, planned_officials
from floorctl.screens.alert_acts import answer_alert
from floorctl.screens.asking import ACTS, Ask, act
from floorctl.screens.board.terminal_acts import terminal_menu
from floorctl.screens.board.view import BoardView
from floorctl.screens.cases.acts import open_case
from floorctl.screens.frame import ScreenConsole, View
from floorctl.screens.help import HelpDialog
from floorctl.screens.people.acts import change_person
from floorctl.screens.records.acts import correct
from floorctl.screens.table import NOT_CHOSEN

_CODES_NAMED = 8  # terminals without a digit that one line names

# ---- screens ---------------------------------------------------------------------------------------------------------


@act("help")
async def _help(ask: Ask) -> None:
    ask.app.perform(await ask.dialog(HelpDialog(ask.state)))


@act("board")
def _board(app: ScreenConsole) -> None:
    if isinstance(app.frame.view, BoardView):
        app.state.line.say(keyed("盤面です（ほかの画面は {city} 市職員 {people} 職員 {queue} 番号 {journal} 記録）"))
    else:
        app.frame.show(BoardView(app))


def _show(app: ScreenConsole, name: str) -> None:
    """Show a screen by its name; the present one keeps its cursor."""
    view = _view(name)
    app.frame.show(app.frame.view if type(app.frame.view) is view else view(app))


def _view(name: str) -> Callable[[ScreenConsole], View]:
    """Return the class of a screen, imported when it is first opened."""
    module, cls = VIEWS[name]
    made: Callable[[ScreenConsole], View] = getattr(import_module(f"floorctl.screens.{module}"), cls)
    return made


VIEWS = {
    "city": ("cases.view", "CityView"),
    "people": ("people.view", "PeopleView"),
    "incidents": ("incidents.view", "IncidentView"),
    "forecast": ("results.forecast", "ForecastView"),
    "results": ("results.view", "ResultView"),
    "duties": ("duties.view", "DutiesView"),
    "calendar": ("duties.calendar", "CalendarView"),
    "equipment": ("incidents.equipment", "EquipmentView"),
    "inquiry": ("records.inquiries", "InquiryView"),
    "queue": ("tickets.view", "QueueView"),
    "journal": ("records.journal", "JournalView"),
    "day_plan": ("day_plan.view", "DayPlanView"),
    "brief": ("people.handover_brief", "BriefView"),
    "check": ("closing.checklist", "CheckView"),
    "tally": ("records.tally", "TallyView"),
    "close": ("closing.view", "ClosingView"),
}
for _name in VIEWS:
    ACTS[_name] = lambda app, name=_name: _show(app, name)  # type: ignore[misc]


@act("find")
def _find(app: ScreenConsole) -> None:
    if not app.frame.view.find():
        app.perform("journal")
        app.frame.view.find()


@act("copy")
def _copy(app: ScreenConsole) -> None:
    app.frame.copy(app.frame.chosen_row())


@act("theme")
def _theme(app: Console) -> None:
    app.next_palette()
    app.state.line.say(f"配色: {THEMES[app.palette_name]}{app.keep_palette()}")


@act("quit")
def _quit(app: ScreenConsole) -> None:
    app.leave()


# ---- looking back ----------------------------------------------------------------------------------------------------


@act("past")
def _past(app: Console) -> None:
    app.state.line.say("")
    if not app.state.look(-1):
        app.state.line.say("これより前の記録はありません", "warn")


@act("future")
def _future(app: Console) -> None:
    app.state.look(+1)
    app.state.line.say("今の表示に戻りました" if not app.state.looking_back else "")


# ---- moving about the board ------------------------------------------------------------------------------------------


@act("choose")
def _choose(app: Console) -> None:
    site = app.state.day.floor.site
    digits = site.terminal_by_digit
    rest = [t.code for t in site.terminals if t.code not in digits.values()]
    named = f"{' '.join(rest[:_CODES_NAMED])}{f' ほか{n}台' if (n := len(rest) - _CODES_NAMED) > 0 else ''}"
    last = f"。{named} は 上下の矢印で選びます" if rest else ""
    app.state.line.say(f"1 から {max(digits)} で端末を選びます{last}")


def _step_panel(app: Console, step: int) -> None:
    state = app.state
    state.chosen.panel = turned(PANELS, state.chosen.panel, step)
    if state.chosen.panel != "lanes":
        state.chosen.terminal = ""
    words = {"lanes": "端末", "cases": "決定待ち", "alerts": "注意", "staff": "在席", "journal": "記録"}
    state.line.say(f"{words[state.chosen.panel]}   上下の矢印 選ぶ   Enter 開く   Tab 次の枠")


ACTS["panel"] = lambda app: _step_panel(app, +1)
ACTS["panel_back"] = lambda app: _step_panel(app, -1)


def _step_row(app: Console, step: int) -> None:
    state = app.state
    if state.chosen.panel == "lanes":
        lanes = [lane.code for lane in state.day.floor.site.lanes]
        codes = [t.code for lane in lanes for t in state.day.floor.terminals_of(lane)]
        at = codes.index(state.chosen.terminal) + step if state.chosen.terminal in codes else (0 if step > 0 else -1)
        state.chosen.terminal = codes[at % len(codes)]
        return
    state.step(state.chosen.panel, step)


ACTS["up"] = lambda app: _step_row(app, -1)
ACTS["down"] = lambda app: _step_row(app, +1)


@act("leave_choice")
def _leave(app: Console) -> None:
    app.state.chosen.terminal, app.state.chosen.panel, app.state.pending.backdate_min = "", "lanes", 0
    app.state.line.say("")


@act("enter")
async def _enter(ask: Ask) -> None:
    state = ask.state
    panel, row = state.chosen.panel, state.row(state.chosen.panel)
    if panel != "lanes" and not state.length(panel):
        state.line.say("この枠には行がありません")
    elif row is None:
        state.line.say(NOT_CHOSEN, "warn")
    elif panel == "cases":
        await open_case(ask, state.day.cases()[row].code)
    elif panel == "alerts":
        await answer_alert(ask, state.alerts()[row])
    elif panel == "staff":
        await change_person(ask, state.day.staff_codes()[row])
    elif panel == "journal":
        await correct(ask, state.day.journal()[row])
    elif state.chosen.terminal:
        await terminal_menu(ask)
    else:
        state.line.say(
            keyed(
                f"端末を {state.day.site.terminal_digits} で選んでから、{{next}} 次へ・左右の矢印 移動・{{escalate}} 市職員へ などを押します（F1 で操作一覧）"
            )
        )


# ---- the day ---------------------------------------------------------------------------------------------------------


@act("open")
async def _open(ask: Ask) -> None:
    state = ask.state
    missing = [
        x.item.name
        for x in checklist(state.day.floor, state.day.register, "opening", state.day.now)
        if not x.done and x.item.code != "officials"
    ]
    prompt = (
        f"点検 未 {len(missing)}件（{missing[0]}{'ほか' if len(missing) > 1 else ''}）"
        if missing
        else "点検はすべて済み"
    )
    floor = state.day.floor
    plan = planned_officials(floor.site, state.day.register, floor.day)
    planned = planned_at(plan, max(state.day.now.time(), plan[0].starts)) if plan else None
    known = floor.officials if floor.officials_history else 1 if planned is None else planned
    officials = await ask.choice(
        "開場します。会場にいる市職員は何名ですか",
        [(n, f"{n}名{'　予定' if n == str(planned) else ''}") for n in "1234567890"],
        f"{prompt}  端末の配分は会場設定のとおり{_permit_word(state)}",
        keys="1234567890",
        at="1234567890".index(str(known)) if known < 10 else 0,
    )
    await ask.record("開場しました", "day.opened", {"officials": int(officials)})


def _permit_word(state: ConsoleState) -> str:
    """Return which terminals may be lent, else which might on the day before, and the key that permits it."""
    if codes := permitted(state.day.floor):
        return f"  応援の許可 {'・'.join(codes)}"
    day = state.day
    before = None if permit_given(day.floor) else permit_before(day.permits_before, day.register_entries, day.site)
    return (
        f"  応援の許可はまだ（前回 {'・'.join(before[1])}、{key_of('lend_permit')} で決める）"
        if before is not None
        else ""
    )


def _clock_set(ahead: int) -> str:
    """Return how the clock of this PC is corrected, in words."""
    return f"いまの補正 {ahead:+d}秒" if ahead else "補正なし"


@act("clock")
async def _clock(ask: Ask) -> None:
    """Show how far the clocks differ and set the right one: the PC's own, a feed's, or the manager's watch."""
    state = ask.state
    ahead = state.day.present_register.clock_ahead_s
    # A feed's lead is over the time that the console writes with, which is corrected already.
    skews = state.day.skews()
    options = [
        (str(ahead + s), f"{source_word(source)} の時計に合わせる（{ahead + s:+d}秒）") for source, s in skews.items()
    ]
    options += [("+", "ずれを秒数で入れる"), ("0", "このPCの時計をそのまま使う")]
    shown = (
        "  ".join(f"{source_word(source)} {s:+d}秒" for source, s in skews.items()) or "動いている発券機はありません"
    )
    seconds = await ask.choice("時計合わせ", options, f"{_clock_set(ahead)}   {shown}")
    if seconds == "+":
        prompt = "例 90（遅れているなら -90）"
        text = await ask.text("正しい時刻がこのPCより何秒先か", prompt, value=str(ahead))
        seconds = unicodedata.normalize("NFKC", text).strip()
        if not re.fullmatch(r"[+-]?[0-9]{1,5}", seconds):
            state.line.say("秒数を 90 か -90 のように入れてください", "warn")
            return
    await ask.record(f"時計合わせ {int(seconds):+d}秒", "clock.set", {"ahead_s": int(seconds)})
