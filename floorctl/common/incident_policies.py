"""Categories of incidents (事案): of each its words and its policy, all that the package knows of it.

A category is one entry here; its deadline for the report to the city is the site file's (``incident_reports``).
"""

from __future__ import annotations

from typing import Literal, NamedTuple


class IncidentPolicy(NamedTuple):
    """Words and policy of a category. ``name`` where there is room, ``short`` elsewhere."""

    name: str
    short: str
    critical: bool = False  # its report is pressing from the first minute
    # Whether it may be closed without a report to the city: freely, for a reason that the report prints, or never.
    unreported: Literal["free", "reason", "never"] = "free"
    clause: str = ""  # of the 仕様書, that asks for its report
    asks_measures: bool = False  # first measures and measures against recurrence belong to its close (仕様書 12(10))
    police: bool = False  # the police is notified, or a reason given why not (仕様書 12(8))
    one_by_one: bool = False  # 問題点 of the daily report name each, whatever their number (仕様書 12(8), 12(10))
    meeting: bool = True  # marked as 重大 it calls for the emergency meeting (仕様書 9)
    stops: bool = False  # its services stop until it is restored (仕様書 12(9)③イ)
    stops_by_cause: bool = False  # the same, once its cause is named
    asks_services: bool = False  # which services stopped is asked for
    cause: str = ""  # the cause of its outage, where none is named

    @property
    def restorable(self) -> bool:
        """Return whether its services can stop, and so be restored."""
        return self.stops or self.stops_by_cause


# In the order of the digits by which they are chosen.
INCIDENT_POLICIES = {
    "personal_info": IncidentPolicy(
        "個人情報の漏えい・紛失・目的外使用",
        "個人情報",
        critical=True,
        one_by_one=True,
        unreported="never",
        clause="12(10)",
        asks_measures=True,
    ),
    "complaint": IncidentPolicy("苦情・トラブル", "苦情", unreported="reason", clause="12(11)"),
    "system_outage": IncidentPolicy(
        "システム障害", "システム障害", stops=True, asks_services=True, unreported="reason", clause="12(9)"
    ),
    "equipment": IncidentPolicy("機器故障", "機器故障", stops_by_cause=True, cause="機器"),
    "disaster": IncidentPolicy("災害・停電", "災害・停電", stops=True, cause="災害"),
    "injury": IncidentPolicy("急病・けが", "急病・けが"),
    "labour_accident": IncidentPolicy("労働災害", "労働災害", one_by_one=True, unreported="reason", clause="12(9)"),
    "undue_intervention": IncidentPolicy(
        "不当介入", "不当介入", police=True, one_by_one=True, unreported="reason", clause="12(8)"
    ),
    "other": IncidentPolicy("その他", "その他"),
}
# Those that the console proposes by itself: for a missing card (個人情報の紛失), for another difference of the card stock,
# for equipment that has failed.
MISSING_CARD, CARD_DIFFERENCE, FAILED_EQUIPMENT = "personal_info", "other", "equipment"

# Short words up to their first ・: システム障害・機器故障・災害.
RESTORABLE_WORDS = "・".join(p.short.partition("・")[0] for p in INCIDENT_POLICIES.values() if p.restorable)
