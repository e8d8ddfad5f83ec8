"""Contract 1 ingest, 2: which lines a feed may have, what is refused and what is said about it."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from contract_cli import DAY, JAPANESE, Result, at, refuses, run
from contract_facts import LEAST, Fact, called, fact, issued, jsonl, opened, rows
from contract_steps import facts_in, feed, ingest, lane, log, status, totals
from contract_words import ITEMS, LANES, MATTERS, MY_NUMBER, SERVICES, STATUSES

GOOD = {"id": "good-1", "at": at("09:00"), "kind": "ticket.issued", "ticket": "B001", "service": "cert_renewal"}


def line(**fields: object) -> bytes:
    return json.dumps(fields, ensure_ascii=False).encode()


def with_(**fields: object) -> bytes:
    """The good line with some fields changed."""
    return line(**{**GOOD, "id": "bad-1", **fields})


def without(*names: str) -> bytes:
    return line(**{k: v for k, v in GOOD.items() if k not in names})


def refused_lines(result: Result) -> list[int]:
    """The line numbers that stderr names, each on a line of its own with a reason in Japanese."""
    numbers = []
    for said in result.err.splitlines():
        number = re.search(r"\d+", said)
        assert number, said
        assert JAPANESE.search(said[number.end() :]), said
        numbers.append(int(number[0]))
    return numbers


def refuses_each(db: Path, lines: list[bytes], values: list[str] | None = None) -> Result:
    """Every line is refused, by number and reason, none of the values repeated, and the good line after them is kept."""
    result = ingest(db, b"".join(x + b"\n" for x in lines) + line(**GOOD) + b"\n")
    kept = [x for n, x in enumerate(lines, 1) if n not in refused_lines(result)]
    assert kept == [], "these should have been refused"
    assert totals(result) == (1, 0, len(lines))
    assert refused_lines(result) == list(range(1, len(lines) + 1))
    assert result.status == 1
    assert [x["id"] for x in log(db)] == ["good-1"]
    for value in values or []:
        assert value not in result.err
    return result


# ---- totals ----------------------------------------------------------------------------------------------------------


def test_totals(db: Path, tmp_path: Path) -> None:
    """«takes in a feed; `--json` prints {"accepted":n,"duplicate":n,"refused":n}»"""
    file = tmp_path / "feed.jsonl"
    file.write_bytes(jsonl(opened(), issued("09:00", "B001")) + b"nonsense\n" + line(**GOOD, extra=1) + b"\n")
    first = run("ingest", file, "--json", db=db)
    assert first.json == {"accepted": 2, "duplicate": 0, "refused": 2}
    assert first.status == 1
    second = run("ingest", file, "--json", db=db)
    assert second.json == {"accepted": 0, "duplicate": 2, "refused": 2}
    assert facts_in(db) == 2


def test_a_clean_feed_says_nothing_on_stderr(db: Path) -> None:
    """Exit status 0: done."""
    result = ingest(db, jsonl(opened(), issued("09:00", "B001")))
    assert (result.status, result.err) == (0, "")


def test_without_json_it_exits_alike(db: Path) -> None:
    """«exit 1 if any was refused, the rest are kept»"""
    assert run("ingest", "-", db=db, stdin=jsonl(opened())).status == 0
    assert run("ingest", "-", db=db, stdin=b"nonsense\n" + line(**GOOD)).status == 1
    assert facts_in(db) == 2


def test_stdin_is_meant_where_no_file_is_named(db: Path) -> None:
    """«`ingest [FILE|-]`»"""
    assert run("ingest", "--json", db=db, stdin=jsonl(opened())).json["accepted"] == 1


def test_a_missing_feed(db: Path) -> None:
    """«1 refused or failed (… a missing feed)»"""
    assert "no-such" in refuses(run("ingest", "no-such.jsonl", "--json", db=db))


def test_an_empty_feed(db: Path) -> None:
    """Nothing in, nothing refused."""
    result = ingest(db, b"")
    assert (result.status, totals(result)) == (0, (0, 0, 0))


# ---- the form of lines -----------------------------------------------------------------------------------------------


def test_blank_lines_and_a_bom_are_skipped(db: Path) -> None:
    """«Blank lines and a BOM are skipped»; line numbers count them."""
    lines = b"\xef\xbb\xbf" + jsonl(opened()) + b"\n   \n\t\n" + jsonl(issued("09:00", "B001")) + b"\nnonsense\n"
    result = ingest(db, lines)
    assert totals(result) == (2, 0, 1)
    assert refused_lines(result) == [7]


def test_crlf(db: Path) -> None:
    """Lines of a Windows adapter."""
    lines = jsonl(opened(), issued("09:00", "B001")).replace(b"\n", b"\r\n") + b"\r\n"
    assert totals(ingest(db, lines)) == (2, 0, 0)


def test_a_last_line_without_newline_counts(db: Path, tmp_path: Path) -> None:
    """«a last line without newline counts»"""
    file = tmp_path / "feed.jsonl"
    file.write_bytes(jsonl(opened(), issued("09:00", "B001")).rstrip(b"\n"))
    assert totals(run("ingest", file, "--json", db=db)) == (2, 0, 0)
    assert totals(ingest(db, line(**GOOD))) == (1, 0, 0)


def test_other_line_separators_stand_inside_a_line(db: Path) -> None:
    """«JSON Lines, one fact a line»: U+2028 and U+0085 inside a string end no line."""
    lines = jsonl(fact("09:00", "terminal.paused", terminal="T3", reason="一\u2028二\u0085三"), issued("09:01", "B001"))
    assert totals(ingest(db, lines)) == (2, 0, 0)


def test_the_next_line_is_read(db: Path) -> None:
    """«Refused lines: … wrong types … The next line is read.»"""
    refuses_each(
        db,
        [
            *b'nonsense { [] "text" 5 null {} \xff\xfe\xfa'.split(),
            b'{"id":"x","at":"2026-09-14T09:00:00+09:00","kind":"\xff"}',
            b"[" * 100_000,
            b'{"a":' * 50_000,
            line(**GOOD)[:-1],
            line(**GOOD) + line(**GOOD),
            with_(cards=10**30),
            b'{"id":"x","at":"2026-09-14T09:00:00+09:00","kind":"ticket.issued","ticket":"B1","service":"other","cards":1e400}',
            b'{"id":"x","at":"2026-09-14T09:00:00+09:00","kind":"ticket.issued","ticket":"B1","service":"other","cards":NaN}',
            b"1" * 5_000,
        ],
    )


def test_surrogates_neither_stop_nor_garble(db: Path) -> None:
    r"""A lone \ud800 is no text: refused or cleaned, and the next line is read."""
    bad = b'{"id":"x","at":"%s","kind":"terminal.paused","terminal":"T3","reason":"a\\ud800b"}' % at("09:00").encode()
    result = ingest(db, bad + b"\n" + line(**GOOD))
    accepted, duplicate, refused = totals(result)
    assert (accepted + refused, duplicate) == (2, 0)
    assert accepted >= 1
    assert run("log", db=db, now="10:00").status == 0


# ---- id --------------------------------------------------------------------------------------------------------------


def test_ids(db: Path) -> None:
    """«`id`: `[A-Za-z0-9._:-]{1,64}`»"""
    ids = ["a", "Z" * 64, "m1-000123", "A.b_c:d-9", "-", "621498320257", "2026-09-14T09:00"]
    lines = jsonl(*[issued("09:00", f"B{n:03}", id=i) for n, i in enumerate(ids)])
    assert totals(ingest(db, lines)) == (len(ids), 0, 0), "the guard does not look at `id`"


def test_wrong_ids(db: Path) -> None:
    """«`id`: `[A-Za-z0-9._:-]{1,64}`»: everything else is refused."""
    wrong = ["", "a" * 65, "a b", "a/b", "a\n", "ａ", "番号", "a\u0000", 5, 1.0, True, None, [], {}]
    refuses_each(db, [with_(id=i) for i in wrong] + [without("id")])


# ---- duplicates ------------------------------------------------------------------------------------------------------


def test_a_duplicate_changes_nothing(db: Path) -> None:
    """«A line whose (source, id) is in the file already is a duplicate and changes nothing»"""
    assert totals(ingest(db, line(**GOOD) + b"\n" + line(**GOOD))) == (1, 1, 0)
    before = db.read_bytes()
    again = ingest(db, line(**dict(reversed(GOOD.items()))))
    assert totals(again) == (0, 1, 0)
    assert (again.status, again.err) == (0, ""), "the same content in another order of fields is the same"
    assert db.read_bytes() == before


def test_a_differing_duplicate_is_said_and_the_first_stands(db: Path) -> None:
    """«if its content differs, that is said on stderr and the first stands»"""
    ingest(db, line(**GOOD))
    again = ingest(db, line(**{**GOOD, "ticket": "B002"}))
    assert totals(again) == (0, 1, 0)
    assert again.status == 0
    assert JAPANESE.search(again.err)
    assert "1" in again.err
    assert [x["data"]["ticket"] for x in log(db)] == ["B001"]


def test_a_differing_duplicate_within_one_feed(db: Path) -> None:
    """«if its content differs, that is said on stderr and the first stands»"""
    result = ingest(db, line(**GOOD) + b"\n" + line(**{**GOOD, "at": at("09:05")}))
    assert totals(result) == (1, 1, 0)
    assert result.err.strip()
    assert [x["at"] for x in log(db)] == [at("09:00")]


def test_ids_are_unique_within_their_source(db: Path) -> None:
    """«unique within its source»: the same id from another source is another fact."""
    feed(db, opened(id="1"), source="machine")
    feed(db, issued("09:00", "B001", id="1"), source="desk")
    assert facts_in(db) == 2
    assert [(x["source"], x["id"]) for x in log(db)] == [("machine", "1"), ("desk", "1")]


def test_the_source_is_feed_by_default(db: Path, tmp_path: Path) -> None:
    """«`--source` defaults to `feed`, for files, stdin and the console alike»"""
    file = tmp_path / "machine.jsonl"
    file.write_bytes(jsonl(opened()))
    assert run("ingest", file, db=db).status == 0
    feed(db, issued("09:00", "B001"))
    assert totals(ingest(db, file.read_bytes())) == (0, 1, 0)
    assert {x["source"] for x in log(db)} == {"feed"}


def test_ticket_numbers_are_unique_over_all_sources(db: Path) -> None:
    """«Ticket numbers are unique in a day over all sources»: the second issue does not fit."""
    feed(db, opened(), issued("09:00", "B001"), source="machine")
    feed(db, issued("09:05", "B001"), source="desk")
    document = status(db, "09:10")
    assert lane(document, "certificate")["waiting"] == 1
    assert document["anomalies"] == 1


def test_ticket_numbers_are_unique_in_a_day_only(db: Path) -> None:
    """«unique in a day»"""
    feed(db, issued("09:00", "B001"), issued("2026-09-15T09:00:00+09:00", "B001"))
    assert [status(db, f"2026-09-{d}T10:00")["anomalies"] for d in (14, 15)] == [0, 0]


# ---- refused ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "kind",
    [
        "ticket.exploded",
        "Ticket.issued",
        "",
        "incident.opened",
        "incident.reported",
        "incident.noted",
        "incident.closed",
        "retracted",
        "memo.written",
        "day.reopened",
        "calendar.changed",
        "ruling.made",
        "duty.submitted",
    ],
)
def test_kinds_that_no_feed_may_bring(db: Path, kind: str) -> None:
    """«Refused lines: unknown kinds …, `incident.*` and `retracted`»: the kinds of 2 alone."""
    own = {
        "incident.opened": {"incident": "I-1", "category": "other", "summary": "x"},
        "incident.reported": {"incident": "I-1"},
        "incident.noted": {"incident": "I-1", "text": "x"},
        "incident.closed": {"incident": "I-1"},
        "retracted": {"target": "good-1", "target_source": "feed"},
        "memo.written": {"text": "x"},
    }
    bare = {"id": "bad-1", "at": at("09:00"), "kind": kind}
    refuses_each(db, [line(**bare, **own.get(kind, {})), line(**bare)])


def test_kinds_are_text(db: Path) -> None:
    """«unknown kinds … wrong types»"""
    refuses_each(db, [with_(kind=k) for k in (None, 5, [], {}, True)] + [without("kind")])


def test_times(db: Path) -> None:
    """«Refused lines: … times without offset»; «all times are ISO 8601 with an offset»"""
    wrong = [
        "2026-09-14T09:00:00",
        "2026-09-14",
        "2026-09-14 09:00",
        "09:00",
        "",
        "now",
        "2026-02-30T09:00:00+09:00",
        "2026-09-14T25:00:00+09:00",
        "0001-01-01T00:00:00+09:00",
        "9999-12-31T23:59:59-12:00",
        1789344000,
        "1789344000",
        None,
        True,
        [],
    ]
    refuses_each(db, [with_(at=a) for a in wrong] + [without("at")])


def test_times_with_any_offset(db: Path) -> None:
    """«ISO 8601 with an offset»: Z and other offsets are offsets, a fraction of a second is no harm."""
    times = [
        "2026-09-14T00:00:00Z",
        "2026-09-13T20:00:00-04:00",
        "2026-09-14T09:00:00.250+09:00",
        "2026-09-14T09:00+09:00",
    ]
    assert totals(ingest(db, jsonl(*[issued(t, f"B{n:03}") for n, t in enumerate(times)]))) == (4, 0, 0)
    assert {x["at"] for x in log(db)} == {at("09:00")}, "seconds are whole, floored"


BASE: dict[str, Fact] = {**LEAST, "day.opened": {"allocation": {"T1": "issuance"}, "officials": 2}}


@pytest.mark.parametrize("kind", BASE)
def test_the_least_that_each_kind_needs(db: Path, kind: str) -> None:
    """The table of 2: fields with a default may be left out, the others not, and no field may be added."""
    good = {"id": "ok-1", "at": at("09:00"), "kind": kind, **BASE[kind]}
    assert totals(ingest(db, line(**good))) == (1, 0, 0)
    optional = {"allocation", "officials"} if kind == "day.opened" else set()
    lacking = [{k: v for k, v in good.items() if k != name} for name in BASE[kind] if name not in optional]
    wrong = [line(**{**x, "id": "bad-1"}) for x in [*lacking, {**good, "surplus": 1}, {**good, "reasons": ""}]]
    result = ingest(db, b"\n".join(wrong))
    assert totals(result) == (0, 0, len(wrong))
    assert refused_lines(result) == list(range(1, len(wrong) + 1))


# Fields that make the least of a kind wrong, one at a time.
WRONG = rows("""
    day.opened: allocation={"T9":"issuance"} allocation={"T1":"kitchen"} allocation={"T1":1} allocation={"T1":null}
        allocation=[] allocation=T1 allocation=null officials="2" officials=2.0 officials=true officials=null
    ticket.issued: service=haircut service=CERT_RENEWAL service=null service=5 ticket=41 ticket=null ticket=""
        ticket=["B001"] cards="2" cards=2.0 cards=true cards=null cards=[2] appointment=25:00 appointment=9:00
        appointment=09:60 appointment=09:00:00 appointment=朝9時 appointment=900 appointment=2026-09-14T09:00:00+09:00
        assist=yes assist="true" assist=1 assist=null wraps=1 wraps=null no_arrival="true"
    ticket.called: terminal=T9 terminal=t3 terminal=3 ticket=1 ends=finish ends=null ends=true
    ticket.recalled: terminal=T9 ticket=1 ends=call
    ticket.finished: terminal=T9 outcome=finished outcome=DONE outcome=approved outcome=null outcome=1
        work={"haircut":1} work={"photo":"1"} work={"photo":1.0} work={"photo":true} work={"photo":null}
        work=["photo"] work=photo work=null
    ticket.transferred: service=haircut service=null
    queue.counted: lane=kitchen lane=null waiting="3" waiting=3.0 waiting=true waiting=null
    terminal.assigned: lane=kitchen lane=1 terminal=T9 reason=5 reason=["x"]
    terminal.lent: lane=kitchen lane=1 lane=null terminal=T9 reason=5 reason=["x"]
    terminal.returned: terminal=T9 terminal=null reason=5
    lending.permitted: terminals=["T9"] terminals=T3 terminals=null terminals=[3]
    terminal.staffed: terminal=T9 staff=1 staff=true staff=["S01"]
    terminal.paused: terminal=T9 reason=5
    terminal.resumed: terminal=T9 reason=5
    terminal.failed: terminal=T9 fault=5 reason=x
    terminal.repaired: terminal=T9 fault=5
    escalation.raised: matter=weather matter=null terminal=T9 terminal=3 ticket=5 note=5 escalation=1 escalation=""
    escalation.taken: official=5 escalation=null
    escalation.settled: outcome=maybe outcome=done outcome=null official=5
    reception.stopped: service=haircut reason=5
    reception.resumed: service=haircut reason=5
    officials.changed: present="1" present=1.0 present=true present=null
    staff.changed: status=asleep status=null staff=1 reason=5 until=9:00 until=24:30 until=900
        until=2026-09-14T09:00:00+09:00
    inquiry.counted: count="1" count=1.0 count=true count=null topic=5 topic=null
    work.counted: item=haircut item=null count="1" count=1.0 count=true
    visitors.counted: persons="12" persons=12.0 persons=true persons=null
""")


@pytest.mark.parametrize("kind", WRONG)
def test_wrong_types_and_unknown_codes(db: Path, kind: str) -> None:
    """«Types are strict ("2", "yes", 2.0 are refused). Refused lines: unknown … codes, wrong types»"""
    refuses_each(db, [line(id="bad-1", at=at("09:00"), kind=kind, **{**BASE[kind], **w}) for w in WRONG[kind]])


@pytest.mark.parametrize(
    "right",
    [
        {"kind": "ticket.issued", "cards": 4, "appointment": "09:30", "assist": True},
        {"kind": "ticket.issued", "appointment": None},
        {"kind": "ticket.finished", "outcome": "desk3", "work": {"photo": 2, "pin_reset": 1}},
        {"kind": "terminal.staffed", "staff": None},
        {"kind": "escalation.raised", "terminal": None, "ticket": None},
        {"kind": "escalation.raised", "terminal": "A1", "ticket": "B001", "note": "確認"},
        {"kind": "escalation.settled", "outcome": "approved", "official": "C1"},
        {"kind": "escalation.settled", "outcome": "declined", "official": "C1"},
        {"kind": "escalation.settled", "outcome": "desk3"},
        {"kind": "staff.changed", "status": "on_break", "until": "12:30", "reason": "昼休み"},
        {"kind": "staff.changed", "until": None},
        {"kind": "work.counted", "count": -3},
        {"kind": "queue.counted", "waiting": 0},
        {"kind": "day.opened", "allocation": {}, "officials": 0},
    ],
    ids=str,
)
def test_what_the_table_allows(db: Path, right: Fact) -> None:
    """The table of 2: nulls, defaults, a negative `work.counted`."""
    assert totals(ingest(db, line(id="ok-1", at=at("09:00"), **{**BASE[right["kind"]], **right}))) == (1, 0, 0)


@pytest.mark.parametrize(
    ("kind", "field", "codes"),
    [
        ("staff.changed", "status", STATUSES),
        ("escalation.raised", "matter", MATTERS),
        ("work.counted", "item", ITEMS),
        ("ticket.issued", "service", [code for code, *_ in SERVICES]),
        ("ticket.finished", "outcome", ["done", "incomplete", "desk3"]),
        ("queue.counted", "lane", LANES),
    ],
)
def test_every_code_of_kumagaya_is_known(db: Path, kind: str, field: str, codes: list[str]) -> None:
    """«Site Kumagaya …»: the codes of services, lanes, matters, work items, and the closed sets."""
    lines = [line(id=f"ok-{n}", at=at("09:00"), kind=kind, **{**BASE[kind], field: c}) for n, c in enumerate(codes)]
    assert totals(ingest(db, b"\n".join(lines))) == (len(codes), 0, 0)


@pytest.mark.parametrize("official", [{}, {"official": ""}])
@pytest.mark.parametrize("outcome", ["approved", "declined"])
def test_only_the_city_decides(db: Path, outcome: str, official: Fact) -> None:
    """«Refused lines: … `approved`/`declined` without `official`»"""
    refuses_each(
        db, [line(id="b", at=at("09:00"), kind="escalation.settled", escalation="X1", outcome=outcome, **official)]
    )


FREE_TEXT = [
    ("terminal.assigned", "reason"),
    ("terminal.lent", "reason"),
    ("terminal.returned", "reason"),
    ("terminal.paused", "reason"),
    ("terminal.resumed", "reason"),
    ("terminal.failed", "fault"),
    ("terminal.repaired", "fault"),
    ("escalation.raised", "note"),
    ("reception.stopped", "reason"),
    ("reception.resumed", "reason"),
    ("staff.changed", "reason"),
    ("inquiry.counted", "topic"),
]
PERSONAL = [
    MY_NUMBER,
    f"番号は{MY_NUMBER}です",
    "6214 9832 0257",
    "６２１４９８３２０２５７",
    "0485-24-1111 に電話",
    "taro.yamada@example.jp",
    "暗証番号は1234",
    "AB12345678CD",
]


@pytest.mark.parametrize(("kind", "field"), FREE_TEXT)
def test_personal_data_in_free_text(db: Path, kind: str, field: str) -> None:
    """«Refused lines: … personal data in any free text»; «never echoing the line's values»"""
    lines = [line(id="b", at=at("09:00"), kind=kind, **{**BASE[kind], field: text}) for text in PERSONAL]
    refuses_each(db, lines, PERSONAL)
    assert not any(text.encode() in db.read_bytes() for text in PERSONAL)


@pytest.mark.parametrize(("kind", "field"), FREE_TEXT)
def test_ordinary_text(db: Path, kind: str, field: str) -> None:
    """Accept what people do write: dates, times, counts, numbers of tickets."""
    texts = ["混雑のため", "2026-09-14 10:05 から", "1,234件", "B041 の方", "3番窓口へ", "10時30分まで", ""]
    texts = texts[:-1] if field == "topic" else texts
    lines = [line(id=f"k{n}", at=at("09:00"), kind=kind, **{**BASE[kind], field: t}) for n, t in enumerate(texts)]
    assert totals(ingest(db, b"\n".join(lines))) == (len(texts), 0, 0)


def test_the_guard_does_not_look_at_ids_times_kinds_and_codes(db: Path) -> None:
    """«the guard does not look at `id`, `at`, `kind` or codes»"""
    good = [
        issued("09:00", "B001", id=MY_NUMBER),
        fact("2026-09-14T09:00:00.123456+09:00", "terminal.paused", id="2026091400012345", terminal="T3"),
        fact("09:00", "terminal.staffed", id="AB12345678CD", terminal="T3", staff="S01"),
    ]
    assert totals(ingest(db, jsonl(*good))) == (3, 0, 0)


def test_a_refusal_never_echoes_the_lines_values(db: Path) -> None:
    """«refused lines go to stderr with line number and reason, never echoing the line's values»"""
    secrets = ["ひみつ-kind", "ひみつ-id", "ひみつ-at", "ひみつ-code", "ひみつ-key", "himitsu"]
    lines = [
        with_(kind=secrets[0]),
        with_(id=secrets[1]),
        with_(at=secrets[2]),
        with_(service=secrets[3]),
        with_(**{secrets[4]: 1}),
        with_(cards=secrets[5]),
        with_(appointment=secrets[5]),
        line(id="b", at=at("09:00"), kind="day.opened", allocation={secrets[5]: secrets[3]}),
        line(id="b", at=at("09:00"), kind="ticket.finished", ticket="B1", terminal="T3", work={secrets[5]: 1}),
        b"himitsu himitsu",
        b'{"id": "himitsu", "at": himitsu}',
    ]
    refuses_each(db, lines, secrets)


def test_refused_lines_anywhere(db: Path) -> None:
    """«refused lines go to stderr with line number»: the numbers of the file, over more than one batch."""
    lines = [
        line(id=f"k{n}", at=at("09:00"), kind="ticket.issued", ticket=f"B{n}", service="other") for n in range(1, 1502)
    ]
    wrong = [1, 499, 500, 501, 777, 1000, 1500, 1501]
    for n in wrong:
        lines[n - 1] = b"nonsense"
    result = ingest(db, b"\n".join(lines))
    assert refused_lines(result) == wrong
    assert totals(result) == (1493, 0, 8)


def test_any_day_may_be_taken_in(db: Path) -> None:
    """«Any day may be taken in by feed and shown»: Sundays, before and after the contract."""
    for day in ("2026-09-13", "2020-01-06", "2035-05-05"):
        feed(db, issued(f"{day}T10:00:00+09:00", "B001"))
        document = status(db, f"{day}T10:05:00+09:00")
        assert (document["day"], document["anomalies"], lane(document, "certificate")["waiting"]) == (day, 0, 1)
    assert status(db, "10:00")["day"] == DAY


def test_called_line_of_the_contract(db: Path) -> None:
    """The example of 2, word by word."""
    example = '{"id":"m1-000123","at":"2026-09-14T09:03:10+09:00","kind":"ticket.issued","ticket":"B041","service":"cert_renewal"}'
    assert totals(ingest(db, example.encode())) == (1, 0, 0)
    feed(db, called("09:04", "B041"))
    assert lane(status(db, "09:05"), "certificate")["waiting"] == 0
