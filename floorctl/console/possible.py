"""Conditions of the console's actions: each returns '' if an action is possible now, else the reason why not."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from floorctl.common.action_keys import key_of, keyed
from floorctl.common.errors import Refused
from floorctl.common.words import RECORD_ELSEWHERE, TICKET_STATES
from floorctl.console.state import ConsoleState

if TYPE_CHECKING:
    from floorctl.models.register.duty import Duty

Why = Callable[[ConsoleState], str]
BEFORE_ROW = "b before"  # key of the one line of F8 for what was due before the first recorded day
_NOT_CHOSEN = "選ばれていません（上下の矢印で選びます）"
# Why nothing is recorded in a console that was opened to look.
LOOKS_ONLY = Refused("この画面は見るだけです", "--read-only で開いています", RECORD_ELSEWHERE)
READ_ONLY = LOOKS_ONLY.on_screen
LOOKING_BACK = "過去の表示です（Esc で今に戻ります）"


def _need(met: object, why: str) -> str:
    return "" if met else why


def always(state: ConsoleState) -> str:
    return ""


def loaded(state: ConsoleState) -> str:
    return _need(state.ready, "まだファイルを読んでいます")


def usable(state: ConsoleState) -> str:
    """Need an open day before or during reception; not a closed day, not after the closing."""
    if not state.ready:
        return loaded(state)
    day = state.day
    if day.floor.closed_at is not None:
        return keyed("閉場しています（{close} で再開できます）")
    opens = day.floor.opened_at is not None or day.info.open
    return _need(opens, f"開場日ではありません（{day.info.reason or '暦'}）")


def counts_work(state: ConsoleState) -> str:
    return usable(state) or _need(state.day.site.work_items, "数える業務が会場設定にありません（work_items）")


def prints_furigana(state: ConsoleState) -> str:
    counted = state.ready and state.day.site.item_by_meaning.get("furigana_print")
    return usable(state) or _need(counted, "振り仮名の印字を数える業務が会場設定にありません")


def open_day(state: ConsoleState) -> str:
    return usable(state) or _need(state.day.floor.opened_at, "まだ開場していません（Enter で開場します）")


def chosen(state: ConsoleState) -> str:
    return open_day(state) or chosen_any_time(state)


def chosen_any_time(state: ConsoleState) -> str:
    if why := usable(state):
        return why
    keys = state.day.site.terminal_digits
    return _need(state.chosen.terminal, f"端末が選ばれていません（{keys} か上下の矢印で選びます）")


def can_move(state: ConsoleState) -> str:
    why = chosen_any_time(state)
    if why:
        return why
    terminal = state.day.site.terminal_by_code[state.chosen.terminal]
    return _need(len(terminal.lanes) > 1, f"{terminal.code} は列を移らない端末です")


def can_lend(state: ConsoleState) -> str:
    return _moving_terminals(state) or can_move(state) or open_day(state)


def can_permit(state: ConsoleState) -> str:
    """Need no chosen terminal, because the same key lends that one, and terminals of several lanes."""
    chosen = state.chosen.terminal
    return usable(state) or _moving_terminals(state) or _need(not chosen, "端末を選んでいます（Esc で外してから）")


def _moving_terminals(state: ConsoleState) -> str:
    several = not state.ready or any(len(t.lanes) > 1 for t in state.day.site.terminals)
    return _need(several, "列を移る端末がありません")


def serving(state: ConsoleState) -> str:
    code = state.chosen.terminal
    return chosen(state) or _need(state.day.floor.terminals[code].ticket, f"{code} は応対中ではありません")


def advised(state: ConsoleState) -> str:
    """Need an advice that a key can take: a move, or another proposal that facts can record."""
    why = leavable(state)
    proposal = state.forecasts.proposal() if not why else None
    if proposal is None or proposal.takes:
        return why
    return f"{proposal.parts(state.day.who)[0]}  {proposal.by_hand}"


def leavable(state: ConsoleState) -> str:
    """Need an advice, for floorctl or for a person to carry out."""
    why = open_day(state)
    if why:
        return why
    advice = state.forecasts.advice()
    if advice is None:
        return "提案はまだ計算されていません"
    return advice.kept if advice.keep and state.forecasts.proposal() is None else ""


def has_advice(state: ConsoleState) -> str:
    if state.looking_back:
        return LOOKING_BACK
    return open_day(state) or _need(state.forecasts.advice(), "提案はまだ計算されていません")


def can_open(state: ConsoleState) -> str:
    if not state.ready:
        return loaded(state)
    floor, info = state.day.floor, state.day.info
    if floor.closed_at is not None:
        return "閉場しています"
    if floor.opened_by_fact:
        return "開場しています"
    why = f"開場日ではありません（{info.reason or '暦'}）。市と協議した日は {key_of('calendar')} 暦 で登録すると開場できます"
    return _need(info.open, why)


def has_cases(state: ConsoleState) -> str:
    return open_day(state) or _need(state.day.cases(), "決定待ちの案件がありません")


def ticket_chosen(*states: str) -> Why:
    """Need a chosen number of the queue, in one of these states (any where none is named)."""

    def why(state: ConsoleState) -> str:
        closed = open_day(state)
        if closed:
            return closed
        t = state.day.floor.tickets.get(state.chosen.ticket)
        if t is None:
            return f"番号が{_NOT_CHOSEN}"
        if state.day.floor.tickets.get(t.number) is not t:
            return f"この {t.number} のあと、同じ番号が発券されています"
        return _need(not states or t.may_be(states), f"{t.number} は{TICKET_STATES[t.state]}の番号です")

    return why


def person_chosen(state: ConsoleState) -> str:
    why = f"職員が{_NOT_CHOSEN}"
    return usable(state) or _need(state.chosen.person in state.day.staff_codes(), why)


def rostered_chosen(state: ConsoleState) -> str:
    """Need a person of the roster; also after the close and on a closed day."""
    if not state.ready:
        return loaded(state)
    why = f"名簿の職員が{_NOT_CHOSEN}"
    return _need(state.chosen.person in state.day.register.people, why)


def plans(state: ConsoleState) -> str:
    """Need a day that is not over, with people."""
    return usable(state) or _need(state.day.staff_codes(), "職員がまだ誰も分かっていません（名簿か点呼）")


def break_planned(state: ConsoleState) -> str:
    """Need a chosen person whose break is planned and has not begun."""
    why = person_chosen(state)
    if why:
        return why
    day, who = state.day, state.chosen.person
    planned = day.floor.planned_breaks.get(who)
    if planned is None:
        return f"{day.who(who)} の休憩はまだ計画されていません（{key_of('plan_breaks')} で計画を作る）"
    from floorctl.models.board.break_alerts import stage

    begun = {"resting": "は休憩中です", "taken": "の休憩は済んでいます"}
    word = begun.get(stage(day.floor, day.breaks().get(who), planned, day.now))
    return f"{day.who(who)} {word}" if word else ""


def incident_chosen(*, open_one: bool = True) -> Why:
    """Need a chosen incident on F5, with ``open_one`` an incident that is not closed."""

    def why(state: ConsoleState) -> str:
        if not state.ready:
            return loaded(state)
        i = state.day.register.incidents.get(state.chosen.incident)
        if i is None:
            return f"事案が{_NOT_CHOSEN}"
        return f"{i.code} は終結した事案です" if open_one and i.closed_at is not None else ""

    return why


def reportable(state: ConsoleState) -> str:
    """Need a chosen incident that is not closed, or owes the city the report of its measures."""
    i = state.day.register.incidents.get(state.chosen.incident) if state.ready else None
    return "" if i is not None and i.owes_second(state.day.floor.site) else incident_chosen()(state)


def unit_chosen(state: ConsoleState) -> str:
    return loaded(state) or _need(state.chosen.unit, f"機器が{_NOT_CHOSEN}")


def duty_row(state: ConsoleState) -> str:
    return loaded(state) or _need(state.chosen.duty, f"提出物・会議・協議事項が{_NOT_CHOSEN}")


def chosen_duty(state: ConsoleState) -> Duty | None:
    """Return the duty of the chosen row of F8; for a meeting that of its minutes."""
    what, _, rest = state.chosen.duty.partition(" ")
    key = rest if what == "d" else f"minutes {rest}" if what == "m" else ""
    return next((d for d in state.day.duties() if f"{d.duty} {d.key}" == key), None)


def duty_chosen(state: ConsoleState) -> str:
    """Need a chosen deliverable on F8 (a meeting counts for its minutes)."""
    return loaded(state) or _need(chosen_duty(state), f"提出物が{_NOT_CHOSEN}")


def duty_to_hand_in(state: ConsoleState) -> str:
    """Need a chosen deliverable on F8, or the line of those from before the records."""
    return "" if state.ready and state.chosen.duty == BEFORE_ROW else duty_chosen(state)


def approvable(state: ConsoleState) -> str:
    """Need a chosen deliverable whose last version the city can approve."""
    d = chosen_duty(state) if state.ready else None
    if d is None:
        return duty_chosen(state)
    do = f"先に{d.next_submission}を記録してください（{key_of('duty_submit')} 今日  {key_of('duty_on')} ほかの日）"
    return f"{d.not_approvable}。{do}" if d.not_approvable else ""


def has_team(state: ConsoleState) -> str:
    why = "名簿がありません（floorctl roster import で入れます）"
    return usable(state) or _need(state.day.register.team(state.day.floor.day), why)


def has_facts(state: ConsoleState) -> str:
    return loaded(state) or _need(len(state.day.fold), "今日の記録がまだありません")


def has_never_called(state: ConsoleState) -> str:
    return open_day(state) or _need(state.day.grounds().uncalled, "呼ばれないままの番号はありません")


def looking_back(state: ConsoleState) -> str:
    return loaded(state) or _need(state.looking_back, keyed("過去の表示ではありません（{past} で遡ります）"))


def has_act(state: ConsoleState) -> str:
    """Need an act of today that the undo key can take back."""
    none = loaded(state) or _need(state.day.last_act(), "この盤面から今日記録したものはありません")
    return none or state.day.act_stays()


def report_open(state: ConsoleState) -> str:
    """Need a day that has begun and whose report is not closed."""
    if state.ready and state.day.floor.report_closed_at is not None:
        return keyed("もう締めています（直すときは {close_reopen} で再開）")
    return has_begun(state)


def paper_typed(state: ConsoleState) -> str:
    paper = state.pending.paper
    return open_day(state) or _need(paper is not None and not paper.empty, "紙の行がまだ空です")


def can_close(state: ConsoleState) -> str:
    closing = "closed" in state.questions.asked
    return report_open(state) or _need(not closing, "締めています（少しお待ちください）")


def has_begun(state: ConsoleState) -> str:
    return loaded(state) or _need(state.day.floor.opened_at, "まだ開場していません（盤面で Enter）")


def can_reopen(state: ConsoleState) -> str:
    return loaded(state) or _need(state.day.floor.closed_at, "締めていません")
