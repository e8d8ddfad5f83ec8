"""Languages of a site's hall page: the shipped table, with what the site file chooses, replaces and adds."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache

from floorctl.intake.site_file import data_dir
from floorctl.models.site.languages import EASY_JAPANESE, HallLanguage, LanguageWords
from floorctl.models.site.site import Site

LANGUAGES_FILE = "languages.toml"


def hall_languages(site: Site) -> tuple[HallLanguage, ...]:
    """Return the languages of the page, in the site's order."""
    own = {x.code: x for x in site.hall_page.texts}
    return tuple(_language(site, shipped_languages().get(code), own.get(code)) for code in site.hall_page.languages)


@cache
def shipped_languages() -> Mapping[str, LanguageWords]:
    """Return the shipped words by language; read without a check, which the tests make: a screen needs them at its start."""
    table = tomllib.loads((data_dir() / LANGUAGES_FILE).read_text(encoding="utf-8"))
    return {x["code"]: LanguageWords(**x) for x in table["languages"]}


def _language(site: Site, shipped: LanguageWords | None, own: LanguageWords | None) -> HallLanguage:
    """Return a language of a site: its own words before the shipped ones, one of which there is."""
    held = [x for x in (shipped, own) if x is not None]
    last = held[-1]
    lanes = {c: n for c, meaning in site.lane_meanings.items() if (n := _of_meaning(shipped, "lanes", meaning))}
    services = {
        c: n for c, meaning in site.service_meanings.items() if (n := _of_meaning(shipped, "services", meaning))
    }
    if last.code == EASY_JAPANESE:
        lanes = {x.code: x.name for x in site.lanes} | lanes
        services = {x.code: x.name for x in site.services} | services
    return HallLanguage(
        last.code,
        next(x.name for x in reversed(held) if x.name is not None),
        {key: word for x in held for key, word in x.words.items()},
        next(x.weekdays for x in reversed(held) if x.weekdays),
        next((x.months for x in reversed(held) if x.months), ()),
        lanes | (dict(own.lanes) if own is not None else {}),
        services | (dict(own.services) if own is not None else {}),
        next((x.venue for x in reversed(held) if x.venue is not None), ""),
    )


def _of_meaning(shipped: LanguageWords | None, table: str, meaning: str) -> str:
    names: Mapping[str, str] = getattr(shipped, table) if shipped is not None else {}
    return names.get(meaning, "")
