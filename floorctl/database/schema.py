"""Names of the schema that the store, its writer and the migrations share. No SQLite here."""

from __future__ import annotations

FACT_COLUMNS = "seq, id, source, at, recorded_at, actor, kind, data"
SEALED_COLUMNS = "seq, id, source, at, day, recorded_at, actor, kind, data, hash"
# The kinds of the Register, spelled out as SQL: the query must say them exactly as the partial index does.
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
