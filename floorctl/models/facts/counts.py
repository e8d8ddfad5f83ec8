"""Facts of what is counted and ticked off: checklist, inquiries, work, heads, totals of registers, cards (contract 2)."""

from typing import Annotated

from floorctl.models.facts.fact import FEED_OR_COMMAND, Fact, Names, fact, with_more
from floorctl.models.facts.fields import Code, CodeOf, Count, Delta, FreeText, Note, ShortText, WorkItemCode


@fact("checklist.checked", "点検", prepares=True, closes=True, clause="5(3)③")
class ChecklistChecked(Fact):
    """An item of the opening or closing checklist, done or not (6, too)."""

    item: Annotated[Code, CodeOf("checklist_by_code")]
    done: bool = True

    def sentence(self, site: Names) -> str:
        item = site.checklist_by_code.get(self.item)
        return f"{self.word} {item.name if item else self.item}{'' if self.done else ' 取消し'}"


@fact("accommodation.given", "合理的配慮", clause="12(6)")
class AccommodationGiven(Fact):
    """合理的配慮 by its means, without any word on the person."""

    means: Annotated[ShortText, FreeText("手段")]
    count: Delta = 1

    def sentence(self, site: Names) -> str:
        return f"{self.word} {self.means} {self.count:+d}"


@fact("inquiry.counted", "問い合わせ", by=FEED_OR_COMMAND)
class InquiryCounted(Fact):
    """Questions of a topic that were answered."""

    topic: Annotated[ShortText, FreeText("問い合わせの種類")]
    count: Delta = 1

    def sentence(self, site: Names) -> str:
        return f"{self.word} {self.topic} {self.count:+d}"


@fact("work.counted", "件数", by=FEED_OR_COMMAND)
class WorkCounted(Fact):
    """Pieces of a work item, beside what finished tickets say."""

    item: WorkItemCode
    count: Delta = 1

    def sentence(self, site: Names) -> str:
        return f"{site.work_item_by_code[self.item].short} {self.count:+d}"


@fact("visitors.counted", "会場の人数", by=FEED_OR_COMMAND)
class VisitorsCounted(Fact):
    """Number of people in the hall, counted by eye."""

    persons: Count

    def sentence(self, site: Names) -> str:
        return f"{self.word} {self.persons}人"


@fact("total.read", "台帳の件数", closes=True)
class TotalRead(Fact):
    """Total of a work item for the day as a terminal or a register has it; null takes the reading back.

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
    """The card stock at the end of the day: counts alone (SPEC 2.3). received + left before = issued + returned + left."""

    received: Count
    issued: Count
    returned: Count
    left: Count

    def sentence(self, site: Names) -> str:
        return f"{self.word} 受領{self.received} 交付{self.issued} 返却{self.returned} 残{self.left}"
