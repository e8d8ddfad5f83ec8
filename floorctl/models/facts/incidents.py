"""Facts of incidents, from the first report to the end (仕様書 12(6) to 12(9))."""

from typing import Annotated

from floorctl.common.words import INCIDENT_SHORT, INCIDENT_TIMES, OUTAGE_CAUSES, md_hm
from floorctl.models.facts.fact import Fact, Names, fact, with_more
from floorctl.models.facts.fields import (
    Body,
    FreeText,
    IncidentCategory,
    IncidentNumber,
    Instant,
    NeededBody,
    OnlyIfSet,
    OutageCause,
    Reason,
    ServiceCode,
    ShortText,
    TerminalCode,
    Text,
)

Summary = Annotated[ShortText, FreeText("概要")]


@fact("incident.opened", "事案", lasts=True)
class IncidentOpened(Fact):
    """Incident that must be reported to the city."""

    incident: IncidentNumber
    category: IncidentCategory
    summary: Summary
    occurred_at: Instant | None = None
    found_at: Instant | None = None
    services: tuple[ServiceCode, ...] = ()
    terminals: tuple[TerminalCode, ...] = ()

    def sentence(self, site: Names) -> str:
        return f"{INCIDENT_SHORT[self.category]} {self.summary}"


@fact("incident.reported", "市へ報告", lasts=True, final=True)
class IncidentReported(Fact):
    """Report of an incident to the city."""

    incident: IncidentNumber
    reported_at: Instant | None = None
    to: Annotated[Text, FreeText("報告先")] = ""

    def sentence(self, site: Names) -> str:
        return with_more(self.word, self.to)


@fact("incident.noted", "事案の追記", lasts=True)
class IncidentNoted(Fact):
    """Note on an incident."""

    incident: IncidentNumber
    text: NeededBody

    def sentence(self, site: Names) -> str:
        return with_more(self.word, self.text)


@fact("incident.closed", "事案の終結", lasts=True)
class IncidentClosed(Fact):
    """End of an incident."""

    incident: IncidentNumber
    text: Body = ""
    reason: Annotated[Reason, OnlyIfSet()] = ""  # why the city was not told

    def sentence(self, site: Names) -> str:
        return with_more(with_more(self.word, self.text), f"市に報告しない理由 {self.reason}" if self.reason else "")


@fact("incident.amended", "事案の補充", lasts=True)
class IncidentAmended(Fact):
    """Completion or correction of an incident; null leaves a field unchanged. The history keeps the earlier values."""

    incident: IncidentNumber
    category: IncidentCategory | None = None
    summary: Summary | None = None
    occurred_at: Instant | None = None
    found_at: Instant | None = None
    services: tuple[ServiceCode, ...] | None = None
    terminals: tuple[TerminalCode, ...] | None = None
    measures: Annotated[Text, FreeText("応急処置")] | None = None
    prevention: Annotated[Text, FreeText("再発防止")] | None = None
    police_at: Instant | None = None  # reported to the police (不当介入, 12(8))
    damage: bool | None = None  # 被害あり: 不当介入 is then reported 直ちに (12(8)ウ)
    serious: bool | None = None  # 重大: offers the emergency meeting (9)
    cause: OutageCause | None = None
    handed_over_at: Annotated[Instant | None, OnlyIfSet()] = None  # to the city, which deals with it from then on
    handed_over_to: Annotated[Annotated[Text, FreeText("引継ぎ先")] | None, OnlyIfSet()] = None
    # Corrections of times that other facts have told first.
    reported_at: Annotated[Instant | None, OnlyIfSet()] = None
    followed_up_at: Annotated[Instant | None, OnlyIfSet()] = None
    restored_at: Annotated[Instant | None, OnlyIfSet()] = None

    def sentence(self, site: Names) -> str:
        return f"{self.word} {self.amended(site)}"

    def amended(self, site: Names) -> str:
        """Return the completed or corrected fields, each with its word in Japanese."""
        parts: list[str] = []
        if self.category is not None:
            parts.append(f"分類 {INCIDENT_SHORT[self.category]}")
        for name, label in INCIDENT_TIMES.items():
            at = getattr(self, name)
            if at is not None:
                parts.append(f"{label} {md_hm(at)}")
        if self.handed_over_to:
            parts.append(f"引継ぎ先 {self.handed_over_to}")
        for label, text in (("概要", self.summary), ("応急処置", self.measures), ("再発防止", self.prevention)):
            if text is not None:
                parts.append(f"{label} {text or 'なし'}")
        if self.services is not None:
            names = "・".join(site.service_by_code[x].short for x in self.services if x in site.service_by_code)
            parts.append(f"業務 {names or 'なし'}")
        if self.terminals is not None:
            parts.append(f"端末 {' '.join(self.terminals) or 'なし'}")
        if self.damage is not None:
            parts.append("被害あり" if self.damage else "被害なし")
        if self.serious is not None:
            parts.append("重大" if self.serious else "重大でない")
        if self.cause is not None:
            parts.append(f"原因 {OUTAGE_CAUSES[self.cause]}")
        return "  ".join(parts)


@fact("incident.restored", "障害の復旧", lasts=True)
class IncidentRestored(Fact):
    """End of an outage: its services work again, its minutes end."""

    incident: IncidentNumber
    restored_at: Instant | None = None

    def sentence(self, site: Names) -> str:
        return f"{self.word} {md_hm(self.restored_at)}" if self.restored_at else self.word
