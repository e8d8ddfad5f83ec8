"""Every kind of fact, and every field of it, changes a document, its JSON or the board: nothing is recorded for nobody.

One day has every kind with every field filled in. Each field is given another value in turn, and what is written and shown
is made anew. What only a screen shows, and what nobody is meant to read, stands in the tables below with its reason.
The journal (l) does not count: it repeats every fact.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

from floorctl.commands.fold import fold, fold_register
from floorctl.documents.day.record import day_record
from floorctl.documents.day.sentences import day_facts
from floorctl.documents.day.tables_csv import tables_csv
from floorctl.documents.day.workbook import DAY_DATA, DAY_TABLES
from floorctl.documents.layout.material import TableSpec
from floorctl.documents.layout.template_file import Which, layout_of
from floorctl.documents.period.from_tables import period_record
from floorctl.documents.period.sentences import period_facts
from floorctl.documents.period.workbook import PERIOD_DATA, PERIOD_TABLES
from floorctl.models.board.status import status
from floorctl.models.facts.entry import Entry, Head
from floorctl.models.facts.fact import Fact, own
from floorctl.models.facts.kinds import KINDS
from floorctl.models.register.demand_forecast import forecast
from floorctl.usecases import period_reports as reports
from tests.story import MONDAY, a_day, instant, kumagaya

SITE = kumagaya()


def at(text: str, day: date = MONDAY) -> str:
    return instant(text, day).isoformat()


# Every kind with every field. What is told of one number, terminal or person belongs together.
STORY = (
    a_day()
    .tells("staff.registered", "08:00", "console", staff="S01", role="site_manager", deputy=False, authority_on="2026-06-22",
           vein_on="2026-06-24", pledge_on="2026-06-15", shift_from="08:20", shift_to="17:10", left_on=None,
           direct_employee=True, experience=True, skills=["issuance"], newcomer=True)
    .tells("staff.registered", "08:00:01", "console", staff="S02", role="worker", deputy=True, authority_on="2026-06-23",
           vein_on="2026-06-25", pledge_on="2026-06-16", shift_from="08:10", shift_to="17:20", left_on="2026-11-15",
           direct_employee=False, experience=False, skills=["certificate", "guidance"], newcomer=True)
    .tells("checklist.checked", "08:05", "console", item="name_tags", done=True)
    .tells("staff.posted", "08:06", "console", staff="S04", post="reception", reason="一人になる理由")
    .tells("charge.taken", "08:07", "console", charge="site_manager", staff="S01", reason="引き継ぐ理由")
    .tells("vacancy.opened", "08:08", "console", staff="S05", reason="欠員の理由")
    .tells("day.opened", "08:30", "console", allocation={"T1": "issuance", "T2": "issuance", "T3": "certificate",
           "T4": "certificate", "T5": "certificate", "T6": "certificate", "T7": "certificate", "T8": "certificate"},
           officials=9, reason="配分の理由")
    .tells("officials.changed", "08:40", "console", present=0)
    .tells("vacancy.filled", "08:45", "console", staff="S05", substitute="S06", reason="補充の理由")
    .tells("terminal.staffed", "08:46", "console", terminal="T3", staff="S03", reason="担当の理由")
    .tells("staff.changed", "08:47", "console", staff="S03", status="late", reason="遅れる理由", until="09:40")
    .tells("officials.changed", "08:55", "console", present=3)
    .tells("ticket.issued", "09:00", ticket="B001", service="cert_renewal", cards=2, appointment="09:02", assist=True)
    .tells("ticket.called", "09:10", ticket="B001", terminal="T3")
    .tells("escalation.raised", "09:12", escalation="E-1", matter="fee", terminal="T3", ticket="B001", note="引継ぎの備考")
    .tells("escalation.taken", "09:13", escalation="E-1", official="C11")
    .tells("escalation.settled", "09:14", escalation="E-1", outcome="approved", official="C12")
    .tells("escalation.raised", "09:14:10", escalation="E-2", matter="proxy", terminal="T8", note="決定のない引継ぎ")
    .tells("escalation.taken", "09:14:20", escalation="E-2", official="C13")
    .tells("ticket.finished", "09:20", ticket="B001", terminal="T3", outcome="done", work={"photo": 3})
    .tells("ticket.issued", "09:21", ticket="B002", service="cert_renewal")
    .tells("ticket.called", "09:22", ticket="B002", terminal="T3")
    .tells("ticket.no_show", "09:24", ticket="B002")
    .tells("ticket.recalled", "09:24:20", ticket="B002", terminal="T3")
    .tells("ticket.no_show", "09:24:40", ticket="B002")
    .tells("ticket.issued", "09:25", ticket="B003", service="cert_renewal")
    .tells("ticket.called", "09:26", ticket="B003", terminal="T3")
    .tells("ticket.no_show", "09:27", ticket="B003")
    .tells("ticket.requeued", "09:28", ticket="B003")
    .tells("ticket.issued", "09:29", ticket="B004", service="cert_renewal")
    .tells("ticket.transferred", "09:30", ticket="B004", service="pin_reset")
    .tells("ticket.remarked", "09:30:20", "console", ticket="B004", remark="by_time", until="09:50")
    .tells("ticket.remarked", "09:30:30", "console", ticket="B004", remark="companion", removed=False)
    .tells("ticket.issued", "09:31", ticket="B005", service="cert_renewal")
    .tells("ticket.left", "09:32", ticket="B005", mistaken=True)
    .tells("queue.counted", "09:40", lane="certificate", waiting=5)
    .tells("visitors.counted", "09:41", "console", persons=57)
    .tells("terminal.assigned", "09:45", "console", terminal="T4", lane="issuance", reason="配分を変えた理由")
    .tells("terminal.paused", "09:50", "console", terminal="T5", reason="休止の理由")
    .tells("terminal.resumed", "09:55", "console", terminal="T5", reason="動かした理由")
    .tells("terminal.paused", "09:56", "console", terminal="T7", reason="休止したままの理由")
    .tells("terminal.failed", "10:00", "console", terminal="T6", fault="故障の内容")
    .tells("terminal.repaired", "10:20", "console", terminal="T6", fault="復旧の内容")
    .tells("reception.stopped", "10:30", "console", service="other", reason="打切りの理由", decided_by="supervisor")
    .tells("ticket.issued", "10:35", ticket="B002", service="cert_renewal", no_arrival=True)
    .tells("reception.resumed", "10:40", "console", service="other", reason="受付再開の理由", decided_by="city")
    .tells("advice.taken", "10:45", "console", terminal="T4", lane="issuance", text="提案の文", gain_s=1234)
    .tells("advice.declined", "10:46", "console", terminal="T4", lane="issuance", about="lend", reason="見送りの理由", text="断った文", gain_s=2345)
    .tells("accommodation.given", "10:50", "console", means="筆談の道具", count=4)
    .tells("referral.given", "10:51", "console", desk="税の窓口", count=5)
    .tells("custody.counted", "10:52", "console", taken=6, returned=2)
    .tells("inquiry.counted", "10:53", "console", topic="駐車の質問", count=7)
    .tells("work.counted", "10:54", "console", item="photo", count=8)
    .tells("memo.written", "09:30:10", "console", text="一覧の文", due="09:50", owner="S02")
    .tells("memo.moved", "10:30:10", "console", memo="f-00054", due="11:05", owner="S03")
    .tells("memo.written", "11:20", "console", text="午後のメモ", due="11:30")
    .tells("memo.done", "11:21", "console", memo="f-00056")
    .tells("incident.opened", "11:00", "console", incident="I-1", category="undue_intervention", summary="始めの概要",
           occurred_at=at("10:58"), found_at=at("10:59"), services=["cert_renewal"], terminals=["T3"])
    .tells("incident.reported", "11:05", "console", incident="I-1", reported_at=at("11:04"), to="監督員あて")
    .tells("incident.noted", "11:10", "console", incident="I-1", text="救急隊に引き継いだ")
    .tells("incident.opened", "11:11", "console", incident="I-2", category="other", summary="二つ目", occurred_at=at("11:00"),
           found_at=at("11:01"), services=["pin_reset"], terminals=["T1"])
    .tells("incident.amended", "11:12", "console", incident="I-2", category="system_outage", summary="改めた概要",
           occurred_at=at("10:40"), found_at=at("10:50"), services=["cert_issue"], terminals=["T2"], measures="応急の処置",
           prevention="再発の防止", police_at=at("10:52"), damage=True, serious=True, cause="national",
           handed_over_at=at("11:11"), handed_over_to="引継ぎの先")
    .tells("incident.restored", "11:30", "console", incident="I-2", restored_at=at("11:29"))
    .tells("incident.amended", "11:32", "console", incident="I-1", reported_at=at("11:03"), followed_up_at=at("11:08"))
    .tells("incident.opened", "11:33", "console", incident="I-3", category="system_outage", summary="三つ目",
           occurred_at=at("11:31"), found_at=at("11:31"), services=["pin_reset"], terminals=[])
    .tells("incident.restored", "11:34", "console", incident="I-3", restored_at=at("11:34"))
    .tells("incident.amended", "11:35", "console", incident="I-3", restored_at=at("11:33"))
    .tells("incident.closed", "11:40", "console", incident="I-2", text="終結の文", reason="報告しない理由")
    .tells("equipment.changed", "11:45", "console", equipment="furigana_printer", unit=1, state="failed", reason="機器の理由")
    .tells("appointments.imported", "11:50", "console", date="2026-09-14", slots=[{"time": "09:00", "cards": 2, "count": 9}])
    .tells("clock.set", "11:51", "console", ahead_s=90)
    .tells("cards.counted", "16:40", "console", received=40, issued=3, returned=1, left=36)
    .tells("calendar.extra", "11:52", "console", date="2026-09-26", reason="追加の理由", agreed_on="2026-09-01", agreed_with="追加の相手")
    .tells("calendar.closed", "11:53", "console", date="2026-09-18", reason="休止日の理由", agreed_on="2026-09-11", agreed_with="休止の相手")
    .tells("calendar.outage", "11:54", "console", services=["cert_renewal"], from_at=at("09:00", date(2026, 9, 16)),
           until_at=at("12:00", date(2026, 9, 16)), reason="計画停止の理由")
    .tells("ruling.made", "11:55", "console", question="A1", reading="weekday", from_on="2026-09-10", agreed_with="決定の相手", note="決定のメモ")
    .tells("duty.submitted", "11:57:30", "console", duty="minutes", key="M-1", submitted_on="2026-09-14", by="S01",
           approved_on="2026-09-14", note="提出のメモ")
    .tells("meeting.held", "11:57", "console", meeting="M-1", form="emergency", held_on="2026-09-14", supervisors=1, officials=2,
           contractors=3, heads=["議題の一つ"], incident="I-2", note="会議のメモ")
    .tells("training.recorded", "11:58", "console", staff="S01", item="privacy", done_on="2026-06-20")
    .tells("device.permitted", "11:59", "console", device="PC-1", purpose="機器の用途", permitted_on="2026-06-20", ends_on="2027-03-31")
    .tells("demand.imported", "12:00", "console", months=[{"month": "2026-09", "cert_renewals": 1388, "card_renewals": 498, "new_and_reissued": 250}])
    .tells("period.written", "12:01", "console", of="2026-09", head="issues", lines=["月の課題の文"], none=False)
    .tells("paper.entered", "12:02", "console", tickets=2, moves=1, counts=3, from_at=at("10:00"), until_at=at("11:00"))
    .tells("total.read", "16:58", "console", item="issuance_new", count=31, note="差の説明")
    .tells("report.written", "16:59", "console", head="remarks", lines=["特記の文"], none=False)
    .tells("report.written", "16:59:30", "console", head="problems", lines=[], none=True)
    .tells("charge.taken", "12:05", "console", charge="site_manager", staff="S02", reason="昼の交替")
    .tells("inquiry.counted", "12:10", "console", topic="取り消される質問", count=1)
    .takes_back("f-00088", "12:11", "console")
    .tells("shifts.planned", "12:12", "console", date="2026-09-14", shifts=[{"staff": "S01", "code": "", "starts": "07:30", "ends": "16:50"}])
    .tells("absence.planned", "12:12:10", "console", staff="S01", date="2026-09-14")
    .tells("absence.planned", "12:12:20", "console", staff="S01", date="2026-09-14", absent=False)
    .tells("absence.planned", "12:12:30", "console", staff="S12", date="2026-09-14", reason="前もっての申し出")
    .tells("officials.planned", "12:12:40", "console", date="2026-09-14", steps=[{"starts": "08:30", "present": 2}])
    .tells("posts.planned", "12:12:30", "console", starts="12:15", places=[{"staff": "S03", "place": "T2"}])
    .tells("breaks.planned", "12:12:50", "console", breaks=[{"staff": "S03", "start": "12:00", "minutes": 45, "fixed": True},
           {"staff": "S04", "start": "12:45", "minutes": 60}])
    .tells("breaks.planned", "12:12:55", "console", removed=["S04"])
    .tells("lending.permitted", "12:13", "console", terminals=["T3"])
    .tells("terminal.lent", "12:14", "console", terminal="T3", lane="issuance", reason="応援に出した理由")
    .tells("terminal.returned", "12:20", "console", terminal="T3", reason="戻した理由")
    .tells("day.closed", "12:30", "console")
    .tells("day.reopened", "12:40", "console", reason="開け直す理由")
    .tells("day.closed", "17:30", "console")
)  # fmt: skip

# Another value than that of the story, by kind and field or by field; else it follows from the type.
OTHERS: dict[str | tuple[str, str], Any] = {
    "service": "cert_issue", "services": ("card_issuance",), "lane": "application", "terminal": "T8", "terminals": ("T8",),
    "matter": "proxy", "item": "pin_change", "equipment": "integrated_terminal", "post": "chairs", "staff": "S09",
    "substitute": "S08", "by": "S08", "question": "A2", "reading": "venue_day", "duty": "plan", "category": "complaint",
    "outcome": "declined", "remark": "assist", "owner": "S09", "due": "10:02", "decided_by": "site_manager", "allocation": {"T1": "issuance"}, "work": {"photo": 4}, "form": "operations", "months": (),
    "shifts": (), "breaks": (), "steps": (), "places": (), "incident": "I-9", "escalation": "E-9", "ticket": "B099", "until": "09:45", "appointment": "09:08", "role": "general_manager",
    "shift_from": "08:40", "shift_to": "16:40", "status": "absent", "cause": "power", "state": "stopped", "charge": "general_manager",
    "skills": ("registration",), "authority_on": None, "vein_on": None, "pledge_on": None, "head": "weather", "target": "f-00047",
    ("ticket.called", "ends"): "call", ("ticket.finished", "outcome"): "incomplete", ("period.written", "head"): "results", ("total.read", "item"): "issuance_renewal",
    ("posts.planned", "starts"): "12:25", ("checklist.checked", "item"): "signs", ("training.recorded", "item"): "manners", ("vacancy.opened", "staff"): "S07",
}  # fmt: skip

# What no document shows: where it is shown, or why nobody has to read it.
ELSEWHERE = {
    "F4, roster list": {"staff.registered": "deputy"},
    "roster list --json; the import of a 統括責任者 warns where one lacks": {
        "staff.registered": "direct_employee experience"
    },
    "c 点検": {"checklist.checked": "item done"},
    "; 申し送り": {"advice.taken": "terminal lane text", "advice.declined": "reason text"},
    "advice keeps away what was declined until it saves more": {
        "advice.taken": "gain_s",
        "advice.declined": "terminal lane about gain_s",
    },
    "l 記録": {"terminal.returned": "reason unasked", "terminal.lent": "unasked"},
    "every time that the console shows": {"clock.set": "ahead_s"},
    "F8, each submission": {"duty.submitted": "by note"},
    "register export training": {"training.recorded": "done_on"},
}


def other(kind: str, name: str, value: Any) -> Any:
    """Return another value for a field."""
    for key in ((kind, name), name):
        if key in OTHERS:
            return OTHERS[key]
    match value:
        case bool():
            return not value
        case int():
            return value + 1
        case datetime():
            return value + timedelta(minutes=7)
        case date():
            return value + timedelta(days=1)
        case str():
            return f"{value}外"
        case tuple():
            return tuple(f"{x}外" if isinstance(x, str) else x.replace(count=x.count + 1) for x in value)
    return None


@cache
def columns(which: Which) -> dict[str, set[str]]:
    """Return the columns of each table that the shipped layout of a document prints, and the text of its frames."""
    found: dict[str, set[str]] = {}
    document, *_ = layout_of(SITE, which, DAY_DATA if which == "day" else PERIOD_DATA)
    for section in (x for sheet in document.sheets for x in sheet.sections):
        keys = {c.key.removesuffix(".*") for c in section.columns} | {section.lines_of}
        found.setdefault(section.table, set()).update(keys)
    return found


def printed(which: Which, tables: Mapping[str, TableSpec[Any]], record: Any) -> dict[str, list[dict[str, Any]]]:
    """Return the cells of a document: what stands in no column of its layout is read by nobody."""
    held = columns(which)
    return {
        name: [
            {k: v for k, v in row.items() if not {k, k.partition(".")[0]}.isdisjoint(held[name])}
            for row in table.make(record, SITE).rows
        ]
        for name, table in tables.items()
        if name in held
    }


def outputs(entries: list[Entry]) -> Iterator[str]:
    """Yield what is made of the facts, the cheapest first."""
    floor, register = fold(SITE, MONDAY, entries), fold_register(entries)
    record, calendar = day_record(floor, register, None, revision=floor.revision), register.calendar(SITE)
    yield repr((printed("day", DAY_TABLES, record), day_facts(record, SITE)))
    yield repr((tables_csv(record), record.to_json()))
    span, expected = reports.month_of(MONDAY), forecast(reports.shipped_forecast(SITE), SITE, register, MONDAY)
    p = period_record(
        lambda *_: [], SITE, register, calendar, span.first, span.last, expected,
        key=span.key, as_of=MONDAY, began=MONDAY, next_last=span.next_last,
    )  # fmt: skip
    registered = {n: t for n, t in PERIOD_TABLES.items() if n in REGISTERED}
    yield repr((printed("month", registered, p), printed("contract", registered, p), period_facts(p, SITE)))
    for time in ("09:23", "10:10", "11:13", "17:20"):
        then = [e for e in entries if e.fact.at <= instant(time)]
        board, known = fold(SITE, MONDAY, then), fold_register(then)
        info = known.calendar(SITE).day_info(MONDAY)
        yield repr(status(board, known, info, instant(time), Head(1, ""), MONDAY))


# Tables of a period that are made of what outlives a day; the others add up the days, whose tables come before.
REGISTERED = ("incidents", "duties", "owed", "meetings", "questions", "agreed", "devices", "lacks", "forecast", "remaining",
              *(n for n in PERIOD_TABLES if n.startswith("words_")))  # fmt: skip


def test_every_field_of_every_fact_is_read() -> None:
    entries = STORY.entries()
    assert {e.kind for e in entries} == set(KINDS)
    assert STORY.anomalies() == {}
    base = list(outputs(entries))
    written = "".join(base)
    read: dict[tuple[str, str], bool] = {}
    for n, e in enumerate(entries):
        for name, _ in own(e.kind):
            value = getattr(e.fact, name)
            if read.get((e.kind, name)):
                continue
            if isinstance(value, str) and not value.isascii():  # a text of its own: it stands there, or not
                read[e.kind, name] = value in written
                continue
            changed: Fact = e.fact.replace(**{name: other(e.kind, name, value)})
            found = outputs([*entries[:n], e._replace(fact=changed), *entries[n + 1 :]])
            read[e.kind, name] = changed != e.fact and any(a != b for a, b in zip(found, base, strict=True))
    told = [(kind, name) for shown in ELSEWHERE.values() for kind, names in shown.items() for name in names.split()]
    assert sorted(key for key, seen in read.items() if not seen) == sorted(told)


def test_the_texts_of_the_story_are_told_apart() -> None:
    texts = [v for e in STORY.entries() for v in e.fact.fields().values() if isinstance(v, str) and not v.isascii()]
    assert [a for n, a in enumerate(texts) if any(a in b for m, b in enumerate(texts) if m != n)] == []
