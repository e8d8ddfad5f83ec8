"""JSON of machines: snapshots rewritten in place, mappings, lines of events; half written is not yet wrong."""

from __future__ import annotations

import json
import time
from datetime import timedelta
from pathlib import Path

import pytest

from floorctl.intake.sources.json_rows import NotYet
from floorctl.intake.sources.table import DoesNotFit
from floorctl.models.site.site import Site
from tests.sources import MODIFIED, Machine, briefly

SNAPSHOT = """
form = "json"
rows = "queues"
columns = { lane = "queueId", waiting = "counts.waiting", time = "/lastUpdated" }
facts = [{ kind = "queue.counted", when = { open = "true" } }]
codes.lane = { "3" = "certificate", "4" = "issuance" }
"""


def snapshot(at: str, *waiting: int, opened: bool = True) -> str:
    queues = [{"queueId": 3 + n, "counts": {"waiting": w}, "open": opened} for n, w in enumerate(waiting)]
    return json.dumps({"lastUpdated": at, "queues": queues}, indent=1)


@pytest.fixture
def board(site: Site, tmp_path: Path) -> Machine:
    return Machine(SNAPSHOT, site, tmp_path, "queues.json")


def test_rows_of_a_document_know_what_stands_around_them(board: Machine) -> None:
    found = board.facts(snapshot("2026-09-14T00:05:00Z", 8, 2))
    assert [(f.id, f.fields()) for f in found] == [
        ("20260914.3.counted.090500", {"lane": "certificate", "waiting": 8}),
        ("20260914.4.counted.090500", {"lane": "issuance", "waiting": 2}),
    ]
    assert board.facts(snapshot("2026-09-14T00:05:00Z", 8, opened=False)) == []


def test_a_document_that_is_being_written_is_waited_for(board: Machine) -> None:
    """Half a document says nothing while it may go on; one that stays so is said."""
    whole = snapshot("2026-09-14T09:05:00+09:00", 8)
    assert board.grown(whole[:40]) == []
    assert board.reader.waits
    with pytest.raises(NotYet, match="JSON として読めません"):
        board.grown(whole[:40], still=True)
    assert briefly(board.grown(whole)) == ["queue.counted certificate 09:05:00"]
    assert not board.reader.waits
    assert board.grown("") == []


def test_a_snapshot_that_says_the_same_again_is_no_new_fact(board: Machine) -> None:
    first, second = snapshot("2026-09-14T09:05:00+09:00", 8, 2), snapshot("2026-09-14T09:06:00+09:00", 8, 3)
    assert len(board.grown(first)) == 2
    assert board.grown(first) == []
    assert briefly(board.grown(second)) == ["queue.counted certificate 09:06:00", "queue.counted issuance 09:06:00"]


def test_a_snapshot_without_a_time_has_that_of_its_file(site: Site, tmp_path: Path) -> None:
    machine = Machine(
        SNAPSHOT.replace(', time = "/lastUpdated"', "").replace('counted"', 'counted", at = "file"'), site, tmp_path
    )
    text = snapshot("", 8)
    assert briefly(machine.grown(text)) == ["queue.counted certificate 10:00:30"]
    assert briefly(machine.grown(text, modified=MODIFIED + timedelta(minutes=1))) == [
        "queue.counted certificate 10:01:30"
    ]


@pytest.mark.parametrize(
    ("rows", "columns", "document"),
    [
        ("queues.*", 'lane = "*", waiting = "n"', {"queues": {"certificate": {"n": 3}, "issuance": {"n": "4人"}}}),
        ("queues", 'lane = "*", waiting = "."', {"queues": {"certificate": 3, "issuance": 4}}),
        ("", 'lane = "*", waiting = "."', {"certificate": 3, "issuance": 4}),
        ("", "lane = 1, waiting = 2", [["certificate", 3], ["issuance", 4.0]]),
        ("a.b", 'lane = "x.y", waiting = "z.2"', {"a": {"b": [{"x": {"y": "certificate"}, "z": [0, 3]}, {"x.y": "issuance", "z": [0, 4]}]}}),
    ],
)  # fmt: skip
def test_rows_of_other_shapes(site: Site, tmp_path: Path, rows: str, columns: str, document: object) -> None:
    machine = Machine(
        f'form = "json"\nrows = "{rows}"\ncolumns = {{ {columns} }}\nfacts = [{{ kind = "queue.counted", at = "file" }}]',
        site,
        tmp_path,
    )
    assert [f.fields() for f in machine.facts(json.dumps(document))] == [
        {"lane": "certificate", "waiting": 3},
        {"lane": "issuance", "waiting": 4},
    ]


def test_a_document_alone_is_one_row(site: Site, tmp_path: Path) -> None:
    machine = Machine(
        'form = "json"\ncolumns = { persons = "hall.count", time = "at" }\nfacts = [{ kind = "visitors.counted" }]',
        site,
        tmp_path,
    )
    (fact,) = machine.facts('{"at": 1789344190, "hall": {"count": 31}}')
    assert (fact.fields(), f"{fact.at:%H:%M:%S}") == ({"persons": 31}, "09:03:10")


def test_a_document_without_the_rows_is_refused(board: Machine) -> None:
    for document in ({"queues": 3}, {"other": []}, 7, "x"):
        with pytest.raises(DoesNotFit, match="rows にあたる一覧がありません"):
            board.found(json.dumps(document))


@pytest.mark.parametrize("opened", [True, 1, "TRUE", "はい"])
def test_a_flag_is_one_however_it_is_written(site: Site, tmp_path: Path, opened: object) -> None:
    machine = Machine(SNAPSHOT.replace('open = "true"', "open = true"), site, tmp_path)
    text = snapshot("2026-09-14T09:05:00+09:00", 8).replace("true", json.dumps(opened, ensure_ascii=False))
    assert len(machine.facts(text)) == 1
    assert machine.facts(text.replace(json.dumps(opened, ensure_ascii=False), "false")) == []


def test_values_that_are_no_single_ones_are_refused(board: Machine) -> None:
    text = snapshot("2026-09-14T09:05:00+09:00", 8, 2).replace('"waiting": 8', '"waiting": [8]')
    assert board.said(text) == [(1, "counts.waiting：1つの値ではありません")]


EVENTS = """
form = "jsonl"
columns = { ticket = "data.ticket.no", service = "data.queue", time = "at" }
facts = [{ kind = "ticket.issued", when = { type = "issued" } }]
codes.service = { "3" = "cert_renewal" }
"""


def test_events_by_line(site: Site, tmp_path: Path) -> None:
    machine = Machine(EVENTS, site, tmp_path)
    event = {"type": "issued", "at": "2026-09-14T09:03:10+09:00", "data": {"ticket": {"no": "B041"}, "queue": 3}}
    lines = [json.dumps(event), "", '{"type": "ping"}', "{", "[1]", "null", json.dumps(event | {"data": None})]
    assert briefly(machine.found("\n".join(lines))) == [
        "ticket.issued B041 09:03:10",
        "行 4 JSON として読めません",
        "行 7 data.ticket.no：番号が空です",
    ]
    assert briefly(machine.grown("\n".join(lines[:1]))) == []
    assert briefly(machine.grown("\n".join(lines[:2]))) == ["ticket.issued B041 09:03:10"]


def test_a_line_may_hold_several_rows(site: Site, tmp_path: Path) -> None:
    machine = Machine(EVENTS.replace('form = "jsonl"', 'form = "jsonl"\nrows = "events"'), site, tmp_path)
    event = {"type": "issued", "at": "2026-09-14T09:03:10+09:00", "data": {"ticket": {"no": "B041"}, "queue": 3}}
    other = {**event, "data": {"ticket": {"no": "B042"}, "queue": 3}}
    found = machine.found(json.dumps({"events": [event, other]}) + "\n{}\n")
    assert [(x.number, y) for x, y in zip(found, briefly(found), strict=True)] == [
        (1, "ticket.issued B041 09:03:10"),
        (1, "ticket.issued B042 09:03:10"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("[" * 1_000_000, id="a million brackets"),
        pytest.param('{"queues":' * 100_000, id="nested mappings"),
        pytest.param('{"queues": [' + "{}," * 3_100_000 + "{}]}", id="millions of rows"),
        pytest.param('{"queues": [{"queueId": ' + "9" * 10_000_000 + "}]}", id="a number of ten million digits"),
    ],
)
def test_no_document_is_without_bound(board: Machine, text: str) -> None:
    began = time.process_time()
    with pytest.raises(DoesNotFit) as refused:
        board.found(text)
    assert time.process_time() - began < 5
    assert len(str(refused.value)) < 200


def test_a_document_that_is_deep_and_whole_gives_nothing(board: Machine) -> None:
    """Python 3.11 cannot read it; later ones can, and find one row without a known value."""
    text = '{"queues": [' * 900 + "1" + "]}" * 900
    try:
        facts = board.found(text)
    except DoesNotFit as refused:
        assert len(str(refused)) < 200
    else:
        assert facts == []


@pytest.mark.parametrize(
    "text", ["[" * 60_000, "9" * 60_000, '{"at": ' + "9" * 5000 + "}", '{"a":' * 900 + "1" + "}" * 900]
)
def test_no_line_is_without_bound(site: Site, tmp_path: Path, text: str) -> None:
    machine = Machine(EVENTS, site, tmp_path)
    event = {"type": "issued", "at": "2026-09-14T09:03:10+09:00", "data": {"ticket": {"no": "B041"}, "queue": 3}}
    assert briefly(machine.found(f"{text}\n{json.dumps(event)}\n"))[-1] == "ticket.issued B041 09:03:10"


NESTED = """
form = "json"
rows = "desks.*.visits.*.history"
columns = { time = "t", ticket = "^.no", terminal = "^.^.*", event = "s" }
facts = [{ kind = "ticket.called", when = { event = "C" } }, { kind = "ticket.finished", when = { event = "E" } }]
"""


def test_rows_within_rows_know_the_rows_around_them(site: Site, tmp_path: Path) -> None:
    machine = Machine(NESTED, site, tmp_path, "desks20260914.json")
    visits = [
        {"no": "B041", "history": [{"s": "C", "t": "9:05"}, {"s": "E", "t": "9:09"}]},
        {"no": "B042", "history": []},
        {"no": "B043"},
        {"no": "B044", "history": [{"s": "C", "t": "9:10"}]},
    ]
    found = machine.facts(json.dumps({"desks": {"T1": {"visits": visits}, "T2": {"visits": []}, "T3": {}}}))
    assert briefly(found) == [
        "ticket.called B041 09:05:00",
        "ticket.finished B041 09:09:00",
        "ticket.called B044 09:10:00",
    ]
    assert {getattr(x, "terminal", "") for x in found} == {"T1"}
    with pytest.raises(DoesNotFit, match="rows"):
        machine.found(json.dumps({"others": []}))


NOW = """
form = "json"
rows = "desks"
arrivals = "call"
columns = { id = ".", ticket = ".", service = { value = "cert_renewal" }, terminal = "*", at = "/updated" }
facts = [{ kind = "ticket.called" }]
leave_out = [{ ticket = "" }]
"""


def test_a_board_of_the_numbers_served_now_tells_each_call_once(site: Site, tmp_path: Path) -> None:
    machine = Machine(NOW, site, tmp_path, "now.json")

    def board(minute: int, **desks: str) -> list[str]:
        text = json.dumps({"updated": f"2026-09-14T09:{minute:02d}:00+09:00", "desks": desks})
        return [x for x in briefly(machine.grown(text)) if x.startswith("ticket.called")]

    assert board(10, T1="B041", T2="") == ["ticket.called B041 09:10:00"]
    assert board(11, T1="B041", T2="") == []
    assert board(12, T1="B041", T2="B042") == ["ticket.called B042 09:12:00"]
    assert board(13, T1="B043", T2="B042") == ["ticket.called B043 09:13:00"]
