"""Match the names and numbers in a machine's file to the codes of the site, where they resemble."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterable, Mapping

from floorctl.models.site.site import Site

_CLOSE = 0.6
_MOST_CHARS = 80  # of a name
_DIGITS = re.compile(r"\d+")


def _plain(text: str) -> str:
    return re.sub(r"[\s_\-・／/()（）]", "", unicodedata.normalize("NFKC", text).casefold())


def services(values: Iterable[str], site: Site) -> dict[str, str]:
    """Return the service code that each value resembles, "" where none does."""
    by_lane: dict[str, list[str]] = {}
    for x in site.services:
        by_lane.setdefault(x.lane, []).append(x.code)
    # A lane's name is its service's where the lane has one alone.
    of_lane = {
        x.code: (lane.name, lane.title)
        for x in site.services
        for lane in site.lanes
        if lane.code == x.lane and len(by_lane[x.lane]) == 1
    }
    return _matched(values, {x.code: (x.code, x.name, x.short, *of_lane.get(x.code, ())) for x in site.services})


def lanes(values: Iterable[str], site: Site) -> dict[str, str]:
    """Return the lane code that each value resembles, "" where none does."""
    return _matched(values, {x.code: (x.code, x.name, x.title) for x in site.lanes})


def terminals(values: Iterable[str], site: Site) -> dict[str, str]:
    """Return the terminal code that each value resembles, "" where none does.

    A desk's number, in Counter 4 or 窓口3, is that of the largest family of terminals (T1 to T8).
    """
    found = _matched(values, {x.code: (x.code, x.name) for x in site.terminals}, close=0.95)
    families: dict[str, dict[int, str]] = {}
    for x in site.terminals:
        if (number := re.fullmatch(r"(\D*)(\d+)", x.code)) is not None:
            families.setdefault(number[1], {})[int(number[2])] = x.code
    largest = max(families.values(), key=len, default={})
    codes = {x.code.casefold(): x.code for x in site.terminals}
    for value, code in found.items():
        own = [codes[x] for x in re.split(r"[^a-z0-9]+", value.casefold()) if x in codes]
        if not code and len(own) == 1:
            found[value] = own[0]
            continue
        numbers = _DIGITS.findall(value)
        if not code and len(numbers) == 1 and len(numbers[0]) <= 3:
            found[value] = largest.get(int(numbers[0]), "")
    taken = [code for code in found.values() if code]
    return {value: code if taken.count(code) == 1 else "" for value, code in found.items()}


def _matched(values: Iterable[str], names: Mapping[str, tuple[str, ...]], close: float = _CLOSE) -> dict[str, str]:
    plain = {code: tuple(_plain(x) for x in known) for code, known in names.items()}
    found: dict[str, str] = {}
    for value in values:
        words = _plain(value)
        same = [code for code, known in plain.items() if words in known]
        if same or not words or words.isdigit() or len(words) > _MOST_CHARS:
            found[value] = same[0] if same else ""
            continue
        tokens = set(re.split(r"[\s_\-]+", value.casefold()))
        scores = {
            code: max(
                [difflib.SequenceMatcher(None, words, x).ratio() for x in known]
                + [0.8 * bool(tokens & set(code.split("_")))]
                + [0.75 * (len(words) > 1 and any(words in x for x in known))]
            )
            for code, known in plain.items()
        }
        ranked = sorted(scores.items(), key=lambda x: -x[1])
        clear = len(ranked) < 2 or ranked[0][1] > ranked[1][1]
        found[value] = ranked[0][0] if ranked and ranked[0][1] >= close and clear else ""
    return found
