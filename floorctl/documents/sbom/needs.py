"""Which installed packages another one needs, by the lines ``Requires-Dist`` of their metadata."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from floorctl.documents.sbom.component import name_of

_LINE = re.compile(r"\s*([A-Za-z0-9][\w.-]*)\s*(?:\[([^\]]*)\])?[^;]*(?:;(.*))?", re.DOTALL)
_EXTRA = re.compile(r"extra\s*==\s*['\"]([^'\"]+)['\"]")

Requires = Mapping[str, Sequence[str]]  # lines by the name of an installed package


def reached(requires: Requires, root: str, extras: frozenset[str] = frozenset()) -> dict[str, set[str]]:
    """Return the packages that ``root`` needs with these extras, itself included: by name, what each needs.

    A package that is not installed is left out: its marker is for another system or Python, which is not asked again here.
    """
    found: dict[str, set[str]] = {}
    asked: dict[str, frozenset[str]] = {}
    waiting = [(root, extras)]
    while waiting:
        name, more = waiting.pop()
        if name in asked and more <= asked[name]:
            continue
        asked[name] = asked.get(name, frozenset()) | more
        lines = [(x, y) for x, y in _lines(requires[name], asked[name]) if x in requires]
        found[name] = {x for x, _ in lines} - {name}
        waiting.extend(lines)
    return found


def _lines(lines: Sequence[str], extras: frozenset[str]) -> Iterator[tuple[str, frozenset[str]]]:
    """Yield name and extras of each package that these lines ask for, given the extras asked of their own package."""
    for line in lines:
        if not (parts := _LINE.match(line)):
            continue
        name, inner, marker = parts.groups(default="")
        only = {name_of(x) for x in _EXTRA.findall(marker)}
        if not only or only & extras:
            yield name_of(name), frozenset(name_of(x.strip()) for x in inner.split(",") if x.strip())
