"""An action of the console: its keys, its words, and when it is possible."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from floorctl.common.words import OTHER_DESK
from floorctl.console.key_names import key_name
from floorctl.console.possible import LOOKING_BACK, READ_ONLY, Why
from floorctl.console.state import ConsoleState

if TYPE_CHECKING:
    from floorctl.models.site.site import Site


class Action(NamedTuple):
    """Action of the console and when it is possible."""

    id: str
    keys: tuple[str, ...]  # characters, or names of keys (``enter``, ``left``, ``f1``)
    label: str
    help: str
    group: str
    why: Why
    shown: str = ""  # the keys as they are written, where that is not their names
    looks: bool = False  # changes nothing: possible in a past view too

    def why_not(self, state: ConsoleState) -> str:
        """Return '' if the action is possible now, else the reason why not."""
        if state.read_only and not self.looks:
            return READ_ONLY
        if state.looking_back and not self.looks:
            return LOOKING_BACK
        return self.why(state)

    def at(self, site: Site | None) -> Action:
        """Return the action in the words of a site."""
        if site is None or OTHER_DESK not in self.label + self.help:
            return self
        desk = site.other_desk.short
        return self._replace(label=self.label.replace(OTHER_DESK, desk), help=self.help.replace(OTHER_DESK, desk))

    @property
    def cap(self) -> str:
        return self.shown or "・".join(key_name(k) for k in self.keys)


def actions(
    group: str, *rows: tuple[str, str, str, str, Why], shown: str = "", looks: bool = False
) -> Iterator[Action]:
    """Yield the actions of a group from rows of id, keys separated by spaces, label, help, condition."""
    for name, keys, label, text, why in rows:
        yield Action(name, tuple(keys.split()), label, text, group, why, shown, looks)
