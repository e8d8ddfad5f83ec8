"""Say the waiting hall's page in one language, line by line: whoever draws it only lays out. Pure.

Of やさしい日本語 a word may carry its reading behind it: ``受付{うけつけ}`` is 受付 with the ruby うけつけ
(``models/site/languages.py`` READING). Every text is plain: it is escaped where it is drawn.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time

from floorctl.common.clock import seconds_between
from floorctl.common.frozen import frozen
from floorctl.common.words import hm
from floorctl.models.board.hall_page import CalledNumber, HallNotice, HallPage, LaneForVisitors, ShownWait
from floorctl.models.site.languages import EASY_JAPANESE, PLACEHOLDER, READING, HallLanguage
from floorctl.models.site.site import Site


@frozen
class WordedCall:
    """Call in words. ``go``: where to go (窓口 T3, Counter T3); ``again``: "" or that it was called before; ``at``: "" if not known."""

    number: str
    go: str
    lane: str
    at: str
    again: str


@frozen
class WordedWait:
    """Wait in words. ``who``: "" where there is one kind of visitor; ``kind``: as of ``ShownWait``, for the looks."""

    who: str
    wait: str
    kind: str


@frozen
class WordedLane:
    """Lane in words. ``reception``: its hours, a line each where its services differ; () on a day without any.

    ``name_lang``: the language of its name, Japanese where the site gives none in this one.
    """

    code: str
    letter: str
    name: str
    name_lang: str
    waits: tuple[WordedWait, ...]
    reception: tuple[str, ...]


@frozen
class WordedPage:
    """Page in words; what is "" is left out.

    ``state``: sentences on the whole page, "" while it is open; ``calls_note``: what stands in the place of the numbers;
    ``stopped``: what the browser says once the time of the page has stopped; ``clock``: the time of the page.
    """

    lang: str
    language: str
    title: str
    venue: str
    venue_lang: str
    day: str
    state: str
    calls_head: str
    calls: tuple[WordedCall, ...]
    calls_note: str
    waits_head: str
    reception_head: str
    lanes: tuple[WordedLane, ...]
    notices_head: str
    notices: tuple[str, ...]
    clock: str
    stopped: str


def worded(page: HallPage, site: Site, language: HallLanguage) -> WordedPage:
    """Return the page in one language."""
    say = _Saying(site, language)
    words, at = language.words, hm(page.at)
    notes = {"silent": "calls_silent", "no_numbers": "calls_no_numbers", "none_yet": "calls_none_yet"}
    return WordedPage(
        language.code,
        language.name,
        words["title"],
        language.venue or page.venue,
        language.code if language.venue else EASY_JAPANESE,
        say.day(page.business_date),
        say.state(page),
        words["calls_head"],
        tuple(say.call(x, page.at) for x in page.calls),
        words[notes[page.calls_why]] if page.state == "open" and page.calls_why else "",
        words["waits_head"],
        words["reception_head"],
        tuple(say.lane(x) for x in page.lanes),
        words["notices_head"],
        tuple(say.notice(x) for x in page.notices),
        say("clock", time=at),
        say("stopped", time=at),
    )


def without_readings(text: str) -> str:
    """Return a text without its readings, for a title or a label: 受付{うけつけ} as 受付."""
    return READING.sub(r"\1", text)


def with_counters(text: str) -> str:
    """Return a text of やさしい日本語 in which 月, 日, 分 and 人 behind a number have the reading that it gives them."""
    return _COUNTED.sub(lambda found: f"{found[0]}{_counter(int(found[1]), found[2])}", text)


def _counter(n: int, word: str) -> str:
    """Return the reading of a counter behind ``n`` as a text carries it; of 一日, which is read as one word, none."""
    if word == "日":
        return "" if n == 1 else "{か}" if n in _DAYS_IN_KA else "{にち}"
    if word == "分":
        return "{ふん}" if n % 10 in (2, 5, 7, 9) else "{ぷん}"
    if word == "人":
        return "{り}" if n in (1, 2) else "{にん}"
    return "{がつ}"


_COUNTED = re.compile(r"([0-9]+)([月日分人])(?![{\u3400-\u9fff])")
_DAYS_IN_KA = (*range(2, 11), 14, 20, 24)


class _Saying:
    """Words of one language, filled in."""

    def __init__(self, site: Site, language: HallLanguage) -> None:
        self.site, self.language = site, language

    def __call__(self, word: str, **values: object) -> str:
        """Return a word with its values; what a value holds is never filled in again."""
        said = PLACEHOLDER.sub(lambda found: str(values[found[1]]), self.language.words[word])
        return with_counters(said) if self.language.code == EASY_JAPANESE else said

    def day(self, day: date) -> str:
        """Return a date with its weekday."""
        months = self.language.months
        return self(
            "date",
            month=day.month,
            day=day.day,
            weekday=self.language.weekdays[day.weekday()],
            month_name=months[day.month - 1] if months else day.month,
        )

    def state(self, page: HallPage) -> str:
        """Return the sentences on the whole page, "" while visitors are received."""
        if page.state == "open":
            return ""
        if page.state == "unsure":
            return self("state_unsure")
        if page.state == "before":
            return self("state_before", time=hm(page.opens)) if page.opens else ""
        emergency = page.why == "closed_emergency"
        key = "state_after" if page.state == "after" else f"state_closed_{'emergency' if emergency else 'day'}"
        sentences = [self(key)]
        if page.opens is not None:
            sentences.append(self("state_next", date=self.day(page.opens.date()), time=hm(page.opens)))
        return " ".join(sentences)

    def call(self, x: CalledNumber, now: datetime) -> WordedCall:
        """Return a call in words; without its time where that is to come: the clock of its source is wrong."""
        ahead = seconds_between(now, x.at) > self.site.thresholds.clock_skew_s
        go = self("counter", place=x.place) if x.place else self("counter_untold")
        return WordedCall(
            x.number, go, self._lane_name(x.lane)[0], "" if ahead else hm(x.at), self("called_again") if x.again else ""
        )

    def lane(self, x: LaneForVisitors) -> WordedLane:
        """Return a lane in words."""
        name, lang = self._lane_name(x.code)
        waits = tuple(WordedWait(self._who(w), self._wait(w), w.kind) for w in x.waits)
        return WordedLane(x.code, x.letter, name, lang, waits, tuple(self._hours(x)))

    def _who(self, w: ShownWait) -> str:
        keys = {"with_appointment": "with_appointment", "without": "without_appointment"}
        return self(keys[w.who]) if w.who in keys else ""

    def _wait(self, w: ShownWait) -> str:
        if w.kind == "minutes" and w.minutes is not None:
            low, high = w.minutes
            if high is None:
                return self("wait_from", minutes=low)
            return self("wait_about", minutes=low) if low == high else self("wait_between", low=low, high=high)
        if w.kind in ("soon", "beyond_closing"):
            return self(f"wait_{w.kind}")
        if w.why == "before":
            return self("wait_before", time=hm(w.begins)) if w.begins is not None else self("wait_not_known")
        return self(f"wait_{w.why}" if w.why in _SAID_WHY else "wait_not_known")

    def _hours(self, x: LaneForVisitors) -> Iterator[str]:
        """Yield the hours of a lane: one line where all of its services have the same, else one for each span."""
        spans: dict[tuple[time, time], list[str]] = {}
        for s in x.services:
            if s.receives is not None:
                spans.setdefault(s.receives, []).append(s.code)
        for (start, end), services in spans.items():
            times = {"start": hm(start), "end": hm(end)}
            if len(spans) == 1 and len(services) == len(x.services):
                yield self("hours", **times)
            else:
                yield self("hours_of_service", name=self._services(services), **times)

    def notice(self, x: HallNotice) -> str:
        """Return a notice in words."""
        name = self._services(x.services) if x.services else self._lane_name(x.lane)[0]
        since, until = hm(x.since) if x.since else "", hm(x.until) if x.until else ""
        if x.code == "reception_ended":
            return self("notice_ended", name=name, time=since)
        if x.code == "few_more":
            return self("notice_few_until" if until else "notice_few", name=name, n=x.more, time=until)
        if x.code == "outage":
            return self("notice_outage", name=name, time=since)
        if x.code == "planned_outage":
            return self("notice_planned" if until else "notice_planned_from", name=name, start=since, end=until)
        return self("notice_calls_unsure", name=name)

    def _lane_name(self, code: str) -> tuple[str, str]:
        return self._name(self.language.lanes, code, self.site.lane_by_code[code].name)

    def _services(self, codes: list[str] | tuple[str, ...]) -> str:
        services = self.site.service_by_code
        names = [self._name(self.language.services, code, services[code].name)[0] for code in codes]
        return self.language.words["and"].join(names)

    def _name(self, names: Mapping[str, str], code: str, japanese: str) -> tuple[str, str]:
        return (names[code], self.language.code) if code in names else (japanese, EASY_JAPANESE)


_SAID_WHY = ("outage", "nobody", "ended", "stopped", "not_today")
