"""What the actions on numbers do: heads and chairs, issuing, the reception of a service, and a chosen number."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from floorctl.commands.tickets import count_lanes, uncall
from floorctl.common.clock import JST
from floorctl.common.words import OUTCOMES, TICKET_STATES, hm
from floorctl.console.keys import BY_ID
from floorctl.console.port import Console
from floorctl.models.day.ticket import Ticket
from floorctl.screens.asking import ACTS, act, choose, first_fact, send, send_many
from floorctl.screens.dialogs import NumbersDialog
from floorctl.screens.frame import ScreenConsole
from floorctl.screens.tickets.by_hand import ByHandView
from floorctl.screens.tickets.paper import PaperView
from floorctl.screens.tickets.paper_sheets import Sheets

# ---- the queue as a whole --------------------------------------------------------------------------------------------


@act("count")
def _count(app: ScreenConsole) -> None:
    state = app.state
    site = state.floor.site
    ordered = [*site.movable_lanes, *(x.code for x in site.lanes if x.code not in site.movable_lanes)]
    fields = [(x, site.lane_by_code[x].name, state.floor.lanes[x].waiting) for x in ordered]

    def answered(numbers: dict[str, int] | None) -> None:
        if not numbers:
            return
        label = "待ち人数 " + "  ".join(f"{site.lane_by_code[x].name} {n}人" for x, n in numbers.items())
        send_many(app, label, lambda c: count_lanes(c, numbers))
        app.redraw()

    dialog = NumbersDialog(
        "待っている人を数えた数", fields, "薄い字はいまの記録の人数", main=len(site.movable_lanes) or None
    )
    app.pose(lambda: app.push_screen(dialog, answered))


@act("seats")
def _seats(app: Console) -> None:
    capacity = app.state.floor.site.seats.capacity
    app.ask_text(
        "会場にいる人の数",
        f"付添いの人も含めて数えます（椅子 {capacity}脚）",
        lambda n: send(app, f"会場 {n}人", "visitors.counted", {"persons": int(n)}),
        digits=True,
    )


@act("issue")
def _issue(app: Console) -> None:
    site = app.state.floor.site

    def with_service(service: str) -> None:
        name = site.service_by_code[service].short
        send(app, lambda es: f"{first_fact(es).ticket} を発券しました（{name}）", "ticket.issued", {"service": service})

    choose(app, "番号を出す業務", [(s.code, s.name) for s in site.services], with_service)


@act("by_hand")
def _by_hand(app: ScreenConsole) -> None:
    app.frame.show(ByHandView(app))


# ---- paper -----------------------------------------------------------------------------------------------------------


@act("paper")
def _paper(app: ScreenConsole) -> None:
    app.frame.show(PaperView(app))


@act("paper_write")
def _write(app: Console) -> None:
    """All sheets as one act, by the rules of everything else; what is refused stays to be put right."""
    state, sheets = app.state, app.state.paper
    paper = sheets.paper(state.now)

    def written() -> None:
        state.paper = None
        app.redraw()

    said = "  ".join(
        text
        for text, n in (
            (f"{len(paper.lines)}人", len(paper.lines)),
            (f"配分変更 {len(paper.moves)}回", len(paper.moves)),
            (f"件数 {sum(n for _, _, n in paper.counts)}件", len(paper.counts)),
        )
        if n
    )
    app.engine.enter_paper(f"紙から {said} を記録しました（手書き）", paper, sheets, written)


@act("paper_start")
def _start(app: Console) -> None:
    state = app.state

    def answered(text: str) -> None:
        if state.paper is None:
            state.paper = Sheets(state.floor, state.numbers(), state.now)
        at = datetime.combine(state.floor.day, time.fromisoformat(text), JST)
        state.paper.begin_at(at)
        state.say(f"紙の最初の時刻は {text} から数えます")
        app.redraw()

    app.ask_time("紙の始まりの時刻", answered)


@act("paper_drop")
def _drop(app: Console) -> None:
    """Asked once, the cursor on いいえ: what was typed and not written is nowhere else."""

    def chosen(answer: str) -> None:
        if answer == "yes":
            app.state.paper = None
            app.state.say("紙の行を消しました（記録はそのままです）")

    options = [("no", "いいえ"), ("yes", "打った紙の行を、記録せずにすべて消す")]
    choose(app, "紙の行を消しますか", options, chosen, "u では戻せません")


@act("reception")
def _reception(app: Console) -> None:
    floor = app.state.floor
    site, stopped = floor.site, dict(floor.stopped)

    def standing(service: str) -> str:
        if service not in stopped:
            return (
                f"受付中  待ち {sum(t.service == service for q in floor.lanes.values() for t in q.tickets.values())}人"
            )
        at, reason = stopped[service]
        return f"打切り中 {hm(at)}から {reason}（再開する）"

    options = [(s.code, f"{s.name}  {standing(s.code)}") for s in site.services]

    def with_service(service: str) -> None:
        name = site.service_by_code[service].short
        if service in stopped:
            send(app, f"{name} 受付再開", "reception.resumed", {"service": service})
            return
        at = app.state.now - timedelta(minutes=app.state.backdate_min)
        app.ask_text(
            f"{name} の受付を打ち切る理由",
            f"{hm(at)}から、この業務だけ番号を出しません。待っている人はそのままです",
            lambda r: send(app, f"{name} 受付打切り", "reception.stopped", {"service": service, "reason": r}),
        )

    choose(app, "受付を打ち切る・再開する業務", options, with_service)


# ---- one number ------------------------------------------------------------------------------------------------------


def _ticket(app: Console) -> Ticket:
    return app.state.floor.tickets[app.state.ticket]


_MENU = (
    "ticket_call", "ticket_finish", "ticket_uncall", "ticket_transfer", "ticket_no_show", "ticket_left", "ticket_requeue",
)  # fmt: skip


@act("ticket_menu")
def _menu(app: Console) -> None:
    t, site = _ticket(app), app.state.floor.site
    able = [BY_ID[x] for x in _MENU if not BY_ID[x].why_not(app.state)]
    if not able:
        app.state.say(f"{t.number} は終わった番号です（直すときは l の記録から取り消します）")
        return
    service = site.service_by_code[t.service] if t.service else None
    prompt = f"{TICKET_STATES[t.state]}  {service.name if service else '用件不明'}  {service.hint if service else ''}"
    options = [(a.id, f"{a.label}  {a.help}") for a in (x.at(site) for x in able)]

    def act_on(action_id: str) -> None:
        # What stands in the title, wherever the cursor of the list has gone meanwhile.
        app.state.ticket = t.number
        app.perform(action_id)

    choose(app, f"{t.number} の操作", options, act_on, prompt.rstrip())


@act("ticket_call")
def _call(app: Console) -> None:
    floor, t = app.state.floor, _ticket(app)
    lane = floor.lane_of(t)
    free = [x for x in floor.terminals_of(lane) if floor.state(x.code) == "free"]

    def to(terminal: str) -> None:
        send(app, f"{t.number} を {terminal} に呼びました", "ticket.called", {"ticket": t.number, "terminal": terminal})

    if not free:
        name = floor.site.lane_by_code[lane].name
        app.state.say(f"{t.number} は呼べません（{name}に空いている端末がありません）", "warn")
    elif len(free) == 1:
        to(free[0].code)
    else:
        options = [(x.code, f"{x.code}  {app.state.who(x.staff) if x.staff else ''}".rstrip()) for x in free]
        choose(app, f"{t.number} を呼ぶ端末", options, to)


def finish(app: Console, ticket: str, terminal: str) -> None:
    """Ends a case at a terminal as what it came to: 完了, 未了 or the city's own desk."""
    site = app.state.floor.site
    options = [(k, site.outcome_word(k)) for k in OUTCOMES]

    def with_outcome(outcome: str) -> None:
        fields = {"ticket": ticket, "terminal": terminal, "outcome": outcome}
        send(app, f"{terminal} {ticket} {site.outcome_word(outcome)}", "ticket.finished", fields)

    choose(app, f"{terminal} {ticket} の終わり方", options, with_outcome)


@act("ticket_finish")
def _finish(app: Console) -> None:
    t = _ticket(app)
    finish(app, t.number, t.terminal or "")


@act("ticket_uncall")
def _uncall(app: Console) -> None:
    """Takes the mistaken call back; the person waits again as if never called."""
    number = app.state.ticket
    app.state.backdate_min = 0  # a correction is made now
    send_many(app, f"{number} の呼出しを取り消しました", lambda c: uncall(c, number))


@act("ticket_transfer")
def _transfer(app: Console) -> None:
    t, site = _ticket(app), app.state.floor.site
    options = [(s.code, s.name) for s in site.services if s.code != t.service]

    def to(service: str) -> None:
        name = site.service_by_code[service].short
        send(
            app,
            f"{t.number} の用件を {name} に変えました",
            "ticket.transferred",
            {"ticket": t.number, "service": service},
        )

    choose(app, f"{t.number} の新しい用件", options, to, "待ち時間は続きます")


def _one_fact(name: str, kind: str, words: str) -> None:
    """An action that is one fact about the chosen number."""

    def run(app: ScreenConsole) -> None:
        number = app.state.ticket
        send(app, f"{number} {words}", kind, {"ticket": number})

    ACTS[name] = run


_one_fact("ticket_no_show", "ticket.no_show", "不在")
_one_fact("ticket_left", "ticket.left", "帰宅")
_one_fact("ticket_requeue", "ticket.requeued", "待ちに戻しました")
