"""Incidents (仕様書 12(8) to (11)): opened in seconds, completed later, never overwritten."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from floorctl.commands.context import CHECK_TIME, GIVE_REASON, Context, Wish, as_wished, need
from floorctl.commands.deciders import decides, evolves
from floorctl.common.errors import Contradiction, NeedsReason, Refused, by_door
from floorctl.common.incident_policies import RESTORABLE_WORDS
from floorctl.common.words import INCIDENT_TIMES, hm, md_hm
from floorctl.models.facts import kinds as ev
from floorctl.models.facts.entry import Entry
from floorctl.models.register.incident import TIMES_IN_ORDER, Incident
from floorctl.models.register.register import Register

# A PC's clock may be a little behind the manager's watch.
_AHEAD = timedelta(minutes=5)


def _known(c: Context, code: str) -> Incident:
    """Return an incident; raise Refused if there is none of this number."""
    i = c.register.incidents.get(code)
    if i is None:
        raise Refused(
            f"{code} はありません",
            "記録にない事案です",
            f"{by_door('事案の画面（{incidents}）', 'floorctl incident list ')}で番号を確かめてください",
        )
    return i


def _open(c: Context, code: str) -> Incident:
    """Return an incident that is not closed; raise Refused otherwise."""
    i = _known(c, code)
    if i.closed_at is not None:
        raise Refused(f"{code} は変えられません", "終結した事案です", "続きは新しい事案として記録してください")
    return i


def _need_restorable(i: Incident, what: str) -> None:
    if not i.policy.restorable:
        raise Refused(
            what,
            f"{i.policy.short}の事案には復旧がありません",
            f"{RESTORABLE_WORDS}の事案だけです。分類を確かめてください",
        )


def _need_past(c: Context, what: str, *times: datetime | None, do: str = CHECK_TIME) -> None:
    need(all(at is None or at <= c.now + _AHEAD for at in times), what, "まだ来ていない時刻です", do)


def _need_order(
    what: str, held: Mapping[str, datetime | None], given: Mapping[str, datetime | None]
) -> dict[str, datetime]:
    """Return the times of an incident with those that are given, which are checked against each other and all the rest.

    Raise Contradiction, naming the two, where one is before what must have come first. Times are typed in whole minutes:
    within one minute they agree, and the later is set to the earlier.
    """
    times = {
        name: at for name, at in {**held, **{k: v for k, v in given.items() if v is not None}}.items() if at is not None
    }
    for first, then in TIMES_IN_ORDER:
        new = given.get(first) is not None or given.get(then) is not None
        if not new or first not in times or then not in times or times[first] <= times[then]:
            continue
        if times[first].replace(second=0, microsecond=0) <= times[then]:
            times[then] = times[first]
            continue
        a, b = INCIDENT_TIMES[first], INCIDENT_TIMES[then]
        why = f"{a}が{b}より後" if then == "found_at" else f"{b}が{a}より前"
        same_day = times[first].date() == times[then].date()
        at = f"{md_hm(times[first])} の{a}、{hm(times[then]) if same_day else md_hm(times[then])} の{b}"
        raise Contradiction(
            what,
            f"{why}です: {at}",
            f"誤っているほうを直すか、2つを一緒に入力してください（{by_door('事案の画面で {incident_times}', 'floorctl incident amend')}）",
        )
    return times


def _of(register: Register, entry: Entry, code: str) -> Incident | None:
    """Return the incident of a fact; where it was never opened, mark the fact odd and return None."""
    incident = register.incidents.get(code)
    if incident is None:
        register.odd(entry, "impossible")
    return incident


@decides(ev.IncidentOpened, numbers="incident")
def decide_opened(c: Context, f: ev.IncidentOpened, *, numbered: bool = True) -> list[Wish]:
    """Open an incident on any day and hour; the number is the next ``I-n`` of the file unless given."""
    number = f.incident if numbered else c.next_incident()
    if number in c.register.incidents:
        raise Refused(f"{number} は使えません", "すでに使われた事案番号です", "番号を省いてください")
    what = "事案を記録できません"
    occurred = f.occurred_at or f.found_at or c.now
    found = _need_order(what, {}, {"occurred_at": occurred, "found_at": f.found_at}).get("found_at")
    found = found or max(c.now, occurred)
    _need_past(c, what, found, do="発生の時刻を確かめてください")
    return as_wished(f, incident=number, occurred_at=occurred, found_at=found)


@evolves(ev.IncidentOpened)
def evolve_opened(register: Register, entry: Entry, f: ev.IncidentOpened) -> None:
    if f.incident in register.incidents:
        register.odd(entry, "impossible")
        return
    found = f.found_at or f.at
    register.incidents[f.incident] = Incident(
        f.incident,
        f.category,
        f.summary,
        f.occurred_at or found,
        found,
        f.services,
        f.terminals,
        opened_at=f.at,
    )


@decides(ev.IncidentReported)
def decide_reported(c: Context, f: ev.IncidentReported) -> list[Wish]:
    """Record the report to the city; never earlier than the finding (仕様書 12(10)).

    A later one is the second report where measures were recorded since, closed or not; else it corrects the first.
    """
    i = _known(c, f.incident)
    if not i.owes_second(c.site):
        _open(c, f.incident)
    what = f"{f.incident} の報告を記録できません"
    _need_past(c, what, f.reported_at)
    name = "followed_up_at" if i.owes_measures else "reported_at"
    reported = f.reported_at or max(c.now, i.found_at)
    return as_wished(f, reported_at=_need_order(what, i.times(), {name: reported})[name])


@evolves(ev.IncidentReported)
def evolve_reported(register: Register, entry: Entry, f: ev.IncidentReported) -> None:
    if incident := _of(register, entry, f.incident):
        incident.report(f)


@decides(ev.IncidentAmended)
def decide_amended(c: Context, f: ev.IncidentAmended) -> list[Wish]:
    """Complete or correct an incident; nothing is overwritten: earlier words stay in its history."""
    i = _open(c, f.incident)
    what = f"{f.incident} を補えません"
    given = f.fields()
    if f.restored_at is not None and i.restored_at is None:
        _need_restorable(i, what)
    for name, word in (("reported_at", "報告"), ("followed_up_at", "応急処置後の報告"), ("restored_at", "復旧")):
        told = getattr(f, name) is None or getattr(i, name) is not None
        need(told, what, f"{word}の記録がまだありません", f"先に{word}を記録してください")
    times: dict[str, datetime | None] = {name: getattr(f, name) for name in INCIDENT_TIMES}
    _need_past(c, what, *times.values())
    if f.found_at is not None and f.occurred_at is None and i.occurred_at == i.found_at > f.found_at:
        given["occurred_at"] = times["occurred_at"] = f.found_at  # nobody has told them apart
        c.warnings.append(f"{f.incident} の発生も同じ時刻にしました。違うときは発生の時刻も入れてください")
    checked = _need_order(what, i.times(), times)
    found = checked["found_at"]
    given |= {name: at for name, at in checked.items() if at != getattr(i, name)}
    del given["incident"]
    if f.handed_over_to and f.handed_over_at is None and i.handed_over_at is None:
        given["handed_over_at"] = max(c.now, found)  # who took it over, and no time: now
    changed = {k: v for k, v in given.items() if v is not None and v != getattr(i, k)}
    need("summary" not in changed or bool(f.summary), what, "概要が空です", "何が起きたかを1行で入れてください")
    if changed.get("handed_over_at") and i.untold:
        c.warnings.append(
            f"{f.incident} は市への報告がまだです。引継ぎとは別に、報告を記録してください（仕様書 12(11)）"
        )
    if changed.get("serious") and i.policy.meeting and not _emergency_meeting(c, f.incident):
        c.warnings.append(f"{f.incident} は重大な事案です。緊急会議を開き、議事録を残してください（仕様書 9）")
    if changed.get("measures") and i.reported_at is not None and _reports_measures(c, f.category or i.category):
        c.warnings.append(f"{f.incident} の応急処置も直ちに市へ報告してください（仕様書 12(10)）")
    return [("incident.amended", {"incident": f.incident, **changed})] if changed else []


@evolves(ev.IncidentAmended)
def evolve_amended(register: Register, entry: Entry, f: ev.IncidentAmended) -> None:
    if incident := _of(register, entry, f.incident):
        incident.amend(f)


@decides(ev.IncidentRestored)
def decide_restored(c: Context, f: ev.IncidentRestored) -> list[Wish]:
    """Record the end of an outage, where its minutes end; a second one corrects the time."""
    i = _open(c, f.incident)
    what = f"{f.incident} の復旧を記録できません"
    _need_restorable(i, what)
    _need_past(c, what, f.restored_at)
    if i.restored_at is not None and f.restored_at in (None, i.restored_at):
        return []
    restored = f.restored_at or max(c.now, i.occurred_at)
    return as_wished(f, restored_at=_need_order(what, i.times(), {"restored_at": restored})["restored_at"])


@evolves(ev.IncidentRestored)
def evolve_restored(register: Register, entry: Entry, f: ev.IncidentRestored) -> None:
    if incident := _of(register, entry, f.incident):
        incident.restored_at = f.restored_at or f.at


@decides(ev.IncidentNoted)
def decide_noted(c: Context, f: ev.IncidentNoted) -> list[Wish]:
    """Add a note to an incident, closed or not."""
    _known(c, f.incident)
    return as_wished(f)


@evolves(ev.IncidentNoted)
def evolve_noted(register: Register, entry: Entry, f: ev.IncidentNoted) -> None:
    if incident := _of(register, entry, f.incident):
        incident.notes.append((f.at, f.text))


@decides(ev.IncidentClosed)
def decide_closed(c: Context, f: ev.IncidentClosed) -> list[Wish]:
    """Close an incident, by the policy of its category (仕様書 12(8) to 12(11)).

    Some may not be closed unreported, or only for a ``reason``; some ask for the notice to the police, or in ``text``
    for the reason why none was given.
    """
    i = _open(c, f.incident)
    what = f"{f.incident} は終結できません"
    until = f.at if f.at < c.now else f.at + _AHEAD
    for name, at in i.times().items():
        if at is not None and at > until:
            why = f"終結が{INCIDENT_TIMES[name]}（{md_hm(at)}）より前になっています"
            raise Refused(what, why, "それより後の時刻で終結するか、その時刻を先に直してください")
    need_report = i.untold and i.unreported != "free"
    of = f"{i.asked_by.short}の" if i.asked_by is i.policy else f"{i.asked_by.short}と記録したことのある"
    why = f"{of}事案は市への報告が要ります（仕様書 {i.asked_by.clause}）"
    if need_report and i.unreported == "never":
        raise Refused(what, why, "先に市へ報告し、記録してください")
    if i.policy.police and i.police_at is None and not f.text and not f.reason:
        raise Refused(
            what,
            f"{i.policy.short}の事案は警察への通報が要ります（仕様書 12(8)）",
            "通報の時刻を記録するか、通報しない理由を"
            + by_door("入力してください", "添えてください（text、市への報告もしないときは --reason）"),
        )
    if need_report and not f.reason:
        raise NeedsReason(what, why, f"先に市へ報告して記録するか、報告しない{GIVE_REASON}")
    if i.policy.police and i.police_at is None and not f.text:
        c.warnings.append(f"{f.incident} に警察への通報の記録がありません。理由とともに終結しました（仕様書 12(8)）")
    lacking = [word for word, text in (("応急処置", i.measures), ("再発防止", i.prevention)) if not text]
    if i.policy.asks_measures and lacking:
        c.warnings.append(
            f"{f.incident} に{'と'.join(lacking)}の記録がありません。追記{by_door('', '（incident.noted）')}で残してください"
        )
    if i.calls_meeting and not _emergency_meeting(c, f.incident):
        c.warnings.append(f"{f.incident} は重大な事案ですが、緊急会議の記録がありません（仕様書 9）")
    if i.owes_second(c.site):
        c.warnings.append(f"{f.incident} は応急処置の後の報告がまだです（仕様書 12(10)）")
    if i.stops and i.restored_at is None:
        c.warnings.append(f"{f.incident} に復旧の記録がありません。終結の時刻までを停止した時間とします")
    return as_wished(f)


@evolves(ev.IncidentClosed)
def evolve_closed(register: Register, entry: Entry, f: ev.IncidentClosed) -> None:
    if incident := _of(register, entry, f.incident):
        incident.closed_at = f.at
        incident.untold_because = f.reason if incident.untold else ""
        if f.text:
            incident.notes.append((f.at, f.text))


def _emergency_meeting(c: Context, code: str) -> bool:
    return any(m.form == "emergency" and m.incident == code for m in c.register.meetings.values())


def _reports_measures(c: Context, category: str) -> bool:
    rule = c.site.incident_reports.get(category)
    return rule is not None and rule.after_measures
