"""Pages of the waiting hall made by hand: one of each situation, with the longest words and numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from functools import cache

from floorctl.intake.hall_words import hall_languages
from floorctl.models.board.hall_page import (
    CalledNumber,
    HallNotice,
    HallPage,
    LaneForVisitors,
    ServiceForVisitors,
    ShownWait,
)
from floorctl.models.board.hall_words import WordedPage, worded
from floorctl.models.site.languages import HallPageSettings
from floorctl.models.site.site import Site
from tests.story import MONDAY, instant, kumagaya

FIVE = ("ja", "en", "zh-Hans", "pt-BR", "vi")
SIX = (*FIVE, "ko")
NOW = instant("10:23:40")
_LANES = ("issuance", "certificate", "application", "registration")
_HOURS = {"certificate": (time(8, 30), time(17))}


def minutes(low: int, high: int | None, who: str = "all") -> ShownWait:
    return ShownWait(who, "minutes", (low, high))  # type: ignore[arg-type]


def no_wait(kind: str, why: str = "", begins: time | None = None, who: str = "all") -> ShownWait:
    return ShownWait(who, kind, None, why, begins)  # type: ignore[arg-type]


def lane(code: str, *waits: ShownWait, letter: str = "") -> LaneForVisitors:
    hours = _HOURS.get(code, (time(9), time(16, 30)))
    services = tuple(ServiceForVisitors(s.code, hours) for s in kumagaya().services if s.lane == code)
    return LaneForVisitors(code, letter or kumagaya().lane_by_code[code].letter, waits, hours, services)


def lanes(*waits: Sequence[ShownWait]) -> tuple[LaneForVisitors, ...]:
    return tuple(lane(code, *each) for code, each in zip(_LANES, waits, strict=True))


def calls(*told: str) -> tuple[CalledNumber, ...]:
    """Calls from ``B045 certificate T6``, the newest first, two minutes apart."""
    found = []
    for n, line in enumerate(told):
        number, code, *place = line.split()
        found.append(CalledNumber(number, code, " ".join(place), NOW - timedelta(seconds=10 + 120 * n), False))
    return tuple(found)


SIX_CALLS = calls(
    "B045 certificate T6",
    "A021 issuance T1",
    "B044 certificate T3",
    "C008 application A1",
    "B043 certificate T7",
    "A020 issuance T2",
)
LONG_CALLS = calls(
    "B1234 certificate T8",
    "A1045 issuance T1",
    "B1233 certificate T5",
    "C1012 application A1",
    "D1003 registration P1",
    "A1044 issuance T2",
)


def at(text: str, day: date = MONDAY) -> datetime:
    return instant(text, day)


def _page(state: str, why: str = "", **more: object) -> HallPage:
    return replace(HallPage(NOW, MONDAY, "交付特設会場", state, why), **more)  # type: ignore[arg-type]


_ENDED = [no_wait("not_received", "ended")]
_NOT_KNOWN = [no_wait("not_known", "silent")]
_TOMORROW = MONDAY + timedelta(days=1)
PAGES = {
    "open": _page(
        "open",
        calls=SIX_CALLS,
        lanes=lanes(
            [minutes(5, 10, "with_appointment"), minutes(20, 35, "without")],
            [minutes(25, 40)],
            [no_wait("soon")],
            [minutes(10, 10)],
        ),
    ),
    "surge": _page(
        "open",
        calls=LONG_CALLS,
        lanes=lanes(
            [minutes(20, 35, "with_appointment"), minutes(75, 110, "without")],
            [minutes(100, 130)],
            [minutes(60, None)],
            [no_wait("beyond_closing")],
        ),
        notices=(HallNotice("few_more", "certificate", (), None, at("15:40"), 12),),
    ),
    "stops": _page(
        "open",
        calls=(replace(LONG_CALLS[0], again=True), *LONG_CALLS[1:]),
        lanes=lanes(
            [minutes(120, 135, "with_appointment"), minutes(100, 150, "without")],
            [minutes(100, 130, "with_appointment"), no_wait("beyond_closing", who="without")],
            [no_wait("not_received", "stopped")],
            [no_wait("not_received", "stopped")],
        ),
        notices=(
            HallNotice("reception_ended", "application", (), at("10:05")),
            HallNotice("reception_ended", "registration", (), at("9:50")),
            HallNotice("planned_outage", "certificate", ("cert_issue", "cert_renewal"), at("12:00"), at("13:00")),
            HallNotice("calls_unsure", "issuance"),
        ),
    ),
    "outage": _page(
        "open",
        calls=(replace(SIX_CALLS[0], place="", again=True), *SIX_CALLS[1:3]),
        lanes=lanes(
            [no_wait("not_known", "outage")],
            [no_wait("not_known", "nobody")],
            _NOT_KNOWN,
            [no_wait("not_received", "before", time(10, 30))],
        ),
        notices=(HallNotice("outage", "issuance", (), at("9:40")),),
    ),
    "silent": _page("open", calls_why="silent", lanes=lanes(*[_NOT_KNOWN] * 4)),
    "unsure": _page("unsure", "silent", lanes=lanes(*[_NOT_KNOWN] * 4)),
    "before": _page(
        "before", opens=at("8:30"), lanes=lanes(*[[no_wait("not_received", "before", time(9))]] * 4)
    ),
    "after": _page("after", opens=at("8:30", _TOMORROW), lanes=lanes(*[_ENDED] * 4)),
    "still called": _page("after", opens=at("8:30", _TOMORROW), calls=SIX_CALLS, lanes=lanes(*[_ENDED] * 4)),
    "closed day": _page("closed_day", "closed_weekend", opens=at("8:30", _TOMORROW)),
    "one lane": _page("open", calls=SIX_CALLS[:3], lanes=(lane("certificate", minutes(25, 40)),)),
    "two lanes": _page(
        "open",
        calls=SIX_CALLS,
        lanes=(
            lane("issuance", minutes(20, 35, "with_appointment"), minutes(75, 110, "without")),
            lane("certificate", no_wait("not_known", "nobody")),
        ),
        notices=(HallNotice("few_more", "certificate", (), None, at("15:40"), 12),),
    ),
    "two lanes with two waits": _page(
        "open",
        calls=SIX_CALLS,
        lanes=(
            lane("issuance", minutes(120, 135, "with_appointment"), minutes(100, None, "without")),
            lane("certificate", minutes(75, 110, "with_appointment"), no_wait("beyond_closing", who="without")),
        ),
        notices=(
            HallNotice("reception_ended", "application", (), at("10:05")),
            HallNotice("reception_ended", "registration", (), at("9:50")),
        ),
    ),
}  # fmt: skip


@cache
def site_with(languages: tuple[str, ...]) -> Site:
    """The shipped site with these languages on its page."""
    return replace(kumagaya(), hall_page=HallPageSettings(languages=languages))


def words_of(page: HallPage, languages: tuple[str, ...] = FIVE) -> list[WordedPage]:
    """A page in words, language by language."""
    site = site_with(languages)
    return [worded(page, site, language) for language in hall_languages(site)]
