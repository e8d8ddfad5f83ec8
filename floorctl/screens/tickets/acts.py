"""Acts on numbers: heads and chairs, issuing, and a chosen number."""

from __future__ import annotations

from datetime import datetime, time
from functools import partial

from floorctl.commands.calling import count_lanes, end_never_called, uncall
from floorctl.common.action_keys import key_of, keyed
from floorctl.common.clock import JST
from floorctl.common.words import OUTCOMES, TICKET_STATES
from floorctl.console.keys import BY_ID
from floorctl.console.port import Console
from floorctl.models.day.ticket import Ticket
from floorctl.screens.asking import Ask, act, first_fact, own_keys, send, send_many
from floorctl.screens.cases.acts import closed_desk, decided, sure_of_desk
from floorctl.screens.dialogs import NumbersDialog
from floorctl.screens.drawing.choice import KEYS
from floorctl.screens.frame import ScreenConsole
from floorctl.screens.records.acts import furigana_asked
from floorctl.screens.tickets.by_hand import ByHandView
from floorctl.screens.tickets.paper import PaperView
from floorctl.screens.tickets.paper_sheets import Sheets

# ---- the queue as a whole --------------------------------------------------------------------------------------------


@act("count")
async def _count(ask: Ask) -> None:
    floor = ask.state.day.floor
    site = floor.site
    ordered = [*site.movable_lanes, *(x.code for x in site.lanes if x.code not in site.movable_lanes)]
    fields = [(x, site.lane_by_code[x].name, floor.lanes[x].waiting) for x in ordered]
    main = len(site.movable_lanes) or None
    prompt = "薄い字はいまの記録の人数"
    numbers = await ask.dialog(NumbersDialog("待っている人を数えた数", fields, prompt, main=main))
    label = "待ち人数 " + "  ".join(f"{site.lane_by_code[x].name} {n}人" for x, n in numbers.items())
    await ask.record_all(label, partial(count_lanes, numbers=numbers))


@act("seats")
async def _seats(ask: Ask) -> None:
    capacity = ask.state.day.floor.site.seats.capacity
    n = await ask.digits("会場にいる人の数", f"付添いの人も含めて数えます（椅子 {capacity}脚）")
    await ask.record(f"会場 {n}人", "visitors.counted", {"persons": n})


@act("issue")
async def _issue(ask: Ask) -> None:
    site = ask.state.day.floor.site
    service = await ask.choice("番号を出す業務", [(s.code, s.name) for s in site.services])
    said = f"を発券しました（{site.service_by_code[service].short}）"
    await ask.record(lambda es: f"{first_fact(es).ticket} {said}", "ticket.issued", {"service": service})


@act("by_hand")
def _by_hand(app: ScreenConsole) -> None:
    app.frame.show(ByHandView(app))


# ---- paper -----------------------------------------------------------------------------------------------------------


@act("paper")
def _paper(app: ScreenConsole) -> None:
    app.frame.show(PaperView(app))


@act("paper_write")
async def _write(ask: Ask) -> None:
    """Record all sheets as one act, by the rules of everything else; what is refused stays to be put right."""
    state, sheets = ask.state, ask.state.pending.paper
    paper = sheets.paper(state.day.now)
    said = "  ".join(
        text
        for text, n in (
            (f"{len(paper.lines)}人", len(paper.lines)),
            (f"配分変更 {len(paper.moves)}回", len(paper.moves)),
            (f"件数 {sum(n for _, _, n in paper.counts)}件", len(paper.counts)),
        )
        if n
    )
    label = f"紙から {said} を記録しました（手書き）"
    await ask.job(partial(ask.app.engine.enter_paper, label, paper, sheets))
    state.day.past = state.pending.paper = None


@act("paper_start")
async def _start(ask: Ask) -> None:
    state = ask.state
    text = await ask.time("紙の始まりの時刻")
    if state.pending.paper is None:
        state.pending.paper = Sheets(state.day.floor, state.day.numbers(), state.day.now)
    state.pending.paper.begin_at(datetime.combine(state.day.floor.day, time.fromisoformat(text), JST))
    state.line.say(f"紙の最初の時刻は {text} から数えます")


@act("paper_drop")
async def _drop(ask: Ask) -> None:
    """Ask once, the cursor on いいえ: what was typed and not written is nowhere else."""
    options = [("no", "いいえ"), ("yes", "入力した紙の行を、記録せずにすべて消す")]
    if await ask.choice("紙の行を消しますか", options, keyed("{undo} では戻せません")) == "yes":
        ask.state.pending.paper = None
        ask.state.line.say("紙の行を消しました（記録はそのままです）")


# ---- one number ------------------------------------------------------------------------------------------------------


def _ticket(app: Console) -> Ticket:
    return app.state.day.floor.tickets[app.state.chosen.ticket]


MENU = (
    "ticket_call", "ticket_finish", "ticket_uncall", "ticket_transfer", "ticket_no_show", "ticket_left", "ticket_requeue",
    "ticket_remark",
)  # fmt: skip


@act("ticket_menu")
async def _menu(ask: Ask) -> None:
    t, site = _ticket(ask.app), ask.state.day.floor.site
    able = [BY_ID[x] for x in MENU if not BY_ID[x].why_not(ask.state)]
    if not able:
        ask.state.line.say(f"{t.number} は終わった番号です（直すときは {key_of('journal')} の記録から取り消します）")
        return
    service = site.service_by_code[t.service] if t.service else None
    prompt = f"{TICKET_STATES[t.state]}  {service.name if service else '用件不明'}  {service.hint if service else ''}"
    options = [(a.id, f"{a.label}  {a.help}") for a in (x.at(site) for x in able)]
    keys = own_keys((a.id for a in able), MENU)
    action = await ask.choice(f"{t.number} の操作", options, prompt.rstrip(), keys=keys)
    # The number of the title, wherever the cursor of the list has gone meanwhile.
    ask.state.chosen.ticket = t.number
    ask.app.perform(action)


@act("ticket_call")
async def _call(ask: Ask) -> None:
    floor, t = ask.state.day.floor, _ticket(ask.app)
    lane = floor.lane_of(t)
    free = [x for x in floor.terminals_of(lane) if floor.state(x.code) == "free"]
    if not free:
        name = floor.site.lane_by_code[lane].name
        ask.state.line.say(f"{t.number} は呼べません（{name}に空いている端末がありません）", "warn")
        return
    terminal = free[0].code
    if len(free) > 1:
        options = [(x.code, f"{x.code}  {ask.state.day.who(x.staff) if x.staff else ''}".rstrip()) for x in free]
        digits = {code: digit for digit, code in floor.site.terminal_by_digit.items()}
        keys = "".join(digits.get(x.code, letter) for x, letter in zip(free, KEYS[9:], strict=False))
        terminal = await ask.choice(f"{t.number} を呼ぶ端末", options, keys=keys)
    fields = {"ticket": t.number, "terminal": terminal}
    await ask.record(f"{t.number} を {terminal} に呼びました", "ticket.called", fields)


async def finish(ask: Ask, ticket: str, terminal: str) -> None:
    """End a case at a terminal as what it came to: 完了, 未了 or the city's own desk."""
    site = ask.state.day.floor.site
    options = [(k, site.outcome_word(k)) for k in OUTCOMES]
    outcome = await ask.choice(f"{terminal} {ticket} の終わり方".strip(), options, closed_desk(ask.app))
    if outcome == "desk3" and not await sure_of_desk(ask, f"{ticket} を{site.other_desk.name}へ案内しますか"):
        return
    if outcome == "done" and not await decided(ask, ticket, terminal):
        return
    fields = {"ticket": ticket, "terminal": terminal or None, "outcome": outcome}
    said = f"{terminal} {ticket} {site.outcome_word(outcome)}".strip()
    await ask.record(lambda es: said + furigana_asked(ask.app, es), "ticket.finished", fields)


@act("ticket_finish")
async def _finish(ask: Ask) -> None:
    t = _ticket(ask.app)
    await finish(ask, t.number, t.terminal or "")


@act("ticket_uncall")
def _uncall(app: Console) -> None:
    """Take the mistaken call back; the person waits again as if never called."""
    number = app.state.chosen.ticket
    app.state.pending.backdate_min = 0  # a correction is made now
    send_many(app, f"{number} の呼出しを取り消しました", lambda c: uncall(c, number))


@act("ticket_transfer")
async def _transfer(ask: Ask) -> None:
    t, site = _ticket(ask.app), ask.state.day.floor.site
    options = [(s.code, s.name) for s in site.services if s.code != t.service]
    service = await ask.choice(f"{t.number} の新しい用件", options, "待ち時間は続きます")
    label = f"{t.number} の用件を {site.service_by_code[service].short} に変えました"
    await ask.record(label, "ticket.transferred", {"ticket": t.number, "service": service})


@act("ticket_never_called")
async def _never_called(ask: Ask) -> None:
    """End all numbers that nobody seems to hold as one act."""
    shown = sorted(n for found in ask.state.day.grounds().uncalled.values() for n in found)
    numbers = "・".join(shown)
    options = [("left", "帰宅（待たずに帰った）"), ("mistaken", "誤発券（番号を持つ人がいない）")]
    how = await ask.choice("呼ばれない番号をまとめて終える", options, numbers)
    word = "誤発券" if how == "mistaken" else "帰宅"
    await ask.record_all(f"{numbers} {word}", partial(end_never_called, shown=shown, mistaken=how == "mistaken"))


def _one_fact(app: Console, kind: str, words: str) -> None:
    """Record one fact about the chosen number."""
    send(app, f"{app.state.chosen.ticket} {words}", kind, {"ticket": app.state.chosen.ticket})


act("ticket_no_show")(partial(_one_fact, kind="ticket.no_show", words="不在"))
act("ticket_left")(partial(_one_fact, kind="ticket.left", words="帰宅"))
act("ticket_requeue")(partial(_one_fact, kind="ticket.requeued", words="待ちに戻しました"))
