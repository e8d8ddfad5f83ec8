"""A duty to the city: one deliverable with its due date, its versions, and what is still to be done with it. Pure."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from floorctl.common.action_keys import key_of
from floorctl.common.frozen import frozen
from floorctl.common.words import BEFORE_RECORDS, DUTIES, short_day
from floorctl.models.facts.duties import DutySubmitted

# 仕様書 8, 9, 10: what the city must approve.
APPROVED = frozenset({"minutes", "manual", "training_plan"})
# Reports of a period, which are handed in when its last open day has ended.
REPORTS = frozenset({"daily_report", "monthly_report", "annual_report"})


@frozen
class Duty:
    """Duty with its due date. ``key``: the contract's ``for``; ``base``: the day by which a ruling counts.

    ``about``: its subject, in Japanese; ``earliest``: first day on which it can be handed in, of ``REPORTS`` once that day
    has ended. ``state``: ``open submitted overdue``. ``question``: the open question that the rule answers, or "".
    """

    duty: str
    key: str
    about: str
    base: date
    due: date
    rule: str
    state: str
    question: str = ""
    earliest: date | None = None
    versions: tuple[DutySubmitted, ...] = ()  # each time that it was handed in, the first first
    outdated: tuple[date, ...] = ()  # days of its period whose report was issued again since it was handed in

    @property
    def name(self) -> str:
        return DUTIES[self.duty]

    @property
    def submitted_on(self) -> date | None:
        return self.versions[-1].submitted_on if self.versions else None

    @property
    def by(self) -> str:
        return self.versions[-1].by if self.versions else ""

    @property
    def approved_on(self) -> date | None:
        return self.versions[-1].approved_on if self.versions else None

    @property
    def handed_in(self) -> tuple[DutySubmitted, ...]:
        """Return each version once, as it is known last: an approval alone is no other version."""
        found: list[DutySubmitted] = []
        for v in self.versions:
            if found and v.approved_on is not None and v.submitted_on == found[-1].submitted_on:
                found[-1] = replace(v, note=v.note or found[-1].note)
            else:
                found.append(v)
        return tuple(found)

    @property
    def late(self) -> bool:
        """Return whether it was handed in after it was due."""
        return self.submitted_on is not None and self.submitted_on > self.due

    @property
    def came_late(self) -> bool:
        """Return whether its first version was handed in after it was due: what replaces one in time is not late."""
        first = self.versions[0].submitted_on if self.versions else None
        return first is not None and first > self.due

    @property
    def awaits_approval(self) -> bool:
        """Return whether it was handed in and the city has still to approve it."""
        return self.duty in APPROVED and bool(self.versions) and self.approved_on is None and not self.cleared

    @property
    def not_approvable(self) -> str:
        """Return why no approval can be recorded, in words; "" if one can: the city approves what it was given last."""
        if not self.versions:
            return "まだ提出していません"
        if self.cleared:
            return "いつ提出したかの記録がありません"
        return self.outdated_text

    @property
    def next_submission(self) -> str:
        """Return what its next submission is called."""
        return "再提出" if self.outdated else "提出"

    @property
    def cleared(self) -> bool:
        """Return whether it was handed in before floorctl was used, on a day that nobody has recorded."""
        return bool(self.versions) and self.versions[-1].duty == BEFORE_RECORDS

    @property
    def outdated_text(self) -> str:
        """Return why it has to be handed in again, in words; "" if it has not."""
        if not self.outdated:
            return ""
        days, more = self.outdated[:3], "ほか" if self.outdated[3:] else ""
        return f"{'・'.join(map(short_day, days))}{more}の日次報告書が、提出の後に改められています"

    @property
    def export_command(self) -> str:
        """Return the command that writes the document, of ``REPORTS``, of the hand-over and of シフト表."""
        if self.duty == "shift_table":
            return f"floorctl roster shifts export --month {self.key}"
        option = {
            "daily_report": f"--date {self.key}",
            "monthly_report": f"--month {self.key}",
            "annual_report": f"--fiscal-year {self.key.removeprefix('FY')}",
        }
        return f"floorctl export {option.get(self.duty, '--contract')}"

    @property
    def reissue_text(self) -> str:
        """Return what has to be handed in again, why, and how, as one sentence."""
        return (
            f"提出済みの{self.name}（{self.about}）の数は古くなっています。{self.outdated_text}。"
            f"{self.export_command} で作り直し、"
            f"提出したら {key_of('duties')} の {key_of('duty_submit')} か floorctl do duty.submitted duty={self.duty} key={self.key} で記録してください"
        )

    def too_early(self, on: date, *, under_way: bool) -> bool:
        """Return whether it cannot be handed in on a day yet; ``under_way``: that day has not ended."""
        first = self.earliest
        return first is not None and (on < first or (on == first and under_way and self.duty in REPORTS))

    @property
    def earliest_text(self) -> str:
        """Return from when on it can be handed in, in words; "" if always."""
        first = self.earliest
        return f"{short_day(first)}{'の閉場後' if self.duty in REPORTS else 'から'}" if first else ""

    def to_json(self) -> dict[str, Any]:
        """Return the duty as ``floorctl duties --json`` prints it (contract 1); ``outdated`` only where it is."""
        again = {"outdated": [day.isoformat() for day in self.outdated]} if self.outdated else {}
        return {
            "duty": self.duty,
            "for": self.key,
            "due": self.due.isoformat(),
            "rule": self.rule,
            "state": self.state,
            **again,
        }
