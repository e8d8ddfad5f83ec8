"""Nothing of a refused text is anywhere: not in the file, its journal or a backup, not in what is printed, nor after a fault.

The corpus of what is refused and what passes is common/test_privacy.py; here it is tried at every door (仕様書 12, SPEC 3.3).
"""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal, Union

import pytest

from floorctl.commands.decide import DECIDE
from floorctl.common.constraints import Chars, Shape, shapes
from floorctl.common.errors import FloorctlError
from floorctl.common.frozen import Record
from floorctl.common.privacy import PersonalData, check_all
from floorctl.intake.feed import Intake
from floorctl.models.facts import kinds as ev
from floorctl.models.facts.fact import free_texts
from floorctl.models.site.site import Site
from floorctl.usecases.imports import import_roster
from tests.contract.contract_cli import run
from tests.house.test_layers import tree
from tests.story import MONDAY, Desk, a_day, numbered
from tests.terminal import ROOT, Console

# One number in the spellings of SPEC 3.3; every one is sought by any six characters of it that stand together.
NUMBER = "621498320257"
SPELLINGS = {
    "plain": NUMBER,
    "full width": "６２１４９８３２０２５７",
    "kanji": "六二一四九八三二〇二五七",
    "look-alike hyphens": "6214–9832―0257",
    "spaces": "6214　9832 0257",
    "invisible": "6214\u200b9832\u20600257",
    "mail": "sakurai.taro@example.jp",
    "pin": "暗証番号は9832",
}


def traces(text: str) -> list[bytes]:
    """Return what would give a text away: its words, and any six characters of a word that is long."""
    words = [w for w in re.split(r"[\s\u200b\u2060–―は]+", text) if w not in ("暗証番号", "6214")]
    pieces = {w[i : i + 6] for w in words for i in range(max(1, len(w) - 5))}
    return [p.encode() for p in pieces if len(p) >= 4]


# Hashes, and the microseconds at which the file's schema was made: any four digits stand in some of them by chance.
_CHANCE = re.compile(rb"[0-9a-f]{64,}|:[0-9]{2}\.[0-9]{6}\+00:00")


def found_in(folder: Path, text: str, *but: Path) -> list[str]:
    """The files of a folder that hold a trace of a text. ``but``: what was handed in."""
    places = [p for p in folder.rglob("*") if p.is_file() and p not in but]
    assert places
    sought = traces(text)

    def holds(whole: bytes) -> bool:
        return any(t in whole for t in sought)

    read = {p.name: p.read_bytes() for p in places}
    return [name for name, whole in read.items() if holds(whole) and holds(_CHANCE.sub(b"", whole))]


# ---- which fields are texts


def strings(model: type[Record]) -> Iterator[tuple[str, Any]]:
    """The fields of a model that may hold a string, with what is known of its form (a pattern, a choice), if anything."""

    def forms(found: Shape) -> Iterator[Any]:
        if found.base in (Union, tuple, dict):
            for inner in found.inner:
                yield from forms(inner)
        elif found.base is Literal:
            yield "a choice"
        elif found.base is str:
            yield (found.mark(Chars) or Chars()).pattern
        elif issubclass(found.base, Record):
            for _, form in strings(found.base):
                yield form

    for name, found in shapes(model).items():
        for form in forms(found):
            yield name, form


def test_every_field_that_takes_any_text_is_guarded() -> None:
    """A field is read by the guard, or its form leaves no room: a code, a choice, a time, a month."""
    open_fields = {(kind, name) for kind, model in ev.KINDS.items() for name, form in strings(model) if form is None}
    guarded = {(kind, name) for kind in ev.KINDS for name in free_texts(kind)}
    assert open_fields - guarded == set()
    assert {("report.written", "lines"), ("period.written", "lines"), ("total.read", "note")} <= open_fields
    assert ("meeting.held", "heads") in open_fields


def test_every_form_that_may_hold_a_number_is_known() -> None:
    """Of the fields that the guard does not read, those whose form would let twelve digits through are codes and ids."""
    roomy = {
        name
        for kind, model in ev.KINDS.items()
        for name, form in strings(model)
        if form not in (None, "a choice") and name not in free_texts(kind) and re.search(form, NUMBER)
    }
    assert roomy == {
        "id", "target", "target_source", "staff", "substitute", "official", "by",
        "service", "services", "lane", "terminal", "terminals", "matter", "item", "equipment", "post", "duty", "reading",
        "head", "work", "allocation", "shifts", "skills", "places", "breaks", "removed",
        "memo", "memo_source", "owner", "remark",
    }  # fmt: skip


# ---- by command, field by field

REQUIRED: dict[str, Any] = {
    "ticket": "B001", "terminal": "T3", "terminals": ("T3",), "lane": "issuance", "service": "cert_renewal", "matter": "fee", "staff": "S01",
    "escalation": "E-1", "incident": "I-1", "outcome": "withdrawn", "status": "late", "present": 2, "post": None,
    "item": "photo", "count": 1, "topic": "場所", "means": "筆談", "desk": "税", "persons": 10, "waiting": 3, "category": "other",
    "summary": "雨漏り", "text": "雨", "role": "worker", "date": MONDAY, "slots": (), "ahead_s": 5, "received": 1, "issued": 1,
    "returned": 0, "left": 0, "equipment": "integrated_terminal", "unit": 1, "state": "failed", "reason": "混雑", "agreed_on": MONDAY,
    "services": ("cert_issue",), "from_at": "2026-09-14T12:00:00+09:00", "until_at": "2026-09-14T13:00:00+09:00",
    "question": "A1", "reading": "business_day", "from_on": MONDAY, "duty": "daily_report", "key": "2026-09-14",
    "form": "daily", "held_on": MONDAY, "done_on": MONDAY, "device": "PC-1", "purpose": "翻訳", "permitted_on": MONDAY,
    "head": "remarks", "of": "2026-09", "meeting": "M-1", "months": ({"month": "2026-09", "cert_renewals": 1, "card_renewals": 1,
    "new_and_reissued": 1},), "target": "x", "starts": "13:00", "memo": "x", "due": "13:00", "remark": "companion",
}  # fmt: skip
CASES = sorted({(kind, field) for kind, model in ev.KINDS.items() for field, _ in strings(model)} - {
    (kind, field) for kind in ev.KINDS for field in ("id", "kind", "outcome", "status", "category", "role", "form", "cause", "state", "charge")
})  # fmt: skip


def put(kind: str, field: str, text: str) -> dict[str, Any]:
    """A wish of a kind with ``text`` in one field, in whatever shape the field has."""
    fields = {n: REQUIRED[n] for n in ev.KINDS[kind].required() if n not in ("id", "at")}
    base = shapes(ev.KINDS[kind])[field].base
    if base is dict:
        fields[field] = {text: "issuance"} if field == "allocation" else {text: 1}
    elif base is tuple:
        fields[field] = (text,)
    else:
        fields[field] = text
    return fields


@pytest.fixture(scope="module")
def hall(tmp_path_factory: pytest.TempPathFactory, site: Site) -> Iterator[Desk]:
    """A day in which every kind of fact finds something to be about."""
    desk = Desk(tmp_path_factory.mktemp("hall") / "floor.db", site).opens()
    desk.hears(a_day().issues("B001", at="08:40").issues("B002", at="08:41"))
    desk.at("09:00")
    desk.does("escalation.raised", matter="fee")
    desk.does("incident.opened", category="other", summary="雨漏り")
    import_roster(desk.session, [{"staff": "S01"}], {"S01": "籠原"})
    yield desk
    desk.close()


@pytest.mark.parametrize(("kind", "field"), CASES)
def test_a_command_keeps_nothing_of_it(hall: Desk, kind: str, field: str) -> None:
    """Whatever becomes of the wish: no spelling of the number is in the file, its journal or the sentence."""
    if kind not in DECIDE:
        pytest.skip("no command writes this kind")
    for text in SPELLINGS.values():
        hall.at("10:00")
        with pytest.raises(FloorctlError) as caught:
            hall.does(kind, **put(kind, field, text))
        assert not [t for t in traces(text) if t in caught.value.sentence.encode()]
        if dict(strings(ev.KINDS[kind]))[field] is None:
            assert isinstance(caught.value, PersonalData)
        assert found_in(hall.path.parent, text) == []


def test_a_number_within_a_line_of_a_plan_is_found(hall: Desk) -> None:
    hall.at("10:00")
    for line in ({"staff": "123456789018", "place": "T1"}, {"staff": "S01", "place": "N123456789018"}):
        with pytest.raises(PersonalData):
            hall.does("posts.planned", starts="13:00", places=[line])
    assert found_in(hall.path.parent, "123456789018") == []


def test_a_number_that_goes_on_in_the_next_line_is_one_number(hall: Desk) -> None:
    refused = [("1234", "5678", "9018"), ("番号 1234", "5678", "9018 を確認"), ("６２１４", "九八三二", "0257")]
    for lines in refused:
        for kind, fields in (
            ("report.written", {"head": "remarks"}),
            ("period.written", {"of": "2026-09", "head": "summary"}),
        ):
            with pytest.raises(PersonalData):
                hall.does(kind, lines=lines, **fields)
    for lines in [
        ("交付 1200件", "更新 3400件"),
        ("T3 停止 12:00", "T3 再開 12:30"),
        ("合計", "120", "34"),
        ("端末 1200", "1030 再開"),
    ]:
        assert check_all(lines, "本文") == lines


def test_a_feed_keeps_nothing_of_it(hall: Desk) -> None:
    """Every text of every kind that a feed may tell, and fields that nobody knows; codes and ids are a machine's."""
    for kind in sorted(set(ev.KINDS) - ev.COMMAND_KINDS):
        for field in (*free_texts(kind), "name"):
            for text in SPELLINGS.values():
                said: list[str] = []
                story = a_day()
                fields = {n: v for n, v in REQUIRED.items() if n in ev.KINDS[kind].names()}
                story.tells(
                    kind, "09:30", **{k: v for k, v in fields.items() if not isinstance(v, tuple)} | {field: text}
                )
                store = hall.session.store
                intake = Intake(store, hall.site, "m", hall.clock, lambda n, why, said=said: said.append(why))
                assert intake.take(numbered(story.feed())).refused == 1, (kind, field, text)
                assert not [t for t in traces(text) if t in "".join(said).encode()]
    for text in SPELLINGS.values():
        assert found_in(hall.path.parent, text) == []


# ---- by the command line


@pytest.fixture
def counter(tmp_path: Path, site: Site) -> Path:
    desk = Desk(tmp_path / "floor.db", site).opens()
    desk.does("incident.opened", category="other", summary="雨漏り")
    desk.close()
    return tmp_path


ANSWERS = {
    "report": 'remarks = ["{}"]',
    "report of one line": 'problems = "{}"',
    "note of a total": '[totals]\nphoto = {{ count = 1, note = "{}" }}',
    "topic": '[topics]\n"{}" = 1',
    "item": '[totals]\n"{}" = 1',
    "key": '"{}" = 1',
    "broken": 'remarks = "{}',
}
TABLES = {
    ("roster", "import"): ["code,surname\nS01,{}\n", "code,role\nS01,{}\n", "code,{}\nS01,1\n", "code,shift\n{},\n", "code\nS01,{}\n"],
    ("appointments", "import"): ["date,time,count\n2026-09-14,09:00,{}\n", "date,time,count\n{},09:00,1\n", "date,time,count,{}\n"],
    ("roster", "shifts", "import"): [
        "code,date,start,end\n{},2026-09-14,8:15,17:15\n", "code,date,start,end\nS01,2026-09-14,{},17:15\n",
        "code,date,shift_code\nS01,2026-09-14,{}\n", "2026年9月\ncode,14\n{},休\n", "2026年9月\ncode,14\nS01,{}\n",
    ],
    ("forecast", "import"): ["month,cert_renewals,card_renewals,new_and_reissued\n2026-09,{},1,1\n", "month,{}\n2026-09,1\n"],
    ("register", "import", "training"): ["staff,item,done_on\nS01,{},2026-09-14\n"],
    ("register", "import", "pledges"): ["staff,pledge_on\nS01,{}\n"],
    ("register", "import", "devices"): ["device,purpose,permitted_on\nPC-1,{},2026-09-14\n", "device,purpose,permitted_on\n{},翻訳,2026-09-14\n"],
}  # fmt: skip


def says_nothing_of(text: str, folder: Path, *args: str, but: tuple[Path, ...] = (), stdin: bytes = b"") -> None:
    result = run(*args, db=folder / "floor.db", now="2026-09-14T10:00", stdin=stdin)
    assert result.status in (1, 2), (args, result)
    assert not [t for t in traces(text) if t in result.raw + result.err.encode()], result
    assert found_in(folder, text, *but) == []


@pytest.mark.parametrize("text", SPELLINGS.values(), ids=SPELLINGS)
def test_the_command_line_keeps_and_repeats_nothing_of_it(counter: Path, text: str) -> None:
    for args in (
        ("assign", "T4", "certificate", "--reason", text),
        ("assign", "T4", text),
        ("assign", text, "certificate"),
        ("do", "terminal.paused", "terminal=T3", "--reason", text),
        ("do", "memo.written", f"text={text}"),
        ("do", "memo.written", f"{text}=x"),
        ("do", "memo.written", text),
        ("do", text),
        ("do", "ticket.finished", "ticket=B001", "terminal=T3", f"work={text}"),
        ("do", "retracted", f"target={text}", "reason=誤り"),
        ("do", "escalation.settled", "escalation=E-1", "outcome=approved", f"official={text}"),
        ("incident", "add", "--category", "other", "--summary", text),
        ("incident", "add", "--category", text, "--summary", "雨"),
        ("incident", "add", "--category", "other", "--summary", "雨", "--terminal", text),
        ("incident", "show", text),
        ("ingest", "-", "--source", text),
        ("log", "--date", text),
        ("close", "--date", text),
        ("export", "--encoding", text),
        ("doctor", "--head", text),
        ("status", f"--{text}"),
        (text,),
    ):
        says_nothing_of(text, counter, *args)


@pytest.mark.parametrize("text", SPELLINGS.values(), ids=SPELLINGS)
def test_files_that_are_handed_in_leave_nothing_of_it(counter: Path, text: str) -> None:
    handed = counter / "handed.csv"
    for verb, tables in TABLES.items():
        for table in tables:
            handed.write_text(table.format(text), encoding="utf-8")
            says_nothing_of(text, counter, *verb, str(handed), but=(handed,))
    for shape in ANSWERS.values():
        handed.write_text(shape.format(text), encoding="utf-8")
        says_nothing_of(text, counter, "close", "--answers", str(handed), but=(handed,))


def test_a_file_of_answers_that_never_ends_is_not_read_to_its_end(counter: Path) -> None:
    with (counter / "big.toml").open("wb") as file:
        file.truncate(1 << 40)
    result = run("close", "--answers", counter / "big.toml", db=counter / "floor.db", now="2026-09-14T17:20")
    assert (result.status, "大きすぎます" in result.err) == (1, True)


# ---- after a fault of ours

FAULT = """
import sys, threading
import floorctl.cli.main, floorctl.__main__ as m
import floorctl.common.privacy as privacy

def check(text, field):
    number = text
    raise ValueError(f"{text} {number}")

privacy.check = check
if sys.argv[1] == "thread":
    floorctl.cli.main.main = lambda: [t := threading.Thread(target=check, args=(sys.argv[2], "")), t.start(), t.join()]
elif sys.argv[1] == "outside":
    floorctl.cli.main.main = lambda: check(sys.argv[2], "")
sys.argv = ["floorctl", *sys.argv[3:]]
m.main()
"""


@pytest.mark.parametrize("where", ["command", "thread", "outside"])
def test_a_fault_shows_its_kind_and_place_and_nothing_that_was_typed(tmp_path: Path, where: str) -> None:
    args = ["--db", str(tmp_path / "f.db"), "--now", "2026-09-14T10:00", "do", "memo.written", f"text={NUMBER}"]
    done = subprocess.run(
        [sys.executable, "-c", FAULT, where, NUMBER, *args],
        cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, encoding="utf-8", check=False,
    )  # fmt: skip
    said = done.stdout + done.stderr
    assert "予期しない不具合です（ValueError" in said
    assert len(said.strip().splitlines()) == 1
    assert done.returncode == (0 if where == "thread" else 1)
    assert NUMBER not in said
    assert "fact_checks.py:" in said or where != "command"
    assert not (tmp_path / "f.db").exists() or found_in(tmp_path, NUMBER) == []


# ---- the console


def test_the_console_refuses_it_and_leaves_nothing_on_the_terminal(tmp_path: Path) -> None:
    """A memo in a real terminal; what was refused is on the alternate screen while it is typed, and nowhere after."""
    with Console(tmp_path) as console:
        console.until("開場前の点検")
        console.press("m")
        console.until("個人情報は書きません")
        console.press("6214 9832 0257の人")
        console.quiet()  # in one read, Enter would be a barcode reader's
        console.press(chr(13))
        console.until("含まれています")
        console.press("\x1b")
        console.quiet()
        console.press("\x11")
        assert console.ended() == 0
    assert "6214" in console.seen.decode(errors="replace"), "nothing was typed: nothing is tested"
    assert "6214" not in console.after_the_screen()
    assert found_in(tmp_path, "6214 9832 0257") == []


@pytest.mark.parametrize("how", ["check", "worker"])
def test_a_console_that_dies_of_a_fault_says_one_sentence(tmp_path: Path, how: str) -> None:
    """No traceback (Textual's own would show the variables), nothing in any file, the terminal given back."""
    environment = {"TEXTUAL": "devtools,debug", "TEXTUAL_LOG": str(tmp_path / "keys.log")}
    with Console(tmp_path, fault=how, env=environment) as console:
        console.until("開場前の点検")
        console.press("m")
        console.until("個人情報は書きません")
        console.press(f"混雑の番号{NUMBER}" if how == "check" else "混雑")
        console.quiet()  # in one read, Enter would be a barcode reader's
        console.press(chr(13))
        if how == "worker":
            console.until("予期しない不具合")
            console.press("\x11")
        assert console.ended() == (1 if how == "check" else 0)
    after = console.after_the_screen()
    if how == "check":
        assert "予期しない不具合" in after
        assert len(after.strip().splitlines()) == 1
    for text in ("Traceback", NUMBER, "locals", "Error(", "混雑"):
        assert text not in after
    assert "Traceback" not in console.seen.decode(errors="replace")
    assert found_in(tmp_path, NUMBER) == []
    assert not (tmp_path / "keys.log").exists()


def test_every_field_of_the_console_is_the_one_that_cleans_what_is_pasted() -> None:
    """Free text comes in by dialogs.py alone: a new input of its own somewhere else must go through ``check`` as well."""
    made = {
        (path.name, node.func.id)
        for path in (ROOT / "floorctl").rglob("*.py")
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("Input", "TextArea", "MaskedInput", "TextField")
    }  # fmt: skip
    assert made == {("dialogs.py", "TextField"), ("help.py", "TextField")}  # the help's own field only searches
