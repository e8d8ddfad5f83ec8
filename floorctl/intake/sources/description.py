"""A description made ready: from the values of a row to its facts, each checked, or the reason why there is none."""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterable
from dataclasses import MISSING
from datetime import date, datetime
from typing import Any, NamedTuple

from floorctl.commands.fact_checks import explain
from floorctl.common.clock import business_day
from floorctl.common.constraints import shapes
from floorctl.common.frozen import slots
from floorctl.common.privacy import FOUND, likely
from floorctl.intake.accepted_fact import BadFact, accepted_fact
from floorctl.intake.sources import ids
from floorctl.intake.sources.columns import AT_FILE, Columns, Moved, Value, Values
from floorctl.intake.sources.decoding import BAD
from floorctl.intake.sources.field_values import (
    NO_PREFIX,
    BadValue,
    CodeTable,
    code_table,
    ticket_number,
    value_reader,
)
from floorctl.intake.sources.found import BadRow
from floorctl.intake.sources.lengths import BadLength, parse_length
from floorctl.intake.sources.row_rule import IdPart, RowField, RowRule, always, apart
from floorctl.intake.sources.table import NO_CHARACTER
from floorctl.intake.sources.times import OUT_OF_RANGE, BadDay, BadTime, instant_reader
from floorctl.models.facts.checked import ValidationError, checked_fact
from floorctl.models.facts.fact import Fact, free_texts
from floorctl.models.facts.kinds import KINDS
from floorctl.models.facts.own_numbers import folded
from floorctl.models.site.site import Site
from floorctl.models.site.source import FactRule, Source
from floorctl.models.site.source_kinds import feed_fields

_DIGIT = re.compile(r"\d")
_NUMBERS = ("ticket", "escalation")


class Context(NamedTuple):
    """Day that the file tells, the instant of its last change, and the present day if no other counts."""

    day: date | None
    modified: datetime
    only: date | None = None


class LeftOut(Exception):
    """Row that the description leaves out."""


class Description:
    """Description of a source, made ready for the rows of its files; ``columns.places``: the columns to be picked."""

    def __init__(self, source: Source, site: Site, contractor: Callable[[], Iterable[str]] = tuple) -> None:
        self.source, self.site, self.contractor = source, site, contractor
        self.columns = Columns(source)
        self._instant = instant_reader(source.zone, source.dates)
        self._id = self._known("id")
        self._harmless = ""  # the last cell of an id that was looked at: all facts of a row have the same
        self._prefix = self._known("prefix")
        self._prefixes = code_table(source.codes, "prefix", "prefix")
        self._leave_out = [self.columns.test(cases) for cases in source.leave_out if cases]
        self._dropped: list[tuple[int, CodeTable]] = []  # columns whose code tables leave rows out
        rules = [rule for written in source.facts for rule in self._with_arrival(written)]
        self._rules = [
            self._rule(kind, rule, any(kind == k and rule is not r and not apart(rule, r) for k, r in rules))
            for kind, rule in rules
        ]
        self.at_file = any(rule.time is None for rule in self._rules)
        self.adds = self._id is None and any(rule.kind in ids.ADDING for rule in self._rules)
        self.counts_parts = self._counts_parts()
        self.of_state = self._times_of_state()

    def _counts_parts(self) -> bool:
        """Return whether several cells may count for one lane at one time: services of a lane, each counted by itself."""
        lanes: list[str | None] = []
        for rule in self.source.facts:
            value = self._named("lane", rule) if rule.kind == "queue.counted" else None
            if value is None:
                continue
            table = code_table(self.source.codes, value.word, "lane") if value.word else None
            if table is not None and table.joins:
                return True
            lanes.append(value.constant)
        return len(lanes) > 1 and (None in lanes or len({*lanes}) < len(lanes))

    def _times_of_state(self) -> frozenset[int] | None:
        """Return the places of times beside the rows; None where a row tells when it was, or has no number of its own.

        Such rows are the present state, as on a board of the numbers that are served now: with the same number they tell
        the same each time, though the time is another one.
        """
        if self._id is None or any(not rule.kind.startswith("ticket.") for rule in self._rules):
            return None
        times = [rule.time for rule in self._rules if rule.time is not None]
        places = self.columns.places
        beside = all(at < len(places) and str(places[at]).startswith("/") for at in times)
        return frozenset(times) if beside and self.source.form in ("json", "csv", "tsv", "fixed", "sqlite") else None

    def _known(self, word: str) -> Value | None:
        return self.columns.value(word) if word in self.source.columns else None

    def _with_arrival(self, rule: FactRule) -> list[tuple[str, FactRule]]:
        arrival = rule.kind == "ticket.called" and self.source.arrivals == "call"
        return [("ticket.issued", rule), (rule.kind, rule)] if arrival else [(rule.kind, rule)]

    def _rule(self, kind: str, rule: FactRule, several: bool) -> RowRule:
        time, day = self._time(rule)
        fields = [field for name in KINDS[kind].names()[2:] if (field := self._field(kind, name, rule)) is not None]
        constants: dict[str, Any] = {}
        if kind == "ticket.called" and self.source.ends:
            constants["ends"] = self.source.ends
        if kind == "ticket.issued" and self.source.wraps:
            constants["wraps"] = True
        if kind == "ticket.issued" and rule.kind != kind:
            constants["no_arrival"] = True
        return RowRule(
            kind,
            self.columns.test(rule.when) if rule.when else always,
            self.columns.test(rule.unless) if rule.unless else None,
            time.at if time is not None else None,
            day.at if day is not None else None,
            time.label if time is not None else "",
            day.label if day is not None else "",
            tuple(fields),
            constants,
            tuple(self._parts(kind, rule)),
            time.moved if time is not None else None,
            several,
        )

    def _time(self, rule: FactRule) -> tuple[Value | None, Value | None]:
        """Return the columns of the time and of the day; None: the time is that of the file."""
        known = self.source.columns
        word = rule.at or ("at" if "at" in known else "time" if "time" in known else AT_FILE)
        if word == AT_FILE and AT_FILE not in known:
            return None, None
        return self.columns.value(word), self._known("day")

    def _named(self, name: str, rule: FactRule) -> Value | None:
        written = getattr(rule, name, None)
        if written is None:
            return self._known(name)
        return self.columns.value(written)

    def _field(self, kind: str, name: str, rule: FactRule) -> RowField | None:
        slot = next(s for s in slots(KINDS[kind]) if s.name == name)
        needed = slot.default is MISSING and slot.make is MISSING
        value = self._named(name, rule) if hasattr(rule, name) else None
        word, shape = _word(kind, name), shapes(KINDS[kind])[name]
        if value is None:
            if not needed:
                return None
            return RowField(name, self.columns.also(_nothing), "", str, f"{word}の列が説明にありません", False, False)
        table = code_table(self.source.codes, value.word, name) if value.word else None
        if table is not None and table.leaves_out:
            self._dropped.append((value.at, table))
        codes = value.word if value.word in self.source.codes else name if value.word else ""
        read = value_reader(name, shape, self.site, table, codes, self.source.dates, self.source.zone)
        at = value.at
        if name == "ticket" and self._prefix is not None:
            at = self.columns.also(self._prefixed(at, self._prefix.at))
        why = f"{word}が空です" if needed and not shape.nullable else ""
        return RowField(name, at, value.label, read, why, shape.nullable, table is not None and "" in table.cells)

    def _prefixed(self, number: int, prefix: int) -> Callable[[Values], str]:
        table = self._prefixes

        def made(row: Values) -> str:
            if not row[number]:
                return ""
            letters = table.code(row[prefix]) if table is not None else row[prefix]
            return f"{NO_PREFIX if letters is None else letters}{row[number]}"

        return made

    def _parts(self, kind: str, rule: FactRule) -> list[IdPart]:
        found = []
        for name in ids.PARTS.get(kind, ()):
            value = self._named(name, rule)
            if value is None:
                continue
            table = code_table(self.source.codes, value.word, name) if value.word else None
            known = frozenset(table.cells if table else ()) | (
                {value.constant} if value.constant is not None else frozenset()
            )
            if name == "ticket" and self._prefix is not None:
                found.append(
                    IdPart(
                        self._prefix.at,
                        self._prefix.label,
                        False,
                        frozenset(self._prefixes.cells if self._prefixes else ()),
                    )
                )
            found.append(IdPart(value.at, value.label, name == "ticket", known))
        return found

    def facts(self, row: Values, context: Context, parts: list[Hashable] | None = None) -> list[Fact | BadRow]:
        """Return the facts of a row, and the reasons for those that are refused. Raise LeftOut.

        ``parts``: to it is added for each of them what tells apart the parts of a lane that are counted.
        """
        for test in self._leave_out:
            if test(row):
                raise LeftOut
        for at, table in self._dropped:
            if table.code(row[at]) == "":
                raise LeftOut
        found: list[Fact | BadRow] = []
        elsewhen = False
        for rule in self._rules:
            if not rule.when(row) or (rule.unless is not None and rule.unless(row)):
                continue
            try:
                fact = self._fact(rule, row, context)
            except _Bad as e:
                bad = BadRow(e.label, str(e))
                if bad not in found:
                    found.append(bad)
                    if parts is not None:
                        parts.append(None)
                continue
            except LeftOut:
                elsewhen = True
                continue
            if fact is not None:
                found.append(fact)
                if parts is not None:
                    parts.append(tuple((x.name, x.at if x.name == "waiting" else row[x.at]) for x in rule.fields))
        if elsewhen and not found:
            raise LeftOut
        return found

    def _fact(self, rule: RowRule, row: Values, context: Context) -> Fact | None:
        """Return the fact that a rule tells of a row; None where its time is empty. Raise _Bad, LeftOut."""
        if rule.time is None:
            at = context.modified
        else:
            text = row[rule.time]
            if not text:
                return None
            day = row[rule.day] if rule.day is not None else ""
            try:
                at = self._instant(text, day, context.day, context.modified.date())
            except BadDay as e:
                raise _Bad(rule.day_label, NO_CHARACTER if BAD in day else str(e)) from None
            except BadTime as e:
                raise _Bad(rule.time_label, NO_CHARACTER if BAD in text else str(e)) from None
            if rule.moved is not None:
                length = row[rule.moved.at]
                if not length:
                    return None
                at = _moved(at, length, rule.moved)
        if context.only is not None and business_day(at) != context.only:
            raise LeftOut
        fields = dict(rule.constants)
        for field in rule.fields:
            text = row[field.at]
            if not text and not field.reads_empty:
                if field.when_empty:
                    raise _Bad(field.label, field.when_empty)
                if field.none:
                    fields[field.name] = None
                continue
            try:
                fields[field.name] = field.read(text)
            except BadValue as e:
                raise _Bad(field.label, str(e)) from None
        fields["id"], fields["at"] = self._id_of(rule, row, at), at
        try:
            fact = accepted_fact(checked_fact(rule.kind, fields), self.site, self.contractor)
        except ValidationError as e:
            name = str(e.errors(include_input=False, include_url=False, include_context=False)[0]["loc"][0])
            raise self._bad(rule, name, explain(e)) from None
        except BadFact as e:
            raise self._bad(rule, e.field, str(e)) from None
        self._need_nobody(rule, fact)
        return fact

    def _need_nobody(self, rule: RowRule, fact: Fact) -> None:
        """Raise _Bad where a text of a fact looks like a person: nobody reads what a machine writes before it is stored.

        A column of names may stand where the numbers stood, once a machine writes one column more.
        """
        for name, word in free_texts(rule.kind).items():
            text = getattr(fact, name)
            if not isinstance(text, str) or not text:
                continue
            number = name in _NUMBERS
            if (not number or not text.isascii()) and (found := likely(text)):
                raise self._bad(rule, name, f"{word}に{found}らしい語が含まれています。個人情報は記録できません")
            if number and not _DIGIT.search(text):
                raise self._bad(rule, name, f"{word}に数字がありません")

    def _bad(self, rule: RowRule, name: str, why: str) -> _Bad:
        """Return a refusal in the words of the description, in the place of a field's name that of its column."""
        field = next((f for f in rule.fields if f.name == name), None)
        if field is None:
            return _Bad("", why)
        return _Bad(
            field.label, f"{_word(rule.kind, name)}{rest}" if (rest := why.removeprefix(f"{name} ")) != why else why
        )

    def _id_of(self, rule: RowRule, row: Values, at: datetime) -> str:
        number = row[self._id.at] if self._id is not None else ""
        if number and self._id is not None:
            if not _DIGIT.search(number):
                raise _Bad(self._id.label, "行の番号に数字がありません")
            self._need_harmless(number, self._id.label, at)
            parts = [self._part(part, row, at) for part in rule.parts] if rule.several else None
            return ids.numbered_id(rule.kind, at, number, parts)
        return ids.natural_id(rule.kind, at, [self._part(part, row, at) for part in rule.parts])

    def _part(self, part: IdPart, row: Values, at: datetime) -> str:
        text = row[part.at]
        if part.ticket:
            return folded(ticket_number(text))  # the guard reads it as the fact's number
        if text not in part.known:
            self._need_harmless(text, part.label, at)
        return text

    def _need_harmless(self, text: str, label: str, at: datetime) -> None:
        if text == self._harmless:
            return
        if found := ids.personal_in_id(text, f"{at:%Y%m%d}"):
            raise _Bad(label, f"{FOUND[found]}が含まれています。個人情報は記録できません")
        if not text.isascii() and (seen := likely(text)):
            raise _Bad(label, f"{seen}らしい語が含まれています。個人情報は記録できません")
        self._harmless = text


def _moved(at: datetime, length: str, by: Moved) -> datetime:
    try:
        return at + by.sign * parse_length(length, by.unit)
    except BadLength as e:
        raise _Bad(by.label, NO_CHARACTER if BAD in length else str(e)) from None
    except OverflowError:
        raise _Bad(by.label, OUT_OF_RANGE) from None


class _Bad(ValueError):
    def __init__(self, label: str, why: str) -> None:
        self.label = label
        super().__init__(why)


def _word(kind: str, name: str) -> str:
    return next((f.word for f in feed_fields(kind) if f.name == name), name)


def _nothing(row: Values) -> str:
    return ""
