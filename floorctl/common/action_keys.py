"""Names of the keys that sentences tell, by the action that they run: the program's, or the user's own.

``console/keys.py`` declares the actions; sentences of the rooms below it name some of their keys, too. Both ask here, so
that a key which somebody has remapped is told as it is pressed. A sentence asks when it is said, never when its module
is loaded. Only the console uses own keys; a command line, a document and a printed page tell the program's.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

# Keys of the actions that rooms below the console name; console/keys.py adds its own, a test compares.
_NAMED = {
    "advice_take": "a",
    "city": "F3",
    "close": "F9",
    "count": "w",
    "duties": "F8",
    "duty_submit": "n",
    "incidents": "F5",
    "issue": "t",
    "memo": "m",
    "officials": "o",
    "people": "F4",
    "places": "=",
    "queue": "b",
    "brief": ";",
    "staff": "p",
    "ticket_call": "n",
    "ticket_never_called": "p",
}
_own: dict[str, str] = {}
_PLACE = re.compile(r"\{([a-z_0-9]+)\}")


def name_keys(names: Mapping[str, str]) -> None:
    """Add the names of the program's keys, by action."""
    _NAMED.update(names)


def use_own(names: Mapping[str, str]) -> None:
    """Tell these names of keys from now on, by action, and the program's for every other action."""
    _own.clear()
    _own.update(names)


def key_of(action: str) -> str:
    """Return the name of the key that runs an action. Raise KeyError for what is none."""
    return _own.get(action) or _NAMED[action]


def keyed(text: str) -> str:
    """Return a text with the key in place of each action: ``{undo} で取り消せます``; other braces stay."""
    return _PLACE.sub(lambda found: _own.get(found[1]) or _NAMED.get(found[1], found[0]), text)


def own_name(action: str) -> str:
    """Return the name of the user's own key of an action, "" where the program's is in force."""
    return _own.get(action, "")
