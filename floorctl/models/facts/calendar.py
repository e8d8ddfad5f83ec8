"""Facts of the calendar agreed with the city, and rulings on open questions of the contract (仕様書 6, 16(7))."""

from typing import Annotated

from floorctl.common.constraints import Between, Chars
from floorctl.common.words import md_hm
from floorctl.models.facts.fact import Fact, Names, fact, with_more
from floorctl.models.facts.fields import Code, Day, FreeText, Instant, NeededReason, Note, ServiceCode, ShortText

AgreedWith = Annotated[ShortText, FreeText("協議の相手")]


@fact("calendar.extra", "追加就業日", lasts=True)
class CalendarExtra(Fact):
    """Extra day, agreed with the city beforehand."""

    date: Day
    reason: NeededReason
    agreed_on: Day
    agreed_with: AgreedWith = "監督員"

    def sentence(self, site: Names) -> str:
        return f"{self.word} {self.date} {self.reason}"


@fact("calendar.closed", "臨時休止", lasts=True)
class CalendarClosed(Fact):
    """Emergency closure of a day (A14)."""

    date: Day
    reason: NeededReason
    agreed_on: Day
    agreed_with: AgreedWith = "監督員"

    def sentence(self, site: Names) -> str:
        return f"{self.word} {self.date} {self.reason}"


@fact("calendar.outage", "計画停止", lasts=True)
class CalendarOutage(Fact):
    """Planned outage of services, known ahead (national maintenance)."""

    services: Annotated[tuple[ServiceCode, ...], Between(1)]
    from_at: Instant
    until_at: Instant
    reason: NeededReason

    def sentence(self, site: Names) -> str:
        names = "・".join(site.service_by_code[x].short for x in self.services if x in site.service_by_code)
        return f"{self.word} {md_hm(self.from_at)}〜{md_hm(self.until_at)} {names} {self.reason}"


@fact("ruling.made", "協議事項の決定", lasts=True)
class RulingMade(Fact):
    """Ruling on an ambiguity of the contract (A1 to A15): the reading that holds from a day on (協議事項)."""

    question: Annotated[str, Chars(r"^A([1-9]|1[0-5])$")]
    reading: Code
    from_on: Day
    agreed_with: AgreedWith = "監督員"
    note: Note = ""

    def sentence(self, site: Names) -> str:
        question = site.question_by_code.get(self.question)
        name = question.reading_name(self.reading) if question else self.reading
        return with_more(f"{self.word} {self.question} {name} {self.from_on}から", self.note)
