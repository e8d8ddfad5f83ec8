"""Facts of counts and ticks: checklist, inquiries, work, heads, totals of registers, cards (contract 2)."""

from typing import Annotated

from floorctl.models.facts.fact import FEED_OR_COMMAND, Fact, Names, fact, with_more
from floorctl.models.facts.fields import Code, CodeOf, Count, Delta, FreeText, Note, ShortText, WorkItemCode


@fact("checklist.checked", "点検", prepares=True, closes=True)
class ChecklistChecked(Fact):
    """Item of the opening or closing checklist, done or not (仕様書 6, too)."""

    item: Annotated[Code, CodeOf("checklist_by_code")]
    done: bool = True

    def sentence(self, site: Names) -> str:
        item = site.checklist_by_code.get(self.item)
        return f"{self.word} {item.name if item else self.item}{'' if self.done else ' 取消し'}"


@fact("accommodation.given", "合理的配慮")
class AccommodationGiven(Fact):
    """合理的配慮 given, by its means; nothing about the person."""

    means: Annotated[ShortText, FreeText("手段")]
    count: Delta = 1

    def sentence(self, site: Names) -> str:
        return f"{self.word} {self.means} {self.count:+d}"


@fact("referral.given", "他窓口案内")
class ReferralGiven(Fact):
    """Visitor with another errand who was told which desk to go to; nothing about the person."""

    desk: Annotated[ShortText, FreeText("案内先")]
    count: Delta = 1

    def sentence(self, site: Names) -> str:
        return f"{self.word} {self.desk} {self.count:+d}"


@fact("custody.counted", "預かり")
class CustodyCounted(Fact):
    """Count cards of visitors, taken into custody while a service stands still, and given back: how many, and nothing else."""

    taken: Count = 0
    returned: Count = 0

    def sentence(self, site: Names) -> str:
        parts = ((self.taken, "枚"), (self.returned, "枚返却"))
        return f"カードの{self.word} {' '.join(f'{n}{unit}' for n, unit in parts if n)}"


@fact("inquiry.counted", "問い合わせ", by=FEED_OR_COMMAND)
class InquiryCounted(Fact):
    """Number of answered questions of a topic."""

    topic: Annotated[ShortText, FreeText("問い合わせの種類")]
    count: Delta = 1

    def sentence(self, site: Names) -> str:
        return f"{self.word} {self.topic} {self.count:+d}"


@fact("work.counted", "件数", by=FEED_OR_COMMAND)
class WorkCounted(Fact):
    """Pieces of a work item, added to those of finished tickets."""

    item: WorkItemCode
    count: Delta = 1

    def sentence(self, site: Names) -> str:
        return f"{site.work_item_by_code[self.item].short} {self.count:+d}"


@fact("visitors.counted", "会場の人数", by=FEED_OR_COMMAND)
class VisitorsCounted(Fact):
    """Number of persons in the hall, counted by eye."""

    persons: Count

    def sentence(self, site: Names) -> str:
        return f"{self.word} {self.persons}人"


@fact("total.read", "台帳の件数", closes=True)
class TotalRead(Fact):
    """Total of a work item for the day as a terminal or a register has it; null retracts it.

    ``note`` explains why it differs from the records.
    """

    item: WorkItemCode
    count: Count | None
    note: Note = ""

    def sentence(self, site: Names) -> str:
        name = site.work_item_by_code[self.item].short
        if self.count is None:
            return f"{self.word} {name} なし"
        return with_more(f"{self.word} {name} {self.count}件", self.note)


@fact("cards.counted", "カード在庫", lasts=True)
class CardsCounted(Fact):
    """Card stock at the end of the day, as counts (SPEC 2.3). received + left before = issued + returned + left."""

    received: Count
    issued: Count
    returned: Count
    left: Count

    def sentence(self, site: Names) -> str:
        return f"{self.word} 受領{self.received} 交付{self.issued} 返却{self.returned} 残{self.left}"
