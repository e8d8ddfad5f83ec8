"""Words of the waiting hall's page by language, from ``data/languages.toml`` and the site file."""

from __future__ import annotations

from collections.abc import Mapping

from floorctl.common.frozen import frozen


@frozen
class HallLanguage:
    """One language of the page: its code (BCP 47), its own name, its words, and the names of lanes and services by code."""

    code: str
    name: str
    words: Mapping[str, str]
    lanes: Mapping[str, str]
    services: Mapping[str, str]
