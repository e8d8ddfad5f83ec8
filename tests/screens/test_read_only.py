"""A console that only looks: every screen can be seen, and no key, click, reader or list of actions records anything."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytest import MonkeyPatch
from textual import events

from floorctl.advice.advise import Adviser
from floorctl.advice.best_move import Option
from floorctl.common.words import READ_ONLY_WORD
from floorctl.console.forecasts import Forecasts
from floorctl.console.keys import ACTIONS, BY_ID
from floorctl.console.offered_keys import offered
from floorctl.console.possible import READ_ONLY
from floorctl.console.state import ConsoleState
from floorctl.console.state_parts import Settings
from floorctl.database.store import Store
from floorctl.models.board.alert import Alert
from floorctl.screens.acts import VIEWS
from floorctl.screens.board import panels
from floorctl.screens.board.strips import answering_key
from tests.database.test_read_only import traces
from tests.halls import opened, queue
from tests.screens.halls import morning
from tests.screens.harness import Console, console
from tests.screens.test_board_words import drawn, hall, height
from tests.story import HandClock, instant

SHOWN = "この画面は見るだけです（--read-only で開いています）"


async def mixed_up(c: Console) -> None:
    """Somebody records an incident, which can be opened."""
    other = c.beside()
    other.act("incident.opened", {"category": "injury", "summary": "転倒"})
    other.close()
    await c.until(lambda: c.state.day.register.incidents, "the incident")


async def looked_around(c: Console) -> None:
    """Close what a look has opened."""
    if c.app.frame is not c.app.screen:
        await c.settle()
    while len(c.app.screen_stack) > 1 or c.state.pending.choice is not None:
        await c.press("escape")
    c.state.day.look_now()


async def test_every_action_looks_or_is_refused_in_words_and_the_folder_stays_as_it_is(tmp_path: Path) -> None:
    async with console(tmp_path, morning(), read_only=True) as c:
        before = traces(tmp_path)
        for action in ACTIONS:
            if action.id == "quit":
                continue
            c.state.line.text, c.state.chosen.terminal = "", "T3"
            c.app.perform(action.id)
            if not action.looks:
                assert c.message.startswith(f"{action.at(c.site).label}: {SHOWN}"), action.id
                assert c.state.pending.choice is None and len(c.app.screen_stack) == 1, action.id
            else:
                assert READ_ONLY_WORD in c.picture().splitlines()[0], f"{action.id}: in the past, too"
                await looked_around(c)
        assert {"city", "people", "results", "close", "advice_why"} <= {a.id for a in ACTIONS if a.looks}
        assert traces(tmp_path) == before


# Each key that writes somewhere, and those that views take for themselves.
KEYS = sorted({k for a in ACTIONS if not a.looks for k in a.keys} | {"0", "backspace", "home", "escape", "tab"})
SCREENS = ("board", *(name for name in VIEWS if BY_ID[name].looks))


async def every_key_and_click(c: Console) -> None:
    view = c.frame.view
    for key in KEYS:
        c.frame.on_key(events.Key(key, key if len(key) == 1 else None))
        assert c.state.pending.typing_backdate is None and not c.state.pending.backdate_min, key
        await looked_around(c)
        c.frame.view = view
    for target in sorted({meaning for _, meaning in c.frame.picture.targets}):
        kind, _, rest = target.partition(":")
        for _ in range(2):  # the second click on a row opens it
            if kind == "action":
                c.app.perform(rest)
            else:
                view.clicked(kind, rest)
        await looked_around(c)
        c.frame.view = view


async def test_no_key_and_no_click_on_any_screen_records_anything(tmp_path: Path) -> None:
    async with console(tmp_path, morning(), read_only=True, size=(80, 24)) as c:
        await mixed_up(c)
        before = traces(tmp_path)
        for screen in SCREENS:
            c.app.perform(screen)
            await c.settle()
            with MonkeyPatch.context() as patch:
                patch.setattr(c.frame.picture, "redraw", lambda: None)  # drawing would take most of the time
                await every_key_and_click(c)
        await c.settle()
        assert SCREENS[1:5] == ("city", "people", "incidents", "forecast")
        assert traces(tmp_path) == before


async def test_what_is_written_by_a_key_is_said_where_it_is_looked_for(tmp_path: Path) -> None:
    """At the foot only what looks; in the list of actions the reason; an alert, a number and an incident can be read."""
    async with console(tmp_path, morning(), read_only=True) as c:
        await mixed_up(c)
        foot = c.rows()[-1]
        assert foot.split() == [
            "1-8",
            "端末",
            "b",
            "番号",
            "F2",
            "盤面",
            "F3",
            "市職員",
            "F4",
            "職員",
            "F5",
            "事案",
            "F6",
            "見込み",
            "F7",
            "実績",
            "F8",
            "期限",
            "F9",
            "締め",
            "F1",
            "操作一覧",
        ]
        await c.press("f1")
        await c.type("発券")
        c.sees(f"いまはできません: {SHOWN}")
        await c.press("enter")
        assert f"発券: {READ_ONLY}" in c.message
        await c.press("tab", "tab", "enter")  # an alert
        assert f"開く: {READ_ONLY}" in c.message
        await c.scan("B003")
        assert c.state.chosen.ticket == "B003" and c.message.startswith("B003 ")
        await c.press("n")
        assert f"呼ぶ: {READ_ONLY}" in c.message
        await c.press("f5", "enter", "enter")
        c.sees("転倒", SHOWN)
        await c.press("4")
        assert f"応急処置: {READ_ONLY}" in c.message
        await c.press("f9", "z")
        assert f"締める: {READ_ONLY}" in c.message
        await c.press("p")
        assert f"書き出す: {READ_ONLY}" in c.message
        await c.press("f10")
        assert c.message == "配色: 明るい" and c.app.palette_name == "light"


@pytest.mark.parametrize(
    ("key", "answer", "looking"), [("f", "fail", ""), ("Enter", "", ""), ("F3", "city", "F3"), ("b", "queue", "b")]
)
def test_the_band_and_the_alerts_offer_no_key_that_records(key: str, answer: str, looking: str) -> None:
    alert = Alert("some", "warning", "注意", "何か", key, answer=answer)
    records, looks = (ConsoleState(Settings(HandClock(instant("9:00"))), read_only=x) for x in (False, True))
    assert (answering_key(records, alert), answering_key(looks, alert)) == (key, looking)


async def test_an_empty_file_invites_nobody_to_open_the_day(tmp_path: Path) -> None:
    Store(tmp_path / "floor.db", create=True).close()
    async with console(tmp_path, read_only=True) as c:
        assert c.message == "まだ記録がありません。この画面は見るだけです  F1 操作一覧"
        assert "開場" in c.rows()[2] and "Enter" not in c.rows()[2], c.rows()[2]


@pytest.mark.parametrize("width", [80, 120, 160])
def test_an_advice_is_seen_without_the_keys_that_would_answer_it(width: int, monkeypatch: pytest.MonkeyPatch) -> None:
    story = queue(opened(issuance=3, certificate=5), "B", 30, "09:20")
    for n in range(5):
        story.calls(f"B{n + 1:03d}", f"T{n + 4}", "10:02")
    state = hall(story.entries(), "10:05")
    adviser = state.forecasts._new_adviser()
    assert isinstance(adviser, Adviser)
    verdict = adviser._verdict(Option(("T1",), "issuance", "certificate", 9000.0))
    monkeypatch.setattr(Forecasts, "advice", lambda self: verdict)
    monkeypatch.setattr(Forecasts, "proposal", lambda self: None)
    for looks in (False, True):
        state.read_only = looks
        row = drawn(state, width, height(width)).text().split("\n")[3]
        assert "T1" in row, row
        assert [f" {key} " in f"{row} " for key in "ax"] == [not looks] * 2, row


@pytest.mark.parametrize(
    ("text", "records", "looks"),
    [
        ("{escalate}  {officials}", "e  o", ""),
        ("{memo}  {journal}", "m  l", "l"),
        ("{incident} 事案   {memo} メモ   {calendar} 暦", "i 事案   m メモ   . 暦", ". 暦"),
        ("決定待ちはありません  {escalate} で引継ぎ", "決定待ちはありません  e で引継ぎ", "決定待ちはありません"),
        (
            "未記入です（{close_add} 書き足す  {close_none} 特になし）",
            "未記入です（a 書き足す  n 特になし）",
            "未記入です",
        ),
        ("   まだ案です（{plan_breaks} で計画にする）", "   まだ案です（a で計画にする）", "   まだ案です"),
        ("今日の人（{people} の一覧）", "今日の人（F4 の一覧）", "今日の人（F4 の一覧）"),
        ("市が読む内容です。よければ {close_enter} で", "市が読む内容です。よければ Enter で", "市が読む内容です。"),
        ("{?is_present}1-6 状況  {find} 探す", "1-6 状況  / 探す", "/ 探す"),
        ("{nothing} です", "{nothing} です", "{nothing} です"),
    ],
)
def test_a_hint_is_offered_where_its_key_does_something(text: str, records: str, looks: str) -> None:
    states = [ConsoleState(Settings(HandClock(instant("9:00"))), read_only=x) for x in (False, True)]
    assert [offered(state, text) for state in states] == [records, looks]


def test_the_heads_of_the_board_name_no_key_that_records() -> None:
    state = hall(opened(issuance=3, certificate=5).entries(), "10:05")
    heads = (panels.cases, panels.staff, panels.journal, panels.incidents, panels.opening)
    assert [head(state).keys for head in heads] == ["e  o", "p  F4", "m  l", "i  F5", "c"]
    state.read_only = True
    assert [head(state).keys for head in heads] == ["", "F4", "l", "F5", ""]
    said = "\n".join(drawn(state, 120, height(120)).text().split("\n")[5:])
    assert "決定待ちはありません" in said and "引継ぎ" not in said.replace("引継ぎ待ち", "")


async def test_the_closing_is_read_without_the_keys_that_would_close(tmp_path: Path) -> None:
    async with console(tmp_path, morning(), read_only=True, size=(120, 40)) as c:
        await c.press("f9")
        seen: list[str] = []
        for _ in range(6):
            seen.append("\n".join(c.rows()[1:-1]))
            c.sees("Tab   次の手順", "Esc   盤面")
            await c.press("tab")
        for offer in ("Enter", "z     締める", "書き足す", "特になし  ", "数字で", "台帳・端末の件数を入力"):
            assert not any(offer in page for page in seen), offer
