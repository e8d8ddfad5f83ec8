"""Names of the schema that the store, its writer and the migrations share; no SQLite."""

from __future__ import annotations

FACT_COLUMNS = "seq, id, source, at, recorded_at, actor, kind, data"
SEALED_COLUMNS = "seq, id, source, at, day, recorded_at, actor, kind, data, hash"
# Kinds of the Register as SQL: a query uses the partial index only if it has the same text.
REGISTER_KINDS_3 = (
    "'appointments.imported', "
    "'calendar.closed', "
    "'calendar.extra', "
    "'calendar.outage', "
    "'cards.counted', "
    "'clock.set', "
    "'demand.imported', "
    "'device.permitted', "
    "'duty.submitted', "
    "'equipment.changed', "
    "'incident.amended', "
    "'incident.closed', "
    "'incident.noted', "
    "'incident.opened', "
    "'incident.reported', "
    "'incident.restored', "
    "'meeting.held', "
    "'period.written', "
    "'retracted', "
    "'ruling.made', "
    "'staff.registered', "
    "'training.recorded'"
)
REGISTER_KINDS_9 = f"{REGISTER_KINDS_3}, 'shifts.planned'"
REGISTER_KINDS_11 = f"{REGISTER_KINDS_9}, 'absence.planned', 'officials.planned'"
