"""Facts of own JSON Lines (``form = "floorctl"``), with the rules of their source for what it does not tell."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from floorctl.commands.fact_checks import explain
from floorctl.common.clock import business_day
from floorctl.intake.accepted_fact import BadFact, accepted_fact
from floorctl.intake.sources.description import Context
from floorctl.intake.sources.found import BadRow
from floorctl.models.facts import kinds as ev
from floorctl.models.facts.checked import ValidationError, parse_fact
from floorctl.models.facts.fact import Fact
from floorctl.models.site.site import Site
from floorctl.models.site.source import Source


def own_fact(
    line: str, source: Source, site: Site, context: Context, contractor: Callable[[], Iterable[str]]
) -> Fact | BadRow | None:
    """Return the fact of a line, or the reason why it is refused; None for one of a day that does not count."""
    try:
        fact = parse_fact(line)
        if context.only is not None and business_day(fact.at) != context.only:
            return None
        return accepted_fact(_with_rules(fact, source), site, contractor)
    except ValidationError as e:
        return BadRow("", explain(e))
    except BadFact as e:
        return BadRow("", str(e))


def _with_rules(fact: Fact, source: Source) -> Fact:
    """Return the fact with what its source says of all; what a line itself says stands."""
    if isinstance(fact, ev.TicketCalled) and source.ends and not fact.ends:
        return fact.replace(ends=source.ends)
    if isinstance(fact, ev.TicketIssued) and source.wraps and not fact.wraps:
        return fact.replace(wraps=True)
    return fact
