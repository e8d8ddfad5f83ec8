"""The contractor's people: the roster, presence, breaks, guidance, the charge of 現場責任者, vacancies (仕様書 5, 7(4)※)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from floorctl.commands.context import CHECK_TIME, GIVE_REASON, Context, Wish, as_wished
from floorctl.commands.deciders import decides, evolves
from floorctl.common.clock import business_day
from floorctl.common.errors import NeedsReason, Refused, by_door
from floorctl.common.words import CHARGES, STAFF_STATUSES, hm
from floorctl.models.board.presence import presence
from floorctl.models.board.reception_hours import receiving
from floorctl.models.day.floor import Floor
from floorctl.models.day.staff import Handover, Person, StaffChange, StaffState, Vacancy
from floorctl.models.facts import kinds as ev
from floorctl.models.facts.entry import Entry
from floorctl.models.register.eligibility import not_eligible
from floorctl.models.register.register import Register

_DATED = {"pledge_on": "誓約書", "authority_on": "操作者権限", "vein_on": "静脈登録", "left_on": "退職日"}

_HAND_OVER = by_door("{hand_over}", "floorctl do charge.taken staff=コード")


@decides(ev.StaffRegistered)
def decide_registered(c: Context, f: ev.StaffRegistered) -> list[Wish]:
    """Write a line of the roster; an unchanged line is no fact."""
    if f.shift_from is not None and f.shift_to is not None and f.shift_to <= f.shift_from:
        raise Refused(f"{f.staff} を名簿に入れられません", "勤務の終わりが始まりより前です", CHECK_TIME)
    held = c.register.people.get(f.staff)
    if held == _person(f):
        return []
    erased = [word for k, word in _DATED.items() if held is not None and getattr(held, k) and not getattr(f, k)]
    if erased:
        c.warnings.append(f"{f.staff} の{'・'.join(erased)}の日付を消しました。")
    return as_wished(f)


def _person(f: ev.StaffRegistered) -> Person:
    return Person(
        f.staff,
        f.role,
        f.deputy,
        f.authority_on,
        f.vein_on,
        f.pledge_on,
        f.shift_from,
        f.shift_to,
        f.left_on,
        f.direct_employee,
        f.experience,
        f.skills or None,
        f.newcomer,
    )


@evolves(ev.StaffRegistered)
def evolve_registered(register: Register, entry: Entry, f: ev.StaffRegistered) -> None:
    register.first_registered.setdefault(f.staff, business_day(f.at))
    register.people[f.staff] = _person(f)


@decides(ev.StaffChanged)
def decide_changed(c: Context, f: ev.StaffChanged) -> list[Wish]:
    """Record a status; a person who is not at work leaves the terminal and the post.

    Refused: leaving the charge of 現場責任者 without a deputy (仕様書 5(1)); an absence that cannot be helped (illness) is
    recorded with a reason. ``last_desk`` has the rule of the lanes that somebody leaves.
    """
    return _change(c, f, has_deputy=False)


def _change(c: Context, f: ev.StaffChanged, *, has_deputy: bool) -> list[Wish]:
    c.need_report_open()
    held = c.floor.staff.get(f.staff)
    if held is not None and (held.status, held.reason, held.until) == (f.status, f.reason, f.until):
        began_earlier = f.at < min(held.since, c.now)
        if not began_earlier:
            return []
    if StaffState(f.staff, f.status, f.at, until=f.until).at_work:
        if not any(s.at_work for s in c.floor.presence.get(f.staff, ())):
            need_eligible(c, f.staff, f"{f.staff} を{STAFF_STATUSES[f.status]}にできません", f.reason, present=True)
        return [*as_wished(f), *_fills_vacancy(c, f)]
    if not has_deputy:
        _need_deputy(c, f)
    return [*as_wished(f), *leaves_places(c, f.staff)]


def _fills_vacancy(c: Context, f: ev.StaffChanged) -> list[Wish]:
    """Return the end of the vacancy that waited for a person who is there now."""
    vacancy = c.floor.open_vacancy(f.staff)
    waited = vacancy is not None and vacancy.opened_at <= f.at
    return [("vacancy.filled", {"staff": f.staff, "substitute": None})] if waited else []


@evolves(ev.StaffChanged)
def evolve_changed(floor: Floor, entry: Entry, f: ev.StaffChanged) -> None:
    state = StaffState(f.staff, f.status, f.at, f.reason, f.until)
    floor.set_staff(state)
    floor.staff_changes.append(StaffChange(f.staff, f.status, f.at, f.reason, f.until))
    if not state.at_work:
        floor.posts.pop(f.staff, None)
    note_holders(floor, f.at, f.reason)


def need_eligible(
    c: Context, staff: str, what: str, reason: str, *, terminal: bool = False, present: bool = False
) -> None:
    """Ask a reason for a person who may not work today (仕様書 7(2), 10), and warn of it.

    ``terminal``: at an integrated terminal. ``present``: only in the hall; who is not on the roster gives a warning there.
    """
    why = not_eligible(c.register, staff, c.floor.day, terminal=terminal)
    if not why:
        return
    said = f"{why} 仕様書 7(2)、10"
    if not reason and not (present and staff not in c.register.people):
        do = f"別の人にするか、やむを得ないときは{GIVE_REASON}"
        raise NeedsReason(what, said, do)
    c.warnings.append(f"{staff} は{said}。このまま記録しました。")


def _leaves_terminals(c: Context, staff: str, but: str = "") -> list[Wish]:
    """Return the facts by which a person leaves their terminals, except ``but``."""
    return [
        ("terminal.staffed", {"terminal": t.code, "staff": None})
        for t in c.floor.terminals.values()
        if t.staff == staff and t.code != but
    ]


def leaves_places(c: Context, staff: str, but: str = "") -> list[Wish]:
    """Return the facts by which a person leaves their terminals, except ``but``, and their post."""
    posted: list[Wish] = [("staff.posted", {"staff": staff, "post": None})] if staff in c.floor.posts else []
    return [*_leaves_terminals(c, staff, but), *posted]


def _need_deputy(c: Context, f: ev.StaffChanged) -> None:
    if c.floor.holder() != f.staff or not receiving(c.floor, f.at):
        return
    what = f"{f.staff} を{STAFF_STATUSES[f.status]}にできません"
    why = "現場責任者の職務を持っています（受付中は会場に常駐 仕様書 5(1)）"
    if f.status == "on_break":
        raise Refused(what, why, f"先に代行者へ引き継いでください（{_HAND_OVER}）")
    if not f.reason:
        raise NeedsReason(what, why, f"代行者へ引き継ぐか（{_HAND_OVER}）、引き継げないときは{GIVE_REASON}")
    c.warnings.append("現場責任者が不在になります。代行者を選任してください（仕様書 5(1)）。")


@decides(ev.StaffPosted)
def decide_posted(c: Context, f: ev.StaffPosted) -> list[Wish]:
    """Put a person to guide visitors, away from any terminal; ``post`` null takes them off."""
    c.need_not_closed()
    if f.post is None:
        return as_wished(f) if f.staff in c.floor.posts else []
    what = f"{f.staff} を持ち場に置けません"
    if f.post not in c.site.post_by_code:
        raise Refused(what, "会場設定にない持ち場です", "持ち場を確かめてください")
    _need_at_work(c, f.staff, what)
    if c.floor.posts.get(f.staff) == f.post:
        return []
    need_eligible(c, f.staff, what, f.reason)
    return [*_leaves_terminals(c, f.staff), *as_wished(f)]


@evolves(ev.StaffPosted)
def evolve_posted(floor: Floor, entry: Entry, f: ev.StaffPosted) -> None:
    if floor.posts.pop(f.staff, None) is not None:
        floor.left_place[f.staff] = f.at
    if f.post is not None:
        floor.posts[f.staff] = f.post
        floor.placed[f.staff] = (f.at, f.post)
        _has_come(floor, f.staff, f.at)
        note_holders(floor, f.at, "")


def _need_at_work(c: Context, staff: str, what: str) -> None:
    """Raise Refused for a person known not to be in the hall."""
    held = c.floor.staff.get(staff)
    if held is not None and not held.at_work and held.status != "expected":
        raise Refused(what, f"{STAFF_STATUSES[held.status]}になっています", "先に在席にしてください")


@decides(ev.ChargeTaken)
def decide_charge(c: Context, f: ev.ChargeTaken) -> list[Wish]:
    """Hand a charge over: only to a person who is eligible and at work (仕様書 5(1)); to nobody only with a reason."""
    c.need_not_closed()
    name = CHARGES[f.charge]
    if c.floor.charges.get(f.charge) == f.staff and c.floor.holder(f.charge) == f.staff:
        return []
    if f.staff is None:
        if f.charge == "site_manager" and receiving(c.floor, f.at) and not f.reason:
            raise NeedsReason(f"{name}を空けられません", "受付中は会場に常駐します（仕様書 5(1)）", GIVE_REASON)
    else:
        what = f"{f.staff} に{name}を引き継げません"
        person = c.register.people.get(f.staff)
        if c.register.people and (person is None or not person.here_on(c.floor.day)):
            why = not_eligible(c.register, f.staff, c.floor.day)
            raise Refused(what, why, "名簿にある人を選んでください")
        if person is not None and not person.may_hold(f.charge):
            if f.charge == "general_manager":
                why = "統括責任者の職務を代理できるのは現場責任者です（仕様書 5(1)）"
                raise Refused(what, why, "現場責任者か統括責任者を選んでください")
            do = f"代行者になれる人を選んでください（{by_door('{people} の「代行」', 'floorctl roster list の「代行」')}）"
            raise Refused(what, "代行者として選任されていません（仕様書 5(1)）", do)
        # 統括責任者 does not stand in the hall.
        if person is None or person.role != "general_manager":
            _need_at_work(c, f.staff, what)
        need_eligible(c, f.staff, what, f.reason)
    return as_wished(f)


@evolves(ev.ChargeTaken)
def evolve_charge(floor: Floor, entry: Entry, f: ev.ChargeTaken) -> None:
    floor.charges[f.charge] = f.staff
    if f.staff is not None and f.charge == "site_manager":
        _has_come(floor, f.staff, f.at)
    note_holders(floor, f.at, f.reason)


def _has_come(floor: Floor, staff: str, at: datetime) -> None:
    """Treat a person who is given a place or a charge as present, even without a fact of it."""
    held = floor.staff.get(staff)
    if held is None or held.status == "expected":
        floor.set_staff(StaffState(staff, "present", at))


def note_holders(floor: Floor, at: datetime, reason: str) -> None:
    """Record each change of who really holds a charge: a person who is away holds none."""
    for charge in floor.charges:
        log = floor.charge_log(charge)
        if floor.holder(charge) != (log[-1].staff if log else None):
            floor.handovers.append(Handover(at, charge, floor.holder(charge), reason))


@decides(ev.VacancyOpened)
def decide_vacancy(c: Context, f: ev.VacancyOpened) -> list[Wish]:
    """Begin a sudden vacancy (仕様書 5(4)②)."""
    c.need_not_closed()
    open_one = c.floor.open_vacancy(f.staff)
    if open_one is not None:
        at = hm(open_one.opened_at)
        raise Refused(f"{f.staff} の欠員はもう記録しています", f"{at} から続いています", "代わりの人を入れてください")
    return as_wished(f)


@evolves(ev.VacancyOpened)
def evolve_vacancy(floor: Floor, entry: Entry, f: ev.VacancyOpened) -> None:
    if floor.open_vacancy(f.staff) is not None:
        floor.odd(entry, "impossible")
    else:
        floor.vacancies.append(Vacancy(f.staff, f.at, f.reason))


@decides(ev.VacancyFilled)
def decide_filled(c: Context, f: ev.VacancyFilled) -> list[Wish]:
    """End a vacancy: by a substitute, or because the person came after all."""
    c.need_not_closed()
    what = f"{f.staff} の欠員を終えられません"
    vacancy = c.floor.open_vacancy(f.staff)
    if vacancy is None:
        raise Refused(
            what,
            "続いている欠員がありません",
            by_door("職員の画面（{people}）で確かめてください", "職員のコードを確かめてください"),
        )
    if f.at < vacancy.opened_at:
        raise Refused(what, f"{hm(vacancy.opened_at)} に始まった欠員です", "それより後の時刻にしてください")
    if f.substitute is not None:
        _need_at_work(c, f.substitute, what)
        need_eligible(c, f.substitute, what, f.reason, present=True)
    return as_wished(f)


@evolves(ev.VacancyFilled)
def evolve_filled(floor: Floor, entry: Entry, f: ev.VacancyFilled) -> None:
    vacancy = floor.open_vacancy(f.staff)
    if vacancy is None:
        floor.odd(entry, "impossible")
    else:
        vacancy.closed_at, vacancy.substitute = f.at, f.substitute


# ---- whole acts: a status together with the vacancy and the charge that depend on it


def roll_call(c: Context) -> list[Wish]:
    """Take the roll (点呼): everybody without a status whose shift has begun is present; 現場責任者 takes a charge nobody holds.

    Who has not pledged is left out with a warning (仕様書 10); who comes later stays expected.
    """
    c.need_not_closed()
    c.need_a_day_of_visitors()
    team = c.register.team(c.floor.day)
    if not team:
        raise Refused("点呼できません", "名簿がありません", "floorctl roster import で名簿を入れてください")
    here = presence(c.floor, c.register, c.now)
    found: list[Person] = []
    barred: list[Person] = []
    for p in team:
        if p.code in here.unseen:
            (barred if not_eligible(c.register, p.code, c.floor.day) else found).append(p)
    if barred:
        names = "・".join(p.code for p in barred)
        c.warnings.append(f"{names} は誓約書がないため在席にしていません（仕様書 10）。")
    if here.later:
        c.warnings.append(f"{'・'.join(here.later)} は勤務の時間ではないため予定のままです。")
    wishes: list[Wish] = []
    for p in found:
        wishes += decide_changed(c, c.fact(ev.StaffChanged, staff=p.code, status="present"))
    coming = {p.code for p in found} | {s.code for s in c.floor.staff.values() if s.at_work}
    managers = [p for p in team if p.role == "site_manager" and p.code in coming]
    if managers and c.floor.holder() is None:
        wishes.append(("charge.taken", {"charge": "site_manager", "staff": managers[0].code}))
    return wishes


def comes(c: Context, staff: str, at: datetime | None = None) -> list[Wish]:
    """Record a person as present (``at``: since when), and end the vacancy that waited for them."""
    c.need_a_day_of_visitors()
    began = at or c.now
    return decide_changed(c, c.fact(ev.StaffChanged, staff=staff, status="present", at=began, reason=c.reason))


def stays_away(c: Context, staff: str, reason: str, deputy: str = "") -> list[Wish]:
    """Record an absence and the vacancy that it opens (仕様書 5(3)⑥, 5(4)②); a charge goes to ``deputy`` first."""
    absent = {"staff": staff, "status": "absent", "reason": reason}
    if deputy:
        wishes = leave_with_deputy(c, absent, deputy)
    else:
        c.need_a_day_of_visitors()
        wishes = decide_changed(c, c.fact(ev.StaffChanged, **absent))
    if c.floor.open_vacancy(staff) is None:
        wishes.append(("vacancy.opened", {"staff": staff, "reason": reason}))
    return wishes


def leave_with_deputy(c: Context, fields: dict[str, Any], deputy: str) -> list[Wish]:
    """Hand the charge of 現場責任者 to a deputy, then record the status that ``fields`` gives its holder (仕様書 5(1))."""
    c.need_a_day_of_visitors()
    if deputy == fields["staff"]:
        raise Refused("引き継げません", "引き継ぐ人と離れる人が同じです", "別の人を選んでください")
    taken = c.fact(ev.ChargeTaken, charge="site_manager", staff=deputy)
    return [*decide_charge(c, taken), *_change(c, c.fact(ev.StaffChanged, **fields), has_deputy=True)]
