"""What is kept beside the hall's work: the roster, appointments, the clock, checklists, 合理的配慮, counts, memos."""

from __future__ import annotations

from floorctl.commands.context import Context, Wish
from floorctl.common.clock import business_day
from floorctl.common.errors import Refused
from floorctl.models.board.card_stock import difference
from floorctl.models.facts import kinds as ev
from floorctl.models.site.count_bounds import need_believable


def register_staff(c: Context, f: ev.StaffRegistered) -> list[Wish]:
    """A line of the roster; one that stands already is no fact."""
    if f.shift_from is not None and f.shift_to is not None and f.shift_to <= f.shift_from:
        raise Refused(f"{f.staff} を名簿に入れられません", "勤務の終わりが始まりより前です", "時刻を確かめてください")
    fields = f.fields()
    held = c.register.people.get(f.staff)
    if held is not None and all(getattr(held, k) == v for k, v in fields.items() if k != "staff"):
        return []
    return [("staff.registered", fields)]


def import_appointments(c: Context, f: ev.AppointmentsImported) -> list[Wish]:
    """All appointments of a day as counts; what stands already is no fact."""
    slots = tuple(sorted(f.slots, key=lambda s: (s.time, s.cards)))
    if c.register.appointments.get(f.date) == slots:
        return []
    return [("appointments.imported", {"date": f.date, "slots": slots})]


def set_clock(c: Context, f: ev.ClockSet) -> list[Wish]:
    """How far the right time is ahead of this PC's clock."""
    if f.ahead_s == c.register.clock_ahead_s:
        return []
    return [("clock.set", {"ahead_s": f.ahead_s})]


def check_item(c: Context, f: ev.ChecklistChecked) -> list[Wish]:
    c.need_report_open()
    if f.item not in c.site.checklist_by_code:
        raise Refused("点検を記録できません", "サイト設定に無い項目です", "項目を確かめてください")
    if (f.item in c.floor.checked) == f.done:
        return []
    return [("checklist.checked", {"item": f.item, "done": f.done})]


def give_accommodation(c: Context, f: ev.AccommodationGiven) -> list[Wish]:
    """合理的配慮 by its means (仕様書 12(6)); negative to correct, never below nothing."""
    at = c.counting()
    # Its work item may have been corrected by hand as well.
    total, item = c.floor.accommodations[f.means], c.site.item_by_meaning.get("accommodation")
    if item is not None:
        total = min(total, c.floor.work_done()[item])
    if f.count < 0 and total + f.count < 0:
        raise Refused("合理的配慮の件数を減らせません", "今日の合計が0件より少なくなります", "件数を確かめてください")
    return [("accommodation.given", {"means": f.means, "count": f.count, **at})] if f.count else []


def change_equipment(c: Context, f: ev.EquipmentChanged) -> list[Wish]:
    """A piece of the city's equipment works, has failed or is out of use (仕様書 15(4))."""
    item = c.site.equipment_by_code[f.equipment]
    if f.unit > item.high:
        raise Refused(f"{item.name} {f.unit} はありません", f"{item.high}台までです", "番号を確かめてください")
    held = c.register.equipment.get((f.equipment, f.unit))
    if held is None and f.unit <= item.low and f.state == "ok":
        return []  # as it is known; a piece beyond those that must be there is news by itself
    if held is not None and (held.state, held.reason) == (f.state, f.reason):
        return []
    return [("equipment.changed", f.fields())]


def count_cards(c: Context, f: ev.CardsCounted) -> list[Wish]:
    """The card stock at the end of the day, as counts (SPEC 2.3); a difference is said, and is worth an incident."""
    c.need_a_day_of_visitors()
    found = difference(c.floor, c.register, f) if business_day(f.at) == c.floor.day else None
    if found is not None:
        c.warnings.append(
            f"{found.text}。数え直し、それでも合わなければ事案として記録してください"
            f"（floorctl incident add --category {found.category} --summary 概要）。"
        )
    return [("cards.counted", f.fields())]


def count_inquiry(c: Context, f: ev.InquiryCounted) -> list[Wish]:
    at = c.counting()
    if c.floor.inquiries[f.topic] + f.count < 0:
        raise Refused("問い合わせの件数を減らせません", "今日の合計が0件より少なくなります", "件数を確かめてください")
    return [("inquiry.counted", {"topic": f.topic, "count": f.count, **at})] if f.count else []


def count_work(c: Context, f: ev.WorkCounted) -> list[Wish]:
    """A hand tally; negative to correct, also what a terminal's finish said, but never below nothing."""
    at = c.counting()
    if f.count < 0 and c.floor.work_done()[f.item] + f.count < 0:
        name = c.site.work_item_by_code[f.item].name
        raise Refused(f"{name} を減らせません", "今日の合計が0件より少なくなります", "件数を確かめてください")
    return [("work.counted", {"item": f.item, "count": f.count, **at})] if f.count else []


def count_visitors(c: Context, f: ev.VisitorsCounted) -> list[Wish]:
    c.need_not_closed()
    need_believable(f, c.site)
    return [("visitors.counted", {"persons": f.persons})]


def write_memo(c: Context, f: ev.MemoWritten) -> list[Wish]:
    return [("memo.written", {"text": f.text})]
