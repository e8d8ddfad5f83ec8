"""Facts of imported tables (appointments, demand), of the equipment and of the clock (仕様書 7(4), 15)."""

from typing import Annotated

from floorctl.common.constraints import Between, Chars
from floorctl.common.frozen import Record, record
from floorctl.common.words import EQUIPMENT_STATES, month_day
from floorctl.models.facts.fact import Fact, Names, fact, with_more
from floorctl.models.facts.fields import Code, CodeOf, Count, Day, EquipmentState, HourMinute, Reason


@record
class Slot(Record):
    """Appointments of one time: ``count`` persons with ``cards`` cards each."""

    time: HourMinute
    cards: Annotated[int, Between(1, 99)] = 1
    count: Annotated[int, Between(0, 999)]


@fact("appointments.imported", "予約の取込み", lasts=True)
class AppointmentsImported(Fact):
    """All appointments of a day, as counts; a later import replaces them."""

    date: Day
    slots: Annotated[tuple[Slot, ...], Between(most=999)] = ()

    def sentence(self, site: Names) -> str:
        return f"{self.word} {month_day(self.date)} {sum(s.count for s in self.slots)}件"


@fact("clock.set", "時計合わせ", lasts=True)
class ClockSet(Fact):
    """Correction of this PC's clock: seconds that the right time is ahead (negative: the PC is ahead)."""

    ahead_s: Annotated[int, Between(-86_400, 86_400)]

    def sentence(self, site: Names) -> str:
        return f"{self.word} {self.ahead_s:+d}秒"


@fact("equipment.changed", "機器", lasts=True)
class EquipmentChanged(Fact):
    """State of one piece of the city's equipment: works, failed, or out of use."""

    equipment: Annotated[Code, CodeOf("equipment_by_code")]
    unit: Annotated[int, Between(1, 99)] = 1
    state: EquipmentState
    reason: Reason = ""

    def sentence(self, site: Names) -> str:
        device = site.equipment_by_code.get(self.equipment)
        name = device.name if device else self.equipment
        return with_more(f"{name} {self.unit} {EQUIPMENT_STATES[self.state]}", self.reason)


@record
class DemandMonth(Record):
    """Expected totals of a month ("YYYY-MM"): certificate renewals, card renewals, new and reissued cards."""

    month: Annotated[str, Chars(r"^20\d\d-(0[1-9]|1[0-2])$")]
    cert_renewals: Count
    card_renewals: Count
    new_and_reissued: Count


@fact("demand.imported", "見込みの取込み", lasts=True)
class DemandImported(Fact):
    """Forecast by month, from the city or as agreed; other months are kept."""

    months: Annotated[tuple[DemandMonth, ...], Between(1, 600)]

    def sentence(self, site: Names) -> str:
        return f"{self.word} {len(self.months)}か月"
