"""Checklists and counts of the day: heads, inquiries, work items, 合理的配慮, totals of ledgers, the card stock."""

from __future__ import annotations

from floorctl.commands.context import CHECK_COUNT, Context, Wish, as_wished, need
from floorctl.commands.deciders import decides, evolves
from floorctl.commands.reports import need_counted_day
from floorctl.common.clock import business_day
from floorctl.common.errors import Refused, by_door
from floorctl.models.board.checklist import against
from floorctl.models.day.floor import Floor
from floorctl.models.facts import kinds as ev
from floorctl.models.facts.entry import Entry
from floorctl.models.register.register import Register
from floorctl.models.site.count_bounds import need_believable


@decides(ev.ChecklistChecked)
def decide_checked(c: Context, f: ev.ChecklistChecked) -> list[Wish]:
    """Check an item of a checklist, or take the check back; an unchanged item is no fact."""
    c.need_report_open()
    if f.item not in c.site.checklist_by_code:
        raise Refused("点検を記録できません", "会場設定にない項目です", "項目を確かめてください")
    item = c.site.checklist_by_code[f.item]
    if f.done and (why := against(c.floor, c.register, item, c.now)):
        c.warnings.append(f"{item.name} は済みになりません: {why}")
    return [] if (f.item in c.floor.checked) == f.done else as_wished(f)


@evolves(ev.ChecklistChecked)
def evolve_checked(floor: Floor, entry: Entry, f: ev.ChecklistChecked) -> None:
    floor.checked.pop(f.item, None)
    if f.done:
        floor.checked[f.item] = f.at


def _tally(
    c: Context, f: ev.AccommodationGiven | ev.ReferralGiven | ev.InquiryCounted | ev.WorkCounted, total: int, what: str
) -> list[Wish]:
    """Return a count of the day; a negative one corrects ``total``, never to below nothing. A count of 0 is no fact."""
    at = c.counting()
    need(f.count >= 0 or total + f.count >= 0, what, "今日の合計が0件より少なくなります", CHECK_COUNT)
    return as_wished(f, **at) if f.count else []


@decides(ev.AccommodationGiven)
def decide_accommodation(c: Context, f: ev.AccommodationGiven) -> list[Wish]:
    """Count 合理的配慮 by its means (仕様書 12(6))."""
    total = _with_item(c.floor, c.floor.accommodations[f.means], "accommodation")
    return _tally(c, f, total, "合理的配慮の件数を減らせません")


@evolves(ev.AccommodationGiven)
def evolve_accommodation(floor: Floor, entry: Entry, f: ev.AccommodationGiven) -> None:
    floor.accommodations[f.means] += f.count
    _add_to_item(floor, f.count, "accommodation")


@decides(ev.ReferralGiven)
def decide_referral(c: Context, f: ev.ReferralGiven) -> list[Wish]:
    """Count 他窓口案内 by the desk (仕様書 7(1)); the city's own desks may be closed where the main building is."""
    if f.count > 0:
        c.warn_of_closed_desk(f.desk)
    total = _with_item(c.floor, c.floor.referrals[f.desk], "other_desk_referral")
    return _tally(c, f, total, "他窓口案内の件数を減らせません")


@evolves(ev.ReferralGiven)
def evolve_referral(floor: Floor, entry: Entry, f: ev.ReferralGiven) -> None:
    floor.referrals[f.desk] += f.count
    _add_to_item(floor, f.count, "other_desk_referral")


def _with_item(floor: Floor, total: int, meaning: str) -> int:
    """Return how many of ``total`` can be taken back: the work item may have been corrected by hand as well."""
    item = floor.site.item_by_meaning.get(meaning)
    return total if item is None else min(total, floor.work_done()[item])


def _add_to_item(floor: Floor, count: int, meaning: str) -> None:
    """Add to the work item that counts the same thing, where the site has one."""
    item = floor.site.item_by_meaning.get(meaning)
    if item is not None:
        floor.work[item] += count


@decides(ev.CustodyCounted)
def decide_custody(c: Context, f: ev.CustodyCounted) -> list[Wish]:
    """Count cards taken into custody during an outage, and given back; more given back than taken today is told."""
    at = c.counting()
    need(
        f.taken > 0 or f.returned > 0,
        "預かりを記録できません",
        "枚数がありません",
        by_door("枚数を入れてください", "taken か returned に枚数を入れてください"),
    )
    if c.floor.custody_returned + f.returned > c.floor.custody_taken + f.taken:
        c.warnings.append(
            "返した枚数が、今日預かった枚数より多くなります。前の日から預かっていた分か確かめてください。"
        )
    return as_wished(f, **at)


@evolves(ev.CustodyCounted)
def evolve_custody(floor: Floor, entry: Entry, f: ev.CustodyCounted) -> None:
    floor.custody_taken += f.taken
    floor.custody_returned += f.returned


@decides(ev.InquiryCounted)
def decide_inquiry(c: Context, f: ev.InquiryCounted) -> list[Wish]:
    """Count inquiries of a topic."""
    return _tally(c, f, c.floor.inquiries[f.topic], "問い合わせの件数を減らせません")


@evolves(ev.InquiryCounted)
def evolve_inquiry(floor: Floor, entry: Entry, f: ev.InquiryCounted) -> None:
    floor.inquiries[f.topic] += f.count
    floor.inquiry_log.append((f.at, f.topic, f.count))


@decides(ev.WorkCounted)
def decide_work(c: Context, f: ev.WorkCounted) -> list[Wish]:
    """Count a work item by hand; a negative count corrects what a terminal's finish reported, too."""
    total = c.floor.work_done()[f.item] if f.count < 0 else 0
    return _tally(c, f, total, f"{c.site.work_item_by_code[f.item].name} を減らせません")


@evolves(ev.WorkCounted)
def evolve_work(floor: Floor, entry: Entry, f: ev.WorkCounted) -> None:
    floor.work[f.item] += f.count


@decides(ev.VisitorsCounted)
def decide_visitors(c: Context, f: ev.VisitorsCounted) -> list[Wish]:
    """Count the persons in the hall."""
    c.need_not_closed()
    need_believable(f, c.site)
    return as_wished(f)


@evolves(ev.VisitorsCounted)
def evolve_visitors(floor: Floor, entry: Entry, f: ev.VisitorsCounted) -> None:
    floor.visitors = f.persons


@decides(ev.TotalRead)
def decide_total(c: Context, f: ev.TotalRead) -> list[Wish]:
    """Record a total as a terminal or a ledger has it; an unchanged one is no fact."""
    need_counted_day(c, f.word)
    held = c.floor.totals.get(f.item)
    same = (held.count if held else None) == f.count and (held is None or held.note == f.note)
    return [] if same else as_wished(f)


@evolves(ev.TotalRead)
def evolve_total(floor: Floor, entry: Entry, f: ev.TotalRead) -> None:
    if f.count is None:
        floor.totals.pop(f.item, None)
    else:
        floor.totals[f.item] = f


@decides(ev.CardsCounted)
def decide_cards(c: Context, f: ev.CardsCounted) -> list[Wish]:
    """Count the card stock at the end of the day (SPEC 2.3); a difference is warned of, as worth an incident."""
    from floorctl.models.board.card_stock import difference

    c.need_a_day_of_visitors()
    found = difference(c.floor, c.register, f) if business_day(f.at) == c.floor.day else None
    if found is not None:
        c.warnings.append(
            f"{found.text}。数え直し、それでも合わなければ事案として記録してください"
            + by_door("（{incident}）。", f"（floorctl incident add --category {found.category} --summary 概要）。")
        )
    return as_wished(f)


@evolves(ev.CardsCounted)
def evolve_cards(register: Register, entry: Entry, f: ev.CardsCounted) -> None:
    register.cards[business_day(f.at)] = f
