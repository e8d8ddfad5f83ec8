"""Resolve the user's own keys: which action has which, and what stands against it. Pure.

A key may be shared by two actions only where the program's table has them share it: their conditions exclude each other.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import NamedTuple

from floorctl.common.did_you_mean import nearest
from floorctl.console.action import Action
from floorctl.console.key_names import ascii_key, key_name
from floorctl.console.keys import ACTIONS, BY_ID, EVERYWHERE, SCREEN_OF_GROUP, screen_of, where

# Keys that answer, move, leave and choose on every screen: they stay what they are, and no action can have them.
_FIXED = frozenset(
    [
        "enter",
        "escape",
        "tab",
        "shift+tab",
        "up",
        "down",
        "left",
        "right",
        "home",
        "end",
        "pageup",
        "pagedown",
        "backspace",
        "delete",
        "space",
        "f1",
        "ctrl+q",
        "ctrl+c",
        "ctrl+z",
    ]
)
# Of the keys with Ctrl those that reach the program as themselves: the others are Tab, Enter, Esc, or hold the terminal.
_WITH_CONTROL = "abdefgklnoprtuvwxy"
# Other spellings of names.
_SPELLED = {
    "esc": "escape",
    "return": "enter",
    "ctrl-": "ctrl+",
    " ": "space",
    "スペース": "space",
    "pgup": "pageup",
    "pgdn": "pagedown",
}
# Keys that a screen takes by itself, so that no action of that screen can have them.
_TAKEN = {"紙": ".", "締め": "-"}
# Works at the reception by hand, too, where the terminals have most letters.
_AT_RECEPTION = frozenset({"undo", "backdate"})
# Typed with the digits where something is counted, so that no further action can have them on every screen.
_SIGNS = frozenset("-+=.")
Own = Mapping[str, tuple[str, ...]]


class KeyFault(NamedTuple):
    """Reason why a key of an action cannot be: the action, the number of the key (None: the action as a whole), what to do."""

    action: str
    n: int | None
    why: str
    do: str


def canonical(written: str) -> str:
    """Return the name under which the console gets a key that somebody has written; "" for what names no key.

    Full-width is the same as ASCII, capital the same as small, ``¥`` the same as the backslash.
    """
    text = written if len(written) == 1 else written.strip()
    if len(text) == 1:
        key = ascii_key(text, text)
        key = _SPELLED.get(key, key)
        return key if key == "space" or (len(key) == 1 and "!" <= key <= "~") else ""
    text = "".join(ascii_key(x, x) if x.isprintable() else x for x in text).replace(" ", "").replace("ctrl-", "ctrl+")
    text = _SPELLED.get(text, text)
    if text in _FIXED or text in {f"f{n}" for n in range(1, 13)}:
        return text
    return text if text.startswith("ctrl+") and text[5:] in _WITH_CONTROL and len(text) == 6 else ""


def is_fixed(action: Action) -> bool:
    """Return whether an action keeps its key: those that move, answer and leave, and those by digit."""
    return any(key in _FIXED or key.isdigit() for key in action.declared)


def resolved(wished: Mapping[str, Iterable[str]]) -> tuple[dict[str, tuple[str, ...]], list[KeyFault]]:
    """Return the keys in force of the actions that have been remapped, and every fault of what was wished.

    ``wished``: keys as they were written, by action, in the order of the file. An action with a fault keeps its own keys.
    """
    faults, own = list[KeyFault](), dict[str, tuple[str, ...]]()
    for action, written in wished.items():
        found = list(_faults_alone(action, [*written]))
        faults += found
        if not found:
            keys = [key for text in written for key in _with_twin(canonical(text))]
            own[action] = tuple(dict.fromkeys(keys))
    while True:
        clashing = next(_clashes(own), None)
        if clashing is None:
            return {a: keys for a, keys in own.items() if keys != BY_ID[a].declared}, faults
        faults.append(clashing)
        del own[clashing.action]  # its own key may now stand in the way of another


def _with_twin(key: str) -> tuple[str, ...]:
    return ("\\", "¥") if key == "\\" else (key,)


_LIST = "floorctl settings keys で操作の名とキーを確かめてください"
_OTHER = "ほかのキーにしてください"


def _faults_alone(action: str, written: list[str]) -> Iterator[KeyFault]:
    """Yield the faults of one action's keys by themselves."""
    found = BY_ID.get(action)
    if found is None:
        from floorctl.models.site.part import if_meant

        near = nearest(action, BY_ID)
        yield KeyFault(action, None, "そのような操作はありません", if_meant(near) if near else _LIST)
        return
    if is_fixed(found):
        digits = found.declared[0].isdigit()
        why = "数字で選ぶ操作で、キーを変えられません" if digits else "どの画面でも同じキーの操作で、変えられません"
        yield KeyFault(action, None, f"「{found.label}」（{found.cap}）は{why}", "この行を消してください")
        return
    if not written:
        yield KeyFault(action, None, "キーがありません", 'キーを1つは書くか（例 "w"）、この行を消してください')
    for n, text in enumerate(written):
        key = canonical(text)
        if not key:
            do = "英字・記号1文字、F2 から F12、Ctrl+Y のように書いてください"
            yield KeyFault(action, n, "そのようなキーはありません", do)
        elif key.isdigit():
            yield KeyFault(action, n, "数字は、端末と答えを選ぶキーです", _OTHER)
        elif key in _FIXED:
            yield KeyFault(action, n, f"{key_name(key)} は、どの画面でも決まった働きをするキーです", _OTHER)


def _clashes(own: Own) -> Iterator[KeyFault]:
    """Yield the clashes of the keys as they would be in force, the last one of the file first."""
    for action, keys in reversed([*own.items()]):
        for key in keys:
            if screen := _taken_by_screen(BY_ID[action], key):
                yield KeyFault(action, None, f"{key_name(key)} は、{screen}で入力に使うキーです", _OTHER)
            others = [x for x in ACTIONS if x.id != action and key in own.get(x.id, x.declared)]
            mine = BY_ID[action]
            if found := [x for x in others if share_a_screen(mine, x) and not set(mine.declared) & set(x.declared)]:
                yield _clash(action, key, found)


def _clash(action: str, key: str, others: list[Action]) -> KeyFault:
    first, more = others[0], f"、ほか{len(others) - 1}つの操作" if others[1:] else ""
    why = f"{key_name(key)} は「{first.label}」（{first.id}、{where(first) or 'どの画面でも'}）{more}のキーです"
    do = "ほかのキーにしてください" if more else f"ほかのキーにするか、{first.id} も別のキーにしてください"
    return KeyFault(action, None, why, do)


def free_keys() -> list[str]:
    """Return the keys that no action has: any action can have them, on any screen."""
    held = {key for a in ACTIONS for key in a.keys}
    signs = [chr(n) for n in range(ord("!"), ord("~")) if not chr(n).isalnum()]
    named = [*signs, *(f"f{n}" for n in range(2, 13)), *(f"ctrl+{x}" for x in _WITH_CONTROL)]
    return [key for key in named if key not in held | _FIXED | _SIGNS]


def _taken_by_screen(action: Action, key: str) -> str:
    """Return the screen that takes a key by itself where this action has to work, "" for none."""
    if not where(action) and key in _SIGNS and key not in action.declared:
        return "件数・問い合わせ・紙の画面"
    if action.id in _AT_RECEPTION or action.group == "手受付":
        from floorctl.models.day.paper_keys import LOWER, UPPER

        return screen_of("手受付") if key in UPPER + LOWER else ""
    return screen_of(action.group) if key in _TAKEN.get(action.group, "") else ""


@cache
def _screens(action: str, group: str) -> frozenset[str]:
    """Return the screens of an action, each by what is the same for its groups; "" for every screen.

    What works on every screen but yields to its own keys (``EVERYWHERE``) works on the board in any case: its hints name it.
    """
    own = SCREEN_OF_GROUP.get(group, "")
    return frozenset((own, SCREEN_OF_GROUP["盤面"])) if action in EVERYWHERE else frozenset((own,))


def share_a_screen(one: Action, other: Action) -> bool:
    """Return whether there is a screen on which a key that both had would mean either."""
    here, there = (_screens(a.id, a.group) for a in (one, other))
    return "" in here | there or bool(here & there)
