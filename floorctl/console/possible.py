"""When each action of the console is possible: '' where it is now, else the reason why not, in words."""

from __future__ import annotations

from collections.abc import Callable

from floorctl.common.words import TICKET_STATES
from floorctl.console.state import ConsoleState

Why = Callable[[ConsoleState], str]
LOOKING_BACK = "過去の表示です（Esc で今に戻ります）"


def always(state: ConsoleState) -> str:
    return ""


def loaded(state: ConsoleState) -> str:
    return "" if state.ready else "まだファイルを読んでいます"


def usable(state: ConsoleState) -> str:
    """Before and while visitors are received; not on a closed day, not after the closing."""
    if not state.ready:
        return loaded(state)
    if state.day.floor.closed_at is not None:
        return "閉場しています（F9 で再開できます）"
    if state.day.floor.opened_at is None and not state.day.info.open:
        return f"開場日ではありません（{state.day.info.reason or '暦'}）"
    return ""


def counts_work(state: ConsoleState) -> str:
    return usable(state) or ("" if state.day.site.work_items else "数える業務がサイト設定にありません（work_items）")


def open_day(state: ConsoleState) -> str:
    return usable(state) or (
        "" if state.day.floor.opened_at is not None else "まだ開場していません（Enter で開場します）"
    )


def chosen(state: ConsoleState) -> str:
    return open_day(state) or chosen_any_time(state)


def chosen_any_time(state: ConsoleState) -> str:
    return usable(state) or ("" if state.chosen.terminal else "端末が選ばれていません（1-8 か上下の矢印で選びます）")


def can_move(state: ConsoleState) -> str:
    why = chosen_any_time(state)
    if why:
        return why
    lanes = state.day.site.terminal_by_code[state.chosen.terminal].lanes
    return "" if len(lanes) > 1 else f"{state.chosen.terminal} は列を移らない端末です"


def serving(state: ConsoleState) -> str:
    return chosen(state) or (
        ""
        if state.day.floor.terminals[state.chosen.terminal].ticket
        else f"{state.chosen.terminal} は応対中ではありません"
    )


def advised(state: ConsoleState) -> str:
    """There is an advice that a key can take: a move, or another proposal that facts can record."""
    why = leavable(state)
    proposal = state.forecasts.proposal() if not why else None
    return f"{proposal.text(state.day.who)}  {proposal.by_hand}" if proposal is not None and not proposal.takes else why


def leavable(state: ConsoleState) -> str:
    """There is an advice, whoever has to act on it."""
    why = open_day(state)
    if why:
        return why
    advice = state.forecasts.advice()
    if advice is None:
        return "提案はまだ計算されていません"
    return advice.text if advice.keep and state.forecasts.proposal() is None else ""


def has_advice(state: ConsoleState) -> str:
    return open_day(state) or ("" if state.forecasts.advice() else "提案はまだ計算されていません")


def can_open(state: ConsoleState) -> str:
    if not state.ready:
        return loaded(state)
    if state.day.floor.closed_at is not None:
        return "閉場しています"
    if state.day.floor.opened_by_fact:
        return "開場しています"
    if not state.day.info.open:
        return (
            f"開場日ではありません（{state.day.info.reason or '暦'}）。市と協議した日は . 暦 で登録すると開場できます"
        )
    return ""


def has_cases(state: ConsoleState) -> str:
    return open_day(state) or ("" if state.day.cases() else "決定待ちの案件がありません")


def ticket_chosen(*states: str) -> Why:
    """A number is chosen in the queue, in one of these states (any where none is named)."""

    def why(state: ConsoleState) -> str:
        closed = open_day(state)
        if closed:
            return closed
        t = state.day.floor.tickets.get(state.chosen.ticket)
        if t is None:
            return "番号が選ばれていません（b の画面で選びます）"
        return "" if not states or t.state in states else f"{t.number} は{TICKET_STATES[t.state]}の番号です"

    return why


def person_chosen(state: ConsoleState) -> str:
    return usable(state) or (
        "" if state.chosen.person in state.day.staff_codes() else "職員が選ばれていません（F4 の画面で選びます）"
    )


def incident_chosen(*, open_one: bool = True) -> Why:
    """An incident is chosen in F5; one that is not closed where it is to be changed."""

    def why(state: ConsoleState) -> str:
        if not state.ready:
            return loaded(state)
        i = state.day.register.incidents.get(state.chosen.incident)
        if i is None:
            return "事案が選ばれていません（F5 の画面で選びます）"
        return f"{i.code} は終結した事案です" if open_one and i.closed_at is not None else ""

    return why


def unit_chosen(state: ConsoleState) -> str:
    return loaded(state) or ("" if state.chosen.unit else "機器が選ばれていません（, の画面で選びます）")


def duty_row(state: ConsoleState) -> str:
    return loaded(state) or ("" if state.chosen.duty else "選ばれているものがありません（F8 の画面で選びます）")


def duty_chosen(state: ConsoleState) -> str:
    """Something that is handed in is chosen in F8 (a meeting stands for its minutes)."""
    return loaded(state) or (
        "" if state.chosen.duty[:2] in ("d ", "m ") else "提出物が選ばれていません（F8 の画面で選びます）"
    )


def has_team(state: ConsoleState) -> str:
    why = usable(state)
    if why or state.day.register is None:
        return why
    return (
        "" if state.day.register.team(state.day.floor.day) else "名簿がありません（floorctl roster import で入れます）"
    )


def has_facts(state: ConsoleState) -> str:
    return loaded(state) or ("" if len(state.day.fold) else "今日の記録がまだありません")


def looking_back(state: ConsoleState) -> str:
    return loaded(state) or ("" if state.day.past else "過去の表示ではありません（[ で遡ります）")


def has_act(state: ConsoleState) -> str:
    return loaded(state) or ("" if state.day.last_act() else "この盤面から今日記録したものはありません")


def report_open(state: ConsoleState) -> str:
    """The day's report can be written: the day has begun, and its report is not closed."""
    if not state.ready:
        return loaded(state)
    if state.day.floor.report_closed_at is not None:
        return "もう締めています（直すときは f で再開）"
    return "" if state.day.floor.opened_at is not None else "まだ開場していません（盤面で Enter）"


def paper_typed(state: ConsoleState) -> str:
    return open_day(state) or (
        "" if state.pending.paper is not None and not state.pending.paper.empty else "紙の行がまだ空です"
    )


def can_close(state: ConsoleState) -> str:
    return report_open(state) or ("締めています（少しお待ちください）" if "closed" in state.questions.asked else "")


def has_begun(state: ConsoleState) -> str:
    return loaded(state) or ("" if state.day.floor.opened_at is not None else "まだ開場していません（盤面で Enter）")


def can_reopen(state: ConsoleState) -> str:
    return loaded(state) or ("" if state.day.floor.closed_at is not None else "締めていません")
