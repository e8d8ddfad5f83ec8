"""The contractor's people: presence, breaks, guidance, the charge of 現場責任者, vacancies (仕様書 5, 7(4)※)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from floorctl.commands.context import Context, Wish
from floorctl.common.errors import NeedsReason, Refused
from floorctl.common.words import CHARGES, STAFF_STATUSES, hm
from floorctl.models.board.breaks import lanes_emptied_by
from floorctl.models.board.reception_hours import receiving
from floorctl.models.day.staff import StaffState
from floorctl.models.facts import kinds as ev


def change_staff(c: Context, f: ev.StaffChanged, *, deputy: str | None = None) -> list[Wish]:
    """Records a status; who is no longer there leaves the terminal and the post.

    A break that would leave a service in its hours with nobody is refused (仕様書 7(4)※), and so is leaving the charge
    of 現場責任者 without a deputy (仕様書 5(1)); what cannot be helped (illness) may be recorded with a reason.
    """
    c.need_report_open()
    held = c.floor.staff.get(f.staff)
    if held is not None and (held.status, held.reason, held.until) == (f.status, f.reason, f.until):
        began_earlier = f.at < min(held.since, c.now)
        if not began_earlier:
            return []
    wishes: list[Wish] = [("staff.changed", f.fields())]
    if not StaffState(f.staff, f.status, f.at, until=f.until).at_work:
        if f.status == "on_break":
            _need_others(c, f.staff, f.at)
        if deputy is None:
            _need_deputy(c, f)
        wishes += leaves_terminals(c, f.staff)
        if f.staff in c.floor.posts:
            wishes.append(("staff.posted", {"staff": f.staff, "post": None}))
    return wishes


def absence(c: Context, staff: str, reason: str) -> list[Wish]:
    """An absence and the vacancy that it opens (仕様書 5(3)⑥, 5(4)②), as one act."""
    c.need_a_day_of_visitors()
    fact = ev.StaffChanged(staff=staff, status="absent", reason=reason, until=None, at=c.now, id="wish")
    wishes = change_staff(c, fact)
    if c.floor.open_vacancy(staff) is None:
        wishes.append(("vacancy.opened", {"staff": staff, "reason": reason}))
    return wishes


def leave_with_deputy(c: Context, fields: dict[str, Any], deputy: str) -> list[Wish]:
    """Who holds the charge hands it to a deputy and leaves, as one act (仕様書 5(1))."""
    c.need_a_day_of_visitors()
    taken = ev.ChargeTaken(charge="site_manager", staff=deputy, reason="", at=c.now, id="wish")
    if deputy == fields["staff"]:
        raise Refused("引き継げません", "引き継ぐ人と離れる人が同じです", "別の人を選んでください")
    left = ev.StaffChanged(**({"reason": "", "until": None, "at": c.now, "id": "wish"} | fields))
    return [*take_charge(c, taken), *change_staff(c, left, deputy=deputy)]


def leaves_terminals(c: Context, staff: str, but: str = "") -> list[Wish]:
    """Nobody stands any more where this person stood."""
    return [
        ("terminal.staffed", {"terminal": t.code, "staff": None})
        for t in c.floor.terminals.values()
        if t.staff == staff and t.code != but
    ]


def _need_others(c: Context, staff: str, at: datetime) -> None:
    emptied = lanes_emptied_by(c.floor, staff, at)
    if emptied:
        names = "・".join(c.site.lane_by_code[x].name for x in emptied)
        raise Refused(
            f"{staff} を休憩にできません",
            f"{names}の窓口に誰もいなくなります（休憩中も窓口は休止しない 仕様書 7(4)）",
            "先に交替の人を端末に置いてください",
        )


def _need_deputy(c: Context, f: ev.StaffChanged) -> None:
    if c.floor.holder() != f.staff or not receiving(c.floor, f.at):
        return
    word = STAFF_STATUSES[f.status]
    why = "現場責任者の職務を持っています（受付中は会場に常駐 仕様書 5(1)）"
    if f.status == "on_break":
        raise Refused(
            f"{f.staff} を{word}にできません",
            why,
            "先に代行者へ引き継いでください（h、または floorctl do charge.taken staff=コード）",
        )
    if not f.reason:
        raise NeedsReason(
            f"{f.staff} を{word}にできません",
            why,
            "代行者へ引き継ぐか（h）、引き継げないときは理由を添えてください（--reason）",
        )
    c.warnings.append("現場責任者が不在になります。代行者を選任してください（仕様書 5(1)）。")


def roll_call(c: Context) -> list[Wish]:
    """点呼: everybody of the roster who has no status yet is present; 現場責任者 takes the charge if nobody holds it."""
    c.need_not_closed()
    c.need_a_day_of_visitors()
    team = c.register.team(c.floor.day)
    if not team:
        raise Refused("点呼できません", "名簿がありません", "floorctl roster import で名簿を入れてください")
    missing = [p for p in team if (s := c.floor.staff.get(p.code)) is None or s.status == "expected"]
    wishes: list[Wish] = [("staff.changed", {"staff": p.code, "status": "present"}) for p in missing]
    coming = {p.code for p in missing} | {s.code for s in c.floor.staff.values() if s.at_work}
    managers = [p for p in team if p.role == "site_manager" and p.code in coming]
    if managers and c.floor.holder() is None:
        wishes.append(("charge.taken", {"charge": "site_manager", "staff": managers[0].code}))
    return wishes


def post(c: Context, f: ev.StaffPosted) -> list[Wish]:
    """Puts somebody to guide visitors, away from any terminal; null takes them off."""
    c.need_not_closed()
    if f.post is None:
        return [("staff.posted", {"staff": f.staff, "post": None})] if f.staff in c.floor.posts else []
    if f.post not in c.site.post_by_code:
        raise Refused(f"{f.staff} を持ち場に置けません", "サイト設定に無い持ち場です", "持ち場を確かめてください")
    need_at_work(c, f.staff, f"{f.staff} を持ち場に置けません")
    if c.floor.posts.get(f.staff) == f.post:
        return []
    return [*leaves_terminals(c, f.staff), ("staff.posted", {"staff": f.staff, "post": f.post})]


def need_at_work(c: Context, staff: str, what: str) -> None:
    """Refuses where the person is known not to be in the hall."""
    held = c.floor.staff.get(staff)
    if held is not None and not held.at_work and held.status != "expected":
        raise Refused(what, f"{STAFF_STATUSES[held.status]}になっています", "先に在席にしてください")


def take_charge(c: Context, f: ev.ChargeTaken) -> list[Wish]:
    """Hands a charge over: only to who is eligible and there (仕様書 5(1)); to nobody only with a reason."""
    c.need_not_closed()
    name = CHARGES[f.charge]
    if c.floor.charges.get(f.charge) == f.staff and c.floor.holder(f.charge) == f.staff:
        return []
    if f.staff is None:
        if f.charge == "site_manager" and receiving(c.floor, f.at) and not f.reason:
            raise NeedsReason(
                f"{name}を空けられません", "受付中は会場に常駐します（仕様書 5(1)）", "理由を添えてください（--reason）"
            )
    else:
        what = f"{f.staff} に{name}を引き継げません"
        person = c.register.people.get(f.staff)
        if c.register.people and (person is None or not person.here_on(c.floor.day)):
            raise Refused(what, "名簿にありません", "名簿にある人を選んでください（F4）")
        if person is not None and not person.may_hold(f.charge):
            do = "代行者になれる人を選んでください（F4 の「代行」）"
            raise Refused(what, "代行者として選任されていません（仕様書 5(1)）", do)
        need_at_work(c, f.staff, what)
    return [("charge.taken", {"charge": f.charge, "staff": f.staff, "reason": f.reason})]


def open_vacancy(c: Context, f: ev.VacancyOpened) -> list[Wish]:
    """A sudden vacancy begins (仕様書 5(4)②)."""
    c.need_not_closed()
    open_one = c.floor.open_vacancy(f.staff)
    if open_one is not None:
        at = hm(open_one.opened_at)
        raise Refused(f"{f.staff} の欠員はもう記録しています", f"{at} から続いています", "代わりの人を入れてください")
    return [("vacancy.opened", {"staff": f.staff, "reason": f.reason})]


def fill_vacancy(c: Context, f: ev.VacancyFilled) -> list[Wish]:
    """Somebody stands in, or the person came after all."""
    c.need_not_closed()
    what = f"{f.staff} の欠員を終えられません"
    vacancy = c.floor.open_vacancy(f.staff)
    if vacancy is None:
        raise Refused(what, "続いている欠員がありません", "F4 で確かめてください")
    if f.at < vacancy.opened_at:
        raise Refused(what, f"{hm(vacancy.opened_at)} に始まった欠員です", "それより後の時刻にしてください")
    if f.substitute is not None:
        need_at_work(c, f.substitute, what)
    return [("vacancy.filled", {"staff": f.staff, "substitute": f.substitute})]


# ---- whole acts: a status together with the vacancy and the charge that hang on it


def comes(c: Context, staff: str, at: datetime | None = None) -> list[Wish]:
    """Somebody is there (``at``: since when): the vacancy that waited for them is over."""
    c.need_a_day_of_visitors()
    began = at or c.now
    fact = ev.StaffChanged(staff=staff, status="present", reason="", until=None, at=began, id="wish")
    wishes = change_staff(c, fact)
    vacancy = c.floor.open_vacancy(staff)
    if vacancy is not None and vacancy.opened_at <= began:
        wishes.append(("vacancy.filled", {"staff": staff, "substitute": None}))
    return wishes


def stays_away(c: Context, staff: str, reason: str, deputy: str = "") -> list[Wish]:
    """An absence and the vacancy that it opens; who held the charge of 現場責任者 hands it to ``deputy`` first."""
    if not deputy:
        return absence(c, staff, reason)
    wishes = leave_with_deputy(c, {"staff": staff, "status": "absent", "reason": reason}, deputy)
    if c.floor.open_vacancy(staff) is None:
        wishes.append(("vacancy.opened", {"staff": staff, "reason": reason}))
    return wishes
