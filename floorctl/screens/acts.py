"""What the actions of the registry do: screens, moving about, the day, records. (Terminals and queues: acts_hall.)"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from floorctl.screens.acts_hall import change_person, open_case
from floorctl.screens.asking import ACTS, act, choose, first_fact, send
from floorctl.state import PANELS

if TYPE_CHECKING:
    from floorctl.app import FloorApp


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
        open_case(app, state.cases()[state.row("cases")].code)
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
                lambda es: f"{first_fact(es).incident} を記録しました（市への報告は F5）", "incident.opened", fields
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
