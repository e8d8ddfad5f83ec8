"""Every file of deciders, by subject: once this is imported, ``DECIDE`` and ``EVOLVE`` know all kinds of facts."""

from floorctl.commands import (  # noqa: F401 - each enters its rules and steps as it is imported
    advice,
    breaks,
    calendar,
    calls,
    cases,
    counts,
    day,
    duties,
    head_counts,
    incidents,
    lending,
    memos,
    people,
    posts,
    registers,
    remarks,
    reports,
    shifts,
    terminals,
    tickets,
)
