"""What each action of the registry does. Each asks what it must, then hands a wish to the engine."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from floorctl.state import PANELS
from floorctl.widgets.choice import KEYS, Choice

if TYPE_CHECKING:
    from floorctl.app import FloorApp
    from floorctl.commands.context import Context, Wish
    from floorctl.engine import Label
    from floorctl.models.events import Entry

Act = Callable[["FloorApp"], None]
ACTS: dict[str, Act] = {}


def act(name: str) -> Callable[[Act], Act]:
    def register(function: Act) -> Act:
        ACTS[name] = function
        return function

    return register


def send(app: FloorApp, label: Label, kind: str, fields: dict[str, Any], *, needs_reason: bool = False) -> None:
    """One act, dated back by the minutes that were typed before it. A reason that turns out to be needed is asked."""
    at, label = _at(app, label)
    if at is not None:
        fields = {**fields, "at": at}
    retry = (lambda reason: app.engine.act(label, kind, {**fields, "reason": reason})) if needs_reason else None
    app.engine.act(label, kind, fields, retry)


def send_many(app: FloorApp, label: Label, wishes: Callable[[Context], list[Wish]]) -> None:
    """Several facts as one act: all or nothing, and one undo."""
    at, label = _at(app, label)

    def decision(c: Context) -> list[Wish]:
        return [(kind, {**fields, "at": at} if at else fields) for kind, fields in wishes(c)]

    app.engine.decide(label, decision)


def _at(app: FloorApp, label: Label) -> tuple[datetime | None, Label]:
    minutes, app.state.backdate_min = app.state.backdate_min, 0
    if not minutes:
        return None, label
    before = f"（{minutes}分前）"
    at = app.state.now - timedelta(minutes=minutes)
    return at, f"{label}{before}" if isinstance(label, str) else (lambda entries: label(entries) + before)


def _first(entries: list[Entry]) -> Any:
    """The first fact of an act, whose own fields the label names."""
    return entries[0].fact


def choose(
    app: FloorApp,
    title: str,
    options: list[tuple[str, str]],
    then: Callable[[str], None],
    prompt: str = "",
    keys: str = KEYS,
) -> None:
    """Asks for one of several; the next key answers."""
    app.state.choice = Choice(title, options, then, prompt, keys=keys)


# ---- screens ---------------------------------------------------------------------------------------------------------


@act("help")
def _help(app: FloorApp) -> None:
    from floorctl.screens.help import HelpDialog

    def answered(action_id: str | None) -> None:
        if action_id is not None:
            app.perform(action_id)

    app.push_screen(HelpDialog(app.state), answered)


@act("board")
def _board(app: FloorApp) -> None:
    from floorctl.screens.board import BoardView

    app.frame.show(BoardView(app))


def _open_list(app: FloorApp, name: str) -> None:
    from floorctl.screens.lists import LISTS

    app.frame.show(LISTS[name](app))


for _name in ("city", "people", "incidents", "results"):
    ACTS[_name] = lambda app, name=_name: _open_list(app, name)  # type: ignore[misc]


@act("close")
def _close(app: FloorApp) -> None:
    state = app.state
    options = [("export", "今日の文書を書き出す（日次報告書・件数・CSV・JSON）")]
    if state.floor.is_open:
        options.insert(0, ("close", "閉場する"))
    elif state.floor.closed_at is not None:
        options.append(("reopen", "再開する（理由が要ります）"))
    left = f"待ち {state.floor.waiting}人  市職員待ち {len(state.cases())}件"

    def chosen(answer: str) -> None:
        if answer == "export":
            app.engine.export("今日の文書を書き出しました")
        elif answer == "close":
            # Cannot be taken back by a key: the cursor stands on いいえ.
            choose(
                app,
                "閉場しますか",
                [("no", "いいえ"), ("yes", "閉場する")],
                lambda a: (
                    send(app, "閉場しました（直すときは F9 で再開します）", "day.closed", {}) if a == "yes" else None
                ),
                f"{left}  閉場の後の記録は今日の件数に入りません",
            )
        else:
            app.ask_text("再開の理由", "", lambda r: send(app, "再開しました", "day.reopened", {"reason": r}))

    choose(app, "締め", options, chosen, left)


@act("theme")
def _theme(app: FloorApp) -> None:
    app.next_palette()
    words = {"dark": "暗い", "light": "明るい", "mono": "色なし"}
    app.state.say(f"配色: {words[app.palette_name]}")


@act("quit")
def _quit(app: FloorApp) -> None:
    app.exit()


# ---- moving about the board ------------------------------------------------------------------------------------------


@act("choose")
def _choose(app: FloorApp) -> None:
    app.state.say("1 から 8 で統合端末を選びます。A1 A2 P1 P2 は 上下の矢印 で選びます")


def _step_panel(app: FloorApp, step: int) -> None:
    state = app.state
    state.panel = PANELS[(PANELS.index(state.panel) + step) % len(PANELS)]
    if state.panel != "lanes":
        state.terminal = ""
    words = {"lanes": "端末", "cases": "市職員待ち", "alerts": "注意", "staff": "在席", "journal": "記録"}
    state.say(f"{words[state.panel]}   上下の矢印 選ぶ   Enter 開く   Tab 次の枠")


ACTS["panel"] = lambda app: _step_panel(app, +1)
ACTS["panel_back"] = lambda app: _step_panel(app, -1)


def _step_row(app: FloorApp, step: int) -> None:
    state = app.state
    if state.panel == "lanes":
        lanes = [lane.code for lane in state.floor.site.lanes]
        codes = [t.code for lane in lanes for t in state.floor.terminals_of(lane)]
        at = codes.index(state.terminal) + step if state.terminal in codes else (0 if step > 0 else -1)
        state.terminal = codes[at % len(codes)]
        return
    state.cursor[state.panel] = max(0, min(state.row(state.panel) + step, state.length(state.panel) - 1))


ACTS["up"] = lambda app: _step_row(app, -1)
ACTS["down"] = lambda app: _step_row(app, +1)


@act("leave_choice")
def _leave(app: FloorApp) -> None:
    app.state.terminal, app.state.panel, app.state.backdate_min = "", "lanes", 0
    app.state.say("")


@act("enter")
def _enter(app: FloorApp) -> None:
    state = app.state
    if state.panel == "cases" and state.cases():
        _case(app, state.cases()[state.row("cases")].code)
    elif state.panel == "alerts" and state.alerts():
        _answer_alert(app)
    elif state.panel == "staff" and state.floor.staff:
        change_person(app, state.staff_codes()[state.row("staff")])
    elif state.panel == "journal" and state.floor.entries:
        _correct(app)
    elif state.panel == "lanes":
        state.say("端末を 1-8 で選んでから、n 次へ・左右の矢印 移動・e 市職員へ などを押します（F1 で操作一覧）")
    else:
        state.say("この枠には行がありません")


def _answer_alert(app: FloorApp) -> None:
    alert = app.state.alerts()[app.state.row("alerts")]
    if alert.terminal:
        app.state.panel, app.state.terminal = "lanes", alert.terminal
    by_key = {"F5": "incidents", "F3": "city", "o": "officials", "f": "fail", "w": "count"}
    if alert.key in ("F3", "F5", "o"):
        app.perform(by_key[alert.key])
    elif alert.code == "facts_doubtful":
        app.state.panel = "journal"
        app.state.say("記録の中で ? の付いた行を 上下の矢印 で選び、Enter で取り消せます。人数は w で数え直せます")
    else:
        app.state.say(alert.text)


def _correct(app: FloorApp) -> None:
    entry = app.state.journal()[app.state.row("journal")]
    if entry.kind == "retracted":
        app.state.say("取消しは取り消せません。もう一度記録してください", "warn")
        return
    if entry.key in app.state.floor.retracted:
        app.state.say("もう取り消されています", "warn")
        return

    def with_reason(reason: str) -> None:
        app.engine.retract(
            "記録を取り消しました", {"target": entry.fact.id, "target_source": entry.source, "reason": reason}
        )

    from floorctl.models.journal import sentence, subject

    site = app.state.floor.site
    what = f"{entry.fact.at:%H:%M} {subject(entry.fact, site)} {sentence(entry.fact, site)}"
    app.ask_text("この記録を取り消す理由", what, with_reason)


# ---- the day ---------------------------------------------------------------------------------------------------------


@act("open")
def _open(app: FloorApp) -> None:
    def with_officials(n: str) -> None:
        send(app, "開場しました", "day.opened", {"officials": int(n)})

    choose(
        app,
        "開場します。会場にいる市職員は何名ですか",
        [(n, f"{n}名") for n in "1234567890"],
        with_officials,
        "端末の配分はサイト設定のとおり。開場してから動かせます",
        keys="1234567890",
    )


@act("officials")
def _officials(app: FloorApp) -> None:
    def with_number(text: str) -> None:
        send(app, f"市職員 {text}名", "officials.changed", {"present": int(text)})

    app.ask_text("会場にいる市職員の人数", f"いま {app.state.floor.officials}名", with_number, digits=True)


# ---- terminals -------------------------------------------------------------------------------------------------------


def _move(app: FloorApp, step: int) -> None:
    state = app.state
    site, t = state.floor.site, state.floor.terminals[state.terminal]
    lanes = [x.code for x in site.lanes if x.code in site.terminal_by_code[t.code].lanes]
    at = lanes.index(t.next_lane or t.lane) + step
    name = site.lane_by_code[t.next_lane or t.lane].name
    if not 0 <= at < len(lanes):
        state.say(f"{t.code} はすでに {name} です", "dim")
        return
    to = site.lane_by_code[lanes[at]].name
    label = f"{t.code} を {to} へ移しました"
    if t.ticket and lanes[at] != t.lane:
        label = f"{t.code} は {t.ticket} が終わりしだい {to} へ移ります"
    send(app, label, "terminal.assigned", {"terminal": t.code, "lane": lanes[at]}, needs_reason=True)


ACTS["left"] = lambda app: _move(app, -1)
ACTS["right"] = lambda app: _move(app, +1)


@act("next")
def _next(app: FloorApp) -> None:
    from floorctl.commands.queue import next_visitor

    floor, terminal = app.state.floor, app.state.terminal
    t = floor.terminals[terminal]
    lane = t.next_lane or t.lane

    def said(entries: list[Entry]) -> str:
        """What really happened: somebody may have been called first by another console."""
        facts = {e.kind: e.fact for e in entries}
        parts = []
        if (done := facts.get("ticket.finished")) is not None:
            parts.append(f"{done.ticket} 完了")  # type: ignore[attr-defined]
        called = facts.get("ticket.called")
        parts.append(f"{called.ticket} を呼びました" if called is not None else "待っている人はいません")  # type: ignore[attr-defined]
        return f"{terminal} {'  '.join(parts)}"

    def go(service: str | None) -> None:
        send_many(app, said, lambda c: next_visitor(c, terminal, service))

    services = [s for s in floor.site.services if s.lane == lane]
    counted_only = floor.next_ticket(lane, app.state.now) is None and floor.lanes[lane].uncounted
    if counted_only and len(services) > 1 and floor.state(terminal) in ("free", "serving"):
        # Nobody knows what a counted person came for: it is asked, not guessed.
        choose(app, f"{terminal} 次の人の用件", [(s.code, s.name) for s in services], go)
    else:
        go(None)


@act("finish")
def _finish(app: FloorApp) -> None:
    terminal = app.state.terminal
    ticket = app.state.floor.terminals[terminal].ticket
    send(app, f"{terminal} {ticket} 完了", "ticket.finished", {"ticket": ticket, "terminal": terminal})


@act("no_show")
def _no_show(app: FloorApp) -> None:
    ticket = app.state.floor.terminals[app.state.terminal].ticket
    send(app, f"{ticket} 不在", "ticket.no_show", {"ticket": ticket})


@act("pause")
def _pause(app: FloorApp) -> None:
    t = app.state.floor.terminals[app.state.terminal]
    kind, word = ("terminal.resumed", "再開") if t.paused else ("terminal.paused", "休止")
    send(app, f"{t.code} {word}", kind, {"terminal": t.code})


@act("fail")
def _fail(app: FloorApp) -> None:
    t = app.state.floor.terminals[app.state.terminal]
    kind, word = ("terminal.repaired", "復旧") if t.failed else ("terminal.failed", "故障")
    send(app, f"{t.code} {word}", kind, {"terminal": t.code})


@act("staff")
def _staff(app: FloorApp) -> None:
    state = app.state
    code = state.terminal
    at = {t.staff: t.code for t in state.floor.terminals.values() if t.staff}
    options = [(s, f"{s}  {at.get(s, '')}".rstrip()) for s in state.staff_codes()]
    options += [("+", "ほかの職員のコードを入れる"), ("", "誰もいない（担当なし）")]

    def put(staff: str) -> None:
        label = f"{code} 担当 {staff}" if staff else f"{code} 担当なし"
        if staff in at and at[staff] != code:
            label = f"{staff} を {at[staff]} から {code} へ（{at[staff]} は担当なし）"
        send(app, label, "terminal.staffed", {"terminal": code, "staff": staff or None})

    def chosen(answer: str) -> None:
        if answer == "+":
            app.ask_text(f"{code} に立つ職員のコード", "氏名ではなくコード（S01 など）", put)
        else:
            put(answer)

    if state.floor.staff:
        choose(app, f"{code} に立つのは", options, chosen)
    else:
        chosen("+")


def change_person(app: FloorApp, code: str) -> None:
    """A person's status by digit."""
    from floorctl.words import STAFF_STATUSES

    options = [(k, v) for k, v in STAFF_STATUSES.items() if k != "expected"]
    held = app.state.floor.staff.get(code)

    def with_status(status: str) -> None:
        send(app, f"{code} {STAFF_STATUSES[status]}", "staff.changed", {"staff": code, "status": status})

    choose(app, f"{code} の状況", options, with_status, f"いま {STAFF_STATUSES[held.status]}" if held else "")


# ---- city staff ------------------------------------------------------------------------------------------------------


@act("escalate")
def _escalate(app: FloorApp) -> None:
    state = app.state
    terminal = state.terminal or None
    ticket = state.floor.terminals[terminal].ticket if terminal else None
    where = f"{terminal} {ticket or ''}".strip() if terminal else "端末なし（会場）"

    def with_matter(matter: str) -> None:
        name = state.floor.site.matter_by_code[matter].short
        fields = {"matter": matter, "terminal": terminal, "ticket": ticket}
        send(app, f"{where} 市職員へ引継ぎ {name}", "escalation.raised", fields)

    options = [(m.code, m.name) for m in state.floor.site.matters]
    choose(app, "市職員へ引き継ぐ事項", options, with_matter, where)


def _case(app: FloorApp, code: str) -> None:
    """A case: who of the city has turned to it, or what the city has decided."""
    from floorctl.words import DECISIONS

    state = app.state
    e = state.floor.escalations[code]
    assert state.info is not None
    officials = [f"C{n}" for n in range(1, max(1, state.floor.officials) + 1)]
    warn = "" if state.info.hall_open else "本庁舎は閉庁日: 3番窓口は開いていないおそれがあります"

    def with_official(then: Callable[[str], None]) -> None:
        options = [(o, f"市職員 {o}") for o in officials] + [("+", "ほかのコードを入れる")]

        def chosen(answer: str) -> None:
            if answer == "+":
                app.ask_text("市職員のコード", "氏名ではなくコード", then)
            else:
                then(answer)

        if len(officials) == 1 and state.floor.officials == 1:
            then(officials[0])
        else:
            choose(app, "どの市職員ですか", options, chosen)

    def chosen(answer: str) -> None:
        if answer == "taken":
            with_official(
                lambda o: send(
                    app, f"{code} 市職員 {o} 対応中", "escalation.taken", {"escalation": code, "official": o}
                )
            )
            return
        label = f"{code} {DECISIONS[answer]}"
        fields = {"escalation": code, "outcome": answer}
        if answer in ("approved", "declined") and not e.official:
            with_official(lambda o: send(app, label, "escalation.settled", {**fields, "official": o}))
        else:
            send(app, label, "escalation.settled", fields)

    options = [(k, f"決定 {v}") for k, v in DECISIONS.items()]
    if e.state == "raised":
        options = [("taken", "市職員が対応を始めた"), *options]
    name = state.floor.site.matter_by_code[e.matter].name if e.matter else ""
    choose(app, f"{code} {name}", options, chosen, warn or f"{e.terminal or '端末なし'} {e.ticket or ''}")


def open_case(app: FloorApp, code: str) -> None:
    _case(app, code)


# ---- waiting ---------------------------------------------------------------------------------------------------------


@act("count")
def _count(app: FloorApp) -> None:
    state = app.state
    site = state.floor.site
    ordered = [*site.movable_lanes, *(x.code for x in site.lanes if x.code not in site.movable_lanes)]
    fields = [(x, site.lane_by_code[x].name, state.floor.lanes[x].waiting) for x in ordered]

    def answered(numbers: dict[str, int] | None) -> None:
        if not numbers:
            return
        label = "待ち人数 " + "  ".join(f"{site.lane_by_code[x].name} {n}人" for x, n in numbers.items())
        send_many(app, label, lambda c: [("queue.counted", {"lane": x, "waiting": n}) for x, n in numbers.items()])
        app.redraw()

    from floorctl.screens.dialogs import NumbersDialog

    dialog = NumbersDialog(
        "待っている人を数えた数", fields, "薄い字はいまの記録の人数", main=len(site.movable_lanes) or None
    )
    app.push_screen(dialog, answered)


@act("seats")
def _seats(app: FloorApp) -> None:
    capacity = app.state.floor.site.seats.capacity
    app.ask_text(
        "会場にいる人の数",
        f"付添いの人も含めて数えます（椅子 {capacity}脚）",
        lambda n: send(app, f"会場 {n}人", "visitors.counted", {"persons": int(n)}),
        digits=True,
    )


@act("issue")
def _issue(app: FloorApp) -> None:
    site = app.state.floor.site

    def with_service(service: str) -> None:
        name = site.service_by_code[service].short
        send(app, lambda es: f"{_first(es).ticket} を発券しました（{name}）", "ticket.issued", {"service": service})

    choose(app, "番号を出す業務", [(s.code, s.name) for s in site.services], with_service)


@act("reception")
def _reception(app: FloorApp) -> None:
    floor = app.state.floor
    site = floor.site
    options = [
        (s.code, f"{s.name}  {'打切り中（再開する）' if s.code in floor.stopped else '受付中'}") for s in site.services
    ]

    def with_service(service: str) -> None:
        name = site.service_by_code[service].short
        if service in floor.stopped:
            send(app, f"{name} 受付再開", "reception.resumed", {"service": service})
        else:
            app.ask_text(
                f"{name} の受付を打ち切る理由",
                "",
                lambda r: send(app, f"{name} 受付打切り", "reception.stopped", {"service": service, "reason": r}),
            )

    choose(app, "受付を打ち切る・再開する業務", options, with_service)


# ---- records ---------------------------------------------------------------------------------------------------------


@act("tally")
def _tally(app: FloorApp) -> None:
    from floorctl.screens.tally import TallyView

    app.frame.show(TallyView(app))


@act("inquiry")
def _inquiry(app: FloorApp) -> None:
    known = [*app.state.floor.site.inquiry_topics]
    known += [t for t in app.state.floor.inquiries if t not in known]

    def count(topic: str) -> None:
        send(app, f"問い合わせ {topic} 1件", "inquiry.counted", {"topic": topic})

    def chosen(answer: str) -> None:
        if answer == "+":
            app.ask_text("問い合わせの種類", "個人情報は書きません", count)
        else:
            count(answer)

    if known:
        choose(app, "問い合わせの種類", [*((t, t) for t in known[:20]), ("+", "新しい種類を書く")], chosen)
    else:
        app.ask_text("問い合わせの種類", "短い言葉で。個人情報は書きません", count)


@act("incident")
def _incident(app: FloorApp) -> None:
    from floorctl.words import INCIDENT_CATEGORIES

    site, terminal = app.state.floor.site, app.state.terminal
    options = []
    for code, words in INCIDENT_CATEGORIES.items():
        rule = site.incident_reports.get(code)
        options.append((code, f"{words}{f'（{rule.word}）' if rule else ''}"))

    def with_category(category: str) -> None:
        def with_summary(summary: str) -> None:
            fields: dict[str, Any] = {"category": category, "summary": summary}
            if terminal:
                fields["terminals"] = [terminal]
            if app.state.backdate_min:
                minutes, app.state.backdate_min = app.state.backdate_min, 0
                fields["occurred_at"] = app.state.now - timedelta(minutes=minutes)
            app.engine.act(
                lambda es: f"{_first(es).incident} を記録しました（市への報告は F5）", "incident.opened", fields
            )

        prompt = "何が起きたか1行で。氏名・番号などの個人情報は書きません"
        app.ask_text(f"事案: {INCIDENT_CATEGORIES[category]}", prompt, with_summary)

    choose(app, "事案の分類", options, with_category, f"端末 {terminal}" if terminal else "")


@act("memo")
def _memo(app: FloorApp) -> None:
    app.ask_text("メモ", "個人情報は書きません", lambda t: send(app, "メモを残しました", "memo.written", {"text": t}))


@act("backdate")
def _backdate(app: FloorApp) -> None:
    app.state.typing_backdate = ""


@act("undo")
def _undo(app: FloorApp) -> None:
    from floorctl.models.journal import taken_back

    # The screen has taken in the retraction before it says what was taken back.
    app.engine.undo(lambda entries: "  ".join(taken_back(e, app.state.floor) for e in reversed(entries)))
