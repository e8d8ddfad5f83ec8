"""Described files for tests: a description in TOML, its file's bytes, and the facts that come of them."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

from floorctl.common.clock import JST
from floorctl.intake.sources.found import BadRow, FromRow
from floorctl.intake.sources.reader import SourceReader
from floorctl.intake.sources.source_file import load_sources
from floorctl.models.facts.fact import Fact
from floorctl.models.site.site import Site
from floorctl.models.site.source import Source

TODAY = date(2026, 9, 14)
MODIFIED = datetime(2026, 9, 14, 10, 0, 30, 999_000, JST)

# Time, number and service in three columns: what a test needs that is about something else.
PLAIN = """
heading = false
columns = { time = 1, ticket = 2, service = 3 }
facts = [{ kind = "ticket.issued" }]
"""


def described(text: str, site: Site, folder: Path, name: str = "machine") -> Source:
    """Return the source of a description without its first two lines."""
    path = folder / f"{name}.toml"
    path.write_text(f'[[sources]]\nname = "{name}"\n{text}', encoding="utf-8")
    (source,) = load_sources(path, site)
    return source


class Machine:
    """File of a described source; ``reader`` is the one that remembers what it gave."""

    def __init__(self, text: str, site: Site, folder: Path, file: str = "out.csv") -> None:
        self.source, self.site, self.path = described(text, site, folder), site, folder / file
        self.reader = SourceReader(self.source, site)

    def found(self, data: bytes | str, encoding: str = "utf-8") -> list[FromRow]:
        """Return what a reader that never read before finds in these bytes."""
        reader = SourceReader(self.source, self.site)
        raw = data.encode(encoding) if isinstance(data, str) else data
        return [*reader.read_data(raw, self.path, MODIFIED, TODAY)]

    def facts(self, data: bytes | str, encoding: str = "utf-8") -> list[Fact]:
        """Return the facts, none of whose rows may be refused."""
        found = self.found(data, encoding)
        assert not [x for x in found if isinstance(x.found, BadRow)]
        return [x.found for x in found if isinstance(x.found, Fact)]

    def said(self, data: bytes | str, encoding: str = "utf-8") -> list[tuple[int, str]]:
        """Return the refusals: row and sentence."""
        return [(x.number, x.found.sentence) for x in self.found(data, encoding) if isinstance(x.found, BadRow)]

    def grown(self, data: bytes | str, *, still: bool = False, modified: datetime = MODIFIED) -> list[FromRow]:
        """Return what the machine's own reader finds new."""
        raw = data.encode() if isinstance(data, str) else data
        return [*self.reader.read_data(raw, self.path, modified, TODAY, growing=True, still=still)]


def briefly(found: list[FromRow] | list[Fact]) -> list[str]:
    """Return facts as "ticket.issued B041 09:03:10", refusals as "行 2 …"."""
    said = []
    for x in found:
        fact = x.found if isinstance(x, FromRow) else x
        if isinstance(fact, BadRow):
            assert isinstance(x, FromRow)
            said.append(f"行 {x.number} {fact.sentence}")
        else:
            subject = getattr(fact, "ticket", "") or getattr(fact, "lane", "") or getattr(fact, "terminal", "") or ""
            said.append(f"{fact.kind} {subject} {fact.at:%H:%M:%S}")
    return said
