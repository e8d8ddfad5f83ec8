"""Facts of memos: written, with a time and an owner where somebody is to do something, moved to a later time, done."""

from typing import Annotated

from floorctl.common.words import hm
from floorctl.models.facts.fact import Fact, Names, fact, with_more
from floorctl.models.facts.fields import BY_HAND, FactId, HourMinute, NeededBody, OnlyIfSet, PersonCode


@fact("memo.written", "メモ", prepares=True)
class MemoWritten(Fact):
    """Memo in the manager's own words. ``due``: when it comes up today; ``owner``: who does it."""

    text: NeededBody
    due: Annotated[HourMinute | None, OnlyIfSet()] = None
    owner: Annotated[PersonCode | None, OnlyIfSet()] = None

    def sentence(self, site: Names) -> str:
        words = (self.word, hm(self.due) if self.due else "", self.owner or "", self.text)
        return " ".join(x for x in words if x)


@fact("memo.moved", "メモを後で", prepares=True)
class MemoMoved(Fact):
    """New time of an open memo, and its new owner where there is one."""

    memo: FactId
    memo_source: FactId = BY_HAND
    due: HourMinute
    owner: Annotated[PersonCode | None, OnlyIfSet()] = None

    def sentence(self, site: Names) -> str:
        return with_more(f"{self.word} {hm(self.due)}", self.owner or "")


@fact("memo.done", "メモ済み", prepares=True)
class MemoDone(Fact):
    """End of an open memo: it has been done, or there is nothing left to do."""

    memo: FactId
    memo_source: FactId = BY_HAND
