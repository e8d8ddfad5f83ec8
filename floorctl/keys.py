"""Every action of the console, declared once: its keys, its words, and when it is possible.

The footer, the list of actions (F1), the README's table and the tests are made from this.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from typing import NamedTuple

from floorctl.state import ConsoleState

Why = Callable[[ConsoleState], str]


class Action(NamedTuple):
    """``why`` answers '' where the action is possible now, else the reason why not.

    ``keys`` are characters, or names of keys (``enter``, ``left``, ``f1``). ``chosen``: in the footer while a terminal
    is chosen; ``idle``: while none is. ``shown`` is how the keys are written.
    """

    id: str
    keys: tuple[str, ...]
    label: str
    help: str
    group: str
    why: Why
    shown: str = ""
    chosen: bool = False
    idle: bool = False

    @property
    def cap(self) -> str:
        return self.shown or "・".join(key_name(k) for k in self.keys)


_NAMES = {
    "enter": "Enter",
    "escape": "Esc",
    "left": "左",
    "right": "右",
    "up": "上",
    "down": "下",
    "tab": "Tab",
    "shift+tab": "Shift+Tab",
    "backspace": "Backspace",
    "delete": "Delete",
    "home": "Home",
    "end": "End",
    "pageup": "PageUp",
    "pagedown": "PageDown",
    " ": "スペース",
    "space": "スペース",
}


def key_name(key: str) -> str:
    """How a key is written on the screen."""
    return _NAMES.get(key, key.upper() if len(key) > 1 and key[0] == "f" else key)


def always(state: ConsoleState) -> str:
    return ""


def loaded(state: ConsoleState) -> str:
    return "" if state.ready else "まだファイルを読んでいます"


def usable(state: ConsoleState) -> str:
    """Before and while visitors are received; not on a closed day, not after the closing."""
    if not state.ready:
        return loaded(state)
    if state.floor.closed_at is not None:
        return "閉場しています（F9 で再開できます）"
    if state.floor.opened_at is None and state.info is not None and not state.info.open:
        return f"開場日ではありません（{state.info.reason or '暦'}）"
    return ""


def open_day(state: ConsoleState) -> str:
    why = usable(state)
    if why:
        return why
    return "" if state.floor.opened_at is not None else "まだ開場していません（Enter で開場します）"


def chosen(state: ConsoleState) -> str:
    why = open_day(state)
    if why:
        return why
    return "" if state.terminal else "端末が選ばれていません（1-8 か上下の矢印で選びます）"


def chosen_any_time(state: ConsoleState) -> str:
    why = usable(state)
    if why:
        return why
    return "" if state.terminal else "端末が選ばれていません（1-8 か上下の矢印で選びます）"


def can_move(state: ConsoleState) -> str:
    why = chosen_any_time(state)
    if why or state.site is None:
        return why
    lanes = state.site.terminal_by_code[state.terminal].lanes
    return "" if len(lanes) > 1 else f"{state.terminal} は列を移らない端末です"


def serving(state: ConsoleState) -> str:
    why = chosen(state)
    if why:
        return why
    return "" if state.floor.terminals[state.terminal].ticket else f"{state.terminal} は応対中ではありません"


def can_open(state: ConsoleState) -> str:
    if not state.ready:
        return loaded(state)
    if state.floor.closed_at is not None:
        return "閉場しています"
    if state.floor.opened_by_fact:
        return "開場しています"
    if state.info is not None and not state.info.open:
        return f"開場日ではありません（{state.info.reason or '暦'}）"
    return ""


ACTIONS: tuple[Action, ...] = (
    Action("help", ("f1", "?"), "操作一覧", "すべての操作を探して実行する", "画面", always, "F1", True, True),
    Action("board", ("f2",), "盤面", "端末・待ち・市職員・注意を1画面で見る", "画面", always),
    Action("city", ("f3",), "市職員", "市職員へ引き継いだ案件の一覧", "画面", loaded),
    Action("people", ("f4",), "職員", "職員の在席と今日の出入り", "画面", loaded),
    Action("incidents", ("f5",), "事案", "事故・障害の一覧。報告と終結を記録する", "画面", loaded),
    Action("results", ("f7",), "実績", "今日の件数と待ち時間", "画面", loaded),
    Action("close", ("f9",), "締め", "閉場し、今日の文書を書き出す", "画面", loaded),
    Action("theme", ("f10",), "色", "暗い・明るい・色なしを切り替える", "画面", always),
    Action("open", ("enter",), "開場", "今日を開場する（市職員の人数を入れる）", "一日", can_open, "Enter"),
    Action(
        "choose", tuple("12345678"), "端末", "端末を選ぶ。もう一度押すと選択を外す", "盤面", loaded, "1-8", False, True
    ),
    Action("panel", ("tab",), "次の枠", "端末・市職員待ち・注意・在席・記録の枠を順に選ぶ", "盤面", loaded),
    Action("panel_back", ("shift+tab",), "前の枠", "枠を逆の順に選ぶ", "盤面", loaded),
    Action("up", ("up",), "上へ", "枠の中で上へ（上矢印）", "盤面", loaded),
    Action("down", ("down",), "下へ", "枠の中で下へ（下矢印）", "盤面", loaded),
    Action(
        "enter", ("enter",), "開く", "選んだ行に応じた操作（案件の対応・決定、職員の状況、記録の訂正）", "盤面", loaded
    ),
    Action("leave_choice", ("escape",), "選択を外す", "選択・遡りを取りやめる", "盤面", loaded),
    Action("left", ("left",), "左の列へ移す", "選んだ端末を左の列（交付）へ移す（左矢印）", "端末", can_move, "", True),
    Action(
        "right",
        ("right",),
        "右の列へ移す",
        "選んだ端末を右の列（電子証明書）へ移す（右矢印）",
        "端末",
        can_move,
        "",
        True,
    ),
    Action("next", ("n",), "次へ", "応対中なら終了して次を、空きなら次を呼ぶ", "端末", chosen, "", True),
    Action("finish", ("d",), "終了", "終了だけして次は呼ばない", "端末", serving, "", True),
    Action("no_show", ("z",), "不在", "呼んだ人が来ないとき", "端末", serving),
    Action("pause", ("s",), "休止/再開", "端末を休止する、または再開する", "端末", chosen_any_time, "", True),
    Action("fail", ("f",), "故障/復旧", "端末の故障を記録する、または復旧する", "端末", chosen_any_time, "", True),
    Action("staff", ("p",), "担当", "選んだ端末に誰が立つか", "端末", chosen_any_time, "", True),
    Action(
        "escalate", ("e",), "市職員へ", "案件を市職員へ引き継ぐ（事項を数字で）", "市職員", open_day, "", True, True
    ),
    Action("officials", ("o",), "市職員数", "会場にいる市職員の人数", "市職員", usable, "", False, True),
    Action("count", ("w",), "待ち人数", "列ごとに数えた人数を入れる", "待ち", open_day, "", False, True),
    Action("issue", ("t",), "発券", "番号を出す（業務を数字で）", "待ち", open_day, "", False, True),
    Action("seats", ("v",), "会場人数", "会場にいる人の数を入れる（椅子の数と比べる）", "待ち", open_day),
    Action("tally", ("k",), "件数", "業務の件数を表で入れる", "記録", usable, "", False, True),
    Action("inquiry", ("q",), "問い合わせ", "問い合わせを1件数える（種類を書く）", "記録", usable),
    Action("incident", ("i",), "事案記録", "事故・障害を記録する（分類を数字で、1行）", "記録", loaded, "", True, True),
    Action("memo", ("m",), "メモ", "メモを残す", "記録", loaded, "", False, True),
    Action("reception", ("r",), "受付打切り", "業務1つの受付を打ち切る、または再開する", "待ち", open_day),
    Action("backdate", ("-",), "遡る", "次の操作を N 分前のこととして記録する（- のあとに分）", "記録", loaded, "-N"),
    Action("undo", ("u",), "取消", "自分の最後の操作を取り消す", "記録", loaded, "", True, True),
    Action("quit", ("ctrl+q",), "終了", "floorctl を終える", "画面", always, "Ctrl+Q"),
)
BY_ID = {a.id: a for a in ACTIONS}


def ascii_key(key: str, character: str | None) -> str:
    """The key that was meant: what an IME committed full-width counts as its ASCII key; other keys as they are named."""
    if character is None or not character.isprintable() or character == " ":
        return key
    folded = unicodedata.normalize("NFKC", character)
    folded = {"ー": "-", "−": "-", "〜": "-", "「": "[", "」": "]", "、": ",", "。": "."}.get(folded, folded)
    return folded.lower() if len(folded) == 1 else folded


def is_kana(key: str) -> bool:
    """Whether a key is Japanese writing: the IME is on and means to write text."""
    return len(key) >= 1 and all("぀" <= c <= "ヿ" or "一" <= c <= "鿿" for c in key)


def actions_for(key: str) -> list[Action]:
    """Actions of a key, in the order of the registry; the screen takes the first that is possible where it stands."""
    return [a for a in ACTIONS if key in a.keys]
