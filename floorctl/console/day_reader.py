"""Reader of the day for the screen: all its facts at first, then those that are new in the file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from floorctl.console.messages import Arrived, Loaded

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from floorctl.models.day.ticket import Carried
    from floorctl.models.facts.entry import Entry
    from floorctl.usecases.session import Session


class DayReader:
    """Follows one day and the register of a session's file; each fact is read once, from any writer."""

    def __init__(self, session: Session) -> None:
        self._session, self.day = session, session.today
        self._names: dict[str, str] = {}
        self._seq = self._register_seq = 0  # of the last fact that was returned
        self._issued: dict[str, datetime] = {}  # the numbers of the day
        self._carried = False  # whether the day knows the numbers of the one before

    @property
    def seen(self) -> tuple[int, int]:
        """The last facts of the day and of the register that were returned, by their numbers."""
        return self._seq, self._register_seq

    def load(self) -> Loaded:
        """Return the present day whole. Raise if the file cannot be read; then the last day goes on."""
        s = self._session
        day = s.today
        entries, register, names = s.store.day_facts(day), s.store.register_facts(), s.store.surnames()
        self._issued, self._carried = {}, False
        self.day, self._names = day, names
        from floorctl.usecases.memos_before import memos_before

        carried, permits = self._carry(entries), s.store.permits_before(day)
        loaded = Loaded(
            s.site, day, s.info(day), s.seen(entries), s.seen(register), names, s.began(), carried, permits,
            memos_before(s.store, s.site, day),
        )  # fmt: skip
        self._seq, self._register_seq = _last(entries, 0), _last(register, 0)
        return loaded

    def news(self) -> Arrived | None:
        """Return the new facts of the file, None if nothing is. Raise if it cannot be read; then it is still new."""
        s = self._session
        s.refresh()
        entries = s.store.day_facts(self.day, self._seq)
        register = s.store.register_facts(self._register_seq)
        names = s.store.surnames()
        changed = names != self._names
        self._seq, self._register_seq = _last(entries, self._seq), _last(register, self._register_seq)
        self._names = names
        carried = self._carry(entries)
        entries, register = s.seen(entries), s.seen(register)
        if not entries and not register and not changed:
            return None
        return Arrived(entries, register, names if changed else None, carried)

    def _carry(self, entries: list[Entry]) -> Mapping[str, Carried] | None:
        """Return the numbers of the day before, once, when the first number is met that was not issued; else None."""
        from floorctl.commands.fold import names_unissued
        from floorctl.usecases.carried_numbers import numbers_before

        if not names_unissued(entries, self._issued) or self._carried:
            return None
        self._carried = True
        return numbers_before(self._session.store, self._session.site, self.day)


def _last(entries: list[Entry], default: int) -> int:
    return max((e.seq for e in entries), default=default)
