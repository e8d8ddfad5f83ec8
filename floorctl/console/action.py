"""An action of the console: its keys, its words, and when it is possible."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, NamedTuple

from floorctl.common.action_keys import keyed, use_own
from floorctl.common.words import OTHER_DESK
from floorctl.console.key_names import key_name
from floorctl.console.possible import LOOKING_BACK, READ_ONLY, Why
from floorctl.console.state import ConsoleState

if TYPE_CHECKING:
    from floorctl.models.site.site import Site


# Keys of the user's own, by action; every other action has those of its declaration.
_OWN: dict[str, tuple[str, ...]] = {}


class Action(NamedTuple):
    """Action of the console and when it is possible."""

    id: str
    declared: tuple[str, ...]  # its keys: characters, or names of keys (``enter``, ``left``, ``f1``)
    label: str
    told: str  # its help, with ``{id}`` for the key of another action
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
        """Return the action in the words of a site, and with the digits that its terminals have."""
        if site is not None and self.id == "choose":
            return self._replace(shown=site.terminal_digits or self.shown)
        if site is None or OTHER_DESK not in self.label + self.told:
            return self
        desk = site.other_desk.short
        return self._replace(label=self.label.replace(OTHER_DESK, desk), told=self.told.replace(OTHER_DESK, desk))

    @property
    def keys(self) -> tuple[str, ...]:
        """Return the keys in force."""
        return _OWN.get(self.id, self.declared)

    @property
    def help(self) -> str:
        return keyed(self.told)

    @property
    def cap(self) -> str:
        """Return the keys as they are written at the foot, in the list of actions and on the card."""
        if self.id not in _OWN:
            return self.shown or "・".join(map(key_name, self.declared))
        # What stands beside the key stays: -N.
        around = self.shown.partition(self.declared[0])[2] if self.shown.startswith(self.declared[0]) else ""
        return "・".join(key_name(k) + around for k in self.keys)


def remap(own: Mapping[str, tuple[str, ...]]) -> None:
    """Put the user's own keys in force, and the program's for every other action."""
    _OWN.clear()
    _OWN.update(own)
    use_own({action: key_name(keys[0]) for action, keys in own.items()})


def actions(
    group: str, *rows: tuple[str, str, str, str, Why], shown: str = "", looks: bool = False
) -> Iterator[Action]:
    """Yield the actions of a group from rows of id, keys separated by spaces, label, help, condition."""
    for name, keys, label, text, why in rows:
        yield Action(name, tuple(keys.split()), label, text, group, why, shown, looks)
