"""Hints of keys as a console may offer them: where it only looks, without those of actions that record."""

from __future__ import annotations

import re

from floorctl.common.action_keys import keyed
from floorctl.console.keys import BY_ID
from floorctl.console.state import ConsoleState

_NAMED = re.compile(r"\{\??([a-z_0-9]+)\}")
# Names the action of a hint without its key, where that is written out or is a digit of a list: {?close_enter}数字.
_UNWRITTEN = re.compile(r"\{\?[a-z_0-9]+\}")
_ASIDE = re.compile(r"（([^（）]*\{[^（）]*)）")


def offered(state: ConsoleState, text: str) -> str:
    """Return hints that stand two blanks or more apart, each action's key in place of its ``{id}``.

    On a console that only looks a hint of an action that records is left out: whole, from the sentence on that names it,
    or with the brackets around it.
    """
    if state.read_only:
        text = _ASIDE.sub(lambda found: f"（{inner}）" if (inner := _looking(found[1])) else "", text)
        text = _looking(text)
    return keyed(_UNWRITTEN.sub("", text))


def _looking(text: str) -> str:
    kept, parts = "", re.split(r"( {2,})", text)
    for blanks, part in zip(["", *parts[1::2]], parts[::2], strict=True):
        sentences = re.split(r"(?<=。)", part)
        said = ""
        for sentence in sentences:
            if any(x in BY_ID and not BY_ID[x].looks for x in _NAMED.findall(sentence)):
                break
            said += sentence
        if said:
            kept += (blanks if kept or not parts[0] else "") + said  # blanks at the begin of the text stay
    return kept
