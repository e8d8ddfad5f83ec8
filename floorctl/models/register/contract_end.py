"""The end of the contract: days left, the period of handing over to the next contractor (仕様書 2, 10, 11). Pure."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from floorctl.common.frozen import frozen
from floorctl.common.words import short_day
from floorctl.models.register.duties import handover_document
from floorctl.models.register.duty import Duty
from floorctl.models.register.register import Register
from floorctl.models.site.site import Site


@frozen
class ContractEnd:
    """End of the contract as seen on ``day``. ``document``: the 業務引継書, due as the handing over begins."""

    day: date
    end: date
    handover_from: date
    document: Duty
    notice_days: int

    @property
    def days_left(self) -> int:
        """Return the days from ``day`` to the last day of the contract; negative after it."""
        return (self.end - self.day).days

    @property
    def handing_over(self) -> bool:
        """Return whether the period of handing over has begun and the contract has not ended."""
        return self.handover_from <= self.day <= self.end

    @property
    def announced_from(self) -> date:
        """Return the day from which the board announces the handing over."""
        return self.document.due - timedelta(days=self.notice_days)

    @property
    def countdown(self) -> str:
        """Return the days left, up to the last one, in words."""
        return _left(self.days_left)

    @property
    def banner(self) -> str:
        """Return what the board says of the handing over, from the days of notice on; "" before, and after the end."""
        due, open_document = self.document.due, not self.document.versions
        if self.handing_over:
            owed = f" 業務引継書 {short_day(due)}まで・未提出" if open_document else ""
            return f"引継ぎ期間 {self.countdown}{owed}"
        if self.announced_from <= self.day < self.handover_from:
            document = f"{short_day(due)}まで" if open_document else "提出済"
            return f"引継ぎ {short_day(self.handover_from)}から 業務引継書 {document}"
        return ""

    def to_json(self) -> dict[str, Any]:
        """Return the ``contract`` of ``floorctl status --json``."""
        return {
            "end": self.end.isoformat(),
            "days_left": self.days_left,
            "handover_from": self.handover_from.isoformat(),
            "handing_over": self.handing_over,
        }


def days_left_text(n: int) -> str:
    """Return the days to the end of the contract in words; "" once it has ended."""
    return "" if n < 0 else f"契約 {_left(n)}"


def _left(n: int) -> str:
    return f"あと{n}日" if n else "今日まで"


def contract_end(site: Site, register: Register, day: date) -> ContractEnd:
    """Return the end of the contract as seen on ``day``, with what has been handed in so far."""
    document = handover_document(site, register, day)
    return ContractEnd(day, site.contract.end, document.base, document, site.duties.handover_notice_days)
