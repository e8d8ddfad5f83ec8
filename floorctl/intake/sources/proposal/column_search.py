"""Base of the searches for columns: what is known by then, the columns that are left, and how to take one of them."""

from __future__ import annotations

from floorctl.intake.sources.proposal.column_profile import Profile
from floorctl.intake.sources.proposal.column_roles import Roles
from floorctl.models.site.site import Site

MOST_CODES = 40  # different values of a column of codes


class ColumnSearch:
    """Search among the columns ``left``; ``rows``: of the sample; ``days``: by row, None where it is not known."""

    def __init__(self, roles: Roles, left: list[Profile], site: Site) -> None:
        self.roles, self.left, self.site = roles, left, site
        self.rows = len(left[0].column.cells) if left else 0
        dated = next(
            (x for word in ("day", "at", "issued", "called") if (x := roles.words.get(word)) is not None), None
        )
        self.days = [m.day for m in dated.moments] if dated is not None else [None] * self.rows

    def give(self, word: str, x: Profile, sure: bool = True) -> None:
        """Give a column its role."""
        self.roles.words[word] = x
        self.left.remove(x)
        if not sure:
            self.roles.unsure.add(word)

    def rows_each(self, x: Profile) -> float:
        """Return in how many rows of a day a value of a column stands, in the mean."""
        return x.filled / len({(day, cell) for day, cell in zip(self.days, x.column.cells, strict=True) if cell})
