"""One open file with its site and clock: runs commands on a fresh Floor, follows the file, hands out the Floor."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from floorctl.commands.context import Context, Wish, last_about, subjects
from floorctl.commands.fold import DayFold, fold_register
from floorctl.common.clock import JST, Clock, business_day, frozen_clock, system_clock
from floorctl.common.errors import Refused, StoreError
from floorctl.database.site_of_file import claim, need_same_site
from floorctl.database.store import Store
from floorctl.database.writer import Writer
from floorctl.models.day.floor import Floor
from floorctl.models.facts import day_facts as ev
from floorctl.models.facts.day_facts import Entry, Head
from floorctl.models.facts.fields import Fact
from floorctl.models.facts.own_numbers import Numbers
from floorctl.models.register.register import Register
from floorctl.models.site.calendar import Calendar, DayInfo
from floorctl.models.site.site import Site

if TYPE_CHECKING:
    from floorctl.advice.forecast import Forecaster
    from floorctl.commands.imports import RegisterImport, RosterImport
    from floorctl.commands.paper import Paper
    from floorctl.database.file_lock import Hold
    from floorctl.simulation.demand import MonthDemand

    Decision = Callable[[Context], list[Wish]]

SOURCE = "console"
# What may be dated back to before the doors opened: a call in sick comes at seven.
_MAY_PRECEDE = ev.REGISTER_KINDS | ev.PREPARING_KINDS | {"staff.changed"}
# What checks wishes (the guard against personal data) is imported where it is first needed: reading does without it.


def _demand_table(site: Site) -> Sequence[MonthDemand]:
    from floorctl.intake.demand_table import demand_table  # only who asks how many are still to come needs it

    return demand_table(site)


class Session:
    """``frozen``: everything is seen as it was at that instant, and commands write with it (contract 1, --now).

    ``hold``: for a console or an ingest, which has the file open for long: no restore replaces it meanwhile.
    """

    def __init__(
        self,
        site: Site,
        path: Path,
        *,
        clock: Clock = system_clock,
        frozen: datetime | None = None,
        actor: str = "cli",
        create: bool = False,
        make_folder: bool = False,
        hold: bool = False,
    ) -> None:
        self.site, self.path, self.actor, self.frozen = site, path, actor, frozen
        self._pc_clock = clock
        self.clock = frozen_clock(frozen) if frozen else self._right_time
        # Seconds are whole: acts at one frozen second are told apart, and ordered, by their milliseconds.
        self._until = frozen + timedelta(milliseconds=999) if frozen and not frozen.microsecond else frozen
        self.store = Store(path, create=create, make_folder=make_folder)
        try:
            need_same_site(self.store, site)
        except StoreError:
            self.store.close()
            raise
        self._hold = self._take_hold(create) if hold else None
        self.warnings: list[str] = []
        self.recorded = 0  # how many facts this session has written
        self._folds: dict[date, DayFold] = {}
        self._seen: dict[date, int] = {}
        self._register: Register | None = None
        self._register_entries: list[Entry] | None = None  # None until they are first asked for
        self._forecasters: dict[date, Forecaster] = {}

    @property
    def calendar(self) -> Calendar:
        """The days with what has been agreed so far; with a frozen clock, as it was known then."""
        return self.register().calendar(self.site)

    def _right_time(self) -> datetime:
        """The PC's clock, as far ahead as the manager has said that the right time is (F12)."""
        ahead = self.register().clock_ahead_s
        return self._pc_clock() + timedelta(seconds=ahead) if ahead else self._pc_clock()

    def began(self) -> date | None:
        """The first day on which somebody recorded something by hand; what feeds tell of other days does not count."""
        return self.store.first_day(SOURCE)

    @property
    def today(self) -> date:
        return business_day(self.clock())

    def info(self, day: date) -> DayInfo:
        return self.calendar.day_info(day)

    def _take_hold(self, create: bool) -> Hold | None:
        """Held as long as the session is open, so that no restore takes the file away from under it."""
        from floorctl.database.file_lock import share

        try:
            hold = share(self.path)
        except StoreError:
            self.store.close()
            raise
        if self.store.gone():  # replaced since it was opened: from now on it is not
            self.store.close()
            self.store = Store(self.path, create=create)
        return hold

    def close(self) -> None:
        self.store.close()
        if self._hold is not None:
            self._hold.close()

    # ---- reading -------------------------------------------------------------------------------------------------

    def refresh(self) -> list[Entry]:
        """Reads what has been recorded since, by whomever, into the days in hand; returns it."""
        new: list[Entry] = []
        for day, fold in self._folds.items():
            came = self.store.day_facts(day, self._seen[day])
            if came:
                self._seen[day] = came[-1].seq
                fold.add(came)
                new.extend(came)
        if self._register_entries is not None:
            last = self._register_entries[-1].seq if self._register_entries else 0
            came = self.store.register_facts(last)
            if came:
                self._register_entries.extend(came)
                self._register = None
        return new

    def _fold(self, day: date) -> DayFold:
        if day not in self._folds:
            entries = self.store.day_facts(day)
            self._folds[day] = DayFold(self.site, day, entries)
            self._seen[day] = entries[-1].seq if entries else 0
        return self._folds[day]

    def floor(self, day: date | None = None) -> Floor:
        """The Floor of a day (the present one by default); with a frozen clock, as it was then."""
        fold = self._fold(day or self.today)
        return fold.until(self._until) if self._until else fold.floor

    def ticket_numbers(self, day: date) -> Numbers:
        """Every number that a fact of a day has named; with a frozen clock those on the Floor as it was."""
        numbers = self._fold(day).ticket_numbers()
        if self._until is None:
            return numbers
        seen = frozenset(self.floor(day).tickets)
        return Numbers(seen, numbers.given & seen)

    def register(self) -> Register:
        """Incidents over all days; with a frozen clock, as they were then."""
        if self._register is None:
            self._register = fold_register(self.register_facts())
        return self._register

    def register_facts(self) -> list[Entry]:
        if self._register_entries is None:
            self._register_entries = self.store.register_facts()
        return self.seen(self._register_entries)

    def seen(self, entries: list[Entry]) -> list[Entry]:
        """Those of the facts that are seen: with a frozen clock the ones that had happened by then."""
        return entries if self._until is None else [e for e in entries if e.fact.at <= self._until]

    def sees_whole(self, day: date) -> bool:
        """Whether nothing that the report of a day sees lies after a frozen clock."""
        if self._until is None:
            return True
        self._fold(day)
        self.register_facts()
        told = [*self._folds[day].floor.entries, *(self._register_entries or ())]
        return all(e.fact.at <= self._until or business_day(e.fact.at) > day for e in told)

    def forget(self, day: date) -> None:
        """Lets go of the fold of a day that is not the present one: a long period would hold them all."""
        if day != self.today:
            self._folds.pop(day, None)
            self._seen.pop(day, None)

    def head(self, day: date | None = None) -> Head:
        return self.store.head(day)

    # ---- forecasting ---------------------------------------------------------------------------------------------

    def forecaster(self, day: date) -> Forecaster:
        """What forecasts a day, from its own facts, the site, the demand table and the calendar: the same day gives the
        same forecast in whatever file it stands."""
        if day not in self._forecasters:
            from floorctl.advice.forecast import Forecaster

            self._forecasters[day] = Forecaster(
                self.site, day, partial(_demand_table, self.site), after_break=self.calendar.after_break(day)
            )
        return self._forecasters[day]

    def take_forecaster(self, day: date) -> Forecaster:
        """As ``forecaster``, for somebody else to keep: it must not be used by two."""
        found = self.forecaster(day)
        del self._forecasters[day]
        return found

    def predicted(self, floor: Floor, now: datetime) -> dict[str, tuple[int, int]]:
        """By lane in which somebody waits, p50 and p90 of what the last person has still to wait, in seconds."""
        if not floor.waiting:
            return {}
        waits = self.forecaster(floor.day).waits(floor, self.register(), now)
        return {lane: (w.last.p50_s, w.last.p90_s) for lane, w in waits.items() if w.last is not None}

    # ---- deciding ------------------------------------------------------------------------------------------------

    def act(self, kind: str, fields: dict[str, Any], *, day: date | None = None) -> list[Entry]:
        """One act by its kind and fields, by the rules of the console; ``day`` as in ``run``."""
        from floorctl.commands.decide import decide

        return self.run(lambda c: decide(c, kind, fields), day=day)

    def undo(self) -> list[Entry]:
        """Takes back this actor's last act of today."""
        from floorctl.commands.undo import undo

        return self.run(undo)

    def retract(self, fields: dict[str, Any]) -> list[Entry]:
        """Takes back a named fact: ``seq``, or ``target`` with ``target_source``; ``reason``."""

        from floorctl.commands.fact_checks import make_fact
        from floorctl.commands.undo import retract

        def decision(c: Context) -> list[Wish]:
            given = dict(fields)
            seq = given.pop("seq", None)
            if seq is not None:
                found = self.store.by_seq(seq)
                given |= {"target": found.fact.id, "target_source": found.source} if found else {"target": "-"}
            fact = make_fact("retracted", given, "wish", c.now, self.site)
            assert isinstance(fact, ev.Retracted)
            return retract(c, fact, self.store.find(fact.target_source, fact.target))

        return self.run(decision)

    def import_roster(self, lines: Sequence[Mapping[str, Any]], names: Mapping[str, str]) -> RosterImport:
        """A roster, whole: ``lines`` are fields of ``staff.registered``, ``names`` surnames by code ("" erases one).

        What the team then lacks is among the ``warnings``. Raises Refused.
        """
        from floorctl.commands.imports import RosterImport, import_roster, team_gaps

        done = RosterImport()

        def write_names(pen: Writer) -> None:
            held = self.store.surnames()
            for code, given in names.items():
                # Who has left is shown by code alone (仕様書 12(1)エ).
                name = "" if code in done.gone else given
                done.names += bool(name)
                if held.get(code, "") != name:
                    pen.name(code, name)

        self.run(lambda c: import_roster(c, lines, done), write_names)
        self.warnings += team_gaps(self.register(), self.today)
        return done

    def import_appointments(self, days: Mapping[date, Sequence[Mapping[str, Any]]]) -> list[Entry]:
        """The appointments of days, each replaced as a whole; a fact for each day that changed. Raises Refused."""
        from floorctl.commands.imports import import_appointments

        return self.run(lambda c: import_appointments(c, days))

    def import_register(self, kind: str, lines: Sequence[tuple[int, Mapping[str, Any]]]) -> RegisterImport:
        """The lines of a register (number, fields of a fact of ``kind``), all or none. Raises Refused."""
        from floorctl.commands.imports import RegisterImport, import_register

        done = RegisterImport()
        self.run(lambda c: import_register(c, kind, lines, done))
        if done.strangers:
            self.warnings.append(
                f"名簿にない職員コードが {len(done.strangers)}人分あります。コードを確かめてください。"
            )
        return done

    def enter_paper(self, paper: Paper) -> list[Entry]:
        """What was written on paper, at its own times, as one act. Raises Refused."""
        from floorctl.commands.paper import enter

        return self.run(lambda c: enter(c, paper), between=True)

    def run(
        self,
        decision: Decision,
        also: Callable[[Writer], None] | None = None,
        *,
        day: date | None = None,
        between: bool = False,
    ) -> list[Entry]:
        """Decides on the Floor as it is inside the write transaction, and writes what comes of it, all or nothing.

        ``also`` writes in the same transaction what stands beside the facts (surnames, derived tables); it sees the
        new facts. ``day``: an act at the end of a day, which may be an earlier one (its close). ``between``: its facts may
        stand before later ones of their subjects, since the decision has walked through the day with them.
        Raises Refused with the reason; then nothing is written. ``warnings`` holds what is to be said beside.
        """
        from floorctl.commands.fact_checks import doubts, make_fact

        recorded_at = now = self.clock()
        with self._writing() as pen:
            self.refresh()
            if day is None:
                day = business_day(now)
            else:
                now = self._end_of(day, now)
            context = Context(
                self.floor(day),
                self.register(),
                self.info(day),
                now,
                self.actor,
                self.store.escalation_numbers,
                self.store.incident_numbers,
                self._fold(day).ticket_numbers(),
            )
            facts: list[Fact] = []
            undated: list[int] = []
            act = f"c-{pen.head.seq + 1:08d}"
            for n, (kind, fields) in enumerate(decision(context)):
                given = dict(fields)
                at = given.pop("at", None)
                facts.append(make_fact(kind, given, f"{act}.{n + 1:02d}", at or now, self.site, context.stands))
                if at is None:
                    undated.append(n)
                else:
                    self._check_instant(context, facts[-1])
                    if not between:
                        self._check_backdated(context, facts[-1])
            if undated:
                instant = self._instant(context, [facts[n] for n in undated], now)
                if instant != now:
                    for n in undated:
                        facts[n] = facts[n].model_copy(update={"at": instant})
            context.warnings += dict.fromkeys(said for fact in facts for said in doubts(fact))
            written = [pen.append(fact, SOURCE, self.actor, recorded_at) for fact in facts]
            if also is not None:
                self.refresh()
                also(pen)
            self.warnings = context.warnings
        self.recorded += len(written)
        self.refresh()
        return written

    @contextmanager
    def _writing(self) -> Iterator[Writer]:
        """A write transaction; where it fails nothing that was folded inside it is kept."""
        try:
            with self.store.write() as pen:
                claim(self.store, pen, self.site)
                yield pen
        except BaseException:
            self._folds.clear()
            self._seen.clear()
            self._register = self._register_entries = None
            raise

    def _end_of(self, day: date, now: datetime) -> datetime:
        """When an act at the end of a day happens: now, or after the hall of an earlier day had closed; never before a
        fact of that day (clocks differ). Raises Refused for a day to come."""
        today = business_day(now)
        if day > today:
            raise Refused(f"{day} は締められません", "まだ来ていない日です", "日付を確かめてください")
        at = now if day == today else datetime.combine(day, self.site.hall.closes, JST)
        last = self.floor(day).last_fact_at
        if last is not None and last >= at:
            at = last + timedelta(milliseconds=1)
        return min(at, datetime.combine(day, time.max, JST))

    def _instant(self, c: Context, facts: list[Fact], now: datetime) -> datetime:
        """When an act happens: now, but never before the last fact of its tickets or terminals (clocks differ).

        All facts of an act share the instant, so that their order is that of their kinds.
        """
        last = last_about(c.floor, set().union(*(subjects(f) for f in facts)))
        if last is None or last.fact.at < now:
            return now
        return last.fact.at + timedelta(milliseconds=1)

    def _check_instant(self, c: Context, fact: Fact) -> None:
        """Refuses another day's time, one to come, and one before the doors opened."""
        if business_day(fact.at) != c.floor.day and fact.kind not in ev.REGISTER_KINDS:  # type: ignore[attr-defined]
            raise Refused("その時刻では記録できません", "別の日の時刻です", "その日の記録は当日のうちに入れてください")
        if fact.at > c.now + timedelta(minutes=5):
            raise Refused("その時刻では記録できません", "まだ来ていない時刻です", "時刻を確かめてください")
        opened = c.floor.opened_at if c.floor.opened_by_fact else None
        if opened is not None and fact.at < opened and fact.kind not in _MAY_PRECEDE:  # type: ignore[attr-defined]
            raise Refused("その時刻では記録できません", f"開場（{opened:%H:%M}）より前です", "分を確かめてください")

    def _check_backdated(self, c: Context, fact: Fact) -> None:
        """Refuses a time before the last fact of the same ticket or terminal."""
        last = last_about(c.floor, subjects(fact))
        if last is not None and fact.at < last.fact.at:
            raise Refused(
                "その時刻では記録できません",
                f"{last.fact.at:%H:%M} に後の記録があります",
                f"{last.fact.at:%H:%M} より後の時刻にしてください",
            )
