"""Every file of deciders, by subject: once this is imported, ``DECIDE`` and ``EVOLVE`` know all kinds of facts."""

from floorctl.commands import (  # noqa: F401 - each enters its rules and steps as it is imported
    advice,
    calendar,
    cases,
    counts,
    day,
    demand,
    duties,
    equipment,
    incidents,
    people,
    report,
    terminals,
    tickets,
)
