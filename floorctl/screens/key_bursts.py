"""Tell what a barcode reader types from what a hand types, by the times at which the keys came. No widget, no clock.

A reader types a whole code with a few milliseconds between two characters, or all of it at once; then Enter or Tab, or
nothing. Of a hand two keys lie hardly ever so close together, three never; a key that is held down repeats every 25 ms
at the fastest. So three characters in a burst, or two and Enter, are one word. What is shorter, or repeats one key, are
keys: none is lost, and they act in their order.

Full-width characters that an IME commits come at once as well: three are a word, whoever typed them. Outside a text
field a hand has no reason to type Japanese, and what was meant as a word must not become commands.
"""

from __future__ import annotations

import unicodedata
from typing import Generic, NamedTuple, Protocol, TypeVar

# Longest gap (s) in which the next character of a burst comes: readers leave 1 to 15 ms, a system under load adds some.
GAP_S = 0.020
# As above, behind a capital: the reader presses and releases Shift as well, each a report of the keyboard. Hands type
# small letters.
CAPITAL_GAP_S = 0.045
# As above, once it is a burst: it must not fall apart where the system halts for a moment.
BURST_GAP_S = 0.1
# Enter or Tab so soon (s) after a word ends it, though it came late, or as the second of two.
ENDED_S = 0.25
ENDS = frozenset({"enter", "tab", "ctrl+j"})
_MOST = 200  # characters of a word that are kept

Pressed = TypeVar("Pressed")


class Word(NamedTuple, Generic[Pressed]):
    """Text that a reader has typed, or that was pasted, and its keys, Enter included."""

    text: str
    keys: tuple[Pressed, ...] = ()


class Hands(Protocol[Pressed]):
    """Taker of what is heard, in this order: ``begins``, then ``keys``, or ``is_burst`` and ``word``."""

    def begins(self, key: Pressed) -> None:
        """Take a character that acts as a key unless more follow at once; it may show what the key does, for a while."""

    def keys(self, keys: list[Pressed]) -> None:
        """Take keys of a hand; a character that ``begins`` has had is the first of them."""

    def is_burst(self) -> None:
        """Note that what ``begins`` has had is no key."""

    def word(self, word: Word[Pressed]) -> None:
        """Take the whole burst."""


class Bursts(Generic[Pressed]):
    """Sorter of keys. Times are in seconds, of the one clock of all keys."""

    def __init__(self, hands: Hands[Pressed]) -> None:
        self._hands = hands
        self._held: list[Pressed] = []
        self._text = ""
        self._last = self._ended = float("-inf")
        self._sure = False

    def __bool__(self) -> bool:
        """Return whether characters are held that are neither keys nor a word yet."""
        return bool(self._held)

    @property
    def due(self) -> float:
        """Return the time at which what is held is decided, if nothing more comes."""
        if self._sure:
            return self._last + BURST_GAP_S
        return self._last + (CAPITAL_GAP_S if _needs_shift(self._text[-1:]) else GAP_S)

    def heard(self, key: Pressed, name: str, character: str, at: float) -> None:
        """Take a key that came at ``at``. ``character``: what it types, "" for none."""
        self.look(at)
        if character == self._text[-1:] and at - self._last > GAP_S and not self._sure:
            self.settle()  # a key that is held down
        if character:
            self._held.append(key)
            self._text = (self._text + character)[:_MOST]
            self._last = at
            if len(self._held) == 1:
                self._hands.begins(key)
            elif len(self._held) > 2 and not self._sure and not _repeats(self._text):
                self._be_sure()
        elif name in ENDS and len(self._held) > 1 and not (_repeats(self._text) and not self._text.isdigit()):
            self._held.append(key)
            self._finish(at)
        elif name not in ENDS or self._held or at - self._ended > ENDED_S:
            self.settle()
            self._hands.keys([key])

    def look(self, now: float) -> None:
        """Decide what is held if its time has passed."""
        if self._held and now > self.due:
            self.settle()

    def settle(self) -> None:
        """Decide what is held: nothing more belongs to it."""
        if self._sure:
            self._finish(self._last)  # not the time of the look, which may be late
        elif self._held:
            held, self._held, self._text = self._held, [], ""
            self._hands.keys(held)

    def _be_sure(self) -> None:
        if not self._sure:
            self._sure = True
            self._hands.is_burst()

    def _finish(self, at: float) -> None:
        self._be_sure()
        word = Word(self._text, tuple(self._held))
        self._held, self._text, self._sure, self._ended = [], "", False, at
        self._hands.word(word)


class Pace:
    """Pace of characters in a text field: an Enter that comes as fast as two before it is a reader's, and no hand's."""

    def __init__(self) -> None:
        self._run, self._last, self._before = 0, float("-inf"), ""

    def ends(self, name: str, character: str, at: float) -> bool:
        """Take a key that came at ``at`` (s); return whether it is the Enter or Tab with which a reader ends."""
        fast = at - self._last <= (CAPITAL_GAP_S if _needs_shift(self._before) else GAP_S)
        if character:
            self._run = self._run + 1 if fast else 1
            self._last, self._before = at, character
            return False
        ends = name in ENDS and fast and self._run > 1
        self._run = 0
        return ends


def _repeats(text: str) -> bool:
    """Return whether one key was pressed again and again: it is held down, and the terminal sent several at once."""
    return len(set(text)) == 1


def _needs_shift(character: str) -> bool:
    return unicodedata.normalize("NFKC", character).isupper()
