"""Words of the waiting hall's page by language: which there are, the placeholders of each, and the faults of a table of them.

The shipped words are ``data/languages.toml``; a site file chooses the languages, replaces words and adds languages.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import field
from typing import Annotated, NamedTuple

from floorctl.common.constraints import Between, Chars
from floorctl.common.frozen import frozen, record
from floorctl.models.site.part import SEEN, Fault, Part, Place, instead, known, repeated, twice

MOST_LANGUAGES = 12
EASY_JAPANESE = "ja"
SHIPPED = ("ja", "en", "zh-Hans", "zh-Hant", "ko", "pt-BR", "es", "vi")
DEFAULT = ("ja", "en")
WITH_MONTHS = ("en",)  # those of the shipped ones that name the months
# Behind kanji their reading: 受付{うけつけ}.
READING = re.compile(r"([\u3400-\u9fff\uf900-\ufaff々〆ヶ]+)\{([\u3041-\u3096ー]+)\}")
PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")

LanguageTag = Annotated[str, Chars(r"^[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?$", most=16)]
# With readings it is longer than it looks.
Phrase = Annotated[str, Chars(SEEN, least=1, most=200)]


class Slots(NamedTuple):
    """Placeholders of a word: those that must be in it, and those that may be."""

    needed: tuple[str, ...] = ()
    may: tuple[str, ...] = ()


_NONE = Slots()
_NAME = ("name",)
# Every word of the page. docs/sites.md says where each stands.
WORDS: dict[str, Slots] = {
    "title": _NONE,
    "date": Slots(("day",), ("month", "month_name", "weekday")),
    "and": _NONE,
    "clock": Slots(("time",)),
    "stopped": Slots(("time",)),
    "calls_head": _NONE,
    "counter": Slots(("place",)),
    "counter_untold": _NONE,
    "called_again": _NONE,
    "calls_none_yet": _NONE,
    "calls_no_numbers": _NONE,
    "calls_silent": _NONE,
    "waits_head": _NONE,
    "with_appointment": _NONE,
    "without_appointment": _NONE,
    "wait_about": Slots(("minutes",)),
    "wait_between": Slots(("low", "high")),
    "wait_from": Slots(("minutes",)),
    "wait_soon": _NONE,
    "wait_beyond_closing": _NONE,
    "wait_not_known": _NONE,
    "wait_outage": _NONE,
    "wait_nobody": _NONE,
    "wait_before": Slots(("time",)),
    "wait_ended": _NONE,
    "wait_stopped": _NONE,
    "wait_not_today": _NONE,
    "reception_head": _NONE,
    "hours": Slots(("start", "end")),
    "hours_of_service": Slots(("name", "start", "end")),
    "notices_head": _NONE,
    "notice_ended": Slots(("name", "time")),
    "notice_few": Slots(("name", "n")),
    "notice_few_until": Slots(("name", "n", "time")),
    "notice_outage": Slots(("name", "time")),
    "notice_planned": Slots(("name", "start", "end")),
    "notice_planned_from": Slots(("name", "start")),
    "notice_calls_unsure": Slots(_NAME),
    "state_before": Slots(("time",)),
    "state_after": _NONE,
    "state_closed_day": _NONE,
    "state_closed_emergency": _NONE,
    "state_next": Slots(("date", "time")),
    "state_unsure": _NONE,
}


@record
class LanguageWords(Part):
    """Words of one language, or those that a site file replaces or adds.

    ``lanes`` and ``services``: names by code; in the shipped table by meaning. ``months``: only for ``{month_name}``.
    ``venue``: of the hall; in the shipped table what any hall may be called in a language but Japanese.
    """

    code: LanguageTag
    name: Phrase | None = None
    words: dict[str, Phrase] = field(default_factory=dict)
    weekdays: tuple[Phrase, ...] = ()
    months: tuple[Phrase, ...] = ()
    lanes: dict[str, Phrase] = field(default_factory=dict)
    services: dict[str, Phrase] = field(default_factory=dict)
    venue: Phrase | None = None

    def check(self) -> Iterator[Fault]:
        for key, word in (self.words or {}).items():
            if key not in WORDS:
                yield Fault(("words", key), "このような言葉はありません", instead(key, WORDS, "docs/sites.md"))
            elif word is not None:
                yield from _of_word(("words", key), word, WORDS[key], self.code)
        for table in ("lanes", "services"):
            for key, word in (getattr(self, table) or {}).items():
                if word is not None:
                    yield from _of_word((table, key), word, _NONE, self.code)
        for key, said in (("name", self.name), ("venue", self.venue)):
            if said is not None:
                yield from _of_word((key,), said, _NONE, self.code)
        for key, n in (("weekdays", 7), ("months", 12)):
            held = getattr(self, key) or ()
            if held and len(held) != n:
                yield Fault((key,), f"{len(held)}個あります", f"{n}個を順に書いてください")
            for m, word in enumerate(held):
                if word is not None:
                    yield from _of_word((key, m), word, _NONE, self.code)


def _of_word(place: Place, word: str, slots: Slots, code: str | None) -> Iterator[Fault]:
    """Yield the faults of the placeholders and readings of one word."""
    allowed = (*slots.needed, *slots.may)
    found = PLACEHOLDER.findall(word)
    unknown = next((name for name in found if name not in allowed), None)
    lacking = next((name for name in slots.needed if name not in found), None)
    if unknown is not None:
        held = "、".join(f"{{{x}}}" for x in allowed)
        yield Fault(place, f"{{{unknown}}} は使えません", f"使えるのは {held} です" if held else "消してください")
    elif lacking is not None:
        yield Fault(place, f"{{{lacking}}} がありません", "言葉の中に書いてください")
    rest = PLACEHOLDER.sub("", word)
    if code == EASY_JAPANESE:
        rest = READING.sub("", rest)
    if "{" in rest or "}" in rest:
        do = (
            "ふりがなは 受付{うけつけ} のように、漢字のすぐ後にひらがなで書いてください"
            if code == EASY_JAPANESE
            else "ふりがなを書けるのは ja だけです。消してください"
        )
        yield Fault(place, "{ } の中が、入れる値の名でもふりがなでもありません", do)


def missing_words(own: LanguageWords) -> Iterator[Fault]:
    """Yield what a language lacks that has no other words: one fault for the words, one for the weekdays."""
    lacking = [key for key in WORDS if key not in (own.words or {})]
    if own.words is not None and lacking:
        listed = "、".join(lacking[:8]) + (f" ほか{len(lacking) - 8}" if len(lacking) > 8 else "")
        yield Fault(
            ("words",), f"言葉が足りません: {listed}", "書き足してください（docs/sites.md の「会場のページの言葉」）"
        )
    if own.weekdays == ():
        yield Fault((), "weekdays がありません", "月曜から日曜までの7つを書いてください")
    if own.name is None:
        yield Fault((), "name がありません", "その言語での言語の名を書いてください")


def missing_months(own: LanguageWords) -> Iterator[Fault]:
    """Yield the fault of a date that names its month in a language whose months nobody names."""
    dated = (own.words or {}).get("date") or ""
    if own.months == () and own.code not in WITH_MONTHS and "{month_name}" in dated:
        yield Fault(("words", "date"), "{month_name} に入れる months がありません", "12の月の名を書いてください")


@record
class HallPageSettings(Part):
    """Languages of the hall's page in their order, and the site's own words (``texts``)."""

    languages: Annotated[tuple[LanguageTag, ...], Between(1, MOST_LANGUAGES)] = DEFAULT
    texts: Annotated[tuple[LanguageWords, ...], Between(most=MOST_LANGUAGES)] = ()

    def check(self) -> Iterator[Fault]:
        yield from repeated("languages", self.languages)
        codes = [x.code for x in self.texts]
        for n, first in twice(codes):
            yield Fault(("texts", n, "code"), f"{first + 1}番目にもあります", "1つにまとめてください")
        for n, x in enumerate(self.texts):
            if known(x.code):
                found = missing_months(x) if x.code in SHIPPED else (*missing_words(x), *missing_months(x))
                yield from (f._replace(place=("texts", n, *f.place)) for f in found)
        for n, code in enumerate(self.languages):
            if known(code) and code not in SHIPPED and code not in codes:
                do = instead(code, (*SHIPPED, *(c for c in codes if c)))
                yield Fault(
                    ("languages", n), f"{code} の言葉がありません", f"{do}。または [[hall_page.texts]] に書いてください"
                )


def unknown_names(
    settings: HallPageSettings, lanes: Collection[str], services: Collection[str]
) -> Iterator[tuple[Place, str, str]]:
    """Yield (place, table, code) of each name that is given to a lane or a service which the site has not."""
    for n, x in enumerate(settings.texts):
        for table, codes in (("lanes", lanes), ("services", services)):
            for code in getattr(x, table) or ():
                if code not in codes:
                    yield ("hall_page", "texts", n, table, code), table, code


@frozen
class HallLanguage:
    """One language of a site's page: its code (BCP 47) and own name, its words, and the names of lanes and services by code.

    A lane or a service without a name in this language is missing in ``lanes`` and ``services``; ``venue`` "" likewise.
    """

    code: str
    name: str
    words: Mapping[str, str]
    weekdays: Sequence[str]
    months: Sequence[str]
    lanes: Mapping[str, str]
    services: Mapping[str, str]
    venue: str = ""
