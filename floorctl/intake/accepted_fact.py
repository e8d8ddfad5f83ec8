"""Check a fact from outside, from a line of a feed or a row of a described file, before it is written (contract 2)."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from floorctl.commands.fact_checks import check_codes, explain, foreign_official, guard
from floorctl.common.errors import at_command
from floorctl.common.privacy import PersonalData
from floorctl.models.facts import kinds as ev
from floorctl.models.facts.checked import ValidationError
from floorctl.models.facts.fact import Fact, free_texts
from floorctl.models.facts.fields import CITY_DECISIONS
from floorctl.models.site.count_bounds import beyond
from floorctl.models.site.site import Site


class BadFact(ValueError):
    """Refused fact: the reason in Japanese without any value, and the ``field`` at fault, or ""."""

    def __init__(self, why: str, field: str = "") -> None:
        self.field = field
        super().__init__(why)


def accepted_fact(fact: Fact, site: Site, contractor: Callable[[], Iterable[str]] = tuple) -> Fact:
    """Return a fact of right types with clean text; ``contractor``: codes of the roster. Raise BadFact."""
    if "feed" not in fact.written_by:
        raise BadFact("発券機の記録では受け付けない種類です")
    unknown = check_codes(fact, site)
    if unknown:
        raise BadFact(f"{unknown} のコードが会場設定にありません", unknown)
    too_many = beyond(fact, site)
    if too_many is not None:
        raise BadFact(f"{too_many.field} が大きすぎます（{too_many.most}）", too_many.field)
    if isinstance(fact, ev.EscalationSettled) and fact.outcome in CITY_DECISIONS and not fact.official:
        raise BadFact("official がありません（可否は市職員だけが決めます）", "official")
    need_city_official(fact, site, contractor)
    try:
        return guard(fact)
    except PersonalData as e:
        raise BadFact(e.sentence, next((n for n, w in free_texts(fact.kind).items() if w == e.field), "")) from None
    except ValidationError as e:
        raise BadFact(explain(e)) from None


def need_city_official(fact: Fact, site: Site, contractor: Callable[[], Iterable[str]]) -> None:
    """Raise BadFact where a code of the city is one of the contractor's roster; ``contractor``: read where there is one."""
    if getattr(fact, "official", "") and (foreign := foreign_official(fact, site, contractor())):
        raise BadFact(at_command(foreign), "official")
