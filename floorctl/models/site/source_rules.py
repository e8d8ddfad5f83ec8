"""Rules of descriptions of sources: what is named exists, and a fact can be told from its row. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from floorctl.models.site.part import Fault
from floorctl.models.site.site import Site
from floorctl.models.site.source import Source, SourceFile


def source_faults(sources: Sequence[Source], site: Site) -> Iterator[Fault]:
    """Yield the faults of descriptions, places from ``sources`` on."""
    yield from ()


def rules_on(site: Site) -> tuple[Callable[[SourceFile], Iterator[Fault]], ...]:
    """Return the rules of a file of descriptions for a site."""
    return (lambda file: source_faults(file.sources, site),)
