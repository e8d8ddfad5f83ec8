"""Languages of a site's hall page: the shipped table, with what the site file chooses, replaces and adds."""

from __future__ import annotations

from floorctl.models.site.languages import HallLanguage
from floorctl.models.site.site import Site


def hall_languages(site: Site) -> tuple[HallLanguage, ...]:
    """Return the languages of the page, in the site's order."""
    raise NotImplementedError
